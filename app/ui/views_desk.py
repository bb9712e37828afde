"""The saved views of the sidebar: read, counted, made and changed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.domain.changes import ChangeSet
from app.domain.errors import SeamlineError
from app.domain.saved_views import SavedView, Shown
from app.domain.views import QueueName, QueueRef, QueueSort
from app.ui.models.sidebar_model import queue_title
from app.ui.narrowing_menu import narrowing_menu
from app.ui.views.narrowing_chips import described

if TYPE_CHECKING:  # the window makes this object
    from app.domain.narrowing import Narrowing
    from app.ui.window import ConsoleWindow

Views = tuple[SavedView, ...]
_COUNT_PAUSE_MS = 1_000
"""Counting a view may look at every open case; while mail pours in, once a second is enough."""


class ViewsDesk(QObject):
    def __init__(self, window: ConsoleWindow) -> None:
        super().__init__(window)
        self._window = window
        self._bridge = window.bridge
        self._service = window.services.views
        self._views: Views = ()
        self._before: Views | None = None
        self._tags: tuple[str, ...] = ()
        self._count_soon = QTimer(self, singleShot=True, interval=_COUNT_PAUSE_MS)
        self._count_soon.timeout.connect(self._count)
        pane, sidebar = window.case_list, window.sidebar.queues
        pane.narrow_requested.connect(self.narrow)
        pane.save_requested.connect(self.save)
        sidebar.view_wanted.connect(self.save)
        sidebar.view_command.connect(self._command)
        self._bridge.committed.connect(self._committed)

    def start(self) -> None:
        self._bridge.ask("views", self._service.views(), self._show_first)

    def _show_first(self, views: Views) -> None:
        """A window that came back to a view waits for what it shows; a deleted one is its queue."""
        self._show(views)
        queue = self._window.queue
        if queue.view:
            there = queue if self.find(queue) is not None else replace(queue, view="")
            desk = self._window.desk
            self._window.go(there, select=desk.case)
            if desk.case is None and desk.customer is not None:
                self._window.case_list.expect_case(None)

    def find(self, queue: QueueRef) -> SavedView | None:
        return next((view for view in self._views if queue.view and view.ref == queue), None)

    def title_of(self, queue: QueueRef) -> str:
        """What the list is headed with."""
        view = self.find(queue)
        if view is not None:
            return view.name
        directory = self._window.services.directory
        named = directory.department(queue.department) if queue.department else None
        return queue_title(queue, named)

    # What the list is narrowed by -------------------------------------------------------------

    def narrow(self) -> None:
        """Open the menu of conditions."""
        self._bridge.ask("narrow-tags", self._window.services.cases.tags(), self._with_tags)

    def _with_tags(self, tags: tuple[str, ...]) -> None:
        self._tags = tags
        languages = self._window.services.queues.languages()
        self._bridge.ask("narrow-languages", languages, self._open_menu)

    def _open_menu(self, languages: tuple[str, ...]) -> None:
        pane = self._window.case_list
        if not pane.isVisible():
            return
        menu = narrowing_menu(
            pane,
            pane.loader.narrowing,
            self._narrow,
            departments=self._window.services.directory.departments(),
            tags=self._tags,
            languages=languages,
        )
        menu.aboutToHide.connect(menu.deleteLater)
        button = pane.narrow_button
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _narrow(self, narrowing: Narrowing) -> None:
        self._window.case_list.narrow(narrowing)

    # Saved views ------------------------------------------------------------------------------

    def save(self) -> None:
        """Keep what the list shows as a view, under a name."""
        shown = self._window.case_list.loader.shows
        if shown is None:
            return
        directory = self._window.services.directory
        name = described(shown.narrowing, directory.department) or self.title_of(shown.queue)
        self._ask_name("Save as view", name, partial(self._create, shown))

    def save_search(self, looked_for: Narrowing) -> None:
        """Keep a search as a view: the open cases in which that was said."""
        directory = self._window.services.directory
        shown = Shown(QueueRef(QueueName.ALL), narrowing=looked_for, sort=QueueSort.NEWEST)
        name = described(looked_for, directory.department)
        self._ask_name("Save as view", name, partial(self._create, shown))

    def _create(self, shown: Shown, name: str) -> None:
        self._change(lambda: self._service.create(name, shown), self._created)

    def _created(self, views: Views) -> None:
        self._show(views)
        self._window.go(views[-1].ref)

    def _command(self, what: str, view: str) -> None:
        held = next((one for one in self._views if one.id == view), None)
        if held is None:
            return
        if what == "rename":
            self._ask_name("Rename view", held.name, partial(self._rename, view))
        elif what == "delete":
            self._before = self._views
            self._change(lambda: self._service.delete(view), partial(self._deleted, held))
        else:
            self._change(
                lambda: self._service.move(view, -1 if what == "up" else 1),
                partial(self._moved, held),
            )

    def _rename(self, view: str, name: str) -> None:
        self._change(lambda: self._service.rename(view, name), self._show)

    def _moved(self, view: SavedView, views: Views) -> None:
        """The keyboard stays on the view that was moved."""
        self._show(views)
        self._window.sidebar.queues.show_at(view.ref)

    def _deleted(self, view: SavedView, views: Views) -> None:
        self._show(views)
        self._window.case_actions.say_undoable(f"“{view.name}” was deleted.", self._put_back)
        if self._window.queue == view.ref:
            self._window.go(view.shows.queue)

    def _put_back(self) -> None:
        before, self._before = self._before, None
        if before is not None:
            self._change(lambda: self._service.put_back(before), self._show)

    def _ask_name(self, title: str, name: str, named: partial[None]) -> None:
        from app.ui.dialogs.view_name import ViewNameSheet

        sheet = ViewNameSheet(self._window, title=title, name=name)
        sheet.named.connect(named)
        sheet.open()

    def _change(self, ask: Callable[[], Future[Views]], done: Callable[[Views], None]) -> None:
        try:
            future = ask()
        except SeamlineError as error:
            self._bridge.failed.emit(error)
            return
        self._bridge.ask("", future, done)

    # Their counts -----------------------------------------------------------------------------

    def _show(self, views: Views) -> None:
        self._views = views
        self._window.sidebar_model.show_views(views)
        queues = self._window.sidebar.queues
        queues.show_chosen(queues.current)  # the same row at another place
        self._count()

    def _committed(self, changes: ChangeSet) -> None:
        concerned = changes.cases or changes.outbox or changes.identities
        if self._views and concerned and not self._count_soon.isActive():
            self._count_soon.start()

    def _count(self) -> None:
        if self._views:
            self._bridge.ask("view-counts", self._service.counts(), self._show_counts)

    def _show_counts(self, counts: dict[str, int]) -> None:
        self._window.sidebar_model.show_view_counts(counts)
        if self._window.queue.view:
            self._window.case_list.show_count(counts.get(self._window.queue.view), None)
