"""Identities keep what was told of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.clock import FakeClock
from app.store.database import Workspace
from tests.store.building import answered, person, rows, said, take
from tests.sync.workspaces import make_workspace


@pytest.fixture
def workspace(tmp_path: Path, clock: FakeClock) -> Iterator[Workspace]:
    made = make_workspace(tmp_path, clock)
    yield made
    made.close()


def _name(workspace: Workspace) -> str:
    return str(rows(workspace, "SELECT display_name FROM identity WHERE handle = '@ada'")[0][0])


def test_a_mere_mention_does_not_wipe_out_a_name(workspace: Workspace) -> None:
    bare = replace(person("ada"), display_name="", followers=None)
    take(workspace, said("1", "ada", "Hello?"))
    take(workspace, answered("2", "1", "Hello", party=bare))
    assert _name(workspace) == "Ada"
    take(workspace, said("3", "ada", "And?"), answered("4", "3", "Yes", party=bare))
    assert _name(workspace) == "Ada"


def test_a_new_name_replaces_the_old_one(workspace: Workspace) -> None:
    take(workspace, said("1", "ada", "Hello?"))
    take(
        workspace, said("2", "ada", "Me again", author=replace(person("ada"), display_name="A. L."))
    )
    assert _name(workspace) == "A. L."
