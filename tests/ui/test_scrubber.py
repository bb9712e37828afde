"""The scrubber: three years on one thread."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.views import MonthCount
from app.ui.views.scrubber import MONTHS, Scrubber, swell
from tests.ui.timeline_pages import DAY, NOW_MS


@pytest.fixture
def scrubber(qtbot: QtBot) -> Scrubber:
    made = Scrubber(lambda: NOW_MS)
    qtbot.addWidget(made)
    made.resize(46, 640)
    made.show()
    return made


def test_a_short_history_stands_in_36_months(scrubber: Scrubber) -> None:
    scrubber.show_months([MonthCount(2026, 11, 14, 8)])
    assert len(scrubber.months) == MONTHS
    assert (scrubber.months[0].year, scrubber.months[0].month) == (2023, 12)
    assert scrubber.months[-1] == MonthCount(2026, 11, 14, 8)
    assert scrubber.label(MONTHS - 1) == "November 2026: 14 service, 8 marketing"


def test_a_longer_history_is_there_from_its_first_month(scrubber: Scrubber, qtbot: QtBot) -> None:
    scrubber.clearFocus()
    scrubber.show_months([MonthCount(2019, 1, 5, 6), MonthCount(2026, 11, 14, 8)])
    assert scrubber.months[0] == MonthCount(2019, 1, 5, 6)
    assert len(scrubber.months) == 95
    assert scrubber.window_months == (94, 94), "the reader is still at the newest"
    with qtbot.waitSignal(scrubber.month_chosen) as chosen:
        top = QPoint(23, round(scrubber.y_of(0)))
        QTest.mouseClick(scrubber, Qt.MouseButton.LeftButton, pos=top)
    assert chosen.args == [2019, 1]
    assert scrubber.y_of(94) < scrubber.height()


def test_a_history_of_more_than_ten_years_stands_by_years(scrubber: Scrubber, qtbot: QtBot) -> None:
    scrubber.clearFocus()
    counts = [MonthCount(1998, 3, 5, 6), MonthCount(1998, 4, 1, 0), MonthCount(2026, 11, 14, 8)]
    scrubber.show_months(counts)
    assert [count.year for count in scrubber.months] == list(range(1998, 2027))
    assert scrubber.label(0) == "1998: 6 service, 6 marketing"
    scrubber.set_window(NOW_MS - 366 * DAY, NOW_MS)
    assert scrubber.window_months == (27, 28)
    assert scrubber.accessibleName() == "Years of the timeline, 2025"
    with qtbot.waitSignal(scrubber.month_chosen) as chosen:
        scrubber._choose(0)
    assert chosen.args == [1998, 1]
    assert not scrubber.grab().isNull()


def test_a_side_that_is_not_shown_fades_with_its_sign(scrubber: Scrubber) -> None:
    scrubber.show_months([MonthCount(2026, 6, 60, 60)])
    before, sign = scrubber.grab().toImage(), scrubber.legend.grab().toImage()
    scrubber.dim(service=True, marketing=False)
    after = scrubber.grab().toImage()
    y = round(scrubber.y_of(MONTHS - 6))
    left, right = 15, 30
    assert before.pixelColor(left, y) != after.pixelColor(left, y)
    assert before.pixelColor(right, y) == after.pixelColor(right, y)
    assert scrubber.legend.grab().toImage() != sign


def test_scrolling_draws_nothing_anew_but_other_counts_do(scrubber: Scrubber) -> None:
    scrubber.show_months([MonthCount(2026, 11, 14, 8)])
    scrubber.grab()
    drawn = scrubber._still
    assert drawn is not None
    scrubber.set_window(NOW_MS - 90 * DAY, NOW_MS - 60 * DAY)
    scrubber.grab()
    assert scrubber._still is drawn
    before = scrubber.grab().toImage()
    scrubber.show_months([MonthCount(2026, 11, 14, 8), MonthCount(2024, 5, 60, 60)])
    assert scrubber.grab().toImage() != before
    scrubber.resize(46, 500)
    assert scrubber.grab().height() == 500
    assert scrubber._still is not drawn


def test_a_month_swells_with_its_count_but_not_without_end() -> None:
    assert swell(0) == 0.8
    assert swell(1) == pytest.approx(4.8)
    assert swell(8) == pytest.approx(2.5 + 8**0.8 * 2.3)
    assert swell(10_000) == 19.0


def test_a_click_asks_for_the_month_under_it(scrubber: Scrubber, qtbot: QtBot) -> None:
    place = MONTHS - 12
    with qtbot.waitSignal(scrubber.month_chosen) as chosen:
        QTest.mouseClick(
            scrubber, Qt.MouseButton.LeftButton, pos=QPoint(23, round(scrubber.y_of(place)))
        )
    count = scrubber.months[place]
    assert chosen.args == [count.year, count.month]


def test_dragging_goes_from_month_to_month(scrubber: Scrubber, qtbot: QtBot) -> None:
    chosen: list[tuple[int, int]] = []
    scrubber.month_chosen.connect(lambda year, month: chosen.append((year, month)))
    places = (MONTHS - 12, MONTHS - 11, MONTHS - 10)
    points = [QPoint(23, round(scrubber.y_of(place))) for place in places]
    QTest.mousePress(scrubber, Qt.MouseButton.LeftButton, pos=points[0])
    for point in points[1:]:
        _drag(scrubber, point)
    assert chosen == [(scrubber.months[p].year, scrubber.months[p].month) for p in places]


def _drag(scrubber: Scrubber, to: QPoint) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    at = QPointF(to)
    move = QMouseEvent(QEvent.Type.MouseMove, at, scrubber.mapToGlobal(at), left, left, none)
    QApplication.sendEvent(scrubber, move)


def test_keys_walk_the_months(scrubber: Scrubber, qtbot: QtBot) -> None:
    scrubber.setFocus()
    QTest.keyClick(scrubber, Qt.Key.Key_Up)
    QTest.keyClick(scrubber, Qt.Key.Key_PageUp)
    assert scrubber.accessibleDescription().startswith("October 2025")
    with qtbot.waitSignal(scrubber.month_chosen) as chosen:
        QTest.keyClick(scrubber, Qt.Key.Key_Return)
    assert chosen.args == [2025, 10]


def test_a_screen_reader_finds_a_slider_that_names_its_month(
    scrubber: Scrubber, qtbot: QtBot
) -> None:
    scrubber.show_months([MonthCount(2025, 3, 14, 8)])
    scrubber.clearFocus()  # alone in its window it was given it
    scrubber.set_window(NOW_MS - 620 * DAY, NOW_MS - 600 * DAY)
    slider = QAccessible.queryAccessibleInterface(scrubber)
    assert slider.role() is QAccessible.Role.Slider
    assert slider.text(QAccessible.Text.Name) == "Months of the timeline, March 2025"
    assert slider.text(QAccessible.Text.Description) == "March 2025: 14 service, 8 marketing"
    value = slider.valueInterface()
    assert (value.minimumValue(), value.maximumValue()) == (0, MONTHS - 1)
    assert scrubber.months[value.currentValue()] == MonthCount(2025, 3, 14, 8)
    with qtbot.waitSignal(scrubber.month_chosen) as chosen:
        value.setCurrentValue(value.currentValue() + 1)
    assert chosen.args == [2025, 4]
    assert slider.text(QAccessible.Text.Name) == "Months of the timeline, April 2025"


def test_moving_by_keys_is_told_and_goes_nowhere_yet(
    scrubber: Scrubber, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    scrubber.show_months([MonthCount(2026, 10, 3, 1)])
    scrubber.setFocus()
    told: list[str] = []
    monkeypatch.setattr("app.ui.views.scrubber.announce", lambda _at, words: told.append(words))
    with qtbot.assertNotEmitted(scrubber.month_chosen):
        QTest.keyClick(scrubber, Qt.Key.Key_Up)
    assert told == ["October 2026: 3 service, 1 marketing"]


def test_the_window_follows_what_is_in_sight(scrubber: Scrubber) -> None:
    scrubber.set_window(NOW_MS - 40 * DAY, NOW_MS)
    assert scrubber.window_months == (MONTHS - 2, MONTHS - 1)
    scrubber.set_window(NOW_MS - 4_000 * DAY, NOW_MS - 3_000 * DAY)
    assert scrubber.window_months == (0, 0)


def test_it_paints_at_any_height(scrubber: Scrubber) -> None:
    scrubber.show_months([MonthCount(2026, 11, 14, 8)])
    for height in (20, 60, 640, 2_000):
        scrubber.resize(46, height)
        assert not scrubber.grab().isNull()
