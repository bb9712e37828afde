"""A queue narrowed to what an agent asks for, and sorted by reach."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.domain.departments import CARE, IT
from app.domain.ids import CaseId
from app.domain.interactions import Channel
from app.domain.narrowing import Narrowing
from app.domain.replies import Draft, Escalation, Written
from app.domain.views import QueueFilter, QueueName, QueueRef, QueueSort
from app.store.projections import rebuild
from tests.services.desk import Desk
from tests.store.building import person, rows, said

ALL = QueueRef(QueueName.ALL)
_REACHES = {"ada": 12_000, "bo": 300, "cy": 48_000, "di": 0}


@pytest.fixture
def crowd(desk: Desk) -> Desk:
    """Four customers, one after the other; Cy writes German, Di’s followers are not known."""
    desk.take(
        *(
            said(
                name,
                name,
                f"@halden Question of {name}?",
                at=60 * number,
                author=replace(person(name), followers=reach or None),
                language="de-AT" if name == "cy" else "en",
            )
            for number, (name, reach) in enumerate(_REACHES.items())
        )
    )
    return desk


def _case(desk: Desk, name: str) -> CaseId:
    page = desk.queues.page(ALL).result()
    return next(row.case for row in page.rows if row.name == name.title())


def _names(desk: Desk, **narrowing: object) -> list[str]:
    wanted = Narrowing(**narrowing)  # type: ignore[arg-type]  # each test names its own
    page = desk.queues.page(ALL, narrowing=wanted).result()
    everything = desk.queues.everything(ALL, narrowing=wanted).result()
    assert [row.case for row in page.rows] == list(everything)
    return [row.name.lower() for row in page.rows]


def test_reach_sorts_the_widest_first_page_by_page(crowd: Desk) -> None:
    first = crowd.queues.page(ALL, sort=QueueSort.REACH, limit=2).result()
    rest = crowd.queues.page(
        ALL, sort=QueueSort.REACH, after=first.rows[-1].cursor, limit=9
    ).result()
    assert [row.name for row in first.rows + rest.rows] == ["Cy", "Ada", "Bo", "Di"]
    assert not rest.more


def test_reach_follows_the_identity_and_survives_a_rebuild(crowd: Desk) -> None:
    famous = replace(person("bo"), followers=900_000)
    crowd.take(said("later", "bo", "@halden still waiting", at=500, author=famous))
    kept = rows(crowd.workspace, "SELECT id, reach FROM case_state ORDER BY id")
    assert sorted(reach for _, reach in kept) == [0, 12_000, 48_000, 900_000, 900_000]
    crowd.workspace.write(rebuild).result()
    assert rows(crowd.workspace, "SELECT id, reach FROM case_state ORDER BY id") == kept


def test_what_an_index_answers(crowd: Desk) -> None:
    assert _names(crowd, reach=10_000) == ["ada", "cy"]
    assert _names(crowd, channels=(Channel.MASTODON, Channel.X)) == ["ada", "bo", "cy", "di"]
    assert _names(crowd, channels=(Channel.X,)) == []


def test_what_is_looked_up(crowd: Desk) -> None:
    crowd.cases.tag(_case(crowd, "ada"), ["firmware", "press"]).result()
    crowd.cases.tag(_case(crowd, "bo"), ["firmware"]).result()
    assert _names(crowd, tags=("firmware",)) == ["ada", "bo"]
    assert _names(crowd, tags=("firmware", "press")) == ["ada"]
    assert _names(crowd, language="de") == ["cy"]
    assert _names(crowd, language="d") == []
    assert _names(crowd, language="en", tags=("firmware",), reach=1_000) == ["ada"]


def test_the_languages_of_open_cases_are_known(crowd: Desk) -> None:
    assert crowd.queues.languages().result() == ("en", "de")


def test_departments_drafts_and_failures(crowd: Desk) -> None:
    crowd.cases.escalate(
        _case(crowd, "di"), Escalation(to=IT, reason="Firmware", brief="", told="")
    ).result()
    assert _names(crowd, departments=(IT,)) == ["di"]
    assert _names(crowd, departments=(CARE, IT)) == ["ada", "bo", "cy", "di"]
    crowd.replies.save_draft(_case(crowd, "bo"), Written("Soon")).result()
    assert _names(crowd, draft=True) == ["bo"]
    crowd.replies.reply(_case(crowd, "cy"), Draft("On it")).result()
    assert _names(crowd, failed=True) == []
    _fail_all(crowd)
    assert _names(crowd, failed=True) == ["cy"]


def _fail_all(desk: Desk) -> None:
    desk.workspace.write(
        lambda tx: tx.conn.execute(sa.text("UPDATE outbox SET state = 'failed'"))
    ).result()


def test_the_filters_of_the_list_hold_beside_it(crowd: Desk) -> None:
    crowd.cases.mark_seen(_case(crowd, "ada")).result()
    page = crowd.queues.page(
        ALL, filter=QueueFilter.UNREAD, narrowing=Narrowing(reach=10_000)
    ).result()
    assert [row.name for row in page.rows] == ["Cy"]


def test_conditions_are_asked_for_and_given_up_one_by_one() -> None:
    asked = Narrowing().with_channel(Channel.X).with_tag("press").with_department(IT)
    assert asked == Narrowing((Channel.X,), ("press",), (IT,))
    assert asked
    assert not asked.with_channel(Channel.X).with_tag("press").with_department(IT)
