"""Labels and element names that such portals use, and some that nobody has seen on them before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from demo.procedures import Level

FIELDS = ("code", "agency", "fee", "time", "level")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the search form and the procedure page are labelled with. ``fields`` goes by :data:`FIELDS`."""

    search_label: str
    search_hint: str
    search_button: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Ids and the query parameter in the markup. ``fields`` goes by :data:`FIELDS`."""

    form: str
    box: str
    button: str
    parameter: str
    fields: Mapping[str, str]


LABELS = ("Từ khóa", "Tên thủ tục", "Tên thủ tục hoặc mã thủ tục", "Từ khóa tìm kiếm", "Nhập tên thủ tục")
HINTS = ("Nhập từ khóa tìm kiếm", "Nhập tên hoặc mã thủ tục hành chính", "Ví dụ: khai sinh", "Từ khóa…")
BUTTONS = ("Tìm kiếm", "Tra cứu", "Tìm")
FIELD_LABELS = {
    "code": ("Mã thủ tục", "Mã TTHC", "Mã số thủ tục"),
    "agency": ("Cơ quan thực hiện", "Cơ quan giải quyết", "Đơn vị thực hiện"),
    "fee": ("Lệ phí", "Phí, lệ phí", "Phí/Lệ phí"),
    "time": ("Thời hạn giải quyết", "Thời gian giải quyết", "Thời hạn"),
    "level": ("Mức độ", "Mức độ cung cấp dịch vụ", "Mức độ dịch vụ công"),
}
OTHER_WORDS = (
    Words(
        search_label="Bạn đang cần làm việc gì?",
        search_hint="Viết vài chữ về việc bạn cần",
        search_button="Xem danh sách",
        fields={
            "code": "Số hiệu",
            "agency": "Nơi tiếp nhận",
            "fee": "Khoản phải nộp",
            "time": "Khi nào có kết quả",
            "level": "Hình thức trực tuyến",
        },
    ),
    Words(
        search_label="Nội dung quan tâm",
        search_hint="Gõ nội dung tại đây",
        search_button="Lọc dịch vụ",
        fields={
            "code": "Ký hiệu dịch vụ",
            "agency": "Bộ phận phụ trách",
            "fee": "Chi phí",
            "time": "Số ngày xử lý",
            "level": "Cách thức nộp",
        },
    ),
)
FAMILY_NAMES: Mapping[str, Sequence[Names]] = {
    "tiepnhan": (
        Names(
            form="frmTimKiem",
            box="txtTuKhoa",
            button="btnTimKiem",
            parameter="tu_khoa",
            fields={
                "code": "lblMaThuTuc",
                "agency": "lblCoQuan",
                "fee": "lblLePhi",
                "time": "lblThoiHan",
                "level": "lblMucDo",
            },
        ),
        Names(
            form="form-tim-kiem",
            box="tu-khoa",
            button="nut-tim-kiem",
            parameter="tukhoa",
            fields={
                "code": "ma-thu-tuc",
                "agency": "co-quan-thuc-hien",
                "fee": "le-phi",
                "time": "thoi-han",
                "level": "muc-do",
            },
        ),
        Names(
            form="searchForm",
            box="keyword",
            button="btnSearch",
            parameter="keyword",
            fields={
                "code": "maTTHC",
                "agency": "coQuanThucHien",
                "fee": "phiLePhi",
                "time": "thoiGianGiaiQuyet",
                "level": "mucDo",
            },
        ),
    ),
    "formio": (
        Names(
            form="search-form",
            box="mat-input-0",
            button="btn-search",
            parameter="keyword",
            fields={
                "code": "procedure-code",
                "agency": "procedure-agency",
                "fee": "procedure-fee",
                "time": "procedure-time",
                "level": "procedure-level",
            },
        ),
        Names(
            form="procedureSearch",
            box="searchKeyword",
            button="searchButton",
            parameter="keyword",
            fields={
                "code": "detailCode",
                "agency": "detailAgency",
                "fee": "detailFee",
                "time": "detailProcessingTime",
                "level": "detailLevel",
            },
        ),
    ),
    "aspx": (
        Names(
            form="ctl00_ContentPlaceHolder1_pnlTimKiem",
            box="ctl00_ContentPlaceHolder1_txtTuKhoa",
            button="ctl00_ContentPlaceHolder1_btnTimKiem",
            parameter="tukhoa",
            fields={
                "code": "ctl00_ContentPlaceHolder1_lblMaThuTuc",
                "agency": "ctl00_ContentPlaceHolder1_lblCoQuan",
                "fee": "ctl00_ContentPlaceHolder1_lblLePhi",
                "time": "ctl00_ContentPlaceHolder1_lblThoiHan",
                "level": "ctl00_ContentPlaceHolder1_lblMucDo",
            },
        ),
        Names(
            form="ctl00_ContentPlaceHolder1_ucTimKiem_pnl",
            box="ctl00_ContentPlaceHolder1_ucTimKiem_txtTen",
            button="ctl00_ContentPlaceHolder1_ucTimKiem_btnTim",
            parameter="ten",
            fields={
                "code": "ctl00_ContentPlaceHolder1_ucChiTiet_ltrMa",
                "agency": "ctl00_ContentPlaceHolder1_ucChiTiet_ltrCoQuan",
                "fee": "ctl00_ContentPlaceHolder1_ucChiTiet_ltrPhi",
                "time": "ctl00_ContentPlaceHolder1_ucChiTiet_ltrThoiGian",
                "level": "ctl00_ContentPlaceHolder1_ucChiTiet_ltrMucDo",
            },
        ),
    ),
    "eform": (
        Names(
            form="kt_form_tim",
            box="kt_tu-khoa",
            button="kt_tim-kiem",
            parameter="search",
            fields={
                "code": "kt_ma",
                "agency": "kt_co-quan",
                "fee": "kt_phi",
                "time": "kt_thoi-han",
                "level": "kt_muc-do",
            },
        ),
        Names(
            form="kt_search_form",
            box="generalSearch",
            button="kt_search",
            parameter="query",
            fields={
                "code": "kt_code",
                "agency": "kt_agency",
                "fee": "kt_fee",
                "time": "kt_duration",
                "level": "kt_level",
            },
        ),
    ),
    "liferay": (
        Names(
            form="_danhsach_WAR_dvcportlet_fm",
            box="_danhsach_WAR_dvcportlet_tuKhoa",
            button="_danhsach_WAR_dvcportlet_tim",
            parameter="_danhsach_WAR_dvcportlet_tuKhoa",
            fields={
                "code": "_thutuc_WAR_dvcportlet_ma",
                "agency": "_thutuc_WAR_dvcportlet_coQuan",
                "fee": "_thutuc_WAR_dvcportlet_lePhi",
                "time": "_thutuc_WAR_dvcportlet_thoiHan",
                "level": "_thutuc_WAR_dvcportlet_mucDo",
            },
        ),
        Names(
            form="_danhsach_WAR_dvcportlet_searchForm",
            box="_danhsach_WAR_dvcportlet_keywords",
            button="_danhsach_WAR_dvcportlet_submit",
            parameter="_danhsach_WAR_dvcportlet_keywords",
            fields={
                "code": "_thutuc_WAR_dvcportlet_code",
                "agency": "_thutuc_WAR_dvcportlet_agency",
                "fee": "_thutuc_WAR_dvcportlet_fee",
                "time": "_thutuc_WAR_dvcportlet_duration",
                "level": "_thutuc_WAR_dvcportlet_level",
            },
        ),
    ),
    "plain": (
        Names(
            form="tim",
            box="q",
            button="tim-nut",
            parameter="ten",
            fields={"code": "ma", "agency": "coquan", "fee": "phi", "time": "han", "level": "muc"},
        ),
        Names(
            form="frm",
            box="tenThuTuc",
            button="nutTim",
            parameter="thu_tuc",
            fields={"code": "ma_tt", "agency": "co_quan", "fee": "le_phi", "time": "thoi_han", "level": "muc_do"},
        ),
    ),
    "linked": (
        Names(
            form="form-tim",
            box="tu-khoa-tim",
            button="nut-tim",
            parameter="tu-khoa",
            fields={
                "code": "tt-ma",
                "agency": "tt-co-quan",
                "fee": "tt-le-phi",
                "time": "tt-thoi-han",
                "level": "tt-muc-do",
            },
        ),
        Names(
            form="searchBox",
            box="txtSearch",
            button="btnFind",
            parameter="tu-khoa",
            fields={"code": "spCode", "agency": "spAgency", "fee": "spFee", "time": "spTime", "level": "spLevel"},
        ),
    ),
}
OTHER_NAMES = (
    Names(
        form="khung-loc",
        box="o-nhap-01",
        button="lenh-01",
        parameter="noi_dung",
        fields={"code": "gt-11", "agency": "gt-12", "fee": "gt-13", "time": "gt-14", "level": "gt-15"},
    ),
    Names(
        form="boxFilterNew",
        box="inpContentV2",
        button="cmdRunV2",
        parameter="content",
        fields={"code": "vSo", "agency": "vNoi", "fee": "vTien", "time": "vNgay", "level": "vKieu"},
    ),
)
LEVEL_WORDS: Sequence[Mapping[Level, str]] = (
    {Level.FULL: "Toàn trình", Level.PARTIAL: "Một phần", Level.NONE: "Chưa cung cấp"},
    {
        Level.FULL: "Dịch vụ công trực tuyến toàn trình",
        Level.PARTIAL: "Dịch vụ công trực tuyến một phần",
        Level.NONE: "Chưa cung cấp trực tuyến",
    },
    {Level.FULL: "Mức độ 4", Level.PARTIAL: "Mức độ 3", Level.NONE: "Chưa cung cấp"},
    {
        Level.FULL: "Toàn trình (Mức độ 4)",
        Level.PARTIAL: "Một phần (Mức độ 3)",
        Level.NONE: "Chưa cung cấp dịch vụ công trực tuyến",
    },
)


def parameters() -> tuple[str, ...]:
    """Every query parameter a search may come with: a bookmark from before a change must go on working."""
    usual = [names.parameter for family in FAMILY_NAMES.values() for names in family]
    return tuple(dict.fromkeys([*usual, *(names.parameter for names in OTHER_NAMES)]))
