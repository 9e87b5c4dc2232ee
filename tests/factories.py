"""Makes the frozen values that tests need, with plain defaults."""

from datetime import UTC, datetime, timedelta
from typing import Any

from agent.model import (
    Account,
    Check,
    Holder,
    Kind,
    PlannedCheck,
    Portal,
    ProbeKind,
    Result,
    RunRequest,
    Timeouts,
    Verdict,
)
from agent.schedule.plan import run_id

START = datetime(2026, 11, 1, tzinfo=UTC)


class Harmless:
    """Safeguards of a run that must not need any."""

    async def before(self, deed: Any, account: str) -> None:
        raise AssertionError(f"{deed} with {account}")

    async def after(self, deed: Any, account: str, outcome: Any) -> None:
        raise AssertionError(f"{deed} with {account}: {outcome}")

    async def owes(self, item: Any) -> None:
        raise AssertionError(f"{item}")

    async def cleared(self, item: Any) -> None:
        raise AssertionError(f"{item}")


def planned(portal: str = "angiang", journey: str = "home", **changes: Any) -> PlannedCheck:
    values = {
        "kind": Kind.PROVINCE,
        "platform": "formio",
        "interval": timedelta(minutes=5),
        "offset": timedelta(0),
        **changes,
    }
    return PlannedCheck(portal=portal, journey=journey, **values)


def check(portal: str = "angiang", journey: str = "home", /, **changes: Any) -> Check:
    plan = changes.pop("plan", None) or planned(portal, journey)
    values = {
        "portal": Portal(
            id=portal,
            kind=plan.kind,
            platform=plan.platform,
            name_vi="An Giang",
            name_en="An Giang",
            base_url=f"https://dichvucong.{portal}.localhost:8443",
        ),
        "probe": ProbeKind.BROWSER,
        "timeouts": Timeouts(step=5, journey=10, run=30),
        "slow_after": 4.0,
        **changes,
    }
    return Check(plan=plan, **values)


def account(name: str = "tester", **changes: Any) -> Account:
    values = {"holder": Holder.PERSON, "username": "079012345678", "password": "pass-word", "pin": "135790", **changes}
    return Account(name=name, **values)


def request(of: Check | None = None, slot: datetime = START, location: str = "default") -> RunRequest:
    of = of or check()
    return RunRequest(
        run_id=run_id(of.id, slot, location),
        check=of,
        slot=slot,
        location=location,
        expires=slot + of.plan.interval,
    )


def result(portal: str = "angiang", journey: str = "home", slot: datetime = START, **changes: Any) -> Result:
    values = {
        "run_id": run_id(f"{portal}/{journey}", slot, "default"),
        "kind": Kind.PROVINCE,
        "platform": "formio",
        "location": "default",
        "started": slot,
        "duration_s": 1.0,
        "verdict": Verdict.PASS,
        "attempts": 1,
        "interval_s": 300.0,
        **changes,
    }
    return Result(portal=portal, journey=journey, slot=slot, **values)
