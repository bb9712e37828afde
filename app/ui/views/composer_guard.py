"""What is looked at while somebody writes: promotions that wait, and what the guidelines mention.

Looked at when the typing rests, so that no letter waits for it, and again before a reply leaves.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QTextCharFormat

from app.domain.checks import Concern, check
from app.domain.guard import Hold, Standing, named
from app.domain.interactions import Visibility
from app.domain.promotions import Promotion, Sign, promotions
from app.domain.templates import TemplateUse, unfilled
from app.ui.theme import theme, theme_manager
from app.ui.views.composer_edit import GrowingEdit

if TYPE_CHECKING:  # for the types alone: the database comes with it
    from app.services.guidance import Guidance

PROMOTION: Final = "promotion"
CONCERN: Final = "concern"
PLACE: Final = "place"
"""The names of the marks."""
_PAUSE_MS = 200


class Guarding(QObject):
    """Looks at the text of a field, and marks what it finds there.

    ``looked``  what was found may have changed.
    """

    looked = Signal()

    def __init__(self, edit: GrowingEdit) -> None:
        super().__init__(edit)
        self._edit = edit
        self._beside: Guidance | None = None
        self._visibility: Visibility | None = None
        self._template: TemplateUse | None = None
        self.found: tuple[Promotion, ...] = ()
        self.concerns: tuple[Concern, ...] = ()
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._soon.timeout.connect(self.look)
        edit.textChanged.connect(self._soon.start)
        theme_manager().changed.connect(self._mark)

    def write_to(
        self,
        beside: Guidance | None,
        visibility: Visibility | None,
        template: TemplateUse | None = None,
    ) -> None:
        """By what the text is judged, who will see it, and what it began with; None for nothing,
        as in a note."""
        if (beside, visibility, template) != (self._beside, self._visibility, self._template):
            self._beside, self._visibility, self._template = beside, visibility, template
            self._soon.start()

    @property
    def hold(self) -> Hold | None:
        """Why promotions wait for whom the text is for."""
        return self._beside.hold if self._beside is not None else None

    @property
    def held(self) -> str:
        """The sentence of what has to wait, as far as looked; "" where nothing has to."""
        if not self.found or self.hold is None:
            return ""
        return f"{named(self.found)} has to wait: {self.hold.why}."

    @property
    def can_wait(self) -> bool:
        """Whether nothing but an open case holds it back."""
        hold = self.hold
        return hold is not None and hold.standing is Standing.WELCOME and hold.case is not None

    @property
    def blocked(self) -> str:
        """Why the department does not send it like this; "" where it does."""
        return next((one.sentence for one in self.concerns if one.blocks), "")

    @Slot()
    def look(self) -> None:
        """Look now."""
        self._soon.stop()
        text, beside = self._edit.text, self._beside
        found: tuple[Promotion, ...] = ()
        concerns: tuple[Concern, ...] = ()
        if beside is not None and text.strip():
            found = self._promoted(beside, text)
            concerns = check(
                text,
                beside.guidelines,
                visibility=self._visibility or Visibility.PUBLIC,
                first_reply=beside.first_reply,
            )
        changed = (found, concerns) != (self.found, self.concerns)
        self.found, self.concerns = found, concerns
        self._mark()
        if changed:
            self.looked.emit()

    def _promoted(self, beside: Guidance, text: str) -> tuple[Promotion, ...]:
        if beside.hold is None:
            return ()
        found = promotions(text, known_codes=beside.codes)
        if not found and any(t.promotional and t.use == self._template for t in beside.templates):
            return (Promotion(Sign.TEMPLATE, 0, len(text), ""),)
        return found

    @Slot()
    def _mark(self) -> None:
        text, look = self._edit.text, theme()
        places = unfilled(text) if self._beside is not None else ()
        wave = QTextCharFormat()
        wave.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        wave.setUnderlineColor(look.colour("warn"))
        wave.setBackground(look.colour("warn-tint"))
        words = [(p.start, p.end) for p in self.found if p.sign is not Sign.TEMPLATE]
        self._edit.mark(PROMOTION, words, wave)
        line = QTextCharFormat()
        line.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        line.setUnderlineColor(look.colour("warn"))
        self._edit.mark(CONCERN, _places(text, self.concerns), line)
        gap = QTextCharFormat()
        gap.setBackground(look.colour("warn-tint"))
        gap.setForeground(look.colour("warn"))
        self._edit.mark(PLACE, places, gap)


def _places(text: str, concerns: tuple[Concern, ...]) -> list[tuple[int, int]]:
    """Where the words of the concerns stand, each as often as it is there."""
    return [
        match.span()
        for concern in concerns
        if concern.words
        for match in re.finditer(re.escape(concern.words), text, re.IGNORECASE)
    ]
