"""Family ``tiepnhan``: pages rendered on the server.

A middle and a last step may share a button's id and label: only the path tells pages apart, so every
landmark carries one.
"""

import re

from probes.browser.stage import Landmark
from probes.platforms.entrance import login_page
from probes.platforms.form import Form, result, screen
from probes.platforms.lookup import lookup_page
from probes.platforms.mine import mine_page
from probes.platforms.named import press, wording
from probes.platforms.pages import CataloguePages, Family, Inside, Sheet, home, procedure, search_box, search_button
from probes.platforms.shelf import store_page

ONWARD = press(
    "button onward",
    ids=("btnDongYTiepTuc",),
    text=wording("đồng ý và tiếp tục"),
    place=lambda page: page.locator("main form .actions button[type=submit]"),
)


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
        inside=Inside(
            login_path="/dang-nhap",
            login=login_page(r"^/dang-nhap$"),
            lookup_path="/dichvucong/tracuu",
            lookup=lookup_page(r"^/dichvucong/tracuu"),
            feedback_path="/phan-anh-kien-nghi",
            mine_path="/ho-so-cua-toi",
            mine=mine_page(r"^/ho-so-cua-toi"),
            store=store_page(r"^/kho-du-lieu"),
            form=Form(
                screens=(
                    screen("information", r"/nhap-thong-tin-ho-so$", "thông tin người nộp"),
                    screen("fee", r"/nhap-le-phi-ho-so$", "lệ phí"),
                ),
                onward=(ONWARD, ONWARD),
                attachments=0,
                fee=1,
                done=result(r"/tiep-nhan-online/hoan-thanh"),
            ),
        ),
    )
