import pytest
from hypothesis import given, strategies as st

from agent.model import Cause
from probes.net import pages
from probes.net.outline import outline
from probes.net.pages import classify

NAV = "<nav>" + "".join(f'<a href="/{n}">Mục {n}</a>' for n in range(8)) + "</nav>"
SERVICES = "".join(f'<li><a href="/thu-tuc/{n}">Đăng ký khai sinh lưu động số {n}</a></li>' for n in range(12))
FILLER = "<p>" + "Người dân nộp hồ sơ trực tuyến và theo dõi kết quả ngay trên cổng. " * 12 + "</p>"


def page(main: str, *, title: str = "Cổng dịch vụ công tỉnh An Giang", head: str = "", around: str = NAV) -> str:
    return (
        f"<!doctype html><html lang=vi><head><meta charset=utf-8><title>{title}</title>{head}</head><body>"
        f"<header><h1>Cổng dịch vụ công</h1>{around}</header><main>{main}</main>"
        "<footer><p>Bản quyền thuộc về Ủy ban nhân dân</p></footer></body></html>"
    )


ERROR_PAGES = {
    "heading": page("<h2>Đã xảy ra lỗi</h2><p>Vui lòng thử lại sau.</p>"),
    "heading with apology": page("<h1>Rất tiếc, hệ thống đang gặp sự cố. Vui lòng quay lại sau!</h1>"),
    "heading with a place": page("<h2>Có lỗi xảy ra trong quá trình xử lý yêu cầu</h2><a href='/'>Trang chủ</a>"),
    "system error": "<html><title>Lỗi hệ thống</title><body><p>Mã lỗi: 7F21</p></body></html>",
    "in an alert": "<body><div class='alert alert-danger'><h4>Lỗi</h4>Đang bận.</div><h1>Đã có lỗi xảy ra</h1>",
    "busy": "<html><head><title>Báo</title></head><body><h1>Hệ thống đang quá tải</h1></body></html>",
    "nginx": "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr>",
    "apache": "<title>500 Internal Server Error</title><h1>Internal Server Error</h1><p>The server met an error.</p>",
    "tomcat": "<title>HTTP Status 500 – Internal Server Error</title><h1>HTTP Status 500 – Internal Server Error</h1>"
    "<p>" + "at org.apache.Filter.doFilter(Filter.java:1) " * 120 + "</p>",
    "asp.net": "<title>Runtime Error</title><h1>Server Error in '/portaldvc' Application.</h1><h2>Runtime Error</h2>",
    "plain text": "Service Unavailable",
    "number first": page("<h1>500</h1><p>Máy chủ gặp sự cố khi xử lý.</p>"),
}


@pytest.mark.parametrize("text", ERROR_PAGES.values(), ids=ERROR_PAGES)
def test_it_sees_an_error_page_behind_status_200(text: str) -> None:
    assert classify(200, text) is Cause.ERROR_PAGE


HEALTHY = {
    "home": page(f"<h2>Dịch vụ nổi bật</h2><ul>{SERVICES}</ul>"),
    "warning banner": page(
        "<div class='banner'>Lỗi: dịch vụ thanh toán gián đoạn, không khả dụng. Hệ thống gặp sự cố.</div>"
        f"<h2>Dịch vụ nổi bật</h2><ul>{SERVICES}</ul>"
    ),
    "heading in an alert": page(
        f"<div role='alert'><h2>Hệ thống đang gặp sự cố</h2></div><h2>Dịch vụ</h2><ul>{SERVICES}</ul>"
    ),
    "news about an error": page(f"<h1>Lỗi 500 khi nộp hồ sơ: cách xử lý</h1>{FILLER}"),
    "short news about an error": page("<h1>Lỗi 500 khi nộp hồ sơ và cách xử lý</h1><p>Hãy xóa bộ nhớ đệm.</p>"),
    "short news about an outage": page("<h1>Lỗi hệ thống thanh toán trực tuyến ngày 05/4</h1><p>Đã khắc phục.</p>"),
    "list of news": page(f"<h2>Tin tức</h2><h3>Đã xảy ra lỗi</h3><ul>{SERVICES}</ul>"),
    "no result": page(
        "<h1>Tra cứu thủ tục</h1><form><input name=q><button>Tìm</button></form><p>Không có kết quả.</p>"
    ),
    "maintenance next week": page(
        "<div class='notice'>Thông báo: hệ thống sẽ tạm dừng để bảo trì từ 22h00 ngày 05/04.</div>"
        f"<h2>Dịch vụ</h2><ul>{SERVICES}</ul>"
    ),
    "announcement": page("<h1>Thông báo lịch bảo trì hệ thống tuần sau</h1><p>Từ 22h00 đến 02h00.</p>"),
    "announcement, bare": page("<h1>Hệ thống sẽ tạm dừng để bảo trì ngày 05/04</h1>", around=""),
    "named announcement": page("<h1>Thông báo bảo trì hệ thống</h1><p>Thời gian: 22h00 ngày 05/04.</p>"),
    "captcha in the footer": page(f"<h2>Dịch vụ</h2><ul>{SERVICES}</ul>").replace(
        "<footer>", "<footer><form><input name=y-kien><img src=/captcha.png><input name=captcha></form>"
    ),
    "feedback form": page(
        "<h1>Góp ý</h1><form><input name=ten><textarea></textarea><label>Nhập mã xác nhận trong hình</label>"
        "<img src=/captcha><input name=captcha></form>"
    ),
    "log-in with captcha": page(
        "<h1>Đăng nhập</h1><form><input name=u><input type=password><p>Nhập mã trong hình để tiếp tục</p>"
        "<img src=captcha.png><input name=captcha></form>"
    ),
    "help on captcha": page(f"<h1>Mã xác nhận là gì?</h1>{FILLER}<p>Chứng minh bạn không phải robot.</p>"),
    "shell": "<!doctype html><title>DVC</title><body><app-root>Đang tải...</app-root><script src=/main.js></script>",
    "shell with a banner": "<title>Cổng DVC</title><div id=b>Hệ thống đang bảo trì thanh toán</div><div id=app></div>"
    "<script src=/main.js></script>",
    "shell with noscript": "<title>DVC</title><noscript><h1>Lỗi hệ thống</h1></noscript><app-root></app-root>",
    "hidden error": page(f"<div hidden><h1>Đã xảy ra lỗi</h1></div><h2>Dịch vụ</h2><ul>{SERVICES}</ul>"),
    "template": page("<template><h1>Đã xảy ra lỗi</h1></template><h1>Trang chủ</h1>"),
    "empty": "",
    "a number": page("<h1>500 thủ tục hành chính</h1><p>Tất cả đều trực tuyến.</p>"),
}


@pytest.mark.parametrize("text", HEALTHY.values(), ids=HEALTHY)
def test_it_leaves_a_healthy_page_alone(text: str) -> None:
    assert classify(200, text) is None


MAINTENANCE = {
    "now": page("<h1>Hệ thống đang bảo trì</h1><p>Mời quay lại sau 02h00.</p>"),
    "name alone": page("<h1>Bảo trì hệ thống</h1>", around=""),
    "paused": "<title>Thông báo</title><h2>Cổng tạm dừng phục vụ để bảo trì, nâng cấp</h2><p>Xin cảm ơn.</p>",
    "without a heading": "<title>DVC</title><p>Hệ thống đang được bảo trì. Xin quay lại sau.</p>",
    "english": "<h1>Site under maintenance</h1>",
}


@pytest.mark.parametrize("text", MAINTENANCE.values(), ids=MAINTENANCE)
@pytest.mark.parametrize("status", [200, 503])
def test_it_sees_a_maintenance_notice(status: int, text: str) -> None:
    assert classify(status, text) is Cause.MAINTENANCE_PAGE


def test_it_takes_a_503_that_speaks_of_maintenance_ahead_for_a_notice() -> None:
    assert classify(503, page("<h1>Thông báo</h1><p>Cổng sẽ bảo trì đến 02h00.</p>")) is Cause.MAINTENANCE_PAGE


def test_it_does_not_take_a_servers_own_503_for_maintenance() -> None:
    text = "<h1>Service Unavailable</h1><p>Temporarily unable to serve due to maintenance downtime or load.</p>"
    assert classify(503, text) is Cause.HTTP_STATUS


CHALLENGES = {
    "robot": page("<h1>Xác nhận bạn không phải là robot</h1><img src=/c.png><input name=ma><button>Gửi</button>"),
    "widget": page("<p>Vui lòng xác minh bạn là con người</p><div class=g-recaptcha data-sitekey=x></div>"),
    "codes": page("<form><p>Nhập mã trong hình để tiếp tục</p><img src=/captcha.jpg><input name=captcha></form>"),
    "english": "<title>Security check</title><h1>Verify you are human</h1>",
}


@pytest.mark.parametrize("text", CHALLENGES.values(), ids=CHALLENGES)
@pytest.mark.parametrize("status", [200, 403])
def test_it_sees_a_captcha_that_stands_in_the_way(status: int, text: str) -> None:
    assert classify(status, text) is Cause.CAPTCHA


WALLS = {
    "browser check": "<title>Just a moment...</title><h1>dvc.gov.vn</h1><script src=/cdn.js></script>",
    "rejected": "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected."
    " Your support ID is: 123</body></html>",
    "denied": "<title>Access Denied</title><h1>Access Denied</h1><p>You don't have permission.</p>",
    "vietnamese": page("<h1>Truy cập của bạn đã bị chặn</h1><p>Yêu cầu không hợp lệ.</p>"),
}


@pytest.mark.parametrize("text", WALLS.values(), ids=WALLS)
@pytest.mark.parametrize("status", [200, 403])
def test_it_sees_a_web_application_firewall(status: int, text: str) -> None:
    assert classify(status, text) is Cause.WAF


@pytest.mark.parametrize("status", [400, 404, 429, 500, 502])
def test_it_calls_an_unexplained_error_status_by_its_name(status: int) -> None:
    assert classify(status, page("<h1>Không tìm thấy trang</h1>")) is Cause.HTTP_STATUS


HOSTILE = [
    "<",
    "<a ",
    "<a b='",
    "</",
    "<!--",
    "<?",
    "<!",
    "<![CDATA[",
    "&#",
    "<div>",
    "<svg>",
    "<script>",
    "<h1>",
    "\0",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_it_reads_hostile_markup_to_the_end(piece: str) -> None:
    """Python's parser alone takes minutes for some of these; a hang is this test's failure."""
    assert classify(200, piece * (300_000 // len(piece))) is None


MARKUP = st.sampled_from(
    [*HOSTILE, "</div>", "<title>", "</title>", "</h1>", "<main>", ">", "-->", "lỗi hệ thống", '"']
)


@given(st.integers(100, 599), st.one_of(st.text(), st.lists(st.one_of(MARKUP, st.text(max_size=5))).map("".join)))
def test_it_never_raises_whatever_the_text(status: int, text: str) -> None:
    assert classify(status, text) in {
        None,
        Cause.HTTP_STATUS,
        Cause.ERROR_PAGE,
        Cause.MAINTENANCE_PAGE,
        Cause.CAPTCHA,
        Cause.WAF,
    }


@given(st.lists(st.one_of(MARKUP, st.text(max_size=5))).map("".join))
def test_it_counts_no_more_in_the_main_part_than_on_the_page(text: str) -> None:
    seen = outline(text)
    assert seen.links <= seen.all_links


def test_it_tells_the_main_part_from_what_surrounds_it() -> None:
    seen = outline(page("<h2>Dịch vụ <b>công</b></h2><p>Một   hai</p><a href=/x>ba</a><input name=q>"))
    assert (seen.headings, seen.body, seen.links, seen.all_links, seen.fields) == (
        ("dịch vụ công",),
        "dịch vụ công một hai ba",
        1,
        9,
        1,
    )


LINKS = "".join(f'<li><a href="/thu-tuc/{number}">Thủ tục {number}</a></li>' for number in range(20))


def test_it_takes_a_full_main_part_for_a_page_without_reading_it():
    page = f"<title>Cổng dịch vụ công</title><main><h1>Lỗi 500 là gì</h1><ul>{LINKS}</ul></main>"
    assert pages._plainly_whole(page)
    assert classify(200, page) is None


@pytest.mark.parametrize(
    "around",
    ["<nav>{}</nav>", "<footer>{}</footer>", "<aside>{}</aside>", "<!--{}-->", "<template>{}</template>", "<nav>{}"],
)
def test_it_does_not_take_a_menu_for_a_full_page(around):
    page = f"<title>Lỗi</title><main><h1>Đã xảy ra lỗi hệ thống</h1>{around.format(LINKS)}</main>"
    assert not pages._plainly_whole(page)
    assert classify(200, page) is Cause.ERROR_PAGE


def test_it_reads_every_page_with_an_error_status():
    assert classify(500, f"<main>{LINKS}</main>") is Cause.HTTP_STATUS
