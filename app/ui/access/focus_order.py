"""The order in which Tab goes: part by part, and within a part as it is read.

Qt goes in the order of making. What is made later, such as the rows of another customer, would
come last of all; and a panel that is made early would come before what stands left of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget


def takes_tab(widget: QWidget) -> bool:
    """Whether Tab stops at a widget that can be seen; of a group of choices only the chosen."""
    return (
        bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
        and widget.isEnabled()
        and widget.focusProxy() is None
        and not _passed_over(widget)
    )


def tab_stops(parts: Iterable[QWidget]) -> list[QWidget]:
    """Where Tab stops in these parts, part by part, line by line, in the direction of reading."""
    return [stop for part in parts for stop in _as_read(part)]


def move_focus(stops: list[QWidget], *, forward: bool) -> bool:
    """Give the keyboard to the next of the stops; False when it is at none of them."""
    here = QApplication.focusWidget()
    if here is None or here not in stops:
        return False
    after = stops[(stops.index(here) + (1 if forward else -1)) % len(stops)]
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    after.setFocus(reason)
    return True


def _as_read(part: QWidget) -> Iterator[QWidget]:
    """What stands at one height is one line, however high its pieces are."""
    found = [
        (_place(widget, part), widget)
        for widget in (part, *part.findChildren(QWidget))
        if widget.isVisible() and takes_tab(widget)
    ]
    found.sort(key=lambda one: one[0].center().y())
    leftwards = part.layoutDirection() is Qt.LayoutDirection.RightToLeft
    while found:
        bottom = found[0][0].bottom()
        line = [one for one in found if one[0].center().y() <= bottom]
        found = found[len(line) :]
        line.sort(key=lambda one: -one[0].right() if leftwards else one[0].left())
        yield from (widget for _, widget in line)


def _place(widget: QWidget, part: QWidget) -> QRect:
    if widget is part:
        return QRect(0, 0, 1, 1)  # a part comes before what it holds
    return QRect(widget.mapTo(part, QPoint()), widget.size())


def _passed_over(widget: QWidget) -> bool:
    """Tab enters a group of exclusive buttons once, at the chosen one; arrows move within."""
    if not isinstance(widget, QAbstractButton):
        return False
    group = widget.group()
    exclusive = widget.autoExclusive() or (group is not None and group.exclusive())
    if not (exclusive and widget.isCheckable()) or widget.isChecked():
        return False
    if group is not None:
        return group.checkedButton() is not None
    return any(
        sibling.isChecked() and sibling.autoExclusive()
        for sibling in widget.parentWidget().findChildren(
            QAbstractButton, options=Qt.FindChildOption.FindDirectChildrenOnly
        )
    )
