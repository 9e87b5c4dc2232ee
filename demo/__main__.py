"""``python -m demo``: starts the portals, says on one line where they are, and ends on a signal."""

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web

from agent.clock import Clock
from agent.errors import PortalwatchError
from demo.board import SERVICES
from demo.control import control_app
from demo.estate import Estate
from demo.families import FAMILIES
from demo.listener import Listener
from demo.options import Options, parse
from demo.people import Citizen
from demo.pki import Authority
from demo.portals import choose, load_portals, ranked
from demo.ready import HOLDER, ISSUER, Account, Ready
from demo.signing import Signer, SigningPki
from demo.signing.plan import NATIONAL
from demo.site import require_server
from demo.sockets import LOOPBACK, Claim, claim_block, release_all

_LOG = logging.getLogger("demo")
_USAGE = 2
_CHUNK = 4096


def main() -> int:
    """Run until told to stop; 2 when the arguments or the portals can't be used."""
    options = parse(sys.argv[1:])
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(name)s: %(message)s")
    try:
        with _directory(options) as directory:
            asyncio.run(_run(options, directory))
    except PortalwatchError as error:
        sys.stderr.write(f"python -m demo: {error}\n")
        return _USAGE
    except OSError as error:
        sys.stderr.write(f"python -m demo: {error}\n")
        return 1
    return 0


async def _run(options: Options, directory: Path) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    if options.stdin_guard:
        _watch_stdin(loop, stop)
    async with _serving(options, directory) as ready:
        sys.stdout.write(f"{ready.to_line()}\n")
        sys.stdout.flush()
        _LOG.info("%d portals, seed %d, control %s", len(ready.portals), ready.seed, ready.control)
        await stop.wait()


@asynccontextmanager
async def _serving(options: Options, directory: Path) -> AsyncIterator[Ready]:
    known = load_portals(options.portals_file, FAMILIES)
    portals = choose(known, options.portals)
    clock = Clock()
    authority = Authority.make(clock.now())
    async with AsyncExitStack() as stack:
        *ports, control = claim_block(len(portals) + len(SERVICES) + 2, options.base_port)
        stack.callback(release_all, [*ports, control])
        estate = Estate(ranked(portals, known), ports, authority, seed=options.seed, clock=clock)
        for target, fault in options.faults:
            estate.board.put(target, fault)
        stack.push_async_callback(estate.stop)
        await estate.start()
        await stack.enter_async_context(_controlled(estate, control))
        yield Ready(
            control=f"http://{LOOPBACK}:{control.port}",
            control_target=estate.target_url,
            ca=_write_root(authority, directory),
            seed=options.seed,
            portals=[replace(one, features=estate.functions_of(one.id)) for one in estate.portals],
            services=estate.addresses,
            accounts=[_account(one, estate.pki, directory) for one in estate.people],
            roots=_write_roots(estate.pki, directory),
        )


@asynccontextmanager
async def _controlled(estate: Estate, claim: Claim) -> AsyncIterator[None]:
    runner = web.AppRunner(control_app(estate), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    listener = Listener(claim, require_server(runner))
    listener.open(None)
    try:
        yield
    finally:
        await listener.close()
        await runner.cleanup()


@contextmanager
def _directory(options: Options) -> Iterator[Path]:
    if options.directory is not None:
        options.directory.mkdir(parents=True, exist_ok=True)
        yield options.directory.resolve()
        return
    with TemporaryDirectory(prefix="portalwatch-demo-") as made:
        yield Path(made)


def _account(citizen: Citizen, pki: SigningPki, directory: Path) -> Account:
    path, password = directory / "keys" / f"{citizen.holder}.p12", secrets.token_urlsafe(12)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(pki.pkcs12(Signer(citizen.holder.value), password))
    return Account(
        holder=citizen.holder.value,
        username=citizen.number,
        password=citizen.password,
        pin=citizen.pin,
        key=str(path),
        key_password=password,
    )


def _write_roots(pki: SigningPki, directory: Path) -> dict[str, Path]:
    roots = {"national": pki.national_root, "government": pki.government_root}
    asked_about = {ISSUER: pki.pem(NATIONAL.issuer), HOLDER: pki.pem(Signer.PERSON)}
    for name, pem in {**roots, **asked_about}.items():
        (directory / "ca" / f"{name}.pem").write_bytes(pem)
    return {name: directory / "ca" / f"{name}.pem" for name in roots}


def _write_root(authority: Authority, directory: Path) -> Path:
    path = directory / "ca" / "root.pem"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(authority.root_pem)
    return path


def _watch_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(sys.stdin.fileno(), _CHUNK):
                pass
        with contextlib.suppress(RuntimeError):  # the loop may be gone already
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait, daemon=True, name="stdin-guard").start()


if __name__ == "__main__":
    sys.exit(main())
