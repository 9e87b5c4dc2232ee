"""What forms, buttons and lists are called on a portal, drawn by seed; and what nobody has called them before."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace

from demo.faults import Fault


@dataclass(frozen=True, slots=True)
class Named:
    """An element's id and its label or text."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class _Habit:
    """How a family's programmers name elements: what stands before each id, and which columns of ids they use."""

    prefix: str = ""
    fashions: tuple[int, ...] = (0, 1, 2)


_HABITS: Mapping[str, _Habit] = {
    "aspx": _Habit("ctl00_ContentPlaceHolder1_", (2,)),
    "eform": _Habit("kt_", (1,)),
    "liferay": _Habit("_nophoso_WAR_dvcportlet_", (0, 2)),
}
_USUAL: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "phone": (
        ("soDienThoai", "so-dien-thoai", "txtDienThoai"),
        ("Số điện thoại", "Điện thoại liên hệ", "Số điện thoại liên hệ"),
    ),
    "email": (("email", "thuDienTu", "txtEmail"), ("Thư điện tử", "Email", "Địa chỉ thư điện tử")),
    "content": (
        ("noiDung", "noi-dung-de-nghi", "txtNoiDung"),
        ("Nội dung đề nghị", "Nội dung đề nghị giải quyết", "Nội dung yêu cầu"),
    ),
    "file": (("tepDinhKem", "tep-dinh-kem", "fileUpload"), ("Chọn tệp đính kèm", "Tệp đính kèm", "Đính kèm tệp tin")),
    "upload": (("btnTaiLen", "nut-tai-len", "btnUpload"), ("Tải lên", "Tải tệp lên", "Thêm tệp")),
    "choose": (
        ("taiLieuKho", "tai-lieu-kho", "ddlKhoDuLieu"),
        ("Tài liệu trong kho dữ liệu", "Giấy tờ trong kho dữ liệu điện tử"),
    ),
    "take": (
        ("btnLayTuKho", "nut-lay-tu-kho", "btnKho"),
        ("Lấy từ kho dữ liệu", "Chọn từ kho dữ liệu", "Dùng giấy tờ trong kho"),
    ),
    "delivery": (("hinhThucNhan", "hinh-thuc-nhan", "rdNhanKetQua"), ("Hình thức nhận kết quả", "Cách nhận kết quả")),
    "pay": (("btnThanhToan", "nut-thanh-toan", "lnkThanhToan"), ("Thanh toán trực tuyến", "Thanh toán phí, lệ phí")),
    "agree": (
        ("camDoan", "cam-doan", "chkCamDoan"),
        ("Tôi cam đoan những lời khai là đúng", "Tôi xin chịu trách nhiệm về nội dung kê khai"),
    ),
    "lookup": (("ma-ho-so", "maHoSo", "txtMaHoSo"), ("Mã hồ sơ", "Mã số hồ sơ", "Số hồ sơ")),
    "find": (("btnTraCuu", "nut-tra-cuu", "btnLookup"), ("Tra cứu", "Tra cứu hồ sơ", "Xem tình trạng")),
    "sign": (("btnKySo", "ky-so", "lnkKySo"), ("Ký số", "Ký số tài liệu", "Thực hiện ký số")),
    "remove": (("btnXoa", "xoa-tai-lieu", "lnkXoa"), ("Xóa", "Xóa tài liệu", "Xoá bỏ")),
    "fetch": (("lnkTaiVe", "tai-ve", "btnDownload"), ("Tải về", "Tải xuống", "Tải tài liệu")),
    "rate": (("btnDanhGia", "nut-danh-gia", "btnRate"), ("Gửi đánh giá", "Đánh giá")),
}
_OTHER: Mapping[str, tuple[Named, Named]] = {
    "phone": (Named("gt-21", "Liên lạc nhanh"), Named("vGoi", "Máy bàn hoặc di động")),
    "email": (Named("gt-22", "Hộp thư"), Named("vThu", "Nơi nhận thông báo")),
    "content": (Named("gt-23", "Bạn muốn chúng tôi làm gì"), Named("vViec", "Việc cần làm")),
    "file": (Named("gt-24", "Bản chụp giấy tờ"), Named("vTep", "Bản scan")),
    "upload": (Named("lenh-24", "Gửi bản chụp"), Named("cmdTep", "Nhận bản scan")),
    "choose": (Named("gt-25", "Giấy tờ đã có"), Named("vKho", "Bản đã lưu")),
    "take": (Named("lenh-25", "Dùng lại giấy tờ"), Named("cmdKho", "Lấy bản đã lưu")),
    "delivery": (Named("gt-26", "Nhận ở đâu"), Named("vNhan", "Trả kết quả")),
    "pay": (Named("lenh-27", "Sang trang nộp tiền"), Named("cmdTien", "Nộp tiền")),
    "agree": (Named("gt-28", "Đồng ý điều khoản"), Named("vDong", "Xác nhận điều khoản")),
    "lookup": (Named("gt-29", "Số biên nhận"), Named("vBien", "Mã trên giấy hẹn")),
    "find": (Named("lenh-29", "Xem ngay"), Named("cmdXem", "Mở hồ sơ")),
    "sign": (Named("lenh-30", "Xác nhận điện tử"), Named("cmdKy", "Đóng dấu điện tử")),
    "remove": (Named("lenh-31", "Bỏ đi"), Named("cmdBo", "Loại khỏi danh sách")),
    "fetch": (Named("lenh-32", "Mở bản gốc"), Named("cmdMo", "Nhận bản gốc")),
    "rate": (Named("lenh-33", "Cho điểm"), Named("cmdDiem", "Chấm điểm")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowWords:
    """The names of everything a logged-in visitor uses."""

    named: Mapping[str, Named]

    def __getitem__(self, what: str) -> Named:
        return self.named[what]


def draw(platform: str, rng: random.Random) -> FlowWords:
    """The names of a portal of this family."""
    # A portal's programmers name things in one fashion, its officers word each as they like.
    habit = _HABITS.get(platform, _Habit())
    fashion = rng.choice(habit.fashions)
    named = {what: Named(f"{habit.prefix}{ids[fashion]}", rng.choice(texts)) for what, (ids, texts) in _USUAL.items()}
    return FlowWords(named=named)


def under(words: FlowWords, fault: Fault | None, rng: random.Random) -> FlowWords:
    """The names while the portal suffers from ``fault``."""
    pick, by_words = rng.randrange(2), rng.choice((True, False))
    if fault is Fault.DRIFT:
        return FlowWords(named={what: pair[pick] for what, pair in _OTHER.items()})
    if fault is Fault.NEAR_DRIFT:
        changed = {
            what: replace(old, text=_OTHER[what][pick].text) if by_words else replace(old, id=_OTHER[what][pick].id)
            for what, old in words.named.items()
        }
        return FlowWords(named=changed)
    return words
