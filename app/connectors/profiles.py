"""What a profile says of its owner: web addresses and mail addresses, out of text or HTML."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

LONGEST = 4_000
"""Characters of a description that are looked at."""

_ANCHOR = re.compile(r"<a\b[^>]*>", re.IGNORECASE)
_HREF = re.compile(r"""\bhref=["']([^"']+)["']""", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_URL = re.compile(r"https?://[^\s<>\"')\]]+")
_TRAILING = ".,;:!?"
_MAIL = re.compile(r"(?<![@\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[A-Za-z]{2,24}(?![\w@])")


@lru_cache(maxsize=1 << 13)
def links_of_html(html: str) -> tuple[str, ...]:
    """Where its anchors lead, without those of mentions and hashtags, each once."""
    if "<a" not in html:
        return ()
    found: dict[str, None] = {}
    for anchor in _ANCHOR.findall(html[:LONGEST]):
        href = None if "mention" in anchor or "hashtag" in anchor else _HREF.search(anchor)
        if href is not None and href[1].startswith(("https://", "http://")):
            found[unescape(href[1])] = None
    return tuple(found)


@lru_cache(maxsize=1 << 13)
def links_of_text(text: str) -> tuple[str, ...]:
    """The web addresses written out in it, each once."""
    if "://" not in text:
        return ()
    return tuple(dict.fromkeys(url.rstrip(_TRAILING) for url in _URL.findall(text[:LONGEST])))


@lru_cache(maxsize=1 << 13)
def mails_of(text: str) -> tuple[str, ...]:
    """The mail addresses in text or HTML, each once; “@mira@social.example” is none."""
    if "@" not in text:
        return ()
    plain = _TAG.sub("", text[:LONGEST]) if "<" in text else text[:LONGEST]
    return tuple(dict.fromkeys(mail.casefold() for mail in _MAIL.findall(unescape(plain))))
