"""Every figure that leaves the agent: what Prometheus is shown and what InfluxDB is given.

Both sinks build from these tables, ``docs/metrics.md`` prints them, and tests hold the three together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from agent.model import Result

PREFIX = "portalwatch_"

CHECK_LABELS = ("portal", "kind", "platform", "journey", "location")
"""What tells one check's series and points from another's. Nothing in it changes from run to run."""

DAY_S = 86_400.0


class Type(StrEnum):
    """The Prometheus type of a family."""

    GAUGE = "gauge"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One metric family; a counter's ``name`` ends in ``_total``."""

    name: str
    type: Type
    unit: str
    help: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A probe's figure: its name in a Result and in points, and its gauge, which shows value times ``scale``."""

    name: str
    family: Family
    scale: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a point; ``type`` is InfluxDB's: string, integer or float."""

    name: str
    type: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One kind of point. It has all its tags and all its fields, always."""

    name: str
    help: str
    tags: tuple[str, ...]
    fields: tuple[Field, ...]


def _of_check(name: str, unit: str, text: str, *more: str, kind: Type = Type.GAUGE) -> Family:
    return Family(name=PREFIX + name, type=kind, unit=unit, help=text, labels=(*CHECK_LABELS, *more))


def _of_self(name: str, unit: str, text: str, *labels: str) -> Family:
    kind = Type.COUNTER if name.endswith("_total") else Type.GAUGE
    return Family(name=PREFIX + name, type=kind, unit=unit, help=text, labels=labels)


def _figure(name: str, family: str, unit: str, text: str, scale: float = 1.0) -> Figure:
    return Figure(name=name, family=_of_check(family, unit, text), scale=scale)


UP = _of_check("up", "", "1 when the newest run passed, 0 on a fault of the portal, absent when neither is known.")
VERDICT = _of_check("verdict", "", "1 for the verdict of the newest slot, 0 for every other.", "verdict")
FLAG = _of_check("flag", "", "1 when the newest result carries the flag, else 0.", "flag")
RUN_DURATION = _of_check("run_duration_seconds", "seconds", "How long the newest measured run took.")
STEP_DURATION = _of_check("step_duration_seconds", "seconds", "How long a step of the newest run took.", "step")
SLOT_TIMESTAMP = _of_check("slot_timestamp_seconds", "seconds", "The planned start of the newest slot, as Unix time.")
REQUIREMENT = _of_check(
    "requirement_fulfilled",
    "",
    "1 when the requirement is fulfilled, 0 when not, absent when unmeasured.",
    "requirement",
)
RESULTS = _of_check(
    "results_total", "", "Results seen since the agent started, by verdict.", "verdict", kind=Type.COUNTER
)

CHECK_FAMILIES = (UP, VERDICT, FLAG, RUN_DURATION, STEP_DURATION, SLOT_TIMESTAMP, REQUIREMENT, RESULTS)

HTTP_FIGURES = (
    _figure("dns_s", "http_dns_seconds", "seconds", "Name resolution."),
    _figure("connect_s", "http_connect_seconds", "seconds", "TCP connect."),
    _figure("tls_s", "http_tls_seconds", "seconds", "TLS handshake."),
    _figure("first_byte_s", "http_first_byte_seconds", "seconds", "From the request sent to the first byte."),
    _figure("transfer_s", "http_transfer_seconds", "seconds", "From the first byte to the last."),
    _figure("total_s", "http_total_seconds", "seconds", "The whole transfer, redirects included."),
    _figure("redirects", "http_redirects", "", "Redirects followed."),
    _figure("redirect_s", "http_redirect_seconds", "seconds", "Time spent in redirects."),
    _figure("size_bytes", "http_size_bytes", "bytes", "Size of the body as transferred."),
    _figure("speed_bytes_per_s", "http_speed_bytes_per_second", "bytes", "Mean download speed."),
    _figure("status", "http_status", "", "Status code of the final response."),
    _figure("http_version", "http_version", "", "HTTP version of the final response: 1, 1.1, 2 or 3."),
    _figure("hsts_s", "http_hsts_seconds", "seconds", "How long browsers shall ask for https alone, 0 without HSTS."),
    _figure("headers_lacking", "http_security_headers_lacking", "", "Security headers that are absent or of no use."),
    _figure("versions_leaked", "http_versions_leaked", "", "Versions of software told by headers and page."),
    _figure("https_redirect", "http_leads_to_https", "", "1 when plain http leads to https on the same site, else 0."),
)

TLS_FIGURES = (
    _figure("leaf_days_left", "tls_leaf_expiry_seconds", "seconds", "Time left on the leaf certificate.", DAY_S),
    _figure("chain_days_left", "tls_chain_expiry_seconds", "seconds", "Least time left in the verified chain.", DAY_S),
    _figure("served_days_left", "tls_served_expiry_seconds", "seconds", "Least time left in the served chain.", DAY_S),
    _figure("served_chain_length", "tls_served_chain_length", "", "Certificates the server sent."),
    _figure("verified_chain_length", "tls_verified_chain_length", "", "Certificates in the verified chain."),
    _figure("handshake_s", "tls_handshake_seconds", "seconds", "TLS handshake."),
    _figure("protocol", "tls_protocol", "", "TLS version agreed on: 1.2 or 1.3."),
    _figure("legacy_accepted", "tls_legacy_accepted", "", "1 when a TLS version below 1.2 is accepted, else 0."),
    _figure("key_bits", "tls_key_size_bytes", "bytes", "Size of the leaf's public key.", 1 / 8),
    _figure("tls10_offered", "tls_1_0_offered", "", "1 when TLS 1.0 is accepted, else 0; where ciphers are asked for."),
    _figure("tls11_offered", "tls_1_1_offered", "", "1 when TLS 1.1 is accepted, else 0; where ciphers are asked for."),
    _figure("tls12_offered", "tls_1_2_offered", "", "1 when TLS 1.2 is accepted, else 0; where ciphers are asked for."),
    _figure("tls13_offered", "tls_1_3_offered", "", "1 when TLS 1.3 is accepted, else 0; where ciphers are asked for."),
    _figure("ciphers_offered", "tls_ciphers_offered", "", "Cipher suites accepted, in any version."),
    _figure("ciphers_broken", "tls_ciphers_broken", "", "Cipher suites among them that protect nothing any more."),
)

BROWSER_FIGURES = (
    _figure("lcp_s", "lcp_seconds", "seconds", "Largest Contentful Paint, of the journey's slowest document."),
    _figure("fcp_s", "fcp_seconds", "seconds", "First Contentful Paint, of the journey's slowest document."),
    _figure("cls", "cls", "", "Cumulative Layout Shift, a score without a unit, of the journey's worst document."),
    _figure("inp_s", "inp_seconds", "seconds", "Interaction to Next Paint, of the journey's slowest document."),
    _figure("ttfb_s", "ttfb_seconds", "seconds", "Time to First Byte, of the journey's slowest document."),
    _figure("requests", "page_requests", "", "Requests the journey's pages made."),
    _figure("requests_failed", "page_requests_failed", "", "Requests of the journey's pages that failed."),
    _figure("console_errors", "page_console_errors", "", "Errors on the journey's consoles."),
    _figure("page_weight_bytes", "page_weight_bytes", "bytes", "Bytes the journey's pages transferred."),
    _figure("axe_critical", "axe_critical", "", "Accessibility rules broken with critical impact, summed over pages."),
    _figure("axe_serious", "axe_serious", "", "Accessibility rules broken with serious impact, summed over pages."),
    _figure("axe_moderate", "axe_moderate", "", "Accessibility rules broken with moderate impact, summed over pages."),
    _figure("axe_minor", "axe_minor", "", "Accessibility rules broken with minor impact, summed over pages."),
    _figure("cookies", "cookies", "", "Cookies that the portal and its scripts set."),
    _figure("cookies_flawed", "cookies_flawed", "", "Cookies among them that lack a flag."),
    _figure("mixed_active", "mixed_active", "", "Scripts, styles, frames and calls over http in a page over https."),
    _figure("mixed_passive", "mixed_passive", "", "Pictures and media over http in a page over https."),
    _figure("signatures", "pdf_signatures", "", "Signatures on the PDF that came back signed."),
    _figure(
        "signer_days_left", "pdf_signer_expiry_seconds", "seconds", "Least time left on a signer's certificate.", DAY_S
    ),
)

FIGURES = {figure.name: figure for figure in (*HTTP_FIGURES, *TLS_FIGURES, *BROWSER_FIGURES)}

SELF_FAMILIES = (
    _of_self("build_info", "", "1, with the running version.", "version"),
    _of_self("config_last_reload_successful", "", "1 with the newest configuration in force, 0 when it was refused."),
    _of_self("config_last_reload_success_timestamp_seconds", "seconds", "When a configuration last took effect."),
    _of_self("completeness_ratio", "ratio", "Slots of the last hour that were measured, of those that have ended."),
    _of_self("schedule_emitted_total", "", "Slots handed to the dispatcher."),
    _of_self("schedule_lateness_seconds_total", "seconds", "Sum of how late slots were handed over."),
    _of_self("schedule_lateness_worst_seconds", "seconds", "The latest hand-over of the last five minutes."),
    _of_self("queue_length", "", "Requests that no worker took yet.", "lane"),
    _of_self("queue_expired_total", "", "Requests whose slot was over before a worker was free."),
    _of_self("workers", "", "Workers.", "lane"),
    _of_self("workers_busy", "", "Workers in a run.", "lane"),
    _of_self("browser_restarts_total", "", "Browsers started in place of one that was gone."),
    _of_self("browser_replaced_total", "", "Browsers replaced in good time, by what was reached.", "reason"),
    _of_self("browser_memory_bytes", "bytes", "Memory that the browser holds of its own, sampled between runs."),
    _of_self("control_up", "", "1 while a control target answers, else 0.", "control"),
    _of_self("service_up", "", "1 while a shared service answers, else 0.", "service"),
    _of_self("account_locked", "", "1 while a test account may not be used since it was refused, else 0.", "account"),
    _of_self("cleanup_debt", "", "Items that journeys left on the portal and that must be cleared.", "portal"),
    _of_self("cleanup_debt_age_seconds", "seconds", "Time since the oldest of them was owed, 0 for none.", "portal"),
    _of_self("artefacts_withheld_total", "", "Evidence that was not kept, by what stood against it.", "kind", "reason"),
    _of_self(
        "session_expires_seconds", "seconds", "Time left of a person's log-in, 0 once it is over or broken.", "portal"
    ),
    _of_self("journal_bytes", "bytes", "Size of the journal on disk."),
    _of_self("disk_free_bytes", "bytes", "Space left where the data directory lies."),
    _of_self("memory_available_bytes", "bytes", "Memory that a new run could have."),
    _of_self("resources_short", "", "1 while no run begins for want of disk or memory, else 0."),
    _of_self("outbox_results", "", "Results the sink lacks.", "sink"),
    _of_self("outbox_age_seconds", "seconds", "Time since the slot of the first result the sink lacks.", "sink"),
    _of_self("sink_errors_total", "", "Batches the sink did not take, by what was done about it.", "sink", "kind"),
    _of_self("sink_rejected", "", "Results the sink refused for good, kept in the journal.", "sink"),
)

FAMILIES = {
    family.name: family for family in (*CHECK_FAMILIES, *(figure.family for figure in FIGURES.values()), *SELF_FAMILIES)
}

SLOT = Measurement(
    name="slot",
    help="What a slot came to.",
    tags=CHECK_LABELS,
    fields=(
        Field(name="verdict", type="string", help="The verdict."),
        Field(name="cause", type="string", help="The cause, empty when there is none."),
        Field(name="dependency", type="string", help="The shared service to blame, or empty."),
        Field(name="failing_step", type="string", help="The step that failed, or empty."),
        Field(name="up", type="integer", help="1 pass, 0 fault of the portal, -1 not known."),
        Field(name="measured", type="integer", help="1 when a run stands behind the verdict, 0 when missed."),
        Field(name="slow", type="integer", help="1 with the flag slow."),
        Field(name="flaky", type="integer", help="1 with the flag flaky."),
        Field(name="excused", type="integer", help="1 with the flag excused."),
        Field(name="attempts", type="integer", help="Attempts made."),
        Field(name="duration_s", type="float", help="Duration of the run in seconds, 0 when missed."),
    ),
)

STEP = Measurement(
    name="step",
    help="One step of a run.",
    tags=(*CHECK_LABELS, "step"),
    fields=(
        Field(name="status", type="string", help="passed, failed or skipped."),
        Field(name="duration_s", type="float", help="Duration in seconds."),
    ),
)

METRIC = Measurement(
    name="metric",
    help="One figure of a run, under its name in the table of figures.",
    tags=(*CHECK_LABELS, "metric"),
    fields=(Field(name="value", type="float", help="The figure, in the unit its name ends in."),),
)

REQUIREMENT_STATE = Measurement(
    name="requirement",
    help="One requirement observed in a run.",
    tags=(*CHECK_LABELS, "requirement"),
    fields=(
        Field(name="state", type="string", help="fulfilled, unfulfilled or unmeasured."),
        Field(name="fulfilled", type="integer", help="1 when fulfilled, else 0."),
        Field(name="measured", type="integer", help="0 when unmeasured, else 1."),
    ),
)

MEASUREMENTS = {measurement.name: measurement for measurement in (SLOT, STEP, METRIC, REQUIREMENT_STATE)}


def labels_of(result: Result) -> dict[str, str]:
    """The values of CHECK_LABELS for a result."""
    return {
        "portal": result.portal,
        "kind": result.kind.value,
        "platform": result.platform,
        "journey": result.journey,
        "location": result.location,
    }


def unknown_figures(results: Iterable[Result]) -> set[str]:
    """Names of figures that no table here lists; the sinks leave them out."""
    return {name for result in results for name in result.metrics if name not in FIGURES}
