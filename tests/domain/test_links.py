"""Where a link leads, and what a text hides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.links import LONGEST, addresses, blotted, exposed, exposed_line, target_of

REORDERING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://shop.example/orders?id=1#a", "shop.example"),
        ("HTTPS://Shop.Example", "shop.example"),
        ("http://127.0.0.1:8080/x", "127.0.0.1"),
        ("https://[2001:db8::1]:8443/", "2001:db8::1"),
        ("https://münchen.de/", "xn--mnchen-3ya.de"),
        ("https://straße.de/", "xn--strae-oqa.de"),  # not strasse.de, which is somebody else’s
        ("https://日本語テスト.jp/", "xn--zckzah9945czlbtz6h.jp"),
        ("https://яндекс.рф/", "xn--d1acpjx3f.xn--p1ai"),
    ],
)
def test_an_honest_address_is_told_by_its_host(url: str, host: str) -> None:
    target = target_of(url)
    assert target is not None
    assert (target.host, target.trick, target.told) == (host, "", host)
    assert exposed(f"see {url}.") == f"see {url}."


@pytest.mark.parametrize(
    ("url", "host", "trick"),
    [
        ("https://аpple.com/", "xn--pple-43d.com", "which only looks like “аpple”"),
        ("https://xn--pple-43d.com/", "xn--pple-43d.com", "which only looks like “аpple”"),
        ("https://аррӏе.com/", "xn--80ak6aa92e.com", "which only looks like “аррӏе”"),
        ("https://bank.example@evil.example/", "evil.example", "not the name before the @"),
        ("https://bank.example:x@evil.example/", "evil.example", "not the name before the @"),
        ("https://ⅼidl.example/", "lidl.example", "though it is written “ⅼidl.example”"),
        ("https://evil.example。bank", "evil.example.bank", "though it is written"),
        ("https://xn--a.example/", "xn--a.example", "which"),
    ],
)
def test_a_deceiving_address_is_told_with_its_trick(url: str, host: str, trick: str) -> None:
    target = target_of(url)
    assert target is not None
    assert target.host == host
    assert target.trick.startswith(trick)
    assert "@" not in target.url
    assert exposed(f"see {url}, then") == f"see {url} [{host}], then"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt://shop.example/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "vbscript:x",
        "ms-settings:privacy",
        "mailto:a@shop.example",
        "https:",
        "https://",
        "https://[bad/",
        "https://a b.example/",
        "https://shop.example:port/",
        "https://shop\u200b.example/",
        "https://shop.example/\u202egnp.exe",
        "https://shop.example/\x00",
        "https://shop.example\\@evil.example/",
        "https://‹hidden›.example/",
        "https://bank.example\u2044login.evil.example/",
        "https://" + "a" * LONGEST,
        "//shop.example/",
        "shop.example",
    ],
)
def test_what_is_no_plain_web_address_is_never_opened(url: str) -> None:
    assert target_of(url) is None
    assert list(addresses(f"see {url}"[:LONGEST])) in ([], [(4, "https://a")])


def test_hidden_characters_in_an_address_are_written_out_and_end_the_link() -> None:
    shown = exposed("https://bank\u200b.example/ and https://b.example/\u202egnp.exe ok")
    assert shown == "https://bank‹hidden›.example/ and https://b.example/‹RLO›gnp.exe ok"
    assert list(addresses(shown)) == []


def test_what_reorders_is_written_out_and_what_only_joins_stays() -> None:
    assert (
        exposed("photo\u202egnp.exe") == exposed_line("photo\u202egnp.exe") == "photo‹RLO›gnp.exe"
    )
    assert blotted("photo\u202egnp.exe") == "photo\ufffdgnp.exe"
    for honest in ("\u200fשלום!", "👩\u200d💻", "می\u200cخواهم", "a\u00adb", "plain"):
        assert exposed(honest) is honest
        assert blotted(honest) == honest


def test_the_sentence_keeps_its_own_punctuation() -> None:
    text = "(https://a.example/x(1)). https://b.example/?!, ok"
    assert [url for _, url in addresses(text)] == ["https://a.example/x(1)", "https://b.example/"]


def test_a_million_characters_take_no_time_to_speak_of() -> None:
    for text in ("http://" * 150_000, "https://" + ")" * 1_000_000, "@" * 1_000_000):
        assert exposed(text) == text


@given(st.text(alphabet="https:/.@а\u202e\u200babx-n[]()ⅼ。 \x00", max_size=80))
def test_nothing_that_reorders_is_ever_shown(text: str) -> None:
    shown = exposed("https://" + text)
    assert not set(shown) & set(REORDERING)
    for at, url in addresses(shown):
        target = target_of(url)
        assert target is not None
        assert shown[at : at + len(url)] == url
        assert target.host.isascii()
        # The way back is the same place: opening what is told leads where it was told.
        again = target_of(target.url)
        assert again is not None
        assert again.host == target.host
