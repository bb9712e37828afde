"""The composition root: which workspace opens, on which clock, with which key."""

from __future__ import annotations

from pathlib import Path

import keyring
import pytest

from app.container import (
    PASSPHRASE_VARIABLE,
    WORKSPACE_VARIABLE,
    open_container,
    open_sample,
    opened,
    workspace_folder,
)
from app.domain.errors import BadInput, WorkspaceLocked
from app.domain.views import QueueName, QueueRef
from app.services.sample.book import NOW
from tests.keyrings import LockedKeyring


def test_the_sample_opens_where_no_keyring_answers_and_always_on_the_same_morning(
    workspace_dir: Path,
) -> None:
    keyring.set_keyring(LockedKeyring())
    for _ in range(2):
        container = open_sample(workspace_dir)
        services = container.services
        try:
            assert services.directory.is_sample()
            assert services.directory.workspace_name() == "Halden Coffee"
            assert 0 <= (services.clock.now() - NOW).total_seconds() < 60
            assert services.queues.page(QueueRef(QueueName.MY_WORK)).result().rows
        finally:
            container.close()
    # Opened like any other folder, it is still the sample.
    with opened(workspace_dir) as container:
        assert container.services.directory.is_sample()


def test_the_sample_does_not_move_into_a_workspace_of_ones_own(workspace_dir: Path) -> None:
    open_container(workspace_dir).close()
    with pytest.raises(BadInput, match="a workspace of your own"):
        open_sample(workspace_dir)


def test_the_environment_names_the_folder_and_the_passphrase(
    workspace_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert workspace_folder().name == "workspace"
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(workspace_dir))
    assert workspace_folder() == workspace_dir
    assert workspace_folder(Path("elsewhere")) == Path("elsewhere")
    keyring.set_keyring(LockedKeyring())
    with pytest.raises(WorkspaceLocked):
        open_container(workspace_dir)
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "unattended")
    open_container(workspace_dir).close()
    open_container(workspace_dir, passphrase="unattended").close()
    with pytest.raises(WorkspaceLocked):
        open_container(workspace_dir, passphrase="guessed")
