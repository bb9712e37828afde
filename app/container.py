"""The composition root: the only place that wires objects together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.connectors.base import Connector, Context, Profile, Secrets
from app.connectors.registry import connector_class
from app.domain.clock import Clock, StoryClock, SystemClock
from app.domain.errors import BadInput
from app.services.accounts import Accounts
from app.services.cases import Cases
from app.services.customers import Customers
from app.services.directory import Directory
from app.services.doctor import Doctor
from app.services.queues import Queues
from app.services.replies import Replies
from app.services.search import Search
from app.services.services import Services
from app.services.syncing import Syncing
from app.services.timelines import Timelines
from app.store import opening
from app.store.accounts import AccountRecord
from app.store.database import Workspace
from app.store.keychain import Keychain
from app.store.vault import Vault
from app.sync.network import NetworkThread

WORKSPACE_VARIABLE = "SEAMLINE_WORKSPACE"
PASSPHRASE_VARIABLE = "SEAMLINE_PASSPHRASE"  # noqa: S105 - the name of a variable
_SAMPLE_PASSPHRASE = "Halden Coffee"  # noqa: S105 - guards nothing, see below
"""A made-up brand has no secrets, and its workspace opens where no keyring answers."""


@dataclass(frozen=True, slots=True)
class Container:
    """An open workspace and everything that works on it."""

    workspace: Workspace
    services: Services
    network: NetworkThread

    def close(self) -> None:
        """Stop intake, end the network, finish writing, close; in this order."""
        self.services.syncing.stop()
        self.network.stop()
        self.workspace.close()


def data_folder() -> Path:
    """Where this platform keeps a program's data."""
    import platformdirs

    return platformdirs.user_data_path("seamline", appauthor=False)


def workspace_folder(named: Path | None = None) -> Path:
    """The workspace to open: the one named, else the environment's, else the platform's."""
    if named is not None:
        return named.expanduser()
    from_environment = os.environ.get(WORKSPACE_VARIABLE, "")
    if from_environment:
        return Path(from_environment).expanduser()
    return data_folder() / "workspace"


def sample_folder() -> Path:
    """Where the sample workspace lives unless it is told to live elsewhere."""
    return data_folder() / "sample"


def open_container(folder: Path, *, passphrase: str | None = None) -> Container:
    """Open the workspace in ``folder``, making it where there is none.

    ``passphrase`` None takes the environment's, which unattended runs use. Raises WorkspaceError.
    """
    return _open(folder, _passphrase(passphrase), sample=False)


def open_sample(folder: Path | None = None) -> Container:
    """Open the sample workspace, writing it where there is none; it asks for no key."""
    place = folder or sample_folder()
    if opening.exists(place) and not opening.read_manifest(place).sample:
        raise BadInput(
            f"{place} holds a workspace of your own.",
            hint="Name another folder for the sample with --workspace.",
        )
    container = _open(place, "", sample=True)
    try:
        if not container.services.directory.is_sample():
            from app.services.sample.install import install

            install(container.workspace)
            container.services.directory.reload()
    except BaseException:
        container.close()
        raise
    return container


@contextmanager
def opened(folder: Path, *, sample: bool = False) -> Iterator[Container]:
    """A container for as long as the context lasts."""
    container = open_sample(folder) if sample else open_container(folder)
    try:
        yield container
    finally:
        container.close()


def _passphrase(given: str | None) -> str:
    return os.environ.get(PASSPHRASE_VARIABLE, "") if given is None else given


def _open(folder: Path, passphrase: str, *, sample: bool) -> Container:
    keychain = Keychain()
    if opening.exists(folder):
        sample = opening.read_manifest(folder).sample
    if sample:
        passphrase = _SAMPLE_PASSPHRASE
    clock = _clock(sample=sample)
    workspace = opening.open_workspace(
        folder, keychain=keychain, clock=clock, passphrase=passphrase, sample=sample
    )
    manifest = opening.read_manifest(folder)
    vault = Vault(workspace, manifest.id, keychain if manifest.unlock == "keyring" else None)
    network = NetworkThread()
    return Container(workspace, _services(workspace, vault, network, clock), network)


def _clock(*, sample: bool) -> Clock:
    if not sample:
        return SystemClock()
    from app.services.sample.book import NOW

    return StoryClock(NOW)


def _services(
    workspace: Workspace,
    vault: Vault,
    network: NetworkThread,
    clock: Clock,
) -> Services:
    directory = Directory(workspace)

    def connector(record: AccountRecord) -> Connector:
        def save(secrets: Secrets) -> None:
            vault.set(record.id, secrets)

        profile = Profile(
            channel=record.channel,
            server=record.server,
            native_id=record.native_id,
            handle=record.handle,
            display_name=record.display_name,
            avatar_url=record.avatar_url,
        )
        return connector_class(record.channel)(Context(profile, vault.get(record.id), save))

    syncing = Syncing(workspace, network, connector, clock)
    accounts = Accounts(workspace, directory, vault, network, syncing)
    return Services(
        clock=clock,
        directory=directory,
        queues=Queues(workspace, directory, clock),
        timelines=Timelines(workspace, directory, clock),
        customers=Customers(workspace, directory),
        cases=Cases(workspace, directory, clock),
        replies=Replies(workspace, directory, clock),
        search=Search(workspace),
        accounts=accounts,
        syncing=syncing,
        doctor=Doctor(workspace, accounts, vault),
    )
