"""One line a person can read about why a portal could not be reached."""

from agent.model import Cause, Failure
from probes.net.text import one_line
from probes.net.urls import redacted

_WAYS = {
    Cause.DNS: "name does not resolve",
    Cause.CONNECTION_REFUSED: "connection refused",
    Cause.CONNECTION_RESET: "connection broke off",
    Cause.TIMEOUT: "no answer in time",
    Cause.CERT_EXPIRED: "certificate out of date",
    Cause.CERT_WRONG_HOST: "certificate is for another host",
    Cause.CERT_SELF_SIGNED: "certificate is self-signed",
    Cause.CERT_UNTRUSTED: "certificate chain leads to no trusted root",
    Cause.TLS_HANDSHAKE: "TLS handshake failed",
    Cause.PROTOCOL: "answer is not proper HTTP",
    Cause.RESOURCES_SHORT: "this process is out of files, memory or threads",
}


_TOLD = frozenset({Cause.TLS_HANDSHAKE, Cause.PROTOCOL})


def broken(cause: Cause, step: str, url: str, said: str) -> Failure:
    """The failure of ``step``; ``said`` is a library's own sentence, shown where ours alone says too little."""
    way = _WAYS.get(cause, said)
    told = f" ({said})" if cause in _TOLD and said else ""
    return Failure(cause=cause, step=step, detail=one_line(f"{way}: {redacted(url)}{told}"))
