"""The configuration as one value."""

from collections.abc import Mapping
from datetime import date

from pydantic import Field, SecretBytes, SecretStr

from agent.config.credentials import session_key
from agent.config.entries import JourneyEntry, PortalEntry, WindowEntry
from agent.config.fields import Strict
from agent.config.requirements import RequirementEntry
from agent.config.settings import Settings


class Config(Strict):
    """The five files, checked. ``loaded_on`` is the local day on which they were.

    ``tokens`` holds the resolved secrets by the name of their variable, ``keys`` the accounts' PKCS #12 files by the
    account's name; they are in no dump, digest or repr.
    """

    agent: Settings
    portals: tuple[PortalEntry, ...]
    journeys: tuple[JourneyEntry, ...]
    maintenance: tuple[WindowEntry, ...]
    requirements: tuple[RequirementEntry, ...]
    loaded_on: date
    tokens: Mapping[str, SecretStr] = Field(default={}, exclude=True, repr=False)
    keys: Mapping[str, SecretBytes] = Field(default={}, exclude=True, repr=False)

    def token(self, variable: str) -> str:
        """The secret that a ``token_env`` names; raises KeyError for one that no field of the files names."""
        return self.tokens[variable].get_secret_value()

    def session_key(self) -> bytes | None:
        """The key of attended log-ins; None when they are not configured."""
        settings = self.agent.sessions
        return None if settings is None else session_key(self.token(settings.key_env))

    def wording(self, language: str) -> Mapping[str, str]:
        """What each requirement asks, by its id, in ``vi`` or ``en``."""
        return {each.id: each.wording[language] for each in self.requirements}

    def secrets(self) -> tuple[str, ...]:
        """Every secret value, for those who must keep them out of what leaves the agent."""
        return tuple(sorted({secret.get_secret_value() for secret in self.tokens.values()}))
