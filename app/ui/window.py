"""The main window: five columns over one workspace, and who tells whom what.

Nothing here reads or writes: it asks the services through the bridge, and passes on what the
views ask for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QStackedWidget, QWidget

from app.domain.cases import Status
from app.domain.changes import ChangeSet
from app.domain.clock import to_ms
from app.domain.departments import Agent
from app.domain.errors import SeamlineError
from app.domain.ids import CaseId, CustomerId, InteractionKey, OutboxId
from app.domain.outbox import OutboxItem
from app.domain.views import (
    CaseRow,
    CaseView,
    OutboxEntry,
    QueueCounts,
    QueueName,
    QueueRef,
)
from app.services.noticing import News
from app.services.notification_settings import About
from app.ui.actions import MENUS, TABLE, Actions, present_keys, shown_keys
from app.ui.after_painting import AfterPainting
from app.ui.bridge import UiBridge
from app.ui.case_actions import CaseActions
from app.ui.columns import Columns
from app.ui.commands import Commands
from app.ui.insights_place import InsightsPlace
from app.ui.keymap import keys_in_force
from app.ui.later import later
from app.ui.list_deeds import ListDeeds
from app.ui.list_settings import ListSettings
from app.ui.lock_place import Place, come_back, place_of, read_place, written
from app.ui.models.sidebar_model import SidebarModel
from app.ui.notices import DesktopNotifier
from app.ui.notifying import Notifying
from app.ui.preferences import Preferences
from app.ui.sheets import Sheets
from app.ui.theme import theme_manager
from app.ui.views.banner import OfflineBanner
from app.ui.views.case_list import CaseListPane
from app.ui.views.outbox import OutboxPane
from app.ui.views.sidebar import Sidebar
from app.ui.views_desk import ViewsDesk
from app.ui.window_memory import WindowMemory, WindowShape
from app.ui.workspace_status import WorkspaceStatus

if TYPE_CHECKING:  # imported when first wanted
    from app.services.services import Services
    from app.services.syncing import Connection
    from app.ui.dialogs.palette_model import Command
    from app.ui.middle import Middle
    from app.ui.views.customer_panel import CustomerPanel
    from app.ui.views.desk import Desk
    from app.ui.views.notice import Notice

_PLACE = "ui-place"
_SMALLEST = (540, 480)
_USUAL = (1440, 900)
_MIDDLE_AFTER_MS = 1_500
"""At the latest; usually it is built once the first list is painted."""


class ConsoleWindow(QMainWindow):
    """The console of one workspace. ``start`` reads and shows it.

    ``sample_requested``, ``own_requested``: show the other workspace instead; ``lock_requested``:
    show nothing of this one until it is unlocked; ``window_requested`` (a Place): show that in a
    window beside this one. ``closed``: it stands nowhere any more.

    ``memory`` gives and keeps its shape; a window that ``begins_at`` a place is one beside the
    first, and keeps neither its shape nor its place.
    """

    sample_requested = Signal()
    own_requested = Signal()
    lock_requested = Signal()
    window_requested = Signal(object)
    closed = Signal()

    def __init__(
        self,
        services: Services,
        bridge: UiBridge,
        parent: QWidget | None = None,
        *,
        memory: WindowMemory | None = None,
        begins_at: Place | None = None,
    ) -> None:
        super().__init__(parent)
        self._memory = memory
        self._begins_at = begins_at
        self.services = services
        self.bridge = bridge
        self._counts: QueueCounts | None = None
        self._middle: Middle | None = None
        self._chosen: list[CaseRow | None] = []
        self._queue = QueueRef(QueueName.MY_WORK)
        self.setMinimumSize(*_SMALLEST)
        self.resize(*_USUAL)
        self.case_actions = CaseActions(services, bridge, self)
        self.insights = InsightsPlace(self)
        self.sheets = Sheets(services, bridge, self, self.case_actions.decided, self.open_customer)
        self.named_actions = Actions(self, Commands(self).handlers())
        self._build()
        self._preferences = Preferences(services.directory, bridge, self)
        self.status = WorkspaceStatus(services, bridge, self)
        self.notifying = Notifying(services, bridge, DesktopNotifier(self), self)
        self._unread = 0
        self._connect()
        self._case_at_hand(None)
        self._list_deeds = ListDeeds(self)
        self.views = ViewsDesk(self)
        self.list_settings = ListSettings(self)
        self._shape = memory.read() if memory is not None else None
        self.is_restored = self._shape is not None and self.restoreGeometry(self._shape.geometry)
        """Whether it stands where it stood before."""

    def start(self) -> None:
        """Show the workspace: names, counts, accounts, connection and my work."""
        self._preferences.apply()
        if self._shape is not None:
            self.columns.set_list_width(self._shape.list_width)
        self._show_workspace()
        self.status.start()
        if self._begins_at is None:  # one window tells it
            self.notifying.start()
        self.views.start()
        self.list_settings.start()
        place = self._begins_at or read_place(self.services.directory.setting(_PLACE))
        if place is not None:
            come_back(self, place)
        else:
            self.go(self._queue)
        self.case_list.rows.setFocus()
        self._build_middle_after_painting()

    @property
    def queue(self) -> QueueRef:
        """The queue in the second column."""
        return self._queue

    def now_ms(self) -> int:
        return to_ms(self.services.clock.now())

    # Building ---------------------------------------------------------------------------------

    def _build(self) -> None:
        services, bridge = self.services, self.bridge
        directory = services.directory
        self.sidebar_model = SidebarModel(directory.departments(), directory.me().department, self)
        self.sidebar = Sidebar(self.sidebar_model, self.now_ms, self._menu(), self)
        self.banner = OfflineBanner(self.now_ms, self)
        self.case_list = CaseListPane(
            services.queues, bridge, self.now_ms, directory.department, self
        )
        self.outbox = OutboxPane(services.queues, services.replies, bridge, self.now_ms, self)
        self._lists = QStackedWidget(self)
        self._lists.addWidget(self.case_list)
        self._lists.addWidget(self.outbox)
        self.columns = Columns(
            sidebar=self.sidebar, banner=self.banner, lists=self._lists, parent=self
        )
        self.setCentralWidget(self.columns)

    def _menu(self) -> QMenu:
        """All actions in one menu beneath the workspace's name; on macOS in the menu bar too."""
        menu = QMenu(self)
        bar = self.menuBar()
        native = bar.isNativeMenuBar()
        for title in MENUS:
            part = menu.addMenu(title)
            self.named_actions.fill(part, title)
            if native:
                bar.addMenu(part)
        bar.setVisible(native)
        return menu

    def _connect(self) -> None:
        self.bridge.committed.connect(self._committed)
        self.bridge.failed.connect(self._complain)
        self.status.counted.connect(self._show_counts)
        self.status.accounts_read.connect(self.sidebar.accounts.show_accounts)
        self.status.connected.connect(self._show_connection)
        self.notifying.counted.connect(self._show_unread)
        self.notifying.opened.connect(self._open_news)
        theme_manager().changed.connect(self._theme_changed)
        keys_in_force().changed.connect(self._keys_changed)
        self._keys_changed()
        self.sidebar.queue_chosen.connect(self.go)
        self.sidebar.queues.insights_chosen.connect(self.insights.open)
        self.columns.covered.connect(self.insights.covered)
        self.sidebar.search_requested.connect(self.open_palette)
        self.sidebar.accounts_requested.connect(self.sheets.accounts)
        self.sidebar.me_requested.connect(self.open_me)
        self.sidebar.settings_requested.connect(self.sheets.settings)
        self.case_list.case_chosen.connect(self._case_chosen)
        self.case_list.answer_requested.connect(self._answer)
        self.case_list.rows.clicked.connect(self._row_clicked)
        self.outbox.rows.clicked.connect(self._row_clicked)
        self.case_list.take_next.connect(self.case_actions.take_next)
        self.outbox.entry_chosen.connect(self._entry_chosen)
        self.outbox.edit_requested.connect(self._edit)
        self.outbox.settle_requested.connect(self.sheets.uncertain)
        self.banner.try_now.connect(self.try_connection)
        self.columns.drawer_changed.connect(self._drawer_changed)
        self.case_actions.said.connect(self._say)
        self.case_actions.restored.connect(self._edit)
        self.case_actions.revealed.connect(self._reveal)

    # The middle -------------------------------------------------------------------------------

    @property
    def desk(self) -> Desk:
        """Where a conversation is read and answered."""
        return self._whole().desk

    @property
    def panel(self) -> CustomerPanel:
        """Who the customer is."""
        return self._whole().panel

    @property
    def notice(self) -> Notice:
        """A word about what was just done."""
        return self._whole().notice

    def _build_middle_after_painting(self) -> None:
        """In two steps, so that a key pressed meanwhile waits for neither of them longer than it
        must."""
        painted = AfterPainting(self)
        painted.due.connect(lambda: later(0, self, self._fetch_middle))
        once = Qt.ConnectionType.SingleShotConnection
        self.case_list.loader.loaded.connect(painted.start, once)
        if self._lists.currentWidget() is self.outbox:
            painted.start()
        later(_MIDDLE_AFTER_MS, self, self._whole)

    def _fetch_middle(self) -> None:
        import app.ui.middle  # noqa: F401 - so that it is there when it is built

        later(0, self, self._whole)

    def _whole(self) -> Middle:
        """The middle, built where it is not yet; then it shows what was chosen before."""
        if self._middle is None:
            from app.ui.middle import Middle

            self._middle = Middle(self)
            self.columns.furnish(self._middle.desk, self._middle.panel)
            self._connect_middle(self._middle)
            if self._chosen:
                self._case_chosen(self._chosen.pop())
        return self._middle

    def _connect_middle(self, middle: Middle) -> None:
        desk, panel = middle.desk, middle.panel
        desk.header.set_panel_button(shown=self.columns.is_drawer)
        desk.header.back.setVisible(self.columns.offers_back)
        self.columns.back_offered.connect(desk.header.back.setVisible)
        desk.header.back.clicked.connect(self.back_to_list)
        middle.notice.undo_requested.connect(self.case_actions.undo)
        desk.case_changed.connect(self._case_at_hand)
        desk.view_changed.connect(self._view_changed)
        desk.case_changed.connect(self._list_deeds.offer_many)
        desk.view_changed.connect(self._list_deeds.offer_many)
        panel.tag_requested.connect(self.named_actions["tag"].trigger)
        panel.owner_requested.connect(self.named_actions["owner"].trigger)
        panel.campaign_requested.connect(self.sheets.campaign)
        panel.belonging_changed.connect(self.case_actions.belonging_changed)
        desk.composer.sent.connect(self.case_actions.reply_sent)
        desk.composer.noted.connect(self.case_actions.decided)
        desk.composer.kept.connect(self.case_actions.reply_kept)
        desk.composer.acted_on.connect(self.case_actions.acted_on)
        desk.timeline.retry_requested.connect(self._retry)
        desk.timeline.edit_requested.connect(self._give_up_to_edit)
        desk.timeline.undo_requested.connect(self._take_back)
        desk.timeline.moods.corrected.connect(self.case_actions.say_undoable)
        desk.timeline.reply_to_requested.connect(desk.composer.answer_to)

    # Where to look ----------------------------------------------------------------------------

    def go(self, queue: QueueRef, *, select: CaseId | None = None) -> None:
        """Show a queue in the second column."""
        self._queue = queue
        self.columns.reveal(self._lists)
        self.sidebar.queues.show_chosen(queue)
        if queue.name is QueueName.OUTBOX:
            self._lists.setCurrentWidget(self.outbox)
            return
        self._lists.setCurrentWidget(self.case_list)
        view = self.views.find(queue)
        self.case_list.show_queue(
            queue,
            self.views.title_of(queue),
            select=select,
            shown=view.shows if view is not None else None,
        )
        self._show_count()

    def open_customer(
        self, customer: CustomerId, case: CaseId | None, key: InteractionKey | None = None
    ) -> None:
        """Show a customer found by searching, whatever queue they are in."""
        for late in ("reveal", "place"):  # whoever looks elsewhere now is not taken away again
            self.bridge.forget(late)
        self.case_actions.gone_elsewhere()
        if not self.case_list.expect_case(case):
            self.case_list.clear_choice()
        self.desk.show_customer(customer, case, key)
        self.columns.reveal(self.desk)

    def step(self, by: int) -> None:
        """The next or previous row of whichever list is shown."""
        if self._lists.currentWidget() is self.outbox:
            self.outbox.step(by)
        else:
            self.case_list.step(by)

    def open_palette(self, typed: str = "") -> None:
        from app.ui.dialogs.palette import open_palette

        palette = open_palette(self, typed)
        palette.open_customer.connect(self.open_customer)
        palette.reply_to.connect(self._open_to_reply)
        palette.command.connect(self._run_command)
        palette.save_asked.connect(self.views.save_search)

    def palette_commands(self) -> list[Command]:
        """What the palette offers now: every action that fits."""
        from app.ui.dialogs.palette_model import Command
        from app.ui.settings_names import SECTION_NAMES

        present = present_keys()
        actions = [
            Command(
                spec.id,
                spec.text.rstrip("…"),
                shown_keys(present[spec.id][0]) if present[spec.id] else "",
                spec.icon,
            )
            for spec in TABLE
            if self.named_actions.is_enabled(spec.id) and spec.id not in ("palette", "commands")
        ]
        return actions + [Command(one.id, one.told, icon=one.icon) for one in SECTION_NAMES]

    def _open_to_reply(self, customer: CustomerId, case: CaseId | None) -> None:
        self.open_customer(customer, case)
        self.desk.composer_at_hand().focus_reply()

    def open_me(self) -> None:
        self.sheets.me(self._me_changed)

    def open_beside(self) -> None:
        """What is at hand here, in a window of its own."""
        self.window_requested.emit(place_of(self))

    def try_connection(self) -> None:
        """Try what waits for a later try, and say what is left alone all the same."""
        if self.services.directory.is_sample():
            from app.services.syncing import NEVER_ONLINE

            self.notice.say(NEVER_ONLINE)
            return
        kept = self.services.syncing.try_now()
        if kept:
            self.notice.say(" ".join(kept))

    def panes(self) -> tuple[QWidget, ...]:
        """What F6 goes through, in order."""
        if self.insights.is_open and self.insights.page is not None:
            return (self.sidebar.queues, self.insights.page)
        rows = self.outbox.rows if self._lists.currentWidget() is self.outbox else None
        return (
            self.sidebar.queues,
            rows or self.case_list.rows,
            self.desk.timeline,
            self.desk.composer,
            self.panel,
        )

    def back_to_list(self) -> None:
        self.columns.uncover()
        self.columns.close_drawer()
        rows = self.panes()[1]
        self.columns.reveal(rows)
        rows.setFocus()

    def _answer(self) -> None:
        self.columns.reveal(self.desk)
        self.desk.composer_at_hand().focus_reply()

    def _row_clicked(self) -> None:
        """Where the list is folded a click goes on to the conversation, unless it chose several."""
        if not self.case_list.chosen():
            self.columns.reveal(self.desk)

    def _run_command(self, name: str) -> None:
        from app.ui.settings_names import named

        section = named(name)
        if section is not None:
            self.sheets.settings_of(section.title)
        else:
            self.named_actions[name].trigger()

    def _case_chosen(self, row: CaseRow | None) -> None:
        if self._middle is None:
            self._chosen = [row]
            self._case_at_hand(None if row is None else row.case)
        elif row is None:
            self.desk.show_nothing(after_list=self.case_list.is_opening)
        else:
            self.desk.show_row(row, after_list=self.case_list.is_opening)

    def _entry_chosen(self, entry: OutboxEntry) -> None:
        if entry.customer is not None:
            self.case_list.expect_case(None)
            self.case_list.clear_choice()  # out of sight it would go on, and take the desk along
            self.desk.show_customer(entry.customer, entry.item.case)

    def _reveal(self, case: CaseId) -> None:
        """Show a case that an undo brought back, wherever it is now."""
        self.bridge.ask("reveal", self.services.cases.view(case), self._show_view)
        self.case_list.expect_case(case)

    def _open_news(self, news: News) -> None:
        """A notice of the desktop was clicked: come to the front, with what it told of."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()
        if news.case is not None:
            self._reveal(news.case)
        else:
            failed = news.about is About.FAILED
            self.go(QueueRef(QueueName.OUTBOX if failed else QueueName.MY_WORK))

    def _show_view(self, view: CaseView) -> None:
        self.desk.show_customer(view.customer, view.case)

    # What to do with what has not left --------------------------------------------------------

    def _retry(self, item: str) -> None:
        self.bridge.act(self.services.replies.retry(OutboxId(item)))

    def _take_back(self, item: str) -> None:
        """Undo, while it waits."""
        taken = self.services.replies.undo_send(OutboxId(item))
        self.bridge.ask("", taken, self._edit_there)

    def _give_up_to_edit(self, item: str) -> None:
        """Edit: what waits or has failed goes back to the composer."""
        given_up = self.services.replies.edit(OutboxId(item))
        self.bridge.ask("", given_up, self._edit_there)

    def _edit_there(self, item: OutboxItem) -> None:
        """The timeline shows what is of other cases of the customer too."""
        self._edit(item)
        if item.case is not None and item.case != self.desk.case:
            self._reveal(item.case)

    def _edit(self, item: OutboxItem) -> None:
        self.columns.reveal(self.desk)
        self.desk.restore(item)

    # What changed -----------------------------------------------------------------------------

    def _committed(self, changes: ChangeSet) -> None:
        self.case_list.loader.changed(changes)
        self.outbox.changed(changes)
        if self._middle is not None:
            self._middle.desk.changed(changes)
        self.status.changed(changes)
        if changes.settings:
            self._show_workspace()

    def _show_counts(self, counts: QueueCounts) -> None:
        self._counts = counts
        self.sidebar_model.show_counts(counts)
        self._show_count()

    def _show_count(self) -> None:
        self.case_list.show_count(self.sidebar_model.count_of(self._queue), self._counts)

    def _show_unread(self, count: int) -> None:
        self._unread = count
        title = f"{self.services.directory.workspace_name()} – Seamline"
        self.setWindowTitle(f"({count}) {title}" if count else title)

    def _show_connection(self, connection: Connection) -> None:
        self.banner.show_connection(connection)

    def _show_workspace(self) -> None:
        directory = self.services.directory
        me = directory.me()
        name = directory.workspace_name()
        self._show_unread(self._unread)
        self.sidebar.show_workspace(name, sample=directory.is_sample())
        self.named_actions["own"].setEnabled(directory.is_sample())
        self.named_actions["sample"].setEnabled(not directory.is_sample())
        self.sidebar.show_me(me, directory.department(me.department))
        self.sidebar_model.show_departments(directory.departments(), me.department)

    def _me_changed(self, _agent: Agent) -> None:
        """My work is another's now, and so are the counts."""
        self._show_workspace()
        self.status.read_counts()
        self.case_list.loader.refresh()

    def _case_at_hand(self, case: CaseId | None) -> None:
        self.case_actions.case = case
        self.named_actions.set_case_at_hand(there=case is not None)

    def _view_changed(self, view: CaseView) -> None:
        """Only what fits the case is offered."""
        state = view.state
        closed, pending = not state.is_open, state.pending is not None
        for name, fits in (
            ("close", not closed),
            ("reopen", state.status not in (Status.OPEN, Status.NOISE)),
            ("accept", pending),
            ("return", pending),
            ("escalate", not closed),
            ("snooze", not closed),
            ("promise", not closed),
            ("not-noise", not closed),
        ):
            self.named_actions[name].setEnabled(fits)

    def _say(self, words: str, undoable: bool) -> None:
        self.notice.say(words, undo=undoable)

    def _complain(self, error: SeamlineError) -> None:
        self.notice.complain(error)

    def _drawer_changed(self, drawer: bool) -> None:
        if self._middle is not None:
            self._middle.desk.header.set_panel_button(shown=drawer)

    def _keys_changed(self) -> None:
        keys = present_keys()["palette"]
        self.sidebar.show_search_keys(shown_keys(keys[0]) if keys else "")

    def _theme_changed(self) -> None:
        self.named_actions.refresh_icons()
        self.sidebar.refresh_theme()
        self.columns.refresh_theme()
        self.case_list.refresh_theme()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc, where nothing nearer wants it, goes back to the list; there, the timeline is shown
        whole again."""
        if event.key() == Qt.Key.Key_Escape:
            if self.panes()[1].hasFocus() and not self.insights.is_open:
                self.desk.timeline.choice.whole()
            self.back_to_list()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nothing to ask: drafts are kept, and what waits is in the outbox."""
        self._preferences.settle()
        self.notifying.stop()
        self._remember()
        self.desk.composer.show_case(None)
        super().closeEvent(event)
        self.closed.emit()

    def _remember(self) -> None:
        """Where somebody was is kept in the workspace, the shape of the window on this machine."""
        if self._begins_at is not None:
            return
        directory, place = self.services.directory, written(place_of(self))
        if directory.setting(_PLACE) != place:
            self.bridge.act(directory.set_setting(_PLACE, place))
        if self._memory is not None:
            geometry = bytes(self.saveGeometry().data())
            self._memory.write(WindowShape(geometry, self.columns.list_width()))
