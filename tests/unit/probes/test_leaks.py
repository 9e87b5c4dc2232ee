import pytest

from probes.net.leaks import judge


@pytest.mark.parametrize(
    ("headers", "page", "rules"),
    [
        ({"server": "nginx"}, "", []),
        ({"server": "nginx/1.18.0 (Ubuntu)"}, "", ["version-header"]),
        ({"x-powered-by": "ASP.NET"}, "", []),
        ({"x-powered-by": "PHP/7.4.3"}, "", ["version-header"]),
        ({"x-aspnet-version": "4.0.30319"}, "", ["version-header"]),
        ({}, '<meta name="generator" content="Liferay 6.2">', ["version-generator"]),
        ({}, "<META content='WordPress 5.1' NAME=generator>", ["version-generator"]),
        ({}, '<meta name="generator" content="Hugo">', []),
        ({}, '<meta name="description" content="Nghị định 42.2022">', []),
        ({}, '<script src="/js/jquery-3.4.1.min.js"></script>', ["version-script"]),
        ({}, '<script src="/js/jquery.ui-1.12.1.js"></script>', ["version-script"]),
        ({}, '<script src="/js/jquery.min.js?v=3.4.1"></script>', []),
        ({}, '<a href="/van-ban/nghi-dinh-42.2022.pdf">42.2022</a>', []),
        ({}, '<script src="jquery-1.9.1.js"></script><script src="jquery-1.9.1.js"></script>', ["version-script"]),
    ],
)
def test_it_tells_a_version_from_what_only_has_figures(headers, page, rules):
    assert [one.rule for one in judge(headers, page)] == rules


def test_it_notes_and_claims_no_requirement():
    (found,) = judge({"server": "Apache/2.4.41\x07" + "x" * 500}, "")
    assert (found.requirement, found.weight, found.place) == ("", "noted", "headers")
    assert len(found.text) <= 120
    assert found.text.isprintable()


def test_it_is_bounded_on_a_hostile_page():
    page = "".join(f" jquery-1.{number}.js <meta {'x' * 390}" for number in range(5_000))
    assert len(judge({}, page)) == 20
