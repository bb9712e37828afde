"""The document says what the data says, both ways; and the data keeps the laws of the outbox."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain import errors
from app.domain.errors import ConnectorError, RateLimited, SeamlineError
from app.domain.interactions import Channel
from app.sync.delivery import _verdict
from tests.faults.browser import VISITS
from tests.faults.document import DOCUMENT, cells, names, outbox_state, read, rewritten
from tests.faults.expected import ROWS, SERVICES, cell
from tests.faults.faults import FAULTS, Road
from tests.faults.operations import Kind
from tests.faults.verdicts import BROWSER, PERHAPS, SUCCESSES, VERDICTS, Verdict

NAMED = {
    "no DNS": "no_dns",
    "refused": "refused",
    "TLS error": "tls",
    "foreign certificate": "foreign",
    "time-out before": "timeout_before",
    "time-out during": "timeout_request",
    "time-out after": "timeout_after",
    "cut in mid-body": "cut_answer",
    "301 to elsewhere": "301_elsewhere",
    "301 to a private address": "301_private",
    "400": "400",
    "401 expired": "401_expired",
    "401 revoked": "401_revoked",
    "403": "403",
    "404": "404",
    "409": "409",
    "410": "410",
    "422": "422",
    "429, seconds": "429_seconds",
    "429, date": "429_date",
    "429, epoch": "429_epoch",
    "429, ISO": "429_iso",
    "429 without": "429_bare",
    "500": "500",
    "502 with HTML": "502_html",
    "503": "503",
    "200 with HTML": "portal",
    "empty body": "empty",
    "truncated JSON": "truncated",
    "wrong JSON type": "other_type",
    "missing fields": "bare",
    "unknown enum values": "unknown_words",
    "50 MB body": "huge",
    "a page that links to itself": "self_link",
    "clock ahead": "clock_ahead",
    "clock behind": "clock_behind",
    "clock set right between sending and looking up": "clock_set_back",
}
"""What is promised to be in the table, and the name it has there."""

channels = pytest.mark.parametrize("channel", list(SERVICES), ids=lambda channel: channel.value)


@pytest.fixture(scope="module")
def text() -> str:
    return DOCUMENT.read_text("utf-8")


def test_the_tables_are_as_the_data_would_write_them(text: str) -> None:
    assert rewritten(text) == text, "Run python -m tests.faults"


def test_every_fault_is_explained(text: str) -> None:
    told = {names(row["fault"])[0]: row["what happens"] for row in read(text, "faults")}
    assert told == {one.name: one.title for one in FAULTS}
    assert set(NAMED.values()) <= set(told)


@channels
def test_every_cell_of_the_document_is_that_of_the_data(text: str, channel: Channel) -> None:
    told: dict[tuple[str, str], str] = {}
    for row in read(text, f"{channel.value}-cells"):
        faults = names(row.pop("fault"))
        for head, code in row.items():
            for fault in faults:
                for operation in names(head):
                    assert (fault, operation) not in told
                    told[fault, operation] = code
    assert told == cells(channel)
    operations = [one.name for one in SERVICES[channel].operations]
    assert set(told) == {(fault.name, name) for fault in FAULTS for name in operations}


@channels
def test_every_code_has_its_sentence(text: str, channel: Channel) -> None:
    told = {names(row["code"])[0]: row for row in read(text, f"{channel.value}-sentences")}
    given = {names(row["code"])[0] for row in read(text, "gifts")}
    assert given == set(SUCCESSES)
    used = {code.removesuffix(PERHAPS) for code in cells(channel).values()}
    assert used <= set(told) | given
    for code, row in told.items():
        verdict = VERDICTS[channel][code]
        assert row["what the agent reads"] == verdict.message
        assert row["and what to do"] == verdict.hint
        assert names(row["error"]) == [verdict.error]
        assert row["again by itself"] == ("yes" if verdict.retryable else "no")
        assert names(row["a message"]) == [outbox_state(verdict)]


def test_what_can_happen_in_the_browser_is_told(text: str) -> None:
    told = {row["what happens"]: row for row in read(text, "browser")}
    assert set(told) == {one.title for one in VISITS}
    for one in VISITS:
        row = told[one.title]
        sentences = (row["what the agent reads"], row["and what to do"])
        verdict = BROWSER.get(one.code)
        assert sentences == ((verdict.message, verdict.hint) if verdict else ("", ""))


@channels
def test_no_sentence_is_left_over(channel: Channel) -> None:
    used = {code.removesuffix(PERHAPS) for code in cells(channel).values()}
    assert set(VERDICTS[channel]) == used - set(SUCCESSES)


@channels
def test_a_fault_stands_in_one_row(channel: Channel) -> None:
    listed = [fault for row in ROWS[channel] for fault in row.faults]
    assert sorted(listed) == sorted(["sound", *(one.name for one in FAULTS)])


def _as_error(verdict: Verdict, *, reached: bool) -> SeamlineError:
    kind: type[SeamlineError] = getattr(errors, verdict.error)
    if kind is RateLimited:
        made: SeamlineError = RateLimited("It rests.", retry_at=datetime.now(UTC))
    else:
        made = kind("It failed.")
    if isinstance(made, ConnectorError):
        made.reached = reached
    return made


@channels
def test_the_outbox_does_with_each_failure_what_the_document_says(channel: Channel) -> None:
    """By the very function that decides it, for every cell of what sends."""
    states = {"UNCERTAIN": "unknown", "AGAIN": "queued", "REFUSED": "failed"}
    judged = 0
    for operation in SERVICES[channel].operations:
        for fault in FAULTS if operation.kind is Kind.SENDING else ():
            expected = cell(channel, fault, operation)
            if expected.verdict is None:
                continue
            error = _as_error(expected.verdict, reached=expected.reached)
            state = states[_verdict(error, left=True).name]
            assert state == ("unknown" if expected.reached else outbox_state(expected.verdict))
            judged += 1
    assert judged > 100


@channels
def test_what_may_have_arrived_is_never_denied_and_what_never_left_is_no_doubt(
    channel: Channel,
) -> None:
    """The law behind the cells of what is sent in one request, and of its pictures."""
    perhaps = {"timeout_request", "timeout_after", "timeout_answer", "cut_before", "cut_answer"}
    perhaps |= {"500", "502_html", "503", "503_rest", "portal", "empty", "truncated", "huge"}
    for fault in FAULTS:
        for operation in SERVICES[channel].operations:
            if operation.kind is not Kind.SENDING:
                continue
            expected = cell(channel, fault, operation)
            if operation.name == "upload" or fault.road is not Road.GOOD:
                assert not expected.reached
            elif fault.name in perhaps:
                assert expected.reached


@channels
def test_each_sentence_is_one_a_person_can_read(channel: Channel) -> None:
    for verdict in VERDICTS[channel].values():
        assert verdict.message.endswith(".")
        assert verdict.hint.endswith(".")
        assert "'" not in verdict.message + verdict.hint
