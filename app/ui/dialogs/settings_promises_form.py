"""The fields of a promise: what is promised, for which cases, and in which hours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import available_timezones

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QFormLayout, QLineEdit, QWidget

from app.domain.cases import Urgency
from app.domain.errors import BadInput
from app.domain.ids import DepartmentId
from app.domain.interactions import Channel
from app.domain.sla import SlaPolicy
from app.services.settings_hours import FIELDS, hours_told, hours_typed
from app.services.settings_text import duration_read, duration_written

if TYPE_CHECKING:
    from app.services.services import Services

T = TypeVar("T")

_TARGETS = ("First reply", "Next reply", "Solution")


class PromiseForm(QWidget):
    """``changed`` after every field that was left changed; ``policy`` reads it."""

    changed = Signal()

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self._departments = {one.short: one.id for one in services.directory.departments()}
        self._channels = {one.label: one for one in Channel}
        self._urgencies = {one.name.capitalize(): one for one in Urgency}
        self._shown: SlaPolicy | None = None
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self.fields = {
            name: self._field(form, name, hint)
            for name, hint in (
                ("Name", "What it is called"),
                *((target, "1 h 30 min; empty for no promise") for target in _TARGETS),
                ("Departments", f"All; or {', '.join(self._departments)}"),
                ("Channels", "All; or Mastodon, E-mail"),
                ("Urgency", f"All; or {', '.join(self._urgencies)}"),
                ("Tags", "All; or any of these"),
                *FIELDS.items(),
            )
        }
        zones = QCompleter(sorted(available_timezones()), self)
        zones.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        zones.setFilterMode(Qt.MatchFlag.MatchContains)
        self.fields["Zone"].setCompleter(zones)

    def show_policy(self, policy: SlaPolicy) -> None:
        self._shown = policy
        for name, text in self._texts(policy).items():
            self.fields[name].setText(text)

    def policy(self) -> SlaPolicy:
        """What the fields say. Raises BadInput."""
        held = self._shown
        assert held is not None, "a promise is shown before it is read"
        name = self._text("Name")
        if not name:
            raise BadInput("A promise needs a name.", hint="Write what it is for.")
        first, following, solution = (self._duration(target) for target in _TARGETS)
        return replace(
            held,
            name=name,
            first_reply_ms=first,
            next_reply_ms=following,
            resolution_ms=solution,
            departments=tuple(
                DepartmentId(one) for one in self._named("Departments", self._departments)
            ),
            channels=tuple(self._named("Channels", self._channels)),
            urgencies=tuple(self._named("Urgency", self._urgencies)),
            tags=tuple(_listed(self._text("Tags").casefold())),
            hours=hours_typed({name: self._text(name) for name in FIELDS}),
        )

    def _texts(self, policy: SlaPolicy) -> dict[str, str]:
        targets = (policy.first_reply_ms, policy.next_reply_ms, policy.resolution_ms)
        return {
            "Name": policy.name,
            **{
                name: "" if ms is None else duration_written(ms)
                for name, ms in zip(_TARGETS, targets, strict=True)
            },
            "Departments": _joined(policy.departments, self._departments),
            "Channels": _joined(policy.channels, self._channels),
            "Urgency": _joined(policy.urgencies, self._urgencies),
            "Tags": ", ".join(policy.tags),
            **hours_told(policy.hours),
        }

    def _field(self, form: QFormLayout, name: str, hint: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setPlaceholderText(hint)
        field.setAccessibleName(name)
        field.editingFinished.connect(self.changed)
        form.addRow(name, field)
        return field

    def _text(self, name: str) -> str:
        return " ".join(self.fields[name].text().split())

    def _duration(self, name: str) -> int | None:
        text = self._text(name)
        return duration_read(text, name) if text else None

    def _named(self, field: str, known: dict[str, T]) -> list[T]:
        by_word = {word.casefold(): value for word, value in known.items()}
        found = []
        for word in _listed(self._text(field)):
            if word.casefold() not in by_word:
                raise BadInput(
                    f"“{word}” is none of the {field.lower()} there are.",
                    hint=f"There are: {', '.join(known)}.",
                )
            found.append(by_word[word.casefold()])
        return found


def _listed(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _joined(values: tuple[object, ...], known: dict[str, T]) -> str:
    return ", ".join(word for word, value in known.items() if value in values)
