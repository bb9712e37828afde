"""Only a part of the timeline: chosen by keys, told by chips, and gone without losing the place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.excerpt import WHOLE, Excerpt, Strand
from app.domain.interactions import Channel, Kind, Side
from app.domain.views import EventItem, InteractionItem, QueueName, QueueRef
from app.store import people
from app.ui.dialogs.by_hand import ByHandSheet
from app.ui.runtime import prepare
from app.ui.timeline.canvas import Content
from app.ui.timeline.entries import Entry
from app.ui.timeline.loader import FIRST_PAGE
from app.ui.views.excerpt_bar import why_nothing
from app.ui.views.timeline import TimelineView
from tests.services.desk import make_desk
from tests.store.building import person, said
from tests.ui.consoles import Console, on_screen
from tests.ui.driving import CONTROL, button, child, focused, main_button, press

ALT = Qt.KeyboardModifier.AltModifier
COUNT = 160
"""Messages; between two of them stands a like."""


class Reader:
    """Somebody at Ada’s timeline."""

    def __init__(self, console: Console, qtbot: QtBot) -> None:
        self.console = console
        self.qtbot = qtbot
        self.view: TimelineView = console.window.desk.timeline

    def wait(self, until: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(until)

    def alt(self, key: Qt.Key) -> None:
        press(key, ALT)
        self.wait(lambda: not self.view.is_loading)

    @property
    def rows(self) -> list[Entry]:
        return list(self.view.model.entries)

    def sides(self) -> set[Side]:
        return {e.item.side for e in self.rows if isinstance(e.item, InteractionItem)}

    def events(self) -> list[EventItem]:
        return [e.item for e in self.rows if isinstance(e.item, EventItem)]

    def chips(self) -> list[str]:
        found = self.view.bar.findChildren(type(self.view.everything))
        return [one.text().strip() for one in found if not one.isHidden()]


@pytest.fixture
def reader(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Reader]:
    prepare("light")
    desk = make_desk(tmp_path, clock)
    desk.take(
        *(
            fact
            for n in range(COUNT)
            for fact in (
                said(f"m{n}", "ada", f"Message {n}", at=2 * n,
                     **({"in_reply_to": "m0", "root": "m0"} if n else {})),
                said(f"l{n}", "ada", "", kind=Kind.LIKE, at=2 * n + 1),
            )
        )
    )  # fmt: skip
    desk.cases.assign(desk.only_case(), desk.directory.me().id).result()
    with on_screen(desk, qtbot) as console:
        qtbot.waitUntil(lambda: console.window.case_list.model.rowCount() == 1)
        console.window.step(1)
        qtbot.waitUntil(lambda: len(console.window.desk.timeline.model) >= FIRST_PAGE)
        qtbot.waitUntil(console.window.desk.composer.isVisible)
        yield Reader(console, qtbot)
    desk.workspace.close()


def test_each_strand_has_a_key_and_a_chip(reader: Reader) -> None:
    assert reader.sides() == {Side.SERVICE, Side.MARKETING}
    assert not reader.view.bar.isVisible()
    reader.alt(Qt.Key.Key_1)
    assert reader.sides() == {Side.MARKETING}
    assert reader.events() == []
    assert len(reader.rows) >= FIRST_PAGE  # an older page may be in by now
    assert reader.chips() == ["Marketing", "Show everything"]
    reader.alt(Qt.Key.Key_3)
    assert reader.events()
    assert reader.chips() == ["Marketing", "Internal", "Show everything"]
    button(reader.view.bar, "Marketing, take away").click()
    reader.wait(lambda: not reader.view.is_loading)
    assert reader.view.excerpt.strands == (Strand.INTERNAL,)
    assert reader.sides() == set()
    assert focused() is reader.view.canvas, "what was pressed is gone"
    reader.alt(Qt.Key.Key_3)
    assert reader.view.excerpt == WHOLE
    assert not reader.view.bar.isVisible()
    assert reader.sides() == {Side.SERVICE, Side.MARKETING}


def test_older_rows_of_an_excerpt_come_as_one_scrolls(reader: Reader) -> None:
    reader.alt(Qt.Key.Key_2)
    canvas = reader.view.canvas
    while len(reader.rows) < COUNT:
        canvas.verticalScrollBar().setValue(0)
        reader.wait(partial(_more_than, reader, len(reader.rows)))
    numbers = [e.item.native_id for e in reader.rows if isinstance(e.item, InteractionItem)]
    assert numbers == [f"m{n}" for n in range(COUNT)]


def _more_than(reader: Reader, count: int) -> bool:
    return len(reader.rows) > count


def test_the_reader_stays_where_they_are(reader: Reader) -> None:
    view, canvas = reader.view, reader.view.canvas
    reader.alt(Qt.Key.Key_2)
    canvas.verticalScrollBar().setValue(canvas.verticalScrollBar().maximum() // 2)
    row, y = canvas.place()
    key = view.model.entry(row).key
    reader.alt(Qt.Key.Key_0)
    assert view.excerpt == WHOLE
    assert canvas.y_of(view.model.row_of(key)) == y
    sights = range(canvas.place()[0], canvas.last_visible() + 1)
    rows = [(view.model.entry(n), canvas.y_of(n)) for n in sights]
    like, y = next((e.key, y) for e, y in rows if _side(e) is Side.MARKETING)
    reader.alt(Qt.Key.Key_1)
    assert canvas.y_of(view.model.row_of(like)) == y
    reader.alt(Qt.Key.Key_1)
    assert canvas.y_of(view.model.row_of(like)) == y


def _side(entry: Entry) -> Side | None:
    return entry.item.side if isinstance(entry.item, InteractionItem) else None


def test_messages_that_come_in_stay_where_they_belong(reader: Reader) -> None:
    desk = reader.console.desk
    reader.alt(Qt.Key.Key_1)
    answer = {"in_reply_to": "m0", "root": "m0"}
    desk.take(said("new", "ada", "And it smells", at=900, **answer))
    desk.take(said("like", "ada", "", kind=Kind.LIKE, at=901))
    reader.wait(lambda: len(reader.rows) > FIRST_PAGE)
    assert reader.sides() == {Side.MARKETING}
    reader.alt(Qt.Key.Key_0)
    natives = [e.item.native_id for e in reader.rows if isinstance(e.item, InteractionItem)]
    assert natives[-2:] == ["new", "like"]


def test_what_is_not_in_sight_is_not_read(reader: Reader) -> None:
    desk, window = reader.console.desk, reader.console.window

    def unread() -> bool:
        rows = window.case_list.model.rows()
        return bool(rows) and rows[0].unread

    reader.wait(lambda: not unread())
    reader.alt(Qt.Key.Key_1)
    desk.take(said("new", "ada", "And it smells", at=900, in_reply_to="m0", root="m0"))
    reader.wait(unread)
    window.desk._mark_seen()  # as after a second of looking
    desk.workspace.write(lambda _tx: None).result()
    assert desk.queues.rows([desk.only_case()]).result()[0].unread
    reader.alt(Qt.Key.Key_0)
    window.desk._mark_seen()
    reader.wait(lambda: not unread())


def test_nothing_of_it_is_said_in_words_with_a_way_out(reader: Reader) -> None:
    desk = reader.console.desk
    desk.take(said("b", "bea", "Where is it?", at=1_000))
    bea = desk.customers.resolve("@bea").result()
    reader.console.window.open_customer(bea, None)
    reader.wait(lambda: reader.view.customer == bea and not reader.view.is_loading)
    reader.view.canvas.setFocus()
    reader.alt(Qt.Key.Key_1)
    assert reader.view.canvas.content is Content.EMPTY
    assert reader.view.canvas.accessibleDescription() == (
        "No marketing with Bea yet. Only Marketing is shown, and everything else is hidden."
    )
    assert not reader.view.by_hand.isVisible()
    assert reader.view.everything.isVisible()
    reader.view.everything.click()
    reader.wait(lambda: len(reader.rows) > 0)
    assert not reader.view.everything.isVisible()
    assert reader.view.canvas.accessibleDescription() == ""


def test_why_there_is_nothing_names_every_condition() -> None:
    excerpt = Excerpt((Strand.MARKETING, Strand.INTERNAL), Channel.EMAIL)
    assert why_nothing(excerpt) == (
        "Only Marketing and Internal over E-mail are shown, and everything else is hidden."
    )
    assert why_nothing(Excerpt(channel=Channel.EMAIL)).startswith("Only what was said over E-mail")


def test_whoever_never_spoke_is_a_first_contact_that_can_be_written_down(reader: Reader) -> None:
    desk, window = reader.console.desk, reader.console.window
    desk.workspace.write(lambda tx: people.put_identities(tx, [person("cleo")])).result()
    cleo = desk.customers.resolve("@cleo").result()
    window.open_customer(cleo, None)
    reader.wait(lambda: reader.view.canvas.content is Content.EMPTY)
    assert reader.view.canvas.accessibleDescription().startswith("First contact. No history yet.")
    reader.wait(lambda: window.panel.card is not None and window.panel.card.customer == cleo)
    reader.view.by_hand.click()
    assert child(window, ByHandSheet).isVisible()


def test_where_nobody_is_shown_there_are_no_months(reader: Reader) -> None:
    scrubber, window = reader.view.scrubber, reader.console.window
    reader.wait(lambda: any(month.service for month in scrubber.months))
    assert scrubber.isVisible()
    reader.view._ask_months()
    window.go(QueueRef(QueueName.SNOOZED))
    reader.wait(lambda: reader.view.customer is None)
    reader.console.desk.workspace.read(lambda _conn: None).result()
    QApplication.processEvents()
    assert not any(month.service or month.marketing for month in scrubber.months)
    assert not scrubber.isVisible()
    window.go(QueueRef(QueueName.MY_WORK))
    reader.wait(lambda: scrubber.isVisible() and any(month.service for month in scrubber.months))


def test_esc_shows_everything_first_and_goes_back_then(reader: Reader) -> None:
    window = reader.console.window
    reader.view.canvas.setFocus()
    reader.alt(Qt.Key.Key_2)
    press(Qt.Key.Key_Escape)
    assert reader.view.excerpt == WHOLE
    assert focused() is reader.view.canvas
    press(Qt.Key.Key_Escape)
    assert focused() is window.case_list.rows
    reader.alt(Qt.Key.Key_2)
    press(Qt.Key.Key_Escape)
    assert reader.view.excerpt == WHOLE


def test_a_hit_that_is_left_out_is_shown_with_the_whole(reader: Reader) -> None:
    like = next(
        e.item.key
        for e in reader.rows
        if isinstance(e.item, InteractionItem) and e.item.side is Side.MARKETING
    )
    reader.alt(Qt.Key.Key_2)
    reader.view.scroll_to(like)
    reader.wait(lambda: reader.view.canvas.currentIndex().row() == _row(reader, f"i{like}") >= 0)
    assert reader.view.excerpt == WHOLE


def _row(reader: Reader, key: str) -> int:
    return reader.view.model.row_of(key)


def test_the_case_at_hand_alone_and_the_next_customer_whole(reader: Reader) -> None:
    reader.alt(Qt.Key.Key_4)
    case = reader.console.desk.only_case()
    assert reader.view.excerpt.case == case
    assert {e.item.conversation for e in reader.rows if isinstance(e.item, InteractionItem)} == {
        next(e.item.conversation for e in reader.rows if isinstance(e.item, InteractionItem))
    }
    assert {event.case for event in reader.events()} == {case}
    desk = reader.console.desk
    desk.take(said("b", "bea", "Where is it?", at=1_000))
    bea = desk.customers.resolve("@bea").result()
    reader.console.window.open_customer(bea, None)
    reader.wait(lambda: reader.view.customer == bea and not reader.view.is_loading)
    assert reader.view.excerpt == WHOLE
    assert not reader.view.bar.isVisible()


def test_the_menu_offers_what_there_is_of_the_customer(reader: Reader) -> None:
    press(Qt.Key.Key_5, ALT)
    menus: list[QMenu] = []

    def opened() -> bool:
        menus[:] = [m for m in reader.view.findChildren(QMenu) if m.isVisible()]
        return bool(menus)

    reader.wait(opened)
    names = [action.text() for action in menus[0].actions()]
    assert names[:5] == ["Marketing", "Service", "Internal", "Channel", "Case"]
    channels = next(m for m in menus[0].findChildren(QMenu) if m.title() == "Channel")
    channels.actions()[0].trigger()
    menus[0].close()
    reader.wait(lambda: not reader.view.is_loading)
    assert reader.view.excerpt.channel is Channel.MASTODON
    assert reader.chips() == ["Mastodon", "Show everything"]


def test_a_reply_of_ones_own_is_always_in_sight(reader: Reader) -> None:
    reader.alt(Qt.Key.Key_1)
    reader.console.window.back_to_list()
    press(Qt.Key.Key_R)
    QTest.keyClicks(focused(), "Here you are.")
    reader.wait(main_button(reader.console.window.desk.composer).isEnabled)
    press(Qt.Key.Key_Return, CONTROL)
    reader.wait(lambda: reader.view.excerpt == WHOLE)
