"""Family ``tiepnhan``: pages rendered on the server.

A middle and a last step may share a button's id and label: only the path tells pages apart, so every
landmark carries one.
"""

import re

from probes.browser.stage import Landmark
from probes.platforms.pages import CataloguePages, Family, Sheet, home, procedure, search_box, search_button


class Tiepnhan(CataloguePages):
    """Page object of the family."""

    family = Family(
        home_path="/",
        home=home(r"^/$"),
        results=Landmark(
            name="results",
            path=re.compile(r"^/dichvucong/bothutuc"),
            find=lambda page: page.locator("main").get_by_role("status").filter(has_text=re.compile(r"\w")),
        ),
        procedure=procedure(r"^/dichvucong/thutuc/"),
        detail_links="main :is(table, ul) a[href^='/dichvucong/thutuc/']",
        box=search_box("txtTuKhoa", "tu-khoa", "keyword"),
        button=search_button("btnTimKiem", "nut-tim-kiem", "btnSearch"),
        sheet=Sheet(
            code=("lblMaThuTuc", "ma-thu-tuc", "maTTHC"),
            fee=("lblLePhi", "le-phi", "phiLePhi"),
            time_limit=("lblThoiHan", "thoi-han", "thoiGianGiaiQuyet"),
            level=("lblMucDo", "muc-do", "mucDo"),
        ).controls(),
    )
