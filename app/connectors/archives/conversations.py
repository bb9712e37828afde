"""Conversations out of a file of JSON lines, as docs/importing.md describes them, become facts.

Pure: lines in, facts out. Whatever a line does not say is told nowhere but here: who an unknown
author is, whom an answer addresses, and when a message without a time was written.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from app.connectors.lines import BadLine
from app.domain.interactions import Channel, Direction, IdentityFact, InteractionFact, Kind

LONGEST_LINE = 4 * 1024 * 1024
"""Bytes; what is longer is no conversation."""

_X_EPOCH_MS = 1_288_834_974_657
"""When the numbers of X’s posts begin: their upper bits are milliseconds since then."""
_X_FIRST = 1 << 42
_AGREES = timedelta(seconds=2)
_APART = timedelta(seconds=1)
_AFTER = timedelta(milliseconds=1)
_HANDLE = re.compile(r"@([\w.-]+)")


class _Message(msgspec.Struct):
    id: str
    role: Literal["client", "agent"]
    text: str
    author: str | None = None
    created_at: datetime | None = None


class _Line(msgspec.Struct):
    brand: str
    session: str
    messages: list[_Message]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One line of the file.

    ``facts``    oldest first, each answering the one before.
    ``guessed``  how many of them have no time of their own and none that can be computed.
    """

    brand: str
    session: str
    facts: tuple[InteractionFact, ...]
    guessed: int


def read_conversations(
    lines: Iterable[bytes], *, channel: Channel = Channel.X, language: str = ""
) -> Iterator[Conversation | BadLine]:
    """Each line as a conversation or as the reason why it is none; empty lines are passed over.

    ``channel`` is the service they were held on; ``language`` (BCP 47) that of lines which name
    none.
    """
    decoder = msgspec.json.Decoder(_Line)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _conversation(_decoded(decoder, line), channel, language)
        except _Unreadable as error:
            yield BadLine(number, str(error))


class _Unreadable(Exception):
    """Why a line is no conversation."""


def _decoded(decoder: msgspec.json.Decoder[_Line], line: bytes) -> _Line:
    if len(line) > LONGEST_LINE:
        raise _Unreadable(f"it is longer than {LONGEST_LINE >> 20} MB.")
    try:
        read = decoder.decode(line)
    except msgspec.ValidationError as error:
        raise _Unreadable(f"{_plain(str(error))}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _Unreadable("it is not JSON.") from error
    if not read.brand.strip():
        raise _Unreadable("“brand” is empty.")
    if not read.messages:
        raise _Unreadable("it has no messages.")
    if not all(message.id.strip() for message in read.messages):
        raise _Unreadable("a message has no “id”.")
    if len({message.id for message in read.messages}) < len(read.messages):
        raise _Unreadable("two messages have the same “id”.")
    return read


def _plain(complaint: str) -> str:
    """msgspec’s words with our quotes: “Expected `str`, got `int` - at `$.messages[0].id`”."""
    words = complaint.replace(" - at `$", " at `").replace("`$.", "`").replace("`.", "`")
    quoted = re.sub(r"[`']([^`']*)[`']", r"“\1”", words)
    return quoted[:1].lower() + quoted[1:]


def _conversation(line: _Line, channel: Channel, language: str) -> Conversation:
    brand = line.brand.strip().lstrip("@")
    times, guessed = _times(line.messages, channel)
    authors = _authors(line, brand)
    ours = IdentityFact(channel, _native(brand), f"@{brand}", brand)
    clients = {name: _person(channel, name, line) for name in authors if name is not None}
    addressed = _addressed(line.messages, authors)
    answered = set(addressed.values()) or set(clients)
    facts: list[InteractionFact] = []
    for place, message in enumerate(line.messages):
        name = authors[place]
        if name is None:
            direction, author = Direction.OUTBOUND, ours
            to = addressed.get(place)
            party = None if to is None else clients[to]
        else:
            author = clients[name]
            around = name not in answered
            direction = Direction.AROUND if around else Direction.INBOUND
            party = None if around else author
        before = line.messages[place - 1].id if place else None
        begins = Kind.POST if direction is Direction.OUTBOUND else Kind.MENTION
        facts.append(
            InteractionFact(
                native_id=message.id,
                kind=begins if before is None else Kind.REPLY,
                direction=direction,
                author=author,
                occurred_at=times[place],
                text=html.unescape(message.text),
                party=party,
                in_reply_to=before,
                root=line.messages[0].id,
                language=line.language or language,
            )
        )
    return Conversation(brand, line.session, tuple(facts), guessed)


# Who -------------------------------------------------------------------------------------------


def _authors(line: _Line, brand: str) -> list[str | None]:
    """The name of who wrote each message, None for the brand.

    An author nobody knows is whom the next answer addresses, if that is nobody else here; else
    somebody of this conversation alone.
    """
    named = {m.author.lstrip("@") for m in line.messages if m.role == "client" and m.author}
    found: list[str | None] = []
    for place, message in enumerate(line.messages):
        if message.role == "agent":
            found.append(None)
        elif message.author:
            found.append(message.author.lstrip("@"))
        else:
            found.append(_answered(line.messages[place + 1 :], named | {brand}) or "")
    return found


def _answered(after: Sequence[_Message], others: set[str]) -> str | None:
    if not after or after[0].role != "agent":
        return None
    match = _HANDLE.match(after[0].text.lstrip())
    return match[1] if match and match[1] not in others else None


def _addressed(messages: Sequence[_Message], authors: Sequence[str | None]) -> dict[int, str]:
    """Whom each message of the brand answers, by its place: whom it names first, else who spoke
    last, else who will."""
    clients = [name for name in authors if name is not None]
    found: dict[int, str] = {}
    last = clients[0] if clients else None
    for place, name in enumerate(authors):
        if name is not None:
            last = name
            continue
        match = _HANDLE.match(messages[place].text.lstrip())
        to = match[1] if match and match[1] in clients else last
        if to is not None:
            found[place] = to
    return found


def _person(channel: Channel, name: str, line: _Line) -> IdentityFact:
    if not name:
        unknown = f"unknown:{_native(line.brand)}:{line.session or line.messages[0].id}"
        return IdentityFact(channel, unknown, "@unknown", "Unknown")
    return IdentityFact(channel, _native(name), f"@{name}")


def _native(name: str) -> str:
    """A file knows people by their handle only, which another file may write in capitals."""
    return f"handle:{name.strip().lstrip('@').casefold()}"


# When ------------------------------------------------------------------------------------------


def _times(messages: Sequence[_Message], channel: Channel) -> tuple[list[datetime], int]:
    """When each was written, and how many of these are guessed.

    What the file says holds. A post of X tells its own time by its number, believed where it agrees
    with the times that are told. What remains stands evenly between its neighbours, or a second
    beside the only one: the order is right, and the time is a guess. Of two of one moment the
    second comes a millisecond later.
    """
    told = [_aware(message.created_at) for message in messages]
    if channel is Channel.X:
        numbered = [_x_time(message.id) for message in messages]
        pairs = [(t, n) for t, n in zip(told, numbered, strict=True) if t is not None]
        if all(n is not None and abs(t - n) <= _AGREES for t, n in pairs):
            told = [t if t is not None else n for t, n in zip(told, numbered, strict=True)]
    known = [place for place, time in enumerate(told) if time is not None]
    if not known:
        raise _Unreadable("none of its messages has a time.")
    times = [_between(told, known, place) for place in range(len(told))]
    for place in range(1, len(times)):
        if told[place] is not None and told[place] == told[place - 1]:
            times[place] = times[place - 1] + _AFTER
    return times, len(told) - len(known)


def _between(told: Sequence[datetime | None], known: Sequence[int], place: int) -> datetime:
    before = max((k for k in known if k <= place), default=None)
    after = min((k for k in known if k >= place), default=None)
    early = None if before is None else told[before]
    late = None if after is None else told[after]
    if early is not None and late is not None and before is not None and after is not None:
        if before == after:
            return early
        return early + (late - early) * ((place - before) / (after - before))
    if early is not None and before is not None:
        return early + _APART * (place - before)
    assert late is not None
    assert after is not None
    return late - _APART * (after - place)


def _aware(time: datetime | None) -> datetime | None:
    """A time without a zone is UTC."""
    return time.replace(tzinfo=UTC) if time is not None and time.tzinfo is None else time


def _x_time(native_id: str) -> datetime | None:
    if not (native_id.isascii() and native_id.isdigit() and len(native_id) < 20):  # noqa: PLR2004 - 64 bits
        return None
    number = int(native_id)
    if number < _X_FIRST:
        return None
    return datetime.fromtimestamp(((number >> 22) + _X_EPOCH_MS) / 1000, UTC)
