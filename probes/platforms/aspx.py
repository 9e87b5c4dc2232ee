"""Family ``aspx``: every action posts the one form of the page back; only their parts tell screens apart."""

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

BODY = "ctl00_ContentPlaceHolder1_"
KEYED = r"^/portaldvc/NopHoSo/kekhai\.aspx$"
ONWARD = press("button onward", ids=(f"{BODY}btnTiepTuc",), text=wording("tiếp tục"), place=nothing)
SUBMIT = press("submit button", ids=(f"{BODY}btnNopHoSo",), text=wording("nộp hồ sơ"), place=nothing)


class Aspx(CataloguePages):
    """Page object of the family."""

    family = Family(
        home_path="/portaldvc/Home/default.aspx",
        home=front(r"^/portaldvc/Home/default\.aspx$"),
        results=results(r"^/portaldvc/ThuTuc/default\.aspx$"),
        procedure=sheet_page(r"^/portaldvc/ThuTuc/chitiet\.aspx$"),
        detail_links="main a[href*='/ThuTuc/chitiet.aspx']",
        box=search_box(f"{BODY}txtTuKhoa", f"{BODY}ucTimKiem_txtTen", where="main .pnl-search"),
        button=search_button(f"{BODY}btnTimKiem", f"{BODY}ucTimKiem_btnTim", where="main .pnl-search"),
        sheet=Sheet(
            code=(f"{BODY}lblMaThuTuc", f"{BODY}ucChiTiet_ltrMa"),
            fee=(f"{BODY}lblLePhi", f"{BODY}ucChiTiet_ltrPhi"),
            time_limit=(f"{BODY}lblThoiHan", f"{BODY}ucChiTiet_ltrThoiGian"),
            level=(f"{BODY}lblMucDo", f"{BODY}ucChiTiet_ltrMucDo"),
        ).controls(),
        inside=Inside(
            login_path="/portaldvc/Account/login.aspx",
            login=login_page(r"^/portaldvc/Account/login\.aspx$"),
            lookup_path="/portaldvc/TraCuu/default.aspx",
            lookup=lookup_page(r"^/portaldvc/TraCuu/default\.aspx$"),
            feedback_path="/portaldvc/GopY/default.aspx",
            mine_path="/portaldvc/HoSo/default.aspx",
            mine=mine_page(r"^/portaldvc/HoSo/default\.aspx$"),
            store=store_page(r"^/portaldvc/KhoDuLieu/default\.aspx$"),
            form=Form(
                screens=(
                    part("information", KEYED, "textarea"),
                    part("fee", KEYED, "a[href*='thanhtoan']"),
                    part("declaration", KEYED, "input[type=checkbox]"),
                ),
                onward=(ONWARD, ONWARD, SUBMIT),
                attachments=0,
                fee=1,
                done=result(r"^/portaldvc/NopHoSo/ketqua\.aspx$"),
            ),
        ),
    )
