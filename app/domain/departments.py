"""The six departments a workspace starts with, and which side of the work each takes."""

from __future__ import annotations

from enum import IntEnum

from app.domain.ids import AgentId, DepartmentId
from app.domain.interactions import Side
from app.domain.records import dataclass


class Queue(IntEnum):
    """The two queues of every department. The numbers are stored."""

    RESPOND = 1
    """Somebody spoke to the brand."""
    REACH_OUT = 2
    """The brand has reason to speak first."""


@dataclass(frozen=True, slots=True)
class Department:
    """A department; ``colour`` names a colour of the theme, never a value."""

    id: DepartmentId
    name: str
    short: str
    colour: str
    responds: str
    reaches_out: str
    voice: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """``until_ms`` since 1970, None until called back; ``deputy`` takes over, None: the department
    does."""

    until_ms: int | None = None
    deputy: AgentId | None = None

    def lasts(self, now_ms: int) -> bool:
        return self.until_ms is None or now_ms < self.until_ms


@dataclass(frozen=True, slots=True)
class Agent:
    """``absence``: None while at work."""

    id: AgentId
    name: str
    department: DepartmentId
    absence: Absence | None = None


CARE = DepartmentId("care")
PR = DepartmentId("pr")
MARKETING = DepartmentId("marketing")
ADVERTISING = DepartmentId("advertising")
IT = DepartmentId("it")
LEADERSHIP = DepartmentId("leadership")

SEEDED: tuple[Department, ...] = (
    Department(
        CARE, "Customer Care", "Care", "care",
        "Messages sent to the brand",
        "Messages about the brand, found by listening; systemic issues",
        "calm, exact, one next step.",
    ),
    Department(
        PR, "PR & Community", "PR", "pr",
        "Direct messages from influencers",
        "News, issue statements, official views; systemic issues",
        "first names, no jargon, one clear next step.",
    ),
    Department(
        MARKETING, "Marketing", "Marketing", "marketing",
        "Content asked for by Care and Community",
        "Better, more frequent content; turning systemic issues into change",
        "warm, concrete, never pushy.",
    ),
    Department(
        ADVERTISING, "Advertising", "Advertising", "advertising",
        "Paid support and defence of the brand",
        "Leading paid traffic to the right social channels",
        "short, factual, terms in full.",
    ),
    Department(
        IT, "IT", "IT", "it",
        "Access to the tools",
        "Advice on tools for monitoring and engagement",
        "plain words, numbered steps.",
    ),
    Department(
        LEADERSHIP, "Leadership", "Leadership", "leadership",
        "What it brings the business",
        "Approving operational change, cooperation between departments",
        "personal, accountable, brief.",
    ),
)  # fmt: skip


def usual_side(department: DepartmentId) -> Side:
    """Where what a department writes down belongs, unless it says otherwise."""
    return Side.MARKETING if department in {MARKETING, ADVERTISING} else Side.SERVICE
