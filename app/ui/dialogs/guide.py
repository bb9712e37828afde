"""How this department writes, and what the channel of this conversation takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.departments import Department
from app.ui.dialogs.parts import field_label, text_label
from app.ui.dialogs.sheet import Sheet
from app.ui.theme.formats import grouped

if TYPE_CHECKING:
    from app.services.replies import ComposerView

_WIDTH = 440


class GuideSheet(Sheet):
    """What is known of both today; nothing can be changed here."""

    def __init__(
        self, parent: QWidget, department: Department, setup: ComposerView | None = None
    ) -> None:
        super().__init__(parent, title=f"Writing for {department.name}", width=_WIDTH)
        self.add_header(f"Writing for {department.name}")
        body = QVBoxLayout()
        body.setContentsMargins(22, 2, 22, 20)
        body.setSpacing(0)
        self.lines = guide_lines(department, setup)
        for number, (heading, words) in enumerate(self.lines):
            if number:
                body.addSpacing(14)
            body.addWidget(field_label(heading, parent=self.card))
            said = text_label(words, "body", parent=self.card)
            said.setWordWrap(True)
            body.addWidget(said)
        self.column.addLayout(body)


def guide_lines(department: Department, setup: ComposerView | None) -> list[tuple[str, str]]:
    """Headings with what stands under them; what is not known is left out."""
    lines = [
        ("Voice", _sentence(department.voice)),
        ("Responds to", _sentence(department.responds)),
        ("Reaches out", _sentence(department.reaches_out)),
    ]
    if setup is not None:
        lines.append((f"{setup.channel.label}, as {setup.handle}", _channel_words(setup)))
    return [(heading, words) for heading, words in lines if words]


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
