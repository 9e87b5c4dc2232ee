"""Takes a file that a portal gives back."""

import base64
from dataclasses import dataclass, field

from playwright.async_api import Locator

from agent.model import Cause
from probes.browser.saw import SawError
from probes.browser.stage import Stage

LARGEST = 25 * 2**20
OK = 200

# The browser is told to refuse downloads, since a hostile page could fill the disk with them: the page fetches for us.
READ = """async ([url, most]) => {
  const reply = await fetch(url, {credentials: "include"});
  if (!reply.ok) return {status: reply.status};
  const bytes = new Uint8Array(await reply.arrayBuffer());
  if (bytes.length > most) return {status: 413};
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return {status: 200, type: reply.headers.get("content-type") || "", data: btoa(text)};
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A document that came back; ``type`` is the media type it was served with."""

    type: str
    data: bytes = field(repr=False)


async def fetch_by(stage: Stage, link: Locator) -> Fetched:
    """The file behind a link or button; one that is larger than 25 MiB is not taken."""
    async with stage.page.expect_event("download", timeout=stage.left_ms()) as coming:
        await link.click(no_wait_after=True, timeout=stage.left_ms())
    download = await coming.value
    got = await stage.page.evaluate(READ, [download.url, LARGEST])
    if got["status"] != OK:
        raise SawError(Cause.HTTP_STATUS, f"fetching the file: status {got['status']}")
    return Fetched(type=got["type"].partition(";")[0].strip(), data=base64.b64decode(got["data"]))
