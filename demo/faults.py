"""Every fault the demo can play, each with a healthy near-miss that only looks like it."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType

from agent.errors import PortalwatchError

NEAR = "near-"


class Layer(StrEnum):
    """Where a fault is played."""

    SOCKET = "socket"
    """The listening socket: whether and when it accepts."""
    TLS = "tls"
    """The certificate or the protocol; a change drops the open connections."""
    GATE = "gate"
    """Before the pages: status, waiting time, headers."""
    PAGE = "page"
    """What the pages show."""
    OFFICE = "office"
    """What becomes of those who log in, and of what they hand over."""


class Fault(StrEnum):
    """What a portal can suffer from; its value is what stands in ``--fault PORTAL=…``."""

    DOWN = "down"
    HTTP500 = "http500"
    HANG = "hang"
    ERROR_PAGE_200 = "error-page-200"
    SLOW = "slow"
    CAPTCHA = "captcha"
    DRIFT = "drift"
    MAINTENANCE = "maintenance"
    FLICKER = "flicker"
    CERT_EXPIRED = "cert-expired"
    CERT_WRONG_HOST = "cert-wrong-host"
    CERT_SELF_SIGNED = "cert-self-signed"
    NO_HSTS = "no-hsts"
    WEAK_TLS = "weak-tls"
    LOGIN_BROKEN = "login-broken"
    BAD_PASSWORD = "bad-password"  # noqa: S105 - a fault
    QR = "qr"
    OTP = "otp"
    STORE_ABSENT = "store-absent"
    STORE_LOST = "store-lost"
    STORE_CORRUPT = "store-corrupt"
    SIGN_TAMPERED = "sign-tampered"
    SIGN_EXPIRED = "sign-expired"
    SIGN_UNKNOWN_CA = "sign-unknown-ca"
    SIGN_REJECTED = "sign-rejected"
    SIGN_TIMEOUT = "sign-timeout"
    SIGN_GONE = "sign-gone"
    SIGN_ABSENT = "sign-absent"
    INACCESSIBLE = "inaccessible"
    INSECURE_COOKIE = "insecure-cookie"
    MIXED_CONTENT = "mixed-content"

    NEAR_DOWN = "near-down"
    NEAR_HTTP500 = "near-http500"
    NEAR_HANG = "near-hang"
    NEAR_ERROR_PAGE_200 = "near-error-page-200"
    NEAR_SLOW = "near-slow"
    NEAR_CAPTCHA = "near-captcha"
    NEAR_DRIFT = "near-drift"
    NEAR_MAINTENANCE = "near-maintenance"
    NEAR_FLICKER = "near-flicker"
    NEAR_CERT_EXPIRED = "near-cert-expired"
    NEAR_CERT_WRONG_HOST = "near-cert-wrong-host"
    NEAR_CERT_SELF_SIGNED = "near-cert-self-signed"
    NEAR_NO_HSTS = "near-no-hsts"
    NEAR_WEAK_TLS = "near-weak-tls"
    NEAR_LOGIN_BROKEN = "near-login-broken"
    NEAR_BAD_PASSWORD = "near-bad-password"  # noqa: S105 - a fault
    NEAR_QR = "near-qr"
    NEAR_OTP = "near-otp"
    NEAR_STORE_ABSENT = "near-store-absent"
    NEAR_STORE_LOST = "near-store-lost"
    NEAR_STORE_CORRUPT = "near-store-corrupt"
    NEAR_SIGN_TAMPERED = "near-sign-tampered"
    NEAR_SIGN_EXPIRED = "near-sign-expired"
    NEAR_SIGN_UNKNOWN_CA = "near-sign-unknown-ca"
    NEAR_SIGN_REJECTED = "near-sign-rejected"
    NEAR_SIGN_TIMEOUT = "near-sign-timeout"
    NEAR_SIGN_GONE = "near-sign-gone"
    NEAR_SIGN_ABSENT = "near-sign-absent"
    NEAR_INACCESSIBLE = "near-inaccessible"
    NEAR_INSECURE_COOKIE = "near-insecure-cookie"
    NEAR_MIXED_CONTENT = "near-mixed-content"

    @property
    def healthy(self) -> bool:
        """Whether this is a near-miss: the portal works and must pass."""
        return self.startswith(NEAR)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the catalogue: the layer, what the fault does and what its near-miss does."""

    layer: Layer
    fault: str
    near_miss: str


CATALOGUE: Mapping[Fault, Entry] = MappingProxyType(
    {
        Fault.DOWN: Entry(Layer.SOCKET, "connections are refused", "connections are accepted a second late"),
        Fault.HTTP500: Entry(Layer.GATE, "every page answers 500", "a decorative resource answers 500"),
        Fault.HANG: Entry(Layer.GATE, "accepts and never answers", "a decorative resource takes 20 s"),
        Fault.ERROR_PAGE_200: Entry(
            Layer.GATE,
            "an error page comes with status 200",
            "a banner and a news title full of words of failure on healthy pages",
        ),
        Fault.SLOW: Entry(Layer.GATE, "5 s on every page and API document", "1 s on every page and API document"),
        Fault.CAPTCHA: Entry(
            Layer.PAGE,
            "a challenge stands before search results",
            "a feedback form in the footer has one, search doesn't",
        ),
        Fault.DRIFT: Entry(
            Layer.PAGE,
            "labels and ids of search and of the procedure page are renamed",
            "either the labels or the ids are renamed",
        ),
        Fault.MAINTENANCE: Entry(Layer.GATE, "a notice with 503 and Retry-After", "a banner announces work next week"),
        Fault.FLICKER: Entry(
            Layer.GATE,
            "one page answers 502, then all work; again after 30 s",
            "one decorative request answers 502; again after 30 s",
        ),
        Fault.CERT_EXPIRED: Entry(Layer.TLS, "the certificate has expired", "the certificate expires in two days"),
        Fault.CERT_WRONG_HOST: Entry(
            Layer.TLS,
            "the certificate is another host's",
            "the subject is another host's, the alternative names are right",
        ),
        Fault.CERT_SELF_SIGNED: Entry(
            Layer.TLS,
            "the certificate signs itself",
            "the chain also carries the root and a stray intermediate",
        ),
        Fault.NO_HSTS: Entry(Layer.GATE, "no HSTS header", "HSTS of exactly half a year, without subdomains"),
        Fault.LOGIN_BROKEN: Entry(
            Layer.OFFICE, "a good log-in gives no session", "a good log-in gives a session a second late"
        ),
        Fault.BAD_PASSWORD: Entry(
            Layer.OFFICE, "the identity provider refuses our account", "the log-in page warns of wrong passwords"
        ),
        Fault.QR: Entry(Layer.OFFICE, "log-in asks for a QR code", "log-in offers a QR code beside the password"),
        Fault.OTP: Entry(Layer.OFFICE, "log-in asks for a code by phone", "the log-in page speaks of codes by phone"),
        Fault.STORE_ABSENT: Entry(
            Layer.OFFICE, "there is no data store and no link to one", "the data store's link has another name"
        ),
        Fault.STORE_LOST: Entry(Layer.OFFICE, "a stored file is not listed", "a stored file is listed a second late"),
        Fault.STORE_CORRUPT: Entry(
            Layer.OFFICE, "a stored file comes back with other bytes", "a stored file comes back with another name"
        ),
        Fault.SIGN_TAMPERED: Entry(
            Layer.OFFICE, "a PDF is altered after it was signed", "the portal adds a signature of its own"
        ),
        Fault.SIGN_EXPIRED: Entry(
            Layer.OFFICE, "the signer's certificate had expired", "the signature carries proof for later years"
        ),
        Fault.SIGN_UNKNOWN_CA: Entry(
            Layer.OFFICE, "the signer is under a root that nobody trusts", "the signer is under the government's root"
        ),
        Fault.SIGN_REJECTED: Entry(
            Layer.OFFICE, "the signer rejects on the phone", "the signing desk tells how one can reject"
        ),
        Fault.SIGN_TIMEOUT: Entry(
            Layer.OFFICE, "nobody confirms on the phone", "the signer confirms after some seconds"
        ),
        Fault.SIGN_GONE: Entry(
            Layer.OFFICE, "signing is gone, though it is known to be offered", "the way to signing has another name"
        ),
        Fault.SIGN_ABSENT: Entry(
            Layer.OFFICE, "signing is not offered and was never known to be", "only one way to sign is offered"
        ),
        Fault.WEAK_TLS: Entry(Layer.TLS, "TLS 1.0 and 1.1 are accepted too", "only TLS 1.2 with strong ciphers"),
        Fault.INACCESSIBLE: Entry(
            Layer.PAGE,
            "a picture without a text, a pale line and a box without a label on every page",
            "a skipped level and an empty heading, which trouble few",
        ),
        Fault.INSECURE_COOKIE: Entry(
            Layer.GATE,
            "the session's cookie is open to scripts and to http",
            "a cookie that remembers a preference is open to scripts",
        ),
        Fault.MIXED_CONTENT: Entry(
            Layer.PAGE,
            "each page loads a picture and a script over http",
            "each page links to a page over http",
        ),
    }
)


FUNCTIONS = frozenset({"application", "data-store", "e-signature"})
"""What every portal offers unless a fault takes it away."""

ABSENT: Mapping[Fault, str] = MappingProxyType({Fault.STORE_ABSENT: "data-store", Fault.SIGN_ABSENT: "e-signature"})
"""Faults that are a function's absence: where one is placed from the start, the portal was never known to have it."""


class UnknownNameError(PortalwatchError):
    """A target or fault that isn't there, with the nearest one that is."""

    def __init__(self, what: str, given: str, known: tuple[str, ...]) -> None:
        near = get_close_matches(given.casefold(), known, n=1, cutoff=0.5)
        hint = f", did you mean {near[0]!r}?" if near else f", known are {', '.join(known)}"
        super().__init__(f"{what} {given!r} is unknown{hint}")


def layer_of(fault: Fault) -> Layer:
    """Where ``fault``, or the near-miss of a fault, is played."""
    return CATALOGUE[Fault(fault.removeprefix(NEAR))].layer


def parse_fault(text: str) -> Fault:
    """The fault named ``text``; raises :class:`UnknownNameError`."""
    try:
        return Fault(text)
    except ValueError:
        raise UnknownNameError("fault", text, tuple(fault.value for fault in Fault)) from None
