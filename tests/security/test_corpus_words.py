"""Every attack, through everything that turns words from outside into words on the inside."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable

import pytest

from app.cli.text import cells, clean, cut, json_text, table, wrap
from app.connectors.channels.bluesky.facets import expand_links
from app.connectors.channels.bluesky.shapes import ByteSlice, Facet, Feature
from app.connectors.html import html_to_text
from app.connectors.http import Http, is_loopback, is_private, server_url
from app.domain.errors import BadInput
from app.domain.ids import case_ref_range
from app.domain.links import addresses, exposed, exposed_line, target_of
from app.store.words import fold, parse_query, snippet
from tests.security.attacks import TEXTS, Attack
from tests.security.broken import DOCUMENTS, PICTURES
from tests.security.timing import bounded

REORDERING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_ACTIVE = re.compile(r"</?(?:script|svg|iframe|img|style|object|embed)\b[^<]*>", re.IGNORECASE)

FAMILIES = tuple(dict.fromkeys(attack.family for attack in TEXTS))


def every(test: Callable[[Attack], None]) -> Callable[[str], None]:
    """A test of one attack as a test of each family; a failure tells which attack it was."""

    @pytest.mark.parametrize("family", FAMILIES)
    def over_a_family(family: str) -> None:
        for attack in TEXTS:
            if attack.family == family:
                try:
                    test(attack)
                except BaseException as error:
                    error.add_note(str(attack))
                    raise

    over_a_family.__name__ = test.__name__
    over_a_family.__doc__ = test.__doc__
    return over_a_family


def test_the_corpus_is_as_large_as_it_is_said_to_be() -> None:
    assert len(TEXTS) + len(DOCUMENTS) + len(PICTURES) >= 350
    names = Counter((one.family, one.name) for one in TEXTS)
    assert max(names.values()) == 1
    assert len({one.text for one in TEXTS}) == len(TEXTS)


@every
def test_html_becomes_text_with_links_that_tell_where_they_lead(attack: Attack) -> None:
    html = f"<p>{attack.text}</p>"
    text = bounded(html_to_text, html)
    assert text == text.strip()
    if attack.family == "links":
        for _, url in addresses(exposed(text)):
            target = target_of(url)
            assert target is not None
            assert target.url.startswith(("http://", "https://"))
        assert "javascript:" not in text.lower()
        assert "data:" not in text


def test_markup_is_taken_out_and_what_was_written_as_text_stays() -> None:
    """Where markup was meant it is gone; only where entities spell it out may it be read."""
    for attack in TEXTS:
        if attack.family == "markup" and "&" not in attack.text:
            text = html_to_text(f"<p>{attack.text}</p>")
            spelt = ("plaintext", "text area", "picture words that look like markup")
            if attack.name not in spelt:
                assert not _ACTIVE.search(text), f"{attack}: {text}"


@every
def test_what_is_shown_hides_nothing(attack: Attack) -> None:
    shown = bounded(exposed, attack.text)
    assert not REORDERING & set(shown)
    assert not REORDERING & set(exposed_line(attack.text))
    for at, url in bounded(lambda text: list(addresses(text)), shown):
        target = target_of(url)
        assert target is not None
        assert shown[at : at + len(url)] == url
        assert re.fullmatch(r"[a-z0-9:._·-]+", target.host), target.host
        target.told.encode()  # a half character can be shown nowhere
        assert not REORDERING & set(target.told)


@pytest.mark.parametrize("attack", [a for a in TEXTS if a.family == "homographs"], ids=str)
def test_a_look_alike_is_told_by_its_real_host(attack: Attack) -> None:
    target = target_of(attack.text)
    if target is not None:
        assert target.host.isascii()
        written = attack.text.partition("://")[2].rstrip("/").lower()
        assert target.host == written or target.host in exposed(attack.text) or target.trick == ""


def _server_or_refusal(typed: str) -> tuple[str, str]:
    try:
        return server_url(typed), ""
    except BadInput as error:
        return "", str(error)


@every
def test_a_pasted_address_is_a_server_or_one_sentence(attack: Attack) -> None:
    url, refusal = bounded(_server_or_refusal, attack.text)
    if refusal:
        assert len(refusal) < 300
        assert not _OBEYED.search(refusal)
        assert not REORDERING & set(refusal)
        return
    Http(url, label="it")  # raises for what no client could ask
    host = url.partition("://")[2]
    assert re.fullmatch(r"[a-z0-9._-]+(:\d+)?|\[[0-9a-f:]+\](:\d+)?", host), url
    assert url.startswith("https://") or is_loopback(re.sub(r":\d+$", "", host).strip("[]"))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "0177.0.0.1", "0x7f000001", "2130706433", "0", "::1", "localhost",
     "::ffff:127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "fe80::1",
     "fc00::1", "printer.local", "metadata.google.internal", "LOCALHOST.", "100.64.0.1",
     "::", "a.localhost"],
)  # fmt: skip
def test_the_network_around_is_known_by_all_its_names(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize("host", ["mastodon.social", "1.1.1.1", "2606:4700::1111", "local.example"])
def test_the_world_is_not_taken_for_it(host: str) -> None:
    assert not is_private(host)


@every
def test_a_query_of_anything_is_a_question_with_an_end(attack: Attack) -> None:
    query = bounded(parse_query, attack.text)
    assert len(query.words) <= 32
    assert query.match.count('"') % 2 == 0
    for text in (attack.text, "Where is my order?"):
        shown, marks = bounded(lambda text: snippet(text, query.words), text)
        assert len(shown) <= 122
        assert all(0 <= start < end <= len(shown) for start, end in marks)
    bounded(fold, attack.text)


@pytest.mark.parametrize("typed", ["\U0001f389" * 4 + "b", "ab cd", '"a a a a a b"', "中中中中b"])
def test_a_text_made_for_a_search_cannot_hold_it_up(typed: str) -> None:
    words = parse_query(typed).words
    for flood in ("\U0001f389" * 20_000, "a " * 10_000, "中" * 20_000, "_" * 20_000, "! " * 10_000):
        bounded(lambda text: snippet(text, words), flood)


@every
def test_a_terminal_is_told_nothing_it_would_obey(attack: Attack) -> None:
    text = attack.text[:6_000]
    wrapped = bounded(lambda text: wrap(text, 70), text)
    assert all(cells(line) <= 70 for line in wrapped)
    for line in (
        *wrapped,
        bounded(lambda text: cut(clean(text), 70), text),
        *bounded(lambda text: table([(text[:200], text)], ("A", "B"), width=80), text),
    ):
        assert not _OBEYED.search(line)
        assert "\n" not in line
        assert not REORDERING & set(line)
    printed = bounded(json_text, attack.text)
    assert json.loads(printed) == attack.text
    assert not _OBEYED.search(printed)
    assert not REORDERING & set(printed)


@every
def test_a_reference_is_one_or_none(attack: Attack) -> None:
    found = case_ref_range(attack.text)
    assert found is None or found[0] <= found[1]


@every
def test_a_marked_link_never_breaks_its_text(attack: Attack) -> None:
    facets = [
        Facet(ByteSlice(0, min(5, len(attack.text.encode()))), (Feature(uri=attack.text),)),
        Facet(ByteSlice(3, 2**63), (Feature(uri="https://a.example"),)),
        Facet(ByteSlice(-5, -1), (Feature(uri="https://a.example"),)),
    ]
    bounded(lambda text: expand_links(text, facets), attack.text).encode()
