"""An attended log-in, from the screen to the data directory."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from agent.app.byhand import require_known
from agent.app.parts import session_store, window
from agent.clock import Clock
from agent.config import Config, checks
from agent.errors import PortalwatchError
from agent.guard.sessions import expiry
from agent.model import Portal
from probes import PLATFORMS
from probes.browser.attended import attend
from probes.platforms.base import Platform

WITHIN_S = 600.0
"""How long a person may take; ours."""


def require_screen(environ: Mapping[str, str]) -> None:
    """Refuse to go on where no window can be shown.

    Raises:
        PortalwatchError: no display is named.
    """
    if not environ.get("DISPLAY") and not environ.get("WAYLAND_DISPLAY"):
        raise PortalwatchError(
            "session login opens a window, and neither DISPLAY nor WAYLAND_DISPLAY is set: run it on a desktop or "
            "through ssh -X, and copy the data directory's folder sessions to the agent"
        )


async def log_in(
    config: Config, portal: str, *, headed: bool = True, platforms: Mapping[str, Platform] = PLATFORMS
) -> datetime:
    """Let a person log in at a portal and keep it; returns until when it is trusted.

    Raises:
        PortalwatchError: log-ins are not configured, the portal is not visited, or nobody logged in.
    """
    settings, store = config.agent.sessions, session_store(config)
    if settings is None or store is None:
        raise PortalwatchError("agent.yaml: sessions: must be configured to keep a log-in")
    visited = _visited(config, portal)
    async with window(config, config.agent.data_dir / "run" / f"session-{uuid4().hex}", headed=headed) as pool:
        state = await attend(pool, visited, platforms[visited.platform], within=WITHIN_S)
    expires = expiry(state, Clock().now(), settings.max_age)
    store.save(portal, state, expires)
    return expires


def _visited(config: Config, name: str) -> Portal:
    require_known("--portal", "portal", name, {entry.id for entry in config.portals})
    portals = {check.portal.id: check.portal for check in checks(config)}
    if name not in portals:
        raise PortalwatchError(f"--portal: {name} is not visited; enable the portal, select it in journeys.yaml")
    return portals[name]
