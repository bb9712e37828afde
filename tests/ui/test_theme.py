"""The theme: every colour legible, every size there, times in words."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.clock import to_ms
from app.domain.clocks import Deadline, Due
from app.domain.departments import SEEDED
from app.domain.interactions import Channel
from app.ui.actions import TABLE
from app.ui.runtime import prepare
from app.ui.theme import formats, glyphs, icons, manager, painting, set_type, theme, theme_manager
from app.ui.theme.manager import Theme
from app.ui.theme.tokens import DARK, LIGHT, TYPE
from app.ui.views.composer_edit import GrowingEdit

NOW = datetime(2026, 11, 19, 10, 45, tzinfo=UTC)
NOW_MS = to_ms(NOW)
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000

_TEXT_ON = [
    ("text", "surface", 7.0),
    ("text", "window", 7.0),
    ("text", "accent-tint", 7.0),
    ("text-2", "surface", 4.5),
    ("text-2", "bubble-in", 4.5),
    ("text-2", "bubble-out", 4.5),
    ("text-2", "bubble-wait", 4.5),
    ("text-2", "hover", 4.5),
    ("text-3", "surface", 4.5),
    ("text-3", "window", 4.5),
    ("text-3", "accent-tint", 4.5),
    ("text-3", "hover", 4.5),
    ("accent", "surface", 4.5),
    ("accent", "accent-tint", 4.5),
    ("on-accent", "accent", 4.5),
    ("note-text", "note", 7.0),
    ("note-meta", "note", 4.5),
    ("danger", "danger-tint", 4.5),
    ("warn", "warn-tint", 4.5),
    ("focus", "surface", 3.0),
    ("line-field", "surface", 3.0),
    ("stitch", "surface", 3.0),
]


@pytest.fixture(autouse=True)
def _light(qtbot: QtBot) -> Iterator[None]:
    prepare("light")
    yield
    theme_manager().set_scheme("light")
    theme_manager().set_text_scale(1.0)
    theme_manager().set_contrast("system")
    theme_manager().set_motion("system")


@pytest.fixture
def stockholm(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", "Europe/Stockholm")
    time.tzset()
    yield
    monkeypatch.undo()
    assert os.environ.get("TZ") == before
    time.tzset()


def test_both_schemes_have_the_same_tokens() -> None:
    assert LIGHT.keys() == DARK.keys()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(scheme: str) -> None:
    """WCAG 2.2: 4.5:1 for text, 3:1 for what marks a field or a focus."""
    look = Theme(scheme)
    poor = [
        (ink, ground, round(_contrast(look.colour(ink), look.colour(ground)), 2))
        for ink, ground, least in _TEXT_ON
        if _contrast(look.colour(ink), look.colour(ground)) < least
    ]
    assert poor == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_department_and_channel_has_a_colour(scheme: str) -> None:
    look = Theme(scheme)
    surface = look.colour("surface")
    for department in SEEDED:
        assert _contrast(look.department_colour(department.id), surface) >= 3
    grey = look.department_colour(None)
    assert grey == look.department_colour("no such department")
    for channel in Channel:
        assert look.colour(glyphs.colour_token(channel)).isValid()


def _contrast(a: QColor, b: QColor) -> float:
    brighter, darker = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(v) for v in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_colour_with_alpha_is_read_as_the_design_writes_it() -> None:
    scrim = theme().colour("scrim")
    assert scrim.name() == "#141e1c"
    assert scrim.alpha() == round(0.44 * 255)


def test_weights_are_really_drawn() -> None:
    """A variable font shows its regular cut for every weight unless its axis is set."""
    widths = [
        QFontMetricsF(theme().font("body", weight)).horizontalAdvance("Marta Lindqvist")
        for weight in (400, 500, 600)
    ]
    assert widths == sorted(set(widths))


def test_tabular_figures_are_equally_wide() -> None:
    measure = QFontMetricsF(theme().font("small", tabular=True))
    assert measure.horizontalAdvance("11:11") == measure.horizontalAdvance("08:40")


def test_the_text_scale_has_its_limits(qtbot: QtBot) -> None:
    for asked, given in ((0.1, 0.9), (1.1, 1.1), (9.0, 1.3)):
        theme_manager().set_text_scale(asked)
        assert theme().scale == given
    assert theme().scaled(100) == 130
    assert theme().line_height("body") == round(18 * 1.3)


def test_a_widget_keeps_its_type_through_a_change(qtbot: QtBot) -> None:
    label = QLabel("Title")
    qtbot.addWidget(label)
    set_type(label, "title", 600)
    theme_manager().set_text_scale(1.3)
    prepare("light", 1.3)
    assert label.font().pointSizeF() > 0 or label.font().pixelSize() == round(15 * 1.3)
    assert label.font().variableAxisValue(label.font().variableAxisTags()[0]) == 600


def test_a_small_button_is_small(qtbot: QtBot) -> None:
    large, small = QPushButton("Send"), QPushButton("Send")
    small.setProperty("small", True)
    for widget in (large, small):
        qtbot.addWidget(widget)
        widget.ensurePolished()
    assert (large.sizeHint().height(), small.sizeHint().height()) == (30, 24)


def test_changing_the_scheme_is_announced_once(qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme().changed):
        theme_manager().set_scheme("dark")
    assert theme().is_dark
    with qtbot.assertNotEmitted(theme().changed):
        theme_manager().set_scheme("dark")


def test_reduced_motion_takes_no_time() -> None:
    assert theme().duration_ms("base") == 160
    theme_manager().set_motion("reduced")
    assert theme().duration_ms("base") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_high_contrast_draws_lines_as_fields_and_stitches_as_text(scheme: str) -> None:
    usual, strong = Theme(scheme), Theme(scheme, strong=True)
    for line in ("line", "line-strong"):
        assert strong.colour(line) == usual.colour("line-field") != usual.colour(line)
        assert _contrast(strong.colour(line), strong.colour("surface")) >= 3
    assert strong.colour("stitch") == usual.colour("text-2")
    assert strong.colour("text") == usual.colour("text")


def test_as_the_system_follows_the_desktop_live(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    desktop = {"scheme": "light", "strong": False}
    monkeypatch.setattr(manager._Desktop, "scheme", lambda _: desktop["scheme"])
    monkeypatch.setattr(manager._Desktop, "is_strong", lambda _: desktop["strong"])
    theme_manager().set_scheme("system")
    desktop |= {"scheme": "dark", "strong": True}
    hints = QGuiApplication.styleHints()
    with qtbot.waitSignal(theme().changed):
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert (theme().is_dark, theme().strong) == (True, True)
    theme_manager().set_scheme("light")
    theme_manager().set_contrast("usual")
    with qtbot.assertNotEmitted(theme().changed):
        hints.accessibility().contrastPreferenceChanged.emit(Qt.ContrastPreference.HighContrast)


def test_what_is_typed_grows_with_the_text(qtbot: QtBot) -> None:
    field = GrowingEdit(lowest=40, highest=400, name="Reply")
    qtbot.addWidget(field)
    field.show()
    field.set_text("Hello")
    line = field.document().firstBlock().layout()
    before = line.lineAt(0).naturalTextWidth()
    theme_manager().set_text_scale(1.3)
    assert line.lineAt(0).naturalTextWidth() == pytest.approx(before * 1.3, rel=0.06)


@pytest.mark.parametrize("style", TYPE)
def test_every_style_has_a_font(style: str) -> None:
    assert theme().font(style).families()[0] == "Inter"


@pytest.mark.parametrize("name", sorted({spec.icon for spec in TABLE if spec.icon}))
def test_every_icon_of_an_action_exists(name: str) -> None:
    image = icons.pixmap(name, 16, QColor("red"), 2.0).toImage()
    assert image.width() == 32
    assert _painted(image)


@pytest.mark.parametrize(("channel", "dpr"), list(product(Channel, (1.0, 2.0))))
def test_every_channel_has_a_disc(channel: Channel, dpr: float) -> None:
    image = glyphs.channel_pixmap(channel, 16, dpr).toImage()
    assert image.width() == 16 * dpr
    assert image.pixelColor(image.width() // 2, 1).alpha() > 200


def _painted(image: QImage) -> bool:
    spots = product(range(image.width()), range(image.height()))
    return any(image.pixelColor(x, y).alpha() > 128 for x, y in spots)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Marta Lindqvist", "ML"),
        ("aino", "A"),
        ("林 美咲", "林"),
        ("@dan_okafor", "DO"),
        ("Élodie de la Tour", "ÉT"),
        ("محمد علي", "م"),
        ("", "?"),
        ("🙂", "?"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert painting.initials(name) == letters


def test_an_avatar_has_the_same_hue_everywhere() -> None:
    assert painting.hue_of("Marta Lindqvist") == painting.hue_of("Marta Lindqvist") < 360


def test_a_ring_fills_clockwise_from_the_top() -> None:
    image = QImage(48, 48, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painting.draw_ring(painter, QRectF(0, 0, 48, 48), 0.25, QColor("red"))
    painter.end()
    upper_right, upper_left = image.pixelColor(37, 11), image.pixelColor(11, 11)
    assert upper_right.alpha() > 200
    assert 0 < upper_left.alpha() < 100


def test_elided_text_is_one_line_that_fits() -> None:
    font = theme().font("body")
    short = painting.elided("A long\nsentence that\tcannot fit", font, 80)
    assert short.endswith("…")
    assert "\n" not in short
    assert painting.metrics(font).horizontalAdvance(short) <= 80


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (0, "1 min"),
        (39 * MINUTE, "39 min"),
        (2 * HOUR, "2 h"),
        (2 * HOUR + 5 * MINUTE, "2 h 05"),
        (76 * HOUR, "3 d 4 h"),
        (48 * HOUR, "2 d"),
    ],
)
def test_durations(ms: int, words: str) -> None:
    assert formats.duration(ms) == words


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (MINUTE, "1 minute"),
        (18 * MINUTE, "18 minutes"),
        (2 * HOUR + 10 * MINUTE, "2 hours 10 minutes"),
        (25 * HOUR, "1 day 1 hour"),
    ],
)
def test_spoken_durations(ms: int, words: str) -> None:
    assert formats.spoken_duration(ms) == words


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (999, "999"), (1_000, "1k"), (48_210, "48.2k"), (212_400, "212k"),
     (999_960, "1M"), (1_400_000, "1.4M")],
)  # fmt: skip
def test_compact_numbers(count: int, text: str) -> None:
    assert formats.compact_number(count) == text


def test_deadlines() -> None:
    due = Deadline(NOW_MS - 42 * MINUTE, NOW_MS + 18 * MINUTE)
    assert formats.deadline_text(due, NOW_MS) == ("18 min", Due.DUE)
    late = Deadline(NOW_MS - HOUR, NOW_MS - 12 * MINUTE)
    assert formats.deadline_text(late, NOW_MS) == ("12 min late", Due.LATE)
    early = Deadline(NOW_MS, NOW_MS + 70 * MINUTE)
    assert formats.deadline_text(early, NOW_MS) == ("1 h 10", Due.IN_TIME)


@pytest.mark.usefixtures("stockholm")
def test_days_are_told_as_people_tell_them() -> None:
    def ago(**span: int) -> int:
        return to_ms(NOW - timedelta(**span))

    assert formats.clock_time(NOW_MS) == "11:45"
    assert formats.day_label(NOW_MS, NOW_MS) == "Today, Thursday 19 November"
    assert formats.day_label(ago(days=1), NOW_MS) == "Yesterday"
    assert formats.day_label(ago(days=3), NOW_MS) == "Monday 16 November"
    assert formats.day_label(ago(days=400), NOW_MS) == "15 October 2025"
    assert formats.list_time(ago(minutes=2), NOW_MS) == "11:43"
    assert formats.list_time(ago(days=1), NOW_MS) == "Wed"
    assert formats.list_time(ago(days=16), NOW_MS) == "3 Nov"
    assert formats.list_time(ago(days=400), NOW_MS) == "15 Oct 2025"
    assert formats.relative(ago(seconds=5), NOW_MS) == "just now"
    assert formats.relative(ago(minutes=4), NOW_MS) == "4 min ago"
    assert formats.relative(NOW_MS + 130 * MINUTE, NOW_MS) == "in 2 h 10"
    assert formats.relative(NOW_MS - 3 * DAY, NOW_MS) == "16 Nov"
    assert formats.month_label(2026, 11) == "November 2026"
    assert formats.grouped(1_048_211) == "1,048,211"
