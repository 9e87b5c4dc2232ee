"""The screens on which a dossier is filled in: which part stands on which, and what the button onward is called."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from aiohttp import web

from demo.flow.dossiers import Draft
from demo.flow.wording import Named
from demo.procedures import Procedure

_PHONE = re.compile(r"0\d{9}")
_SHORTEST_CONTENT = 5


class Section(StrEnum):
    """A part of the e-form."""

    IDENTITY = "identity"
    ATTACHMENTS = "attachments"
    FEE = "fee"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One screen; ``onward`` is its last button."""

    title: str
    sections: tuple[Section, ...]
    onward: Named


def asked_for(request: web.Request) -> str:
    """The procedure's number as the query or the path has it."""
    return request.query.get("thutuc") or request.match_info.get("number", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wizard:
    """A family's way through a dossier.

    ``where`` tells which screen a request is about, ``address`` where one is; ``asked`` is the number of the procedure
    that a request wants a dossier for, empty when it goes on with the one at hand.
    """

    screens: tuple[Screen, ...]
    where: Callable[[web.Request, Draft], int]
    address: Callable[[Procedure, int], str]
    done: str
    asked: Callable[[web.Request], str] = asked_for


def faults_in(draft: Draft, screen: Screen, given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with what was given on a screen, by field; what is right is kept in the draft."""
    found: dict[str, str] = {}
    if Section.IDENTITY in screen.sections:
        draft.values |= {name: given.get(name, "").strip()[:500] for name in ("phone", "email", "content")}
        if not _PHONE.fullmatch(draft.values["phone"]):
            found["phone"] = "Vui lòng nhập số điện thoại gồm 10 chữ số."
        if len(draft.values["content"]) < _SHORTEST_CONTENT:
            found["content"] = "Vui lòng nhập nội dung đề nghị."
    if Section.ATTACHMENTS in screen.sections and not draft.attached:
        found["file"] = "Vui lòng đính kèm ít nhất một giấy tờ."
    if Section.FEE in screen.sections:
        draft.delivery = given.get("delivery", "")
        if draft.delivery not in {"counter", "post"}:
            found["delivery"] = "Vui lòng chọn hình thức nhận kết quả."
    if Section.CONFIRM in screen.sections and given.get("agree") != "1":
        found["agree"] = "Bạn cần xác nhận trước khi nộp hồ sơ."
    return found
