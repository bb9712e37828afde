"""The line under a message that needs an agent: the cause, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from app.domain.outbox import OutboxState
from app.domain.views import OutboxEntry
from app.ui.theme import theme
from app.ui.timeline import wording
from app.ui.timeline.drawing import (
    Action,
    Drawing,
    Icon,
    Ink,
    Label,
    Spot,
    outlined_box,
)
from app.ui.timeline.frame import CONTENT_X, Frame
from app.ui.timeline.text import TextBlock, theme_line

_LINE = 24
_GAP = 6


class _Button:
    """A small painted button: its width, and how to put it down."""

    def __init__(self, text: str, action: Action, icon: str = "", *, danger: bool = False) -> None:
        self.line = theme_line(text, "small", 500)
        self.text, self.action, self.icon, self.danger = text, action, icon, danger
        self.width = self.line.width + 16 + (17 if icon else 0)

    def place(self, into: Drawing, x: float, y: float) -> None:
        box = QRectF(x, y, self.width, _LINE)
        ink: Ink = "danger" if self.danger else "text-2"
        if self.danger:
            into.add(outlined_box(box, 6, "raised", "danger-line"))
        inner = x + 8
        if self.icon:
            into.add(Icon(self.icon, QRectF(inner, y + 6, 12, 12), ink, 2.2))
            inner += 17
        into.add(Label(self.line, QPointF(inner, y + (_LINE - self.line.height) / 2), ink))
        into.spots.append(Spot(box, self.action, self.text))


def _giving_up() -> tuple[_Button, ...]:
    return (
        _Button("Edit", Action.EDIT),
        _Button("Copy", Action.COPY),
        _Button("Discard", Action.DISCARD),
    )


def place_state(into: Drawing, item: OutboxEntry, frame: Frame, y: float) -> float:
    """Put the state line under a message that ends at ``y``; returns where all of it ends."""
    match item.item.state:
        case OutboxState.FAILED:
            cause = wording.waiting_state(item, frame.now_ms)
            buttons = [
                _Button("Retry", Action.RETRY, "rotate-cw", danger=True),
                *_giving_up(),
            ]
            return _place(into, cause, "danger", buttons, frame=frame, y=y + 2)
        case OutboxState.HELD:
            cause = wording.waiting_state(item, frame.now_ms)
            buttons = [_Button("Send anyway", Action.RETRY, "send"), *_giving_up()]
            return _place(into, cause, "text-2", buttons, frame=frame, y=y + 2)
        case OutboxState.UNKNOWN if item.item.hint:
            buttons = [
                _Button("It arrived", Action.ARRIVED, "check"),
                _Button("Send again", Action.RETRY, "rotate-cw"),
            ]
            return _place(into, item.item.hint, "text-2", buttons, frame=frame, y=y + 2)
        case _:
            return y


def _place(
    into: Drawing, cause: str, ink: Ink, buttons: list[_Button], *, frame: Frame, y: float
) -> float:
    look = theme()
    icon_room = 14 + _GAP
    taken = sum(button.width for button in buttons) + (len(buttons) - 1) * 2
    room = frame.right - CONTENT_X - icon_room
    beside = room - taken - _GAP - 4
    pitch = look.line_height("small")
    block = TextBlock(cause, look.font("small"), room, pitch)
    fits = block.lines == 1 and block.width <= beside
    x = frame.right - block.width - (taken + _GAP + 4 if fits else 0)
    middle = y + _LINE / 2 if fits else y + pitch / 2 + 2
    into.add(Icon("circle-alert", QRectF(x - icon_room, middle - 7, 14, 14), ink))
    into.put(block, QPointF(x, middle - pitch / 2), ink)
    below = y if fits else y + block.height + 4
    x = frame.right - taken
    for button in buttons:
        button.place(into, x, below)
        x += button.width + 2
    return below + _LINE
