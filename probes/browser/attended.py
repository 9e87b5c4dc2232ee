"""A log-in by a person: we open the page, they do what only a person can, we keep what the browser then holds."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Error, Page

from agent.errors import PortalwatchError
from agent.model import Portal
from probes.browser.listen import Listener
from probes.browser.pool import Pool
from probes.browser.saw import SawError, brief
from probes.browser.stage import Landmark, Stage
from probes.platforms.base import Attended, Platform

LOOK_EVERY_S = 0.25
OPEN_WITHIN_S = 60.0


async def attend(pool: Pool, portal: Portal, platform: Platform, *, within: float) -> Mapping[str, Any]:
    """The storage state of a browser in which a person has logged in, within so many seconds.

    The person is in when the family's landmark for that is there, or when they close the window.

    Raises:
        PortalwatchError: the page didn't open, nobody logged in in time, or the window was closed with nothing in it.
    """
    try:
        async with pool.context() as context:
            page = await context.new_page()
            landmark = await _opened(page, portal, platform)
            state = await _in_time(context, landmark, within)
    except (Error, SawError) as error:
        raise PortalwatchError(f"{portal.id}: {brief(error)}") from error
    except TimeoutError as error:
        raise PortalwatchError(f"{portal.id}: the browser doesn't answer") from error
    if state is None:
        raise PortalwatchError(f"{portal.id}: nobody logged in within {within:g} s")
    if not state.get("cookies") and not state.get("origins"):
        raise PortalwatchError(f"{portal.id}: the window was closed before anybody logged in")
    return state


async def _opened(page: Page, portal: Portal, platform: Platform) -> Landmark | None:
    listener = Listener(portal_host=urlsplit(portal.base_url).hostname or "", hosts={})
    listener.attach(page.context)
    stage = Stage(page=page, base_url=portal.base_url, limit=OPEN_WITHIN_S, listener=listener)
    stage.begin_step()
    pages = platform(stage)
    if isinstance(pages, Attended):
        await pages.open_login()
        return pages.signed_in
    await stage.open("/")
    return None


async def _in_time(context: BrowserContext, landmark: Landmark | None, within: float) -> Mapping[str, Any] | None:
    try:
        async with asyncio.timeout(within):
            return await _waited(context, landmark)
    except TimeoutError:
        return None


async def _waited(context: BrowserContext, landmark: Landmark | None) -> Mapping[str, Any]:
    state: Mapping[str, Any] = {}
    while context.pages:
        try:
            seen = landmark is not None and await _is_in(context, landmark)
            state = {**await context.storage_state()}
        except Error:
            # A page that was closed or went on under our eyes; a browser that is gone has no pages.
            seen = False
        if seen:
            break
        await asyncio.sleep(LOOK_EVERY_S)
    return state


async def _is_in(context: BrowserContext, landmark: Landmark) -> bool:
    for page in context.pages:
        there = landmark.path.search(urlsplit(page.url).path)
        if there and await landmark.find(page).filter(visible=True).first.is_visible():
            return True
    return False
