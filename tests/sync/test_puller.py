"""Pages become rows, and a cursor never runs ahead of what it promises."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from app.connectors.base import Page
from app.domain.clock import FakeClock
from app.domain.departments import CARE, MARKETING
from app.domain.errors import Rejected, Unreachable
from app.domain.ids import AccountId, DepartmentId
from app.domain.interactions import Channel
from app.domain.views import SavedSearch
from app.store import accounts
from app.store.database import Workspace
from app.store.ingest import Ingested
from app.sync import puller as puller_module
from app.sync.puller import Puller
from tests.sync.fake_connector import FakeConnector, FakeService
from tests.sync.items import mention, own_post


@pytest.fixture
def account(workspace: Workspace) -> AccountId:
    return connect(workspace)


@pytest.fixture
def puller(workspace: Workspace, account: AccountId, service: FakeService) -> Puller:
    return Puller(workspace, account, FakeConnector(service))


def connect(workspace: Workspace, native_id: str = "1") -> AccountId:
    record = workspace.write(
        lambda tx: accounts.put_account(
            tx,
            channel=Channel.MASTODON,
            server="https://home.example",
            native_id=native_id,
            handle="@brand@home.example",
            display_name="Brand",
            avatar_url="",
            owner=CARE,
        )
    ).result()
    return record.id


def cursor(workspace: Workspace, account: AccountId, stream: str) -> str | None:
    return workspace.read(lambda conn: accounts.cursor(conn, account, stream)).result()


def count(workspace: Workspace, where: str = "1") -> int:
    return workspace.read(
        lambda conn: int(
            conn.exec_driver_sql(
                f"SELECT count(*) FROM interaction WHERE {where}"  # noqa: S608 - a test's own words
            ).scalar_one()
        )
    ).result()


def queues(workspace: Workspace) -> list[tuple[str, int]]:
    return workspace.read(
        lambda conn: [
            (row.department, row.queue)
            for row in conn.exec_driver_sql("SELECT department, queue FROM case_state")
        ]
    ).result()


def mentions(now: datetime, first: int, many: int) -> list[Page]:
    return [
        Page((mention(str(n), now + timedelta(milliseconds=n)),), cursor=str(n))
        for n in range(first, first + many)
    ]


def test_pages_are_stored_and_the_next_pull_goes_on(
    workspace: Workspace, account: AccountId, service: FakeService, puller: Puller, clock: FakeClock
) -> None:
    service.pages["mentions"].extend(mentions(clock.now(), 1, 3))
    assert asyncio.run(puller.pull()) == Ingested(new=3)
    assert cursor(workspace, account, "mentions") == "3"
    service.pages["mentions"].extend(mentions(clock.now(), 3, 2))
    assert asyncio.run(puller.pull()) == Ingested(new=1, unchanged=1)
    assert service.asked[-1] == ("mentions", "3")


def test_what_came_before_a_failure_is_kept_with_its_cursor(
    workspace: Workspace, account: AccountId, service: FakeService, puller: Puller, clock: FakeClock
) -> None:
    service.pages["mentions"].extend([*mentions(clock.now(), 1, 2), Unreachable("Gone.")])
    with pytest.raises(Unreachable):
        asyncio.run(puller.pull())
    assert count(workspace) == 2
    assert cursor(workspace, account, "mentions") == "2"


def test_a_page_without_a_cursor_leaves_the_stored_one(
    workspace: Workspace, account: AccountId, service: FakeService, puller: Puller, clock: FakeClock
) -> None:
    service.pages["mentions"].extend(mentions(clock.now(), 1, 1))
    asyncio.run(puller.pull())
    service.pages["mentions"].append(Page((mention("2", clock.now()),)))
    asyncio.run(puller.pull())
    assert cursor(workspace, account, "mentions") == "1"
    assert count(workspace) == 2


def test_large_pages_are_split_and_only_the_last_part_moves_the_cursor(
    workspace: Workspace,
    account: AccountId,
    service: FakeService,
    puller: Puller,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(puller_module, "BATCH", 10)
    facts = tuple(mention(str(n), clock.now() + timedelta(seconds=n)) for n in range(25))
    service.pages["mentions"].append(Page(facts, cursor="end"))
    seen: list[tuple[int, str | None]] = []
    workspace.on_commit(
        lambda _change: seen.append((count(workspace), cursor(workspace, account, "mentions")))
    )
    assert asyncio.run(puller.pull()).new == 25
    assert seen == [(10, None), (20, None), (25, "end")]


def test_the_first_pull_opens_no_case_for_what_was_answered(
    workspace: Workspace, service: FakeService, puller: Puller, clock: FakeClock
) -> None:
    now = clock.now()
    service.pages["mentions"].append(
        Page((mention("1", now - timedelta(hours=2)), mention("2", now)), cursor="2")
    )
    answer = own_post("3", now - timedelta(hours=1), "It is on its way.", "1")
    service.pages["posts"].append(Page((answer,), cursor="3"))
    asyncio.run(puller.pull())
    assert len(queues(workspace)) == 1


def test_finds_enter_the_reach_out_queue_of_their_search(
    workspace: Workspace, account: AccountId, service: FakeService, puller: Puller, clock: FakeClock
) -> None:
    from dataclasses import replace

    found = replace(mention("9", clock.now(), "This coffee machine leaks?"), found=True)
    service.pages["listen:#coffee"].append(Page((found,), cursor="c"))
    service.pages["listen:tea"].append(Rejected("No full-text search here."))
    searches = [
        SavedSearch(1, account, "tea", DepartmentId("care")),
        SavedSearch(2, account, "#coffee", MARKETING),
    ]
    counted, refusal = asyncio.run(puller.listen(searches))
    assert counted == Ingested(new=1)
    assert refusal is not None
    assert queues(workspace) == [("marketing", 2)]
    assert cursor(workspace, account, "search:2") == "c"


def test_open_cases_are_asked_about_again(
    workspace: Workspace, service: FakeService, puller: Puller, clock: FakeClock
) -> None:
    now = clock.now()
    service.pages["mentions"].append(Page((mention("1", now), mention("2", now)), cursor="2"))
    asyncio.run(puller.pull())
    service.pages["refetch"].append(Page((mention("1", now, "Solved, thanks."),), gone=("2",)))
    assert asyncio.run(puller.refetch()) == Ingested(changed=2)
    assert sorted(service.refetched[0]) == ["1", "2"]
    assert count(workspace, "deleted_ms IS NOT NULL") == 1


def test_without_open_cases_nothing_is_asked(service: FakeService, puller: Puller) -> None:
    assert asyncio.run(puller.refetch()) == Ingested()
    assert service.refetched == []


def test_history_goes_on_where_it_stopped_and_tells_how_far_it_came(
    workspace: Workspace,
    account: AccountId,
    service: FakeService,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(puller_module, "PATIENCE_S", 0)  # each page by itself
    reached: list[datetime | None] = []
    puller = Puller(
        workspace, account, FakeConnector(service), lambda _counted, back: reached.append(back)
    )
    day = timedelta(days=1)
    pages = [
        Page(
            (mention(str(n), clock.now() - n * day),), cursor=str(n), progress=clock.now() - n * day
        )
        for n in (1, 2)
    ]
    service.pages["history:mentions"].extend([*pages, Unreachable("Gone.")])
    with pytest.raises(Unreachable):
        asyncio.run(puller.history(clock.now() - 30 * day))
    assert reached == [clock.now() - day, clock.now() - 2 * day]
    asyncio.run(puller.history(clock.now() - 30 * day))
    assert service.asked[-1] == ("history:mentions", "2")
