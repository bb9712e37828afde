"""A console over a real workspace, its network standing still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.departments import CARE
from app.domain.ids import AccountId
from app.domain.interactions import Channel
from app.domain.views import AccountState, AccountView
from app.services.absences import Absences
from app.services.by_hand import ByHand
from app.services.campaigns import Campaigns
from app.services.departments import Departments
from app.services.drifting import Drifting
from app.services.guard import Guard
from app.services.guidance import Guiding
from app.services.importing import Importing
from app.services.insights import Insights
from app.services.journeys import Paths
from app.services.many import ManyCases
from app.services.matching import Matching
from app.services.mood import Moods
from app.services.noise import Noise
from app.services.pictures import Pictures
from app.services.presence import Presence
from app.services.promise_preview import PromisePreview
from app.services.promises import Promises
from app.services.requests import Requests
from app.services.routing_rules import RoutingRules
from app.services.services import Services
from app.services.settings_file import SettingsFile
from app.services.templates import Templates
from app.services.views import SavedViews
from app.sync.connectivity import Connection
from app.ui.bridge import UiBridge
from app.ui.window import ConsoleWindow
from tests.services.desk import Desk, make_desk
from tests.store.building import said
from tests.ui.driving import shown_window

ONLINE = Connection(online=True, since_ms=0)


@dataclass
class StillSyncing:
    """Syncing as the screen sees it, with no network behind it."""

    state: Connection = ONLINE
    tries: int = 0
    rests: tuple[str, ...] = ()
    """What ``try_now`` says of services that asked for a rest."""
    started: bool = False
    listeners: list[Callable[[], None]] = field(default_factory=list)

    def connection(self) -> Connection:
        return self.state

    def start(self) -> None:
        self.started = True

    def try_now(self) -> tuple[str, ...]:
        self.tries += 1
        return self.rests

    def on_change(self, listener: Callable[[], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def become(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)
        for listener in self.listeners:
            listener()


def account_view(**changes: Any) -> AccountView:
    view = AccountView(
        account=AccountId(1),
        channel=Channel.MASTODON,
        server="https://social.example",
        native_id="1",
        handle="@halden",
        name="Halden Coffee",
        owner=CARE,
        state=AccountState.UP_TO_DATE,
        message="",
        until_ms=None,
        synced_ms=None,
        history_since_ms=None,
        fetched=0,
    )
    return replace(view, **changes)


class ListedAccounts:
    """Accounts as the strip asks for them."""

    def __init__(self) -> None:
        self.views: tuple[AccountView, ...] = (account_view(),)

    def connectable(self) -> tuple[Channel, ...]:
        return (Channel.MASTODON, Channel.BLUESKY)

    def list(self) -> Future[tuple[AccountView, ...]]:
        future: Future[tuple[AccountView, ...]] = Future()
        future.set_result(self.views)
        return future


@dataclass
class Console:
    """What a test of the window holds in its hands."""

    window: ConsoleWindow
    bridge: UiBridge
    desk: Desk
    syncing: StillSyncing
    accounts: ListedAccounts


def make_services(desk: Desk, syncing: StillSyncing, accounts: ListedAccounts) -> Services:
    """The desk's services, with nothing behind accounts and syncing."""
    templates = Templates(desk.workspace, desk.directory)
    return Services(
        clock=desk.clock,
        directory=desk.directory,
        queues=desk.queues,
        views=SavedViews(desk.workspace, desk.directory, desk.clock),
        many=ManyCases(desk.workspace, desk.directory, desk.clock),
        timelines=desk.timelines,
        customers=desk.customers,
        cases=desk.cases,
        replies=desk.replies,
        templates=templates,
        guiding=Guiding(desk.workspace, desk.directory, templates, desk.clock),
        guard=Guard(desk.workspace, desk.directory),
        search=desk.search,
        accounts=cast("Any", accounts),
        syncing=cast("Any", syncing),
        doctor=cast("Any", SimpleNamespace()),
        safekeeping=cast("Any", SimpleNamespace(start=lambda: None)),
        pictures=Pictures(desk.workspace, cast("Any", None)),
        insights=Insights(desk.workspace),
        departments=Departments(desk.workspace, desk.directory),
        campaigns=Campaigns(desk.workspace, desk.directory),
        routing_rules=RoutingRules(desk.workspace, desk.directory, desk.clock),
        drifting=Drifting(desk.workspace, desk.directory, desk.clock),
        settings_file=SettingsFile(desk.workspace, desk.directory),
        importing=Importing(desk.workspace, desk.directory),
        promises=Promises(desk.workspace, desk.directory, desk.clock),
        noise=Noise(desk.workspace, desk.directory),
        requests=Requests(desk.workspace, desk.directory, desk.replies),
        moods=Moods(desk.workspace, desk.directory),
        journeys=Paths(desk.workspace),
        absences=Absences(desk.workspace, desk.directory, desk.clock),
        promise_preview=PromisePreview(desk.workspace, desk.clock),
        presence=Presence(desk.clock),
        matching=Matching(desk.workspace, desk.directory),
        by_hand=ByHand(desk.workspace, desk.directory, desk.clock),
    )


def make_console(desk: Desk) -> Console:
    """A started window on the desk's workspace; not shown yet."""
    syncing, accounts = StillSyncing(), ListedAccounts()
    bridge = UiBridge()
    desk.workspace.on_commit(bridge.announce_commit)
    syncing.on_change(bridge.announce_connection)
    window = ConsoleWindow(make_services(desk, syncing, accounts), bridge)
    window.start()
    return Console(window, bridge, desk, syncing, accounts)


@contextmanager
def one_question(folder: Path, clock: FakeClock, *, mine: bool = True) -> Iterator[Desk]:
    """A desk with one conversation, held by whoever sits there unless it is not ``mine``."""
    desk = make_desk(folder, clock)
    desk.take(said("1", "marta", "It leaks."))
    if mine:
        desk.cases.assign(desk.only_case(), desk.directory.me().id).result()
    yield desk
    desk.workspace.close()


@contextmanager
def on_screen(desk: Desk, qtbot: QtBot) -> Iterator[Console]:
    """A console that is shown and has the keyboard."""
    console = make_console(desk)
    qtbot.addWidget(console.window)
    shown_window(console.window)
    yield console
    console.window.close()
