"""Every attack as the screen paints it: no error, nothing reordered, within a time."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, Qt
from pytestqt.qtbot import QtBot

from app.domain.links import target_of
from app.ui.dialogs.parts import TextLabel
from app.ui.plain_tip import plain_tip
from app.ui.runtime import prepare
from app.ui.theme import painting, theme
from app.ui.timeline.text import LONGEST_SHOWN, LONGEST_WHOLE, TextBlock, TextLine, find_links
from tests.security.attacks import Attack
from tests.security.test_corpus_words import REORDERING, every
from tests.security.timing import FLOOR_S, cost

_IMAGE = QRectF(0, 0, 400, 300)


def _paint(text: str) -> tuple[TextBlock, TextLine]:
    """A bubble and a line of a list with this text, laid out and drawn."""
    font = theme().font("body")
    image = QImage(400, 300, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    block = TextBlock(text, font, 380, 20, most=40)
    block.draw(painter, QPointF(0, 0), _IMAGE)
    line = TextLine(text, font, 20, 300)
    line.draw(painter, QPointF(0, 0))
    painting.elided(text[:500], font, 200)
    painter.end()
    return block, line


@pytest.fixture(autouse=True)
def _light(qtbot: QtBot) -> None:
    prepare("light")


@every
def test_a_message_is_painted_as_words(attack: Attack) -> None:
    (block, line), taken = cost(lambda: _paint(attack.text[:10_000]))
    assert taken < 4 * FLOOR_S, f"{taken:.2f} s"
    assert not REORDERING & set(line.text)
    assert "\n" not in line.text
    for link in block.links:
        target = target_of(link.url)
        assert target is not None
        assert target.url.startswith(("http://", "https://"))


@every
def test_a_label_and_a_tooltip_obey_no_markup(attack: Attack) -> None:
    text = attack.text[:2_000]
    label = TextLabel(text)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert not REORDERING & set(label.text())
    tip = plain_tip(text)
    assert not REORDERING & set(tip)
    if Qt.mightBeRichText(tip):  # then it is ours, and everything of theirs is spelt out
        for tag in ("<script", "<img", "<svg", "<a ", "<iframe", "<b>"):
            assert tag not in tip.lower() or tag not in text.lower()


def test_a_message_of_megabytes_is_cut_between_words() -> None:
    text = "word " * 1_000_000
    block, taken = cost(lambda: TextBlock(text, theme().font("body"), 380, 20))
    assert taken < 6 * FLOOR_S
    assert block.lines < LONGEST_WHOLE / 5
    address = "https://bank.example/" + "a" * 30
    for most, longest in ((40, LONGEST_SHOWN), (None, LONGEST_WHOLE)):
        long = "x " * (longest // 2 - 10) + address + " x"
        block = TextBlock(long, theme().font("body"), 380, 20, most=most)
        assert all(link.url == address for link in block.links)


def test_links_are_counted_where_the_screen_has_them() -> None:
    (link,) = find_links("\U0001f389 https://shop.example/ \u0301")
    assert (link.start, link.end) == (3, 24)
