"""Departments, agents, who sits here, and settings: small, and so always at hand."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from app.domain.departments import PR, Agent, Department
from app.domain.errors import BadInput
from app.domain.events import EventType
from app.domain.ids import AgentId, DepartmentId, rules_subject, uuid7
from app.domain.records import dataclass
from app.domain.setup import Setup
from app.services.futures import then
from app.services.known import ME, Known
from app.store import ledger, settings
from app.store.database import Connection, Tx, Workspace
from app.store.setup import document_of, part_of, setup_of

T = TypeVar("T")

_DEFAULT_NAME = "Me"


@dataclass(frozen=True, slots=True)
class _Loaded:
    departments: tuple[Department, ...]
    agents: tuple[Agent, ...]
    values: dict[str, str]
    setup: Setup


def _load(conn: Connection) -> _Loaded:
    return _Loaded(
        settings.departments(conn),
        settings.agents(conn),
        settings.settings(conn),
        setup_of(conn),
    )


class Directory(Known):
    """Read from memory on any thread; written through, then read again."""

    _loaded: _Loaded

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._loaded = workspace.read(_load).result()
        if ME not in self._loaded.values:
            self.set_me(_DEFAULT_NAME, PR).result()

    def reload(self) -> None:
        """Read everything again, after it was written past this object. Blocks."""
        self._loaded = self._workspace.read(_load).result()

    def setup(self) -> Setup:
        """What the workspace has settled for itself: promises, rules, guidelines and so on."""
        return self._loaded.setup

    def settle(self, also: Callable[[Tx], None] | None = None, /, **parts: object) -> Future[Setup]:
        """Decide parts of the setup, each as a whole, from now on; ``also`` is done with them, all
        or nothing. Raises BadInput."""
        me = self.me().id
        documents = {name: document_of(part) for name, part in parts.items()}
        for name, document in documents.items():
            part_of(name, document)

        def op(tx: Tx) -> _Loaded:
            for name, document in documents.items():
                data = {"name": name, "document": document}
                ledger.decide(tx, me, EventType.RULES_SET, rules_subject(name), data)
            if also is not None:
                also(tx)
            return _load(tx.conn)

        return then(self._workspace.write(op), lambda loaded: self._take(loaded, loaded.setup))

    def decide(self, op: Callable[[Tx], T]) -> Future[T]:
        """Do what changes agents or the setup, and read both again."""

        def both(tx: Tx) -> tuple[T, _Loaded]:
            value = op(tx)
            return value, _load(tx.conn)

        return then(self._workspace.write(both), lambda done: self._take(done[1], done[0]))

    def set_me(self, name: str, department: DepartmentId) -> Future[Agent]:
        """Say who sits here; the same agent under another name or in another department."""
        self.department(department)
        held = self._loaded.values.get(ME)
        agent = Agent(AgentId(held or uuid7()), _clean_name(name), department)

        def op(tx: Tx) -> _Loaded:
            settings.put_agent(tx, agent)
            settings.put_setting(tx, ME, agent.id)
            return _load(tx.conn)

        return then(self._workspace.write(op), lambda loaded: self._take(loaded, agent))

    def add_agent(self, name: str, department: DepartmentId) -> Future[Agent]:
        self.department(department)
        agent = Agent(AgentId(uuid7()), _clean_name(name), department)

        def op(tx: Tx) -> _Loaded:
            settings.put_agent(tx, agent)
            return _load(tx.conn)

        return then(self._workspace.write(op), lambda loaded: self._take(loaded, agent))

    def set_setting(self, name: str, value: str) -> Future[None]:
        def op(tx: Tx) -> _Loaded:
            settings.put_setting(tx, name, value)
            return _load(tx.conn)

        return then(self._workspace.write(op), lambda loaded: self._take(loaded, None))

    def _take(self, loaded: _Loaded, value: T) -> T:
        self._loaded = loaded
        return value


def _clean_name(name: str) -> str:
    clean = " ".join(name.split())
    if not clean:
        raise BadInput("A name is missing.", hint="Enter the name colleagues will see.")
    return clean[:80]
