"""Family ``linked``: routes behind the number sign; the result names a dossier and a day, and no success."""

from probes.platforms.entrance import login_page
from probes.platforms.form import Form, part, result
from probes.platforms.lookup import lookup_page
from probes.platforms.mine import mine_page
from probes.platforms.named import nothing, press, wording
from probes.platforms.pages import (
    CataloguePages,
    Family,
    Inside,
    Sheet,
    front,
    results,
    search_box,
    search_button,
    sheet_page,
)
from probes.platforms.shelf import store_page

KEYED = r"^/#/ke-khai/[^/]+"
"""What stands behind the code does not tell the screens apart: a visitor who comes back is led on without it."""
ONWARD = press("button onward", ids=("luu-to-khai",), text=wording("tiếp theo"), place=nothing)
SUBMIT = press(
    "submit button", ids=("gui-to-khai",), text=wording("nộp hồ sơ", "gửi hồ sơ", "gửi tờ khai"), place=nothing
)


class Linked(CataloguePages):
    """Page object of the family."""

    family = Family(
        home_path="/#/",
        home=front(r"^/(#/)?$"),
        results=results(r"^/#/thu-tuc($|\?)"),
        procedure=sheet_page(r"^/#/thu-tuc/"),
        detail_links="main a[href^='/#/thu-tuc/']",
        box=search_box("tu-khoa-tim", "txtSearch"),
        button=search_button("nut-tim", "btnFind"),
        sheet=Sheet(
            code=("tt-ma", "spCode"),
            fee=("tt-le-phi", "spFee"),
            time_limit=("tt-thoi-han", "spTime"),
            level=("tt-muc-do", "spLevel"),
        ).controls(),
        inside=Inside(
            login_path="/#/dang-nhap",
            login=login_page(r"^/#/dang-nhap"),
            lookup_path="/#/tra-cuu",
            lookup=lookup_page(r"^/#/tra-cuu"),
            feedback_path="/#/danh-gia",
            mine_path="/#/ho-so",
            mine=mine_page(r"^/#/ho-so"),
            store=store_page(r"^/#/kho"),
            form=Form(
                screens=(
                    part("information", KEYED, "textarea"),
                    part("fee", KEYED, "input[type=checkbox]"),
                ),
                onward=(ONWARD, SUBMIT),
                attachments=0,
                fee=1,
                done=result(r"^/#/"),
            ),
        ),
    )
