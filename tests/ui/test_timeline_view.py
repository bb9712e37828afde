"""The timeline as an agent uses it: reading, keys, pages, refreshes, and what a click asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.changes import ChangeSet
from app.domain.ids import CaseId, CustomerId, InteractionKey
from app.domain.outbox import OutboxState
from app.domain.views import InteractionItem, Pip, TimelinePage
from app.ui.theme import theme_manager
from app.ui.theme.fonts import load_bundled
from app.ui.timeline.canvas import Content
from app.ui.timeline.entries import Shape, key_of
from app.ui.timeline.finder import month_begins
from tests.ui import timeline_pages as pages
from tests.ui.timeline_pages import CASE, MARTA, NOW_MS, at, touch, wish
from tests.ui.timeline_reader import Reader

OTHER = CustomerId(2)


@pytest.fixture(autouse=True)
def bundled_type(qapp: object) -> None:
    load_bundled()


@pytest.fixture
def design(qtbot: QtBot) -> Reader:
    return Reader(qtbot, pages.design_page())


@pytest.fixture
def talkative(qtbot: QtBot) -> Reader:
    return Reader(qtbot, pages.long_page(400))


# What is shown


def test_it_opens_at_the_newest_record(talkative: Reader) -> None:
    assert talkative.canvas.is_at_end
    assert talkative.canvas.last_visible() == len(talkative.model) - 1
    assert len(talkative.model) < 120


def test_a_short_timeline_stands_at_the_bottom(design: Reader) -> None:
    last = design.canvas.visualRect(design.model.index(len(design.model) - 1))
    assert last.bottom() + 1 + 10 == design.canvas.view_height


def test_a_new_customer_has_no_history_yet(qtbot: QtBot) -> None:
    reader = Reader(qtbot, TimelinePage(MARTA, (), None, ()), show=False)
    reader.view.show_customer(MARTA, None)
    reader.wait(lambda: reader.canvas.content is Content.EMPTY)
    assert not reader.canvas.grab().isNull()


def test_a_skeleton_comes_only_when_the_answer_takes_long(qtbot: QtBot) -> None:
    reader = Reader(qtbot, pages.design_page(), show=False)
    reader.fake.timelines.held = []
    reader.view.show_customer(MARTA, CASE)
    assert reader.canvas.content is Content.NOTHING
    reader.wait(lambda: reader.canvas.content is Content.LOADING)
    reader.fake.timelines.release()
    reader.wait(lambda: reader.canvas.content is Content.ROWS)


def test_what_is_offered_to_a_new_customer_stands_over_no_skeleton(qtbot: QtBot) -> None:
    reader = Reader(qtbot, TimelinePage(MARTA, (), None, ()), show=False)
    reader.view.show_customer(MARTA, None)
    reader.wait(reader.view.by_hand.isVisible)
    reader.fake.timelines.held = []
    reader.view.show_customer(OTHER, None)
    reader.wait(lambda: reader.canvas.content is Content.LOADING)
    assert not reader.view.by_hand.isVisible()


def test_the_answer_for_a_customer_left_behind_is_dropped(qtbot: QtBot) -> None:
    reader = Reader(qtbot, pages.design_page(), show=False)
    reader.fake.timelines.held = []
    reader.view.show_customer(OTHER, None)
    reader.fake.timelines.whole = TimelinePage(MARTA, (touch(1, at(8, 0), "Hi"),), None, ())
    reader.view.show_customer(MARTA, CASE)
    reader.fake.timelines.release()
    reader.wait(lambda: reader.canvas.content is Content.ROWS)
    assert [entry.key for entry in reader.model.entries] == ["i1"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_shape_paints(qtbot: QtBot, scheme: str, reset_theme: None) -> None:
    theme_manager().set_scheme(scheme)
    reader = Reader(qtbot, pages.many_shapes())
    reader.view.resize(560, 2_400)
    reader.wait(lambda: reader.canvas.first_visible() == 0)
    image = reader.canvas.grab().toImage()
    colours = {image.pixelColor(30, y).rgb() for y in range(0, image.height(), 3)}
    assert len(colours) > 6


@pytest.fixture
def reset_theme() -> Iterator[None]:
    yield
    theme_manager().set_scheme("light")
    theme_manager().set_text_scale(1.0)


def test_larger_type_makes_rows_higher_and_keeps_the_end(design: Reader, reset_theme: None) -> None:
    before = design.canvas.visualRect(design.model.index(0)).height()
    theme_manager().set_text_scale(1.3)
    design.canvas.scrollTo(design.model.index(0))
    assert design.canvas.visualRect(design.model.index(0)).height() > before


def test_another_case_of_the_same_customer_is_brought_into_sight(qtbot: QtBot) -> None:
    other = CaseId(7)
    items = [
        replace(item, case=other) if isinstance(item, InteractionItem) and n < 110 else item
        for n, item in enumerate(pages.long_page(160).items)
    ]
    reader = Reader(qtbot, replace(pages.long_page(160), items=tuple(items)))
    assert reader.canvas.is_at_end
    assert reader.model.row_of("i109") < 0
    reader.view.show_customer(MARTA, other)
    reader.wait(lambda: reader.model.row_of("i109") >= 0)
    last = reader.model.row_of("i109")
    assert reader.canvas.first_visible() <= last <= reader.canvas.last_visible()
    assert [asked[0] for asked in reader.fake.timelines.asked].count(MARTA) == 2


# Pages


def test_older_pages_come_by_themselves_and_leave_the_reader_in_place(talkative: Reader) -> None:
    bar = talkative.canvas.verticalScrollBar()
    talkative.canvas.go_to(20, at_top=True)
    shown = talkative.model.entry(25).key
    loaded = len(talkative.model)
    while bar.value() > 1_200:
        bar.setValue(bar.value() - 40)
    stood = talkative.place(25)
    talkative.wait(lambda: len(talkative.model) > loaded)
    row = talkative.model.row_of(shown)
    assert row > 25
    assert talkative.place(row) == stood


def test_scrolling_to_the_start_reads_everything_once(talkative: Reader) -> None:
    def at_start() -> bool:
        talkative.canvas.verticalScrollBar().setValue(0)
        return len(talkative.model) == 400

    talkative.wait(at_start)
    keys = [entry.key for entry in talkative.model.entries]
    assert len(set(keys)) == 400
    times = [entry.at_ms for entry in talkative.model.entries]
    assert times == sorted(times)


def test_rows_in_sight_stand_still_while_higher_rows_are_laid_out(talkative: Reader) -> None:
    canvas, bar = talkative.canvas, talkative.canvas.verticalScrollBar()
    for _ in range(40):
        row = max(1, canvas.first_visible() + 1)
        key, stood, value = talkative.model.entry(row).key, talkative.place(row), bar.value()
        if value < 1500:
            break
        bar.setValue(value - 37)
        assert talkative.place(talkative.model.row_of(key)) == stood + 37


def test_the_wheel_scrolls_though_no_scroll_bar_is_shown(talkative: Reader) -> None:
    bar = talkative.canvas.verticalScrollBar()
    before = bar.value()
    viewport = talkative.canvas.viewport()
    at = QPointF(200, 200)
    notch = QWheelEvent(
        at, viewport.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, notch)
    assert before - 200 < bar.value() < before - 40
    assert not talkative.canvas.is_at_end


def test_what_is_copied_while_scrolling_is_what_painting_would_show(talkative: Reader) -> None:
    bar = talkative.canvas.verticalScrollBar()
    for step in (-150, -151, -90, 40, -333, 77, -20, 120):
        bar.setValue(bar.value() + step)
        QApplication.processEvents()
    window = talkative.view.windowHandle()
    shown = window.screen().grabWindow(window.winId()).toImage()
    painted = talkative.view.grab().toImage()
    assert shown.size() == painted.size()
    differing = [
        (x, y)
        for y in range(0, shown.height(), 2)
        for x in range(0, talkative.canvas.width(), 3)
        if shown.pixelColor(x, y) != painted.pixelColor(x, y)
    ]
    assert differing == []


# Refreshes


def test_a_new_message_does_not_move_a_reader_of_older_ones(talkative: Reader) -> None:
    canvas = talkative.canvas
    canvas.verticalScrollBar().setValue(canvas.verticalScrollBar().value() - 900)
    row = canvas.first_visible() + 2
    stood = talkative.place(row)
    count = len(talkative.model)
    talkative.commit(ChangeSet(customers={MARTA}), touch(9_000, NOW_MS, "Hello again " * 30))
    talkative.wait(lambda: len(talkative.model) == count + 1)
    assert talkative.place(row) == stood
    assert not canvas.is_at_end


def test_a_reader_away_from_the_end_is_told_and_brought_there(talkative: Reader) -> None:
    canvas = talkative.canvas
    canvas.verticalScrollBar().setValue(canvas.verticalScrollBar().value() - 900)
    pill = talkative.view._pill
    talkative.commit(ChangeSet(customers={MARTA}), touch(9_000, NOW_MS, "Hello again"))
    talkative.wait(pill.isVisible)
    assert pill.text() == "1 new message"
    QTest.mouseClick(pill, Qt.MouseButton.LeftButton)
    assert canvas.is_at_end
    assert not pill.isVisible()


def test_a_reader_at_the_end_stays_at_the_end(talkative: Reader) -> None:
    count = len(talkative.model)
    talkative.commit(ChangeSet(cases={CASE}), touch(9_000, NOW_MS, "Hello again " * 30))
    talkative.wait(lambda: len(talkative.model) == count + 1)
    assert talkative.canvas.is_at_end
    assert talkative.canvas.last_visible() == count


def test_a_commit_about_somebody_else_reads_nothing(design: Reader) -> None:
    asked = len(design.fake.timelines.asked)
    with design.qtbot.waitSignal(design.bridge.committed):
        design.bridge.announce_commit(ChangeSet(customers={OTHER}, interactions=5))
    assert len(design.fake.timelines.asked) == asked


def test_a_delivered_reply_turns_solid(design: Reader) -> None:
    whole = design.fake.timelines.whole
    sent = wish("w2", at(10, 44), "Please keep the Duo plugged in.", OutboxState.SENT)
    design.fake.timelines.whole = replace(whole, items=(*whole.items[:-1], sent))
    design.bridge.announce_commit(ChangeSet(outbox={sent.item.id}))
    design.wait(lambda: design.model.entry(len(design.model) - 1).shape is Shape.OUTBOUND)


# Keys


def test_arrows_walk_the_rows_and_stop_at_both_ends(design: Reader) -> None:
    design.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    assert design.current == len(design.model) - 1
    design.key(Qt.Key.Key_Up)
    assert design.current == len(design.model) - 2
    design.key(Qt.Key.Key_Home)
    assert design.current == 0
    design.key(Qt.Key.Key_Up)
    assert design.current == 0
    design.key(Qt.Key.Key_End)
    design.key(Qt.Key.Key_Down)
    assert design.current == len(design.model) - 1
    design.key(Qt.Key.Key_PageUp)
    assert design.current < len(design.model) - 2


def test_the_current_row_is_always_brought_into_sight(talkative: Reader) -> None:
    talkative.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(15):
        talkative.key(Qt.Key.Key_Up)
        rect = talkative.canvas.visualRect(talkative.canvas.currentIndex())
        assert rect.top() >= 0
        assert rect.bottom() <= talkative.canvas.view_height


def test_a_row_higher_than_the_pane_is_read_to_its_end_before_it_is_left(qtbot: QtBot) -> None:
    long = touch(2, at(8, 1), "A very long complaint. " * 220)
    page = TimelinePage(
        MARTA, (touch(1, at(8, 0), "Hi"), long, touch(3, at(8, 2), "Bye")), None, ()
    )
    reader = Reader(qtbot, page)
    reader.canvas.setFocus()
    reader.canvas.go_to(1)
    presses = 0
    while reader.current == 1 and presses < 100:
        reader.key(Qt.Key.Key_Down)
        presses += 1
    assert reader.current == 2
    assert presses > 5


def test_seams_are_one_key_apart(design: Reader) -> None:
    seams = [r for r in range(len(design.model)) if design.model.entry(r).shape is Shape.SEAM]
    design.canvas.go_to(0)
    design.view.next_seam()
    assert design.current == seams[0]
    design.view.next_seam()
    assert design.current == seams[1]
    design.view.next_seam()
    assert design.current == seams[1]
    design.view.previous_seam()
    assert design.current == seams[0]


def test_the_seam_before_is_found_on_older_pages_too(qtbot: QtBot) -> None:
    long = pages.long_page(300)
    few = tuple(i for n, i in enumerate(long.items) if isinstance(i, InteractionItem) or n < 20)
    reader = Reader(qtbot, replace(long, items=few))
    assert all(entry.shape is not Shape.SEAM for entry in reader.model.entries)
    reader.view.previous_seam()
    reader.wait_current("es19")


def test_days_are_one_key_apart(talkative: Reader) -> None:
    days = [entry.day for entry in talkative.model.entries]
    begins = [row for row in range(1, len(days)) if days[row] != days[row - 1]]
    talkative.canvas.go_to(begins[-1] + 1)
    talkative.view.previous_day()
    assert talkative.current == begins[-1]
    talkative.view.previous_day()
    assert talkative.current == begins[-2]
    talkative.view.next_day()
    assert talkative.current == begins[-1]
    talkative.view.next_day()
    assert talkative.current == begins[-1]


def test_the_first_day_begins_at_the_first_row(design: Reader) -> None:
    design.canvas.go_to(len(design.model) - 1)
    for _ in range(3):
        design.view.previous_day()
    assert design.current == 0


def test_a_search_hit_far_back_is_read_and_made_current(talkative: Reader) -> None:
    talkative.view.scroll_to(InteractionKey(3))
    talkative.wait_current("i3")
    assert talkative.place(talkative.current) == 0


def test_a_stage_of_a_mailing_is_found_in_the_row_of_the_mailing(qtbot: QtBot) -> None:
    opened = Pip("Opened", at(6, 41), InteractionKey(777))
    mailing = pages.campaign(2, at(6, 30), Pip("Sent", at(6, 30), InteractionKey(2)), opened)
    reader = Reader(
        qtbot, TimelinePage(MARTA, (mailing, touch(3, at(7, 0), "Mine leaks")), None, ())
    )
    reader.view.scroll_to(InteractionKey(777))
    reader.wait_current("i2")


def test_a_hit_asked_for_while_the_customer_is_read_is_found_afterwards(qtbot: QtBot) -> None:
    reader = Reader(qtbot, pages.long_page(400), show=False)
    reader.view.show_customer(MARTA, None)
    reader.view.scroll_to(InteractionKey(3))
    reader.wait_current("i3")


def test_a_month_of_the_scrubber_is_shown_from_its_beginning(talkative: Reader) -> None:
    first = month_begins(2026, 11)
    whole = talkative.fake.timelines.whole.items
    talkative.view.scrubber.month_chosen.emit(2026, 11)
    talkative.wait_current(key_of(next(item for item in whole if item.at_ms >= first)))
    row = talkative.current
    assert talkative.model.entry(row).at_ms >= first
    assert row == 0 or talkative.model.entry(row - 1).at_ms < first


def test_letters_are_left_to_the_window(design: Reader) -> None:
    design.canvas.setFocus()
    design.canvas.go_to(0)
    design.key(Qt.Key.Key_M)
    assert design.current == 0


def test_the_copy_key_copies_the_current_message(design: Reader) -> None:
    design.canvas.setFocus()
    design.canvas.go_to(design.model.row_of("i4"))
    QTest.keyClick(design.canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("That’s no way")


# For those who do not see it


def test_a_screen_reader_sees_a_list_of_rows(design: Reader) -> None:
    interface = QAccessible.queryAccessibleInterface(design.canvas)
    assert interface.role() is QAccessible.Role.List
    assert interface.childCount() == len(design.model)
    names = [
        interface.child(row).text(QAccessible.Text.Name) for row in range(interface.childCount())
    ]
    assert "Handed from PR to IT after 39 minutes" in names
    assert any(name.startswith("Marta Lindqvist, Mastodon, public mention") for name in names)


def test_painting_ten_thousand_rows_touches_only_those_in_sight(qtbot: QtBot) -> None:
    reader = Reader(qtbot, pages.design_page())
    reader.model.show(pages.long_page(10_000).items)
    known = sum(reader.canvas._heights.is_known(row) for row in range(len(reader.model)))
    in_sight = reader.canvas.last_visible() - reader.canvas.first_visible() + 1
    assert in_sight <= known <= in_sight + 1
    reader.canvas.verticalScrollBar().setValue(200_000)
    known = sum(reader.canvas._heights.is_known(row) for row in range(len(reader.model)))
    assert known < 120
