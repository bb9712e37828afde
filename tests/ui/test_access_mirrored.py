"""Panel, composer, outbox and sheets in a console that is read from right to left."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

from app.domain.departments import CARE, SEEDED
from app.domain.outbox import OutboxState
from app.ui.access.row_places import outbox_places
from app.ui.delegates.outbox_delegate import OutboxButton, OutboxDelegate
from app.ui.dialogs.controls import Check
from app.ui.dialogs.escalate_parts import DepartmentTile
from app.ui.dialogs.palette_delegate import PaletteDelegate
from app.ui.dialogs.palette_model import PaletteModel, PaletteRow, RowKind
from app.ui.dialogs.parts import text_label
from app.ui.dialogs.slider import Slider
from app.ui.models.outbox_model import OutboxModel
from app.ui.runtime import prepare
from app.ui.theme import icons, mirroring
from app.ui.views.composer_parts import Mode, Strip, Tabs, VoiceLine
from app.ui.views.customer_parts import Chips, Line, Paragraph
from app.ui.views.flow import FlowLayout
from app.ui.views.outbox import OutboxRows
from tests.ui.rows import NOW_MS, outbox_entry

WIDE = 320
LTR, RTL = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft


@pytest.fixture(autouse=True, scope="module")
def _dressed() -> None:
    prepare("light")


@pytest.fixture(autouse=True)
def _back_to_the_usual_side(qapp: QApplication) -> Iterator[None]:
    yield
    QGuiApplication.setLayoutDirection(LTR)


Made = Callable[[QWidget], QWidget]


def line(parent: QWidget) -> QWidget:
    return Line(parent).say("First reply").put_mark(_square, 16)


def _square(painter: QPainter, box: QRectF) -> None:
    painter.fillRect(box, QColor("black"))


def paragraph(parent: QWidget) -> QWidget:
    return Paragraph("while it is open", parent, indent=40)


def strip(parent: QWidget) -> QWidget:
    made = Strip(parent)
    made.say("Too long")
    return made


def voice(parent: QWidget) -> QWidget:
    made = VoiceLine(parent)
    made.show_note()
    return made


def tile(parent: QWidget) -> QWidget:
    made = DepartmentTile(next(one for one in SEEDED if one.id == CARE), parent)
    made.show_holder()
    return made


def check(parent: QWidget) -> QWidget:
    made = Check("Follow", parent)
    made.setChecked(True)
    return made


def label(parent: QWidget) -> QWidget:
    return text_label("It stays here.", parent=parent)


def ink(made: Made, direction: Qt.LayoutDirection, qtbot: QtBot) -> tuple[int, int]:
    """The first and last column in which a widget, 320 wide, differs from its own ground."""
    QGuiApplication.setLayoutDirection(direction)
    parent = QWidget()
    qtbot.addWidget(parent)
    widget = made(parent)
    widget.resize(WIDE, 50)
    picture = QImage(QSize(WIDE, 50), QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    widget.render(picture, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
    columns = [
        x for x in range(4, WIDE - 4)
        if len({picture.pixel(x, y) for y in range(8, 42)}) > 1
    ]  # fmt: skip
    parent.close()
    return columns[0], columns[-1]


@pytest.mark.parametrize("made", [line, paragraph, strip, voice, tile, check, label])
def test_what_stands_at_the_left_stands_at_the_right(made: Made, qtbot: QtBot) -> None:
    first, last = ink(made, LTR, qtbot)
    mirrored_first, mirrored_last = ink(made, RTL, qtbot)
    assert mirrored_first == pytest.approx(WIDE - 1 - last, abs=3)
    assert mirrored_last == pytest.approx(WIDE - 1 - first, abs=3)


def test_tabs_go_from_right_to_left(qtbot: QtBot) -> None:
    QGuiApplication.setLayoutDirection(RTL)
    parent = QWidget()
    qtbot.addWidget(parent)
    tabs = Tabs(parent)
    parent.show()
    reply, note = (tabs._group.button(mode.value) for mode in (Mode.REPLY, Mode.NOTE))
    assert reply.x() > note.x()


def test_tags_flow_from_the_right(qtbot: QtBot) -> None:
    QGuiApplication.setLayoutDirection(RTL)
    parent = QWidget()
    qtbot.addWidget(parent)
    chips = Chips(["first", "second"], parent)
    parent.show()
    chips.resize(WIDE, 40)
    first, second = chips._chips
    assert first.geometry().right() == WIDE - 1
    assert second.geometry().right() < first.geometry().left()


def test_chosen_filters_flow_from_the_right(qtbot: QtBot) -> None:
    QGuiApplication.setLayoutDirection(RTL)
    parent = QWidget()
    qtbot.addWidget(parent)
    flow = FlowLayout(parent, 5)
    for _ in range(2):
        part = QWidget(parent)
        part.setFixedSize(60, 20)
        flow.addWidget(part)
    flow.setContentsMargins(0, 0, 0, 0)
    flow.setGeometry(QRect(0, 0, WIDE, 20))
    places = [item.geometry() for number in range(2) if (item := flow.itemAt(number))]
    assert [place.left() for place in places] == [WIDE - 60, WIDE - 125]


def test_a_slider_grows_leftwards_under_the_pointer(qtbot: QtBot) -> None:
    QGuiApplication.setLayoutDirection(RTL)
    parent = QWidget()
    qtbot.addWidget(parent)
    slider = Slider(0, 30, name="Undo window", parent=parent)
    slider.resize(WIDE, 24)
    parent.resize(WIDE, 24)
    parent.show()
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(WIDE - 20, 12))
    near_the_start = slider.value()
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(20, 12))
    assert near_the_start < 5
    assert slider.value() > 25


def test_a_button_of_the_outbox_is_where_it_is_painted(qtbot: QtBot) -> None:
    QGuiApplication.setLayoutDirection(RTL)
    model = OutboxModel(lambda: NOW_MS)
    frame = QWidget()
    view = OutboxRows(model, lambda: NOW_MS, frame)
    qtbot.addWidget(frame)
    view.resize(WIDE, 300)
    frame.resize(WIDE, 300)
    frame.show()
    model.show_entries([outbox_entry(1, OutboxState.FAILED, error="Mastodon didn’t answer.")])
    index = model.index(0)
    area = view.visualRect(index)
    delegate: OutboxDelegate = view.painter_of_rows
    boxes = dict(delegate.buttons(area, index))
    retry, edit = boxes[OutboxButton.RETRY], boxes[OutboxButton.EDIT]
    assert retry.left() > edit.right() > area.center().x()
    inside = retry.center().toPoint()
    assert delegate.button_at(area, inside, index) is OutboxButton.RETRY
    places = {
        place.name: place.rect for place in outbox_places(view, delegate, view.pressed_button)
    }
    assert places["Retry"].contains(inside)
    with qtbot.waitSignal(view.pressed_button) as pressed:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=inside)
    assert pressed.args is not None
    assert pressed.args[0] is OutboxButton.RETRY


def test_a_row_of_the_palette_has_its_keys_at_the_left(qtbot: QtBot) -> None:
    def painted(direction: Qt.LayoutDirection) -> QImage:
        QGuiApplication.setLayoutDirection(direction)
        model = PaletteModel()
        model.show([PaletteRow(RowKind.COMMAND, "Escalate", keys="E")])
        option = QStyleOptionViewItem()
        option.rect = QRect(0, 0, WIDE, 36)
        picture = QImage(QSize(WIDE, 36), QImage.Format.Format_RGB32)
        picture.fill(QColor("white"))
        painter = QPainter(picture)
        PaletteDelegate(lambda: NOW_MS).paint(painter, option, model.index(0, 0))
        painter.end()
        return picture

    def columns(picture: QImage) -> list[int]:
        white = QColor("white").rgb()
        return [x for x in range(WIDE) if any(picture.pixel(x, y) != white for y in range(36))]

    rightwards, leftwards = columns(painted(LTR)), columns(painted(RTL))
    assert min(leftwards) == pytest.approx(WIDE - 1 - max(rightwards), abs=2)
    assert max(leftwards) == pytest.approx(WIDE - 1 - min(rightwards), abs=2)


def test_icons_of_buttons_point_along_the_reading() -> None:
    def drawn(name: str, direction: Qt.LayoutDirection) -> QImage:
        QGuiApplication.setLayoutDirection(direction)
        return icons.icon(name).pixmap(16, 16).toImage()

    level = Qt.Orientation.Horizontal
    assert drawn("arrow-left", RTL) == drawn("arrow-left", LTR).flipped(level)
    assert drawn("tag", RTL) == drawn("tag", LTR)


def test_margins_begin_where_reading_begins() -> None:
    assert mirroring.sides(22, 1, 16, 2) == (22, 1, 16, 2)
    QGuiApplication.setLayoutDirection(RTL)
    assert mirroring.sides(22, 1, 16, 2) == (16, 1, 22, 2)
