import pytest

from probes.net.ciphers import figures, judge, weak
from probes.net.suites import NAMES, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, broken, dated, for_version, keeps_secrets
from probes.net.survey import Survey

BY_NAME = {name: number for number, name in NAMES.items()}
GCM, CBC = BY_NAME["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"], BY_NAME["TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"]
STATIC, TRIPLE = BY_NAME["TLS_RSA_WITH_AES_128_GCM_SHA256"], BY_NAME["TLS_RSA_WITH_3DES_EDE_CBC_SHA"]
NEW = BY_NAME["TLS_AES_128_GCM_SHA256"]
GOOD = {TLS_1_0: (), TLS_1_1: (), TLS_1_2: (GCM,), TLS_1_3: (NEW,)}


@pytest.mark.parametrize(
    "name",
    [
        "TLS_RSA_WITH_RC4_128_SHA",
        "TLS_RSA_WITH_RC4_128_MD5",
        "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
        "TLS_DHE_RSA_WITH_DES_CBC_SHA",
        "TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5",
        "TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA",
        "TLS_ECDHE_ECDSA_WITH_NULL_SHA",
        "TLS_RSA_WITH_NULL_SHA256",
        "TLS_DH_anon_WITH_AES_256_GCM_SHA384",
        "TLS_ECDH_anon_WITH_AES_128_CBC_SHA",
    ],
)
def test_it_knows_what_protects_nothing_any_more(name):
    assert broken(BY_NAME[name])


@pytest.mark.parametrize(
    "name", ["TLS_AES_128_CCM_8_SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_IDEA_CBC_SHA"]
)
def test_it_calls_nothing_broken_that_is_only_not_the_best(name):
    assert not broken(BY_NAME[name])


def test_it_tells_forward_secrecy_and_cbc_with_sha_1():
    assert [keeps_secrets(suite) for suite in (NEW, GCM, CBC, STATIC, TRIPLE)] == [True, True, True, False, False]
    assert [dated(suite) for suite in (NEW, GCM, CBC, STATIC, TRIPLE)] == [False, False, True, False, True]


def test_it_asks_each_version_for_what_it_knows():
    assert NEW in for_version(TLS_1_3)
    assert GCM in for_version(TLS_1_2)
    assert NEW not in for_version(TLS_1_2)
    assert CBC in for_version(TLS_1_0)
    assert GCM not in for_version(TLS_1_0)


def test_it_has_nothing_to_say_of_a_sound_portal():
    seen = Survey(taken=GOOD, whole=True)
    assert judge(seen) == []
    assert not weak(GOOD)
    assert figures(seen) == {
        "tls10_offered": 0,
        "tls11_offered": 0,
        "tls12_offered": 1,
        "tls13_offered": 1,
        "ciphers_offered": 2,
        "ciphers_broken": 0,
    }


def test_it_tells_unmet_from_noted():
    taken = GOOD | {TLS_1_1: (CBC,), TLS_1_2: (GCM, CBC, STATIC, TRIPLE)}
    told = [(one.rule, one.weight, one.place, one.count) for one in judge(Survey(taken=taken, whole=True))]
    assert told == [
        ("tls-version", "unmet", "TLS 1.1", 1),
        ("cipher-broken", "unmet", "TLS 1.2", 1),
        ("cipher-no-forward-secrecy", "noted", "TLS 1.2", 1),
        ("cipher-cbc-sha1", "noted", "TLS 1.2", 1),
    ]
    assert weak(taken)


def test_it_finds_a_portal_weak_by_a_version_or_by_a_cipher_alone():
    assert weak(GOOD | {TLS_1_0: (CBC,)})
    assert weak(GOOD | {TLS_1_2: (GCM, TRIPLE)})
    assert not weak(GOOD | {TLS_1_2: (CBC, STATIC)})


def test_it_counts_ciphers_only_when_all_were_asked_for():
    assert figures(Survey(taken={TLS_1_0: ()}, whole=False)) == {"tls10_offered": 0}
