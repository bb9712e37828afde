"""What the comparison lets pass, and what it does not."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen
from pytestqt.qtbot import QtBot

from app.ui.theme.tokens import DARK, LIGHT
from scripts.screens import packing
from scripts.screens.comparing import difference
from tests.screens.test_sheets import KEPT

WIDE, HIGH = 320, 200
CHIP = QRect(40, 60, 90, 20)
SCHEMES = {"light": LIGHT, "dark": DARK}


def painted(colours: dict[str, str], *, chip: int = 0, line: int = 0, words: int = 0) -> QImage:
    """A small screen: two grounds, a hairline, a chip and words, each moved down by pixels."""
    picture = QImage(WIDE, HIGH, QImage.Format.Format_RGB32)
    picture.fill(QColor(colours["surface"]))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(0, 0, 100, HIGH, QColor(colours["window"]))
    painter.fillRect(100, 40 + line, WIDE - 100, 1, QColor(colours["line"]))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours["hover"]))
    painter.drawRoundedRect(QRectF(CHIP.translated(100, chip)), 5, 5)
    painter.setPen(QPen(QColor(colours["text-3"])))
    font = QFont()
    font.setPixelSize(13)
    painter.setFont(font)
    painter.drawText(QRect(110, 120 + words, 200, 20), Qt.AlignmentFlag.AlignLeft, "Any news?")
    painter.end()
    return picture


@pytest.fixture(params=SCHEMES)
def colours(request: pytest.FixtureRequest, qtbot: QtBot) -> dict[str, str]:
    """Light and dark, where an application can draw."""
    return dict(SCHEMES[request.param])


def test_a_picture_is_the_same_as_its_packed_self(colours: dict[str, str]) -> None:
    picture = painted(colours)
    assert difference(packing.pack(picture), picture) is None
    assert difference(picture, picture) is None


def test_a_kept_picture_is_the_same_as_itself() -> None:
    kept = QImage(str(KEPT / "console-dark.png"))
    assert kept.format() is QImage.Format.Format_Indexed8
    assert difference(kept, kept.convertToFormat(QImage.Format.Format_RGB32)) is None


def test_what_a_rasteriser_rounds_otherwise_passes(colours: dict[str, str]) -> None:
    """Along every edge a few levels more or less, and a stray pixel here and there."""
    picture = painted(colours)
    noisy = picture.copy()
    dice = random.Random(7)
    for y in range(1, HIGH - 1):
        for x in range(1, WIDE - 1):
            here = picture.pixel(x, y)
            if here != picture.pixel(x - 1, y) or here != picture.pixel(x, y + 1):
                noisy.setPixel(x, y, _shifted(here, dice.randint(-4, 4)))
    for stray in range(4):
        noisy.setPixel(20 + 40 * stray, 150, _shifted(picture.pixel(20 + 40 * stray, 150), 30))
    assert noisy != picture
    assert difference(packing.pack(picture), noisy) is None


@pytest.mark.parametrize("moved", ["chip", "line", "words"])
def test_whatever_moves_by_one_pixel_is_seen(colours: dict[str, str], moved: str) -> None:
    kept = packing.pack(painted(colours))
    found = difference(kept, painted(colours, **{moved: 1}))
    assert found is not None
    assert found.words.startswith("It differs in ")
    assert found.picture is not None
    assert found.picture.size() == kept.size()


@pytest.mark.parametrize("token", ["window", "surface", "hover", "text-3", "line"])
def test_a_colour_that_changed_is_seen(colours: dict[str, str], token: str) -> None:
    kept = packing.pack(painted(colours))
    changed = QColor.fromRgb(_shifted(QColor(colours[token]).rgb(), -8))
    assert difference(kept, painted(colours | {token: changed.name()})) is not None


def test_a_ground_that_changed_by_a_single_level_is_seen(colours: dict[str, str]) -> None:
    kept = packing.pack(painted(colours))
    changed = QColor.fromRgb(_shifted(QColor(colours["window"]).rgb(), -1))
    assert difference(kept, painted(colours | {"window": changed.name()})) is not None


@pytest.mark.parametrize("name", ["console-light.png", "escalate-dark.png", "states-light.png"])
def test_a_block_of_a_kept_sheet_that_moved_is_seen(name: str) -> None:
    kept = QImage(str(KEPT / name))
    drawn = kept.convertToFormat(QImage.Format.Format_RGB32)
    block = drawn.copy(60, 380, 240, 90)
    painter = QPainter(drawn)
    painter.drawImage(61, 380, block)
    painter.end()
    assert difference(kept, drawn) is not None


def test_another_size_is_told_in_words() -> None:
    one, other = (QImage(side, 8, QImage.Format.Format_RGB32) for side in (8, 9))
    one.fill(0)
    other.fill(0)
    found = difference(one, other)
    assert found is not None
    assert found.words == "It is 9 by 8 large, not 8 by 8."


def test_packing_keeps_grounds_exactly_and_everything_else_nearly(colours: dict[str, str]) -> None:
    picture = painted(colours)
    dice = random.Random(3)
    for _ in range(4_000):
        at = dice.randrange(110, WIDE), dice.randrange(140, HIGH)
        picture.setPixel(*at, QColor.fromHsl(dice.randrange(360), 40, 200).rgb())
    packed = packing.pack(picture)
    assert len(packed.colorTable()) <= packing.ENTRIES
    assert _farthest(picture, packed) <= 18
    assert packed.pixelColor(4, 4) == picture.pixelColor(4, 4)


def _farthest(one: QImage, other: QImage) -> int:
    channels: tuple[Callable[[QColor], int], ...] = (QColor.red, QColor.green, QColor.blue)
    return max(
        abs(channel(one.pixelColor(x, y)) - channel(other.pixelColor(x, y)))
        for x in range(0, WIDE, 3)
        for y in range(0, HIGH, 3)
        for channel in channels
    )


def _shifted(rgb: int, by: int) -> int:
    """Every channel of a colour so many levels on, as far as there are any."""
    colour = QColor.fromRgb(rgb)
    parts = (colour.red(), colour.green(), colour.blue())
    return QColor(*(min(255, max(0, part + by)) for part in parts)).rgb()
