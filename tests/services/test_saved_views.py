"""Saved views: kept in their order, counted, refused where they would mislead."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from app.domain.departments import IT
from app.domain.errors import BadInput, NotFound, WorkspaceError
from app.domain.interactions import Channel
from app.domain.narrowing import Narrowing
from app.domain.saved_views import SavedView, Shown
from app.domain.views import QueueFilter, QueueName, QueueRef, QueueSort
from app.services.views import SavedViews
from tests.services.desk import Desk
from tests.store.building import person, said

WIDE = Shown(
    QueueRef(QueueName.ALL),
    QueueFilter.UNREAD,
    Narrowing((Channel.MASTODON,), (), (), reach=10_000),
    QueueSort.REACH,
)
PRESS = Shown(QueueRef(QueueName.RESPOND, IT), narrowing=Narrowing(tags=("press",)))


@pytest.fixture
def views(desk: Desk) -> SavedViews:
    return SavedViews(desk.workspace, desk.directory, desk.clock)


def _names(views: tuple[SavedView, ...]) -> list[str]:
    return [view.name for view in views]


def test_a_view_is_kept_as_it_was_made(views: SavedViews) -> None:
    views.create("Reach  over 10k ", WIDE).result()
    views.create("Press", replace(PRESS, queue=QueueRef(QueueName.RESPOND, IT, "other"))).result()
    wide, press = views.views().result()
    assert (wide.name, wide.icon, wide.shows) == ("Reach over 10k", "star", WIDE)
    assert (press.icon, press.shows) == ("hash", PRESS)
    assert press.ref == QueueRef(QueueName.RESPOND, IT, press.id)


def test_views_are_moved_renamed_deleted_and_put_back(views: SavedViews) -> None:
    for name in ("One", "Two", "Three"):
        made = views.create(name, WIDE).result()
    one, two, three = (view.id for view in made)
    assert _names(views.move(three, -1).result()) == ["One", "Three", "Two"]
    assert _names(views.move(one, -1).result()) == ["One", "Three", "Two"]
    assert _names(views.move(one, 9).result()) == ["Three", "Two", "One"]
    before = views.rename(two, "Second").result()
    assert _names(before) == ["Three", "Second", "One"]
    assert _names(views.delete(two).result()) == ["Three", "One"]
    assert _names(views.put_back(before).result()) == ["Three", "Second", "One"]
    assert views.show(one, PRESS).result()[-1].shows == PRESS


def test_what_would_mislead_is_refused(views: SavedViews) -> None:
    made = views.create("Press", PRESS).result()
    with pytest.raises(BadInput, match="“press” already"):
        views.create("press", WIDE).result()
    with pytest.raises(BadInput, match="no name"):
        views.rename(made[0].id, "  ")
    with pytest.raises(NotFound):
        views.delete("nobody").result()
    assert _names(views.rename(made[0].id, "PRESS").result()) == ["PRESS"]


def test_each_view_is_counted_by_what_it_shows(desk: Desk, views: SavedViews) -> None:
    desk.take(
        said("1", "ada", "@halden Hello?", author=replace(person("ada"), followers=20_000)),
        said("2", "bo", "@halden Hello?", author=replace(person("bo"), followers=20)),
    )
    wide = views.create("Wide", WIDE).result()[0].id
    press = views.create("Press", PRESS).result()[1].id
    assert views.counts().result() == {wide: 1, press: 0}
    case = desk.queues.page(WIDE.queue, narrowing=WIDE.narrowing).result().rows[0].case
    desk.cases.mark_seen(case).result()
    assert views.counts().result() == {wide: 0, press: 0}


def test_who_opens_a_queue_is_served_between_two_counts(desk: Desk, views: SavedViews) -> None:
    for number in range(3):
        views.create(f"View {number}", WIDE).result()
    go = threading.Event()
    desk.workspace.read(lambda _conn: go.wait(30))
    counted = views.counts()
    between = desk.workspace.read(lambda _conn: counted.done())
    go.set()
    assert between.result() is False
    assert len(counted.result()) == 3


def test_what_cannot_be_counted_says_so(desk: Desk, views: SavedViews) -> None:
    views.create("Wide", WIDE).result()
    desk.workspace.close()
    with pytest.raises(WorkspaceError):
        views.counts().result()
