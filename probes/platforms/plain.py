"""Family ``plain``: no step in the path, only the server knows where one is."""

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

KEYED = r"^/nop-ho-so$"
ONWARD = press("button onward", ids=("btnLuu",), text=wording("lưu"), place=nothing)
SUBMIT = press("submit button", ids=("btnLuuVaNop",), text=wording("lưu và nộp hồ sơ"), place=nothing)


class Plain(CataloguePages):
    """Page object of the family."""

    family = Family(
        home_path="/trang-chu",
        home=front(r"^/trang-chu$"),
        results=results(r"^/thu-tuc-hanh-chinh$"),
        procedure=sheet_page(r"^/thu-tuc-hanh-chinh/\d+$"),
        detail_links="main a[href^='/thu-tuc-hanh-chinh/']",
        box=search_box("q", "tenThuTuc"),
        button=search_button("tim-nut", "nutTim"),
        sheet=Sheet(
            code=("ma", "ma_tt"), fee=("phi", "le_phi"), time_limit=("han", "thoi_han"), level=("muc", "muc_do")
        ).controls(),
        inside=Inside(
            login_path="/dang-nhap",
            login=login_page(r"^/dang-nhap$"),
            lookup_path="/tra-cuu-ho-so",
            lookup=lookup_page(r"^/tra-cuu-ho-so$"),
            feedback_path="/danh-gia-gop-y",
            mine_path="/ca-nhan/ho-so",
            mine=mine_page(r"^/ca-nhan/ho-so$"),
            store=store_page(r"^/giay-to$"),
            form=Form(
                screens=(
                    part("information", KEYED, "textarea"),
                    part("attachments", KEYED, "input[type=file]"),
                    part("fee", KEYED, "input[type=checkbox]"),
                ),
                onward=(ONWARD, ONWARD, SUBMIT),
                attachments=1,
                fee=2,
                done=result(r"^/nop-ho-so/ket-qua$"),
            ),
        ),
    )
