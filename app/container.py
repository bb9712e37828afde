"""The composition root: the only place that wires objects together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.connectors.base import Connector, Context, Profile, Secrets
from app.connectors.registry import connector_class
from app.domain.clock import Clock, StoryClock, SystemClock
from app.domain.errors import BadInput
from app.domain.records import dataclass
from app.services.absences import Absences
from app.services.accounts import Accounts
from app.services.by_hand import ByHand
from app.services.campaigns import Campaigns
from app.services.cases import Cases
from app.services.customers import Customers
from app.services.departments import Departments
from app.services.directory import Directory
from app.services.doctor import Doctor
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
from app.services.places import (
    PASSPHRASE_VARIABLE,
    WORKSPACE_VARIABLE,
    passphrase_of_environment,
    sample_folder,
    workspace_folder,
)
from app.services.presence import Presence
from app.services.promise_preview import PromisePreview
from app.services.promises import Promises
from app.services.queues import Queues
from app.services.replies import Replies
from app.services.requests import Requests
from app.services.routing_rules import RoutingRules
from app.services.safekeeping import Safekeeping
from app.services.search import Search
from app.services.services import Services
from app.services.settings_file import SettingsFile
from app.services.syncing import Syncing
from app.services.templates import Templates
from app.services.timelines import Timelines
from app.services.views import SavedViews
from app.store import opening
from app.store.accounts import AccountRecord
from app.store.database import Workspace
from app.store.keychain import Keychain
from app.store.manifest import Manifest
from app.store.vault import Vault
from app.sync.network import NetworkThread

__all__ = [
    "PASSPHRASE_VARIABLE",
    "WORKSPACE_VARIABLE",
    "Container",
    "open_container",
    "open_sample",
    "opened",
    "sample_folder",
    "workspace_folder",
]


@dataclass(frozen=True, slots=True)
class Container:
    """An open workspace and everything that works on it."""

    workspace: Workspace
    services: Services
    network: NetworkThread

    def close(self) -> None:
        """Stop intake, end the network, finish writing, close; in this order."""
        self.services.safekeeping.stop()
        self.services.syncing.stop()
        self.network.stop()
        self.workspace.close()


def open_container(
    folder: Path, *, passphrase: str | None = None, clock: Clock | None = None
) -> Container:
    """Open the workspace in ``folder``, making it where there is none.

    ``passphrase`` None takes the environment's, which unattended runs use; ``clock`` None is that
    of the system. Raises WorkspaceError.
    """
    return _open(folder, _passphrase(passphrase), sample=False, clock=clock)


def open_sample(folder: Path | None = None, *, clock: Clock | None = None) -> Container:
    """Open the sample workspace, writing it where there is none; it asks for no key.

    ``clock`` None: one that runs on from the morning its story stands at.
    """
    place = folder or sample_folder()
    if opening.exists(place) and not opening.read_manifest(place).sample:
        raise BadInput(
            f"{place} holds a workspace of your own.",
            hint="Name another folder for the sample with --workspace.",
        )
    container = _open(place, "", sample=True, clock=clock)
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
    return passphrase_of_environment() if given is None else given


def _open(folder: Path, passphrase: str, *, sample: bool, clock: Clock | None = None) -> Container:
    keychain = Keychain()
    if opening.exists(folder):
        sample = opening.read_manifest(folder).sample
    clock = clock or _clock(sample=sample)
    workspace = opening.open_workspace(
        folder, keychain=keychain, clock=clock, passphrase=passphrase, sample=sample
    )
    try:
        manifest = opening.read_manifest(folder)
        vault = Vault(workspace, manifest.id, keychain if manifest.unlock == "keyring" else None)
        network = NetworkThread()
        services = _services(workspace, vault, network, clock, manifest)
    except BaseException:
        workspace.close()  # whoever mends it must find it closed
        raise
    return Container(workspace, services, network)


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
    manifest: Manifest,
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
    templates = Templates(workspace, directory)
    replies = Replies(workspace, directory, clock)
    return Services(
        clock=clock,
        directory=directory,
        queues=Queues(workspace, directory, clock),
        views=SavedViews(workspace, directory, clock),
        many=ManyCases(workspace, directory, clock),
        timelines=Timelines(workspace, directory, clock),
        customers=Customers(workspace, directory),
        cases=Cases(workspace, directory, clock),
        replies=replies,
        requests=Requests(workspace, directory, replies),
        templates=templates,
        guiding=Guiding(workspace, directory, templates, clock),
        guard=Guard(workspace, directory),
        search=Search(workspace, clock),
        accounts=accounts,
        syncing=syncing,
        doctor=Doctor(workspace, accounts, vault),
        safekeeping=Safekeeping(workspace, clock, daily=not manifest.sample),
        departments=Departments(workspace, directory),
        campaigns=Campaigns(workspace, directory),
        routing_rules=RoutingRules(workspace, directory, clock),
        drifting=Drifting(workspace, directory, clock),
        settings_file=SettingsFile(workspace, directory),
        folder=workspace.path.parent,
        unlocked_by=manifest.unlock,
        pictures=Pictures(workspace, network),
        insights=Insights(workspace),
        importing=Importing(workspace, directory),
        matching=Matching(workspace, directory),
        by_hand=ByHand(workspace, directory, clock),
        promises=Promises(workspace, directory, clock),
        noise=Noise(workspace, directory),
        moods=Moods(workspace, directory),
        journeys=Paths(workspace),
        absences=Absences(workspace, directory, clock),
        promise_preview=PromisePreview(workspace, clock),
        presence=Presence(clock),
    )
