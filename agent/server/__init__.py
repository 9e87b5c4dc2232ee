"""What the agent serves over HTTP: figures, health, the status page and its JSON API."""

from agent.server.access import Key
from agent.server.app import create_app
from agent.server.serving import Certificate, serve
from agent.server.site import Site

__all__ = ["Certificate", "Key", "Site", "create_app", "serve"]
