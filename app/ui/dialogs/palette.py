"""The palette: one field that finds customers, cases, messages and commands."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QListView,
    QVBoxLayout,
    QWidget,
)

from app.domain.clock import to_ms
from app.domain.errors import SeamlineError
from app.domain.ids import InteractionKey
from app.domain.narrowing import Narrowing
from app.domain.views import (
    CasePage,
    CaseRow,
    QueueName,
    QueueRef,
    QueueSort,
    SearchResults,
    TimelinePage,
)
from app.ui.dialogs.palette_delegate import PaletteDelegate
from app.ui.dialogs.palette_model import (
    NARROWING,
    SAVE,
    Command,
    PaletteModel,
    PaletteRow,
    RowKind,
    Scope,
    Target,
    choice_rows,
    command_rows,
    message_rows,
    result_rows,
    row_at_hand,
    save_row,
    with_section,
)
from app.ui.dialogs.palette_parts import PaletteFooter, ScopeBar
from app.ui.dialogs.palette_preview import PalettePreview
from app.ui.dialogs.palette_query import QueryLine
from app.ui.dialogs.sheet import Sheet
from app.ui.theme import mirroring, theme
from app.ui.theme.formats import grouped
from app.ui.timeline.names import Names

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_WIDTH, _HEIGHT = 920, 636
_LIST_WIDTH, _PREVIEW_LEAST = 524, 200
_PAGE = 8
_PREVIEW_ROWS = 14
_AT_HAND = 9
_NEAR_END = 400
_SAVE_KEYS = "Ctrl+S"
_NOT_WITHIN = "No match within these bounds. Backspace before the words takes the last one away."


class PaletteHost(Protocol):
    """What a window gives the palette: see ``open_palette``."""

    services: Services
    bridge: UiBridge

    def palette_commands(self) -> Sequence[Command]:
        """What can be done now."""
        ...


def open_palette(window: QWidget, query: str = "") -> Palette:
    """Open the palette over a window that is a ``PaletteHost``; the caller connects its signals."""
    host: PaletteHost = window  # type: ignore[assignment]  # a window that has these members
    palette = Palette(host.services, host.bridge, window, host.palette_commands())
    palette.open()
    if query:
        palette.set_query(query)
    return palette


class Palette(Sheet):
    """Finds while one types; opens what is chosen.

    ``open_customer``  customer, case or None, interaction key or None.
    ``reply_to``       customer and case: open them with the keyboard in the reply.
    ``save_asked``     what is looked for, as a ``Narrowing``: keep it as a view.
    ``command``        the id of a command.
    """

    open_customer = Signal(object, object, object)
    reply_to = Signal(object, object)
    save_asked = Signal(object)
    command = Signal(str)

    def __init__(
        self,
        services: Services,
        bridge: UiBridge,
        parent: QWidget,
        commands: Sequence[Command] = (),
    ) -> None:
        super().__init__(parent, title="Search and commands", width=_WIDTH, height=_HEIGHT)
        self._services = services
        self._bridge = bridge
        self._commands = (*commands, *NARROWING.values())
        self._results: SearchResults | None = None
        self._at_hand: tuple[CaseRow, ...] = ()
        self._paging = False
        self._previewed: Target | None = None
        self._build()
        mine = services.queues.page(
            QueueRef(QueueName.MY_WORK), sort=QueueSort.NEWEST, limit=_AT_HAND
        )
        bridge.ask("palette-at-hand", mine, self._on_at_hand)
        self._search()

    # building

    def _build(self) -> None:
        self.column.addWidget(self._build_query())
        self._scopes = ScopeBar(self.card)
        self._scopes.chosen.connect(self._scope_chosen)
        self.column.addWidget(self._scopes)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._build_list())
        directory = self._services.directory
        names = Names(
            {d.id: d for d in directory.departments()}, {a.id: a for a in directory.agents()}
        )
        self._preview = PalettePreview(self._now_ms, names, self.card)
        self._preview.opened.connect(self._open_chosen)
        self._preview.reply_asked.connect(self._reply_to_chosen)
        self._preview.assign_asked.connect(self._assign_chosen)
        middle.addWidget(self._preview, 1)
        self.column.addLayout(middle, 1)
        self._footer = PaletteFooter(self.card)
        self.column.addWidget(self._footer)

    def _build_query(self) -> QWidget:
        self._line = QueryLine(self._services.directory.departments, self.card)
        self._line.changed.connect(self._search)
        self._field = self._line.field
        self._field.installEventFilter(self)
        return self._line

    def _build_list(self) -> QWidget:
        holder = _ListHolder(self.card)
        holder.setFixedWidth(theme().scaled(_LIST_WIDTH))
        column = QVBoxLayout(holder)
        column.setContentsMargins(8, 4, 8, 0)
        self._model = PaletteModel(self)
        self._list = QListView(holder)
        self._list.setModel(self._model)
        self._delegate = PaletteDelegate(self._now_ms, self)
        self._list.setItemDelegate(self._delegate)
        self._list.setFrameShape(QListView.Shape.NoFrame)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setMouseTracking(True)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName("Results")
        self._list.viewport().setAutoFillBackground(False)
        self._list.clicked.connect(self._clicked)
        self._list.doubleClicked.connect(self._open_chosen)
        self._list.selectionModel().currentChanged.connect(self._current_changed)
        self._list.verticalScrollBar().valueChanged.connect(self._scrolled)
        column.addWidget(self._list)
        self._holder = holder
        return holder

    def _place(self) -> None:
        """In a narrow window the results take the room of the preview and of the keys."""
        super()._place()
        room, wanted = self.card.width(), theme().scaled(_LIST_WIDTH)
        narrow = room < wanted + theme().scaled(_PREVIEW_LEAST)
        self._holder.setFixedWidth(room if narrow else wanted)
        self._preview.setVisible(not narrow)
        self._scopes.show_keys(shown=not narrow)
        self._footer.show_keys(shown=not narrow)

    def _now_ms(self) -> int:
        return to_ms(self._services.clock.now())

    def first_focus(self) -> QWidget:
        return self._field

    # asking

    def set_query(self, text: str) -> None:
        """Put a query into the field, as if typed."""
        self._field.setText(text)

    def _only_commands(self) -> bool:
        typed_mark = self._field.text().lstrip().startswith(">")
        return typed_mark or self._scopes.scope() is Scope.COMMANDS

    def _query(self) -> str:
        return self._line.words.removeprefix(">").strip()

    @Slot()
    def _search(self) -> None:
        """Every key press asks anew; the bridge drops the answers of earlier ones."""
        self._paging = False
        self._bridge.forget("palette-more")
        offered = self._line.offered()
        if offered or self._only_commands():
            self._bridge.forget("palette")
            self._show(
                with_section("Narrow by", choice_rows(offered))
                or with_section("Commands", command_rows(self._commands, self._query()))
            )
            return
        found = self._find()
        self._bridge.ask("palette", found, self._on_results, self._on_error)

    def _find(self, before: InteractionKey | None = None) -> Future[SearchResults]:
        scope = self._scopes.scope().search
        bounds = self._line.bounds
        return self._services.search.find(self._query(), scope=scope, before=before, bounds=bounds)

    @Slot(Scope)
    def _scope_chosen(self, _scope: Scope) -> None:
        self._search()

    @Slot(object)
    def _on_at_hand(self, page: CasePage) -> None:
        self._at_hand = page.rows
        if not self._query() and self._results is not None and not self._only_commands():
            self._on_results(self._results)

    @Slot(object)
    def _on_results(self, results: SearchResults) -> None:
        self._results = results
        scope = self._scopes.scope()
        departments = {d.id: d for d in self._services.directory.departments()}
        if results.query:
            rows = result_rows(results, scope, departments)
        else:
            mine = [row_at_hand(case, departments) for case in self._at_hand]
            rows = with_section("Latest in my work", mine)
        if scope is Scope.EVERYTHING and (results.query or not rows):
            commands = command_rows(self._commands, results.query)
            if results.query and rows:
                commands.append(save_row(_SAVE_KEYS))
            rows += with_section("Commands", commands)
        self._scopes.show_counts(results, scope)
        self._footer.show_results(results, self._scopes.total())
        self._show(rows)

    @Slot(object)
    def _on_error(self, error: SeamlineError) -> None:
        self._footer.show_error(str(error))

    def _show(self, rows: list[PaletteRow]) -> None:
        self._model.show(rows)
        empty = ""
        if not rows and self._query():
            total = self._results.total_interactions if self._results else 0
            empty = f"No match in {grouped(total)} interactions. Try fewer words."
            if self._line.bounds:
                empty = _NOT_WITHIN
            if self._only_commands():
                empty = "No such command. Try fewer letters."
        self._holder.say(empty)
        first = self._model.next_choice(0, 1)
        if first >= 0:
            self._choose(first)
        else:
            self._previewed = None
            self._preview.show_row(None)

    # further messages

    @Slot(int)
    def _scrolled(self, value: int) -> None:
        results = self._results
        near = self._list.verticalScrollBar().maximum() - value < _NEAR_END
        scope = self._scopes.scope()
        if (
            results is None
            or results.before is None
            or not near
            or self._paging
            or scope is not Scope.MESSAGES
        ):
            return
        self._paging = True
        more = self._find(before=results.before)
        self._bridge.ask("palette-more", more, self._on_more, self._on_error)

    @Slot(object)
    def _on_more(self, results: SearchResults) -> None:
        self._paging = False
        self._results = results
        self._model.append(message_rows(results.messages))

    # choosing

    def _row(self) -> PaletteRow | None:
        index = self._list.currentIndex()
        return self._model.row(index.row()) if index.isValid() else None

    def _choose(self, number: int) -> None:
        index = self._model.index(number)
        self._list.setCurrentIndex(index)
        above = self._model.index(max(0, number - 1))
        if self._model.row(above.row()).kind is RowKind.SECTION:
            self._list.scrollTo(above)
        self._list.scrollTo(index)

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        row = self._model.row(current.row()) if current.isValid() else None
        self._field.setAccessibleDescription(row.spoken if row else "")
        if row is not None and row.kind is not RowKind.COMMAND and row.target == self._previewed:
            return  # another letter, and still the same is first
        self._preview.show_row(row)
        self._previewed = row.target if row is not None else None
        customer, _, key = row.target if row else (None, None, None)
        if customer is None:
            self._bridge.forget("palette-preview")
            return
        timelines = self._services.timelines
        if key is not None:
            page = timelines.around(customer, key, limit=_PREVIEW_ROWS)
        else:
            page = timelines.page(customer, limit=_PREVIEW_ROWS)
        self._bridge.ask("palette-preview", page, self._on_page, self._on_error)

    @Slot(object)
    def _on_page(self, page: TimelinePage) -> None:
        row = self._row()
        if row is not None and row.target[0] == page.customer:
            self._preview.show_page(page, row.target[2])

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        if self._model.row(index.row()).kind is RowKind.COMMAND:
            self._open_chosen()

    @Slot()
    def _open_chosen(self) -> None:
        row = self._row()
        if row is None:
            return
        if row.kind is not RowKind.COMMAND and row.target[0] is None:
            self._footer.show_error("This was said to nobody in particular: it has no timeline.")
            return
        narrows = row.narrows is not None or row.command in NARROWING
        if narrows and self._scopes.scope() is Scope.COMMANDS:
            self._scopes.choose(Scope.EVERYTHING)  # no bound is meant for commands
        if row.narrows is not None:
            self._line.take(row.narrows)
            return
        if row.command in NARROWING:
            self._line.begin(row.command.removeprefix("narrow-"))
            return
        if row.command == SAVE:
            self._save()
            return
        self.close()
        if row.kind is RowKind.COMMAND:
            self.command.emit(row.command)
        else:
            self.open_customer.emit(*row.target)

    @Slot()
    def _reply_to_chosen(self) -> None:
        row = self._row()
        if row is not None and row.target[1] is not None:
            self.close()
            self.reply_to.emit(row.target[0], row.target[1])

    @Slot()
    def _assign_chosen(self) -> None:
        row = self._row()
        if row is not None and row.target[1] is not None:
            me = self._services.directory.me()
            self._bridge.act(self._services.cases.assign(row.target[1], me.id))
            self._open_chosen()

    def _save(self) -> None:
        """Keep what is looked for as a view."""
        if not self._query() or self._only_commands():
            self._footer.show_error("There is nothing to keep yet: type a word to look for.")
            return
        bounds = self._line.bounds
        self.close()
        self.save_asked.emit(
            Narrowing(
                words=self._query(),
                since=bounds.since,
                channels=bounds.channels,
                departments=bounds.departments,
                side=bounds.side,
            )
        )

    def submit(self) -> None:
        self._open_chosen()

    # keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self._field
            and event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and self._field_key(event)
        ):
            return True
        return super().eventFilter(watched, event)

    def _field_key(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Save):
            self._save()
            return True
        here = self._list.currentIndex().row()
        last = self._model.rowCount() - 1
        match event.key():
            case Qt.Key.Key_Down:
                self._move(here + 1, 1)
            case Qt.Key.Key_Up:
                self._move(here - 1, -1)
            case Qt.Key.Key_PageDown:
                self._move(min(last, here + _PAGE), 1)
            case Qt.Key.Key_PageUp:
                self._move(max(0, here - _PAGE), -1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._open_chosen()
            case Qt.Key.Key_F6 if not self._preview.isVisible():
                self._footer.show_error("There is no room for the preview in this window.")
            case Qt.Key.Key_F6:
                self._preview.open_button.setFocus(Qt.FocusReason.TabFocusReason)
            case _:
                return False
        return True

    def _move(self, start: int, step: int) -> None:
        target = self._model.next_choice(start, step)
        if target < 0 and step < 0 and self._model.rowCount():
            self._list.scrollToTop()
        if target >= 0:
            self._choose(target)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """In the field Tab turns to the next scope; F6 leaves the field for the preview."""
        if QApplication.focusWidget() is self._field:
            self._scopes.turn(1 if forward else -1)
            return True
        return super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F6:
            self._field.setFocus(Qt.FocusReason.TabFocusReason)
            event.accept()
            return
        super().keyPressEvent(event)


class _ListHolder(QWidget):
    """The results, the line beside them, and what is said when there are none."""

    _sentence = ""

    def say(self, sentence: str) -> None:
        if sentence != self._sentence:
            self._sentence = sentence
            self.setAccessibleName(sentence)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        mirroring.mirror(painter, QRectF(self.rect()))
        painter.setPen(QPen(theme().colour("line"), 1))
        x = self.width() - 0.5
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        if self._sentence:
            painter.setPen(theme().colour("text-2"))
            painter.setFont(theme().font("body"))
            area = QRectF(24, 76, self.width() - 48, 80)
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area, wrapped, self._sentence)
