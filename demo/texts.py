"""What the pages say besides procedures: notices, news, notes and words of regret."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from demo.procedures import Level, Procedure, headlines

LOCAL_TIME = timezone(timedelta(hours=7))
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
TROUBLES = (
    "Hệ thống không thể thực hiện yêu cầu của bạn vào lúc này.",
    "Không thể kết nối đến cơ sở dữ liệu.",
    "Dịch vụ tạm thời không khả dụng do lỗi máy chủ.",
    "Yêu cầu của bạn chưa được xử lý do hệ thống gặp lỗi không xác định.",
)


@dataclass(frozen=True, slots=True)
class Notice:
    """A box above the page; ``tone`` is calm, plain or grave."""

    title: str
    text: str
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Article:
    """A piece of news."""

    number: int
    title: str
    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A page of plain text."""

    heading: str
    paragraphs: Sequence[str]


SLOGAN = "Công khai, minh bạch, thuận tiện"
NOTES = {
    "login": Note(
        "Đăng nhập",
        (
            "Bạn có thể đăng nhập bằng tài khoản định danh điện tử do Bộ Công an cấp.",
            "Nếu chưa có tài khoản, hãy liên hệ công an xã, phường nơi cư trú để được hướng dẫn đăng ký.",
        ),
    ),
    "help": Note(
        "Hướng dẫn sử dụng",
        (
            "Bước 1: tìm thủ tục theo tên hoặc theo mã. Bước 2: xem thông tin chi tiết và chuẩn bị thành phần hồ sơ.",
            "Bước 3: đăng nhập và nộp hồ sơ. Bước 4: theo dõi kết quả bằng mã hồ sơ ghi trên giấy biên nhận.",
        ),
    ),
    "feedback": Note(
        "Phản ánh, kiến nghị",
        (
            "Người dân, doanh nghiệp gửi phản ánh, kiến nghị về quy định hành chính qua tổng đài 1022.",
            "Mức độ hài lòng được đánh giá sau khi hồ sơ có kết quả, bằng mã hồ sơ của bạn.",
        ),
    ),
}


def today_text(now: datetime) -> str:
    """The day in Vietnam as a page header shows it."""
    local = now.astimezone(LOCAL_TIME)
    return f"{_WEEKDAYS[local.weekday()]}, ngày {local:%d/%m/%Y}"


def works_notice(now: datetime) -> Notice:
    """What a portal says about maintenance, on the notice page and beforehand in a banner."""
    begins = now.astimezone(LOCAL_TIME) + timedelta(days=7)
    ends = begins + timedelta(days=1)
    return Notice(
        "Thông báo bảo trì, nâng cấp hệ thống",
        f"Cổng dịch vụ công tạm ngừng hoạt động để bảo trì, nâng cấp hệ thống từ 22h00 ngày {begins:%d/%m} đến "
        f"02h00 ngày {ends:%d/%m}. Trân trọng xin lỗi quý khách vì sự bất tiện này, vui lòng quay lại sau.",
    )


def under_works(now: datetime) -> Notice:
    """The notice of a portal that is under maintenance right now."""
    local = now.astimezone(LOCAL_TIME)
    return Notice(
        "Hệ thống đang bảo trì, nâng cấp",
        f"Cổng dịch vụ công tạm ngừng hoạt động để bảo trì, nâng cấp hệ thống từ {local:%Hh00} ngày {local:%d/%m}. "
        "Trân trọng xin lỗi quý khách vì sự bất tiện này, vui lòng quay lại sau.",
    )


def notices(names: frozenset[str], now: datetime) -> tuple[Notice, ...]:
    """The boxes of a portal with these banners, in a fixed order."""
    local = now.astimezone(LOCAL_TIME)
    made = {
        "trouble": Notice(
            "Cảnh báo gián đoạn thanh toán",
            "Do lỗi kết nối phía ngân hàng, một số hình thức thanh toán có thể gián đoạn hoặc không khả dụng trong hôm "
            "nay. Nếu màn hình báo “Đã xảy ra lỗi”, hồ sơ của quý khách vẫn được ghi nhận bình thường.",
            "grave",
        ),
        "notice": works_notice(now),
        "works": Notice(
            "Lịch nâng cấp",
            f"Hệ thống dự kiến được nâng cấp vào đêm {local + timedelta(days=6):%d/%m}, ngoài giờ hành chính.",
        ),
        "holiday": Notice(
            "Lịch nghỉ lễ",
            "Trong các ngày nghỉ lễ, hồ sơ nộp trực tuyến được tiếp nhận và giải quyết từ ngày làm việc kế tiếp.",
            "calm",
        ),
    }
    return tuple(notice for name, notice in made.items() if name in names)


def articles(now: datetime, rng: random.Random) -> tuple[Article, ...]:
    """Five pieces of news of the last weeks, newest first."""
    titles = rng.sample(headlines(), 5)
    days = sorted(now.astimezone(LOCAL_TIME).date() - timedelta(days=n) for n in rng.sample(range(1, 40), 5))[::-1]
    numbers = sorted(rng.sample(range(1_000, 9_000), 5))[::-1]
    return tuple(
        Article(number, title, day, f"{title}. Nội dung chi tiết được niêm yết tại bộ phận một cửa các cấp.")
        for number, title, day in zip(numbers, titles, days, strict=True)
    )


def alarming(latest: Article) -> Article:
    """A harmless article that sounds like an outage."""
    return Article(
        latest.number + 1,
        "Lỗi 500 khi nộp hồ sơ: nguyên nhân và cách khắc phục",
        latest.day,
        "Một số trình duyệt cũ báo lỗi 500 hoặc “Hệ thống gặp sự cố”; hãy cập nhật trình duyệt rồi thử lại.",
    )


def steps(procedure: Procedure) -> tuple[str, ...]:
    """How the procedure runs."""
    online = (
        "Nộp hồ sơ trực tuyến trên Cổng dịch vụ công hoặc trực tiếp tại bộ phận một cửa."
        if procedure.level is not Level.NONE
        else "Nộp hồ sơ trực tiếp tại bộ phận một cửa."
    )
    return (
        "Chuẩn bị thành phần hồ sơ theo quy định.",
        online,
        f"{procedure.agency} kiểm tra, thẩm định và giải quyết hồ sơ.",
        "Nhận kết quả theo hình thức đã chọn.",
    )


def documents(procedure: Procedure) -> tuple[str, ...]:
    """What has to be handed in."""
    return (
        f"Tờ khai theo mẫu của lĩnh vực {procedure.field}: 01 bản chính.",
        "Giấy tờ tùy thân của người nộp hồ sơ: xuất trình bản chính hoặc dữ liệu định danh điện tử.",
        "Giấy tờ chứng minh nội dung đề nghị: 01 bản sao có chứng thực.",
    )
