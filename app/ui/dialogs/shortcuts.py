"""Every action with its keys: choose a preset, or give one action other keys."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.ui.actions import EXTRA_KEYS, TABLE, present_keys, shown_keys, usual_keys
from app.ui.dialogs.controls import Segmented
from app.ui.dialogs.key_strokes import KeyField, draw_strokes
from app.ui.dialogs.parts import announce, button, text_label
from app.ui.dialogs.pick_model import Index, fits
from app.ui.dialogs.sheet import Sheet
from app.ui.keymap import PRESETS, Keymap, collide, is_fixed, keys_in_force
from app.ui.theme import mirroring, painting, theme

_WIDTH, _HEIGHT = 620, 620
_ROW = 30
_ID, _KEYS, _MENU = (Qt.ItemDataRole.UserRole + number for number in range(3))
_TEXTS = {spec.id: spec.text.rstrip("…") for spec in TABLE}
_PRESETS = tuple(PRESETS)


class ShortcutsSheet(Sheet):
    """The list of actions above, and below it the keys of the one that is chosen.

    A change counts at once. What else has the keys is said before they are taken from it.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, title="Shortcuts", width=_WIDTH, height=_HEIGHT)
        self.add_header("Shortcuts", "Letters act outside text fields")
        self.presets = Segmented(
            [(PRESETS[name][0], "") for name in _PRESETS], name="Keys as in", parent=self.card
        )
        self.presets.choose(_PRESETS.index(keys_in_force().keymap.preset))
        self.search = QLineEdit(self.card)
        self.search.setPlaceholderText("Find an action or its keys")
        self.search.setAccessibleName("Find an action or its keys")
        self.list = _ActionList(self.card)
        self.field = KeyField(self.card)
        self._title = text_label("", "body", weight=600, elide=True, parent=self.card)
        self.said = text_label("", "small", colour="text-2", parent=self.card)
        self.said.setWordWrap(True)
        self.take = button("Use these keys", kind="main", parent=self.card)
        self.clear = button("No keys", parent=self.card)
        self.reset = button("As the preset", parent=self.card)
        self.reset_all = button("Reset all", kind="quiet", parent=self.card)
        self._lay_out()
        self._show_rows("")
        self._connect()
        self.list.setCurrentRow(0)

    def first_focus(self) -> QWidget:
        return self.list

    def submit(self) -> None:
        if self.take.isEnabled():
            self._take_keys()

    def _lay_out(self) -> None:
        top = QVBoxLayout()
        top.setContentsMargins(22, 0, 22, 8)
        top.setSpacing(10)
        top.addWidget(self.presets)
        top.addWidget(self.search)
        self.column.addLayout(top)
        self.column.addWidget(self.list, 1)
        line = QFrame(self.card)
        line.setProperty("rule", "line")
        line.setFixedHeight(1)
        self.column.addWidget(line)
        below = QVBoxLayout()
        below.setContentsMargins(*mirroring.sides(22, 12, 16, 14))
        below.setSpacing(8)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self._title, 1)
        first.addWidget(self.field)
        first.addWidget(self.take)
        below.addLayout(first)
        second = QHBoxLayout()
        second.setSpacing(8)
        second.addWidget(self.said, 1)
        for each in (self.clear, self.reset, self.reset_all):
            second.addWidget(each)
        below.addLayout(second)
        self.column.addLayout(below)

    def _connect(self) -> None:
        self.presets.group.idClicked.connect(self._preset_chosen)
        self.search.textChanged.connect(self._show_rows)
        self.list.currentItemChanged.connect(self._show_chosen)
        self.list.edit_requested.connect(self.field.setFocus)
        self.field.pressed.connect(self._typed)
        self.field.ended.connect(self._typing_ended)
        self.field.given_up.connect(self._give_up)
        self.take.clicked.connect(self._take_keys)
        self.clear.clicked.connect(self._clear)
        self.reset.clicked.connect(self._reset)
        self.reset_all.clicked.connect(self._reset_all)
        keys_in_force().changed.connect(self._refresh)

    # The list

    @Slot(str)
    def _show_rows(self, typed: str) -> None:
        chosen, wanted = self.list.chosen(), typed.strip()
        present = present_keys()
        self.list.clear()
        for spec in TABLE:
            text = _TEXTS[spec.id]
            shown = [shown_keys(keys) for keys in present[spec.id]]
            if fits(text, wanted) or wanted.lower() in (keys.lower() for keys in shown):
                self.list.add(spec.id, text, spec.menu, shown)
        if not self.list.choose(chosen):
            self.list.setCurrentRow(0)

    @Slot()
    def _show_chosen(self) -> None:
        name = self.list.chosen()
        self._title.setText(_TEXTS.get(name, ""))
        self.field.setAccessibleName(f"Keys for {_TEXTS.get(name, 'nothing')}")
        self.field.setEnabled(bool(name))
        self._give_up(stay=True)

    @Slot()
    def _refresh(self) -> None:
        self._show_rows(self.search.text())
        self.presets.choose(_PRESETS.index(keys_in_force().keymap.preset))

    # Other keys for one action

    @Slot()
    def _typed(self) -> None:
        """Say what else has these keys, before anything is taken from it."""
        name, keys = self.list.chosen(), self.field.keys()
        said, wrong = _verdict(name, keys)
        self.said.setText(said)
        self.said.set_colour("danger" if wrong else "warn" if said else "text-2")
        announce(self.said, said)
        present = present_keys()
        self.take.setEnabled(bool(name and keys) and not wrong and (keys,) != present[name])
        self.take.setText("Take them" if said and not wrong else "Use these keys")
        self.clear.setEnabled(bool(name and present[name]))
        self.reset.setEnabled(name in keys_in_force().keymap.changes)
        self.reset_all.setEnabled(keys_in_force().keymap != Keymap())

    @Slot()
    def _typing_ended(self) -> None:
        if self.take.isEnabled() and self.field.hasFocus():
            self.take.setFocus()

    @Slot()
    def _give_up(self, *, stay: bool = False) -> None:
        present = present_keys().get(self.list.chosen(), ())
        self.field.show_keys(present[0] if present else "")
        self._typed()
        if not stay:
            self.list.setFocus()

    @Slot()
    def _take_keys(self) -> None:
        self._change(keys_in_force().keymap.with_keys(self.list.chosen(), (self.field.keys(),)))

    @Slot()
    def _clear(self) -> None:
        self._change(keys_in_force().keymap.with_keys(self.list.chosen(), ()))

    @Slot()
    def _reset(self) -> None:
        self._change(keys_in_force().keymap.without_change(self.list.chosen()))

    @Slot()
    def _reset_all(self) -> None:
        self._change(Keymap())

    @Slot(int)
    def _preset_chosen(self, choice: int) -> None:
        """Another preset begins afresh: changes were made to fit the one before."""
        keys_in_force().use(Keymap(_PRESETS[choice]))

    def _change(self, keymap: Keymap) -> None:
        keys_in_force().use(keymap)
        self.list.setFocus()


class _ActionList(QListWidget):
    """``edit_requested``: Enter, F2 or a double click on an action."""

    edit_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Actions")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(_Delegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.itemDoubleClicked.connect(self._asked)

    def add(self, name: str, text: str, menu: str, keys: list[str]) -> None:
        item = QListWidgetItem(text, self)
        item.setData(_ID, name)
        item.setData(_KEYS, keys)
        item.setData(_MENU, menu)
        spoken = " or ".join(keys) or "no keys"
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{text}, {spoken}")

    def chosen(self) -> str:
        """The id of the current action, "" where nothing is listed."""
        item = self.currentItem()
        return str(item.data(_ID)) if item is not None else ""

    def choose(self, name: str) -> bool:
        """Make an action current; False where it is not listed."""
        for row in range(self.count()):
            if self.item(row).data(_ID) == name:
                self.setCurrentRow(row)
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enters = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)
        if enters and not event.modifiers():
            self.edit_requested.emit()
            return
        super().keyPressEvent(event)

    @Slot()
    def _asked(self) -> None:
        self.edit_requested.emit()


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(100, theme().scaled(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = theme()
        data = index.data
        box = QRectF(option.rect).adjusted(12, 0, -12, 0)
        painter.save()
        mirroring.mirror(painter, box)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            ground = look.colour("accent-tint" if chosen else "hover")
            painting.fill_rounded(painter, box, 7, ground)
        if chosen and option.state & QStyle.StateFlag.State_HasFocus:
            painting.draw_focus_ring(painter, box, 7)
        right = box.right() - 10
        for keys in reversed(data(_KEYS)):
            right = draw_strokes(painter, right, box, keys) - 10
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        left = box.left() + 10
        font = look.font("body", 500 if chosen else 400)
        text = painting.elided(data(Qt.ItemDataRole.DisplayRole), font, right - left - 90)
        painter.setFont(font)
        painter.setPen(look.colour("text"))
        place = QRectF(left, box.top(), right - left, box.height())
        mirroring.draw_words(painter, place, middle, text)
        left += painting.metrics(font).horizontalAdvance(text) + 8
        painter.setFont(look.font("small"))
        painter.setPen(look.colour("text-3"))
        place = QRectF(left, box.top(), 90, box.height())
        mirroring.draw_words(painter, place, middle, data(_MENU))
        painter.restore()


def _verdict(name: str, keys: str) -> tuple[str, bool]:
    """What taking the keys would do, in a sentence, and whether they cannot be taken."""
    if not name or not keys:
        return ("", False)
    shown = shown_keys(keys)
    if is_fixed(keys) or any(collide(keys, extra) for extra, _ in EXTRA_KEYS):
        return (f"{shown} belongs to lists, fields and sheets. Press other keys.", True)
    present = present_keys()
    losing = {
        other: [each for each in held if not collide(keys, each)]
        for other, held in present.items()
        if other != name and other in usual_keys() and any(collide(keys, each) for each in held)
    }
    if not losing:
        return ("", False)
    names = " and ".join(f"“{_TEXTS[other]}”" for other in losing)
    without = [other for other, left in losing.items() if not left]
    if not without:
        return (f"{shown} is {names} now, which keeps its other keys.", False)
    return (f"{shown} is {names} now, which would have no keys left.", False)
