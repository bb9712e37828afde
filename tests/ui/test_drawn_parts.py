"""Parts that draw themselves: what is seen of them, in pixels."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QTextCharFormat
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.departments import MARKETING, SEEDED
from app.ui.dialogs.controls import ChoiceBox
from app.ui.dialogs.parts import icon_button
from app.ui.runtime import prepare
from app.ui.theme import theme, theme_manager
from app.ui.views.composer_edit import GrowingEdit
from app.ui.views.composer_remarks import GuardStrip
from app.ui.views.waves import lines_under

_LONG = "@halden@social.halden.example (Mastodon)"


@pytest.fixture(autouse=True)
def _light() -> Iterator[None]:
    prepare("light")
    yield
    theme_manager().set_scheme("light")


def _picture(widget: QWidget) -> QImage:
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def _shown_colours(image: QImage, area: QRect | None = None) -> set[str]:
    box = image.rect() if area is None else area.intersected(image.rect())
    return {
        image.pixelColor(x, y).name()
        for x in range(box.left(), box.right() + 1)
        for y in range(box.top(), box.bottom() + 1)
    }


def test_a_wave_goes_up_and_down_under_each_line_it_reaches_over(qtbot: QtBot) -> None:
    field = GrowingEdit(lowest=80, highest=200, name="Text")
    qtbot.addWidget(field)
    field.resize(140, 80)
    field.show()
    field.set_text("For the three lost mornings take HUILA15 off")
    before = _picture(field.viewport())
    wave = QTextCharFormat()
    wave.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    wave.setUnderlineColor(QColor("#ff0000"))
    field.mark("promotion", [(4, 40)], wave)
    after = _picture(field.viewport())
    lines = list(lines_under(field.document(), field.marks("promotion")))
    assert len(lines) > 1
    for line in lines:
        under = [
            y
            for y in range(round(line.y1()) - 3, round(line.y1()) + 4)
            if any(
                after.pixelColor(x, y) != before.pixelColor(x, y)
                for x in range(round(line.x1()), round(line.x2()))
            )
        ]
        assert len(under) >= 3  # a level line is one pixel high, or two
    field.mark("promotion", [], wave)
    assert _picture(field.viewport()) == before


def test_what_is_too_long_for_its_box_ends_in_an_ellipsis(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    long, cut = ChoiceBox(holder), ChoiceBox(holder)
    for box, words in ((long, _LONG), (cut, f"{_LONG[:9]}…")):
        box.addItem(words)
        box.setFixedWidth(400)
    wide = _picture(long)
    for width in range(60, 200):
        for box in (long, cut):
            box.setFixedWidth(width)
        if _picture(long) == _picture(cut):
            break
    else:
        pytest.fail("nowhere between 60 and 200 pixels are the words cut after nine letters")
    assert _picture(long).size() != wide.size()


def test_an_icon_follows_the_theme_unless_another_was_given(qtbot: QtBot) -> None:
    kept, given = icon_button("x", "Close"), icon_button("x", "Close")
    for one in (kept, given):
        qtbot.addWidget(one)
    given.setIcon(icon_button("plus", "Add").icon())
    other = given.icon().cacheKey()
    theme_manager().set_scheme("dark")
    image = kept.icon().pixmap(17, 17).toImage()
    ink = theme().colour("text-2")
    strongest = max(
        (image.pixelColor(x, y) for x in range(17) for y in range(17)), key=QColor.alpha
    )
    assert strongest.lightness() == pytest.approx(ink.lightness(), abs=6)
    assert given.icon().cacheKey() == other


def test_who_may_write_along_has_their_dot_in_the_button(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    strip = GuardStrip(holder)
    marketing = next(one for one in SEEDED if one.id == MARKETING)
    for scheme in ("light", "dark"):
        theme_manager().set_scheme(scheme)
        strip.hold_back("HUILA15 has to wait.", "", marketing)
        dot = strip.action.icon().pixmap(strip.action.iconSize()).toImage()
        assert theme().department_colour(MARKETING).name() in _shown_colours(dot)
    strip.hold_back("HUILA15 has to wait.", "")
    assert strip.action.icon().isNull()
