"""All that stands beside a reply while it is written, read at once."""

from __future__ import annotations

from concurrent.futures import Future
from threading import Lock

from app.domain.checks import Guidelines
from app.domain.clock import Clock, to_ms
from app.domain.errors import NotFound
from app.domain.guard import Hold
from app.domain.ids import AccountId, CaseId
from app.domain.records import dataclass
from app.domain.templates import TemplateVersion, suited
from app.services.directory import Directory
from app.services.templates import Templates
from app.store import customers, promotions
from app.store import templates as kept
from app.store.database import Connection, Workspace
from app.store.promotions import Share

SHARE_DAYS = 30
_DAY_MS = 86_400_000
_SHARE_KEPT_MS = 10 * 60_000
"""Counting a month of posts reads each of them; for so long the count is as good as new."""


@dataclass(frozen=True, slots=True)
class Guidance:
    """What helps, and what holds, a reply on a case.

    ``templates``  what suits best first; ``values`` fill them, see ``PLACES``.
    ``guidelines`` of the department that holds the case.
    ``hold``       why promotions wait for the customer, None where they do not; ``codes`` are the
                   coupons of the campaigns.
    ``share``      how much the account promoted in ``SHARE_DAYS`` days; ``goal`` the share, 0 to
                   1, it should stay under.
    """

    case: CaseId
    templates: tuple[TemplateVersion, ...]
    values: dict[str, str]
    guidelines: Guidelines
    first_reply: bool
    hold: Hold | None
    codes: tuple[str, ...]
    share: Share
    goal: float


class Guiding:
    def __init__(
        self, workspace: Workspace, directory: Directory, templates: Templates, clock: Clock
    ) -> None:
        self._workspace = workspace
        self._directory = directory
        self._templates = templates
        self._clock = clock
        self._counting = Lock()
        self._shares: dict[AccountId, tuple[int, Share]] = {}

    def beside(self, case: CaseId) -> Future[Guidance]:
        """For the composer. Raises NotFound."""
        return self._workspace.read(lambda conn: self._read(conn, case))

    def share(self, account: AccountId) -> Future[Share]:
        """How much an account has promoted in the last ``SHARE_DAYS`` days."""
        return self._workspace.read(lambda conn: self._share(conn, account))

    def _read(self, conn: Connection, case: CaseId) -> Guidance:
        view = customers.case_view(conn, case)
        if view is None:
            raise NotFound("There is no such case.", hint="See queue for the open ones.")
        setup, department = self._directory.setup(), view.state.department
        fitting = suited(kept.in_use(conn), department=department, language=view.answer_language)
        goals = setup.goals
        return Guidance(
            case=case,
            templates=tuple(fitting),
            values=self._templates.values(conn, view),
            guidelines=setup.guidelines.get(department, Guidelines()),
            first_reply=view.first_reply_ms is None,
            hold=promotions.hold(conn, view.customer),
            codes=promotions.known_codes(conn, setup.campaigns),
            share=self._share(conn, view.account),
            goal=goals.of_accounts.get(view.account, goals.promotions),
        )

    def _share(self, conn: Connection, account: AccountId) -> Share:
        now = to_ms(self._clock.now())
        with self._counting:
            counted_ms, share = self._shares.get(account, (-_SHARE_KEPT_MS, Share(0, 0)))
            if abs(now - counted_ms) >= _SHARE_KEPT_MS:
                codes = promotions.known_codes(conn, self._directory.setup().campaigns)
                share = promotions.share(conn, account, now - SHARE_DAYS * _DAY_MS, codes)
                self._shares[account] = now, share
        return share
