"""The frozen values every stage speaks in; nothing here does I/O.

Times are aware datetimes in UTC, durations are seconds as floats, sizes are bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What sort of body runs the portal."""

    MINISTRY = "ministry"
    PROVINCE = "province"


class ProbeKind(StrEnum):
    """How a check looks at a portal."""

    HTTP = "http"
    TLS = "tls"
    BROWSER = "browser"


class Verdict(StrEnum):
    """What a slot came to. Only PORTAL_FAULT counts against a portal."""

    PASS = "pass"  # noqa: S105 - a verdict
    PORTAL_FAULT = "portal_fault"
    DEPENDENCY_FAULT = "dependency_fault"
    BLOCKED = "blocked"
    SCRIPT_DRIFT = "script_drift"
    ACCOUNT_FAULT = "account_fault"
    NOT_OFFERED = "not_offered"
    AGENT_FAULT = "agent_fault"
    MISSED = "missed"


class Cause(StrEnum):
    """What was seen to go wrong; in a failure before anyone is blamed, in a result with its verdict."""

    DNS = "dns"
    CONNECTION_REFUSED = "connection_refused"
    CONNECTION_RESET = "connection_reset"
    TIMEOUT = "timeout"
    CERT_EXPIRED = "cert_expired"
    CERT_WRONG_HOST = "cert_wrong_host"
    CERT_SELF_SIGNED = "cert_self_signed"
    CERT_UNTRUSTED = "cert_untrusted"
    TLS_HANDSHAKE = "tls_handshake"
    HTTP_STATUS = "http_status"
    MAINTENANCE_PAGE = "maintenance_page"
    ERROR_PAGE = "error_page"
    WRONG_PAGE = "wrong_page"
    CONTENT_MISSING = "content_missing"
    CONTROL_MISSING = "control_missing"
    FUNCTION_MISSING = "function_missing"
    FEATURE_LOST = "feature_lost"
    CAPTCHA = "captcha"
    QR = "qr"
    OTP = "otp"
    SIGNER_DECLINED = "signer_declined"
    WAF = "waf"
    CREDENTIALS_REFUSED = "credentials_refused"
    LOGIN_REQUEST_INVALID = "login_request_invalid"
    NO_SESSION = "no_session"
    STORE_LOST = "store_lost"
    STORE_CORRUPT = "store_corrupt"
    STORES_MIXED = "stores_mixed"
    SIGNING_FAILED = "signing_failed"
    SIGNATURE_INVALID = "signature_invalid"
    SIGNATURE_INDETERMINATE = "signature_indeterminate"
    PROTOCOL = "protocol"
    SERVICE_DOWN = "service_down"
    NETWORK = "network"
    BROWSER_GONE = "browser_gone"
    DRIVER_GONE = "driver_gone"
    RENDERER_CRASHED = "renderer_crashed"
    RESOURCES_SHORT = "resources_short"
    INTERNAL = "internal"
    KILLED = "killed"
    STOPPED = "stopped"
    CAPACITY = "capacity"


class Flag(StrEnum):
    """What a reader should know beside the verdict."""

    SLOW = "slow"
    FLAKY = "flaky"
    EXCUSED = "excused"


class StepStatus(StrEnum):
    """How one step of a journey ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


class Requirement(StrEnum):
    """The state of one observed requirement."""

    FULFILLED = "fulfilled"
    UNFULFILLED = "unfulfilled"
    UNMEASURED = "unmeasured"

    @classmethod
    def of(cls, kept: bool | None) -> "Requirement":
        """The state of a requirement that is kept or not; None is one that was not measured."""
        if kept is None:
            return cls.UNMEASURED
        return cls.FULFILLED if kept else cls.UNFULFILLED


class Holder(StrEnum):
    """For whom an account acts; the data stores of the two are apart."""

    PERSON = "person"
    ORGANISATION = "organisation"


class Deed(StrEnum):
    """What is journaled before it is done, since doing it twice may harm."""

    LOGIN = "login"
    PIN = "pin"
    SUBMISSION = "submission"


class Outcome(StrEnum):
    """What became of a deed."""

    DONE = "done"
    REFUSED = "refused"


class ItemKind(StrEnum):
    """What a journey may leave on a portal."""

    DOCUMENT = "document"
    DOSSIER = "dossier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A test account at the identity provider.

    ``pin`` confirms a remote signature; ``key`` is PKCS #12 for signing on this machine, opened by
    ``key_password``. What is empty the account doesn't have.
    """

    name: str
    holder: Holder
    username: str = field(repr=False)
    password: str = field(repr=False)
    pin: str = field(default="", repr=False)
    key: bytes = field(default=b"", repr=False)
    key_password: str = field(default="", repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must be seen nowhere else; the name is ours and no secret."""
        return tuple(filter(None, (self.username, self.password, self.pin, self.key_password)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something a journey creates on a portal, known by ``mark``, a name of ours that no one else would use."""

    portal: str
    account: str
    kind: ItemKind
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A deed that a run set out to do; ``outcome`` None: nobody knows. Not ``allowed``: it never began."""

    deed: Deed
    outcome: Outcome | None = None
    allowed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A deed as it was journaled before it was done."""

    run_id: str
    account: str
    deed: Deed
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Why an account may not be used, since when; ``fingerprint`` tells the refused credentials from others."""

    account: str
    since: datetime
    reason: str
    fingerprint: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """An item that may still be on its portal; ``tries`` counts how often it was looked for in vain."""

    item: Item
    run_id: str
    since: datetime
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalDebt:
    """How many items a portal is owed the removal of; ``oldest`` None: none any more."""

    portal: str
    items: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """One body's site. ``base_url`` is an https origin without a trailing slash.

    ``features`` are the functions it is known to have; ``submits`` says that test dossiers may be handed in.
    """

    id: str
    kind: Kind
    platform: str
    name_vi: str
    name_en: str
    base_url: str
    features: frozenset[str] = frozenset()
    submits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """The time-out ladder, in seconds: step < journey < run < interval."""

    step: float
    journey: float
    run: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionRule:
    """What a journey's or probe's option may hold: ``pattern`` matches the whole value, ``rule`` says it in words."""

    pattern: str = r"\S.*"
    rule: str = "must not be empty"
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCheck:
    """What a plan revision keeps of a check: enough to name its slots for ever.

    The slots are every instant ``t`` with ``t = offset (mod interval)``, counted from the Unix epoch.
    """

    portal: str
    kind: Kind
    platform: str
    journey: str
    interval: timedelta
    offset: timedelta

    @property
    def id(self) -> str:
        """``portal/journey``, unique within a revision."""
        return f"{self.portal}/{self.journey}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A journey or probe of one portal on a schedule.

    ``slow_after`` is the objective of the journey's duration in seconds.
    """

    plan: PlannedCheck
    portal: Portal
    probe: ProbeKind
    timeouts: Timeouts
    slow_after: float
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The id of the plan's check."""
        return self.plan.id

    @property
    def journey(self) -> str:
        """The journey's name."""
        return self.plan.journey


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A planned start of a check."""

    check: PlannedCheck
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """The plan as it stood from ``effective_from`` to ``effective_to`` (None: still in force)."""

    effective_from: datetime
    effective_to: datetime | None
    location: str
    checks: tuple[PlannedCheck, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One life of the agent: ``seen`` is its last sign, ``stopped`` is None when it was killed or still runs."""

    started: datetime
    seen: datetime
    stopped: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """An announced maintenance window; ``portals`` empty means all of them."""

    portals: frozenset[str]
    starts: datetime
    ends: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """One slot to run; after ``expires`` it is no longer worth running."""

    run_id: str
    check: Check
    slot: datetime
    location: str
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a run. ``landmark`` is what proved the page to be the right one."""

    name: str
    status: StepStatus
    duration_s: float
    landmark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A file kept from a run; ``path`` is relative to the data directory."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a check noticed beside its verdict.

    ``rule`` is its name, ``weight`` how much it matters in the words of who found it, ``text`` says it in a line,
    ``place`` is the page or address, ``count`` how often it is there. An empty ``requirement`` concerns none.
    """

    requirement: str
    rule: str
    weight: str
    text: str
    place: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTiming:
    """One request of a page: phases in seconds from ``start``, which counts from the run's start.

    A phase that the browser did not report is ``None``, never zero.
    """

    url: str
    type: str
    step: str
    start: float
    dns: float | None
    connect: float | None
    tls: float | None
    first_byte: float | None
    transfer: float | None
    size: int | None
    status: int | None
    failed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What went wrong in a step, as seen, and what the verdict needs to know around it.

    ``landmark`` is the landmark found on the page (empty: not there), ``alternative`` says that a
    fallback locator matched, ``requests_failed`` that the page had an HTTP error or a failed request.
    ``service`` is the shared service to which a request failed, ``relies_on`` are those that the portal itself
    talks to in this step.
    """

    cause: Cause
    step: str
    detail: str
    landmark: str = ""
    alternative: bool = False
    requests_failed: bool = False
    service: str = ""
    relies_on: tuple[str, ...] = ()
    function: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What one attempt of a run saw. ``failure`` is None when every step passed."""

    started: datetime
    duration_s: float
    steps: tuple[Step, ...] = ()
    failure: Failure | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    requirements: Mapping[str, Requirement] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    requests: tuple[RequestTiming, ...] = ()
    console: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A verdict with its cause, and the shared service that is to blame, if one is."""

    verdict: Verdict
    cause: Cause | None = None
    dependency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one slot came to; exactly one is kept per ``run_id``.

    A passed run's ``cause`` is empty, or what its first attempt failed on when it is flagged flaky.
    ``withheld`` counts the files of evidence that could not be kept without a secret.
    """

    run_id: str
    portal: str
    kind: Kind
    platform: str
    journey: str
    location: str
    slot: datetime
    started: datetime | None
    duration_s: float
    verdict: Verdict
    cause: Cause | None = None
    flags: frozenset[Flag] = frozenset()
    dependency: str = ""
    failing_step: str = ""
    detail: str = ""
    attempts: int = 0
    interval_s: float = 0.0
    steps: tuple[Step, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)
    requirements: Mapping[str, Requirement] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    withheld: int = 0
    requests: tuple[RequestTiming, ...] = ()
    console: tuple[str, ...] = ()

    @property
    def measured(self) -> bool:
        """Whether a run stands behind the verdict."""
        return self.verdict is not Verdict.MISSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many slots of a check in one hour came to a verdict."""

    check_id: str
    hour: datetime
    verdict: Verdict
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One figure a part tells about itself; its name is in the metric catalogue."""

    name: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)
