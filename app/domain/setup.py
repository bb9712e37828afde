"""What a workspace has settled for itself: its promises, rules, guidelines, permissions and goals.

Each part is one document, decided as a whole: the newest decision in force holds, and what was
never decided is as it comes. A part is plain data and can be written to a file and read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from app.domain.campaigns import Campaign
from app.domain.checks import Guidelines
from app.domain.departments import SEEDED, Department
from app.domain.ids import AccountId, AgentId, DepartmentId
from app.domain.routing import RoutingRule
from app.domain.sla import USUAL, SlaPolicy


@dataclass(frozen=True, slots=True)
class Sender:
    """Who may send from an account: any of these departments and agents; all where none is named.

    ``approval``  the department that looks at a reply of anybody else before it leaves, None for
                  no need of that.
    """

    account: AccountId
    departments: tuple[DepartmentId, ...] = ()
    agents: tuple[AgentId, ...] = ()
    approval: DepartmentId | None = None

    def may_send(self, agent: AgentId, department: DepartmentId) -> bool:
        if not self.departments and not self.agents:
            return True
        return department in self.departments or agent in self.agents


@dataclass(frozen=True, slots=True)
class Goals:
    """``promotions`` is the share of promotional posts an account aims at, 0 to 1, the rest being
    conversation; ``of_accounts`` where one differs from that.

    ``match``  how sure evidence must make that two identities are one person before they are joined
               without asking, 0 to 1; above 1 nothing is.
    ``noise``  how many of a hundred marks of its own the classifier must get right, 0 to 1, before
               it takes a message out of a queue; above 1 it takes none.
    """

    promotions: float = 0.2
    of_accounts: Mapping[AccountId, float] = field(default_factory=dict)
    match: float = 1.01
    noise: float = 0.95


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything together; the names of the fields are the names of the parts."""

    departments: tuple[Department, ...] = SEEDED
    promises: tuple[SlaPolicy, ...] = USUAL
    routing: tuple[RoutingRule, ...] = ()
    guidelines: Mapping[DepartmentId, Guidelines] = field(default_factory=dict)
    senders: tuple[Sender, ...] = ()
    approvals: Mapping[DepartmentId, DepartmentId] = field(default_factory=dict)
    """Whose replies another department looks at before they leave, and which."""
    goals: Goals = field(default_factory=Goals)
    campaigns: tuple[Campaign, ...] = ()
    """What marketing wrote of its campaigns here; what was imported of others stands beside."""

    def sender(self, account: AccountId) -> Sender:
        """Who may send from this account."""
        return next((one for one in self.senders if one.account == account), Sender(account))

    def approver(self, account: AccountId, department: DepartmentId) -> DepartmentId | None:
        """Which department looks at what somebody of this one writes from an account, before it
        leaves: the account’s own first, then the writer’s; None for no need of that."""
        asked = (self.sender(account).approval, self.approvals.get(department))
        return next((one for one in asked if one not in (None, department)), None)


PARTS = tuple(part.name for part in fields(Setup))
