"""``python -m agent.cli``: the same as ``portalwatch``."""

from agent.cli import main

main()
