"""Putting tags on a case and taking them off."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.domain.ids import CaseId
from app.domain.views import CaseView
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.pick import PickSheet
from app.ui.dialogs.pick_model import PickRow, typed_marks

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge


def tag_rows(typed: str, known: Sequence[str], on: Collection[str] | None = None) -> list[PickRow]:
    """The tags that fit what is typed, then a new one of that name where there is none.

    ``on``: the tags of a case, which come first and are ticked; None where nothing is ticked.
    """
    wanted = typed.casefold()
    held = on or ()
    every = [*sorted(held), *(tag for tag in known if tag not in held)]
    rows = [
        PickRow(
            tag,
            tag,
            icon="tag" if on is None else "",
            checked=None if on is None else tag in on,
            marks=typed_marks(typed, tag),
        )
        for tag in every
        if wanted in tag.casefold()
    ]
    if typed and all(tag.casefold() != wanted for tag in every):
        rows.append(PickRow(typed, f"Add “{typed}”", icon="plus"))
    return rows


class TagSheet(PickSheet):
    """Ticks tags, and makes new ones of what is typed; stays open for several.

    ``tagged`` carries an event for every change.
    """

    tagged = Signal(object)

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget, case: CaseId) -> None:
        super().__init__(parent, title="Tags", hint="Find or add a tag")
        self._services = services
        self._bridge = bridge
        self._case = case
        self._on: set[str] = set()
        self._known: tuple[str, ...] = ()
        bridge.ask("tag-case", services.cases.view(case), self._on_view, self.refused)
        bridge.ask("tag-known", services.cases.tags(), self._on_known, self.refused)
        self.refresh()

    @Slot(object)
    def _on_view(self, view: CaseView) -> None:
        self._on = set(view.state.tags)
        self.heading.setText(f"Tags of case #{view.ref}")
        self.refresh()

    @Slot(object)
    def _on_known(self, known: tuple[str, ...]) -> None:
        self._known = known
        self.refresh()

    def rows(self, typed: str) -> list[PickRow]:
        """Those on the case first, then those in use, most used first; then a new one."""
        rows = tag_rows(typed, self._known, self._on)
        self.say("" if rows else "No tags yet. Type the first.")
        return rows

    def pick(self, row: PickRow) -> None:
        tag = str(row.value)
        add, remove = ([], [tag]) if tag in self._on else ([tag], [])
        tagged = attempt(lambda: self._services.cases.tag(self._case, add, remove))
        self._bridge.ask("", tagged, self._on_tagged, self.refused)

    @Slot(object)
    def _on_tagged(self, event: object) -> None:
        self.tagged.emit(event)
        self.field.clear()
        self._bridge.ask(
            "tag-case", self._services.cases.view(self._case), self._on_view, self.refused
        )
        self._bridge.ask("tag-known", self._services.cases.tags(), self._on_known, self.refused)
