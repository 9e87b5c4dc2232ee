"""The people and organisations that may log in: test accounts, made anew for each demo."""

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.model import Holder

_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi")
_MIDDLE = ("Văn", "Thị", "Minh", "Thu", "Quang", "Ngọc")
_GIVEN = ("An", "Bình", "Châu", "Dũng", "Giang", "Hà", "Khánh", "Linh", "Mai", "Phúc")
_STREETS = ("Trần Hưng Đạo", "Lê Lợi", "Nguyễn Huệ", "Hai Bà Trưng", "Quang Trung")
_WARDS = ("phường 1", "phường Bến Thành", "xã Tân Lập", "phường Hải Châu", "xã Hòa Bình")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """Somebody with an electronic identity, who logs in with ``number``: an organisation's is its tax number.

    In ``test_mode`` the operators know that nothing is meant, and ask for no code before a dossier is handed in.
    """

    holder: Holder
    number: str
    name: str
    born: str
    address: str
    phone: str
    password: str = field(repr=False)
    pin: str = field(repr=False)
    test_mode: bool = False


def accounts(seed: int) -> tuple[Citizen, ...]:
    """One person and one organisation. Who they are is drawn by seed, their secrets never are."""
    rng = random.Random(f"{seed}/people")  # noqa: S311 - a demo's names
    return (_person(rng), _organisation(rng))


def _person(rng: random.Random) -> Citizen:
    name = f"{rng.choice(_FAMILY)} {rng.choice(_MIDDLE)} {rng.choice(_GIVEN)}"
    number = f"0{rng.randint(10, 96)}{rng.randint(0, 1)}{rng.randint(70, 99)}{rng.randint(0, 999_999):06d}"
    return Citizen(holder=Holder.PERSON, number=number, name=name, test_mode=True, **_drawn(rng), **_secret())


def _organisation(rng: random.Random) -> Citizen:
    name = f"Công ty TNHH {rng.choice(_GIVEN)} {rng.choice(_GIVEN)}"
    number = f"0{rng.randint(100_000_000, 999_999_999)}"
    return Citizen(holder=Holder.ORGANISATION, number=number, name=name, test_mode=True, **_drawn(rng), **_secret())


def _drawn(rng: random.Random) -> dict[str, str]:
    return {
        "born": f"{rng.randint(1, 28):02d}/{rng.randint(1, 12):02d}/{rng.randint(1960, 2000)}",
        "address": f"Số {rng.randint(1, 300)} đường {rng.choice(_STREETS)}, {rng.choice(_WARDS)}",
        "phone": f"09{rng.randint(10_000_000, 99_999_999)}",
    }


def _secret() -> dict[str, str]:
    return {"password": f"Mk{secrets.token_urlsafe(9)}!&", "pin": f"{secrets.randbelow(100_000_000):08d}"}


def by_number(people: Sequence[Citizen], number: str) -> Citizen | None:
    """Whose number this is."""
    return next((one for one in people if one.number == number.strip()), None)
