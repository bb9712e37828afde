"""What permissions would have come to: tried on the replies that were sent lately."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.records import dataclass
from app.domain.setup import Setup
from app.store.sent_lately import Sent

__all__ = ["DAYS", "Sent", "Tried", "tried"]

DAYS = 30


@dataclass(frozen=True, slots=True)
class Tried:
    """Of so many ``replies``: how many would have needed approval, and how many could not have
    been sent by who sent them."""

    replies: int = 0
    approvals: int = 0
    refused: int = 0

    @property
    def sentence(self) -> str:
        """“In the last 30 days 41 of 212 replies would have needed approval.”"""
        if not self.replies:
            return f"In the last {DAYS} days nobody replied from here."
        noun = "reply" if self.replies == 1 else "replies"
        refused = (
            f", and {self.refused:,} would have been somebody else’s to send"
            if self.refused
            else ""
        )
        return (
            f"In the last {DAYS} days {self.approvals:,} of {self.replies:,} {noun} would have "
            f"needed approval{refused}."
        )


def tried(sent: Iterable[Sent], setup: Setup) -> Tried:
    """These replies under these permissions; whoever may not send needs no approval either."""
    replies = approvals = refused = 0
    for one in sent:
        replies += one.count
        if not setup.sender(one.account).may_send(one.agent, one.department):
            refused += one.count
        elif setup.approver(one.account, one.department) is not None:
            approvals += one.count
    return Tried(replies, approvals, refused)
