"""Family ``formio``: an application in the browser over a JSON API; routes change before their content does."""

import re

from probes.browser.stage import Landmark
from probes.platforms.pages import CataloguePages, Family, exactly, field, search_box, search_button, words

WHOLE = "body:has(nav[aria-label='Menu chính']) main h1"


class Formio(CataloguePages):
    """Page object of the family."""

    family = Family(
        home_path="/vi/home",
        home=Landmark(
            name="home",
            path=re.compile(r"^/(vi(/home)?)?$"),
            find=lambda page: page.locator(WHOLE).filter(has_text=words("cổng dịch vụ công", "dịch vụ công")),
        ),
        results=Landmark(
            name="results",
            path=re.compile(r"^/vi/procedure/search"),
            find=lambda page: page.locator("main h1 ~ [role=status]").filter(has_text=re.compile(r"\w")),
        ),
        procedure=Landmark(
            name="procedure",
            path=re.compile(r"^/vi/procedure/detail/[0-9a-f]{24}"),
            find=lambda page: page.locator("main h2").filter(has_text=words("trình tự thực hiện")),
        ),
        detail_links="main :is(table, ul) a[href^='/vi/procedure/detail/']",
        box=search_box(
            ("mat-input-0", "searchKeyword"),
            words("từ khóa", "tên thủ tục", "nhập tên thủ tục", "mã thủ tục"),
        ),
        button=search_button(("btn-search", "searchButton"), exactly("tìm kiếm", "tra cứu", "tìm")),
        code=field(
            "code",
            ids=("procedure-code", "detailCode"),
            label=words("mã thủ tục", "mã tthc", "mã số thủ tục"),
            looks_like=r"^\s*\d\.\d{6}",
        ),
        fee=field(
            "fee",
            ids=("procedure-fee", "detailFee"),
            label=words("lệ phí", "phí"),
            looks_like=r"\d đồng|^\s*không|miễn phí",
        ),
        time_limit=field(
            "time limit",
            ids=("procedure-time", "detailProcessingTime"),
            label=words("thời hạn", "thời gian giải quyết"),
            looks_like=r"\d+ (ngày|giờ)|trong ngày",
        ),
        level=field(
            "level",
            ids=("procedure-level", "detailLevel"),
            label=words("mức độ"),
            looks_like="toàn trình|một phần|mức độ ?[1-4]",
        ),
    )
