"""The command line as tests drive it: a furnished workspace, and a way to say commands to it."""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keyring
import pytest

from app.__main__ import main
from app.container import Container, opened
from app.domain.interactions import Direction, Kind, Visibility
from tests.keyrings import MemoryKeyring
from tests.store.building import answered, connect_brand, said, take

HOSTILE = "Is my order lost? \x1b[2J\u202eevil"


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Seamline:
    """Says commands to the program in this process, on one workspace."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *words: str, stdin: str = "") -> Outcome:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        self._capsys.readouterr()
        try:
            status = main(["--workspace", str(self.folder), *words])
        except SystemExit as stop:
            status = int(stop.code or 0)
        said_out = self._capsys.readouterr()
        return Outcome(status, said_out.out, said_out.err)

    def ok(self, *words: str, stdin: str = "") -> str:
        """What a command that must succeed prints."""
        outcome = self(*words, stdin=stdin)
        assert (outcome.status, outcome.err) == (0, ""), outcome
        return outcome.out

    def json(self, *words: str, stdin: str = "") -> Any:
        """The answer of a command that must succeed."""
        return json.loads(self.ok(*words, "--json", stdin=stdin))

    def fails(self, status: int, *words: str, stdin: str = "") -> str:
        """The one sentence of a command that must end with ``status`` and print nothing else."""
        outcome = self(*words, stdin=stdin)
        assert (outcome.status, outcome.out) == (status, ""), outcome
        assert outcome.err.startswith("seamline: ")
        assert outcome.err.count("\n") == 1
        return outcome.err.removeprefix("seamline: ").strip()

    def ref(self, name: str) -> str:
        """The reference of the only open case of the customer called ``name``."""
        rows = [row for row in self.json("queue", "all") if row["name"] == name]
        assert len(rows) == 1
        return str(rows[0]["ref"])


@dataclass(frozen=True)
class Furnished:
    """A workspace to copy, and what the keyring held for it."""

    folder: Path
    secrets: dict[tuple[str, str], str]


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """One account of Customer Care, and three people: two who wait, one who likes."""
    folder = tmp_path_factory.mktemp("furnished") / "workspace"
    before, memory = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(memory)
    try:
        with opened(folder) as container:
            furnish(container)
    finally:
        keyring.set_keyring(before)
    return Furnished(folder, memory.values)


def furnish(container: Container) -> None:
    """Put an account and some conversations into a new workspace."""
    directory = container.services.directory
    directory.set_me("Ines Duarte", directory.find_department("pr").id).result()
    directory.add_agent("Jonas Weber", directory.find_department("it").id).result()
    connect_brand(container.workspace)
    take(
        container.workspace,
        said("1", "kwame", "Where is my Duo? It was due on Monday."),
        answered("2", "1", "It left yesterday.", at=60),
        said("3", "kwame", "Nothing came. Where is it?", at=120, in_reply_to="2"),
        said("4", "mira", HOSTILE, at=30, kind=Kind.DIRECT, visibility=Visibility.DIRECT),
        said("5", "aino", "", at=90, kind=Kind.LIKE, in_reply_to="2"),
        said("6", "stranger", "Same here.", at=150, in_reply_to="3", direction=Direction.AROUND),
    )


@pytest.fixture
def seamline(
    furnished: Furnished,
    workspace_dir: Path,
    memory_keyring: MemoryKeyring,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Seamline:
    """Commands on a copy of the furnished workspace."""
    shutil.copytree(furnished.folder, workspace_dir)
    memory_keyring.values.update(furnished.secrets)
    monkeypatch.setenv("COLUMNS", "100")
    return Seamline(workspace_dir, monkeypatch, capsys)


@pytest.fixture
def elsewhere(
    workspace_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Seamline:
    """Commands on a folder where no workspace is."""
    return Seamline(workspace_dir, monkeypatch, capsys)
