"""Every action of the window: one table gives its text, keys, icon and menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.records import dataclass
from app.ui.keymap import Keys, keys_in_force
from app.ui.theme import icons


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """``keys``: portable key sequences, the first one shown. A single letter acts only outside
    text fields: Qt lets a field that takes text override it."""

    id: str
    text: str
    menu: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    needs_case: bool = False
    starts_group: bool = False


TABLE: tuple[ActionSpec, ...] = (
    ActionSpec("palette", "Search everything", "Workspace", ("Ctrl+K",), "search"),
    ActionSpec("commands", "All commands", "Workspace", ("Ctrl+Shift+P",), "terminal"),
    ActionSpec("connect", "Connect an account…", "Workspace", ("Ctrl+Shift+A",), "plug",
               starts_group=True),
    ActionSpec("accounts", "Accounts and saved searches…", "Workspace", ("G, A",), "at-sign"),
    ActionSpec("me", "My name and department…", "Workspace", ("G, M",), "circle-user"),
    ActionSpec("away", "Away, or back…", "Workspace", ("G, Y",), "plane"),
    ActionSpec("settings", "Settings…", "Workspace", ("Ctrl+,",), "settings"),
    ActionSpec("sync-now", "Try the connection now", "Workspace", ("F5",), "refresh-cw"),
    ActionSpec("own", "My workspace", "Workspace", ("G, H",), "book-open", starts_group=True),
    ActionSpec("sample", "Sample workspace", "Workspace", ("G, X",), "book-open"),
    ActionSpec("keys", "All keys", "Workspace", ("?",), "keyboard", starts_group=True),
    ActionSpec("shortcuts", "Shortcuts…", "Workspace", ("Ctrl+/",), "keyboard"),
    ActionSpec("lock", "Lock now", "Workspace", ("Ctrl+L",), "lock", starts_group=True),
    ActionSpec("about", "About Seamline…", "Workspace", ("Ctrl+F1",), "info"),
    ActionSpec("new-window", "Open in a new window", "Workspace", ("Ctrl+Shift+N",),
               "app-window", starts_group=True),
    ActionSpec("quit", "Quit", "Workspace", ("Ctrl+Q",), ""),
    ActionSpec("go-my-work", "My work", "Go", ("G, W",), "circle-user"),
    ActionSpec("go-unassigned", "Unassigned", "Go", ("G, U",), "inbox"),
    ActionSpec("go-escalated", "Escalated to us", "Go", ("G, E",), "corner-up-left"),
    ActionSpec("go-snoozed", "Snoozed", "Go", ("G, S",), "alarm-clock"),
    ActionSpec("go-outbox", "Outbox", "Go", ("G, O",), "send"),
    ActionSpec("go-closed", "Closed", "Go", ("G, C",), "archive"),
    ActionSpec("go-noise", "Noise", "Go", ("G, N",), "funnel-x"),
    ActionSpec("insights", "Insights", "Go", ("G, I",), "chart-no-axes-column"),
    ActionSpec("next", "Next conversation", "Go", ("J",), "chevron-down", starts_group=True),
    ActionSpec("previous", "Previous conversation", "Go", ("K",), "chevron-up"),
    ActionSpec("extend-next", "Choose the next too", "Go", ("Shift+J",)),
    ActionSpec("extend-previous", "Choose the previous too", "Go", ("Shift+K",)),
    ActionSpec("choose-all", "Choose the whole list", "Go", ("Ctrl+A",), "list-checks"),
    ActionSpec("previous-seam", "Previous seam", "Go", ("[",), "", starts_group=True),
    ActionSpec("next-seam", "Next seam", "Go", ("]",), ""),
    ActionSpec("previous-day", "Previous day", "Go", ("Alt+Up",), ""),
    ActionSpec("next-day", "Next day", "Go", ("Alt+Down",), ""),
    ActionSpec("next-pane", "Next pane", "Go", ("F6",), "", starts_group=True),
    ActionSpec("previous-pane", "Previous pane", "Go", ("Shift+F6",), ""),
    ActionSpec("reply", "Reply", "Case", ("R",), "corner-up-left", needs_case=True),
    ActionSpec("note", "Internal note", "Case", ("N",), "lock", needs_case=True),
    ActionSpec("templates", "Templates", "Case", ("Ctrl+T",), "layout-template", needs_case=True),
    ActionSpec("emoji", "Emoji…", "Case", ("Ctrl+.",), "smile", needs_case=True),
    ActionSpec("guide", "Guide", "Case", ("Ctrl+G",), "book-marked", needs_case=True),
    ActionSpec("attach", "Attach pictures…", "Case", ("Ctrl+Shift+I",), "paperclip",
               needs_case=True),
    ActionSpec("warning", "Content warning", "Case", ("Ctrl+Shift+W",), "triangle-alert",
               needs_case=True),
    ActionSpec("readers", "Who can read it…", "Case", ("Ctrl+Shift+E",), "eye", needs_case=True),
    ActionSpec("spelling", "Next misspelt word", "Case", ("F7",), "spell-check", needs_case=True),
    ActionSpec("send", "Send what is written", "Case", ("Ctrl+Shift+Return",), "send",
               needs_case=True),
    ActionSpec("send-when-closed", "Send when the case is closed", "Case",
               ("Ctrl+Alt+Return",), "alarm-clock", needs_case=True),
    ActionSpec("ask-help", "Ask for help writing…", "Case", ("Ctrl+Shift+H",), "message-circle",
               needs_case=True, starts_group=True),
    ActionSpec("ask-content", "Ask for content…", "Case", ("Ctrl+Shift+C",), "image",
               needs_case=True),
    ActionSpec("ask-access", "Ask for access or a tool…", "Case", ("Ctrl+Shift+R",), "key-round",
               needs_case=True),
    ActionSpec("use-draft", "Use what was drafted", "Case", ("Ctrl+Shift+U",), "pencil",
               needs_case=True),
    ActionSpec("comment-draft", "Comment on the draft…", "Case", ("Ctrl+Shift+K",), "lock",
               needs_case=True),
    ActionSpec("file-template", "File as template…", "Case", ("Ctrl+Shift+T",), "layout-template",
               needs_case=True),
    ActionSpec("decline", "Decline what is asked…", "Case", ("Ctrl+Shift+D",), "x",
               needs_case=True),
    ActionSpec("assign", "Assign…", "Case", ("A",), "user-plus", needs_case=True,
               starts_group=True),
    ActionSpec("tag", "Tag…", "Case", ("T",), "tag", needs_case=True),
    ActionSpec("snooze", "Snooze…", "Case", ("S",), "alarm-clock", needs_case=True),
    ActionSpec("promise", "Promise…", "Case", ("P",), "handshake", needs_case=True),
    ActionSpec("escalate", "Escalate", "Case", ("E",), "arrow-up-right", needs_case=True),
    ActionSpec("accept", "Accept", "Case", ("Y",), "check", needs_case=True),
    ActionSpec("return", "Return…", "Case", ("B",), "corner-up-left", needs_case=True),
    ActionSpec("read", "Mark read", "Case", ("Shift+U",), "mail-open", needs_case=True,
               starts_group=True),
    ActionSpec("unread", "Mark unread", "Case", ("U",), "mail", needs_case=True),
    ActionSpec("close", "Close", "Case", ("C",), "check", needs_case=True, starts_group=True),
    ActionSpec("reopen", "Reopen", "Case", ("O",), "rotate-ccw", needs_case=True),
    ActionSpec("noise", "Noise, or not", "Case", ("X",), "funnel-x", needs_case=True),
    ActionSpec("not-noise", "No noise", "Case", ("Shift+X",), "funnel", needs_case=True),
    ActionSpec("take-next", "Take the next one", "Case", ("Shift+T",), "inbox",
               starts_group=True),
    ActionSpec("customer", "More about this customer…", "Case", ("M",), "ellipsis"),
    ActionSpec("standing", "Marketing standing…", "Case", ("Shift+M",), "megaphone"),
    ActionSpec("owner", "Who holds the relationship…", "Case", ("Shift+A",), "user-check"),
    ActionSpec("by-hand", "Log a call, a meeting, a letter or a visit…", "Case", ("L",), "phone"),
    ActionSpec("mood", "Mood of the message…", "Case", ("Ctrl+M",), "smile"),
    ActionSpec("undo", "Undo", "Case", ("Ctrl+Z",), "undo-2", starts_group=True),
    ActionSpec("show-all", "All of the list", "View", ("1",), "list"),
    ActionSpec("show-unread", "Only unread", "View", ("2",), "mail"),
    ActionSpec("show-due", "Only due soon", "View", ("3",), "clock"),
    ActionSpec("order", "Order of the list…", "View", ("Shift+S",), "arrow-up-down"),
    ActionSpec("narrow", "Filter the list…", "View", ("F",), "list-filter"),
    ActionSpec("list-settings", "List settings…", "View", ("Shift+F",), "sliders-horizontal"),
    ActionSpec("save-view", "Save as view…", "View", ("Ctrl+S",), "bookmark"),
    ActionSpec("only-marketing", "Timeline: only marketing", "View", ("Alt+1",), "megaphone",
               starts_group=True),
    ActionSpec("only-service", "Timeline: only service", "View", ("Alt+2",), "message-circle"),
    ActionSpec("only-internal", "Timeline: only internal", "View", ("Alt+3",), "lock"),
    ActionSpec("only-case", "Timeline: only this case", "View", ("Alt+4",), "ticket-plus",
               needs_case=True),
    ActionSpec("excerpt", "Timeline: show only…", "View", ("Alt+5",), "list-filter"),
    ActionSpec("whole-timeline", "Timeline: show everything", "View", ("Alt+0",), "list"),
    ActionSpec("journeys", "Journeys over the timeline", "View", ("Ctrl+J",), "route"),
    ActionSpec("panel", "Customer panel", "View", ("Ctrl+I",), "panel-right", starts_group=True),
    ActionSpec("scheme", "Light or dark", "View", ("Ctrl+Shift+L",), "sun-moon"),
    ActionSpec("larger", "Larger text", "View", ("Ctrl++", "Ctrl+="), "a-large-small"),
    ActionSpec("smaller", "Smaller text", "View", ("Ctrl+-",), "a-large-small"),
)  # fmt: skip

MENUS = ("Workspace", "Go", "Case", "View")

_ON_CONVERSATIONS = frozenset((
    "next", "previous", "extend-next", "extend-previous", "choose-all", "previous-seam",
    "next-seam", "previous-day", "next-day", "narrow", "list-settings", "save-view", "panel",
    "only-marketing", "only-service", "only-internal", "excerpt", "whole-timeline",
    "show-all", "show-unread", "show-due", "order", "customer", "standing", "owner",
    "mood", "journeys", "by-hand",
))  # fmt: skip
"""What acts on the list or the timeline without needing a case."""

EXTRA_KEYS: tuple[tuple[str, str], ...] = (
    ("Down", "Next row"),
    ("Up", "Previous row"),
    ("Ctrl+Return", "Send"),
    (":", "Emoji by name, while writing"),
    ("@", "Name a colleague, in a note"),
    ("/", "Templates, in an empty reply"),
    ("Esc", "Back to the list; there, choose only one"),
    ("Shift+F10", "Menu of the row"),
    ("F2", "Rename the saved view"),
    ("Alt+Shift+Up", "Move the saved view up"),
    ("Alt+Shift+Down", "Move the saved view down"),
    ("Del", "Delete the saved view"),
)
"""Keys that belong to one part of the window and so are no actions, for the list of all keys."""


class Actions(QObject):
    """The window's QActions by id, and the menus made of them. Their keys follow the keymap.

    An icon is drawn when its action is first asked for or its menu is first opened: drawing all of
    them took a third of building the window.
    """

    def __init__(self, window: QWidget, handlers: Mapping[str, Callable[[], None]]) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        self._drawn: set[str] = set()
        self._specs = {spec.id: spec for spec in TABLE}
        self._on_conversations = QActionGroup(self)
        self._on_conversations.setExclusive(False)
        for spec in TABLE:
            action = QAction(spec.text, window)
            action.setObjectName(spec.id)
            action.setData(spec.icon)  # for whoever draws it in another colour
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.triggered.connect(handlers[spec.id])
            window.addAction(action)
            if spec.needs_case or spec.id in _ON_CONVERSATIONS:
                self._on_conversations.addAction(action)
            self._actions[spec.id] = action
        self._follow_keys()
        keys_in_force().changed.connect(self._follow_keys)

    def __getitem__(self, name: str) -> QAction:
        self._draw_icon(name)
        return self._actions[name]

    def is_enabled(self, name: str) -> bool:
        return self._actions[name].isEnabled()

    @Slot()
    def _follow_keys(self) -> None:
        for name, keys in present_keys().items():
            action = self._actions[name]
            action.setShortcuts([QKeySequence(each) for each in keys])
            action.setToolTip(tooltip(self._specs[name], keys))

    def refresh_icons(self) -> None:
        """Draw the icons again in the colours of the current theme."""
        drawn, self._drawn = self._drawn, set()
        for name in drawn:
            self._draw_icon(name)

    def _draw_icon(self, name: str) -> None:
        if name not in self._drawn:
            self._drawn.add(name)
            if symbol := self._specs[name].icon:
                self._actions[name].setIcon(icons.icon(symbol))

    def _draw_icons_of(self, title: str) -> None:
        for spec in TABLE:
            if spec.menu == title:
                self._draw_icon(spec.id)

    def set_case_at_hand(self, *, there: bool) -> None:
        """Enable or disable what needs a case."""
        for name, spec in self._specs.items():
            if spec.needs_case:
                self._actions[name].setEnabled(there)

    def set_conversations_shown(self, *, shown: bool) -> None:
        """Nothing is done to a conversation that something else covers: its keys rest."""
        self._on_conversations.setEnabled(shown)

    def fill(self, menu: QMenu, title: str) -> None:
        """Add the actions of one of ``MENUS`` to a menu."""
        menu.aboutToShow.connect(partial(self._draw_icons_of, title))
        for spec in TABLE:
            if spec.menu != title:
                continue
            if spec.starts_group:
                menu.addSeparator()
            menu.addAction(self._actions[spec.id])


def usual_keys() -> dict[str, Keys]:
    """Every action with the keys it has where nobody changed any."""
    return {spec.id: spec.keys for spec in TABLE}


def present_keys() -> dict[str, Keys]:
    """Every action with the keys it has now."""
    return keys_in_force().keymap.in_force(usual_keys())


def tooltip(spec: ActionSpec, keys: Keys) -> str:
    """ "Escalate (E)"."""
    text = spec.text.rstrip("…")
    return f"{text} ({shown_keys(keys[0])})" if keys else text


def shown_keys(keys: str) -> str:
    """Keys as this platform writes them: "Ctrl+K", or "⌘K" on macOS; "G then W"."""
    native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    return native.replace(", ", " then ")


def key_table() -> tuple[tuple[str, str], ...]:
    """(keys in force, what they do) for the list of all keys."""
    present = present_keys()
    listed = tuple(
        (shown_keys(present[spec.id][0]), spec.text.rstrip("…"))
        for spec in TABLE
        if present[spec.id]
    )
    return listed + tuple((shown_keys(keys), text) for keys, text in EXTRA_KEYS)
