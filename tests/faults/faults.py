"""Every way in which a service or the way to it can fail, as data.

A fault turns the sound answer of the service into what is sent in its place; the few that strike
before there is an answer name the ``road`` instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from enum import Enum, auto
from typing import Any

from tests.faults.server import Answer, as_json

PORTAL = b"<!doctype html><html><body>Welcome to the hotel. Please sign in.</body></html>"
REST = timedelta(minutes=5)
_OFF = timedelta(minutes=10)
_ENUMS = ("visibility", "type", "reason", "event")


class Road(Enum):
    """What lies between us and the service."""

    GOOD = auto()
    NO_DNS = auto()
    NO_SUCH_NAME = auto()
    REFUSED = auto()
    NO_TLS = auto()
    FOREIGN = auto()
    SILENT = auto()


@dataclass(frozen=True, slots=True)
class Scene:
    """What a fault knows of the request it strikes.

    ``sound`` is the answer that is due, decoded, ``first`` the one that was due to the first
    request of all, this being the ``nth``; ``now`` is the server’s time; ``words`` makes a refusal
    in the service’s own form from a status and the name of what is the matter.
    """

    sound: Any
    first: Any
    now: datetime
    nth: int
    words: Callable[[int, str], Answer]


@dataclass(frozen=True, slots=True)
class Fault:
    """``strikes`` None: every answer is sound. ``ahead``: how far our clock is ahead of theirs;
    ``was_ahead``: how far it was when the item was written, where that differs."""

    name: str
    title: str
    strikes: Callable[[Scene], Answer] | None = None
    road: Road = Road.GOOD
    ahead: timedelta = timedelta(0)
    was_ahead: timedelta | None = None
    slow: bool = False
    on_renewal: bool = False

    @property
    def stamped_ahead(self) -> timedelta:
        return self.ahead if self.was_ahead is None else self.was_ahead


def _status(status: int, name: str) -> Callable[[Scene], Answer]:
    return lambda scene: scene.words(status, name)


def _sound(scene: Scene) -> Answer:
    return as_json(scene.sound)


def _rest(status: int, **headers: Callable[[datetime], str]) -> Callable[[Scene], Answer]:
    def strike(scene: Scene) -> Answer:
        answer = scene.words(status, "RateLimitExceeded")
        told = {name.replace("_", "-"): make(scene.now) for name, make in headers.items()}
        return answer.but(headers={**answer.headers, **told})

    return strike


def _elsewhere(address: str) -> Callable[[Scene], Answer]:
    return lambda _scene: Answer(301, headers={"location": address})


def _page(status: int) -> Callable[[Scene], Answer]:
    return lambda _scene: Answer(status, PORTAL, {"content-type": "text/html; charset=utf-8"})


def _truncated(scene: Scene) -> Answer:
    whole = _sound(scene)
    return whole.but(body=whole.body[: len(whole.body) // 2])


def _body(value: Callable[[Any], Any]) -> Callable[[Scene], Answer]:
    return lambda scene: as_json(value(scene.sound))


def _other_type(sound: Any) -> Any:
    return {"surprise": True} if isinstance(sound, list) else ["surprise"]


def _first_bare(sound: Any) -> Any:
    """The first entry of every list without its fields; where there is no list, the answer."""
    if isinstance(sound, list) and not sound:
        return sound
    bared, found = _bare(sound)
    return bared if found else {}


def _bare(value: Any) -> tuple[Any, bool]:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [{}, *value[1:]], True
    if isinstance(value, dict):
        # Only the lists of the answer itself, not those inside its entries.
        parts = {
            key: _bare(part) if isinstance(part, list) else (part, False)
            for key, part in value.items()
        }
        return {key: part for key, (part, _) in parts.items()}, any(
            hit for _, hit in parts.values()
        )
    return value, False


def _unknown_words(value: Any) -> Any:
    if isinstance(value, list):
        return [_unknown_words(one) for one in value]
    if isinstance(value, dict):
        return {
            key: "never-heard-of"
            if key in _ENUMS and isinstance(part, str)
            else _unknown_words(part)
            for key, part in value.items()
        }
    return value


def _linked(cursor: Callable[[int], str]) -> Callable[[Scene], Answer]:
    """The same page for ever, which says that more follows."""

    def strike(scene: Scene) -> Answer:
        at = cursor(scene.nth)
        link = f'<http://127.0.0.1/{at}>; rel="next"'
        page = {**scene.first, "cursor": at} if isinstance(scene.first, dict) else scene.first
        return as_json(page, link=link)

    return strike


def _seconds(_now: datetime) -> str:
    return str(int(REST.total_seconds()))


FAULTS = (
    Fault("no_dns", "no name server answers", road=Road.NO_DNS),
    Fault("no_such_name", "the name does not exist", road=Road.NO_SUCH_NAME),
    Fault("refused", "connection refused", road=Road.REFUSED),
    Fault("tls", "TLS error", road=Road.NO_TLS),
    Fault("foreign", "a certificate of somebody else", road=Road.FOREIGN),
    Fault("timeout_before", "time-out before the request", road=Road.SILENT, slow=True),
    Fault(
        "timeout_request",
        "time-out while the request is sent",
        lambda _scene: Answer(unread=True),
        slow=True,
    ),
    Fault(
        "timeout_after",
        "time-out after the request",
        lambda scene: _sound(scene).but(stop_at=-1, stalls=True),
        slow=True,
    ),
    Fault(
        "timeout_answer",
        "time-out in mid-answer",
        lambda scene: _sound(scene).but(stop_at=0.5, stalls=True),
        slow=True,
    ),
    Fault("cut_before", "cut before the answer", lambda scene: _sound(scene).but(stop_at=-1)),
    Fault("cut_answer", "cut in mid-answer", lambda scene: _sound(scene).but(stop_at=0.5)),
    Fault("301_elsewhere", "301 to another host", _elsewhere("https://other.example/")),
    Fault(
        "301_private",
        "301 to a private address",
        _elsewhere("http://169.254.169.254/latest/meta-data"),
    ),
    Fault("400", "400", _status(400, "InvalidRequest")),
    Fault("401_expired", "401, expired", _status(401, "ExpiredToken")),
    Fault("401_revoked", "401, revoked", _status(401, "InvalidToken"), on_renewal=True),
    Fault("403", "403", _status(403, "Forbidden")),
    Fault("404", "404", _status(404, "NotFound")),
    Fault("409", "409", _status(409, "Conflict")),
    Fault("410", "410", _status(410, "Gone")),
    Fault("422", "422", _status(422, "Unprocessable")),
    Fault("429_seconds", "429, Retry-After in seconds", _rest(429, retry_after=_seconds)),
    Fault(
        "429_date",
        "429, Retry-After as a date",
        _rest(429, retry_after=lambda now: format_datetime(now + REST, usegmt=True)),
    ),
    Fault(
        "429_epoch",
        "429, RateLimit-Reset since 1970",
        _rest(429, ratelimit_reset=lambda now: str(int((now + REST).timestamp()))),
    ),
    Fault(
        "429_iso",
        "429, X-RateLimit-Reset in ISO 8601",
        _rest(429, x_ratelimit_reset=lambda now: (now + REST).isoformat()),
    ),
    Fault("429_bare", "429 without a header", _rest(429)),
    Fault(
        "429_date_ahead",
        "429 with a date, our clock ten minutes ahead",
        _rest(429, retry_after=lambda now: format_datetime(now + REST, usegmt=True)),
        ahead=_OFF,
    ),
    Fault("500", "500", _status(500, "InternalServerError")),
    Fault("502_html", "502 with a web page", _page(502)),
    Fault("503", "503", _status(503, "Busy")),
    Fault("503_rest", "503 with Retry-After", _rest(503, retry_after=_seconds)),
    Fault("portal", "200 with a web page", _page(200)),
    Fault("empty", "empty body", lambda _scene: Answer()),
    Fault("truncated", "truncated JSON", _truncated),
    Fault("other_type", "wrong JSON type", _body(_other_type)),
    Fault("bare", "missing fields", _body(_first_bare)),
    Fault("unknown_words", "unknown enum values", _body(_unknown_words)),
    Fault("huge", "50 MB body", lambda _scene: Answer(size=50 * 1024 * 1024)),
    Fault("self_link", "a page that links to itself", _linked(lambda _nth: "2026-11-19T10:00:00Z")),
    Fault("ring", "two pages that link to each other", _linked(lambda nth: "ab"[nth % 2])),
    Fault("clock_ahead", "our clock ten minutes ahead", ahead=_OFF),
    Fault("clock_behind", "our clock ten minutes behind", ahead=-_OFF),
    Fault("clock_set_back", "our clock ten minutes ahead, then set right", was_ahead=_OFF),
    Fault("clock_set_on", "our clock ten minutes behind, then set right", was_ahead=-_OFF),
    Fault(
        "clock_gains",
        "our clock right, then ten minutes ahead",
        ahead=_OFF,
        was_ahead=timedelta(0),
    ),
    Fault(
        "clock_loses",
        "our clock right, then ten minutes behind",
        ahead=-_OFF,
        was_ahead=timedelta(0),
    ),
)
