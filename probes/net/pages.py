"""Is this page what was asked for, or an error, a maintenance notice, a challenge in its place? Pure.

Words alone never decide: portals report on errors, announce maintenance and explain their CAPTCHA on healthy pages.
A page counts as a notice when its title or a main heading *is* the notice and the main part holds little else.
"""

import re

from agent.model import Cause
from probes.net.outline import Outline, outline

_SERVER_ERROR = 500
_CLIENT_ERROR = 400
# Main parts of portal pages run to hundreds of words and dozens of links; notices rarely pass these.
_FEW_WORDS = 90
_FEW_CHARACTERS = 1_200
_FEW_LINKS = 6
_FEW_BARE_LINKS = 3
_MANY_LINKS = _FEW_LINKS + 1
_CHROME = ("script", "svg", "nav", "aside", "header", "footer", "dialog")

_TAIL = (
    r"(\s*([.!,:;|–—-]|…)\s*.*|\s+(khi|trong quá trình|trong khi) (xử lý|thực hiện|tải|truy cập|kết nối)\b.*"
    r"|\s+(xin|vui lòng|mời|please|rồi|từ máy chủ|máy chủ|nội bộ|hệ thống|không mong muốn|ngoài ý muốn)\b.*)?"
)
_ERROR = re.compile(
    r"((rất tiếc|xin lỗi|thông báo|oops|error|sorry)\s*[,!.:–-]?\s*)?"
    r"((đã )?(xảy ra|có|gặp|phát sinh) (một )?(lỗi|sự cố)( (đã )?xảy ra)?"
    r"|lỗi (đã )?xảy ra|lỗi (hệ thống|máy chủ|kết nối|nội bộ|xử lý|không xác định|ứng dụng)( nội bộ)?"
    r"|(hệ thống|máy chủ|dịch vụ|trang|cổng|ứng dụng)( \w+){0,3}? (đang |đã |tạm thời |hiện )*"
    r"(gặp (sự cố|lỗi)|quá tải|bận|bị lỗi|gián đoạn|không (khả dụng|phản hồi|hoạt động|truy cập được|sẵn sàng))"
    r"|không thể (kết nối|xử lý yêu cầu|truy cập|tải trang|hiển thị trang|phục vụ)"
    r"|(an )?(unexpected |internal |application |server )*error( has)? occurred|something went wrong"
    r"|(whitelabel|application|runtime|server) error( page)?"
    r"|service (is )?(temporarily )?unavailable|the service is unavailable)" + _TAIL
)
_SERVER_SAYS = re.compile(
    r"((http )?(error|status|lỗi|mã lỗi)?\s*[:–-]?\s*5\d\d\b\s*[-–—:|.]?\s*(error|lỗi)?\s*"
    r"((internal server|server) error|bad gateway|service (temporarily )?unavailable|gateway time-?out|lỗi máy chủ.*)?"
    r"|internal server error|bad gateway|gateway time-?out|server error in '.*"
    r"|lỗi 5\d\d\s*[-–—:|]\s*.*|5\d\d\s*[-–—:|].*)\.?"
)
_MAINTENANCE_NOW = re.compile(
    r"(?!.*\b(sẽ|dự kiến|lịch|kế hoạch|sắp|tuần (sau|tới)|ngày mai|upcoming|will be)\b)"
    r".*(đang (được |tạm |tiến hành )*(bảo trì|nâng cấp)|(tạm dừng|tạm ngừng|gián đoạn).*(bảo trì|nâng cấp)"
    r"|(under|down for|undergoing)( scheduled)? maintenance|maintenance mode).*"
)
_MAINTENANCE_NAME = re.compile(
    r"(thông báo\s*[:–-]?\s*)?(tạm (dừng|ngừng) .{0,40})?(bảo trì|nâng cấp)"
    r"( (hệ thống|cổng|dịch vụ|máy chủ|định kỳ))*[.!]?"
    r"|(scheduled |site )?maintenance[.!]?"
)
_MAINTENANCE_WORD = re.compile(r"bảo trì|bảo dưỡng|nâng cấp hệ thống|(under|scheduled|planned) maintenance")
_ROBOT = re.compile(
    r"(xác (nhận|minh|thực)|chứng minh|kiểm tra).{0,40}(không phải|là con người|người (thật|máy)|robot)"
    r"|không phải (là )?(robot|người máy|máy tự động)|(verify|confirm|prove).{0,20}(human|not a robot)"
    r"|are you (a )?(human|robot)"
    r"|nhập (mã|các ký tự|ký tự).{0,60}(tiếp tục|truy cập|trong (hình|ảnh))|security check|^captcha$"
)
_WAF = re.compile(
    r"just a moment.*|attention required.*|checking your browser.*|ddos protection.*"
    r"|access (to this page )?(is |has been )?(denied|blocked).*"
    r"|request (rejected|blocked).*|(the requested url|yêu cầu)( \w+){0,3} (was rejected|đã bị (từ chối|chặn)).*"
    r"|(truy cập|địa chỉ ip|ip)( \w+){0,4} bị (chặn|từ chối).*|web application firewall.*"
    r"|.*\btường lửa (ứng dụng|web)\b.*"
    r"|.*\b(incident|support) id( is)?\s*[:#].*"
)


def _signs(page: Outline) -> tuple[str, ...]:
    """What a visitor reads first. The first block counts only where no script may fill the page later."""
    lead = () if page.scripted or page.headings else (page.lead,)
    return tuple(sign for sign in (page.title, *page.headings[:3], *lead) if sign)


def _sparse(page: Outline) -> bool:
    return page.words <= _FEW_WORDS and page.links <= _FEW_LINKS and len(page.body) < _FEW_CHARACTERS


def _bare(page: Outline) -> bool:
    return _sparse(page) and page.all_links <= _FEW_BARE_LINKS


def _challenge(page: Outline, signs: tuple[str, ...]) -> Cause | None:
    if not _sparse(page) or page.password:
        return None
    asks = any(_ROBOT.search(sign) for sign in signs)
    if asks or (page.captcha and page.fields <= 1 and _ROBOT.search(page.body)):
        return Cause.CAPTCHA
    lines = (*signs, page.lead)
    return Cause.WAF if any(_WAF.fullmatch(line) for line in lines if line) else None


def _maintenance(page: Outline, signs: tuple[str, ...], status: int) -> bool:
    if status >= _SERVER_ERROR:
        return _sparse(page) and any(_MAINTENANCE_WORD.search(text) for text in (*signs, page.body))
    if page.fields or not _sparse(page):
        return False
    named = _bare(page) and any(_MAINTENANCE_NAME.fullmatch(sign) for sign in signs)
    return named or any(_MAINTENANCE_NOW.fullmatch(sign) for sign in signs)


def _error(page: Outline, signs: tuple[str, ...]) -> bool:
    if page.fields:
        return False
    if any(_SERVER_SAYS.fullmatch(sign) for sign in signs):
        # Servers' own pages may carry a long trace, and no links.
        return page.links <= _FEW_LINKS and (_sparse(page) or page.all_links <= _FEW_BARE_LINKS)
    return _sparse(page) and any(_ERROR.fullmatch(sign) for sign in signs)


def _without(text: str, tag: str) -> str:
    """The text with each element of a tag cut out, or all the rest of it where one is never closed."""
    first, *pieces = text.split(f"<{tag}")
    return first + "".join(piece.partition(f"</{tag}>")[2] for piece in pieces)


def _plainly_whole(text: str) -> bool:
    """Whether the main part links to far more than a notice does: a page to be taken as one without a parse.

    Reading a page's outline costs more than fetching it, and nearly every page is healthy.
    """
    start, end = text.find("<main"), text.rfind("</main>")
    if start < 0 or end < start or "<!--" in text or "<template" in text:
        return False
    main = text[start:end]
    for tag in _CHROME:
        main = _without(main, tag)
    return main.count("<a ") > _MANY_LINKS


def classify(status: int, text: str) -> Cause | None:
    """What stands in the page's place, or None for a page that is one, an empty script-filled shell included.

    ``text`` is the page's source, decoded; any text will do. Gives CAPTCHA, WAF, MAINTENANCE_PAGE, ERROR_PAGE (a status
    below 400 that covers an error up), or HTTP_STATUS for a status from 400 on that nothing explains better.
    """
    if status < _CLIENT_ERROR and _plainly_whole(text):
        return None
    page = outline(text)
    signs = _signs(page)
    challenge = _challenge(page, signs)
    if challenge:
        return challenge
    if _maintenance(page, signs, status):
        return Cause.MAINTENANCE_PAGE if status < _CLIENT_ERROR or status >= _SERVER_ERROR else Cause.HTTP_STATUS
    if status >= _CLIENT_ERROR:
        return Cause.HTTP_STATUS
    return Cause.ERROR_PAGE if _error(page, signs) else None
