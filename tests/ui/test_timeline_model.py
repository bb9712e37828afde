"""The model of the timeline: what changes when a page is read again, and what a reader hears."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.domain.departments import IT, PR
from app.domain.events import EventType
from app.domain.outbox import OutboxState
from app.domain.views import InteractionItem, TimelineItem
from app.ui.models.timeline_model import TimelineModel
from app.ui.timeline.entries import Shape, key_of, shape_of
from tests.ui import timeline_pages as pages
from tests.ui.timeline_pages import NOW_MS, at, decided, handed, ours, touch, wish


@pytest.fixture
def model(qapp: QApplication) -> TimelineModel:
    made = TimelineModel(lambda: NOW_MS)
    made.names = pages.NAMES
    return made


class Changes:
    """What a model announced."""

    def __init__(self, model: TimelineModel) -> None:
        self.inserted: list[tuple[int, int]] = []
        self.removed: list[tuple[int, int]] = []
        self.changed: list[int] = []
        self.resets = 0
        model.rowsInserted.connect(lambda _p, a, b: self.inserted.append((a, b)))
        model.rowsRemoved.connect(lambda _p, a, b: self.removed.append((a, b)))
        model.dataChanged.connect(lambda a, _b: self.changed.append(a.row()))
        model.modelReset.connect(self._count_reset)

    def _count_reset(self) -> None:
        self.resets += 1


def keys(model: TimelineModel) -> list[str]:
    return [entry.key for entry in model.entries]


def test_it_keeps_the_rules_of_item_models(
    model: TimelineModel, qtmodeltester: ModelTester
) -> None:
    whole = pages.many_shapes().items
    model.show(whole[10:20])
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # pytest-qt has no types for it
    model.prepend(whole[:10])
    model.merge(whole, from_start=True)
    model.merge(whole[5:-3], from_start=True)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # as above
    assert keys(model) == [key_of(item) for item in whole[5:-3]]


def test_a_new_message_is_one_inserted_row(model: TimelineModel) -> None:
    items = pages.design_page().items
    model.show(items)
    changes = Changes(model)
    model.merge((*items, touch(99, NOW_MS, "And now it is louder.")), from_start=True)
    assert changes.inserted == [(len(items), len(items))]
    assert (changes.removed, changes.changed, changes.resets) == ([], [], 0)


def test_a_page_read_again_without_change_announces_nothing(model: TimelineModel) -> None:
    items = pages.many_shapes().items
    model.show(items)
    changes = Changes(model)
    model.merge(items[8:], from_start=False)
    model.merge(items, from_start=True)
    assert (changes.inserted, changes.removed, changes.changed, changes.resets) == ([], [], [], 0)


def test_an_edit_changes_its_row_and_counts_as_a_newer_revision(model: TimelineModel) -> None:
    first = touch(1, at(8, 0), "The grinder is lout.")
    model.show([first, touch(2, at(8, 1), "Second")])
    changes = Changes(model)
    edited = replace(first, text="The grinder is loud.", edited_ms=at(8, 5), revisions=1)
    model.merge([edited, touch(2, at(8, 1), "Second")], from_start=True)
    assert changes.changed == [0]
    assert model.entry(0).revision == 1
    assert "edited" in model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_delivered_reply_takes_the_place_of_its_wish(model: TimelineModel) -> None:
    said = touch(1, at(8, 0), "Help")
    model.show([said, wish("w", at(10, 0), "Coming", OutboxState.SENDING)])
    model.merge([said, ours(5, at(10, 1), "Coming")], from_start=True)
    assert [entry.shape for entry in model.entries] == [Shape.INBOUND, Shape.OUTBOUND]


def test_rows_older_than_the_page_read_again_stay(model: TimelineModel) -> None:
    older = [touch(number, at(7, number), str(number)) for number in range(5)]
    model.show(older)
    model.merge([older[3], older[4], touch(9, at(8, 0), "new")], from_start=False)
    assert keys(model) == ["i0", "i1", "i2", "i3", "i4", "i9"]


def test_an_older_page_comes_before_and_repeats_nothing(model: TimelineModel) -> None:
    rows = [touch(number, at(7, number), str(number)) for number in range(6)]
    model.show(rows[3:])
    changes = Changes(model)
    model.prepend(rows[:4])
    assert keys(model) == [f"i{number}" for number in range(6)]
    assert changes.inserted == [(0, 2)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 30), unique=True), st.lists(st.integers(0, 30), unique=True))
def test_after_a_whole_refresh_the_rows_are_those_of_the_page(
    model: TimelineModel, before: list[int], after: list[int]
) -> None:
    def rows(numbers: list[int]) -> list[TimelineItem]:
        return [touch(number, at(7, 0), str(number)) for number in numbers]

    model.show(rows(before))
    changes = Changes(model)
    model.merge(rows(after), from_start=True)
    assert keys(model) == [f"i{number}" for number in after]
    assert changes.resets == 0


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (handed("s", at(9, 0), PR, IT, 39, "Only IT can."),
         "Handed from PR to IT after 39 minutes"),
        (touch(1, at(7, 52), "It is loud.", boosts=41),
         "Marta Lindqvist, Mastodon, public mention, 07:52: It is loud."),
        (ours(2, at(8, 14), "On it."),
         "Halden Coffee, Mastodon, public reply, 08:14, delivered: On it."),
        (wish("w", at(8, 0), "Soon.", wait=6), "Ines Duarte, public reply, Sending in 6 s: Soon."),
        (wish("w", at(8, 0), "Soon.", place=2),
         "Ines Duarte, public reply, Queued 08:00, 2nd: Soon."),
        (wish("w", at(8, 0), "No.", OutboxState.FAILED, error="Bluesky didn’t answer."),
         "Ines Duarte, public reply, Not sent. Bluesky didn’t answer.: No."),
        (wish("w", at(8, 0), "Hm.", OutboxState.UNKNOWN),
         "Ines Duarte, public reply, Checking whether it arrived: Hm."),
        (decided("e", EventType.CASE_ASSIGNED, at(8, 0), assignee="jonas"),
         "Assigned to Jonas Weber, by Ines Duarte, 08:00"),
        (decided("e", EventType.PRIORITY_SET, at(8, 0), urgency=2, undone=True),
         "Undone: Urgency set to high, by Ines Duarte, 08:00"),
        (decided("e", EventType.CASE_NOTED, at(8, 0), text="Call her."),
         "Internal note, Ines Duarte, 08:00: Call her."),
    ],
)  # fmt: skip
def test_a_screen_reader_hears_name_and_state(
    model: TimelineModel, item: TimelineItem, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.theme.formats.clock_time", _clock_time_utc)
    model.show([item])
    assert model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == said


def _clock_time_utc(at_ms: int) -> str:
    minutes = at_ms // pages.MINUTE % (24 * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def test_the_reason_of_a_seam_is_its_description(model: TimelineModel) -> None:
    model.show([handed("s", at(9, 0), PR, IT, 39, "Only IT can.")])
    assert model.index(0).data(Qt.ItemDataRole.AccessibleDescriptionRole) == "Only IT can."


def test_every_record_has_a_shape_of_its_own_kind() -> None:
    shapes = {shape_of(item) for item in pages.many_shapes().items} | {
        shape_of(item) for item in pages.design_page().items
    }
    assert shapes == set(Shape)


def test_the_tooltip_tells_what_became_of_a_message(model: TimelineModel, qtbot: QtBot) -> None:
    edited = touch(1, at(8, 0), "a", edited_ms=at(8, 5), revisions=2)
    gone = touch(2, at(8, 1), "b", deleted_ms=at(9, 0))
    model.show([edited, gone])
    assert "2 earlier versions kept" in model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert "Deleted by the customer" in model.index(1).data(Qt.ItemDataRole.ToolTipRole)


def test_what_is_copied_is_the_text(model: TimelineModel) -> None:
    model.show([touch(1, at(8, 0), "<b>It & that</b>")])
    assert isinstance(model.entry(0).item, InteractionItem)
    assert model.index(0).data() == "<b>It & that</b>"
