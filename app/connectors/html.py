"""HTML from outside as plain text: what a person would read, and where every link really goes.

Nothing is executed, loaded or kept as markup. Parsing is lexbor's (through selectolax), so what
browsers forgive (a raw ``&``, a bare ``>``, a tag left open) is read as browsers read it.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "iframe", "svg"})
_PARAGRAPHS = frozenset({"p", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"})
_LINES = frozenset({"div", "li", "tr", "hr"})
_LINK_SCHEMES = ("http", "https", "mailto")
_DEEPEST = 100
_MOST_TAGS = 12_000
"""No post has as many; nested, they take the parser 0.2 s, and ten times as many a minute."""
_LINE_EDGE = "\v"  # the start or end of a block; several in a row are one line break
# Written so that a single space, the commonest by far, is no match.
_SPACE = re.compile(r"[ \t\r\n\f\v]{2,}|[\t\r\n\f\v]")
_LINE_EDGES = re.compile(r"[ \v]*\v[ \v]*")
_MANY_BREAKS = re.compile(r"\n{3,}")
_SPACE_AT_BREAK = re.compile(r"[ \t]+\n[ \t]*|\n[ \t]+")
_SCHEME = re.compile(r"^(https?://|mailto:)(www\.)?")


def html_to_text(html: str) -> str:
    """The plain text of an HTML fragment.

    Paragraphs are parted by an empty line, ``<br>`` and list items by a line break. A mention or a
    hashtag reads as its text. A link reads as its address; where its words say something else,
    as the words with the address in brackets, so that none can pretend to lead elsewhere.
    What follows the first 12,000 tags is left out, with an ellipsis in its place.
    """
    if "<" not in html:
        return unescape(html).strip()
    if html.count("<") > _MOST_TAGS:
        html = "<".join(html.split("<", _MOST_TAGS)[:_MOST_TAGS]) + "…"
    body = LexborHTMLParser(html).body
    if body is None:
        return ""
    parts: list[str] = []
    _walk(body, parts, 0)
    text = "".join(parts)
    if _LINE_EDGE in text:
        text = _LINE_EDGES.sub("\n", text)
    if " \n" in text or "\n " in text or "\t" in text:
        text = _SPACE_AT_BREAK.sub("\n", text)
    if "\n\n\n" in text:
        text = _MANY_BREAKS.sub("\n\n", text)
    return text.strip()


def _one_spaced(text: str) -> str:
    """``text`` with a single space for each run of white space; most texts have them already."""
    if "  " in text or any(map(text.__contains__, "\t\r\n\f\v")):
        return _SPACE.sub(" ", text)
    return text


def _walk(parent: LexborNode, parts: list[str], depth: int) -> None:
    """Append the text of what is inside ``parent``; without its breaks below ``_DEEPEST``."""
    if depth > _DEEPEST:
        parts.append(_one_spaced(parent.text(deep=True)))
        return
    node = parent.first_child
    while node is not None:
        if node.is_text_node:
            parts.append(_one_spaced(node.text_content or ""))
        elif node.is_element_node:
            _element(node, parts, depth + 1)
        node = node.next


def _element(node: LexborNode, parts: list[str], depth: int) -> None:
    tag = node.tag or ""
    if tag == "br":
        parts.append("\n")
    elif tag == "a":
        parts.append(_link(node))
    elif tag in _PARAGRAPHS:
        if not _is_quote_fallback(node):
            parts.append("\n\n")
            _walk(node, parts, depth)
            parts.append("\n\n")
    elif tag in _LINES:
        parts.append(_LINE_EDGE)
        if tag == "li":
            parts.append("• ")
        _walk(node, parts, depth)
        parts.append(_LINE_EDGE)
    elif tag == "img":
        parts.append(node.attributes.get("alt") or "")
    elif tag not in _SILENT:
        _walk(node, parts, depth)


def _is_quote_fallback(node: LexborNode) -> bool:
    """A paragraph “RE: link”, for readers that do not know quotes; the quote is told otherwise."""
    return node.tag == "p" and "quote-inline" in (node.attributes.get("class") or "").split()


def _link(node: LexborNode) -> str:
    words = _one_spaced(node.text(deep=True)).strip()
    if words[:1] in ("@", "#"):
        return words
    attributes = node.attributes
    href = (attributes.get("href") or "").strip()
    if not href:
        return words
    try:
        scheme = urlsplit(href).scheme.lower()
    except ValueError:
        return words
    if scheme not in _LINK_SCHEMES or "mention" in (attributes.get("class") or "").split():
        return words
    if not words or _same_address(words, href):
        return href
    return f"{words} ({href})"


def _same_address(words: str, href: str) -> bool:
    """Whether the words are just the address, perhaps without its scheme or last slash."""
    return _bare(words) == _bare(href)


def _bare(address: str) -> str:
    return _SCHEME.sub("", address).rstrip("/")
