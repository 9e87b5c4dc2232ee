"""Family ``liferay``: portlets, several on a page, their state in the query; slow."""

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

KEYED = r"^/web/guest/eform$"
ONWARD = press("button onward", ids=("_nophoso_WAR_dvcportlet_tiep",), text=wording("tiếp theo"), place=nothing)
SUBMIT = press("submit button", ids=("_nophoso_WAR_dvcportlet_nop",), text=wording("nộp hồ sơ"), place=nothing)


class Liferay(CataloguePages):
    """Page object of the family."""

    family = Family(
        home_path="/web/guest/home",
        home=front(r"^/web/guest/home$"),
        results=results(r"^/web/guest/bo-thu-tuc$"),
        procedure=sheet_page(r"^/web/guest/thu-tuc$"),
        detail_links="main a[href*='p_p_id=thutuc_WAR_dvcportlet']",
        box=search_box("_danhsach_WAR_dvcportlet_tuKhoa", "_danhsach_WAR_dvcportlet_keywords"),
        button=search_button("_danhsach_WAR_dvcportlet_tim", "_danhsach_WAR_dvcportlet_submit"),
        sheet=Sheet(
            code=("_thutuc_WAR_dvcportlet_ma", "_thutuc_WAR_dvcportlet_code"),
            fee=("_thutuc_WAR_dvcportlet_lePhi", "_thutuc_WAR_dvcportlet_fee"),
            time_limit=("_thutuc_WAR_dvcportlet_thoiHan", "_thutuc_WAR_dvcportlet_duration"),
            level=("_thutuc_WAR_dvcportlet_mucDo", "_thutuc_WAR_dvcportlet_level"),
        ).controls(),
        inside=Inside(
            login_path="/web/guest/dang-nhap",
            login=login_page(r"^/web/guest/dang-nhap$"),
            lookup_path="/web/guest/tra-cuu?p_p_id=tracuu_WAR_dvcportlet&p_p_lifecycle=0&p_p_state=normal&p_p_mode=view",
            lookup=lookup_page(r"^/web/guest/tra-cuu$"),
            feedback_path="/web/guest/danh-gia?p_p_id=danhgia_WAR_dvcportlet&p_p_lifecycle=0",
            mine_path="/web/guest/ho-so-cua-toi?p_p_id=hosocuatoi_WAR_dvcportlet&p_p_lifecycle=0",
            mine=mine_page(r"^/web/guest/ho-so-cua-toi$"),
            store=store_page(r"^/web/guest/kho-giay-to$"),
            form=Form(
                screens=(
                    part("information", KEYED, "textarea"),
                    part("attachments", KEYED, "input[type=file]"),
                    part("fee", KEYED, "input[type=checkbox]"),
                ),
                onward=(ONWARD, ONWARD, SUBMIT),
                attachments=1,
                fee=2,
                done=result(r"^/web/guest/"),
            ),
        ),
    )
