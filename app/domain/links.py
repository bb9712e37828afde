"""What a text from outside hides: where its links lead, and what turns its letters round.

Whoever wants to deceive a reader has three old tricks: an address whose words say one host and
whose target is another, a host in letters that only look like a known one, and invisible characters
that reorder or split what is read. Nothing is removed here; what was hidden is written out.

Sources: Unicode Technical Report 36 (security considerations) and Standard Annex 9 (bidirectional
text); RFC 3986 for addresses, RFC 5891 and RFC 3492 for hosts in other scripts than Latin.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from app.domain.records import dataclass

LONGEST = 2048
"""Longer addresses are text, not links; browsers and servers cut them anyway."""

_ADDRESS = re.compile(r"https?://[^\s<>\"'’”]+", re.IGNORECASE)
_AFTER = ".,;:!?*_"
"""What ends a sentence rather than an address."""

# Embeddings, overrides and isolates reorder what is read. The three single marks (U+200E, U+200F,
# U+061C) only place a neighbouring comma or bracket; people who write Hebrew or Arabic need them.
_REORDERING = {
    0x202A: "‹LRE›", 0x202B: "‹RLE›", 0x202C: "‹PDF›", 0x202D: "‹LRO›", 0x202E: "‹RLO›",
    0x2066: "‹LRI›", 0x2067: "‹RLI›", 0x2068: "‹FSI›", 0x2069: "‹PDI›",
}  # fmt: skip
_IN_A_LINE = _REORDERING | dict.fromkeys((*range(32), *range(127, 160)), " ")
_UNFIT_FOR_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_REORDERS = re.compile("[\u202a-\u202e\u2066-\u2069]")

# Emoji are joined and languages written with some of these, so they stay in a sentence. No address
# has a use for any of them.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_HIDDEN = re.compile(f"[{_INVISIBLE}\x00-\x1f\x7f-\x9f]")
_HIDDEN_MARK = "‹hidden›"
_NEVER = re.compile(r"[\s\\‹›]")
"""Browsers take a backslash for a slash; the marks are those that stand for what was hidden."""
_IN_NAMES = frozenset("-_:\u00b7\u30fb")

# Small letters of Cyrillic and Greek that are drawn like Latin ones: a word of these alone is read
# as Latin although it mixes nothing.
_LATIN_TWINS = frozenset("асԁеһіјӏорԛѕԝхуүνοαικρτυχϲϳ")
_SCRIPTS_TOGETHER = (
    frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "LATIN"}),
    frozenset({"CJK", "BOPOMOFO", "LATIN"}),
    frozenset({"CJK", "HANGUL", "LATIN"}),
)
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_LONGEST_HOST = 253
_PLAIN_HOST = re.compile(r"[a-z0-9._:-]+")


@dataclass(frozen=True, slots=True)
class Target:
    """Where an address leads.

    ``url``   what to hand to the browser, host in ASCII.
    ``host``  the real host, in ASCII, so that no letter can pretend to be another.
    ``trick`` "" for an honest address, else what is deceptive about it, as the end of a sentence.
    """

    url: str
    host: str
    trick: str = ""

    @property
    def told(self) -> str:
        """The host, and what is wrong with it."""
        return f"{self.host}, {self.trick}" if self.trick else self.host


@lru_cache(maxsize=4096)
def target_of(url: str) -> Target | None:
    """Where a web address leads; None for everything that must not be opened.

    That is every scheme but http and https (``javascript:``, ``file:``, ``data:`` and whatever
    programs have registered), and an address with spaces, control or invisible characters.
    """
    if len(url) > LONGEST or _HIDDEN.search(url) or _NEVER.search(url):
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    ascii_host = _in_ascii(host)
    if ascii_host is None:
        return None
    shown = f"[{ascii_host}]" if ":" in ascii_host else ascii_host
    place = shown if port is None else f"{shown}:{port}"
    user = parts.netloc.rpartition("@")[0]
    return Target(
        url=parts._replace(scheme=parts.scheme.lower(), netloc=place).geturl(),
        host=ascii_host,
        trick=_trick(host, ascii_host, user),
    )


def addresses(text: str) -> Iterator[tuple[int, str]]:
    """The web addresses in a text that may be opened: where each begins, and itself.

    A full stop or a bracket that belongs to the sentence is left to the sentence.
    """
    for match in _ADDRESS.finditer(text):
        url = _trimmed(match.group())
        if target_of(url) is not None:
            yield match.start(), url


def exposed(text: str) -> str:
    """The text with its tricks written out; an honest text comes back as it is.

    Characters that reorder become visible marks (‹RLO›), invisible ones inside an address
    ‹hidden›, and behind an address that deceives stands its real host in square brackets.
    """
    if "://" in text:
        text = _ADDRESS.sub(_exposed_address, text)
    return exposed_line(text)


def exposed_line(text: str) -> str:
    """A name or a title with what reorders it written out, a space for each control character."""
    return text.translate(_IN_A_LINE) if _UNFIT_FOR_A_LINE.search(text) else text


def blotted(text: str) -> str:
    """The text with a replacement character for each one that reorders; as long as before."""
    return _REORDERS.sub("\ufffd", text)


def _exposed_address(match: re.Match[str]) -> str:
    whole = match.group()
    url = _trimmed(whole)
    rest = whole[len(url) :]
    if _HIDDEN.search(url):
        spelt = "".join(
            _REORDERING.get(ord(char), _HIDDEN_MARK) if _HIDDEN.match(char) else char
            for char in url
        )
        return spelt + rest
    target = target_of(url)
    if target is None or not target.trick:
        return whole
    return f"{url} [{target.host}]{rest}"


def _trimmed(address: str) -> str:
    end = len(address)
    brackets = address.count("(") - address.count(")")
    while end:
        last = address[end - 1]
        if last in _AFTER:
            end -= 1
        elif last == ")" and brackets < 0:
            end -= 1
            brackets += 1
        else:
            break
    return address[:end]


def _in_ascii(host: str) -> str | None:
    """The host as the network knows it; None when it is none."""
    labels = _DOTS.split(host)
    if not all(_names(char) for label in labels for char in label):
        return None
    name = ".".join(map(_label_in_ascii, labels))
    # A cedilla, for one, unfolds into a space and a mark: only what came out counts.
    plain = _PLAIN_HOST.fullmatch(name) and any(map(str.isalnum, name))
    return name if plain and len(name) <= _LONGEST_HOST else None


def _names(char: str) -> bool:
    """Whether a host may hold this character: a look-alike of a slash or a dot may not."""
    category = unicodedata.category(char)
    return char in _IN_NAMES or not (category[0] in "PZC" or category == "Sm")


def _label_in_ascii(label: str) -> str:
    """One part of a host, as browsers map it today; ß stays ß, which Python’s own codec loses."""
    folded = unicodedata.normalize("NFKC", label.lower()).lower()
    if folded.isascii():
        return folded
    return "xn--" + unicodedata.normalize("NFC", folded).encode("punycode").decode("ascii")


def _trick(written: str, host: str, user: str) -> str:
    if user:
        return "not the name before the @"
    if not written.isascii() and "xn--" not in host:
        return f"though it is written “{exposed_line(written)}”"
    for label in host.split("."):
        if not label.startswith("xn--"):
            continue
        try:
            readable = label[4:].encode("ascii").decode("punycode")
            readable.encode()  # punycode can spell half a character, which nothing can show
        except UnicodeError:
            return "which cannot be read as a name"
        if _HIDDEN.search(readable) or _mixes_scripts(readable) or _looks_latin(readable):
            return f"which only looks like “{exposed_line(readable)}”"
    return ""


def _mixes_scripts(label: str) -> bool:
    scripts = {_script(char) for char in label if char.isalpha()}
    return len(scripts) > 1 and not any(scripts <= together for together in _SCRIPTS_TOGETHER)


def _looks_latin(label: str) -> bool:
    letters = [char for char in label if char.isalpha()]
    return bool(letters) and all(char in _LATIN_TWINS for char in letters)


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    """The first word of a character’s name is its script, near enough to tell two apart."""
    return unicodedata.name(char, "UNKNOWN").partition(" ")[0]
