"""Campaigns: what marketing writes of them, for service to read before it answers.

What was imported of a campaign holds until somebody writes of it here, and again once that is taken
back; its name is what ties it to its touches.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future

from app.domain.campaigns import Campaign, checked, holding
from app.domain.errors import BadInput, NotFound
from app.domain.records import dataclass
from app.domain.setup import Setup
from app.services.directory import Directory
from app.services.futures import then
from app.store.campaigns import imported
from app.store.database import Workspace


@dataclass(frozen=True, slots=True)
class KnownCampaign:
    """``now`` is what holds; ``written``: somebody wrote it here; ``came_in``: an import told of it
    too."""

    now: Campaign
    written: bool
    came_in: bool


class Campaigns:
    def __init__(self, workspace: Workspace, directory: Directory) -> None:
        self._workspace = workspace
        self._directory = directory

    def all(self) -> Future[tuple[KnownCampaign, ...]]:
        """Those that started last first, then those of which no day is known, by name."""
        return then(self._workspace.read(imported), self._known)

    def save(self, campaign: Campaign, *, was: str | None = None) -> Future[Campaign]:
        """Let this hold of a campaign; ``was``: the name it was written under until now. Raises
        BadInput."""
        kept = checked(campaign)
        others = [one for one in self._written() if one.name not in (kept.name, was)]
        if was not in (None, kept.name) and kept.name in {one.name for one in self._written()}:
            raise BadInput(f"There is a campaign “{kept.name}” already.", hint="Choose it instead.")
        return then(self._settle((*others, kept)), lambda _setup: kept)

    def forget(self, name: str) -> Future[None]:
        """Take back what was written of a campaign; what came in of it holds again. Raises
        NotFound."""
        others = [one for one in self._written() if one.name != name]
        if len(others) == len(self._written()):
            raise NotFound(f"Nobody wrote of a campaign “{name}”.", hint="See campaign list.")
        return then(self._settle(others), lambda _setup: None)

    def _written(self) -> tuple[Campaign, ...]:
        return self._directory.setup().campaigns

    def _settle(self, campaigns: Iterable[Campaign]) -> Future[Setup]:
        wanted = tuple(sorted(campaigns, key=lambda one: one.name))
        return self._directory.settle(campaigns=wanted)

    def _known(self, came_in: tuple[Campaign, ...]) -> tuple[KnownCampaign, ...]:
        written = {one.name for one in self._written()}
        there = {one.name for one in came_in}
        known = (
            KnownCampaign(one, one.name in written, one.name in there)
            for one in holding(came_in, self._written())
        )
        return tuple(sorted(known, key=_by_start))


def _by_start(one: KnownCampaign) -> tuple[int, str]:
    return (-one.now.starts.toordinal() if one.now.starts else 0, one.now.name.casefold())
