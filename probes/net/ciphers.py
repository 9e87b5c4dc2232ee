"""SEC-1: what a survey of versions and ciphers comes to. Pure."""

from collections.abc import Callable, Iterator, Mapping

from agent.model import Finding
from probes.net.suites import NAMES, TLS_1_2, VERSIONS, broken, dated, keeps_secrets
from probes.net.survey import Survey

REQUIREMENT = "SEC-1"
_SHOWN = 8


def weak(taken: Mapping[int, tuple[int, ...]]) -> bool:
    """Whether a version below 1.2 or a broken cipher is taken."""
    return any(suites and (version < TLS_1_2 or any(map(broken, suites))) for version, suites in taken.items())


def figures(seen: Survey) -> dict[str, float]:
    """``tls10_offered`` to ``tls13_offered`` (0, 1) and, of a whole survey, ``ciphers_offered``, ``ciphers_broken``."""
    told = {
        f"tls{VERSIONS[version].replace('.', '')}_offered": float(bool(suites))
        for version, suites in seen.taken.items()
    }
    if seen.whole:
        all_of_them = {suite for suites in seen.taken.values() for suite in suites}
        told |= {"ciphers_offered": float(len(all_of_them)), "ciphers_broken": float(sum(map(broken, all_of_them)))}
    return told


def judge(seen: Survey) -> list[Finding]:
    """A finding for each version, and kind of cipher in it, that is unmet (old, broken) or noted (not the best)."""
    return [one for version, suites in seen.taken.items() for one in _of_version(version, suites)]


def _of_version(version: int, suites: tuple[int, ...]) -> Iterator[Finding]:
    if suites and version < TLS_1_2:
        yield _finding("tls-version", "unmet", f"TLS {VERSIONS[version]} is accepted", version, 1)
    yield from _of_kind("cipher-broken", "unmet", broken, version, suites)
    sound = tuple(suite for suite in suites if not broken(suite))
    yield from _of_kind("cipher-no-forward-secrecy", "noted", lambda suite: not keeps_secrets(suite), version, sound)
    if version == TLS_1_2:
        yield from _of_kind("cipher-cbc-sha1", "noted", dated, version, sound)


def _of_kind(
    rule: str, weight: str, kind: Callable[[int], bool], version: int, suites: tuple[int, ...]
) -> Iterator[Finding]:
    names = [NAMES[suite] for suite in suites if kind(suite)]
    if names:
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        yield _finding(rule, weight, ", ".join(names[:_SHOWN]) + more, version, len(names))


def _finding(rule: str, weight: str, text: str, version: int, count: int) -> Finding:
    place = f"TLS {VERSIONS[version]}"
    return Finding(requirement=REQUIREMENT, rule=rule, weight=weight, text=text, place=place, count=count)
