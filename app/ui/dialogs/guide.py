"""How this department writes, what the channel takes, and the playbook, searched as one types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.checks import Guidelines
from app.domain.departments import Department
from app.ui.dialogs.controls import ScrollBody
from app.ui.dialogs.parts import announce, field_label, text_label
from app.ui.dialogs.sheet import Sheet
from app.ui.theme.formats import grouped

if TYPE_CHECKING:
    from app.services.replies import ComposerView

_WIDTH = 480
_NOTHING = "Nothing here says that. Try another word."


class GuideSheet(Sheet):
    """``lines``: headings with what stands under them, those shown now."""

    def __init__(
        self,
        parent: QWidget,
        department: Department,
        setup: ComposerView | None = None,
        guidelines: Guidelines | None = None,
    ) -> None:
        super().__init__(parent, title=f"Writing for {department.name}", width=_WIDTH)
        self.add_header(f"Writing for {department.name}")
        self._all = guide_lines(department, setup, guidelines)
        self.lines = self._all
        top = QVBoxLayout()
        top.setContentsMargins(22, 0, 22, 10)
        self.search = QLineEdit(self.card)
        self.search.setPlaceholderText("Search the guide")
        self.search.setAccessibleName("Search the guide")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._narrow)
        top.addWidget(self.search)
        self.column.addLayout(top)
        body = QWidget(self.card)
        column = QVBoxLayout(body)
        column.setContentsMargins(22, 2, 22, 20)
        column.setSpacing(14)
        self._parts = [_part(heading, words, body) for heading, words in self._all]
        for part in self._parts:
            column.addWidget(part)
        self.nothing = text_label(_NOTHING, "body", colour="text-2", parent=body)
        self.nothing.hide()
        column.addWidget(self.nothing)
        column.addStretch(1)
        self.column.addWidget(ScrollBody(body, self.card), 1)

    def first_focus(self) -> QWidget | None:
        return self.search

    @Slot(str)
    def _narrow(self, typed: str) -> None:
        """Every word that is typed has to stand in what is shown."""
        wanted = typed.casefold().split()
        shown = [
            all(word in f"{heading} {said}".casefold() for word in wanted)
            for heading, said in self._all
        ]
        self.lines = [line for line, there in zip(self._all, shown, strict=True) if there]
        for part, there in zip(self._parts, shown, strict=True):
            part.setVisible(there)
        self.nothing.setVisible(not self.lines)
        if not self.lines:
            announce(self.nothing, _NOTHING)


def _part(heading: str, words: str, parent: QWidget) -> QWidget:
    part = QWidget(parent)
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(field_label(heading, parent=part))
    said = text_label(words, "body", parent=part)
    said.setWordWrap(True)
    column.addWidget(said)
    return part


def guide_lines(
    department: Department, setup: ComposerView | None, guidelines: Guidelines | None = None
) -> list[tuple[str, str]]:
    """Headings with what stands under them; what is not known is left out."""
    lines = [
        ("Voice", _sentence(department.voice)),
        *_rules(guidelines or Guidelines()),
        ("Responds to", _sentence(department.responds)),
        ("Reaches out", _sentence(department.reaches_out)),
    ]
    if setup is not None:
        lines.append((f"{setup.channel.label}, as {setup.handle}", _channel_words(setup)))
    return [(heading, words) for heading, words in lines if words]


def _rules(guidelines: Guidelines) -> list[tuple[str, str]]:
    """What is not said, how one begins, and the playbook paragraph by paragraph."""
    lines = [
        ("Not said", ", ".join(f"“{phrase}”" for phrase in guidelines.forbidden)),
        ("Begins with", ", ".join(f"“{one}”" for one in guidelines.greetings)),
    ]
    for paragraph in guidelines.playbook.split("\n\n"):
        first, _, rest = paragraph.strip().partition("\n")
        lines.append((first, rest.strip()) if rest.strip() else ("Playbook", first))
    return lines


def _channel_words(setup: ComposerView) -> str:
    most = setup.capabilities.max_attachments
    pictures = {0: "No pictures.", 1: "One picture."}.get(most, f"Up to {most} pictures.")
    words = [f"At most {grouped(setup.limits.max_length)} {setup.limits.unit}.", pictures]
    if most:
        words.append("Describe each for people who can’t see it.")
    if setup.capabilities.content_warning:
        words.append("A content warning counts with the text.")
    return " ".join(words)


def _sentence(words: str) -> str:
    """With a capital and a full stop."""
    words = words.strip()
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith('.') else '.'}" if words else ""
