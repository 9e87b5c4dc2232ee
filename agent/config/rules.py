"""The rules that no single field can keep. Each takes what is valid and yields what it finds, by file."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import chain, pairwise

from agent.config.addresses import is_local_url, is_loopback
from agent.config.durations import format_duration
from agent.config.entries import JourneyEntry, PortalEntry
from agent.config.fields import ZONE
from agent.config.parts import AGENT, JOURNEYS, MAINTENANCE, PORTALS, Parts, Said
from agent.config.requirements import REQUIREMENTS
from agent.config.services import ServiceKind
from agent.config.settings import AccountEntry
from agent.config.source import Finding, Loc
from agent.config.wording import quoted, unknown
from agent.model import OptionRule, ProbeKind

SLOWEST_PACE = timedelta(seconds=30)
"""The shortest interval at which somebody else's portal may be looked at; ours."""


def between_parts(parts: Parts) -> Iterator[Said]:
    """Everything these rules find."""
    return chain.from_iterable(rule(parts) for rule in _RULES)


def _platforms(parts: Parts) -> Iterator[Said]:
    for row in parts.portals:
        if row.item.platform not in parts.known.platforms:
            yield _say(PORTALS, (*row.loc, "platform"), unknown("platform", row.item.platform, parts.known.platforms))


def _successors(parts: Parts) -> Iterator[Said]:
    for row in parts.portals:
        heir, loc = row.item.successor, (*row.loc, "successor")
        if heir == row.item.id:
            yield _say(PORTALS, loc, f"must be another portal, got {heir}")
        elif heir is not None:
            yield from _known_ids(parts, PORTALS, loc, (heir,))


def _validity(parts: Parts) -> Iterator[Said]:
    for row in parts.portals:
        first, last = row.item.valid_from, row.item.valid_to
        if first and last and last < first:
            yield _say(PORTALS, (*row.loc, "valid_to"), f"must not be before valid_from ({first}), got {last}")


def _authorised(parts: Parts) -> Iterator[Said]:
    for row in parts.watched():
        for name in ("authorised_by", "authorised_until"):
            if getattr(row.item, name) is None:
                yield _say(
                    PORTALS, (*row.loc, name), f"is required to watch {row.item.base_url}, which is not loopback"
                )
        until = row.item.authorised_until
        if until and until < parts.today:
            yield _say(PORTALS, (*row.loc, "authorised_until"), f"must be {parts.today} or later, got {until}")


def _contact(parts: Parts) -> Iterator[Said]:
    if parts.settings is None or parts.settings.operator.contact:
        return
    targets = [row.item.base_url for row in parts.watched()]
    asked = (*parts.settings.controls, *parts.settings.services)
    targets += [each.url for each in asked if not is_local_url(each.url)]
    if targets:
        others = f" and {len(targets) - 1} more" if targets[1:] else ""
        text = f"is required to watch {targets[0]}{others}, which is not loopback"
        yield _say(AGENT, ("operator", "contact"), text)


def _trust_stores(parts: Parts) -> Iterator[Said]:
    stores = parts.settings.signatures.trust_stores if parts.settings else ()
    names = [store.name for store in stores]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield _say(AGENT, ("signatures", "trust_stores", index, "name"), f"must be unique, got {name}")
    for index, service in enumerate(parts.settings.services if parts.settings else ()):
        if service.kind is ServiceKind.TSA and not stores:
            yield _say(
                AGENT, ("services", index, "kind"), "needs signatures.trust_stores to verify a time stamp, got tsa"
            )


def _open_to_others(parts: Parts) -> Iterator[Said]:
    server = parts.settings.server if parts.settings else None
    if server and server.auth is None and not is_loopback(server.host):
        yield _say(AGENT, ("server", "auth"), f"is required to serve on {server.host}, which is not loopback")


def _journey_names(parts: Parts) -> Iterator[Said]:
    for row in parts.journeys:
        if row.item.probe is ProbeKind.BROWSER and row.item.name not in parts.known.journeys:
            yield _say(JOURNEYS, (*row.loc, "name"), unknown("journey", row.item.name, parts.known.journeys))


def _options(parts: Parts) -> Iterator[Said]:
    for row in parts.journeys:
        reader = row.item.name if row.item.probe is ProbeKind.BROWSER else row.item.probe.value
        rules = parts.known.options.get(reader)
        if rules is not None:
            for name, text in _option_problems(reader, row.item.options, rules):
                yield _say(JOURNEYS, (*row.loc, "options", *name), text)


def _option_problems(
    reader: str, options: Mapping[str, str], rules: Mapping[str, OptionRule]
) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, value in options.items():
        if name not in rules:
            yield (name,), unknown(f"option of {reader}", name, frozenset(rules))
        elif not re.fullmatch(rules[name].pattern, value, re.DOTALL):
            yield (name,), f"{rules[name].rule}, got {quoted(value)}"
    for name in (name for name, rule in rules.items() if rule.required and name not in options):
        yield (), f"{reader} needs the option {name}"


def _ladder(parts: Parts) -> Iterator[Said]:
    for row in parts.journeys:
        for (lower, short), (upper, long) in pairwise(row.item.rungs):
            if short >= long:
                text = f"must be shorter than {upper} ({format_duration(long)}), got {format_duration(short)}"
                yield _say(JOURNEYS, (*row.loc, *lower.split(".")), text)


def _pace(parts: Parts) -> Iterator[Said]:
    for row in parts.journeys:
        first = _first_visited(parts, row.item)
        if row.item.enabled and row.item.interval < SLOWEST_PACE and first:
            least, given = format_duration(SLOWEST_PACE), format_duration(row.item.interval)
            text = f"must be at least {least} as it visits {first.id}, which is not loopback, got {given}"
            yield _say(JOURNEYS, (*row.loc, "interval"), text)


def _first_visited(parts: Parts, journey: JourneyEntry) -> PortalEntry | None:
    return next((row.item for row in parts.watched() if journey.portals.matches(row.item)), None)


def _selectors(parts: Parts) -> Iterator[Said]:
    for row in parts.journeys:
        loc, selector = (*row.loc, "portals"), row.item.portals
        yield from _known_ids(parts, JOURNEYS, (*loc, "ids"), selector.ids)
        for index, name in enumerate(selector.platforms):
            if name not in parts.known.platforms:
                text = unknown("platform", name, parts.known.platforms)
                yield _say(JOURNEYS, (*loc, "platforms", index), text)


def _window_portals(parts: Parts) -> Iterator[Said]:
    for row in parts.windows:
        yield from _known_ids(parts, MAINTENANCE, (*row.loc, "portals"), row.item.portals)


def _window_times(parts: Parts) -> Iterator[Said]:
    for row in parts.windows:
        starts, ends, told = (
            moment.astimezone(ZONE) for moment in (row.item.starts, row.item.ends, row.item.recorded_at)
        )
        if ends <= starts:
            text = f"must be after starts ({starts.isoformat()}), got {ends.isoformat()}"
            yield _say(MAINTENANCE, (*row.loc, "ends"), text)
        if told > parts.now:
            yield _say(MAINTENANCE, (*row.loc, "recorded_at"), f"must not be in the future, got {told.isoformat()}")


def _retention(parts: Parts) -> Iterator[Said]:
    journal = parts.settings and parts.settings.journal
    if journal and journal.keep_details > journal.keep:
        whole, details = format_duration(journal.keep), format_duration(journal.keep_details)
        yield _say(AGENT, ("journal", "keep_details"), f"must be at most journal.keep ({whole}), got {details}")


def _account_portals(parts: Parts) -> Iterator[Said]:
    for index, account in enumerate(parts.settings.accounts if parts.settings else ()):
        yield from _known_ids(parts, AGENT, ("accounts", index, "portals"), account.portals)


def _accounts_for_journeys(parts: Parts) -> Iterator[Said]:
    accounts = parts.settings.accounts if parts.settings else ()
    for row in parts.journeys:
        needed = parts.known.holders.get(row.item.name, ()) if row.item.probe is ProbeKind.BROWSER else ()
        for holder in needed if row.item.enabled else ():
            lone = [
                portal.item.id
                for portal in parts.portals
                if portal.item.enabled
                and row.item.portals.matches(portal.item)
                and not any(one.holder is holder and one.serves(portal.item.id) for one in accounts)
            ]
            if lone:
                others = f" and {len(lone) - 1} more" if lone[1:] else ""
                text = (
                    f"{row.item.name} logs in, and agent.yaml has no account of holder {holder} for {lone[0]}{others}"
                )
                yield _say(JOURNEYS, (*row.loc, "name"), text)


def _one_account_each(parts: Parts) -> Iterator[Said]:
    accounts = parts.settings.accounts if parts.settings else ()
    for index, account in enumerate(accounts):
        rival, portal = _rival(account, accounts[:index])
        if rival is not None:
            text = f"must be the only {account.holder} for {portal or 'all portals'}, {rival.name} is one too"
            yield _say(AGENT, ("accounts", index, "portals" if account.portals else "holder"), text)


def _rival(account: AccountEntry, others: Iterable[AccountEntry]) -> tuple[AccountEntry | None, str]:
    """An account of the same holder for a portal of this one's, and that portal (empty: all)."""
    for other in others:
        shared = [portal for portal in account.portals or other.portals if other.serves(portal)]
        if other.holder is account.holder and (shared or not (account.portals or other.portals)):
            return other, shared[0] if shared else ""
    return None, ""


def _observed(parts: Parts) -> Iterator[Said]:
    names = parts.known.requirements
    for name in sorted(names - parts.requirement_ids) if parts.requirement_ids is not None else ():
        yield _say(REQUIREMENTS, ("requirements",), f"must hold {name}, which the agent observes")
    for row in parts.requirements:
        if row.item.id in names and not row.item.observable:
            text = f"must not be the operator alone, since the agent observes {row.item.id}"
            yield _say(REQUIREMENTS, (*row.loc, "observed_by"), text)


def _known_ids(parts: Parts, file: str, loc: Loc, ids: Iterable[str]) -> Iterator[Said]:
    # Without a readable portals.yaml every id would be unknown; its own problem is enough.
    for index, name in enumerate(ids if parts.ids is not None else ()):
        if name not in (parts.ids or ()):
            place = loc if loc[-1] == "successor" else (*loc, index)
            yield _say(file, place, unknown("portal", name, parts.ids or (), listed=False))


def _say(file: str, loc: Loc, text: str) -> Said:
    return file, Finding(loc=loc, text=text)


_RULES = (
    _contact,
    _retention,
    _account_portals,
    _one_account_each,
    _accounts_for_journeys,
    _platforms,
    _successors,
    _validity,
    _authorised,
    _journey_names,
    _open_to_others,
    _trust_stores,
    _options,
    _ladder,
    _pace,
    _selectors,
    _window_portals,
    _window_times,
    _observed,
)
