"""Paints a row of the case list."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from app.domain.cases import Status
from app.domain.clocks import Due
from app.domain.departments import Department
from app.domain.ids import DepartmentId
from app.domain.views import CaseRow
from app.ui.delegates.chips import (
    CHIP_HEIGHT,
    draw_deadline,
    draw_state,
    draw_tag,
    draw_text,
    tag_width,
)
from app.ui.delegates.snippets import SnippetCache
from app.ui.theme import formats, icons, mirroring, painting, theme

ROW_HEIGHT = 101
_INSET = 6
_AVATAR = 36
_TEXT_LEFT = 67
_TEXT_RIGHT = 16
_MOST_TAGS = 2
_REACH_SHOWN_FROM = 10_000
_TAG_MOST = 110
_TAG_LEAST_LETTERS = 7
_DAYS_BY_NAME = 7
_ONE_MILLION = 1_000_000
_HANDLE_LEAST = 24
_DRAFT_MARK = 11


class CaseDelegate:
    """Paints ``CaseRow`` values, 101 pixels high at a text scale of 1.

    No QStyledItemDelegate: the view that owns it paints nothing else, and asks no sizes.
    """

    def __init__(
        self, now_ms: Callable[[], int], department: Callable[[DepartmentId], Department]
    ) -> None:
        self.now_ms = now_ms
        self._department = department
        self._snippets = SnippetCache()

    @property
    def row_height(self) -> int:
        return theme().scaled(ROW_HEIGHT)

    def paint(
        self,
        painter: QPainter,
        rect: QRectF,
        row: CaseRow,
        *,
        selected: bool,
        hovered: bool,
        focused: bool,
        rule: bool,
    ) -> None:
        """``rule`` draws the hairline above the row; a chosen or hovered neighbour hides it."""
        painter.save()
        mirroring.mirror(painter, rect)
        look = theme()
        card = rect.adjusted(_INSET, 0, -_INSET, 0)
        ground = look.colour("surface")
        if selected:
            ground = look.colour("accent-tint")
        elif hovered:
            ground = look.colour("hover")
        if selected or hovered:
            painting.fill_rounded(painter, card, 9, ground)
        if rule:
            left = rect.left() + _TEXT_LEFT
            line = QRectF(left, rect.top(), card.right() - 10 - left, 1)
            painter.fillRect(line, look.colour("line"))
        if focused:
            painting.draw_focus_ring(painter, card, 9)
        top = rect.top() + look.scaled(10)
        avatar = QRectF(rect.left() + 20, top, _AVATAR, _AVATAR)
        painting.draw_avatar(painter, avatar, row.name, row.channel, ground=ground)
        if row.unread:
            centre = QPointF(rect.left() + 12.5, rect.top() + 27.5)
            painting.draw_dot(painter, centre, 7, look.colour("accent"))
        text = QRectF(
            rect.left() + _TEXT_LEFT, top, rect.width() - _TEXT_LEFT - _TEXT_RIGHT, rect.height()
        )
        self._paint_first_line(painter, text, row, selected=selected)
        self._paint_snippet(painter, text, row)
        chip = look.colour("accent-tint2" if selected else "pressed" if hovered else "hover")
        self._paint_chips(painter, text, row, chip)
        painter.restore()

    def _paint_first_line(
        self, painter: QPainter, text: QRectF, row: CaseRow, *, selected: bool
    ) -> None:
        look = theme()
        height = look.line_height("body")
        time_font = look.font("caption", tabular=True)
        when = formats.list_time(row.last_ms, self.now_ms())
        time_width = painting.metrics(time_font).horizontalAdvance(when)
        left, right = text.left(), text.right() - time_width - 6
        if row.has_draft:
            right -= _DRAFT_MARK + 3
            mark = QRectF(
                right + 6, text.top() + (height - _DRAFT_MARK) / 2, _DRAFT_MARK, _DRAFT_MARK
            )
            icons.draw(painter, "pen-line", mark, look.colour("text-3"), stroke=2.2)
        box = QRectF(text.right() - time_width, text.top(), time_width + 1, height)
        draw_text(painter, box, when, time_font,
              look.colour("text-3"))  # fmt: skip
        name_font = look.font("body", 600 if row.unread or selected else 500)
        name = painting.elided(row.name, name_font, right - left)
        width = painting.metrics(name_font).horizontalAdvance(name)
        draw_text(painter, QRectF(left, text.top(), width + 1, height), name, name_font,
              look.colour("text"))  # fmt: skip
        left += width + 5
        if row.reach >= _REACH_SHOWN_FROM:
            left += self._paint_reach(painter, left, text.top() + (height - 16) / 2, row) + 5
        if right - left > _HANDLE_LEAST and row.handle != row.name:  # Facebook has no handles
            font = look.font("small")
            handle = painting.elided(row.handle, font, right - left)
            box = QRectF(left, text.top(), right - left, height)
            draw_text(painter, box, handle, font, look.colour("text-3"))

    def _paint_reach(self, painter: QPainter, left: float, top: float, row: CaseRow) -> float:
        """The star of somebody many people follow; returns its width."""
        look = theme()
        font = look.font("micro", 600, tabular=True)
        reach = _rounded(row.reach)
        width = painting.metrics(font).horizontalAdvance(reach) + 22
        pill = QRectF(left, top, width, 16)
        painting.fill_rounded(painter, pill, 8, look.colour("accent-tint"))
        star = QRectF(left + 4, top + 3, 10, 10)
        icons.draw(painter, "star", star, look.colour("accent"), stroke=1, fill=True)
        box = QRectF(left + 17, top, width - 17, 16)
        draw_text(painter, box, reach, font, look.colour("accent"))
        return width

    def _paint_snippet(self, painter: QPainter, text: QRectF, row: CaseRow) -> None:
        look = theme()
        font = look.font("snippet")
        said = f"You: {row.snippet}" if row.snippet_ours else row.snippet
        layout = self._snippets.layout(said, int(text.width()), font, look.line_height("snippet"))
        painter.setPen(look.colour("text" if row.unread else "text-2"))
        painter.save()
        if mirroring.is_mirrored(painter):
            mirroring.stand_upright(painter, text.center().x())
        layout.draw(painter, QPointF(text.left(), text.top() + look.line_height("body") + 1))
        painter.restore()

    def _paint_chips(self, painter: QPainter, text: QRectF, row: CaseRow, ground: QColor) -> None:
        look = theme()
        top = text.top() + look.line_height("body") + 1 + 2 * look.line_height("snippet") + 7
        department = self._department(row.department)
        font = look.font("caption")
        width = painting.metrics(font).horizontalAdvance(department.short)
        height = look.scaled(CHIP_HEIGHT)
        right = text.right() - width
        draw_text(painter, QRectF(right, top, width + 1, height), department.short, font,
              look.colour("text-2"))  # fmt: skip
        dot = QPointF(right - 8.5, top + height / 2)
        painting.draw_dot(painter, dot, 7, look.department_colour(row.department))
        right -= 17
        left = self._paint_state(painter, text.left(), top, row)
        self._paint_tags(painter, QRectF(left, top, right - left, height), row, ground)

    def _paint_state(self, painter: QPainter, left: float, top: float, row: CaseRow) -> float:
        """How the case stands, then whether a reply failed; returns where the tags start."""
        at = QPointF(left, top)
        now = self.now_ms()
        if row.status is Status.CLOSED:
            at += QPointF(draw_state(painter, at, "Closed", "check") + 5, 0)
        elif row.status is Status.NOISE:
            at += QPointF(draw_state(painter, at, "Noise", "funnel-x") + 5, 0)
        elif row.status is Status.SNOOZED and row.snoozed_until_ms is not None:
            until = _until(row.snoozed_until_ms, now)
            at += QPointF(draw_state(painter, at, until, "alarm-clock") + 5, 0)
        elif row.deadline is not None:
            words, due = formats.clock_text(row.deadline, now)
            used = row.deadline.used(now)
            at += QPointF(draw_deadline(painter, at, words, due, used) + 5, 0)
        if row.outbox_failed:
            at += QPointF(draw_deadline(painter, at, "Not sent", Due.LATE, 1) + 5, 0)
        return at.x()

    @staticmethod
    def _paint_tags(painter: QPainter, box: QRectF, row: CaseRow, ground: QColor) -> None:
        """As many tags as fit, at most two, then how many more there are."""
        font = theme().font("caption", 500)
        labels = list(row.tags)
        left = box.left()
        shown = 0
        for label in labels[:_MOST_TAGS]:
            rest = len(labels) - shown - 1
            room = box.right() - left - (tag_width(f"+{rest}") + 5 if rest else 0)
            words = painting.elided(label, font, min(_TAG_MOST, room - 14))
            too_short = words != label and (shown > 0 or len(words) < _TAG_LEAST_LETTERS)
            if too_short or tag_width(words) > room:
                break  # "+1" says more than half a word
            draw_tag(
                painter, QRectF(left, box.top(), tag_width(words), box.height()), words, ground
            )
            left += tag_width(words) + 5
            shown += 1
        words = f"+{len(labels) - shown}"
        if shown < len(labels) and left + tag_width(words) <= box.right():
            draw_tag(
                painter, QRectF(left, box.top(), tag_width(words), box.height()), words, ground
            )


def _rounded(reach: int) -> str:
    """ "48k": a row has no room for a decimal."""
    return f"{reach // 1000}k" if reach < _ONE_MILLION else formats.compact_number(reach)


def _until(until_ms: int, now_ms: int) -> str:
    """ "13:00", "Fri 09:00", "3 Dec"."""
    until, now = formats.local(until_ms), formats.local(now_ms)
    days = (until.date() - now.date()).days
    if days == 0:
        return formats.clock_time(until_ms)
    if 0 < days < _DAYS_BY_NAME:
        return f"{until:%a} {formats.clock_time(until_ms)}"
    return formats.short_date(until_ms, now_ms)
