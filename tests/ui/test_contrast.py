"""Every colour on every ground it is painted on, by computation: in both schemes, usual and high.

The pairs are those of the design and those the code paints beside them. WCAG 2.2 asks 4.5:1 for
text and 3:1 for what has to be seen to understand or use something: fields, rings, stitches,
icons. Lines that are ornament and text of what is disabled are left out, as WCAG does; high
contrast makes lines as visible as fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.domain.departments import SEEDED
from app.domain.interactions import Channel
from app.ui.theme import glyphs, painting, theme_manager
from app.ui.theme.fonts import load_bundled
from app.ui.theme.manager import Theme

TEXT, MARK = 4.5, 3.0
LOOKS = [Theme(scheme, strong=strong) for scheme in ("light", "dark") for strong in (False, True)]
GROUNDS = ("window", "surface", "sunken", "raised", "hover", "hover-win", "accent-tint")
"""What rows, panes, sheets and menus are painted on."""
BUBBLES = ("bubble-in", "bubble-out", "bubble-wait")

WORDS: dict[str, tuple[str, ...]] = {
    "text": (*GROUNDS, *BUBBLES, "pressed", "accent-tint2", "note", "tab-on", "seg-on"),
    "text-2": (*GROUNDS, *BUBBLES, "pressed", "accent-tint2", "tab-on"),
    "text-3": GROUNDS,
    "accent": (*GROUNDS, "accent-tint2", *BUBBLES),
    "on-accent": ("accent", "accent-hover", "accent-press"),
    "note-text": ("note",),
    "note-meta": ("note",),
    "danger": ("surface", "raised", "hover", "danger-tint", "accent-tint", "bubble-wait", "window"),
    "warn": ("surface", "raised", "warn-tint"),
    "ok": ("surface", "raised", "ok-tint"),
    "service": ("surface", "raised", "service-tint"),
    "marketing": ("surface", "raised", "marketing-tint"),
}
"""Ink of words to the grounds they stand on."""

MARKS: dict[str, tuple[str, ...]] = {
    "focus": (*GROUNDS, *BUBBLES, "note", "tab-on", "seg-on", "pressed"),
    "line-field": ("surface", "sunken", "raised", "window"),
    "stitch": ("window", "surface", "raised", "hover", "accent-tint", "bubble-wait"),
    "accent": (*GROUNDS, *BUBBLES),
    "danger": ("surface", "bubble-wait", "danger-tint"),
    "note-line": ("note", "surface"),
    "warn-mark": ("surface", "warn-tint"),
    "ok": ("surface", "raised"),
    "text-3": (*GROUNDS, *BUBBLES, "tab-on"),
    "text-2": (*GROUNDS, *BUBBLES, "tab-on"),
}
"""Rings, stitches, edges of fields and icons to the grounds they stand on."""

DESIGN: dict[tuple[str, str], tuple[float, float]] = {
    ("text", "window"): (16.2, 15.8),
    ("text-3", "raised"): (5.8, 5.8),
    ("text-3", "hover"): (5.0, 5.6),
    ("line-field", "surface"): (3.3, 3.6),
    ("stitch", "surface"): (3.5, 3.9),
    ("text", "surface"): (17.6, 14.9),
    ("text-2", "surface"): (7.5, 8.6),
    ("text-3", "surface"): (5.8, 6.4),
    ("text-3", "accent-tint"): (4.9, 5.2),
    ("accent", "surface"): (6.4, 8.1),
    ("on-accent", "accent"): (6.4, 7.6),
    ("text", "accent-tint"): (15.0, 12.0),
    ("focus", "surface"): (4.0, 8.1),
    ("text-2", "bubble-in"): (6.7, 7.3),
    ("text-2", "bubble-out"): (6.2, 6.1),
    ("text-2", "bubble-wait"): (7.0, 8.0),
    ("note-text", "note"): (10.3, 12.4),
    ("danger", "danger-tint"): (5.6, 7.3),
    ("warn", "warn-tint"): (5.6, 8.2),
    ("ok", "surface"): (5.3, 8.8),
    ("d-care", "d-care-t"): (4.7, 6.5),
    ("d-pr", "d-pr-t"): (4.7, 7.9),
    ("d-mkt", "d-mkt-t"): (5.2, 7.0),
    ("d-adv", "d-adv-t"): (4.7, 7.0),
    ("d-it", "d-it-t"): (5.1, 7.1),
    ("d-lead", "d-lead-t"): (5.0, 6.9),
}
"""What the design promises, light and dark."""


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look.scheme}{'-high' if look.strong else ''}")
def look(request: pytest.FixtureRequest) -> Theme:
    assert isinstance(request.param, Theme)
    return request.param


@pytest.fixture
def scheme(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    assert isinstance(qapp, QApplication)
    load_bundled()
    theme_manager().set_scheme(request.param)
    yield request.param
    theme_manager().set_scheme("light")


def test_words_can_be_read_on_every_ground(look: Theme) -> None:
    assert _poor(look, WORDS, TEXT) == []


def test_rings_stitches_fields_and_icons_can_be_seen(look: Theme) -> None:
    assert _poor(look, MARKS, MARK) == []


def test_departments_can_be_told_by_name_dot_and_thread(look: Theme) -> None:
    """Their names are words on their tint; dots and threads lie on surface and selected rows."""
    for department in SEEDED:
        ink = look.department_colour(department.id)
        assert contrast(ink, look.department_tint(department.id)) >= TEXT, department.id
        for ground in ("surface", "window", "accent-tint", "hover"):
            assert contrast(ink, look.colour(ground)) >= MARK, (department.id, ground)


def test_a_thread_is_seen_through_its_opacity(look: Theme) -> None:
    surface = look.colour("surface")
    for department in SEEDED:
        ink = _mixed(look.department_colour(department.id), surface, look.thread_opacity)
        assert contrast(ink, surface) >= MARK, department.id


def test_high_contrast_makes_lines_as_visible_as_fields_and_stitches_as_text() -> None:
    for look in (one for one in LOOKS if one.strong):
        for ground in ("surface", "window", "raised"):
            assert contrast(look.colour("line"), look.colour(ground)) >= MARK
            assert contrast(look.colour("line-strong"), look.colour(ground)) >= MARK
            assert contrast(look.colour("stitch"), look.colour(ground)) >= TEXT


@pytest.mark.parametrize("number", [0, 1], ids=["light", "dark"])
def test_the_theme_keeps_what_the_design_promises(number: int) -> None:
    look = Theme(("light", "dark")[number])
    found = {
        pair: round(contrast(look.colour(pair[0]), look.colour(pair[1])), 2) for pair in DESIGN
    }
    off = {pair: value for pair, value in found.items() if abs(value - DESIGN[pair][number]) > 0.06}
    assert off == {}


@pytest.mark.parametrize("scheme", ["light", "dark"], indirect=True)
def test_badges_stand_out_and_their_glyphs_from_them(scheme: str) -> None:
    look = Theme(scheme)
    white = QColor("#ffffff")
    for channel in Channel:
        disc = look.colour(glyphs.colour_token(channel))
        ink = look.colour("c-x-on") if channel is Channel.X else white
        assert contrast(disc, look.colour("surface")) >= MARK, channel
        assert contrast(disc, look.colour("accent-tint")) >= MARK, channel
        assert contrast(ink, disc) >= MARK, channel


@pytest.mark.parametrize("scheme", ["light", "dark"], indirect=True)
def test_initials_can_be_read_in_avatars_of_every_hue(scheme: str) -> None:
    poor = {}
    for hue in range(0, 360, 5):
        image = QImage(96, 96, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painting.draw_avatar(painter, QRectF(0, 0, 96, 96), "MM", hue=hue)
        painter.end()
        disc = image.pixelColor(48, 12)
        best = max(
            contrast(image.pixelColor(x, y), disc)
            for x, y in product(range(24, 72), range(40, 56, 4))
        )
        if best < TEXT:
            poor[hue] = round(best, 2)
    assert scheme == theme_manager().current.scheme
    assert poor == {}


def _poor(look: Theme, pairs: dict[str, tuple[str, ...]], least: float) -> list[object]:
    return [
        (ink, ground, round(found, 2))
        for ink, grounds in pairs.items()
        for ground in grounds
        if (found := contrast(look.colour(ink), look.colour(ground))) < least
    ]


def contrast(a: QColor, b: QColor) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    brighter, darker = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(v) for v in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(over: QColor, under: QColor, opacity: float) -> QColor:
    def one(a: float, b: float) -> float:
        return a * opacity + b * (1 - opacity)

    return QColor.fromRgbF(
        one(over.redF(), under.redF()),
        one(over.greenF(), under.greenF()),
        one(over.blueF(), under.blueF()),
    )
