"""HTML as plain text: what is read, and where links really go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connectors.html import html_to_text

MENTION = (
    '<span class="h-card"><a href="https://far.example/@lena" class="u-url mention">'
    "@<span>lena</span></a></span>"
)
SHORTENED = (
    '<a href="https://shop.example/orders/4711"><span class="invisible">https://</span>'
    '<span class="ellipsis">shop.example/orders</span><span class="invisible">/4711</span></a>'
)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p></p>", ""),
        ("plain &amp; simple", "plain & simple"),
        ("plain\nwith a break", "plain\nwith a break"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<p>one<br>two<br />three</p>", "one\ntwo\nthree"),
        ("one<br><br>two", "one\n\ntwo"),
        ("<p>a<br><br><br><br>b</p>", "a\n\nb"),
        ("<p>fish & chips > soup &lt;3</p>", "fish & chips > soup <3"),
        (f"<p>{MENTION} hello</p>", "@lena hello"),
        ('<p><a href="https://far.example/tags/a" rel="tag">#<span>a</span></a></p>', "#a"),
        (f"<p>see {SHORTENED}</p>", "see https://shop.example/orders/4711"),
        ('<a href="https://www.shop.example/">shop.example</a>', "https://www.shop.example/"),
        ('<a href="mailto:a@shop.example">a@shop.example</a>', "mailto:a@shop.example"),
        ("<p>a<script>alert(1)</script><style>p{}</style>b</p>", "ab"),
        ('<a href="javascript:alert(1)">click</a>', "click"),
        ('<a href="http://[bad">click</a>', "click"),
        ("<ul><li>one</li><li>two</li></ul>", "• one\n• two"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ('<p>hi <img src="x" alt=":wave:"></p>', "hi :wave:"),
        ('<p>look</p><p class="quote-inline">RE: <a href="https://x.example">x</a></p>', "look"),
        ("<p>\u200fשלום</p>", "\u200fשלום"),
    ],
)
def test_reads_as_a_person_would(html: str, text: str) -> None:
    assert html_to_text(html) == text


def test_a_link_cannot_pretend_to_lead_elsewhere() -> None:
    html = '<a href="https://evil.example/in">https://bank.example</a>'
    assert html_to_text(html) == "https://bank.example (https://evil.example/in)"


def test_deep_nesting_is_no_danger() -> None:
    assert html_to_text("<div>" * 5_000 + "deep" + "</div>" * 5_000) == "deep"


@given(st.text())
def test_whatever_comes_is_text(html: str) -> None:
    text = html_to_text(f"<p>{html}</p>")
    assert "\n\n\n" not in text
    assert text == text.strip()


@given(st.text(alphabet="abc <>&;\"'/=pbrdiv", max_size=60))
def test_no_markup_survives_a_second_reading(html: str) -> None:
    assert "<script" not in html_to_text(f"<p><script>{html}</script>ok</p>")
