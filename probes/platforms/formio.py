"""Family ``formio``: an application in the browser over a JSON API; routes change before their content does."""

import re

from probes.browser.stage import Landmark
from probes.platforms.pages import CataloguePages, Family, Sheet, home, procedure, search_box, search_button


class Formio(CataloguePages):
    """Page object of the family."""

    family = Family(
        home_path="/vi/home",
        home=home(r"^/(vi(/home)?)?$"),
        results=Landmark(
            name="results",
            path=re.compile(r"^/vi/procedure/search"),
            # The spinner is a status too, but it stands before the heading is there.
            find=lambda page: page.locator("main h1 ~ [role=status]").filter(has_text=re.compile(r"\w")),
        ),
        procedure=procedure(r"^/vi/procedure/detail/[0-9a-f]{24}"),
        detail_links="main :is(table, ul) a[href^='/vi/procedure/detail/']",
        box=search_box("mat-input-0", "searchKeyword"),
        button=search_button("btn-search", "searchButton"),
        sheet=Sheet(
            code=("procedure-code", "detailCode"),
            fee=("procedure-fee", "detailFee"),
            time_limit=("procedure-time", "detailProcessingTime"),
            level=("procedure-level", "detailLevel"),
        ).controls(),
    )
