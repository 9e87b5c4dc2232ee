"""What no picture of a page may show: passwords, personal data, known secrets."""

import re
from collections.abc import AsyncIterator, Iterable

from playwright.async_api import Frame, Locator, Page

from agent.guard.forms import SHORTEST

MOST_FRAMES = 20

NAMES = (
    "username", "user_name", "tendangnhap", "ten_dang_nhap", "taikhoan", "tai_khoan",
    "pass", "matkhau", "mat_khau", "mat-khau", "pin", "otp",
    "hoten", "ho_ten", "ho-ten", "hovaten", "fullname", "full_name", "full-name", "nguoinop", "nguoi_nop", "chuho",
    "cccd", "cmnd", "dinhdanh", "dinh_danh", "dinh-danh", "identity", "citizen", "hochieu", "passport",
    "ngaysinh", "ngay_sinh", "ngay-sinh", "birth", "dob",
    "diachi", "dia_chi", "dia-chi", "thuongtru", "tamtru", "address",
    "dienthoai", "dien_thoai", "dien-thoai", "phone", "mobile", "sdt",
    "email", "e-mail", "thudientu", "masothue", "ma_so_thue", "ma-so-thue", "mst", "tax",
)  # fmt: skip
"""Parts of a field's name or id."""

AUTOCOMPLETE = (
    "name", "given-name", "family-name", "additional-name", "username", "password", "one-time-code", "bday", "sex",
    "address", "postal-code", "tel", "email",
)  # fmt: skip

LABELS = re.compile(
    r"họ\s*(và|,)?\s*(chữ đệm|tên)|căn cước|cccd|cmnd|chứng minh (nhân dân|thư)|định danh|hộ chiếu|ngày sinh|"
    r"ngày,? tháng,? năm sinh|địa chỉ|thường trú|tạm trú|nơi ở|điện thoại|e-?mail|thư điện tử|mã số thuế|mật khẩu|"
    r"mã pin|full name|date of birth|address|phone|password|tax (code|number)",
    re.IGNORECASE,
)

CONTROLS = ("input", "textarea", "select", "[contenteditable]:not([contenteditable=false])", "[role=textbox]")
NOT_TYPED = ("hidden", "submit", "button", "reset", "image", "checkbox", "radio")
"""Kinds of input in which nobody types."""


ROWS = "tr, li, dd, .form-group, .form-row, .form-item, .field"
"""What holds a field and its label where nothing in the page says that they belong together."""

READ_VALUES = "all => all.slice(0, 1000).map(one => String(one.value ?? ''))"


async def masks(page: Page, secrets: Iterable[str], *, private: bool) -> list[Locator]:
    """What to black out on a page; with ``private`` every field in which something could stand."""
    longest_first = sorted({secret for secret in secrets if len(secret) >= SHORTEST}, key=len, reverse=True)
    frames = page.frames[:MOST_FRAMES]
    return [locator for frame in frames async for locator in _of(frame, longest_first, private=private)]


async def _of(frame: Frame, secrets: list[str], *, private: bool) -> AsyncIterator[Locator]:
    fields = frame.locator(FIELDS)
    if private:
        yield fields
    else:
        yield frame.locator(PERSONAL)
        yield frame.get_by_label(LABELS)
        yield frame.get_by_placeholder(LABELS)
        yield frame.locator(ROWS).filter(has_text=LABELS).locator(FIELDS)
        # Compared here: what a page is handed to compare, it knows.
        for number, value in enumerate(await fields.evaluate_all(READ_VALUES)):
            if any(secret in value for secret in secrets):
                yield fields.nth(number)
    if secrets:
        yield frame.get_by_text(re.compile("|".join(map(_literal, secrets)), re.IGNORECASE))


def _literal(secret: str) -> str:
    """A pattern for JavaScript, which sees a text with its white space folded."""
    return r"\s".join(re.sub(r"([^\w\s])", r"\\\1", word) for word in secret.split())


def _having(attribute: str, parts: Iterable[str]) -> str:
    return ",".join(f'[{attribute}*="{part}" i]' for part in parts)


_TYPED = "".join(f":not([type={kind} i])" for kind in NOT_TYPED)
FIELDS = f":is({','.join(CONTROLS)}){_TYPED}"
PERSONAL = (
    f"{FIELDS}:is([type=password i],[type=email i],[type=tel i],{_having('name', NAMES)},{_having('id', NAMES)},"
    f"{_having('autocomplete', AUTOCOMPLETE)},{_having('placeholder', NAMES)})"
)
