"""Conversations of elsewhere come in once, thread as they were held, and become work if asked."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.connectors.lines import BadLine
from app.domain.campaigns import Campaign
from app.domain.errors import BadInput
from app.domain.ids import InteractionUid
from app.domain.replies import Draft
from app.domain.views import InteractionItem
from app.services import importing
from app.services.importing import Imported, Importing
from app.services.known import SAMPLE
from app.store import settings
from app.store.campaigns import imported
from app.store.ingest import Ingested
from tests.services.desk import Desk
from tests.store.building import person, rows, said

_AT = datetime(2019, 5, 6, 9, tzinfo=UTC)
_TALK = [("client", "mira", 0), ("agent", "HaldenCare", 300), ("client", "mira", 400)]


def _line(session: str, talk: list[tuple[str, str, int]], brand: str = "HaldenCare") -> bytes:
    messages = [
        {
            "id": f"{session}-{place}",
            "role": role,
            "author": author,
            "created_at": (_AT + timedelta(seconds=at)).isoformat(),
            "text": f"Message {place} of {session}",
        }
        for place, (role, author, at) in enumerate(talk)
    ]
    return json.dumps({"brand": brand, "session": session, "messages": messages}).encode()


def _run(desk: Desk, *lines: bytes, cases: bool = False) -> Imported:
    *_, last = Importing(desk.workspace, desk.directory).conversations(lines, cases=cases)
    return last


def test_each_session_is_one_conversation_in_its_order(desk: Desk) -> None:
    done = _run(desk, _line("a", _TALK), _line("b", [*_TALK, ("agent", "HaldenCare", 500)]))
    assert (done.read, done.stored, done.bad) == (2, Ingested(new=7), ())
    threads: dict[int, list[str]] = {}
    for native_id, conversation in rows(
        desk.workspace, "SELECT native_id, conversation FROM interaction ORDER BY key"
    ):
        threads.setdefault(conversation, []).append(native_id)
    assert sorted(threads.values()) == [["a-0", "a-1", "a-2"], ["b-0", "b-1", "b-2", "b-3"]]


def test_what_is_old_is_history_and_no_work(desk: Desk) -> None:
    assert _run(desk, _line("a", _TALK)).closed == 0
    assert rows(desk.workspace, "SELECT id FROM case_state") == []


def test_cases_are_dated_as_held_and_closed_where_the_brand_had_the_last_word(desk: Desk) -> None:
    lines = (_line("a", _TALK), _line("b", [*_TALK, ("agent", "HaldenCare", 500)]))
    assert _run(desk, *lines, cases=True).closed == 1
    found = rows(
        desk.workspace,
        "SELECT status, opened_ms, closed_ms, first_reply_ms FROM case_state ORDER BY status",
    )
    began = int(_AT.timestamp() * 1000)
    reply = began + 300_000
    assert found == [(1, began, None, reply), (3, began, began + 500_000, reply)]


def test_the_same_file_again_brings_nothing(desk: Desk) -> None:
    lines = (_line("a", _TALK), _line("b", _TALK[:2]))
    _run(desk, *lines, cases=True)
    before = rows(desk.workspace, "SELECT id FROM event ORDER BY id")
    again = _run(desk, *lines, cases=True)
    assert again.stored == Ingested(unchanged=5)
    assert rows(desk.workspace, "SELECT id FROM event ORDER BY id") == before


def test_bad_lines_are_told_and_the_rest_goes_on(desk: Desk) -> None:
    done = _run(desk, b"{", _line("a", _TALK), b"[]")
    assert done.read == 1
    assert [bad.number for bad in done.bad] == [1, 3]
    assert done.bad[0] == BadLine(1, "it is not JSON.")


def test_every_batch_tells_how_far_it_is(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "_BATCH", 4)
    lines = [_line(str(number), _TALK) for number in range(5)]
    steps = list(Importing(desk.workspace, desk.directory).conversations(lines))
    assert [(step.read, step.stored.new) for step in steps] == [(2, 6), (4, 12), (5, 15)]


def test_nothing_is_pulled_from_or_connected_to_where_it_came_from(desk: Desk) -> None:
    _run(desk, _line("a", _TALK))
    found = rows(desk.workspace, "SELECT display_name, server FROM account WHERE removed_ms > 0")
    assert found == [("Imported: HaldenCare", "import")]


def test_nothing_is_queued_that_would_never_leave(desk: Desk) -> None:
    _run(desk, _line("a", _TALK), cases=True)
    refused = desk.replies.reply(desk.only_case(), Draft(text="Sorry"))
    with pytest.raises(BadInput, match="was imported"):
        refused.result()
    (like,) = rows(desk.workspace, "SELECT uid FROM interaction WHERE native_id = 'a-2'")
    with pytest.raises(BadInput, match="was imported"):
        desk.replies.like(InteractionUid(like[0])).result()
    assert rows(desk.workspace, "SELECT id FROM outbox") == []


def test_brands_keep_apart(desk: Desk) -> None:
    _run(desk, _line("a", _TALK), _line("b", _TALK, brand="Other"), _line("c", _TALK, "haldencare"))
    found = rows(
        desk.workspace,
        "SELECT count(DISTINCT i.conversation) FROM interaction AS i JOIN account AS a"
        " ON a.id = i.account GROUP BY a.id ORDER BY 1",
    )
    assert found == [(1,), (2,)]


def test_the_sample_takes_nothing_real(desk: Desk) -> None:
    desk.workspace.write(lambda tx: settings.put_setting(tx, SAMPLE, "1")).result()
    desk.directory.reload()
    with pytest.raises(BadInput, match="sample workspace"):
        _run(desk, _line("a", _TALK))


def _market(desk: Desk, *lines: str) -> Imported:
    head = "customer,campaign,touch,time,link,brief,codes"
    told = [f"{line}\n".encode() for line in (head, *lines)]
    *_, last = Importing(desk.workspace, desk.directory).marketing(told)
    return last


def test_touches_of_a_campaign_stand_with_the_customer_they_were_with(desk: Desk) -> None:
    desk.take(said("1", "kwame", "Where is my Duo?"))
    done = _market(
        desk,
        "@kwame,Spring,sent,2019-03-02T09:00,,Ends Friday",
        "kwame,Spring,opened,2019-03-02T10:00",
        "Post@Kwame.example,Spring,sent,2019-03-02T09:00",
        "@nobody,Spring,sent,2019-03-02T09:00",
    )
    assert (done.read, done.stored.new) == (3, 3)
    assert done.bad == (BadLine(5, "no customer has this handle."),)
    customer = desk.customers.resolve("@kwame").result()
    page = desk.timelines.page(customer).result()
    sent = next(i for i in page.items if isinstance(i, InteractionItem) and i.pips)
    assert (sent.subject, sent.text) == ("Spring", "Ends Friday")
    assert [pip.label for pip in sent.pips] == ["Sent", "Opened"]
    assert sent.pips[0].key == sent.key < sent.pips[1].key
    assert desk.customers.resolve("post@kwame.example").result() != customer


def test_the_card_tells_what_campaigns_touched_a_customer_and_what_they_promise(desk: Desk) -> None:
    desk.take(said("1", "kwame", "Where is my Duo?"), said("2", "ada", "Hello"))
    _market(
        desk,
        "@kwame,Winter,sent,2019-01-02T09:00",
        "@kwame,Spring,sent,2019-03-02T09:00,,Ends Friday,HUILA15",
        "@kwame,Spring,clicked,2019-03-04T11:00,https://example.org",
        "@kwame,Spring,clicked,2019-03-04T10:00,https://example.org",
        "@kwame,Winter,bought,2019-03-03T10:00",
        "@ada,Summer,sent,2019-06-02T09:00",
    )
    customer = desk.customers.resolve("@kwame").result()
    spring, winter = desk.customers.card(customer).result().campaigns
    assert (spring.name, spring.brief, spring.codes) == ("Spring", "Ends Friday", ("HUILA15",))
    assert [stage.label for stage in spring.stages] == ["Sent", "Clicked"]
    assert datetime.fromtimestamp(spring.stages[1].at_ms / 1000, UTC).hour == 10
    assert (winter.name, winter.brief) == ("Winter", "")
    assert [stage.label for stage in winter.stages] == ["Sent", "Bought"]


def test_a_handle_of_several_is_nobody_in_particular(desk: Desk) -> None:
    double = replace(person("kwame"), native_id="kwame@other.example")
    desk.take(said("1", "kwame", "Hello"), said("2", "kwame", "Hello", author=double))
    assert _market(desk, "@kwame,Spring,sent,2019-03-02").bad == (
        BadLine(2, "several customers have this handle."),
    )


def test_the_same_campaign_again_brings_nothing(desk: Desk) -> None:
    lines = ("a@b.example,Spring,sent,2019-03-02", "a@b.example,Spring,bought,2019-03-03,Duo")
    assert _market(desk, *lines).stored == Ingested(new=2)
    assert _market(desk, *lines).stored == Ingested(unchanged=2)


def test_what_is_told_of_a_campaign_adds_up(desk: Desk) -> None:
    _market(
        desk,
        "a@b.example,Spring,sent,2019-03-02,,Ends Friday,A1",
        "c@b.example,Spring,sent,2019-03-04,,,B2",
        "c@b.example,Spring,bought,2019-03-09,Duo",
    )
    _market(desk, "d@b.example,Spring,sent,2019-03-03")
    (kept,) = desk.workspace.read(imported).result()
    first, last = date(2019, 3, 2), date(2019, 3, 4)
    assert kept == Campaign("Spring", "Ends Friday", ("A1", "B2"), first, last)
