"""The palette: finds while one types, drops stale answers, opens what is chosen."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QListView, QWidget
from pytestqt.qtbot import QtBot

from app.domain.bounds import UNBOUND, Bounds
from app.domain.ids import InteractionKey
from app.domain.interactions import Channel, Side
from app.domain.narrowing import Narrowing
from app.domain.views import SearchResults, SearchScope
from app.ui.bridge import UiBridge
from app.ui.dialogs.palette import Palette, open_palette
from app.ui.dialogs.palette_model import (
    Command,
    PaletteModel,
    RowKind,
    Scope,
    command_rows,
    marks_of,
    message_rows,
    result_rows,
)
from app.ui.dialogs.palette_parts import PaletteFooter
from app.ui.dialogs.palette_preview import PalettePreview
from app.ui.dialogs.palette_query import QueryLine
from tests.ui.dialog_services import CASE, INES, MARTA, FakeServices, done, results
from tests.ui.driving import child, click, press, write

COMMANDS = (
    Command("snooze", "Snooze…", "S", "alarm-clock"),
    Command("escalate", "Escalate", "E", "arrow-up-right"),
    Command("go-my-work", "My work", "G then W", "circle-user"),
)


class Window(QWidget):
    """What the palette needs of a window."""

    def __init__(self, services: FakeServices) -> None:
        super().__init__()
        self.resize(1200, 800)
        self.services = services.real()
        self.bridge = UiBridge(self)

    def palette_commands(self) -> tuple[Command, ...]:
        return COMMANDS


class Page:
    def __init__(self, qtbot: QtBot, services: FakeServices) -> None:
        self.qtbot = qtbot
        self.services = services
        self.window = Window(services)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.palette: Palette = open_palette(self.window)
        qtbot.waitUntil(lambda: bool(self.titles()))

    @property
    def field(self) -> QLineEdit:
        return child(self.palette, QLineEdit)

    @property
    def view(self) -> QListView:
        return child(self.palette, QListView)

    @property
    def model(self) -> PaletteModel:
        model = self.view.model()
        assert isinstance(model, PaletteModel)
        return model

    @property
    def footer(self) -> str:
        return child(self.palette, PaletteFooter).text()

    def titles(self) -> list[str]:
        return [self.model.row(n).title for n in range(self.model.rowCount())]

    def current(self) -> str:
        return str(self.view.currentIndex().data())

    def type(self, text: str) -> None:
        write(self.field, text)

    def key(self, key: Qt.Key) -> None:
        press(key, at=QApplication.focusWidget())

    def find(self, text: str) -> None:
        self.type(text)
        self.qtbot.waitUntil(lambda: "Messages" in self.titles())

    def button(self, text: str) -> QAbstractButton:
        return next(b for b in self.palette.findChildren(QAbstractButton) if b.text() == text)


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    return Page(qtbot, FakeServices())


def test_before_a_query_ones_own_work_stands_there(page: Page, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.titles() == ["Latest in my work", "Duo stuck on E14 after 3.2"])
    assert page.footer == "1,048,211 interactions here"


def test_results_come_in_sections_and_the_footer_counts(page: Page) -> None:
    page.find("e14")
    assert page.titles() == [
        "Customers", "Marta Lindqvist", "Petter Holm",
        "Cases", "Duo stuck on E14 after 3.2",
        "Messages", *(f"My Duo shows E14 since the 3.2 update, day {n}" for n in (1, 2, 3)),
        "Commands", "Save this search as a view",
    ]  # fmt: skip
    assert page.footer == "6 results in 1,048,211 interactions, 9 ms"


def test_a_slow_answer_to_an_earlier_query_is_dropped(page: Page, qtbot: QtBot) -> None:
    slow: Future[SearchResults] = Future()
    page.services.search.answers["find"] = slow
    page.type("e")
    page.services.search.answers["find"] = lambda query, **_: done(results(query))
    page.find("14")
    shown = page.titles()
    slow.set_result(replace(results("e"), customers=(), cases=(), messages=()))
    with qtbot.waitSignal(page.window.bridge.failed, timeout=50, raising=False):
        pass  # a turn of the event loop, in which the stale answer would arrive
    assert page.titles() == shown


def test_arrows_skip_the_headings(page: Page) -> None:
    page.find("e14")
    seen = [page.current()]
    for _ in range(5):
        page.key(Qt.Key.Key_Down)
        seen.append(page.current())
    assert seen[1:4] == [
        "Petter Holm",
        "Duo stuck on E14 after 3.2",
        "My Duo shows E14 since the 3.2 update, day 1",
    ]
    page.key(Qt.Key.Key_Up)
    assert page.current() == "My Duo shows E14 since the 3.2 update, day 2"


def test_enter_opens_the_message_in_its_timeline(page: Page, qtbot: QtBot) -> None:
    page.find("e14")
    for _ in range(3):
        page.key(Qt.Key.Key_Down)
    with qtbot.waitSignal(page.palette.open_customer) as opened:
        page.key(Qt.Key.Key_Return)
    assert opened.args == [MARTA, CASE, InteractionKey(1)]


def test_a_message_to_nobody_has_no_timeline_to_open(page: Page, qtbot: QtBot) -> None:
    found = results()
    page.services.search.answers["find"] = replace(
        found, customers=(), cases=(), messages=(replace(found.messages[0], customer=None),)
    )
    page.find("e14")
    with qtbot.assertNotEmitted(page.palette.open_customer):
        page.key(Qt.Key.Key_Return)
    assert page.footer == "This was said to nobody in particular: it has no timeline."
    assert page.palette.isVisible()


def test_escape_closes(page: Page, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.palette.closed):
        page.key(Qt.Key.Key_Escape)


def test_tab_turns_to_the_next_scope(page: Page, qtbot: QtBot) -> None:
    page.find("e14")
    page.key(Qt.Key.Key_Tab)
    asked = page.services.search.calls[-1]
    assert asked[2]["scope"] is SearchScope.CUSTOMERS
    press(Qt.Key.Key_Backtab, at=page.field)
    assert page.services.search.calls[-1][2]["scope"] is SearchScope.EVERYTHING
    assert QApplication.focusWidget() is page.field


def test_the_mark_lists_commands_alone(page: Page, qtbot: QtBot) -> None:
    page.type("> esc")
    assert page.titles() == ["Commands", "Escalate"]
    with qtbot.waitSignal(page.palette.command) as commanded:
        page.key(Qt.Key.Key_Return)
    assert commanded.args == ["escalate"]


def bounds_of(page: Page) -> Bounds:
    """What the last search was narrowed by."""
    asked = [how for name, _, how in page.services.search.calls if name == "find"]
    return asked[-1]["bounds"]  # type: ignore[no-any-return]  # as the palette gave them


def chips_of(page: Page) -> list[str]:
    line = child(page.palette, QueryLine)
    shown = (chip for chip in line.findChildren(QAbstractButton) if chip.isVisible())
    names = (chip.accessibleName() for chip in shown)
    return [name.removesuffix(", take away") for name in names if name.endswith(", take away")]


def test_a_bound_is_typed_and_becomes_a_chip(page: Page) -> None:
    page.find("e14 update")
    page.type(" since: mo")
    assert page.titles() == ["Narrow by", "since: Monday"]
    page.type(" ")
    assert page.field.text() == "e14 update "
    assert chips_of(page) == ["since: Monday"]
    page.qtbot.waitUntil(lambda: "Messages" in page.titles())
    assert bounds_of(page) == Bounds(since="monday")
    page.type("x")
    assert page.services.search.asked("find")[-1] == ("e14 update x",)
    assert bounds_of(page) == Bounds(since="monday")


def test_a_bound_is_chosen_with_arrows_and_enter(page: Page) -> None:
    page.find("e14")
    page.type(" channel:")
    assert page.titles()[:3] == ["Narrow by", "channel: Mastodon", "channel: Bluesky"]
    page.key(Qt.Key.Key_Down)
    page.key(Qt.Key.Key_Return)
    assert page.palette.isVisible()
    assert page.field.text() == "e14 "
    assert bounds_of(page) == Bounds(channels=(Channel.BLUESKY,))
    page.type("channel: x ")
    assert chips_of(page) == ["channel: Bluesky", "channel: X"]


def test_backspace_before_the_first_letter_takes_the_last_chip(page: Page) -> None:
    page.type("since: today side: marketing e14")
    assert chips_of(page) == ["since: today", "side: marketing"]
    page.key(Qt.Key.Key_Backspace)
    assert page.field.text() == "e1", "behind a letter it takes that"
    page.key(Qt.Key.Key_Home)
    page.key(Qt.Key.Key_Backspace)
    assert (chips_of(page), page.field.text()) == (["since: today"], "e1")
    assert bounds_of(page) == Bounds(since="today")
    page.key(Qt.Key.Key_Backspace)
    assert (chips_of(page), bounds_of(page)) == ([], UNBOUND)


def test_a_press_on_a_chip_takes_that_away(page: Page) -> None:
    page.type("since: today side: marketing e14")
    line = child(page.palette, QueryLine)
    chips = (chip for chip in line.findChildren(QAbstractButton) if chip.isVisible())
    click(next(chip for chip in chips if chip.text() == "since: today"))
    assert (chips_of(page), bounds_of(page)) == (["side: marketing"], Bounds(side=Side.MARKETING))
    assert QApplication.focusWidget() is page.field


def test_a_command_begins_a_bound(page: Page) -> None:
    page.type("> narrow by dep")
    page.key(Qt.Key.Key_Return)
    assert page.field.text() == "department: "
    assert page.titles()[1] == "department: Customer Care"


def test_a_bound_for_what_is_searched_leaves_the_commands(page: Page) -> None:
    for _ in range(4):
        page.key(Qt.Key.Key_Tab)
    page.type("narrow by dep")
    page.key(Qt.Key.Key_Return)
    page.key(Qt.Key.Key_Return)
    assert chips_of(page) == ["department: Customer Care"]
    page.find("e14")


def test_a_bound_before_other_words_leaves_the_caret_there(page: Page) -> None:
    page.find("e14")
    page.key(Qt.Key.Key_Home)
    page.type("side: service ")
    assert (chips_of(page), page.field.text()) == (["side: service"], "e14")
    page.type("duo ")
    assert page.field.text() == "duo e14"


def test_chips_give_way_in_a_narrow_window(page: Page) -> None:
    page.window.resize(540, 600)
    page.type("since: yesterday channel: mastodon channel: bluesky department: customer care ")
    page.type("side: marketing ")
    line = child(page.palette, QueryLine)
    page.qtbot.waitUntil(lambda: line.width() < 540)
    parts = [chip for chip in line.findChildren(QAbstractButton) if chip.isVisible()]
    assert len(parts) == 5
    QApplication.processEvents()
    ends = [(part.x(), part.x() + part.width()) for part in (page.field, *parts)]
    assert all(end <= begin for (_, end), (begin, _) in pairwise(ends)), ends
    assert ends[-1][1] <= line.width()


def test_in_a_narrow_window_the_results_take_the_room_of_the_preview(page: Page) -> None:
    preview = child(page.palette, PalettePreview)
    assert preview.isVisible()
    page.window.resize(540, 600)
    page.qtbot.waitUntil(lambda: not preview.isVisible())
    page.qtbot.waitUntil(lambda: page.view.mapTo(page.palette.card, QPoint()).x() >= 0
                         and page.view.width() <= page.palette.card.width())  # fmt: skip
    page.key(Qt.Key.Key_F6)
    assert page.footer == "There is no room for the preview in this window."
    page.window.resize(1200, 800)
    page.qtbot.waitUntil(preview.isVisible)


def test_nothing_within_the_bounds_says_the_way_out(page: Page, qtbot: QtBot) -> None:
    page.services.search.answers["find"] = lambda query, **_: replace(
        results(query), customers=(), cases=(), messages=(), messages_count=0
    )
    page.type("side: service zzz")
    page.key(Qt.Key.Key_Tab)
    sentence = "No match within these bounds. Backspace before the words takes the last one away."
    qtbot.waitUntil(
        lambda: any(w.accessibleName() == sentence for w in page.palette.findChildren(QWidget))
    )


def test_a_search_is_kept_as_a_view(page: Page, qtbot: QtBot) -> None:
    page.find("e14")
    page.type(" since: monday ")
    with qtbot.waitSignal(page.palette.save_asked) as asked:
        press(Qt.Key.Key_S, at=page.field, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert asked.args == [Narrowing(words="e14", since="monday")]


def test_the_last_command_keeps_the_search_too(page: Page, qtbot: QtBot) -> None:
    page.find("e14")
    page.key(Qt.Key.Key_Up)
    for _ in range(6):
        page.key(Qt.Key.Key_Down)
    assert page.current() == "Save this search as a view"
    with qtbot.waitSignal(page.palette.save_asked):
        page.key(Qt.Key.Key_Return)


def test_nothing_is_kept_before_a_word_is_typed(page: Page, qtbot: QtBot) -> None:
    page.type("since: monday ")
    with qtbot.assertNotEmitted(page.palette.save_asked):
        press(Qt.Key.Key_S, at=page.field, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert page.footer == "There is nothing to keep yet: type a word to look for."


def test_the_words_of_a_command_are_no_search_to_keep(page: Page, qtbot: QtBot) -> None:
    page.type("> esc")
    with qtbot.assertNotEmitted(page.palette.save_asked):
        press(Qt.Key.Key_S, at=page.field, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert page.palette.isVisible()


def test_nothing_found_says_in_how_much(page: Page, qtbot: QtBot) -> None:
    page.services.search.answers["find"] = lambda query, **_: replace(
        results(query), customers=(), cases=(), messages=(), messages_count=0
    )
    page.type("zzz")
    sentence = "No match in 1,048,211 interactions. Try fewer words."
    qtbot.waitUntil(
        lambda: any(w.accessibleName() == sentence for w in page.palette.findChildren(QWidget))
    )


def test_the_chosen_result_is_previewed_where_it_was_said(page: Page) -> None:
    page.find("e14")
    for _ in range(3):
        page.key(Qt.Key.Key_Down)
    assert page.services.timelines.asked("around") == [(MARTA, InteractionKey(1))]
    preview = page.palette.findChild(PalettePreview)
    assert preview is not None
    spoken = preview._excerpt.accessibleName
    page.qtbot.waitUntil(lambda: "Marta Lindqvist, Mastodon, public mention" in spoken())
    assert page.button("Reply").isVisible()


def test_a_result_without_a_case_cannot_be_replied_to(page: Page) -> None:
    page.find("e14")
    assert page.current() == "Marta Lindqvist"
    assert page.button("Open in timeline").isVisible()
    assert not page.button("Reply").isVisible()


def test_the_preview_is_reached_by_keyboard_and_assigns(page: Page, qtbot: QtBot) -> None:
    page.find("e14")
    for _ in range(2):
        page.key(Qt.Key.Key_Down)
    page.key(Qt.Key.Key_F6)
    assert QApplication.focusWidget() is page.button("Open in timeline")
    page.key(Qt.Key.Key_Tab)
    page.key(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is page.button("Assign to me")
    with qtbot.waitSignal(page.palette.open_customer):
        page.key(Qt.Key.Key_Space)
    assert page.services.cases.asked("assign") == [(CASE, INES.id)]


def test_scrolling_on_asks_for_older_messages(page: Page, qtbot: QtBot) -> None:
    def many(query: str, **how: object) -> SearchResults:
        found = results(query)
        if how.get("before") is not None:
            return replace(found, messages=found.messages[:1], before=None)
        return replace(found, messages=found.messages * 20, before=InteractionKey(3))

    page.services.search.answers["find"] = many
    page.find("e14")
    for _ in range(3):
        page.key(Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: page.services.search.calls[-1][2].get("scope") is SearchScope.MESSAGES)
    qtbot.waitUntil(lambda: page.model.rowCount() > 60 and "Commands" not in page.titles())
    before = page.model.rowCount()
    page.view.verticalScrollBar().setValue(page.view.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: page.model.rowCount() == before + 1)
    assert page.services.search.calls[-1][2]["before"] == InteractionKey(3)


def test_the_model_keeps_the_rules_of_models(qtmodeltester: Any) -> None:
    model = PaletteModel()
    qtmodeltester.check(model)
    model.show(result_rows(results(), Scope.EVERYTHING, {}))
    model.append(message_rows(results().messages))
    qtmodeltester.check(model)
    assert model.rowCount() == 12


def test_rows_tell_a_screen_reader_what_they_are() -> None:
    rows = result_rows(results(), Scope.EVERYTHING, {})
    spoken = [row.spoken for row in rows if row.kind is RowKind.CUSTOMER]
    assert spoken[0] == "Marta Lindqvist, @marta@mastodon.social · 11 identities"


@pytest.mark.parametrize(
    ("query", "text", "marks"),
    [
        ("e14", "Review: is E14 fixed?", ((11, 14),)),
        ("upd", "Machine dead after the update", ((23, 26),)),
        ("do", "Undo does it", ((5, 7),)),
        ("a ab", "abc", ((0, 2),)),
        ("", "abc", ()),
        ("istanbul", "İstanbul", ()),
        ("アップ", "アップデート後", ((0, 3),)),
    ],
)
def test_marks_stand_at_the_beginning_of_words(
    query: str, text: str, marks: tuple[tuple[int, int], ...]
) -> None:
    assert marks_of(query, text) == marks


def test_commands_are_found_by_the_beginnings_of_their_words() -> None:
    assert [row.command for row in command_rows(COMMANDS, "my w")] == ["go-my-work"]
    assert len(command_rows(COMMANDS, "")) == 3
    assert command_rows(COMMANDS, "nonsense") == []
