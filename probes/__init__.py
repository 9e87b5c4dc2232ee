"""The one registry: which journeys and which portal families there are.

A new journey or family is its own file and one line here.
"""

from collections.abc import Mapping

from probes.journeys import (
    accessibility,
    application,
    catalogue,
    data_store,
    e_signature,
    home,
    login,
    lookup,
    security,
)
from probes.journeys.base import Journey
from probes.platforms.aspx import Aspx
from probes.platforms.base import Platform
from probes.platforms.eform import Eform
from probes.platforms.formio import Formio
from probes.platforms.liferay import Liferay
from probes.platforms.linked import Linked
from probes.platforms.plain import Plain
from probes.platforms.tiepnhan import Tiepnhan

JOURNEYS: Mapping[str, Journey] = {
    "accessibility": accessibility.JOURNEY,
    "home": home.JOURNEY,
    "security": security.JOURNEY,
    "catalogue": catalogue.JOURNEY,
    "login": login.JOURNEY,
    "application": application.JOURNEY,
    "data-store": data_store.JOURNEY,
    "e-signature": e_signature.JOURNEY,
    "lookup": lookup.JOURNEY,
}

PLATFORMS: Mapping[str, Platform] = {
    "aspx": Aspx,
    "eform": Eform,
    "formio": Formio,
    "liferay": Liferay,
    "linked": Linked,
    "plain": Plain,
    "tiepnhan": Tiepnhan,
}
