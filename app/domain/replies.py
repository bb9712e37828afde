"""What an agent hands over: a reply to send, a hand-off to make."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.cases import Urgency
from app.domain.ids import DepartmentId
from app.domain.interactions import Visibility
from app.domain.outbox import Attachment


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply as written. ``visibility`` None means: as wide as what is answered."""

    text: str
    visibility: Visibility | None = None
    warning: str = ""
    attachments: tuple[Attachment, ...] = ()
    answer_to: str = ""
    """Native id of the interaction answered; "" for the customer's latest in the case."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """A transfer to another department, with everything it needs to go on."""

    to: DepartmentId
    urgency: Urgency = Urgency.NORMAL
    reason: str = ""
    brief: str = ""
    told: str = ""
    follow: bool = False
