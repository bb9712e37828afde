"""The table: what every fault comes to in every operation, as codes of ``verdicts``.

A row stands for faults that end alike. It gives one code for all operations, then others for a
kind of operation or a single one, the narrower before the wider. Nothing is left to a rule: a cell
without a code is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.interactions import Channel
from tests.faults.bluesky import ALICE, BLUESKY, BRAND, KAI, KEY
from tests.faults.faults import Fault
from tests.faults.mastodon import MASTODON
from tests.faults.operations import Kind, Operation, Service
from tests.faults.verdicts import PERHAPS, SUCCESSES, VERDICTS, Verdict

SERVICES = {one.channel: one for one in (MASTODON, BLUESKY)}
_KINDS = {
    Kind.SIGN_IN: "signing",
    Kind.READING: "reading",
    Kind.SENDING: "sending",
    Kind.LOOKING_UP: "looking",
    Kind.LIMITS: "limits",
}
RESTS = {"429_bare": 60}
"""For how many seconds a service is left alone that asks for it; all others ask for 300."""


@dataclass(frozen=True, slots=True)
class Row:
    """Faults that end alike, and the code of each operation by its name."""

    faults: tuple[str, ...]
    cells: Mapping[str, str]


def _rows(service: Service, **usual: str) -> _Rows:
    return _Rows(service, usual)


class _Rows:
    """Makes rows for one channel. ``usual``: codes that hold in every row unless it says other."""

    def __init__(self, service: Service, usual: Mapping[str, str]) -> None:
        self._operations = service.operations
        self._usual = usual

    def row(self, faults: str, everywhere: str, **narrower: str) -> Row:
        known = {one.name for one in self._operations} | set(_KINDS.values())
        assert set(narrower) <= known, set(narrower) - known
        codes = {**self._usual, **narrower}
        return Row(
            tuple(faults.split()),
            {
                one.name: codes.get(one.name) or codes.get(_KINDS[one.kind]) or everywhere
                for one in self._operations
            },
        )

    def sound(self, faults: str, **narrower: str) -> Row:
        """Faults that leave everything as it is, but for what is named."""
        cells = {one.name: "ok" for one in self._operations} | narrower
        return Row(tuple(faults.split()), cells)


_m = _rows(MASTODON, follow="live", limits="usual")
_b = _rows(BLUESKY, follow="ok", limits="ok")
_TIMES = "clock_ahead clock_behind clock_set_on clock_gains clock_loses"

ROWS = {
    Channel.MASTODON: (
        _m.sound(f"sound self_link ring {_TIMES}"),
        # Where the same answer stands at another time than ours, only the agent can tell.
        _m.sound("clock_set_back", find_sent="alike"),
        _m.row("no_dns refused timeout_before", "away"),
        _m.row("no_such_name", "away", signing="name"),
        _m.row("tls", "tls"),
        _m.row("foreign", "foreign"),
        _m.row(
            "timeout_request timeout_after timeout_answer",
            "late",
            pull_thread="alone",
            sending="late?",
            upload="late",
        ),
        _m.row("cut_before cut_answer", "cut", pull_thread="alone", sending="cut?", upload="cut"),
        _m.row("301_elsewhere", "on", find_server="other-on", pull_thread="alone"),
        _m.row("301_private", "inside", find_server="other-in", pull_thread="alone"),
        _m.row(
            "400 422",
            "barred",
            find_server="other",
            register="no-app",
            exchange="no-code",
            pull_thread="alone",
            search="no-words",
            sending="refused",
            upload="no-file",
        ),
        _m.row(
            "401_expired 401_revoked",
            "out",
            find_server="other",
            sign_in="token",
            register="no-app",
            exchange="no-code",
            follow="live-out",
        ),
        _m.row(
            "403",
            "barred",
            find_server="other",
            register="no-app",
            exchange="no-code",
            pull_thread="alone",
            search="no-words",
            upload="no-file",
        ),
        _m.row(
            "404 410",
            "missing",
            find_server="other",
            register="no-app",
            exchange="no-code",
            pull_thread="alone",
            search="no-words",
            thread="gone",
            refetch="gone",
            send="no-post",
            delete="ok",
        ),
        _m.row(
            "409",
            "barred",
            find_server="other",
            register="working",
            exchange="working",
            pull_thread="alone",
            search="no-words",
            sending="working?",
            upload="working",
        ),
        _m.row("429_seconds 429_date 429_epoch 429_iso 429_date_ahead 429_bare", "rest"),
        _m.row(
            "500 502_html 503",
            "trouble",
            pull_thread="alone",
            sending="trouble?",
            upload="trouble",
        ),
        _m.row("503_rest", "rest", sending="rest?", upload="rest"),
        _m.row(
            "portal",
            "page",
            follow="passed",
            find_server="other-page",
            pull_thread="alone",
            sending="taken?",
            upload="page",
            delete="page?",
        ),
        _m.row(
            "empty truncated other_type",
            "broken",
            follow="passed",
            find_server="other",
            pull_thread="alone",
            sending="taken?",
            upload="broken",
            delete="broken?",
        ),
        _m.row(
            "bare",
            "broken",
            follow="passed",
            find_server="other",
            register="app-id",
            reading="some",
            pull_thread="alone",
            thread="broken",
            refetch="broken",
            sending="taken?",
            upload="broken",
            delete="ok",
            find_sent="riddle",
        ),
        _m.sound("unknown_words", pull="none", history="none", follow="passed"),
        _m.row(
            "huge", "big", find_server="other", pull_thread="alone", sending="big?", upload="big"
        ),
    ),
    Channel.BLUESKY: (
        _b.sound(f"sound self_link ring clock_set_back {_TIMES}"),
        _b.sound("401_expired", sign_in="token"),
        _b.row("no_dns refused timeout_before", "away"),
        _b.row("no_such_name", "away", sign_in="name"),
        _b.row("tls", "tls"),
        _b.row("foreign", "foreign"),
        _b.row(
            "timeout_request timeout_after timeout_answer", "late", sending="late?", upload="late"
        ),
        _b.row("cut_before cut_answer", "cut", sending="cut?", upload="cut"),
        _b.row("301_elsewhere", "on", sign_in="other-on"),
        _b.row("301_private", "inside", sign_in="other-in"),
        _b.row(
            "400",
            "barred",
            sign_in="handle",
            pull_thread="alone",
            thread="nothing",
            sending="refused",
            find_sent="absent",
        ),
        _b.row("401_revoked", "out", sign_in="token"),
        _b.row("403 409 410 422", "barred", sign_in="not-in", sending="refused"),
        _b.row(
            "404",
            "barred",
            sign_in="other",
            pull_thread="alone",
            thread="nothing",
            sending="refused",
            find_sent="absent",
        ),
        _b.row("429_seconds 429_date 429_epoch 429_iso 429_date_ahead 429_bare", "rest"),
        _b.row("500 502_html 503", "trouble", sending="trouble?", upload="trouble"),
        _b.row("503_rest", "rest", sending="rest?", upload="rest"),
        _b.row("portal", "page", sign_in="other-page", sending="page?", upload="page"),
        _b.row(
            "empty truncated other_type",
            "broken",
            sign_in="other",
            sending="broken?",
            upload="broken",
        ),
        _b.row(
            "bare",
            "broken",
            sign_in="other",
            pull="some",
            history="some",
            listen="some",
            search="some",
            refetch="some",
            sending="broken?",
            upload="broken",
            delete="ok",
        ),
        _b.sound("unknown_words", pull="none", history="none"),
        _b.row("huge", "big", sending="big?", upload="big"),
    ),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What one operation has to come to under one fault."""

    code: str
    verdict: Verdict | None
    reached: bool
    kept: tuple[str, ...]
    rest: int | None


def cell(channel: Channel, fault: Fault, operation: Operation) -> Cell:
    """The expectation; raises LookupError where the table has none, or more than one."""
    (row,) = (one for one in ROWS[channel] if fault.name in one.faults)
    code = row.cells[operation.name]
    if code in SUCCESSES:
        return Cell(code, None, False, kept(channel, operation.name, code), None)
    verdict = VERDICTS[channel][code.removesuffix(PERHAPS)]
    rest = RESTS.get(fault.name, 300) if verdict.error == "RateLimited" else None
    given = _KEPT[channel].get(f"{operation.name} {code}", ())
    return Cell(code, verdict, code.endswith(PERHAPS), given, rest)


def kept(channel: Channel, operation: str, code: str) -> tuple[str, ...]:
    """What an operation gives that does not fail, in the words of ``operations.told``."""
    given = _KEPT[channel]
    if code == "ok":
        return given[operation]
    if code in ("none", "nothing"):
        return ("position",) if code == "none" else ()
    if code == "absent":
        return ("not there",)
    return given[f"{operation} {code}"]


_BRAND_POST = f"at://{BRAND}/app.bsky.feed.post"
_OURS, _ALSO = f"2 {_BRAND_POST}/3jzfcijpj2z2c", f"2 {_BRAND_POST}/3jzfcijpj2z2d"
_ALICE = f"1 at://{ALICE}/app.bsky.feed.post/3jzfcijpj2z2a"
_KAI = f"1 at://{KAI}/app.bsky.feed.post/3jzfcijpj2z2b"
_LIKED = f"1 like:{KAI}:{_BRAND_POST}/3jzfcijpj2z2c"
_NOTED = (f"1 follow:{KAI}", _ALICE, _OURS, _KAI, "position")
_MENTION = ("1 follow:lena@far.example", "2 3", "1 favourite:3:lena@far.example", "1 10")
_SIGNED = ("@brand@shop.example 1@shop.example",)
_FAVOURITE = "1 favourite:3:lena@far.example"

_KEPT: dict[Channel, dict[str, tuple[str, ...]]] = {
    Channel.MASTODON: {
        **dict.fromkeys(("find_server", "sign_in", "register", "exchange"), _SIGNED),
        **dict.fromkeys(("pull", "pull_thread", "history"), ("3 30", *_MENTION, "position")),
        **dict.fromkeys(
            ("pull some", "history some"), ("3 30", "2 3", _FAVOURITE, "1 10", "position")
        ),
        "pull_thread alone": (*_MENTION, "position"),
        "pull_own": ("1 10", "2 21", "2 20", "position"),
        "pull_own some": ("2 20", "position"),
        "follow": ("1 60", "1 61", "…"),
        "follow passed": ("1 61",),
        "listen": ("1 51", "1 50", "position"),
        "listen some": ("1 50", "position"),
        "search": ("1 50", "1 51", "position"),
        "search some": ("1 51", "position"),
        "thread": ("3 30", "1 10"),
        "thread gone": ("gone 10",),
        "refetch": ("1 5", "1 7"),
        "refetch gone": ("gone 5", "gone 7"),
        **dict.fromkeys(("send", "upload", "find_sent"), ("arrived 21",)),
        "like": ("arrived favourite:10:brand@shop.example",),
        "boost": ("arrived reblog:10:brand@shop.example",),
        "delete": ("arrived 20",),
        "limits": ("700 characters",),
        "limits usual": ("500 characters",),
    },
    Channel.BLUESKY: {
        "sign_in": (f"@brand.example {BRAND}",),
        **dict.fromkeys(("pull", "pull_thread", "history"), (_LIKED, *_NOTED)),
        **dict.fromkeys(("pull some", "history some"), _NOTED),
        "pull_thread alone": (_LIKED, f"1 follow:{KAI}", _ALICE, "position"),
        "pull_own": (_OURS, _ALSO, "position"),
        "follow": (),
        **dict.fromkeys(("listen", "search"), (_ALICE, _KAI, "position")),
        **dict.fromkeys(("listen some", "search some"), (_KAI, "position")),
        "thread": (_OURS, _KAI, _ALICE),
        "refetch": (_ALICE, _KAI),
        "refetch some": (_KAI,),
        **dict.fromkeys(("send", "upload", "find_sent"), (f"arrived {_BRAND_POST}/{KEY}",)),
        "like": (f"arrived like:{BRAND}:{_ALICE.removeprefix('1 ')}",),
        "boost": (f"arrived repost:{BRAND}:{_ALICE.removeprefix('1 ')}",),
        "delete": (f"arrived {_OURS.removeprefix('2 ')}",),
        "limits": ("300 characters",),
    },
}
