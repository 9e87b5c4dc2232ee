"""Family ``formio``: an application in the browser over a JSON API; routes change before their content does."""

import re

from probes.browser.stage import Control, Landmark
from probes.platforms.entrance import login_page
from probes.platforms.form import Form, result, screen
from probes.platforms.lookup import lookup_page
from probes.platforms.mine import mine_page
from probes.platforms.named import nothing, press, wording
from probes.platforms.pages import CataloguePages, Family, Inside, Sheet, home, procedure, search_box, search_button
from probes.platforms.shelf import store_page

APPLY_PATH = r"^/vi/padsvc/apply-online/[0-9a-f]{24}"
ONWARD = press("button onward", ids=(), text=wording("tiếp tục"), place=nothing)
# The real submit is the third screen's; its label varies, the form it belongs to does not.
SUBMIT = Control(name="submit button", find=lambda page: page.locator('button[form="captchaForm"]'), fallback=nothing)


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
        inside=Inside(
            login_path="/vi/login",
            login=login_page(r"^/vi/login"),
            lookup_path="/vi/dossier/search",
            lookup=lookup_page(r"^/vi/dossier/search"),
            feedback_path="/vi/feedback",
            mine_path="/vi/dossier/my-dossier",
            mine=mine_page(r"^/vi/dossier/my-dossier"),
            store=store_page(r"^/vi/storage"),
            form=Form(
                screens=(
                    screen("information", APPLY_PATH, "thông tin người nộp"),
                    screen("attachments", APPLY_PATH, "giấy tờ|thành phần hồ sơ"),
                    screen("fee", APPLY_PATH, "lệ phí"),
                ),
                onward=(ONWARD, ONWARD, SUBMIT),
                attachments=1,
                fee=2,
                done=result(APPLY_PATH),
            ),
        ),
    )
