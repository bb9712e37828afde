"""Saved views: made, named, moved and counted."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial

from app.domain.clock import Clock, to_ms
from app.domain.errors import BadInput, NotFound
from app.domain.ids import uuid7
from app.domain.saved_views import SavedView, Shown, icon_for
from app.services.directory import Directory
from app.store import queues, saved_views
from app.store.database import Connection, Tx, Workspace
from app.store.queue_choice import Wanted

_NAME_LENGTH = 40
_MOST = 50


class SavedViews:
    """Every change answers with all views as they are then."""

    def __init__(self, workspace: Workspace, directory: Directory, clock: Clock) -> None:
        self._workspace = workspace
        self._directory = directory
        self._clock = clock

    def views(self) -> Future[tuple[SavedView, ...]]:
        """All of them, in their order."""
        return self._workspace.read(saved_views.views)

    def counts(self) -> Future[dict[str, int]]:
        """How many cases each view shows, by its id.

        Each is a question of its own, asked when the one before is answered: counting may look at
        every open case, and whoever opens a queue meanwhile is served in between.
        """
        me = self._directory.me()
        now_ms = to_ms(self._clock.now())
        result: Future[dict[str, int]] = Future()
        found: dict[str, int] = {}

        def count(conn: Connection, shows: Shown) -> int:
            asked = (shows.filter, shows.narrowing)
            wanted = Wanted(shows.queue, me.id, me.department, now_ms, *asked)
            return queues.how_many(conn, wanted)

        def ask(rest: tuple[SavedView, ...]) -> None:
            if not rest:
                result.set_result(found)
                return
            shows = rest[0].shows
            counted = self._workspace.read(lambda conn: count(conn, shows))
            counted.add_done_callback(partial(answered, rest))

        def answered(rest: tuple[SavedView, ...], counted: Future[int]) -> None:
            if (error := counted.exception()) is not None:
                result.set_exception(error)
                return
            found[rest[0].id] = counted.result()
            ask(rest[1:])

        def begin(views: Future[tuple[SavedView, ...]]) -> None:
            if (error := views.exception()) is not None:
                result.set_exception(error)
            else:
                ask(views.result())

        self.views().add_done_callback(begin)
        return result

    def create(self, name: str, shows: Shown) -> Future[tuple[SavedView, ...]]:
        """At the end, marked by what it shows."""
        shows = replace(shows, queue=replace(shows.queue, view=""))
        made = SavedView(str(uuid7()), _named(name), icon_for(shows), shows)

        def change(views: list[SavedView]) -> list[SavedView]:
            if len(views) >= _MOST:
                raise BadInput(
                    f"There are {_MOST} saved views already.", hint="Delete one you do not use."
                )
            _refuse_double(views, made.id, made.name)
            return [*views, made]

        return self._change(change)

    def rename(self, view: str, name: str) -> Future[tuple[SavedView, ...]]:
        named = _named(name)

        def change(views: list[SavedView]) -> list[SavedView]:
            _refuse_double(views, view, named)
            return [replace(one, name=named) if one.id == view else one for one in views]

        return self._change(change, view)

    def show(self, view: str, shows: Shown) -> Future[tuple[SavedView, ...]]:
        """Let it show something else under the same name."""
        shows = replace(shows, queue=replace(shows.queue, view=""))
        return self._change(
            lambda views: [
                replace(one, shows=shows, icon=icon_for(shows)) if one.id == view else one
                for one in views
            ],
            view,
        )

    def move(self, view: str, by: int) -> Future[tuple[SavedView, ...]]:
        """Up (negative) or down in the sidebar; at an end it stays."""

        def change(views: list[SavedView]) -> list[SavedView]:
            at = next(n for n, one in enumerate(views) if one.id == view)
            moved = views.pop(at)
            views.insert(min(len(views), max(0, at + by)), moved)
            return views

        return self._change(change, view)

    def delete(self, view: str) -> Future[tuple[SavedView, ...]]:
        return self._change(lambda views: [one for one in views if one.id != view], view)

    def put_back(self, views: tuple[SavedView, ...]) -> Future[tuple[SavedView, ...]]:
        """As they were before a change: its undo."""
        return self._change(lambda _: list(views))

    def _change(
        self, change: Callable[[list[SavedView]], list[SavedView]], view: str = ""
    ) -> Future[tuple[SavedView, ...]]:
        """``view`` has to be there."""

        def op(tx: Tx) -> tuple[SavedView, ...]:
            before = list(saved_views.views(tx.conn))
            if view and all(one.id != view for one in before):
                raise NotFound("This view is not there any more.")
            after = change(before)
            saved_views.put_all(tx, after)
            return tuple(after)

        return self._workspace.write(op)


def _named(name: str) -> str:
    clean = " ".join(name.split())[:_NAME_LENGTH]
    if not clean:
        raise BadInput("The view has no name.", hint="Write a word or two, like Reach over 10k.")
    return clean


def _refuse_double(views: list[SavedView], view: str, name: str) -> None:
    if any(one.id != view and one.name.casefold() == name.casefold() for one in views):
        raise BadInput(f"There is a view “{name}” already.", hint="Choose another name.")
