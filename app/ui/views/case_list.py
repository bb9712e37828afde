"""The second column: the cases of one queue, with filters and an order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from app.domain.departments import Department
from app.domain.ids import CaseId, DepartmentId
from app.domain.narrowing import EVERYTHING, Narrowing
from app.domain.saved_views import Shown
from app.domain.views import CaseRow, QueueCounts, QueueFilter, QueueRef, QueueSort
from app.ui.bridge import UiBridge
from app.ui.delegates.case_delegate import CaseDelegate
from app.ui.dialogs.parts import icon_button
from app.ui.models.case_list_model import CaseListModel
from app.ui.models.queue_loader import QueueLoader
from app.ui.theme import icons, set_type
from app.ui.views.case_rows import CaseRowsView
from app.ui.views.empty import EmptyState, empty_words
from app.ui.views.list_count import ListCount
from app.ui.views.list_head import Filters, SortButton
from app.ui.views.narrowing_chips import NarrowingChips
from app.ui.views.selection_bar import SelectionBar
from app.ui.views.skeleton import RowsSkeleton

if TYPE_CHECKING:  # for the types alone: the database comes with them
    from app.services.queues import Queues

_CLOCK_TICK_MS = 20_000
_FILTER_MARGINS = 28


class CaseListPane(QWidget):
    """``case_chosen`` carries a CaseRow, or None when the list has become empty;
    ``answer_requested`` when Enter is pressed on one; ``take_next`` from an empty My work;
    ``chosen_changed`` when more or fewer are chosen; ``menu_requested`` where a menu is wanted;
    ``narrow_requested`` for the menu of conditions, ``save_requested`` to keep them as a view,
    ``settings_requested`` for the menu of how the list behaves."""

    case_chosen = Signal(object)
    answer_requested = Signal()
    take_next = Signal()
    chosen_changed = Signal()
    menu_requested = Signal(QPoint)
    narrow_requested = Signal()
    save_requested = Signal()
    settings_requested = Signal()

    def __init__(
        self,
        queues: Queues,
        bridge: UiBridge,
        now_ms: Callable[[], int],
        department: Callable[[DepartmentId], Department],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self._bridge = bridge
        self._everything: tuple[CaseId, ...] = ()
        self._order_before: QueueSort | None = None
        self._counts: QueueCounts | None = None
        self._wanted: CaseId | None = None
        self._stays = False
        """Whether something was opened while the list is being read: then it chooses nothing."""
        self.is_opening = False
        """Whether what is chosen now is what a list begins with, which is not painted yet."""
        self.setProperty("surface", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = CaseListModel(now_ms, department, self)
        self.loader = QueueLoader(queues, bridge, self.model, self)
        self.rows = CaseRowsView(self.model, CaseDelegate(now_ms, department), self)
        self._empty = EmptyState(self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.rows)
        self._stack.addWidget(self._empty)
        self._skeleton = RowsSkeleton(self.rows.row_height, self)
        self._stack.addWidget(self._skeleton)
        self._place: tuple[CaseId, int] | None = None
        self._title = QLabel(self)
        self._title.setTextFormat(Qt.TextFormat.PlainText)  # a department may be called anything
        set_type(self._title, "title", 600)
        self._count = QLabel(self)
        self._count.setProperty("role", "faint")
        self._counted = ListCount(self._count, self.loader, self.model, bridge)
        self._filters = Filters(self)
        self._sort = SortButton(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head())
        self.bar = SelectionBar(self)
        self._filter_line = self._filter_row()
        layout.addWidget(self._filter_line)
        layout.addWidget(self.bar)
        self._chips = NarrowingChips(department, self)
        layout.addWidget(self._chips)
        layout.addWidget(self._stack, 1)
        self._connect()

    def _connect(self) -> None:
        self.loader.loading.connect(self.clear_choice)  # lest a row on its way out be shown
        self.loader.loaded.connect(self._show_first)
        self.loader.refreshing.connect(self._hold_place)
        self.loader.left.connect(self._leave)
        self.loader.slow.connect(self._show_skeleton)
        self.loader.refreshed.connect(self._refreshed)
        self.rows.near_end.connect(self.loader.next_page)
        self.rows.opened.connect(self.answer_requested)
        self.rows.selectionModel().currentChanged.connect(self._current_changed)
        self.rows.selectionModel().selectionChanged.connect(self._chosen_changed)
        self.rows.menu_requested.connect(self.menu_requested)
        self.bar.ended.connect(self.choose_one)
        self._filters.chosen.connect(self.loader.set_filter)
        self._sort.chosen.connect(self.loader.set_sort)
        self._chips.changed.connect(self.narrow)
        self._chips.save_requested.connect(self.save_requested)
        self._empty.acted.connect(self._empty_acted)
        self._tick = QTimer(self, interval=_CLOCK_TICK_MS)
        self._tick.timeout.connect(self._time_passed)
        self._tick.start()

    def _head(self) -> QWidget:
        head = QWidget(self)
        head.setFixedHeight(52)
        layout = QHBoxLayout(head)
        layout.setContentsMargins(18, 0, 8, 0)
        layout.setSpacing(8)
        layout.addWidget(self._title)
        layout.addSpacing(6)
        layout.addWidget(self._count)
        layout.addStretch(1)
        self.narrow_button = icon_button("list-filter", "Filter", head)
        self.narrow_button.clicked.connect(self.narrow_requested)
        layout.addWidget(self.narrow_button)
        self.settings_button = icon_button("sliders-horizontal", "List settings", head)
        self.settings_button.clicked.connect(self.settings_requested)
        layout.addWidget(self.settings_button)
        layout.setSpacing(2)
        return head

    def _filter_row(self) -> QWidget:
        row = QWidget(self)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(14, 0, 10, 8)
        layout.setSpacing(4)
        layout.addWidget(self._filters)
        layout.addStretch(1)
        layout.addWidget(self._sort)
        return row

    # What the window asks ---------------------------------------------------------------------

    def show_queue(
        self,
        queue: QueueRef,
        title: str,
        *,
        select: CaseId | None = None,
        shown: Shown | None = None,
    ) -> None:
        """Read a queue, as the view ``shown`` says or all of it; the case ``select`` is shown when
        it is there, the first row otherwise."""
        self._title.setText(title)
        self._counted.show_total(None)
        self._wanted, self._stays = select, False
        self.rows.setAccessibleName(title)
        chosen = shown.filter if shown is not None else QueueFilter.ALL
        self._filters.choose(chosen)
        self.loader.filter = chosen
        self.loader.narrowing = shown.narrowing if shown is not None else EVERYTHING
        self._show_sort(shown)
        self._chips.show_narrowing(self.loader.narrowing)
        self.loader.open(queue)

    def _show_sort(self, shown: Shown | None) -> None:
        """A view has its own order; after it the one before it holds again."""
        if shown is not None and self._order_before is None:
            self._order_before = self.loader.sort
        sort = shown.sort if shown is not None else self._order_before
        if shown is None:
            self._order_before = None
        if sort is not None:
            self._sort.choose(sort)
            self.loader.sort = sort

    def narrow(self, narrowing: Narrowing) -> None:
        """Show only what meets these conditions."""
        self._chips.show_narrowing(narrowing)
        self.loader.set_narrowing(narrowing)

    def show_count(self, count: int | None, counts: QueueCounts | None) -> None:
        self._counts = counts
        self._counted.show_total(count)
        self._show_words()

    def current_row(self) -> CaseRow | None:
        return self.model.row(self.rows.currentIndex())

    def chosen(self) -> tuple[CaseId, ...]:
        """All chosen cases where there are several, none where there is one."""
        if self.rows.whole:
            return tuple(case for case in self._everything if case in self.rows.whole)
        numbers = sorted(index.row() for index in self.rows.selectionModel().selectedIndexes())
        rows = self.model.rows()
        return tuple(rows[number].case for number in numbers) if len(numbers) > 1 else ()

    def choose_everything(self) -> None:
        """Choose all the queue shows, also what is not loaded yet."""
        future = self.loader.everything()
        if future is not None:
            self._bridge.ask("queue-everything", future, self._show_everything)

    def choose_one(self) -> None:
        """Only the conversation at hand is chosen."""
        if self.chosen() and self.rows.currentIndex().isValid():
            self.rows.choose_one()
            self._chosen_changed()

    def extend(self, by: int) -> None:
        """Choose the row ``by`` further on as well."""
        self.rows.extend(by)

    def step(self, by: int) -> None:
        """Choose the row ``by`` further on."""
        at = self.rows.currentIndex().row() + by
        if 0 <= at < self.model.rowCount():
            self._choose(self.model.index(at))

    def select_case(self, case: CaseId) -> bool:
        """Choose a case when it is loaded."""
        index = self.model.index_of(case)
        if index.isValid():
            self._choose(index)
        return index.isValid()

    def expect_case(self, case: CaseId | None) -> bool:
        """Choose a case once the list has it, for None nothing; until then whatever is shown stays.
        True when it is chosen now."""
        chosen = case is not None and self.select_case(case)
        self._stays = self.loader.is_reading  # or it would begin with its first row
        self._wanted = case if self._stays or not chosen else None
        return chosen

    def clear_choice(self) -> None:
        """Nothing of this list is shown any more; ``case_chosen`` is not emitted."""
        blocked = self.rows.selectionModel().blockSignals(True)
        self.rows.whole = frozenset()
        self.rows.selectionModel().clear()
        self.rows.selectionModel().blockSignals(blocked)
        self.loader.kept = None
        if not self.bar.isHidden():
            self._chosen_changed()
        self.rows.viewport().update()

    def press_filter(self, shown: QueueFilter) -> None:
        """Show all of the list, or only a part of it."""
        self._filters.press(shown)

    def open_order(self) -> None:
        """Offer the orders of the list."""
        self._sort.open()

    def refresh_theme(self) -> None:
        self.rows.updateGeometries()
        self._sort.refresh_theme()
        self.bar.refresh_theme()
        self.narrow_button.setIcon(icons.icon("list-filter", "text-2", 17))
        self.settings_button.setIcon(icons.icon("sliders-horizontal", "text-2", 17))
        self._chips.show_narrowing(self.loader.narrowing)
        self._fit_filters()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_filters()

    def _fit_filters(self) -> None:
        """With large text the order keeps its icon alone."""
        self._sort.set_compact(compact=False)
        wanted = self._filters.sizeHint().width() + self._sort.sizeHint().width() + _FILTER_MARGINS
        self._sort.set_compact(compact=wanted > self.width())

    # Inside -----------------------------------------------------------------------------------

    def _choose(self, index: QModelIndex) -> None:
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self._bridge.forget("queue-everything")
        self.rows.whole = frozenset()
        self.rows.selectionModel().setCurrentIndex(index, flags)
        row = self.model.row(index)
        self.loader.kept = row.case if row else None  # also when it was chosen before
        self.rows.scrollTo(index)

    def _show_first(self) -> None:
        self.is_opening = True
        self._begin()
        self.is_opening = False

    def _begin(self) -> None:
        self.rows.verticalScrollBar().setValue(0)
        wanted, self._wanted = self._wanted, None
        stays = self._stays or wanted is not None
        self._refreshed()
        if wanted is not None and self.select_case(wanted):
            return
        if stays:
            return
        if self.model.rowCount():
            self._choose(self.model.index(0))
        else:
            self.case_chosen.emit(None)

    def _leave(self) -> None:
        self.clear_choice()
        self.case_chosen.emit(None)

    def _show_skeleton(self) -> None:
        self._stack.setCurrentWidget(self._skeleton)

    def _hold_place(self) -> None:
        """Remember the topmost row in sight, unless the list stands at its start."""
        bar, height = self.rows.verticalScrollBar(), self.rows.row_height()
        number = -(-bar.value() // height)
        self._place = None
        if bar.value() > 0 and number < self.model.rowCount():
            self._place = self.model.rows()[number].case, number * height - bar.value()

    def _return_to_place(self) -> None:
        """What came above it or left there moves nothing under the reader’s eyes."""
        place, self._place = self._place, None
        index = self.model.index_of(place[0]) if place is not None else QModelIndex()
        if place is not None and index.isValid():
            wanted = index.row() * self.rows.row_height() - place[1]
            self.rows.verticalScrollBar().setValue(wanted)

    def _refreshed(self) -> None:
        self._stays = False
        self._return_to_place()
        if self._wanted is not None and self.select_case(self._wanted):
            self._wanted = None
        self._keep_one_chosen()
        self._show_counts()
        self._stack.setCurrentWidget(self.rows if self.model.rowCount() else self._empty)
        self._show_words()
        row = self.current_row()
        if row is not None and row.unread and self._wanted is None and self.isVisible():
            self.case_chosen.emit(row)  # something new came in what is being read

    def _show_counts(self) -> None:
        everything = not self.loader.is_filtered and not self.model.more
        self._filters.show_counts(self.model.rows() if everything else (), self._now_ms())
        self._fit_filters()

    def _time_passed(self) -> None:
        """Deadlines come nearer, and more of them are due, without anybody doing anything."""
        self._show_counts()
        self.rows.viewport().update()

    def _show_everything(self, cases: tuple[CaseId, ...]) -> None:
        if len(cases) > 1:
            self._everything = cases
            self.rows.choose_whole(frozenset(cases))
            self._chosen_changed()

    def _chosen_changed(self) -> None:
        count = len(self.chosen())
        self.bar.say(count, whole=bool(self.rows.whole))
        self.bar.setFixedHeight(self._filter_line.sizeHint().height())
        self.bar.setVisible(count > 0)
        self._filter_line.setVisible(count == 0)
        self.chosen_changed.emit()

    def _keep_one_chosen(self) -> None:
        """Where all that was chosen has left, the row at hand is."""
        model, current = self.rows.selectionModel(), self.rows.currentIndex()
        if current.isValid() and not model.hasSelection():
            model.select(current, QItemSelectionModel.SelectionFlag.Select)

    def _show_words(self) -> None:
        if self.loader.queue is not None:
            self._empty.show_words(
                *empty_words(
                    self.loader.queue,
                    self.loader.filter,
                    self._counts,
                    narrowed=bool(self.loader.narrowing),
                )
            )

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self._wanted, self._stays = None, False
        row = self.model.row(current)
        self.loader.kept = row.case if row else None
        self.case_chosen.emit(row)
        if self.loader.stayed:
            self.loader.refresh()  # what was kept for its reader may go now

    def _empty_acted(self) -> None:
        if not self.loader.is_filtered:
            self.take_next.emit()
        else:
            self._filters.choose(QueueFilter.ALL)
            self.loader.filter = QueueFilter.ALL
            self.narrow(EVERYTHING)
