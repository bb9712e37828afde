"""The sample as values: always the same, complete, consistent, and worth reading."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from app.domain.cases import CaseState, Status, fold_case
from app.domain.clock import from_ms, hybrid_at, to_ms
from app.domain.clocks import Due
from app.domain.departments import PR, SEEDED, Queue
from app.domain.errors import NotFound
from app.domain.events import RULE, About, Event, EventType
from app.domain.ids import (
    CaseId,
    DeviceId,
    EventId,
    case_id,
    conversation_id,
    identity_id,
    interaction_uid,
)
from app.domain.interactions import (
    Channel,
    Direction,
    InteractionFact,
    Kind,
    Side,
    default_side,
    needs_answer,
)
from app.domain.outbox import OutboxState
from app.domain.sla import USUAL, policy_for
from app.domain.waiting import Touch, clocks_of, next_clock, waiting
from app.services.sample import texts
from app.services.sample.book import BEGIN, NOW, Opening, SampleBook, book
from app.services.sample.people import people
from app.services.sample.texts import load

LANGUAGES = {"en", "sv", "de", "fr", "es", "ja", "zh", "ar", "he", "hi"}
SENTENCE = re.compile(r"(?<=[.!?。？！؟।])\s*|\n+")


@pytest.fixture(name="sample", scope="module")
def fixture_sample() -> SampleBook:
    return _book()


@cache
def _book() -> SampleBook:
    return book()


def all_facts(sample: SampleBook) -> list[InteractionFact]:
    return [fact for facts in sample.facts.values() for fact in facts]


def opened(opening: Opening) -> Event:
    """The event the rules make of an opening."""
    return Event(
        id=EventId(f"opening of {opening.case}"),
        type=EventType.CASE_OPENED,
        subject=opening.case,
        agent=RULE,
        device=DeviceId(""),
        stamp=hybrid_at(opening.at),
        data={"department": opening.department, "queue": int(opening.queue)},
    )


@cache
def states() -> dict[CaseId, CaseState]:
    sample = _book()
    ledger: dict[int, list[Event]] = defaultdict(list)
    for event in sample.events:
        ledger[event.subject].append(event)
    folded = {}
    for case, opening in sample.openings.items():
        state = fold_case([opened(opening), *ledger[case]])
        assert state is not None
        folded[case] = state
    return folded


def open_states(queue: Queue) -> list[CaseState]:
    return [s for s in states().values() if s.status is Status.OPEN and s.queue is queue]


# The same at every run ---------------------------------------------------------------------------


def test_two_runs_make_the_same_book(sample: SampleBook) -> None:
    assert book() == sample


def test_another_process_makes_the_same_book(sample: SampleBook) -> None:
    """Where sets and dictionaries of text iterate in another order."""
    other = subprocess.run(
        [sys.executable, "-c", f"from app.services.sample.book import book; {_PRINT_IDS}"],
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert other == ids_of(sample)


_PRINT_IDS = (
    "b = book(); print(*[e.id for e in b.events], *[i.id for i in b.outbox],"
    " *[''.join(f.native_id.split()) for fs in b.facts.values() for f in fs])"
)


def ids_of(sample: SampleBook) -> list[str]:
    natives = ["".join(fact.native_id.split()) for fact in all_facts(sample)]
    return [*[e.id for e in sample.events], *[i.id for i in sample.outbox], *natives]


def test_native_ids_are_unique_within_an_account_and_parents_come_first(
    sample: SampleBook,
) -> None:
    for facts in sample.facts.values():
        seen: set[str] = set()
        for fact in facts:
            assert fact.native_id not in seen
            if fact.in_reply_to is not None:
                assert fact.in_reply_to in seen, fact
            seen.add(fact.native_id)


def test_event_and_outbox_ids_are_unique_and_in_ledger_order(sample: SampleBook) -> None:
    assert len({event.id for event in sample.events}) == len(sample.events)
    assert len({event.stamp for event in sample.events}) == len(sample.events)
    assert len({item.id for item in sample.outbox}) == len(sample.outbox)
    assert list(sample.events) == sorted(sample.events, key=lambda event: event.order)


def test_nothing_happens_before_the_beginning_or_after_the_storys_now(
    sample: SampleBook,
) -> None:
    moments = [fact.occurred_at for fact in all_facts(sample)]
    moments += [from_ms(event.at_ms) for event in sample.events]
    moments += [item.created_at for item in sample.outbox]
    moments += [f.edited_at for facts in sample.edits.values() for f in facts if f.edited_at]
    assert min(moments) >= BEGIN - timedelta(hours=1)
    assert max(moments) < NOW
    assert NOW - min(moments) > timedelta(days=3 * 365 - 10)


# How much of what ---------------------------------------------------------------------------------


def test_it_has_about_four_thousand_interactions_of_every_kind_and_channel(
    sample: SampleBook,
) -> None:
    facts = all_facts(sample)
    assert 3_800 <= len(facts) <= 4_400
    kinds = Counter(fact.kind for fact in facts)
    elsewhere = {Kind.TICKET_COMMENT, Kind.BOUGHT, Kind.CALL, Kind.MEETING, Kind.LETTER, Kind.VISIT}
    assert set(kinds) == set(Kind) - elsewhere
    by_account = {account.channel: len(sample.facts[account.id]) for account in sample.accounts}
    assert set(by_account) == set(Channel)
    assert min(by_account.values()) > 80
    directions = Counter(fact.direction for fact in facts)
    assert directions[Direction.AROUND] > 30
    assert directions[Direction.OUTBOUND] > 1_000


def test_about_sixty_customers_have_several_identities_each_some_left_apart() -> None:
    everybody = people()
    assert 58 <= len(everybody) <= 66
    assert sum(len(person.identities) for person in everybody) > 2 * len(everybody) - 5
    assert sum(len(person.apart) for person in everybody) >= 4
    assert max(len(person.identities) for person in everybody) == 4
    natives = [(who.channel, who.native_id) for p in everybody for who in (*p.identities, *p.apart)]
    assert len(set(natives)) == len(natives)
    influencers = [p for p in everybody if any((i.followers or 0) > 10_000 for i in p.identities)]
    assert len(influencers) >= 6


def test_every_link_joins_an_identity_to_the_person_it_belongs_to(sample: SampleBook) -> None:
    links = {
        event.subject: event.data["customer"]
        for event in sample.events
        if event.type is EventType.IDENTITY_LINKED
    }
    joined = sum(len(person.identities) - 1 for person in people())
    assert len(links) == joined
    assert not set(links) & set(links.values()), "nobody is joined to somebody who was joined"


def test_the_queues_are_as_full_as_the_design_shows(sample: SampleBook) -> None:
    respond = Counter(state.department for state in open_states(Queue.RESPOND))
    reach_out = Counter(state.department for state in open_states(Queue.REACH_OUT))
    assert [respond[d.id] for d in SEEDED] == [41, 14, 5, 8, 6, 2]
    assert [reach_out[d.id] for d in SEEDED] == [6, 3, 22, 4, 1, 0]
    everything = [*open_states(Queue.RESPOND), *open_states(Queue.REACH_OUT)]
    assert sum(state.assignee == sample.me.id for state in everything) == 12
    assert sum(state.assignee is None for state in open_states(Queue.RESPOND)) == 27
    waiting_for_us = [s for s in everything if s.pending and s.department == PR and not s.assignee]
    assert len(waiting_for_us) == 3
    snoozed = [state for state in states().values() if state.status is Status.SNOOZED]
    assert len(snoozed) == 5
    assert all((state.snoozed_until_ms or 0) > to_ms(NOW) for state in snoozed)


def test_the_past_is_closed_with_hand_offs_returns_notes_and_reopenings(
    sample: SampleBook,
) -> None:
    closed = [state for state in states().values() if state.status is Status.CLOSED]
    assert len(closed) > 350
    assert sum(state.hand_offs > 0 for state in closed) > 40
    types = Counter(event.type for event in sample.events)
    for kind in (
        EventType.CASE_RETURNED,
        EventType.CASE_REOPENED,
        EventType.CASE_NOTED,
        EventType.PRIORITY_SET,
        EventType.SIDE_MOVED,
        EventType.UNDONE,
    ):
        assert types[kind] >= 4, kind


def test_open_cases_have_late_due_and_in_time_clocks(sample: SampleBook) -> None:
    looks = Counter(due_of(case) for case in sample.openings)
    assert looks[Due.LATE] >= 4
    assert looks[Due.DUE] >= 8
    assert looks[Due.IN_TIME] >= 15


def due_of(case: CaseId) -> Due:
    """How the clock of a case looks at the story's now, from the facts alone."""
    state = states()[case]
    touches = [
        Touch(to_ms(fact.occurred_at), fact.direction is Direction.INBOUND)
        for fact in places()[case]
    ]
    policy = policy_for(USUAL, department=None, channel=None, urgency=state.urgency)
    clock = next_clock(clocks_of(state, waiting(touches), policy))
    if clock is None or clock.deadline is None or state.status is not Status.OPEN:
        return Due.NONE
    return clock.deadline.due(to_ms(NOW))


@cache
def places() -> dict[CaseId, list[InteractionFact]]:
    """The messages of each case: its customer's and ours to them."""
    found: dict[CaseId, list[InteractionFact]] = defaultdict(list)
    for account, facts in _book().facts.items():
        for fact in facts:
            if fact.party is not None and fact.kind.has_text:
                conversation = conversation_id(account, fact.root or fact.native_id)
                who = identity_id(fact.party.channel, fact.party.native_id)
                found[case_id(conversation, who)].append(fact)
    return found


# Consistency --------------------------------------------------------------------------------------


def test_exactly_what_the_rules_would_open_is_opened(sample: SampleBook) -> None:
    expected: set[CaseId] = set()
    for account, facts in sample.facts.items():
        by_id = {fact.native_id: fact for fact in facts}
        for fact in facts:
            parent = by_id.get(fact.in_reply_to or "")
            announced = bool(
                parent
                and parent.direction is Direction.OUTBOUND
                and parent.party is None
                and parent.in_reply_to is None
            )
            side = default_side(fact, answers_announcement=announced)
            if needs_answer(fact, side):
                assert side is Side.SERVICE
                conversation = conversation_id(account, fact.root or fact.native_id)
                who = identity_id(fact.author.channel, fact.author.native_id)
                expected.add(case_id(conversation, who))
    assert set(sample.openings) == expected


def test_events_are_about_cases_that_exist_and_come_after_their_opening(
    sample: SampleBook,
) -> None:
    for event in sample.events:
        if event.type.about is not About.CASE:
            continue
        opening = sample.openings[CaseId(event.subject)]
        assert event.stamp > hybrid_at(opening.at), event


def test_every_agent_named_in_the_book_works_here(sample: SampleBook) -> None:
    known = {agent.id for agent in sample.agents}
    assert 9 <= len(known) <= 12
    assert {event.agent for event in sample.events} - {RULE} <= known
    assert {item.agent for item in sample.outbox} <= known
    assignees = {e.data["assignee"] for e in sample.events if e.type is EventType.CASE_ASSIGNED}
    assert assignees <= known


def test_the_outbox_has_one_failed_two_waiting_and_the_rest_arrived(sample: SampleBook) -> None:
    found = Counter(item.state for item in sample.outbox)
    assert found[OutboxState.FAILED] == 1
    assert found[OutboxState.QUEUED] == 2
    assert set(found) == {OutboxState.FAILED, OutboxState.QUEUED, OutboxState.SENT}
    natives = {(n, f.native_id): f for n, facts in sample.facts.items() for f in facts}
    for item in sample.outbox:
        assert (item.account, item.target) in natives
        if item.state is OutboxState.SENT:
            assert natives[item.account, item.native_id].text == item.text


def test_edits_keep_everything_but_the_words_and_deletions_name_known_messages(
    sample: SampleBook,
) -> None:
    before = {interaction_uid(n, f.native_id): f for n, fs in sample.facts.items() for f in fs}
    edits = [(n, f) for n, fs in sample.edits.items() for f in fs]
    assert len(edits) >= 15
    for number, fact in edits:
        original = before[interaction_uid(number, fact.native_id)]
        assert replace(fact, text=original.text, edited_at=None) == original
        assert fact.text != original.text
    assert len(sample.deleted) >= 8
    assert all(interaction_uid(n, native) in before for n, native in sample.deleted)


def test_unread_and_half_written_cases_are_open(sample: SampleBook) -> None:
    assert all(states()[case].is_open for case in (*sample.unread, *sample.drafts))
    mine = [case for case in sample.unread if states()[case].assignee == sample.me.id]
    assert len(mine) == 4


# What a newcomer reads ----------------------------------------------------------------------------


def test_people_write_in_many_languages(sample: SampleBook) -> None:
    spoken = Counter(fact.language for fact in all_facts(sample))
    assert set(spoken) >= LANGUAGES
    assert min(spoken[language] for language in LANGUAGES) >= 25
    assert any("🐶" in fact.text or "☕" in fact.text for fact in all_facts(sample))


def test_texts_are_long_and_short_and_carry_pictures_and_warnings(sample: SampleBook) -> None:
    inbound = [f for f in all_facts(sample) if f.direction is Direction.INBOUND and f.text]
    assert max(len(fact.text) for fact in inbound) >= 5_000
    assert min(len(fact.text) for fact in inbound) <= 4
    pictured = [media for fact in all_facts(sample) for media in fact.media]
    assert len(pictured) > 40
    assert all(media.description for media in pictured)
    assert sum(bool(fact.warning) for fact in inbound) >= 4


def test_nobody_writes_more_than_the_channel_takes(sample: SampleBook) -> None:
    limits = {Channel.MASTODON: 500, Channel.BLUESKY: 300, Channel.X: 280}
    for fact in all_facts(sample):
        assert len(fact.text) <= limits.get(fact.author.channel, 10_000), fact.text
    for item in sample.outbox:
        assert len(item.text) <= limits.get(item.channel, 10_000), item.text


def test_no_sentence_of_a_customer_is_read_more_than_six_times(sample: SampleBook) -> None:
    sentences: Counter[str] = Counter()
    names = {person.name for person in people()}
    greetings = {line for lines in load("desk")["greeting"].values() for line in lines}
    closings = {line for lines in load("desk")["closing"].values() for line in lines}
    for fact in all_facts(sample):
        if fact.direction is Direction.INBOUND and fact.kind is not Kind.CAMPAIGN_CLICKED:
            parts = {part.strip() for part in SENTENCE.split(fact.text)}
            sentences.update(parts - names - greetings - closings - {""})
    long_ones = {text: n for text, n in sentences.items() if len(text) > 12}
    assert max(long_ones.values()) <= 6, Counter(long_ones).most_common(5)


def test_no_curly_name_is_left_and_typography_is_kept(sample: SampleBook) -> None:
    for fact in all_facts(sample):
        assert "{" not in fact.text + fact.subject
        assert "'" not in fact.text
        assert '"' not in fact.text
        assert "--" not in fact.text


def test_every_made_up_address_is_reserved(sample: SampleBook) -> None:
    """Mail addresses and sites end in .example; other handles are names on their platforms."""
    for fact in all_facts(sample):
        if fact.author.channel is Channel.EMAIL:
            assert fact.author.handle.endswith(".example")
        for media in fact.media:
            assert media.url.startswith("https://media.halden.example/")
        assert "http" not in fact.text


def test_lines_that_follow_each_other_exist() -> None:
    for name in ("talks-en", "talks-europe", "talks-world"):
        for entry in load(name)["talk"]:
            for turn, digits, following in (
                ("ask", "fits", "reply"),
                ("reply", "then", "more"),
                ("more", "ends", "answer"),
            ):
                groups = entry[digits].split()
                assert len(groups) == len(entry[turn]), (entry["topic"], digits)
                numbers = {int(digit) for group in groups if group != "-" for digit in group}
                assert numbers <= set(range(len(entry[following]))), (entry["topic"], digits)


def test_praise_asks_nothing() -> None:
    """A question under an announcement is work; praise must not be."""
    for lines in load("marketing")["praise"].values():
        assert not [line for line in lines if any(mark in line for mark in "?？؟")]


# The main story -----------------------------------------------------------------------------------


def test_martas_case_went_to_it_and_back() -> None:
    marta = next(p for p in people() if p.key == "marta").on(Channel.MASTODON)
    assert marta is not None
    case = next(
        case
        for case, facts in places().items()
        if facts[0].author == marta and facts[0].text.startswith("My Duo shows E14")
    )
    state = states()[case]
    minutes = [((s.left_ms or to_ms(NOW)) - s.entered_ms) // 60_000 for s in state.steps]
    assert [step.department for step in state.steps] == ["pr", "it", "pr"]
    assert minutes == [39, 130, 4]
    assert state.tags == {"firmware-3.2", "complaint"}
    assert due_of(case) is Due.DUE


def test_texts_that_were_not_installed_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "FOLDER", texts.FOLDER / "elsewhere")
    with pytest.raises(NotFound, match="elsewhere"):
        texts.load("a file that was never read")


def test_the_people_of_the_story_have_one_open_case_each_but_priya() -> None:
    """Marketing may answer Kwame because nothing else of his is open."""
    open_cases: Counter[str] = Counter()
    for person in people():
        own = {(who.channel, who.native_id) for who in person.identities}
        for case, facts in places().items():
            first = facts[0]
            author = first.party
            if author and (author.channel, author.native_id) in own and case in states():
                open_cases[person.key] += states()[case].is_open
    assert [open_cases[key] for key in ("marta", "sofia", "kwame", "daniel", "tobias")] == [1] * 5
    assert open_cases["priya"] == 3
