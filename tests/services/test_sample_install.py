"""The sample in a workspace: stored through ordinary doors, and told like the design."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain.clock import FakeClock, to_ms
from app.domain.departments import SEEDED
from app.domain.errors import BadInput
from app.domain.events import EventType
from app.domain.ids import CustomerId
from app.domain.interactions import Direction, Kind, Side
from app.domain.outbox import OutboxState
from app.domain.views import (
    EventItem,
    InteractionItem,
    OutboxEntry,
    QueueName,
    QueueRef,
    SearchResults,
    SearchScope,
    TimelinePage,
)
from app.services.directory import Directory
from app.services.sample.book import ME, NOW, SampleBook, book
from app.services.sample.install import install
from app.services.sample.people import people
from app.store import (
    accounts,
    customers,
    opening,
    queues,
    saved_views,
    searching,
    tables,
    timelines,
)
from app.store.database import Workspace
from app.store.keychain import Keychain
from app.store.projections import rebuild
from app.store.queue_choice import Wanted


@pytest.fixture(scope="module")
def story() -> SampleBook:
    return book()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, story: SampleBook) -> Iterator[Workspace]:
    """One workspace for all tests here, which only read; a passphrase needs no keyring."""
    folder = tmp_path_factory.mktemp("sample") / "workspace"
    made = opening.open_workspace(
        folder, keychain=Keychain(), clock=FakeClock(NOW), passphrase="milk and sugar", sample=True
    )
    install(made, story)
    yield made
    made.close()


def customer_of(key: str) -> CustomerId:
    return CustomerId(next(person for person in people() if person.key == key).founder)


def count(workspace: Workspace, table: sa.Table) -> int:
    statement = sa.select(sa.func.count()).select_from(table)
    return int(workspace.read(lambda conn: conn.execute(statement).scalar() or 0).result())


def found_by(workspace: Workspace, query: str) -> SearchResults:
    return workspace.read(
        lambda conn: searching.find(
            conn, query, scope=SearchScope.EVERYTHING, before=None, limit=5, total=0
        )
    ).result()


def timeline_of(workspace: Workspace, key: str) -> TimelinePage:
    customer = customer_of(key)
    return workspace.read(lambda conn: timelines.page(conn, customer, limit=400)).result()


def test_everything_in_the_book_is_stored_once(workspace: Workspace, story: SampleBook) -> None:
    facts = sum(len(listed) for listed in story.facts.values())
    assert count(workspace, tables.interaction) == facts
    assert count(workspace, tables.outbox) == len(story.outbox)
    assert count(workspace, tables.revision) == sum(len(e) for e in story.edits.values())
    assert count(workspace, tables.event) == len(story.events) + len(story.openings)
    deleted = sa.select(sa.func.count()).where(tables.interaction.c.deleted_ms.is_not(None))
    gone = workspace.read(lambda conn: conn.execute(deleted).scalar()).result()
    assert gone == len(story.deleted)


def test_the_rules_open_exactly_the_cases_the_events_speak_of(
    workspace: Workspace, story: SampleBook
) -> None:
    held = workspace.read(
        lambda conn: set(conn.execute(sa.select(tables.case_state.c.id)).scalars())
    ).result()
    assert held == set(story.openings)


def test_the_sidebar_counts_what_the_design_shows(workspace: Workspace, story: SampleBook) -> None:
    found = workspace.read(
        lambda conn: queues.counts(
            conn,
            me=story.me.id,
            mine=story.me.department,
            departments=[department.id for department in SEEDED],
        )
    ).result()
    assert (found.my_work, found.unassigned, found.escalated, found.snoozed) == (12, 27, 3, 5)
    assert (found.outbox_waiting, found.outbox_failed) == (2, 1)
    assert [found.departments[department.id] for department in SEEDED] == [
        (41, 6),
        (14, 3),
        (5, 22),
        (8, 4),
        (6, 1),
        (2, 0),
    ]


def test_my_work_begins_with_the_people_of_the_story(
    workspace: Workspace, story: SampleBook
) -> None:
    page = workspace.read(
        lambda conn: queues.page(
            conn,
            Wanted(
                QueueRef(QueueName.MY_WORK), story.me.id, story.me.department, now_ms=to_ms(NOW)
            ),
        )
    ).result()
    assert [row.name for row in page.rows[:7]] == [
        "林 美咲",
        "Marta Lindqvist",
        "Sofia Ferrante",
        "Kwame Osei",
        "Daniel Okafor",
        "Priya Raman",
        "Tobias Brandt",
    ]
    assert [row.name for row in page.rows if row.unread] == [
        "林 美咲",
        "Sofia Ferrante",
        "Kwame Osei",
        "Daniel Okafor",
    ]
    misaki, marta = page.rows[:2]
    assert misaki.deadline is not None
    assert (misaki.deadline.due_ms - to_ms(NOW)) // 60_000 == -12
    assert marta.deadline is not None
    assert (marta.deadline.due_ms - to_ms(NOW)) // 60_000 == 18
    assert marta.outbox_failed
    assert marta.has_draft


def test_martas_timeline_tells_the_day(workspace: Workspace) -> None:
    page = timeline_of(workspace, "marta")
    seams = [item.seam for item in page.items if isinstance(item, EventItem) and item.seam]
    assert [(seam.origin, seam.target, seam.held_ms // 60_000) for seam in seams[-2:]] == [
        ("pr", "it", 39),
        ("it", "pr", 130),
    ]
    wishes = [item.item for item in page.items if isinstance(item, OutboxEntry)]
    assert [wish.state for wish in wishes] == [OutboxState.FAILED, OutboxState.QUEUED]
    assert wishes[0].error == "Mastodon didn’t answer."
    said = [item for item in page.items if isinstance(item, InteractionItem)]
    campaign = [item for item in said if item.kind is Kind.CAMPAIGN_SENT][-1]
    assert [pip.label for pip in campaign.pips] == ["Sent", "Opened", "Clicked “Your Duo”"]
    ad = [item for item in said if item.kind is Kind.COMMENT][-1]
    assert (ad.side, ad.subject) == (Side.MARKETING, "Duo, 15 % off")
    ours = [item for item in said if item.ours and item.side is Side.SERVICE][-1]
    assert ours.by_agent == "ines"


def test_identities_are_joined_and_a_suggested_one_is_left_apart(workspace: Workspace) -> None:
    card = workspace.read(lambda conn: customers.card(conn, customer_of("marta"))).result()
    assert card is not None
    assert [view.channel for view in card.identities] == ["mastodon", "facebook", "email"]
    assert card.reach == 46_100 + 1_200  # on Mastodon and on Facebook
    assert "Writes Swedish or English. Runs the Malmö home-barista meetup, next one 28 Nov." in {
        note.text for note in card.notes
    }
    alone = workspace.read(
        lambda conn: conn.execute(
            sa.select(tables.identity.c.customer, tables.identity.c.id).where(
                tables.identity.c.handle == "@hannah@kaffee.example"
            )
        ).one()
    ).result()
    assert alone.customer == alone.id


def test_search_finds_words_scripts_and_emoji(workspace: Workspace) -> None:
    for query in ("E14", "挽き目", "apricot", "☕", "gasket", "Entkalken"):
        assert found_by(workspace, query).messages, query


def test_every_account_is_marked_as_a_sample(workspace: Workspace, story: SampleBook) -> None:
    held = workspace.read(accounts.all_accounts).result()
    assert [record.id for record in held] == [account.id for account in story.accounts]
    assert all(record.sample and record.history_done for record in held)
    directory = Directory(workspace)
    assert directory.is_sample()
    assert directory.me() == story.me
    assert directory.workspace_name() == "Halden Coffee"
    assert {agent.id for agent in directory.agents()} == {agent.id for agent in story.agents}


def test_rebuilding_the_projection_changes_nothing(workspace: Workspace) -> None:
    rows = sa.select(tables.case_state).order_by(tables.case_state.c.id)
    before = workspace.read(lambda conn: conn.execute(rows).all()).result()
    workspace.write(rebuild).result()
    after = workspace.read(lambda conn: conn.execute(rows).all()).result()
    assert after == before


def test_decisions_and_strangers_stand_in_the_timelines(workspace: Workspace) -> None:
    kinds: Counter[str] = Counter()
    strangers = 0
    for person in people():
        for item in timeline_of(workspace, person.key).items:
            if isinstance(item, EventItem):
                kinds[item.event.type.value] += 1
            elif isinstance(item, InteractionItem) and item.direction is Direction.AROUND:
                strangers += 1
    assert strangers >= 20
    assert kinds[EventType.CASE_HANDED_OFF.value] > 60
    assert kinds[EventType.CASE_OPENED.value] > 500


def test_a_workspace_with_accounts_refuses_the_sample(
    workspace: Workspace, story: SampleBook
) -> None:
    before = count(workspace, tables.interaction)
    with pytest.raises(BadInput, match="has accounts of its own"):
        install(workspace, story)
    assert count(workspace, tables.interaction) == before


def test_an_installation_that_fails_leaves_an_empty_workspace(
    tmp_path: Path, story: SampleBook
) -> None:
    empty = opening.open_workspace(
        tmp_path / "w", keychain=Keychain(), clock=FakeClock(NOW), passphrase="tea", sample=True
    )
    twice = replace(
        story,
        facts={},
        edits={},
        deleted=(),
        events=(),
        openings={},
        drafts={},
        outbox=(story.outbox[-1], story.outbox[-1]),
    )
    try:
        with pytest.raises(sa.exc.IntegrityError):
            install(empty, twice)
        assert empty.read(accounts.all_accounts).result() == ()
        assert not Directory(empty).is_sample()
    finally:
        empty.close()


def test_each_saved_view_shows_something(workspace: Workspace) -> None:
    shown = {}
    for view in workspace.read(saved_views.views).result():
        wanted = Wanted(
            view.shows.queue, ME.id, ME.department, to_ms(NOW), narrowing=view.shows.narrowing
        )
        page = workspace.read(partial(queues.page, wanted=wanted)).result()
        shown[view.name] = len(page.rows)
    assert list(shown) == ["Reach over 10k", "Under our ads", "Firmware 3.2"]
    assert min(shown.values()) > 2
