"""Rich text: Bluesky marks mentions, links and hashtags by offsets into the UTF-8 text."""

from __future__ import annotations

import re
from collections.abc import Sequence

import regex

from app.connectors.channels.bluesky.shapes import Facet
from app.domain.records import dataclass

MAX_GRAPHEMES = 300
MAX_BYTES = 3000
_MAX_TAG = 64

_MENTION = re.compile(
    r"(?<![\w@./])@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)(?![\w@-])",
    re.IGNORECASE | re.ASCII,
)
_LINK = re.compile(r"(?<![\w])https?://[^\s<>\"“”„«»]+", re.IGNORECASE)
_TAG = re.compile(r"(?<![^\s(\[“„«])[#＃]([^\s#＃]+)")
_TRAILING = ".,;:!?…'’”»"
_BRACKETS = {")": "(", "]": "["}
_GRAPHEME = regex.compile(r"\X")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text with a meaning. ``start`` and ``end`` are bytes of UTF-8, end exclusive.

    ``kind`` is ``mention`` (value: a handle without @), ``link`` (a URL) or ``tag`` (without #).
    """

    start: int
    end: int
    kind: str
    value: str


def find_spans(text: str) -> tuple[Span, ...]:
    """The mentions, links and hashtags of a text as written, in order, none inside another."""
    found: list[tuple[int, int, str, str]] = []
    for match in _LINK.finditer(text):
        url = _trimmed(match[0])
        if len(url) > len("https://"):
            found.append((match.start(), match.start() + len(url), "link", url))
    found += [
        (match.start(), match.end(), "mention", match[1].lower())
        for match in _MENTION.finditer(text)
    ]
    for match in _TAG.finditer(text):
        tag = _trimmed(match[1])
        if tag and not tag.isdigit() and grapheme_count(tag) <= _MAX_TAG:
            found.append((match.start(), match.start() + 1 + len(tag), "tag", tag))
    spans: list[Span] = []
    last = 0
    for start, end, kind, value in sorted(found):
        if start < last:
            continue
        last = end
        first = len(text[:start].encode())
        spans.append(Span(first, first + len(text[start:end].encode()), kind, value))
    return tuple(spans)


def _trimmed(token: str) -> str:
    """A link or tag without the punctuation of the sentence around it."""
    while token:
        last = token[-1]
        opening = _BRACKETS.get(last)
        unbalanced = opening is not None and token.count(last) > token.count(opening)
        if last not in _TRAILING and not unbalanced:
            break
        token = token[:-1]
    return token


def grapheme_count(text: str) -> int:
    """How many characters a reader sees (extended grapheme clusters, Unicode UAX #29)."""
    if text.isascii() and "\r" not in text:
        return len(text)
    return sum(1 for _ in _GRAPHEME.finditer(text))


def expand_links(text: str, facets: Sequence[Facet]) -> str:
    """The text with every link’s true address where the author’s app showed a part or a name.

    A shortened address is replaced; other words keep standing, the address behind them in
    brackets. Offsets that do not fit the text are left alone.
    """
    links = sorted(
        (facet.index.byte_start, facet.index.byte_end, feature.uri)
        for facet in facets
        for feature in facet.features
        if feature.uri
    )
    if not links:
        return text
    raw = text.encode()
    out: list[bytes] = []
    done = 0
    for start, end, uri in links:
        if not done <= start < end <= len(raw):
            continue
        try:
            shown = raw[start:end].decode()
        except UnicodeDecodeError:
            continue
        out.append(raw[done:start])
        out.append(_link_text(shown, uri).encode())
        done = end
    out.append(raw[done:])
    try:
        return b"".join(out).decode()
    except UnicodeDecodeError:
        return text


def _link_text(shown: str, uri: str) -> str:
    bare = uri.partition("://")[2].removeprefix("www.").rstrip("/")
    plain = shown.strip().partition("://")[2] or shown.strip()
    plain = plain.removeprefix("www.").rstrip("/")
    if plain == bare:
        return shown
    stem = plain.removesuffix("…").removesuffix("...")
    if stem != plain and bare.startswith(stem):
        return uri
    return f"{shown} ({uri})"


def mentioned(facets: Sequence[Facet]) -> frozenset[str]:
    """The DIDs a post mentions."""
    return frozenset(feature.did for facet in facets for feature in facet.features if feature.did)
