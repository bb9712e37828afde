"""A desk to sit at in service tests: a workspace, and the use cases that need no network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.domain.clock import FakeClock
from app.domain.ids import CaseId
from app.domain.interactions import InteractionFact
from app.services.cases import Cases
from app.services.customers import Customers
from app.services.directory import Directory
from app.services.queues import Queues
from app.services.replies import Replies
from app.services.search import Search
from app.services.timelines import Timelines
from app.store import accounts
from app.store.database import Workspace
from tests.store.building import ACCOUNT, connect_brand, rows, take
from tests.sync.workspaces import KEY, make_workspace


@dataclass(frozen=True)
class Desk:
    """Ines sits here, in PR & Community; the one account belongs to Customer Care."""

    workspace: Workspace
    clock: FakeClock
    directory: Directory
    queues: Queues
    timelines: Timelines
    customers: Customers
    cases: Cases
    replies: Replies
    search: Search

    def take(self, *facts: InteractionFact) -> None:
        take(self.workspace, *facts)

    def only_case(self) -> CaseId:
        found = rows(self.workspace, "SELECT id FROM case_state WHERE status < 4")
        assert len(found) == 1
        return CaseId(found[0][0])


def make_desk(folder: Path, clock: FakeClock) -> Desk:
    """Whoever asks for it closes its workspace."""
    workspace = make_workspace(folder, clock)
    directory = Directory(workspace)
    directory.set_me("Ines Duarte", directory.find_department("PR").id).result()
    connect_brand(workspace)
    assert workspace.read(lambda conn: accounts.account(conn, ACCOUNT)).result() is not None
    return _desk(workspace, directory, clock)


def open_desk(folder: Path, clock: FakeClock) -> Desk:
    """The desk another program left in a folder; whoever asks for it closes its workspace."""
    workspace = Workspace(folder / "seamline.db", KEY, clock)
    return _desk(workspace, Directory(workspace), clock)


def _desk(workspace: Workspace, directory: Directory, clock: FakeClock) -> Desk:
    return Desk(
        workspace,
        clock,
        directory,
        Queues(workspace, directory, clock),
        Timelines(workspace, directory, clock),
        Customers(workspace, directory),
        Cases(workspace, directory, clock),
        Replies(workspace, directory, clock),
        Search(workspace, clock),
    )
