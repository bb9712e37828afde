"""The list models: the fewest signals, never a reset, a name for every row."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.domain.clocks import Deadline
from app.domain.departments import CARE, PR, SEEDED
from app.domain.ids import CaseId
from app.domain.outbox import OutboxState
from app.domain.views import CasePage, QueueCounts, QueueName, QueueRef
from app.ui.models import rows_model
from app.ui.models.case_list_model import ROW_ROLE, CaseListModel
from app.ui.models.outbox_model import HEADING_ROLE, OutboxModel, ordinal, state_text
from app.ui.models.sidebar_model import SidebarModel
from tests.ui.rows import MINUTE, NOW_MS, case_row, check_model, outbox_entry

_BY_ID = {department.id: department for department in SEEDED}


@pytest.fixture
def model(qtmodeltester: ModelTester) -> CaseListModel:
    model = CaseListModel(lambda: NOW_MS, _BY_ID.__getitem__)
    check_model(qtmodeltester, model)
    return model


def _cases(model: CaseListModel) -> list[int]:
    return [row.case for row in model.rows()]


@pytest.mark.parametrize("few", [0, 4, 30])
def test_any_sequence_of_pages_is_shown_without_a_reset(
    model: CaseListModel, qtmodeltester: ModelTester, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(rows_model, "_FEW", few)
    resets: list[object] = []
    model.modelReset.connect(lambda: resets.append(None))
    chance = random.Random(7)
    for _ in range(60):
        held = [QPersistentModelIndex(model.index(place)) for place in range(model.rowCount())]
        before = _cases(model)
        numbers = chance.sample(range(30), chance.randint(0, 30))
        model.show_page(CasePage(tuple(case_row(n) for n in numbers), more=False))
        assert _cases(model) == numbers
        for case, index in zip(before, held, strict=True):
            assert index.row() == (numbers.index(case) if case in numbers else -1)
        check_model(qtmodeltester, model)
    assert not resets


def test_hundreds_of_new_rows_are_announced_at_once(model: CaseListModel) -> None:
    announced: list[object] = []
    model.show_page(CasePage(tuple(case_row(n) for n in range(0, 600, 2)), more=True))
    model.rowsInserted.connect(lambda: announced.append(None))
    model.show_page(CasePage(tuple(case_row(n) for n in range(600)), more=True))
    assert _cases(model) == list(range(600))
    assert len(announced) == 1


def test_a_changed_row_is_announced_alone(model: CaseListModel, qtbot: QtBot) -> None:
    rows = [case_row(n) for n in range(5)]
    model.show_page(CasePage(tuple(rows), more=False))
    rows[3] = case_row(3, unread=True)
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.show_page(CasePage(tuple(rows), more=False))
    assert changed.args is not None
    assert [changed.args[0].row(), changed.args[1].row()] == [3, 3]


def test_an_unchanged_page_announces_nothing(model: CaseListModel, qtbot: QtBot) -> None:
    page = CasePage(tuple(case_row(n) for n in range(5)), more=True)
    model.show_page(page)
    with qtbot.assertNotEmitted(model.dataChanged), qtbot.assertNotEmitted(model.rowsInserted):
        model.show_page(page)


def test_the_next_page_is_appended_once(model: CaseListModel) -> None:
    model.show_page(CasePage(tuple(case_row(n) for n in range(3)), more=True))
    assert model.cursor == case_row(2).cursor
    model.append_page(CasePage(tuple(case_row(n) for n in range(2, 6)), more=False))
    assert _cases(model) == [0, 1, 2, 3, 4, 5]
    assert not model.more


def test_a_row_says_who_and_how_it_stands(model: CaseListModel) -> None:
    row = case_row(
        1,
        name="Marta Lindqvist",
        unread=True,
        deadline=Deadline(NOW_MS - 100 * MINUTE, NOW_MS + 18 * MINUTE),
    )
    model.show_page(CasePage((row,), more=False))
    spoken = model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == (
        "Marta Lindqvist, Mastodon, unread, next reply in 18 minutes, with PR & Community"
    )
    assert model.data(model.index(0), ROW_ROLE) is row
    assert model.index_of(CaseId(1)).row() == 0
    assert not model.index_of(CaseId(2)).isValid()


def test_a_late_row_says_how_late(model: CaseListModel) -> None:
    late = case_row(1, deadline=Deadline(NOW_MS - 80 * MINUTE, NOW_MS - 72 * MINUTE))
    assert "reply 1 hour 12 minutes late" in model.spoken(late)


def test_the_sidebar_counts(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    model = SidebarModel(SEEDED, PR)
    check_model(qtmodeltester, model)
    outbox = QueueRef(QueueName.OUTBOX)
    assert model.count_of(outbox) is None
    inserted: list[object] = []
    model.rowsInserted.connect(lambda *_: inserted.append(None))
    model.show_counts(QueueCounts(12, 27, 3, 5, 2, 1, {PR: (14, 3), CARE: (41, 6)}))
    check_model(qtmodeltester, model)
    assert not inserted
    spoken = [
        model.data(model.index(n), Qt.ItemDataRole.AccessibleTextRole)
        for n in range(model.rowCount())
    ]
    assert "My work, 12" in spoken
    assert "Outbox, 1 failed" in spoken
    assert "Customer Care, 41 to respond, 6 to reach out" in spoken
    assert model.count_of(outbox) == 3
    assert model.count_of(QueueRef(QueueName.REACH_OUT, PR)) == 3


def test_the_outbox_puts_first_what_needs_a_person(qtmodeltester: ModelTester) -> None:
    model = OutboxModel(lambda: NOW_MS)
    check_model(qtmodeltester, model)
    model.show_entries(
        [outbox_entry(1), outbox_entry(2), outbox_entry(3, OutboxState.FAILED, error="No answer.")]
    )
    check_model(qtmodeltester, model)
    assert [entry.item.id for entry in model.rows()] == ["item-3", "item-1", "item-2"]
    headings = [model.data(model.index(n), HEADING_ROLE) for n in range(3)]
    assert headings == [("Needs you", "1"), ("On the way out", "2, in this order"), None]
    spoken = model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Customer 3, public reply, No answer."


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (12, "12th"), (21, "21st")]
)
def test_places_in_line(number: int, text: str) -> None:
    assert ordinal(number) == text


def test_an_item_that_may_have_arrived_is_being_checked() -> None:
    entry = outbox_entry(1, OutboxState.UNKNOWN)
    assert state_text(entry, NOW_MS) == "Checking whether it arrived"


def test_a_service_cannot_put_markup_into_a_tooltip() -> None:
    model = OutboxModel(lambda: NOW_MS)
    error = "<img src=https://tracker.example/x.png>"
    model.show_entries([outbox_entry(1, OutboxState.FAILED, error=error)])
    tip = model.data(model.index(0), Qt.ItemDataRole.ToolTipRole)
    assert "&lt;img" in tip
