"""All use cases in one place, for whoever shows or scripts them."""

from __future__ import annotations

from pathlib import Path

from app.domain.clock import Clock
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
from app.services.presence import Presence
from app.services.promise_preview import PromisePreview
from app.services.promises import Promises
from app.services.queues import Queues
from app.services.replies import Replies
from app.services.requests import Requests
from app.services.routing_rules import RoutingRules
from app.services.safekeeping import Safekeeping
from app.services.search import Search
from app.services.settings_file import SettingsFile
from app.services.syncing import Syncing
from app.services.templates import Templates
from app.services.timelines import Timelines
from app.services.views import SavedViews


@dataclass(frozen=True, slots=True)
class Services:
    """Methods that touch the workspace return futures, resolved on the store's threads."""

    clock: Clock
    directory: Directory
    queues: Queues
    views: SavedViews
    many: ManyCases
    timelines: Timelines
    customers: Customers
    cases: Cases
    replies: Replies
    templates: Templates
    guiding: Guiding
    guard: Guard
    search: Search
    accounts: Accounts
    syncing: Syncing
    doctor: Doctor
    safekeeping: Safekeeping
    pictures: Pictures
    insights: Insights
    importing: Importing
    matching: Matching
    by_hand: ByHand
    promises: Promises
    noise: Noise
    requests: Requests
    moods: Moods
    journeys: Paths
    absences: Absences
    promise_preview: PromisePreview
    departments: Departments
    campaigns: Campaigns
    routing_rules: RoutingRules
    drifting: Drifting
    settings_file: SettingsFile
    presence: Presence
    folder: Path | None = None
    """Where the workspace lies."""
    unlocked_by: str = "keyring"
    """What opens the workspace: "keyring", "passphrase" or, of a sample, "nothing"."""
