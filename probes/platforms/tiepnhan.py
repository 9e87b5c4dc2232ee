"""Family ``tiepnhan``: pages rendered on the server.

A middle and a last step may share a button's id and label: only the path tells pages apart, so every
landmark carries one.
"""

import re

from probes.browser.stage import Landmark
from probes.platforms.pages import CataloguePages, Family, exactly, field, search_box, search_button, words

WHOLE = "body:has(nav[aria-label='Menu chính']) main h1"


class Tiepnhan(CataloguePages):
    """Page object of the family."""

    family = Family(
        home_path="/",
        home=Landmark(
            name="home",
            path=re.compile(r"^/$"),
            find=lambda page: page.locator(WHOLE).filter(has_text=words("cổng dịch vụ công", "dịch vụ công")),
        ),
        results=Landmark(
            name="results",
            path=re.compile(r"^/dichvucong/bothutuc"),
            find=lambda page: page.locator("main").get_by_role("status").filter(has_text=re.compile(r"\w")),
        ),
        procedure=Landmark(
            name="procedure",
            path=re.compile(r"^/dichvucong/thutuc/"),
            find=lambda page: page.locator("main h2").filter(has_text=words("trình tự thực hiện")),
        ),
        detail_links="main :is(table, ul) a[href^='/dichvucong/thutuc/']",
        box=search_box(
            ("txtTuKhoa", "tu-khoa", "keyword"),
            words("từ khóa", "tên thủ tục", "nhập tên thủ tục", "mã thủ tục"),
        ),
        button=search_button(("btnTimKiem", "nut-tim-kiem", "btnSearch"), exactly("tìm kiếm", "tra cứu", "tìm")),
        code=field(
            "code",
            ids=("lblMaThuTuc", "ma-thu-tuc", "maTTHC"),
            label=words("mã thủ tục", "mã tthc", "mã số thủ tục"),
            looks_like=r"^\s*\d\.\d{6}",
        ),
        fee=field(
            "fee",
            ids=("lblLePhi", "le-phi", "phiLePhi"),
            label=words("lệ phí", "phí"),
            looks_like=r"\d đồng|^\s*không|miễn phí",
        ),
        time_limit=field(
            "time limit",
            ids=("lblThoiHan", "thoi-han", "thoiGianGiaiQuyet"),
            label=words("thời hạn", "thời gian giải quyết"),
            looks_like=r"\d+ (ngày|giờ)|trong ngày",
        ),
        level=field(
            "level",
            ids=("lblMucDo", "muc-do", "mucDo"),
            label=words("mức độ"),
            looks_like="toàn trình|một phần|mức độ ?[1-4]",
        ),
    )
