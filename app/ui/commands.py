"""What every action of the table does in a window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from app.domain.cases import Status
from app.domain.excerpt import Strand
from app.domain.ids import CaseId
from app.domain.views import QueueFilter, QueueName, QueueRef
from app.ui.access.focus_order import tab_stops
from app.ui.theme import theme, theme_manager

if TYPE_CHECKING:  # the window makes this object
    from app.ui.views.desk import Desk
    from app.ui.window import ConsoleWindow

Handler = Callable[[], None]
_TEXT_STEP = 0.1


class Commands:
    """Handlers by action id. They are looked up when an action is triggered, so the parts of
    the window may be built after it."""

    def __init__(self, window: ConsoleWindow) -> None:
        self._window = window

    def handlers(self) -> dict[str, Handler]:
        window = self._window
        sheets = window.sheets
        go = {
            f"go-{name.value}": partial(window.go, QueueRef(name))
            for name in QueueName
            if name not in (QueueName.RESPOND, QueueName.REACH_OUT, QueueName.ALL)
        }
        return go | {
            "insights": window.insights.open,
            "palette": window.open_palette,
            "commands": partial(window.open_palette, ">"),
            "connect": sheets.connect_account,
            "accounts": sheets.accounts,
            "sample": window.sample_requested.emit,
            "own": window.own_requested.emit,
            "me": window.open_me,
            "away": self._away,
            "settings": sheets.settings,
            "sync-now": window.try_connection,
            "keys": sheets.keys,
            "shortcuts": sheets.shortcuts,
            "lock": window.lock_requested.emit,
            "about": sheets.about,
            "new-window": window.open_beside,
            "quit": self._quit,
            "next": partial(window.step, 1),
            "previous": partial(window.step, -1),
            "previous-seam": self._previous_seam,
            "next-seam": self._next_seam,
            "previous-day": self._previous_day,
            "next-day": self._next_day,
            "only-marketing": partial(self._only, Strand.MARKETING),
            "only-service": partial(self._only, Strand.SERVICE),
            "only-internal": partial(self._only, Strand.INTERNAL),
            "excerpt": self._choose_excerpt,
            "only-case": self._only_case,
            "whole-timeline": self._whole_timeline,
            "next-pane": partial(self._move_pane, 1),
            "previous-pane": partial(self._move_pane, -1),
            "reply": self._reply,
            "note": self._note,
            "templates": self._offer_templates,
            "emoji": self._choose_emoji,
            "guide": self._open_guide,
            "attach": self._attach,
            "warning": self._warn,
            "readers": self._choose_readers,
            "spelling": self._next_misspelt,
            "send": self._send,
            "send-when-closed": self._send_when_closed,
            "ask-help": self._ask_for_help,
            "ask-content": self._ask_for_content,
            "ask-access": self._ask_for_access,
            "use-draft": self._use_draft,
            "comment-draft": self._comment_on_draft,
            "file-template": self._file_template,
            "decline": self._decline,
            "assign": partial(self._on_chosen, "assign", partial(self._on_case, sheets.assign)),
            "tag": partial(self._on_chosen, "tag", partial(self._on_case, sheets.tag)),
            "snooze": partial(self._on_chosen, "snooze", partial(self._on_case, sheets.snooze)),
            "promise": self._promise,
            "noise": self._noise,
            "not-noise": window.case_actions.keep,
            "escalate": partial(
                self._on_chosen, "escalate", partial(self._on_case, sheets.escalate)
            ),
            "read": partial(self._on_chosen, "read", window.case_actions.mark_read),
            "unread": self._mark_unread,
            "extend-next": partial(self._extend, 1),
            "extend-previous": partial(self._extend, -1),
            "choose-all": self._choose_all,
            "show-all": partial(self._show_only, QueueFilter.ALL),
            "show-unread": partial(self._show_only, QueueFilter.UNREAD),
            "show-due": partial(self._show_only, QueueFilter.DUE_SOON),
            "order": self._choose_order,
            "customer": self._more_about_customer,
            "standing": self._standing,
            "owner": self._owner,
            "by-hand": self._by_hand,
            "mood": self._mood,
            "journeys": self._journeys,
            "take-next": window.case_actions.take_next,
            "narrow": self._narrow,
            "save-view": self._save_view,
            "list-settings": self._list_settings,
            "accept": window.case_actions.accept,
            "return": self._give_back,
            "close": partial(self._on_chosen, "close", window.case_actions.close),
            "reopen": window.case_actions.reopen,
            "undo": window.case_actions.undo,
            "panel": self._panel,
            "scheme": self._other_scheme,
            "larger": partial(self._scale_text, _TEXT_STEP),
            "smaller": partial(self._scale_text, -_TEXT_STEP),
        }

    @staticmethod
    def _quit() -> None:
        QApplication.closeAllWindows()

    def _desk(self) -> Desk:
        """The desk in sight, also where the list lay over it."""
        self._window.columns.reveal(self._window.desk)
        return self._window.desk

    def _previous_seam(self) -> None:
        self._desk().timeline.previous_seam()

    def _next_seam(self) -> None:
        self._desk().timeline.next_seam()

    def _previous_day(self) -> None:
        self._desk().timeline.previous_day()

    def _next_day(self) -> None:
        self._desk().timeline.next_day()

    def _only(self, strand: Strand) -> None:
        self._desk().timeline.choice.strand(strand)

    def _choose_excerpt(self) -> None:
        self._desk().timeline.choice.open_menu()

    def _only_case(self) -> None:
        self._desk().timeline.choice.case()

    def _whole_timeline(self) -> None:
        self._desk().timeline.choice.whole()

    def _reply(self) -> None:
        self._desk().composer_at_hand().focus_reply()

    def _note(self) -> None:
        self._desk().composer_at_hand().focus_note()

    def _offer_templates(self) -> None:
        self._desk().composer_at_hand().offer_templates()

    def _choose_emoji(self) -> None:
        self._desk().composer_at_hand().choose_emoji()

    def _open_guide(self) -> None:
        self._desk().composer_at_hand().open_guide()

    def _next_misspelt(self) -> None:
        self._desk().composer_at_hand().next_misspelt()

    def _attach(self) -> None:
        self._desk().composer_at_hand().attach()

    def _warn(self) -> None:
        self._desk().composer_at_hand().warn()

    def _choose_readers(self) -> None:
        self._desk().composer_at_hand().choose_readers()

    def _send(self) -> None:
        self._desk().composer_at_hand().send()

    def _send_when_closed(self) -> None:
        self._desk().composer_at_hand().send_when_closed()

    def _ask_for_help(self) -> None:
        self._desk().composer_at_hand().ask_for_help()

    def _ask_for_content(self) -> None:
        self._desk().composer_at_hand().ask_for_content()

    def _ask_for_access(self) -> None:
        self._desk().composer_at_hand().ask_for_access()

    def _use_draft(self) -> None:
        self._desk().composer_at_hand().use_draft()

    def _comment_on_draft(self) -> None:
        self._desk().composer_at_hand().comment_on_draft()

    def _file_template(self) -> None:
        self._desk().composer_at_hand().file_template()

    def _decline(self) -> None:
        self._desk().composer_at_hand().decline()

    def _show_only(self, shown: QueueFilter) -> None:
        if self._window.case_list.isVisible():
            self._window.case_list.press_filter(shown)

    def _choose_order(self) -> None:
        if self._window.case_list.isVisible():
            self._window.case_list.open_order()

    def _more_about_customer(self) -> None:
        if self._window.desk.customer is not None:
            self._window.columns.open_drawer()
            self._window.panel.open_menu()

    def _standing(self) -> None:
        if self._window.desk.customer is not None:
            self._window.columns.open_drawer()
            self._window.panel.open_standing()

    def _by_hand(self) -> None:
        if self._window.desk.customer is not None:
            self._window.columns.open_drawer()
            self._window.panel.open_by_hand()

    def _journeys(self) -> None:
        self._desk().journeys.toggle()

    def _mood(self) -> None:
        self._desk().timeline.moods.choose()

    def _owner(self) -> None:
        window = self._window
        if window.desk.customer is not None:
            window.sheets.owner(window.desk.customer, window.case_actions.belonging_changed)

    def _on_case(self, sheet: Callable[[CaseId], None]) -> None:
        case = self._window.desk.case
        if case is not None:
            sheet(case)

    def _on_chosen(self, name: str, on_one: Handler) -> None:
        """What is done to all chosen conversations where there are several."""
        cases = self._window.case_list.chosen()
        if cases and self._window.case_list.isVisible():
            self._window.case_actions.many.open(name, cases, self._window)
        else:
            on_one()

    def _away(self) -> None:
        window = self._window
        window.sheets.away(lambda words: window.notice.say(words, undo=False))

    def _promise(self) -> None:
        desk = self._window.desk
        if desk.case is not None:
            self._window.sheets.promise(desk.case, desk.composer.written())

    def _noise(self) -> None:
        """Among the noise it takes back, elsewhere it sets aside: one case, or all chosen."""
        window = self._window
        cases = window.case_list.chosen()
        if not cases or not window.case_list.isVisible():
            view = window.desk.view
            if view is not None:
                window.case_actions.noise(is_noise=view.state.status is Status.NOISE)
        elif window.queue.name is QueueName.NOISE:
            window.case_actions.many.take_back(cases)
        else:
            window.case_actions.many.set_aside(cases)

    def _mark_unread(self) -> None:
        self._window.desk.mark_unread()

    def _extend(self, by: int) -> None:
        self._window.case_list.extend(by)

    def _narrow(self) -> None:
        self._window.views.narrow()

    def _list_settings(self) -> None:
        self._window.list_settings.open_menu()

    def _save_view(self) -> None:
        self._window.views.save()

    def _choose_all(self) -> None:
        if self._window.case_list.isVisible():
            self._window.case_list.choose_everything()

    def _give_back(self) -> None:
        view = self._window.desk.view
        if view is not None and view.state.pending is not None:
            directory = self._window.services.directory
            origin = directory.department(view.state.pending.origin)
            self._window.sheets.give_back(view.case, origin.name)

    def _panel(self) -> None:
        self._window.columns.toggle_drawer()

    def _move_pane(self, by: int) -> None:
        """Give the keyboard to the next of the five panes that can be seen."""
        columns = self._window.columns
        panes = [pane for pane in self._window.panes() if columns.can_show(pane)]
        here = QApplication.focusWidget()
        at = next((n for n, pane in enumerate(panes) if _holds(pane, here)), -1 if by > 0 else 0)
        pane = panes[(at + by) % len(panes)]
        columns.reveal(pane)
        _focus(pane)

    @staticmethod
    def _other_scheme() -> None:
        theme_manager().set_scheme("light" if theme().is_dark else "dark")

    @staticmethod
    def _scale_text(by: float) -> None:
        theme_manager().set_text_scale(round(theme().scale + by, 1))


def _holds(pane: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and (widget is pane or pane.isAncestorOf(widget))


def _focus(pane: QWidget) -> None:
    """A pane that takes no keyboard itself gives it to its first part that does."""
    pane.setFocus()
    if pane.hasFocus() or _holds(pane, QApplication.focusWidget()):
        return
    for stop in tab_stops([pane])[:1]:
        stop.setFocus()
