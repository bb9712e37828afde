"""A fling through the longest timeline, beside a QListView that fetches more and paints the same.

Both take the same rows in the same pages and lay out and paint with the same code; the reference is
what one gets from Qt without more ado: ``fetchMore`` in the model, ``sizeHint`` and ``paint`` in a
delegate. The processor time of the main thread counts, for nobody else runs meanwhile.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from app.domain.clock import to_ms
from app.ui.models.timeline_model import TimelineModel
from app.ui.theme import theme
from app.ui.timeline.canvas import TimelineCanvas
from app.ui.timeline.drawing import RowLayout
from app.ui.timeline.entries import Entry
from app.ui.timeline.layouts import RowLayouts
from benchmarks.crowd import NOW, Crowd
from benchmarks.measure import Measure, report
from benchmarks.opening import beside_the_favourite
from benchmarks.screen import Screen, console, named, percentile

Index = QModelIndex | QPersistentModelIndex
_PAGE = 250
_MOST_RATIO = 0.1
_NOW_MS = to_ms(NOW)


def run(size: Crowd) -> None:
    """Report the 99th percentile of a frame that moves by half a pane."""
    with console(size) as screen:
        beside_the_favourite(screen)
        screen.window.step(1)
        screen.rest(500)
        ours = _ours(screen)
        theirs = _theirs(screen.window.desk.timeline.canvas, screen.window.desk.timeline.model)
    value, reference = percentile(ours, 0.99), percentile(theirs, 0.99)
    ratio = value / reference
    report(
        Measure(named(f"fling through {len(ours):,} half panes"), round(value, 2),
                "ms of the processor at the 99th percentile",
                f"QListView with fetchMore: {reference:.1f} "
                f"(medians {statistics.median(ours):.2f} and {statistics.median(theirs):.2f})",
                round(ratio, 3), _MOST_RATIO, ratio <= _MOST_RATIO)
    )  # fmt: skip


def _ours(screen: Screen) -> list[float]:
    """Up through the timeline, which reads its older pages meanwhile; to its first row."""
    timeline = screen.window.desk.timeline
    bar = timeline.canvas.verticalScrollBar()
    times: list[float] = []
    rests = 0
    while rests < 2:
        step = timeline.canvas.view_height // 2
        while bar.value() > 0:
            times.append(_frame(partial(bar.setValue, bar.value() - step)))
        loaded = len(timeline.model)
        screen.rest(300)
        rests = 0 if len(timeline.model) > loaded else rests + 1
    return times


def _theirs(canvas: TimelineCanvas, model: TimelineModel) -> list[float]:
    """Down through the same rows, the newest first, in as many pages."""
    view = QListView()
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setModel(_Fetching(list(reversed(model.entries)), view))
    view.setItemDelegate(_Painting(canvas, view))
    view.resize(canvas.size())
    view.show()
    bar = view.verticalScrollBar()
    # An X server shows a window when it comes to it, and the list is laid out only then.
    for _ in range(500):
        QTest.qWait(10)
        if bar.maximum() > 0:
            break
    times: list[float] = []
    while bar.value() < bar.maximum():
        step = view.viewport().height() // 2
        times.append(_frame(partial(bar.setValue, bar.value() + step)))
    view.close()
    return times


def _frame(move: Callable[[], None]) -> float:
    began = time.thread_time()
    move()
    QApplication.processEvents()
    return (time.thread_time() - began) * 1000


class _Fetching(QAbstractListModel):
    """Rows that are shown page by page, as a list asks for more."""

    def __init__(self, entries: Sequence[Entry], parent: QObject) -> None:
        super().__init__(parent)
        self._entries = entries
        self._shown = 0

    def rowCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's
        return self._shown

    def canFetchMore(self, _parent: Index) -> bool:  # noqa: N802 - Qt's name
        return self._shown < len(self._entries)

    def fetchMore(self, _parent: Index) -> None:  # noqa: N802 - Qt's name
        more = min(_PAGE, len(self._entries) - self._shown)
        self.beginInsertRows(QModelIndex(), self._shown, self._shown + more - 1)
        self._shown += more
        self.endInsertRows()

    def data(self, index: Index, role: int = 0) -> Any:
        return self._entries[index.row()] if role == Qt.ItemDataRole.UserRole else None


class _Painting(QStyledItemDelegate):
    """Lays out and paints a row as the timeline does, with the same cache of layouts."""

    def __init__(self, canvas: TimelineCanvas, parent: QListView) -> None:
        super().__init__(parent)
        self._layouts = RowLayouts(lambda: _NOW_MS)
        self._width = canvas.viewport().width()

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self._width, self._laid_out(index).height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(option.rect.topLeft())
        clip = QRectF(0, 0, option.rect.width(), option.rect.height())
        for mark in self._laid_out(index).marks:
            mark.paint(painter, theme(), clip)
        painter.restore()

    def _laid_out(self, index: Index) -> RowLayout:
        return self._layouts.get(index.data(Qt.ItemDataRole.UserRole), None, self._width)[0]
