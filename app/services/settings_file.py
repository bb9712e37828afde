"""All that a workspace has settled for itself, as one file to read, keep, change and take in again.

TOML; how things are written stands in ``docs/settings.md``. A part that a file leaves out stays as
it is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, get_type_hints

import tomli_w

from app.domain.errors import BadInput
from app.domain.ids import AccountId
from app.domain.setup import PARTS, Setup
from app.services.directory import Directory
from app.services.settings_checks import check_part, doubled, keys_of, refuse_homeless
from app.services.settings_templates import (
    KIND,
    PART,
    KeptTemplate,
    still_there,
    take_templates,
    templates_kept,
    templates_read,
)
from app.services.settings_text import Names, read, written
from app.store import accounts
from app.store.database import Connection, Tx, Workspace

_HEAD = """\
# The settings of a Seamline workspace. “seamline settings import FILE” takes them in; what is left
# out of this file stays as it is, what is left out of a part is as it comes.

"""
_KINDS = get_type_hints(Setup)
_ONE = {
    "departments": "department",
    "promises": "promise",
    "routing": "rule",
    "guidelines": "department",
    "senders": "account",
    "approvals": "department",
    "goals": "goal",
    "campaigns": "campaign",
    PART: "template",
}


@dataclass(frozen=True, slots=True)
class PartChange:
    """How a part would change: how many entries it would have, and how many of them are new,
    changed, and no longer there; ``moved`` where only their order changes."""

    part: str
    entries: int
    new: int = 0
    changed: int = 0
    gone: int = 0
    moved: bool = False

    @property
    def is_change(self) -> bool:
        return bool(self.new or self.changed or self.gone or self.moved)

    def __str__(self) -> str:
        """“routing: 3 rules, 1 new”."""
        noun = _ONE[self.part] + ("" if self.entries == 1 else "s")
        counts = {"new": self.new, "changed": self.changed, "gone": self.gone}
        told = [f"{count} {word}" for word, count in counts.items() if count]
        told = told or (["in another order"] if self.moved else ["as it is"])
        return f"{self.part}: {self.entries} {noun}, {', '.join(told)}"


@dataclass(frozen=True, slots=True)
class SettingsPlan:
    """What taking a file in would do; ``parts`` are the parts of the file that differ,
    ``templates`` all that it says of these, None where that changes nothing."""

    changes: tuple[PartChange, ...]
    parts: Mapping[str, Any]
    templates: tuple[KeptTemplate, ...] | None = None

    @property
    def is_change(self) -> bool:
        return bool(self.parts) or self.templates is not None


class SettingsFile:
    def __init__(self, workspace: Workspace, directory: Directory) -> None:
        self._workspace = workspace
        self._directory = directory

    def export(self) -> Future[str]:
        """The text of the file."""
        setup = self._directory.setup()

        def look(conn: Connection) -> str:
            names = self._named(conn)
            return text_of(setup, names, templates_kept(conn, names.departments))

        return self._workspace.read(look)

    def plan(self, text: str) -> Future[SettingsPlan]:
        """What taking in a file of this text would change. Raises BadInput that says where the
        file cannot be read, or what speaks against it."""
        document = parsed(text)
        setup = self._directory.setup()

        def look(conn: Connection) -> SettingsPlan:
            names = self._named(conn)
            parts = parts_of(document, names)
            refuse_homeless(conn, setup, parts)
            changes = tuple(_compared(name, getattr(setup, name), parts[name]) for name in parts)
            differing = {change.part: parts[change.part] for change in changes if change.is_change}
            if PART not in document:
                return SettingsPlan(changes, differing)
            kept = templates_kept(conn, names.departments)
            told = templates_read(document[PART], _with_departments(names, parts), kept)
            change = _compared(PART, still_there(kept, told), told)
            return SettingsPlan((*changes, change), differing, told if change.is_change else None)

        return self._workspace.read(look)

    def take(self, plan: SettingsPlan) -> Future[Setup]:
        """Settle what the plan says, in one go."""
        me, told = self._directory.me().id, plan.templates
        departments = frozenset(one.id for one in self._directory.departments())

        def also(tx: Tx) -> None:
            if told is not None:
                take_templates(tx, me, told, departments)

        return self._directory.settle(also, **plan.parts)

    def _named(self, conn: Connection) -> Names:
        agents = self._directory.agents()
        twice = doubled(agent.name for agent in agents)
        return Names(
            frozenset(department.id for department in self._directory.departments()),
            _account_names(conn),
            {agent.id: agent.name for agent in agents if agent.name not in twice},
        )


def text_of(setup: Setup, names: Names, templates: tuple[KeptTemplate, ...] = ()) -> str:
    """The file that holds these settings."""
    told = {name: written(getattr(setup, name), _KINDS[name], names) for name in PARTS}
    told[PART] = written(templates, KIND, names)
    return _HEAD + tomli_w.dumps(told)


def parts_of(document: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """The parts that a file holds. Raises BadInput."""
    unknown = next((name for name in document if name not in (*PARTS, PART)), None)
    if unknown is not None:
        raise BadInput(
            f"There is no part “{unknown}” of the settings.",
            hint=f"There are: {', '.join((*PARTS, PART))}.",
        )
    listed = document.get("departments")
    if isinstance(listed, list):
        ids = {one["id"] for one in listed if isinstance(one, dict) and "id" in one}
        names = Names(frozenset(map(str, ids)), names.accounts, names.agents)
    parts = {
        name: read(document[name], _KINDS[name], names, name) for name in PARTS if name in document
    }
    for name, part in parts.items():
        check_part(name, part)
    return parts


def parsed(text: str) -> dict[str, Any]:
    """What the file says, not understood yet. Raises BadInput."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(
            f"The settings are no TOML: {error}.", hint="The place in brackets shows where."
        ) from None


def _with_departments(names: Names, parts: Mapping[str, Any]) -> Names:
    """Departments that the file brings along may be named in it."""
    if "departments" not in parts:
        return names
    return replace(names, departments=frozenset(str(one.id) for one in parts["departments"]))


def _compared(name: str, before: Any, after: Any) -> PartChange:
    old, new = _entries(before), _entries(after)
    return PartChange(
        name,
        len(new),
        new=len(new.keys() - old.keys()),
        changed=sum(old[key] != new[key] for key in new.keys() & old.keys()),
        gone=len(old.keys() - new.keys()),
        moved=isinstance(after, tuple)
        and [key for key in old if key in new] != [key for key in new if key in old],
    )


def _entries(part: Any) -> dict[Any, Any]:
    """What a part consists of, by what each is known by."""
    if isinstance(part, tuple):
        return dict(zip(keys_of(part), part, strict=True))
    if is_dataclass(part):
        return {one.name: getattr(part, one.name) for one in fields(part)}
    return dict(part)


def _account_names(conn: Connection) -> dict[AccountId, str]:
    """“mastodon @halden@social.example”, where only one account is called so."""
    held = accounts.all_accounts(conn)
    called = {record.id: f"{record.channel.value} {record.handle}" for record in held}
    twice = doubled(called.values())
    return {number: name for number, name in called.items() if name not in twice}
