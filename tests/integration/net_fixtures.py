"""A tiny certificate authority and servers that behave, or misbehave, on real sockets."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from agent.model import Attempt, Check, Kind, PlannedCheck, Portal, ProbeKind, Timeouts
from agent.ports import Prober
from tests.factories import Harmless

HOST = "portal.localhost"
SLAM = b"\x01\0\0\0\0\0\0\0"  # struct linger: on, 0 s; closing then sends RST
Handler = Callable[[socket.socket, "Server"], None]


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


@dataclass(frozen=True, slots=True)
class Holder:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        """The certificate as PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The key as PEM."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def certify(
    common: str,
    *,
    issuer: Holder | None = None,
    names: Sequence[str] = (),
    authority: bool = False,
    starts: timedelta = timedelta(days=-30),
    ends: timedelta = timedelta(days=365),
) -> Holder:
    """A certificate of ``issuer``, or a self-signed one; ``starts`` and ``ends`` count from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    signer = issuer.key if issuer else key
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(common))
        .issuer_name(issuer.certificate.subject if issuer else _name(common))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + starts)
        .not_valid_after(now + ends)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(_usage(authority=authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), critical=False)
    if not authority:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        builder = builder.add_extension(usage, critical=False)
    return Holder(builder.sign(signer, hashes.SHA256()), key)


@dataclass(frozen=True, slots=True)
class Authority:
    """A root, its intermediate, and the folder their files go to."""

    folder: Path
    root: Holder
    intermediate: Holder

    @property
    def store(self) -> Path:
        """The file that a client is told to trust."""
        return self.folder / "root.pem"

    def leaf(self, common: str = HOST, *, names: Sequence[str] = (HOST,), **dates: timedelta) -> Holder:
        """A server's certificate, issued by the intermediate."""
        return certify(common, issuer=self.intermediate, names=names, **dates)


def make_authority(folder: Path) -> Authority:
    """A fresh authority whose root is written to ``root.pem``."""
    root = certify("Test Root", authority=True)
    authority = Authority(folder, root, certify("Test Intermediate", issuer=root, authority=True))
    authority.store.write_bytes(root.pem)
    return authority


def context(folder: Path, leaf: Holder, *chain: Holder) -> ssl.SSLContext:
    """A server's TLS context that serves ``leaf`` and then ``chain``."""
    file = folder / f"{leaf.certificate.serial_number:x}.pem"
    file.write_bytes(leaf.key_pem + leaf.pem + b"".join(holder.pem for holder in chain))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(file)
    return tls


@dataclass(slots=True)
class Server:
    """A listening socket on loopback with a thread per connection."""

    listener: socket.socket
    handler: Handler
    tls: ssl.SSLContext | None
    over: threading.Event = field(default_factory=threading.Event)
    requests: list[bytes] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.listener.getsockname()[1])

    def url(self, path: str = "", host: str = HOST) -> str:
        """A URL of this server, under a name of loopback."""
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"

    def accept(self) -> None:
        """Take connections until it is over."""
        while not self.over.is_set():
            try:
                peer, _ = self.listener.accept()
            except TimeoutError:
                continue
            peer.settimeout(20)
            thread = threading.Thread(target=self.talk, args=(peer,))
            thread.start()
            self.threads.append(thread)

    def talk(self, peer: socket.socket) -> None:
        """Serve one connection; a client that leaves is no error."""
        with peer, suppress(OSError):
            if self.tls is None:
                self.handler(peer, self)
                return
            with self.tls.wrap_socket(peer, server_side=True) as wrapped:
                self.handler(wrapped, self)


@contextmanager
def serve(handler: Handler, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Serve until the block ends; no socket or thread is left behind."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        server = Server(listener, handler, tls)
        thread = threading.Thread(target=server.accept)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            for each in (thread, *server.threads):
                each.join()


def read_request(peer: socket.socket, server: Server) -> bytes:
    """One request's head, also kept in ``server.requests``."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = peer.recv(65_536)
        if not piece:
            raise ConnectionResetError
        head += piece
    server.requests.append(head)
    return head


def answer(
    body: bytes | str = b"", *, status: str = "200 OK", kind: str = "text/html; charset=utf-8", headers: str = ""
) -> Handler:
    """A handler that gives one complete answer."""
    raw = body.encode() if isinstance(body, str) else body

    def handle(peer: socket.socket, server: Server) -> None:
        read_request(peer, server)
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(raw)}\r\nConnection: close\r\n"
        peer.sendall(head.encode() + headers.encode() + b"\r\n" + raw)

    return handle


def raw_answer(payload: bytes) -> Handler:
    """A handler that sends exactly these bytes and closes."""

    def handle(peer: socket.socket, server: Server) -> None:
        read_request(peer, server)
        peer.sendall(payload)

    return handle


def hang(peer: socket.socket, server: Server) -> None:
    """Read the request and never answer."""
    read_request(peer, server)
    server.over.wait(20)


def silent(_peer: socket.socket, server: Server) -> None:
    """Accept and say nothing, not even TLS."""
    server.over.wait(20)


def reset(peer: socket.socket, _server: Server) -> None:
    """Take the client's first bytes, then slam the door (RST)."""
    peer.recv(16)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, SLAM)


@contextmanager
def refused() -> Iterator[int]:
    """A port that is bound, so that nobody else takes it, and not listening, so that it refuses."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


def check_of(base_url: str, *, step: float = 5, journey: float = 10, **options: str) -> Check:
    """A check of a portal at ``base_url``."""
    plan = PlannedCheck(
        portal="an-giang",
        kind=Kind.PROVINCE,
        platform="formio",
        journey="http",
        interval=timedelta(minutes=1),
        offset=timedelta(0),
    )
    portal = Portal(
        id="an-giang", kind=Kind.PROVINCE, platform="formio", name_vi="An Giang", name_en="An Giang", base_url=base_url
    )
    limits = Timeouts(step=step, journey=journey, run=journey + 5)
    return Check(plan=plan, portal=portal, probe=ProbeKind.HTTP, timeouts=limits, slow_after=1, options=options)


async def attempt(prober: Prober, check: Check) -> Attempt:
    """One attempt; these probes keep no files, so the folder is never made."""
    return await prober.attempt(check, folder=Path("never-made"), traced=False, safeguards=Harmless())
