"""The catalogue of requirements: what a portal is held against, in our own words, and who can tell."""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from agent.config.fields import Slug, Strict, Text, refuse

REQUIREMENTS = "requirements.yaml"

_HERE = Path(__file__).parent
# A wheel carries the file beside this module; in the source tree it lies with the rest of the configuration.
SHIPPED = next(
    (path for path in (_HERE / REQUIREMENTS, _HERE.parents[1] / "config" / REQUIREMENTS) if path.is_file()),
    _HERE / REQUIREMENTS,
)
_ID = re.compile(r"[A-Z][A-Z0-9]{1,7}-[A-Z0-9]{1,4}", re.ASCII)


class Observer(StrEnum):
    """Who can tell whether a requirement is met."""

    PUBLIC = "public"
    """Anyone who opens the portal."""
    ACCOUNT = "account"
    """Who has an account on it."""
    OPERATOR = "operator"
    """Only who runs it: it is attested, never guessed."""


class Group(StrEnum):
    """What a requirement is about."""

    ACCOUNT = "account"
    CATALOGUE = "catalogue"
    SUBMISSION = "submission"
    SIGNATURE = "signature"
    DATA_STORE = "data-store"
    PAYMENT = "payment"
    LOOK_UP = "look-up"
    FEEDBACK = "feedback"
    INTERCONNECTION = "interconnection"
    SECURITY = "security"
    ACCESSIBILITY = "accessibility"
    PERFORMANCE = "performance"


def _is_id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise refuse("must be like SEC-1: upper-case letters and digits around one hyphen")
    return text


class RequirementEntry(Strict):
    """One requirement. ``source`` labels who set it: ``project`` is this project's own proposal, no law."""

    id: Annotated[str, AfterValidator(_is_id)]
    group: Annotated[Group, Field(strict=False)]
    vi: Text
    en: Text
    observed_by: Annotated[tuple[Annotated[Observer, Field(strict=False)], ...], Field(min_length=1)]
    source: Slug = "project"

    @property
    def observable(self) -> bool:
        """Whether a probe or a journey may ever tell; the others stay unmeasured until they are attested."""
        return any(observer is not Observer.OPERATOR for observer in self.observed_by)

    @property
    def wording(self) -> Mapping[str, str]:
        """The wording by language, ``vi`` and ``en``."""
        return {"vi": self.vi, "en": self.en}
