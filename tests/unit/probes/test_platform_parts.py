"""What page objects know without a page: a sound OIDC request, wordings, dossier codes."""

from urllib.parse import urlencode

import pytest

from probes.journeys.lookup import BOGUS
from probes.platforms import feedback, lookup, shelf, signing
from probes.platforms.form import APPLY, DOSSIER_CODE
from probes.platforms.identity import OTP, QR, REFUSED, faults_in
from probes.platforms.named import NOWHERE, any_id, wording

PORTAL = "https://dichvucong.hue.localhost:8443"
GOOD = {
    "response_type": "code",
    "client_id": "hue",
    "redirect_uri": f"{PORTAL}/quay-lai",
    "scope": "openid profile",
    "state": "a" * 22,
    "nonce": "b" * 22,
    "code_challenge": "c" * 43,
    "code_challenge_method": "S256",
}


def request(**changes):
    return "https://vneid.localhost:1/authorize?" + urlencode({**GOOD, **changes})


def test_it_finds_nothing_wrong_with_a_whole_request():
    assert faults_in(request(), PORTAL) == []
    assert faults_in(request(extra="1"), PORTAL) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("response_type", "token"),
        ("response_type", "code id_token"),
        ("client_id", ""),
        ("redirect_uri", "https://dichvucong.hue.localhost/quay-lai"),
        ("redirect_uri", "http://dichvucong.hue.localhost:8443/quay-lai"),
        ("redirect_uri", f"{PORTAL}@evil.example/"),
        ("redirect_uri", f"{PORTAL}.evil.example/"),
        ("redirect_uri", "/quay-lai"),
        ("scope", "profile openid2"),
        ("state", "short"),
        ("nonce", ""),
        ("code_challenge", ""),
    ],
)
def test_it_names_what_is_wrong_with_a_request(name, value):
    assert faults_in(request(**{name: value}), PORTAL) == [name]


def test_it_holds_a_challenge_without_a_hash_for_none():
    assert faults_in(request(code_challenge_method="plain"), PORTAL) == ["code_challenge"]


def test_it_finds_everything_wrong_with_a_request_that_is_none():
    assert faults_in("https://vneid.localhost:1/authorize", PORTAL) == [
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "code_challenge",
    ]


@pytest.mark.parametrize("text", ["Tải lên", "  TẢI LÊN ", "» Tải lên «", "Tải tệp lên"])
def test_it_takes_a_wording_whatever_its_case_and_marks(text):
    assert wording("tải lên", "tải tệp lên").search(text)


@pytest.mark.parametrize("text", ["Tải lên ảnh", "Hãy tải lên", "Tải  xuống", ""])
def test_it_takes_no_wording_within_another(text):
    assert not wording("tải lên", "tải tệp lên").search(text)


def test_it_looks_for_ids_with_and_without_a_prefix():
    assert any_id(("a", "b")) == '[id="a"], [id$="_a"], [id="b"], [id$="_b"]'
    assert any_id(()) == NOWHERE


@pytest.mark.parametrize("code", ["000.16.34.H61-261103-0042", "G12.99.34-261103-0001", "001.02.03.G01-000101-9999"])
def test_it_knows_a_dossier_code_in_a_sentence(code):
    found = DOSSIER_CODE.search(f"Mã hồ sơ của bạn: {code}.")
    assert found
    assert found.group() == code


@pytest.mark.parametrize(
    "text",
    [
        "1.000234.000.16.34.H61",
        "000.16.34.H61-261103-00421",
        "9000.16.34.H61-261103-0042",
        "000.16.34.h61-261103-0042",
        "000.16.34-261103-0042",
        "0912345678",
    ],
)
def test_it_takes_nothing_else_for_a_dossier_code(text):
    assert not DOSSIER_CODE.search(text)


def test_it_asks_for_a_bogus_code_that_looks_like_one():
    assert DOSSIER_CODE.fullmatch(BOGUS)


@pytest.mark.parametrize(
    ("pattern", "said", "not_said"),
    [
        (QR, "Quét mã QR để đăng nhập", "Đăng nhập bằng mã QR"),
        (OTP, "Nhập mã OTP", "Từ tháng sau, mã OTP sẽ được gửi"),
        (REFUSED, "Mật khẩu không đúng", "Lưu ý: nhập sai quá 5 lần"),
        (lookup.NOT_FOUND, "Không tìm thấy hồ sơ", "Không tải được trang"),
        (lookup.STATES, "Đã tiếp nhận", "Tra cứu tình trạng hồ sơ"),
        (shelf.STORE, "Giấy tờ của tôi", "Giấy tờ phải nộp"),
        (signing.BAD, "Tài liệu đã bị thay đổi", "Tài liệu còn nguyên vẹn"),
        (signing.ANSWER, "Tài liệu còn nguyên vẹn", "Vui lòng chọn tệp"),
        (feedback.RATING, "Đánh giá mức độ hài lòng", "Phản ánh"),
        (feedback.COMPLAINT, "Nội dung phản ánh", "Đánh giá"),
    ],
)
def test_it_tells_what_pages_say_from_what_sounds_like_it(pattern, said, not_said):
    assert pattern.search(said)
    assert not pattern.search(not_said)


def test_it_names_its_controls_for_reports():
    assert (APPLY.name, lookup.CODE.name, shelf.FETCH.name) == ("apply button", "dossier code", "fetch link")
