"""The composer: where an agent answers a customer or leaves a note for the company."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.connectors.base import Length
from app.domain.errors import SeamlineError
from app.domain.events import Event
from app.domain.ids import CaseId
from app.domain.interactions import Visibility
from app.domain.outbox import OutboxItem
from app.domain.replies import Draft
from app.domain.views import CaseView, CustomerCard
from app.ui.dialogs.parts import KeyedButton, icon_button, text_label
from app.ui.theme import icons, theme, theme_manager
from app.ui.views.composer_attachments import AttachmentStrip
from app.ui.views.composer_edit import GrowingEdit
from app.ui.views.composer_parts import Counter, Mode, Strip, Tabs, VoiceLine
from app.ui.views.composer_pictures import Picture, read_picture
from app.ui.views.composer_visibility import VisibilityPicker, wider_warning
from app.ui.views.first_name import first_name

if TYPE_CHECKING:
    from app.services.replies import ComposerView
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_DRAFT_PAUSE_MS = 600
_SAMPLE = "The sample workspace sends nothing. Connect an account to reply for real."
_MARGIN = 12
_ABOVE, _BELOW = 9, 3
_LOWEST, _HIGHEST = 50 - _ABOVE - _BELOW, 220 - _ABOVE - _BELOW


@dataclass(slots=True)
class _Unsent:
    """What is written for a case but not sent: kept while the console runs, the text for good."""

    text: str | None = None
    note: str = ""
    warning: str = ""
    visibility: Visibility | None = None
    answer_to: str = ""
    pictures: tuple[Picture, ...] = field(default_factory=tuple)


class Composer(QWidget):
    """Writes replies and notes for one case at a time.

    ``sent``   a reply is in the outbox (its undo window runs).
    ``noted``  a note is in the ledger.
    """

    sent = Signal(object)
    noted = Signal(object)

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._case: CaseId | None = None
        self._view: CaseView | None = None
        self._setup: ComposerView | None = None
        self._name = ""
        self._unsent: dict[CaseId, _Unsent] = {}
        self._busy = False
        self._filling = False
        self.setAccessibleName("Composer")
        self._build()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_DRAFT_PAUSE_MS)
        self._pause.timeout.connect(self._save_draft)
        bridge.connection_changed.connect(self._refresh)
        theme_manager().changed.connect(self._dress)
        self._dress()
        self._refresh()

    # what others call

    def show_case(self, case: CaseId | None) -> None:
        """Turn to another case; what was written for the last one is kept."""
        if case == self._case:
            return
        self._leave()
        self._case = case
        self._view, self._setup, self._name = None, None, ""
        self._fill(self._unsent.get(case, _Unsent()) if case is not None else _Unsent())
        self._strip.say("")
        if case is not None:
            view = self._services.cases.view(case)
            self._bridge.ask("composer-case", view, self._on_view, self._on_error)
            setup = self._services.replies.composer(case)
            self._bridge.ask("composer-setup", setup, self._on_setup, self._on_error)
        self._refresh()

    def focus_reply(self) -> None:
        """Go to the reply and take the keyboard."""
        self._tabs.choose(Mode.REPLY)
        self._edit.setFocus()

    def focus_note(self) -> None:
        """Go to the note and take the keyboard."""
        self._tabs.choose(Mode.NOTE)
        self._edit.setFocus()

    def set_text(self, text: str) -> None:
        """Put a text back into the reply, before whatever was written since."""
        self._tabs.choose(Mode.REPLY)
        since = self._edit.text.strip()
        self._edit.set_text(f"{text}\n\n{since}" if since and since != text else text)
        self._edit.setFocus()
        self._save_draft()

    def restore(self, item: OutboxItem) -> None:
        """Put a cancelled reply back as it was: text, warning and who may see it."""
        self.set_text(item.text)
        self._set_warning(item.warning)
        if self._setup is not None and item.visibility in self._setup.capabilities.visibilities:
            self._picker.choose(item.visibility)
        self._refresh()

    def answer_to(self, native_id: str) -> None:
        """Answer this message of the case rather than the customer's latest."""
        if self._case is None:
            return
        self._current().answer_to = native_id
        self.focus_reply()
        self._refresh()

    # building

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(_MARGIN, 0, _MARGIN, _MARGIN)
        outer.setSpacing(0)
        outer.addLayout(self._build_tabs())
        self._strip = Strip(self)
        self._strip.answered.connect(self._strip_answered)
        outer.addLayout(_inset(self._strip))
        self._answering = Strip(self)
        self._answering.answered.connect(self._answer_latest)
        outer.addLayout(_inset(self._answering))
        self._warning = QLineEdit(self)
        self._warning.setPlaceholderText("Content warning, shown before the text is")
        self._warning.setAccessibleName("Content warning")
        self._warning.setMaxLength(200)
        self._warning.textChanged.connect(self._changed)
        holder = QHBoxLayout()
        holder.setContentsMargins(12, 6, 12, 0)
        holder.addWidget(self._warning)
        outer.addLayout(holder)
        self._warning.setVisible(False)
        self._edit = GrowingEdit(
            lowest=_LOWEST, highest=_HIGHEST, name="Reply", bare=True, parent=self
        )
        self._edit.textChanged.connect(self._changed)
        self._edit.submitted.connect(self._send)
        self._edit.pictures.connect(self._attach)
        holder = QHBoxLayout()
        holder.setContentsMargins(12, _ABOVE, 12, _BELOW)
        holder.addWidget(self._edit)
        outer.addLayout(holder)
        self._attachments = AttachmentStrip(self)
        self._attachments.changed.connect(self._changed)
        outer.addWidget(self._attachments)
        self._voice = VoiceLine(self)
        outer.addWidget(self._voice)
        outer.addLayout(self._build_footer())

    def _build_tabs(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(6, 6, 6, 6)
        self._tabs = Tabs(self)
        self._tabs.changed.connect(self._mode_changed)
        row.addWidget(self._tabs)
        row.addStretch(1)
        self._picker = VisibilityPicker(self)
        self._picker.picked.connect(self._visibility_picked)
        row.addWidget(self._picker)
        return row

    def _build_footer(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(8, 7, 8, 7)
        row.setSpacing(2)
        self._attach_button = icon_button("paperclip", "Attach pictures", self)
        self._attach_button.clicked.connect(self._choose_files)
        self._warning_button = icon_button("triangle-alert", "Content warning", self)
        self._warning_button.setCheckable(True)
        self._warning_button.toggled.connect(self._toggle_warning)
        row.addWidget(self._attach_button)
        row.addWidget(self._warning_button)
        self._saved = text_label("", "small", colour="text-3", parent=self)
        row.addWidget(self._saved)
        row.addStretch(1)
        self._counter = Counter(self)
        row.addWidget(self._counter)
        self._send_button = KeyedButton("Send", "Ctrl ↵", self)
        self._send_button.setProperty("kind", "main")
        self._send_button.setAutoDefault(False)
        self._send_button.clicked.connect(self._send)
        row.addWidget(self._send_button)
        return row

    @Slot()
    def _dress(self) -> None:
        self._send_button.setFont(theme().font("body", 600))
        self._attach_button.setIcon(icons.icon("paperclip", "text-2", 17))
        self._warning_button.setIcon(icons.icon("triangle-alert", "text-2", 17))
        self.update()

    # answers of the workspace

    @Slot(object)
    def _on_view(self, view: CaseView) -> None:
        if view.case != self._case:
            return
        self._view = view
        card = self._services.customers.card(view.customer)
        self._bridge.ask("composer-card", card, self._on_card)
        self._refresh()

    @Slot(object)
    def _on_card(self, card: CustomerCard) -> None:
        if self._view is not None and card.customer == self._view.customer:
            self._name = first_name(card.name)
            self._refresh()

    @Slot(object)
    def _on_setup(self, setup: ComposerView) -> None:
        self._setup = setup
        unsent = self._current()
        if unsent.text is None and not self._edit.text:
            unsent.text = setup.draft
            if self._tabs.mode() is Mode.REPLY:
                self._put(setup.draft)
        self._picker.offer(
            setup.channel,
            setup.handle,
            setup.capabilities.visibilities,
            answered=setup.visibility,
            chosen=unsent.visibility or setup.visibility,
        )
        self._attachments.set_longest_description(setup.limits.max_description)
        self._refresh()

    @Slot(object)
    def _on_error(self, error: SeamlineError) -> None:
        self._busy = False
        self._strip.say(str(error), tone="danger")
        self._refresh()

    # writing

    def _current(self) -> _Unsent:
        """What is written for the case shown; without one, something to be thrown away."""
        if self._case is None:
            return _Unsent()
        return self._unsent.setdefault(self._case, _Unsent())

    def _put(self, text: str) -> None:
        self._filling = True
        self._edit.set_text(text)
        self._filling = False

    def _fill(self, unsent: _Unsent) -> None:
        reply = self._tabs.mode() is Mode.REPLY
        self._put((unsent.text or "") if reply else unsent.note)
        self._filling = True
        self._set_warning(unsent.warning)
        self._attachments.set_pictures(unsent.pictures)
        self._filling = False

    def _keep(self) -> None:
        """Remember what stands in the fields for the case they belong to."""
        if self._case is None:
            return
        unsent = self._current()
        if self._tabs.mode() is Mode.REPLY:
            if self._edit.text or unsent.text is not None:
                unsent.text = self._edit.text
        else:
            unsent.note = self._edit.text
        unsent.warning = self._warning.text() if self._warning_button.isChecked() else ""
        unsent.pictures = self._attachments.pictures()

    @Slot()
    def _changed(self) -> None:
        if self._filling:
            return
        if self._case is not None:
            self._keep()
            if self._tabs.mode() is Mode.REPLY:
                self._pause.start()
        self._refresh()

    @Slot()
    def _save_draft(self) -> None:
        self._pause.stop()
        if self._case is None or self._tabs.mode() is not Mode.REPLY:
            return
        self._keep()
        text = self._current().text
        if text is not None:
            saved = self._services.replies.save_draft(self._case, text)
            self._bridge.ask("composer-draft", saved, self._on_draft_saved, self._on_error)

    @Slot(object)
    def _on_draft_saved(self, _nothing: object) -> None:
        kept = bool(self._edit.text) and self._tabs.mode() is Mode.REPLY
        self._saved.setText("Draft kept" if kept else "")

    def _leave(self) -> None:
        if self._case is None:
            return
        self._keep()
        if self._pause.isActive():
            self._save_draft()

    @Slot(Mode)
    def _mode_changed(self, mode: Mode) -> None:
        if self._case is not None:
            unsent = self._current()
            if mode is Mode.NOTE:
                unsent.text = self._edit.text
                if self._pause.isActive():
                    self._pause.stop()
                    self._bridge.act(self._services.replies.save_draft(self._case, unsent.text))
                self._put(unsent.note)
            else:
                unsent.note = self._edit.text
                self._put(unsent.text or "")
        self._saved.setText("")
        self._edit.setFocus()
        self._refresh()

    # who sees it

    @Slot(Visibility)
    def _visibility_picked(self, visibility: Visibility) -> None:
        if self._case is not None:
            self._current().visibility = visibility
        self._refresh()

    @Slot()
    def _strip_answered(self) -> None:
        """The warning's own answer: as wide as the message and no wider."""
        if self._setup is not None and self._case is not None:
            self._current().visibility = None
            self._picker.choose(self._setup.visibility)
            self._refresh()

    @Slot()
    def _answer_latest(self) -> None:
        if self._case is not None:
            self._current().answer_to = ""
            self._refresh()

    @Slot(bool)
    def _toggle_warning(self, on: bool) -> None:
        self._warning.setVisible(on)
        if on and not self._filling:
            self._warning.setFocus()
        self._changed()

    def _set_warning(self, text: str) -> None:
        self._warning.setText(text)
        self._warning_button.setChecked(bool(text))

    # pictures

    @Slot()
    def _choose_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(
            self, "Attach pictures", "", "Pictures (*.jpg *.jpeg *.png *.gif *.webp *.bmp *.tiff)"
        )
        self._attach([Path(name) for name in names])

    @Slot(list)
    def _attach(self, sources: list[Path | QImage]) -> None:
        if self._setup is None:
            return
        most = self._setup.capabilities.max_attachments
        room = max(0, most - len(self._attachments.pictures()))
        if len(sources) > room:
            self._strip.say(
                f"{self._setup.channel.label} takes {most} pictures in a message.", tone="warn"
            )
        for source in sources[:room]:
            picture = read_picture(source, self._setup.limits)
            self._bridge.ask("", picture, self._on_picture, self._on_error)

    @Slot(object)
    def _on_picture(self, picture: Picture) -> None:
        self._attachments.add(picture)

    # sending

    @Slot()
    def _send(self) -> None:
        if self._case is None or self._busy or self._obstacle():
            return
        text = self._edit.text.strip()
        if self._tabs.mode() is Mode.NOTE:
            self._busy = True
            noted = self._services.cases.note(self._case, text)
            self._bridge.ask("", noted, self._on_noted, self._on_error)
        elif self._services.directory.is_sample():
            self._strip.say(_SAMPLE)
        else:
            self._busy = True
            self._pause.stop()
            unsent = self._current()
            draft = Draft(
                text=text,
                visibility=unsent.visibility,
                warning=unsent.warning.strip(),
                attachments=self._attachments.attachments(),
                answer_to=unsent.answer_to,
            )
            sent = self._services.replies.reply(self._case, draft)
            self._bridge.ask("", sent, self._on_sent, self._on_error)
        self._refresh()

    @Slot(object)
    def _on_sent(self, item: OutboxItem) -> None:
        self._busy = False
        case = item.case
        if case is not None:
            # No text rather than "": should the reply be taken back, its stored draft counts.
            self._unsent[case] = _Unsent(note=self._unsent.get(case, _Unsent()).note)
            if case == self._case:
                self._fill(self._unsent[case])
                self._strip.say("")
                if self._setup is not None:
                    self._picker.choose(self._setup.visibility)
        self._saved.setText("")
        self._refresh()
        self.sent.emit(item)

    @Slot(object)
    def _on_noted(self, event: Event) -> None:
        self._busy = False
        case = CaseId(event.subject)
        self._unsent.setdefault(case, _Unsent()).note = ""
        if case == self._case and self._tabs.mode() is Mode.NOTE:
            self._put("")
            self._strip.say("")
        self._refresh()
        self.noted.emit(event)

    # how it looks now

    def _length(self) -> Length | None:
        if self._setup is None or self._tabs.mode() is Mode.NOTE:
            return None
        text = self._edit.text.strip()
        if self._warning_button.isChecked():
            text = f"{self._warning.text()}{text}"
        return self._services.replies.measure(self._setup.channel, text, self._setup.limits)

    def _obstacle(self) -> str:
        """Why the main button cannot be used now; "" when it can."""
        if self._case is None:
            return "Choose a conversation first."
        note = self._tabs.mode() is Mode.NOTE
        if not note and self._setup is None:
            return "The account of this conversation is still being looked up."
        if self._busy:
            return "Just a moment."
        length = self._length()
        if length is not None and not length.fits:
            return f"Too long by {-length.left:,}. Shorten it to send it."
        if not self._edit.text.strip() and (note or not self._attachments.pictures()):
            return "Write something first."
        return ""

    @Slot()
    def _refresh(self) -> None:
        note = self._tabs.mode() is Mode.NOTE
        online = self._services.syncing.connection().online
        ready = self._setup is not None
        self._edit.setEnabled(self._case is not None)
        self._edit.takes_pictures = ready and not note
        self._edit.setAccessibleName("Internal note" if note else "Reply")
        self._edit.setPlaceholderText(self._hint(note=note, online=online))
        self._picker.setVisible(ready and not note)
        capabilities = self._setup.capabilities if self._setup is not None else None
        self._attach_button.setVisible(
            not note and capabilities is not None and capabilities.max_attachments > 0
        )
        warns = not note and capabilities is not None and capabilities.content_warning
        self._warning_button.setVisible(warns)
        self._warning.setVisible(warns and self._warning_button.isChecked())
        self._attachments.setVisible(not note and bool(self._attachments.pictures()))
        self._show_voice(note=note)
        self._show_width(note=note)
        self._counter.show_length(
            self._length(), self._setup.limits.unit if self._setup is not None else ""
        )
        self._send_button.setText("Add note" if note else "Send" if online else "Queue")
        obstacle = self._obstacle()
        self._send_button.setEnabled(not obstacle)
        self._send_button.setToolTip(obstacle)
        self.update()

    def _hint(self, *, note: bool, online: bool) -> str:
        if self._case is None:
            return "Choose a conversation to answer it."
        if note:
            return "A note for your colleagues. Customers never see it."
        name = f"Reply to {self._name}." if self._name else "Reply."
        return name if online else f"{name} It leaves when you’re back online."

    def _show_voice(self, *, note: bool) -> None:
        if note:
            self._voice.show_note()
        elif self._view is not None:
            department = self._services.directory.department(self._view.state.department)
            self._voice.show_department(department)
        else:
            self._voice.show_department(None)

    def _show_width(self, *, note: bool) -> None:
        """The two standing remarks: a wider reply, and an answer to an earlier message."""
        warning = ""
        if self._setup is not None and not note:
            warning = wider_warning(self._picker.chosen(), self._setup.visibility)
        if warning:
            self._strip.say(warning, tone="warn", action="Keep it narrow")
        elif self._strip.action.text():
            self._strip.say("")
        earlier = self._case is not None and not note and self._current().answer_to != ""
        self._answering.say(
            "Answers an earlier message." if earlier else "", action="Answer the latest"
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme()
        note = self._tabs.mode() is Mode.NOTE
        box = QRectF(self.rect()).adjusted(_MARGIN + 0.5, 0.5, -_MARGIN - 0.5, -_MARGIN - 0.5)
        path = QPainterPath()
        path.addRoundedRect(box, 11, 11)
        painter.fillPath(path, colours.colour("note" if note else "raised"))
        focused = self._edit.hasFocus()
        edge = "note-line" if note else "focus" if focused else "line-strong"
        painter.setPen(QPen(colours.colour(edge), 1.5 if focused else 1))
        painter.drawPath(path)
        painter.setPen(QPen(colours.colour("note-line" if note else "line"), 1))
        line = box.bottom() - 44
        painter.setOpacity(0.4 if note else 1)
        painter.drawLine(int(box.left()) + 1, int(line), int(box.right()) - 1, int(line))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.EnabledChange:
            self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        self._leave()
        super().hideEvent(event)


def _inset(strip: Strip) -> QHBoxLayout:
    """Keeps a strip inside the frame, which is painted under it."""
    row = QHBoxLayout()
    row.setContentsMargins(1, 0, 1, 0)
    row.addWidget(strip)
    return row
