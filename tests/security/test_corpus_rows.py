"""Every attack in the rows of the lists: as a name, a handle, a text, a tag, a refusal.

What is drawn is read back: painted into an SVG, each text stands there as the font was given it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QObject, QRect, QRectF
from PySide6.QtGui import QPainter, QStandardItem, QStandardItemModel
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from app.domain.departments import SEEDED
from app.domain.outbox import OutboxState
from app.ui.delegates.case_delegate import CaseDelegate
from app.ui.delegates.outbox_delegate import OutboxDelegate
from app.ui.models.outbox_model import ENTRY_ROLE
from app.ui.runtime import prepare
from tests.security.attacks import Attack
from tests.security.test_corpus_words import REORDERING, every
from tests.security.timing import FLOOR_S, cost
from tests.ui.rows import NOW_MS, case_row, outbox_entry

_CONTROL = re.compile("[\x00-\x1f\x7f]")
_DRAWN = re.compile(r"<text\b[^>]*>([^<]*)</text>")
_DEPARTMENTS = {department.id: department for department in SEEDED}


@pytest.fixture(autouse=True)
def _light(qtbot: QtBot) -> None:
    prepare("light")


def drawn(paint: Callable[[QPainter], None]) -> list[str]:
    """The texts that were painted, run by run, within a time."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture = QSvgGenerator()
    picture.setOutputDevice(buffer)
    painter = QPainter(picture)
    _, taken = cost(lambda: paint(painter))
    painter.end()
    assert taken < 4 * FLOOR_S, f"{taken:.2f} s"
    said = bytes(buffer.data().data()).decode("utf-8", "replace")
    return [html.unescape(run) for run in _DRAWN.findall(said)]


def _harmless(runs: list[str]) -> None:
    assert runs
    for run in runs:
        assert not REORDERING & set(run), ascii(run)
        assert not _CONTROL.search(run), ascii(run)


def test_what_is_drawn_is_read_back() -> None:
    hidden = drawn(lambda painter: painter.drawText(10, 20, "one\u202etwo\x1b<b>"))
    assert "".join(hidden) == "one\u202etwo\x1b<b>"


@every
def test_a_row_of_the_case_list_is_painted_as_words(attack: Attack) -> None:
    text = attack.text
    row = case_row(1, name=text, handle=text, title=text, snippet=text, tags=(text[:100], text))
    delegate = CaseDelegate(lambda: NOW_MS, _DEPARTMENTS.__getitem__)
    box = QRectF(0, 0, 332, delegate.row_height)

    def paint(painter: QPainter) -> None:
        delegate.paint(painter, box, row, selected=False, hovered=False, focused=False, rule=True)

    _harmless(drawn(paint))


@every
def test_a_row_of_the_outbox_is_painted_as_words(attack: Attack) -> None:
    for state in (OutboxState.QUEUED, OutboxState.FAILED, OutboxState.HELD):
        entry = outbox_entry(1, state, text=attack.text, error=attack.text, hint=attack.text)
        entry = replace(entry, customer_name=attack.text, agent_name=attack.text)
        model, item, owner = QStandardItemModel(), QStandardItem(), QObject()
        item.setData(entry, ENTRY_ROLE)
        model.appendRow(item)
        index = model.index(0, 0)
        delegate = OutboxDelegate(lambda: NOW_MS, owner)
        option = QStyleOptionViewItem()
        option.rect = QRect(0, 0, 332, delegate.sizeHint(option, index).height())
        _harmless(drawn(lambda painter: delegate.paint(painter, option, index)))  # noqa: B023
