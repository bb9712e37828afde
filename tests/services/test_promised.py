"""A workspace that is shown before it is open whole says what the open one says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from app.container import Container, open_container, open_sample
from app.domain.clock import FakeClock
from app.domain.departments import CARE
from app.domain.errors import WorkspaceError
from app.domain.views import QueueName, QueueRef
from app.services.promised import Promised
from app.store.checking import SUSPECT
from app.store.first_look import FirstLook, first_look
from app.store.opening import DATABASE
from app.store.presence import Presence
from tests.keyrings import LockedKeyring
from tests.store.building import connect_brand, said, take

EVERYTHING = QueueRef(QueueName.ALL)


def look_into(folder: Path, passphrase: str = "") -> FirstLook:
    look = first_look(folder, passphrase)
    assert look is not None
    return look


@pytest.fixture
def furnished(workspace_dir: Path) -> Path:
    """The folder of a workspace with an account and something to do, in which Ines sits."""
    container = open_container(workspace_dir)
    container.services.directory.set_me("Ines Duarte", CARE).result()
    connect_brand(container.workspace)
    take(container.workspace, said("1", "ada", "@halden Can you help?"))
    take(container.workspace, said("2", "bo", "@halden And me?"))
    container.close()
    return workspace_dir


class Opening:
    """Opens it whole when it is asked to, and knows whether it was."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.whole: list[Container] = []

    def __call__(self) -> Container:
        self.whole.append(open_container(self.folder))
        return self.whole[0]


@pytest.fixture
def opening(furnished: Path) -> Opening:
    return Opening(furnished)


@pytest.fixture
def promised(furnished: Path, opening: Opening, clock: FakeClock) -> Iterator[Promised]:
    promised = Promised(look_into(furnished), furnished, clock, opening)
    yield promised
    promised.close()
    assert look_and_be_alone(furnished)


def look_and_be_alone(folder: Path) -> bool:
    presence = Presence(folder)
    presence.be_alone()  # raises while anybody has it open
    presence.leave()
    return True


def test_what_a_window_asks_first_is_answered_as_by_the_open_one(
    promised: Promised, opening: Opening
) -> None:
    services = promised.services
    directory = services.directory
    first = (
        services.queues.page(EVERYTHING).result(),
        services.queues.counts().result(),
        services.accounts.list().result(),
        directory.departments(),
        directory.agents(),
        directory.me(),
        directory.workspace_name(),
    )
    assert len(first[0].rows) == 2
    assert directory.me().name == "Ines Duarte"
    assert services.unlocked_by == "keyring"
    assert not opening.whole
    whole = promised.arrive().services
    assert first == (
        whole.queues.page(EVERYTHING).result(),
        whole.queues.counts().result(),
        whole.accounts.list().result(),
        whole.directory.departments(),
        whole.directory.agents(),
        whole.directory.me(),
        whole.directory.workspace_name(),
    )


def test_what_is_handed_over_happens_once_it_is_open(promised: Promised, opening: Opening) -> None:
    directory = promised.services.directory
    setting = directory.setting
    kept = [directory.set_setting("place", "here"), directory.set_setting("place", "there")]
    commits: list[object] = []
    promised.on_commit(commits.append)
    assert not opening.whole
    assert setting("place") == ""
    promised.arrive()
    for each in kept:
        each.result(30)
    assert setting("place") == "there"  # who kept the question is answered by the open one
    take(opening.whole[0].workspace, said("3", "cy", "@halden Me too?"))
    assert commits
    assert len(promised.services.queues.page(EVERYTHING).result().rows) == 3


def test_whatever_else_is_asked_waits_until_it_is_open(
    promised: Promised, opening: Opening
) -> None:
    assert promised.services.cases.tags().result() == ()
    assert len(opening.whole) == 1
    assert promised.arrive() is opening.whole[0]


def test_what_was_handed_over_is_not_lost_when_it_closes(
    furnished: Path, opening: Opening, clock: FakeClock
) -> None:
    promised = Promised(look_into(furnished), furnished, clock, opening)
    promised.services.directory.set_setting("place", "here")
    promised.close()
    container = open_container(furnished)
    assert container.services.directory.setting("place") == "here"
    container.close()


def test_one_that_does_not_open_says_so_and_closes_all_the_same(
    furnished: Path, clock: FakeClock
) -> None:
    def broken() -> Container:
        raise WorkspaceError("The workspace file is damaged.")

    promised = Promised(look_into(furnished), furnished, clock, broken)
    handed = promised.services.directory.set_setting("place", "here")
    with pytest.raises(WorkspaceError, match="is damaged"):
        promised.arrive()
    promised.close()
    assert not handed.done()
    assert look_and_be_alone(furnished)


def test_a_first_look_leaves_what_is_unusual_to_others(
    furnished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert first_look(tmp_path / "nowhere", "") is None
    assert not (tmp_path / "nowhere").exists()
    open_sample(tmp_path / "sample").close()
    assert first_look(tmp_path / "sample", "") is None
    (furnished / SUSPECT).touch()
    assert first_look(furnished, "") is None
    (furnished / SUSPECT).unlink()
    with monkeypatch.context() as later:
        later.setattr("app.store.first_look.HEAD", "0002")
        assert first_look(furnished, "") is None
    alone = Presence(furnished)
    alone.be_alone()
    assert first_look(furnished, "") is None
    alone.leave()
    look_into(furnished).close()
    whole = (furnished / DATABASE).read_bytes()
    (furnished / DATABASE).write_bytes(b"")
    assert first_look(furnished, "") is None
    (furnished / DATABASE).write_bytes(bytes(len(whole)))
    assert first_look(furnished, "") is None
    assert look_and_be_alone(furnished)


def test_a_first_look_needs_the_key(workspace_dir: Path) -> None:
    keyring.set_keyring(LockedKeyring())
    open_container(workspace_dir, passphrase="its secret").close()
    assert first_look(workspace_dir, "") is None
    assert first_look(workspace_dir, "another") is None
    look_into(workspace_dir, "its secret").close()
