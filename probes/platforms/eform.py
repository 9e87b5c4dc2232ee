"""Family ``eform``: steps in one address; the last button has an id of its own, those before look alike."""

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

KEYED = r"^/nop-ho-so/\d+$"
ONWARD = press("button onward", ids=("kt_tiep-tuc",), text=wording("tiếp tục"), place=nothing)
SUBMIT = press("submit button", ids=("kt_gui-ho-so",), text=wording("gửi hồ sơ"), place=nothing)


class Eform(CataloguePages):
    """Page object of the family."""

    family = Family(
        home_path="/",
        home=front(r"^/$"),
        results=results(r"^/dich-vu-cong$"),
        procedure=sheet_page(r"^/dich-vu-cong/chi-tiet/\d+$"),
        detail_links="main a[href^='/dich-vu-cong/chi-tiet/']",
        box=search_box("kt_tu-khoa", "generalSearch"),
        button=search_button("kt_tim-kiem", "kt_search"),
        sheet=Sheet(
            code=("kt_ma", "kt_code"),
            fee=("kt_phi", "kt_fee"),
            time_limit=("kt_thoi-han", "kt_duration"),
            level=("kt_muc-do", "kt_level"),
        ).controls(),
        inside=Inside(
            login_path="/dang-nhap",
            login=login_page(r"^/dang-nhap$"),
            lookup_path="/tra-cuu",
            lookup=lookup_page(r"^/tra-cuu$"),
            feedback_path="/danh-gia",
            mine_path="/tai-khoan/ho-so",
            mine=mine_page(r"^/tai-khoan/ho-so$"),
            store=store_page(r"^/tai-khoan/kho-tai-lieu$"),
            form=Form(
                screens=(
                    part("information", KEYED, "textarea"),
                    part("attachments", KEYED, "input[type=file]"),
                    part("fee", KEYED, "a[href*='thanh-toan']"),
                    part("declaration", KEYED, "input[type=checkbox]"),
                ),
                onward=(ONWARD, ONWARD, ONWARD, SUBMIT),
                attachments=1,
                fee=2,
                done=result(r"^/nop-ho-so/hoan-tat$"),
            ),
        ),
    )
