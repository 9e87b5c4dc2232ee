"""What agent.yaml may say. Every default is this project's own; the shipped file repeats it with its reason."""

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from agent.config.fields import (
    Contact,
    Duration,
    FilePath,
    Host,
    Moment,
    Slug,
    Strict,
    Text,
    Url,
    Variable,
    at_least,
    refuse,
)
from agent.config.services import Control, Service, Signatures
from agent.model import Holder

Count = Annotated[int, Field(ge=1, le=256)]


class LogFormat(StrEnum):
    """How log lines are written."""

    JSON = "json"
    CONSOLE = "console"


class LogLevel(StrEnum):
    """The least a log line must matter."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Operator(Strict):
    """Who runs the agent; ``contact`` goes into the user agent."""

    contact: Contact | None = None


class Schedule(Strict):
    """Where slots lie: spread over ``spread`` (None: each check's interval) after ``anchor`` (None: the epoch)."""

    spread: Duration | None = None
    anchor: Moment | None = None


class Workers(Strict):
    """How many runs go on at once, by lane."""

    browser: Count = 2
    http: Count = 4


class RateCap(Strict):
    """``per_host`` is starts of runs per second."""

    per_host: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)] = 4.0


class Browser(Strict):
    """Which browser (``executable`` None: the first Chromium found), and when it is replaced, whichever comes first."""

    executable: FilePath | None = None
    recycle_after: Annotated[Duration, at_least("1m")] = timedelta(hours=1)
    recycle_runs: Annotated[int, Field(ge=1)] = 500
    recycle_mib: Annotated[int, Field(ge=200)] = 1500


class Journal(Strict):
    """How long results, and the details of their runs, are kept."""

    keep: Annotated[Duration, at_least("1d")] = timedelta(days=400)
    keep_details: Annotated[Duration, at_least("1h")] = timedelta(days=14)


class EvidenceRules(Strict):
    """How long files of failed runs are kept, and how much of them in all."""

    keep: Annotated[Duration, at_least("1h")] = timedelta(days=30)
    keep_mib: Annotated[int, Field(ge=10)] = 2000


class Resources(Strict):
    """The least free space in the data directory, and the least memory, that a run begins with."""

    disk_mib: Annotated[int, Field(ge=0)] = 100
    memory_mib: Annotated[int, Field(ge=0)] = 200


class Auth(Strict):
    """Who may read: whoever has the token, or one name with its password."""

    token_env: Variable | None = None
    username: Text | None = None
    password_env: Variable | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        token, name, password = self.token_env is not None, self.username is not None, self.password_env is not None
        if (token, name, password) not in {(True, False, False), (False, True, True)}:
            raise refuse("must have token_env alone, or username and password_env")
        return self

    @property
    def variable(self) -> str:
        """The variable that holds the secret."""
        return self.token_env or self.password_env or ""


class Tls(Strict):
    """PEM files for serving over TLS."""

    certificate: FilePath
    key: FilePath


class Server(Strict):
    """Where pages, metrics and health are served; port 0 takes any free one."""

    host: Host = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 9464
    auth: Auth | None = None
    tls: Tls | None = None


class InfluxDB(Strict):
    """``retention`` None keeps points for ever; the token's value is asked of :meth:`Config.token`."""

    url: Url
    org: Text
    bucket: Text
    token_env: Variable = "INFLUXDB_TOKEN"  # noqa: S105 - a name
    timeout: Duration = timedelta(seconds=10)
    retention: Annotated[Duration, at_least("1h")] | None = None


class PushGateway(Strict):
    """Where figures are pushed when nothing can scrape us."""

    url: Url
    interval: Annotated[Duration, at_least("1s")] = timedelta(seconds=30)
    job: Slug = "portalwatch"


class Key(Strict):
    """A PKCS #12 file for signing on this machine, and the variable with its password."""

    file: FilePath
    password_env: Variable


class AccountEntry(Strict):
    """A test account at the identity provider; ``portals`` empty means all. ``…_env`` name the variables."""

    name: Slug
    holder: Annotated[Holder, Field(strict=False)]
    portals: Annotated[tuple[str, ...], Field(min_length=1)] = ()
    username_env: Variable
    password_env: Variable
    pin_env: Variable | None = None
    key: Key | None = None

    def serves(self, portal: str) -> bool:
        """Whether the portal may be entered with it."""
        return not self.portals or portal in self.portals


class Janitor(Strict):
    """How often what a cut-off run left on a portal is looked for."""

    interval: Annotated[Duration, at_least("10s")] = timedelta(minutes=10)


class Sessions(Strict):
    """Attended log-ins: ``key_env`` names the variable with their key, ``max_age`` is the most they are trusted for."""

    key_env: Variable
    max_age: Annotated[Duration, at_least("1m")] = timedelta(hours=12)


class Log(Strict):
    """How the agent logs."""

    format: Annotated[LogFormat, Field(strict=False)] = LogFormat.JSON
    level: Annotated[LogLevel, Field(strict=False)] = LogLevel.INFO


class Settings(Strict):
    """The whole of agent.yaml. Paths are relative to the current directory."""

    location: Slug = "default"
    operator: Operator = Operator()
    data_dir: FilePath = Path("data")
    trust_store: FilePath | None = None
    secrets_dir: FilePath | None = None
    schedule: Schedule = Schedule()
    workers: Workers = Workers()
    rate_cap: RateCap = RateCap()
    controls: tuple[Control, ...] = ()
    services: tuple[Service, ...] = ()
    signatures: Signatures = Signatures()
    browser: Browser = Browser()
    journal: Journal = Journal()
    evidence: EvidenceRules = EvidenceRules()
    resources: Resources = Resources()
    server: Server = Server()
    accounts: tuple[AccountEntry, ...] = ()
    janitor: Janitor = Janitor()
    sessions: Sessions | None = None
    influxdb: InfluxDB | None = None
    push_gateway: PushGateway | None = None
    log: Log = Log()
    shutdown_grace: Duration = timedelta(seconds=20)
