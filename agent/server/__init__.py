"""What the agent serves over HTTP: its figures, whether it lives, whether it is ready."""

from agent.server.app import create_app
from agent.server.serving import serve

__all__ = ["create_app", "serve"]
