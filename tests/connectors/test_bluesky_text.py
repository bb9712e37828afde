"""Rich text both ways, lengths, and the size of pictures: no server needed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connectors.channels.bluesky import Bluesky
from app.connectors.channels.bluesky.composing import LIMITS
from app.connectors.channels.bluesky.facets import Span, expand_links, find_spans
from app.connectors.channels.bluesky.shapes import ByteSlice, Facet, Feature
from app.connectors.picture_size import pixel_size


def spans(text: str) -> list[tuple[str, str, str]]:
    """(kind, value, the very text the bytes cover)"""
    raw = text.encode()
    return [(one.kind, one.value, raw[one.start : one.end].decode()) for one in find_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hi @Alice.Example!", [("mention", "alice.example", "@Alice.Example")]),
        ("(@a.b.example)", [("mention", "a.b.example", "@a.b.example")]),
        ("👋🏽 @a.example", [("mention", "a.example", "@a.example")]),
        ("mail me: info@a.example", []),
        ("@nodots and @ space", []),
        ("@a.example.", [("mention", "a.example", "@a.example")]),
        ("see https://a.example/ä.", [("link", "https://a.example/ä", "https://a.example/ä")]),
        (
            "(https://a.example/x_(y))",
            [("link", "https://a.example/x_(y)", "https://a.example/x_(y)")],
        ),
        (
            "https://a.example/@b.example#c",
            [("link", "https://a.example/@b.example#c", "https://a.example/@b.example#c")],
        ),
        ("https://", []),
        (
            "#one, #två #3 #4x!",
            [("tag", "one", "#one"), ("tag", "två", "#två"), ("tag", "4x", "#4x")],
        ),
        ("＃コーヒー です", [("tag", "コーヒー", "＃コーヒー")]),
        ("C# and a#b", []),
        ("#" + "x" * 65, []),
    ],
)
def test_what_is_marked_in_a_text(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert spans(text) == expected


@given(st.text(alphabet=st.sampled_from("a@.#/:ht ps\né👨‍👩‍👧(),"), max_size=60))
def test_marks_always_lie_on_whole_characters_and_never_overlap(text: str) -> None:
    raw = text.encode()
    last = 0
    for one in find_spans(text):
        assert last <= one.start < one.end <= len(raw)
        assert raw[one.start : one.end].decode()
        last = one.end


def _facet(start: int, end: int, uri: str) -> Facet:
    return Facet(ByteSlice(start, end), (Feature("app.bsky.richtext.facet#link", uri=uri),))


def _link(text: str, shown: str, uri: str) -> Facet:
    start = text.encode().index(shown.encode())
    return _facet(start, start + len(shown.encode()), uri)


@pytest.mark.parametrize(
    ("text", "shown", "uri", "expected"),
    [
        (
            "é see a.example/lon... now",
            "a.example/lon...",
            "https://a.example/long/way",
            "é see https://a.example/long/way now",
        ),
        ("a.example/x", "a.example/x", "https://www.a.example/x/", "a.example/x"),
        ("https://a.example", "https://a.example", "https://a.example/", "https://a.example"),
        (
            "my bank.example here",
            "bank.example",
            "https://evil.example",
            "my bank.example (https://evil.example) here",
        ),
        ("click here", "here", "https://a.example", "click here (https://a.example)"),
    ],
)
def test_links_show_where_they_lead(text: str, shown: str, uri: str, expected: str) -> None:
    assert expand_links(text, [_link(text, shown, uri)]) == expected


@pytest.mark.parametrize(("start", "end"), [(0, 99), (5, 3), (1, 2), (-1, 2), (3, 3)])
def test_marks_that_do_not_fit_the_text_are_left_alone(start: int, end: int) -> None:
    # The second and third byte of this text are the middle of a character.
    assert expand_links("日本", [_facet(start, end, "https://a.example")]) == "日本"


@pytest.mark.parametrize(
    ("text", "used", "fits"),
    [
        ("", 0, True),
        ("x" * 300, 300, True),
        ("x" * 301, 301, False),
        ("👨‍👩‍👧‍👦", 1, True),
        ("👨‍👩‍👧‍👦" * 120, 120, True),
        ("👨‍👩‍👧‍👦" * 121, 121, False),
        ("a\r\nb", 3, True),
        ("e\N{COMBINING ACUTE ACCENT}" * 300, 300, True),
    ],
)
def test_length_in_characters_a_reader_sees_and_in_bytes(text: str, used: int, fits: bool) -> None:
    length = Bluesky.measure(text, LIMITS)
    assert length.used == used
    assert length.fits is fits


PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (640).to_bytes(4, "big") + (480).to_bytes(4, "big")
GIF = b"GIF89a" + (640).to_bytes(2, "little") + (480).to_bytes(2, "little")
JPEG = bytes.fromhex(
    "ffd8ffe000100000000000000000000000000000ffffc20011080 1e00280".replace(" ", "")
)
VP8X = (
    b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + (639).to_bytes(3, "little") + (479).to_bytes(3, "little")
)
VP8 = (
    b"RIFF\0\0\0\0WEBPVP8 " + bytes(10) + (640).to_bytes(2, "little") + (480).to_bytes(2, "little")
)
VP8L = b"RIFF\0\0\0\0WEBPVP8L" + bytes(5) + (639 | 479 << 14).to_bytes(4, "little")


@pytest.mark.parametrize("body", [PNG, GIF, JPEG, VP8X, VP8, VP8L])
def test_the_size_of_a_picture(body: bytes) -> None:
    assert pixel_size(body) == (640, 480)


@pytest.mark.parametrize(
    "body", [b"", b"<svg/>", PNG[:20], GIF[:8], JPEG[:24], b"\xff\xd8\x00\x00\x00\x00"]
)
def test_pictures_without_a_size_to_be_read(body: bytes) -> None:
    assert pixel_size(body) is None


def test_a_span_says_what_it_means() -> None:
    assert find_spans("#x") == (Span(0, 2, "tag", "x"),)
