"""What each fault and each near-miss of the demo must look like on the wire."""

import asyncio
import json
import re
import ssl
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from urllib.parse import quote, urlsplit

import pytest

from demo.faults import Fault
from tests.integration.demo_wire import (
    BAD_CERTIFICATE,
    BEACON,
    CODE,
    HOME,
    ICON,
    PICTURE,
    REFUSED,
    SEARCH,
    TIMED_OUT,
    Running,
    handshake,
    only,
    served_chain,
)

Judge = Callable[[Running, str], Awaitable[None]]


async def status_and_words(demo: Running, family: str) -> tuple[int, str]:
    home, data = await demo.get(family), await demo.get(family, SEARCH[family])
    return home.status, home.text + data.text


async def judge_error_page(demo: Running, family: str) -> None:
    status, words = await status_and_words(demo, family)
    assert status == 200
    assert re.search("lỗi|Lỗi|sự cố|[Kk]hông thể|không khả dụng", words)
    assert not re.search(CODE, words)


async def judge_http500(demo: Running, family: str) -> None:
    answers = [await demo.get(family, path) for path in (HOME, SEARCH[family])]
    assert [one.status for one in answers] == [500, 500]
    assert (await demo.get(family, "/assets/css/site.css")).status == 200


async def judge_near_http500(demo: Running, family: str) -> None:
    decorations = [(await demo.get(family, path)).status for path in (BEACON, PICTURE)]
    assert sorted(decorations) == [200, 500]
    assert (await demo.get(family)).status == 200


async def judge_hang(demo: Running, family: str) -> None:
    assert handshake(demo.url(family), ssl.create_default_context(cafile=str(demo.ready.ca)))[0] == "TLSv1.3"
    answers = await asyncio.gather(*(demo.get(family, path, timeout=2) for path in (HOME, ICON)))
    assert [one.error for one in answers] == [TIMED_OUT, TIMED_OUT]


async def judge_near_hang(demo: Running, family: str) -> None:
    answers = await asyncio.gather(*(demo.get(family, path, timeout=3) for path in (BEACON, PICTURE)))
    assert sorted(one.error for one in answers) == [0, TIMED_OUT]
    assert (await demo.get(family)).status == 200


async def judge_delay(demo: Running, family: str, too_short: float) -> None:
    paths = (HOME, SEARCH[family])
    early = [demo.get(family, path, timeout=too_short) for path in paths]
    patient = [demo.get(family, path) for path in paths]
    answers = await asyncio.gather(*early, *patient)
    assert [(one.error, one.status) for one in answers] == [(TIMED_OUT, 0)] * 2 + [(0, 200)] * 2
    assert (await demo.get(family, ICON, timeout=too_short)).status == 200


async def judge_captcha(demo: Running, family: str) -> None:
    before = await demo.get(family, SEARCH[family] + "a")
    assert before.status == 200
    assert not re.search(CODE, before.text)
    ticket = re.search(r"/xac-nhan/anh/(\w+)\.png|\"ticket\": \"(\w+)\"", before.text)
    assert ticket
    picture = await demo.get(family, f"/xac-nhan/anh/{ticket[1] or ticket[2]}.png")
    assert picture.body.startswith(b"\x89PNG")
    wrong = await demo.get(family, "/xac-nhan", form=f"phien={ticket[1] or ticket[2]}&ma=x&tiep=//evil.example")
    assert (wrong.status, wrong.headers["location"]) == (303, "/")
    assert "xn=" not in wrong.headers.get("set-cookie", "")


async def judge_near_captcha(demo: Running, family: str) -> None:
    found = await demo.get(family, SEARCH[family] + quote("đăng ký"))
    assert re.search(CODE, found.text)
    shown = await demo.get(family)
    script = re.search(r'src="(/main\.[^"]+)"', shown.text)
    words = (await demo.get(family, script[1])).text if script else shown.text
    assert "CAPTCHA" in words
    assert script is None or '"feedbackForm": true' in words


async def looks(demo: Running, family: str) -> tuple[str, str, str]:
    """What the search form is labelled and named, and how the procedure page is labelled."""
    home = await demo.get(family)
    script = re.search(r'src="(/main\.[^"]+)"', home.text)
    if script:
        said = json.loads((await demo.get(family, script[1])).text.partition(" = ")[2].partition(";\n")[0])["search"]
        identifier = demo.portal(family)["procedures"][0]["path"].rpartition("/")[2]
        detail = json.loads((await demo.get(family, f"/api/procedures/{identifier}")).body)["fields"]
        return (
            f"{said['label']} {said['text']}",
            f"{said['box']} {said['button']}",
            str([(one["label"]) for one in detail]),
        )
    form = re.search(r'action="/dichvucong/bothutuc".*?</form>', home.text, re.DOTALL)
    assert form
    labels = " ".join(re.findall(r"<(?:label|button)[^>]*>([^<]+)<", form[0]))
    detail = (await demo.get(family, demo.portal(family)["procedures"][0]["path"])).text
    names = " ".join(re.findall(r'<(?:input|button)[^>]* id="([^"]+)"', form[0]))
    return labels, names, " ".join(re.findall(r'(?:th scope="row"|dt|span class="sheet-label")>([^<]+)<', detail))


async def judge_drift(demo: Running, family: str) -> None:
    now = await looks(demo, family)
    await demo.fault(family, None)
    usual = await looks(demo, family)
    assert all(one and other and one != other for one, other in zip(now, usual, strict=True))


async def judge_near_drift(demo: Running, family: str) -> None:
    labels, names, fields = await looks(demo, family)
    await demo.fault(family, None)
    usual_labels, usual_names, usual_fields = await looks(demo, family)
    assert (labels != usual_labels) is (fields != usual_fields)
    assert (labels != usual_labels) is not (names != usual_names)


async def judge_maintenance(demo: Running, family: str) -> None:
    page = await demo.get(family)
    assert (page.status, page.headers["retry-after"]) == (503, "3600")
    assert "tạm ngừng hoạt động để bảo trì" in page.text


async def judge_flicker(demo: Running, family: str) -> None:
    assert (await demo.get(family, BEACON)).status == 200
    assert [(await demo.get(family)).status for _ in range(3)] == [502, 200, 200]
    await demo.fault(family, Fault.FLICKER)
    assert [(await demo.get(family)).status for _ in range(2)] == [502, 200]


async def judge_near_flicker(demo: Running, family: str) -> None:
    assert [(await demo.get(family)).status for _ in range(2)] == [200, 200]
    assert [(await demo.get(family, BEACON)).status for _ in range(2)] == [502, 200]


async def judge_near_banner(demo: Running, family: str) -> None:
    status, words = await status_and_words(demo, family)
    script = re.search(r'src="(/main\.[^"]+)"', words)
    words += (await demo.get(family, script[1])).text if script else ""
    assert status == 200
    assert re.search("không khả dụng|tạm ngừng hoạt động để bảo trì", words)
    assert re.search(CODE, words)


async def judge_down(demo: Running, family: str) -> None:
    assert (await demo.get(family)).error == REFUSED


async def judge_near_down(demo: Running, family: str) -> None:
    assert (await demo.get(family, ICON, timeout=0.7)).error == TIMED_OUT
    assert (await demo.get(family)).status == 200


async def judge_certificate(demo: Running, family: str, verify_result: int) -> None:
    got = await demo.get(family)
    assert (got.error, got.verify) == (BAD_CERTIFICATE, verify_result)


async def served(demo: Running, family: str) -> list[dict[str, str]]:
    """The chain of a portal that a strict verifier accepts."""
    context = ssl.create_default_context(cafile=str(demo.ready.ca))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    assert handshake(demo.url(family), context)[0] == "TLSv1.3"
    return await asyncio.to_thread(served_chain, demo.url(family), str(demo.ready.ca))


async def judge_near_expired(demo: Running, family: str) -> None:
    leaf = (await served(demo, family))[0]
    left = parsedate_to_datetime(leaf["Expire date"]) - datetime.now(UTC)
    assert timedelta(days=2) < left < timedelta(days=3)


async def judge_near_wrong_host(demo: Running, family: str) -> None:
    leaf = (await served(demo, family))[0]
    host = urlsplit(demo.url(family)).hostname
    assert leaf["Subject"].endswith("CN = hosting.localhost")
    assert {f"DNS:{host}", f"DNS:www.{host}"} < set(leaf["X509v3 Subject Alternative Name"].split(", "))


async def judge_near_self_signed(demo: Running, family: str) -> None:
    subjects = [one["Subject"].rpartition("CN = ")[2] for one in await served(demo, family)]
    assert subjects[1:] == [
        "Portalwatch Demo Issuing CA",
        "Portalwatch Demo Legacy Issuing CA",
        "Portalwatch Demo Root CA",
    ]


async def judge_no_hsts(demo: Running, family: str) -> None:
    assert "strict-transport-security" not in (await demo.get(family)).headers


async def judge_near_no_hsts(demo: Running, family: str) -> None:
    assert (await demo.get(family)).headers["strict-transport-security"] == "max-age=15768000"


async def judge_weak_tls(demo: Running, family: str) -> None:
    spoken = [
        handshake(demo.url(family), only(version, demo.ready.ca))[0]
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
    ]
    assert spoken == ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]
    assert (await demo.get(family)).status == 200


async def judge_near_weak_tls(demo: Running, family: str) -> None:
    for refused in (ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_3):
        with pytest.raises(ssl.SSLError):
            handshake(demo.url(family), only(refused, demo.ready.ca))
    assert handshake(demo.url(family), only(ssl.TLSVersion.TLSv1_2, demo.ready.ca))[1].startswith("ECDHE-ECDSA-")


async def footer(demo: Running, family: str) -> str:
    """The source that draws the footer: the page itself, or its script."""
    home = await demo.get(family)
    bundle = re.search(r'src="(/main\.[^"]+)"', home.text)
    return (await demo.get(family, bundle[1])).text if bundle else home.text


async def judge_inaccessible(demo: Running, family: str) -> None:
    source = await footer(demo, family)
    assert re.search(r'"slogan": ""|khau-hieu\.png" width="360" height="90">', source)
    assert re.search(r'"newsletter": true|class="fine-print"', source)


async def judge_near_inaccessible(demo: Running, family: str) -> None:
    source = await footer(demo, family)
    assert "Công khai, minh bạch, thuận tiện" in source
    assert re.search(r'"footerHeading": "h5"|<h5></h5>', source)


async def judge_insecure_cookie(demo: Running, family: str) -> None:
    name, *flags = (await demo.get(family)).headers["set-cookie"].split("; ")
    assert name.startswith("JSESSIONID=")
    assert {"Secure", "HttpOnly"}.isdisjoint(flags)


async def judge_near_insecure_cookie(demo: Running, family: str) -> None:
    name, *flags = (await demo.get(family)).headers["set-cookie"].split("; ")
    assert name == "co-chu=14"
    assert "HttpOnly" not in flags
    assert {"Secure", "SameSite=Lax"} <= set(flags)


async def judge_mixed_content(demo: Running, family: str) -> None:
    assert re.search(r'"partnerBanner": true|<script defer src="http://', await footer(demo, family))
    assert "http:" in (await demo.get(family)).headers["content-security-policy"]


async def judge_near_mixed_content(demo: Running, family: str) -> None:
    source = await footer(demo, family)
    assert re.search(r'"partner": "http://|<a href="http://', source)
    assert not re.search(r'"partnerBanner": true|src="http:', source)
    assert "http:" not in (await demo.get(family)).headers["content-security-policy"]


JUDGES: Mapping[Fault, Judge] = {
    Fault.DOWN: judge_down,
    Fault.NEAR_DOWN: judge_near_down,
    Fault.HTTP500: judge_http500,
    Fault.NEAR_HTTP500: judge_near_http500,
    Fault.HANG: judge_hang,
    Fault.NEAR_HANG: judge_near_hang,
    Fault.ERROR_PAGE_200: judge_error_page,
    Fault.NEAR_ERROR_PAGE_200: judge_near_banner,
    Fault.SLOW: partial(judge_delay, too_short=4.5),
    Fault.NEAR_SLOW: partial(judge_delay, too_short=0.9),
    Fault.CAPTCHA: judge_captcha,
    Fault.NEAR_CAPTCHA: judge_near_captcha,
    Fault.DRIFT: judge_drift,
    Fault.NEAR_DRIFT: judge_near_drift,
    Fault.MAINTENANCE: judge_maintenance,
    Fault.NEAR_MAINTENANCE: judge_near_banner,
    Fault.FLICKER: judge_flicker,
    Fault.NEAR_FLICKER: judge_near_flicker,
    Fault.CERT_EXPIRED: partial(judge_certificate, verify_result=10),
    Fault.CERT_WRONG_HOST: partial(judge_certificate, verify_result=1),
    Fault.CERT_SELF_SIGNED: partial(judge_certificate, verify_result=18),
    Fault.NEAR_CERT_EXPIRED: judge_near_expired,
    Fault.NEAR_CERT_WRONG_HOST: judge_near_wrong_host,
    Fault.NEAR_CERT_SELF_SIGNED: judge_near_self_signed,
    Fault.NO_HSTS: judge_no_hsts,
    Fault.NEAR_NO_HSTS: judge_near_no_hsts,
    Fault.WEAK_TLS: judge_weak_tls,
    Fault.NEAR_WEAK_TLS: judge_near_weak_tls,
    Fault.INACCESSIBLE: judge_inaccessible,
    Fault.NEAR_INACCESSIBLE: judge_near_inaccessible,
    Fault.INSECURE_COOKIE: judge_insecure_cookie,
    Fault.NEAR_INSECURE_COOKIE: judge_near_insecure_cookie,
    Fault.MIXED_CONTENT: judge_mixed_content,
    Fault.NEAR_MIXED_CONTENT: judge_near_mixed_content,
}
