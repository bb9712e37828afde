"""A first start that dies half-way leaves nothing that a later start cannot go on from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.domain.clock import FakeClock
from app.store import opening
from app.store.keychain import Keychain
from app.store.manifest import MANIFEST


class _Death(BaseException):
    """The program ends here."""


def test_dying_between_the_manifest_and_the_file_is_begun_anew(
    workspace_dir: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_open = os.open

    def die(path: os.PathLike[str] | str, *args: int) -> int:
        if Path(path).name == opening.DATABASE:
            raise _Death
        return real_open(path, *args)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", die)
        with pytest.raises(_Death):
            opening.open_workspace(workspace_dir, keychain=Keychain(), clock=clock)
    assert [file.name for file in workspace_dir.iterdir()] == [MANIFEST]
    opening.open_workspace(workspace_dir, keychain=Keychain(), clock=clock).close()
    assert opening.exists(workspace_dir)


def test_dying_before_the_first_schema_is_begun_anew(
    workspace_dir: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_args: object, **_named: object) -> None:
        raise _Death

    with monkeypatch.context() as patched:
        patched.setattr("app.store.migrating.upgrade", die)
        with pytest.raises(_Death):
            opening.open_workspace(workspace_dir, keychain=Keychain(), clock=clock)
    opening.open_workspace(workspace_dir, keychain=Keychain(), clock=clock).close()
