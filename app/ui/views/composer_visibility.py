"""Who will see a reply, in words, and the control that chooses it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from app.domain.interactions import Channel, Visibility
from app.ui.dialogs.parts import draw_focus
from app.ui.theme import glyphs, icons, mirroring, painting, theme

_NAMES = {
    Visibility.PUBLIC: "Public reply",
    Visibility.UNLISTED: "Unlisted reply",
    Visibility.FOLLOWERS: "Followers-only reply",
    Visibility.DIRECT: "Direct message",
}
_READERS = {
    Visibility.PUBLIC: "everyone can read it",
    Visibility.UNLISTED: "everyone can read it, it is kept out of public feeds",
    Visibility.FOLLOWERS: "your followers can read it",
    Visibility.DIRECT: "only the people named can read it",
}
_GLYPH = 18
_PAD = 6


def visibility_name(visibility: Visibility, channel: Channel) -> str:
    """ "Direct message", "Public reply"; e-mail has only itself."""
    return "E-mail" if channel is Channel.EMAIL else _NAMES[visibility]


def wider_warning(chosen: Visibility, answered: Visibility) -> str:
    """The sentence that says a reply is wider than what it answers; "" when it is not."""
    if chosen >= answered:
        return ""
    what = {
        Visibility.DIRECT: "The message you answer is direct",
        Visibility.FOLLOWERS: "The message you answer is for followers",
    }.get(answered, "The message you answer is unlisted")
    return f"{what}. With this, {_READERS[chosen]}."


class VisibilityPicker(QPushButton):
    """Channel, visibility and account in one line; a menu of the visibilities behind it."""

    picked = Signal(Visibility)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "quiet")
        self.setFixedHeight(28)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # it elides
        self.setAutoDefault(False)
        self._channel = Channel.MASTODON
        self._account = ""
        self._offered: tuple[Visibility, ...] = ()
        self._answered = Visibility.PUBLIC
        self._chosen = Visibility.PUBLIC
        self.clicked.connect(self._open_menu)

    def offer(
        self,
        channel: Channel,
        account: str,
        offered: tuple[Visibility, ...],
        *,
        answered: Visibility,
        chosen: Visibility,
    ) -> None:
        """Show what this account can do, and how wide the answered message is."""
        self._channel, self._account, self._offered = channel, account, offered
        self._answered = answered
        self.choose(chosen)

    def choose(self, visibility: Visibility) -> None:
        self._chosen = visibility
        name = visibility_name(visibility, self._channel)
        self.setAccessibleName(f"{name} on {self._channel.label} as {self._account}")
        self.setToolTip(f"{self._channel.label}: {_READERS[visibility]}")
        self.updateGeometry()
        self.update()

    def chosen(self) -> Visibility:
        return self._chosen

    def menu_actions(self, menu: QMenu) -> list[QAction]:
        """One checkable entry a visibility; the wider ones say so."""
        group = QActionGroup(menu)
        actions = []
        for visibility in self._offered:
            text = visibility_name(visibility, self._channel)
            if visibility < self._answered:
                text += ", wider than the message"
            action = QAction(text, menu, checkable=True)
            action.setData(int(visibility))
            action.setChecked(visibility is self._chosen)
            group.addAction(action)
            menu.addAction(action)
            actions.append(action)
        group.triggered.connect(self._take)
        return actions

    def _has_choice(self) -> bool:
        return len(self._offered) > 1

    @Slot()
    def _open_menu(self) -> None:
        if not self._has_choice():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menu_actions(menu)
        corner = self.mapToGlobal(QPoint(self.width() - menu.sizeHint().width(), self.height() + 2))
        menu.popup(corner)

    @Slot(QAction)
    def _take(self, action: QAction) -> None:
        self.choose(Visibility(action.data()))
        self.picked.emit(self._chosen)

    def _parts(self) -> tuple[str, str]:
        account = f"as {self._account}" if self._account else ""
        return visibility_name(self._chosen, self._channel), account

    def sizeHint(self) -> QSize:
        name, account = self._parts()
        width = QFontMetrics(theme().font("snippet", 500)).horizontalAdvance(name)
        width += QFontMetrics(theme().font("snippet")).horizontalAdvance(account)
        return QSize(_PAD + _GLYPH + 6 + width + 6 + 6 + 14 + _PAD, 28)

    def minimumSizeHint(self) -> QSize:
        return QSize(_PAD + _GLYPH + 60, 28)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme()
        box = QRectF(self.rect())
        mirroring.mirror(painter, box)
        if self.underMouse() and self.isEnabled() and self._has_choice():
            painting.fill_rounded(painter, box.adjusted(0, 1, 0, -1), 6, colours.colour("hover"))
        if self.hasFocus():
            draw_focus(painter, box, 7)
        glyph = QRectF(_PAD, (box.height() - _GLYPH) / 2, _GLYPH, _GLYPH)
        glyphs.draw_channel(painter, glyph, self._channel)
        name, account = self._parts()
        left = glyph.right() + 6
        room = box.width() - left - (14 + _PAD + 4)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        for text, weight, colour in ((name, 500, "text"), (account, 400, "text-3")):
            font = colours.font("snippet", weight)
            shown = painting.elided(text, font, max(0.0, room))
            width = painting.metrics(font).horizontalAdvance(shown)
            painter.setFont(font)
            painter.setPen(colours.colour(colour if self.isEnabled() else "text-off"))
            mirroring.draw_words(painter, QRectF(left, 0, width + 2, box.height()), middle, shown)
            left += width + 6
            room -= width + 6
        if self._has_choice():
            chevron = QRectF(box.right() - _PAD - 14, (box.height() - 14) / 2, 14, 14)
            icons.draw(painter, "chevron-down", chevron, colours.colour("text-3"))
