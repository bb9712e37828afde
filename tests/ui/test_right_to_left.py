"""Read from right to left, the console is mirrored, and letters and pictures are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QDateTime, QPoint, QPointF, QRectF, Qt, QTime
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.departments import CARE
from app.domain.replies import Draft
from app.domain.views import QueueName, QueueRef
from app.ui.dialogs.snooze import DateTimeBox
from app.ui.models.sidebar_model import ENTRY_ROLE, EntryKind
from app.ui.runtime import prepare
from app.ui.theme import icons, mirroring, theme
from app.ui.timeline.drawing import Action
from tests.services.desk import make_desk
from tests.store.building import said
from tests.ui.consoles import Console, make_console
from tests.ui.driving import shown_window

LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
CENTRE = int(Qt.AlignmentFlag.AlignCenter)
WIDE, HIGH = 60, 20


@pytest.fixture
def leftwards(qtbot: QtBot) -> Iterator[None]:
    prepare("light")
    QGuiApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    QGuiApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def console(leftwards: None, tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Console]:
    desk = make_desk(tmp_path, clock)
    desk.take(said("m1", "ada", "@halden It leaks, see https://halden.example/leaks"))
    made = make_console(desk)
    qtbot.addWidget(made.window)
    shown_window(made.window, 1440, 800)
    made.window.go(QueueRef(QueueName.RESPOND, CARE))
    qtbot.waitUntil(lambda: made.window.desk.view is not None)
    yield made
    made.window.close()
    desk.workspace.close()


def painted(paint: Callable[[QPainter, QRectF], None], *, mirrored: bool) -> QImage:
    image = QImage(WIDE, HIGH, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setFont(theme().font("body"))
    box = QRectF(0, 0, WIDE, HIGH)
    if mirrored:
        mirroring.stand_upright(painter, box.center().x())
    paint(painter, box)
    painter.end()
    return image


def ink(image: QImage) -> list[int]:
    """The columns in which something stands."""
    return [
        x for x in range(WIDE)
        if any(image.pixelColor(x, y) != QColor("white") for y in range(HIGH))
    ]  # fmt: skip


def test_letters_stand_upright_at_the_other_side(leftwards: None) -> None:
    def centred(painter: QPainter, box: QRectF) -> None:
        mirroring.draw_words(painter, box, CENTRE, "FR")

    def at_the_left(painter: QPainter, box: QRectF) -> None:
        mirroring.draw_words(painter, box, LEFT, "FR")

    assert painted(centred, mirrored=True) == painted(centred, mirrored=False)
    assert max(ink(painted(at_the_left, mirrored=False))) < WIDE / 2
    assert min(ink(painted(at_the_left, mirrored=True))) > WIDE / 2


@pytest.mark.parametrize(("name", "turns"), [("arrow-right", True), ("tag", False)])
def test_only_what_points_along_the_reading_turns(leftwards: None, name: str, turns: bool) -> None:
    def draw(painter: QPainter, box: QRectF) -> None:
        icons.draw(painter, name, box, QColor("black"))

    plain, turned = painted(draw, mirrored=False), painted(draw, mirrored=True)
    assert (turned == plain.flipped(Qt.Orientation.Horizontal)) is turns
    assert (turned == plain) is not turns


def test_the_columns_go_from_right_to_left(console: Console) -> None:
    window = console.window

    def left(widget: QWidget) -> int:
        return widget.mapTo(window, QPoint(0, 0)).x()

    columns = (window.sidebar, window.case_list, window.desk.timeline, window.panel)
    assert [left(one) for one in columns] == sorted(map(left, columns), reverse=True)
    assert left(window.desk.timeline.scrubber) < left(window.desk.timeline.canvas)


def test_the_thread_is_at_the_right_and_our_words_at_the_left(
    console: Console, qtbot: QtBot
) -> None:
    window = console.window
    canvas = window.desk.timeline.canvas
    assert window.desk.case is not None
    console.desk.replies.reply(window.desk.case, Draft("We will look.")).result()

    def undo() -> QPointF | None:
        for row in range(len(window.desk.timeline.model)):
            for spot in canvas.layout_of(row).spots:
                if spot.action is Action.UNDO:
                    return spot.rect.center() + QPointF(0, canvas.y_of(row))
        return None

    qtbot.waitUntil(lambda: undo() is not None)
    laid = undo()
    assert laid is not None
    width = canvas.viewport().width()
    found = canvas._spot_at(QPointF(width - laid.x(), laid.y()))
    assert found is not None
    assert found[1].action is Action.UNDO
    assert canvas._spot_at(laid) is None
    QApplication.processEvents()
    picture = canvas.grab().toImage()
    surface = theme().colour("surface")
    ratio = picture.devicePixelRatio()
    thread = [
        x for x in range(width)
        if all(
            picture.pixelColor(round(x * ratio), round(y * ratio)) != surface
            for y in (round(laid.y()) - 26, round(laid.y()) - 24)
        )
    ]  # fmt: skip
    assert max(thread) > width - 40


def test_a_click_at_the_left_of_a_department_means_reaching_out(console: Console) -> None:
    queues = console.window.sidebar.queues
    model = queues.model()
    index = next(
        model.index(row, 0) for row in range(model.rowCount())
        if model.index(row, 0).data(ENTRY_ROLE).kind is EntryKind.DEPARTMENT
    )  # fmt: skip
    rect, entry = queues.visualRect(index), index.data(ENTRY_ROLE)
    at = queues.row_delegate.queue_at
    assert at(rect, rect.left() + 12, entry) == entry.second_queue
    assert at(rect, rect.right() - 12, entry) == entry.queue


@pytest.mark.usefixtures("leftwards")
def test_a_time_is_not_told_backwards(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    box = DateTimeBox(QDateTime(QDate(2026, 11, 19), QTime(11, 45)), holder)
    box.setDisplayFormat("ddd d MMM yyyy, HH:mm")
    assert box.text() == "Thu 19 Nov 2026, 11:45"
