"""The sentences of the composer that depend on what is answered."""

from __future__ import annotations

from typing import Final

from app.domain.guard import named
from app.domain.ids import CaseId
from app.domain.promotions import Promotion, Sign
from app.domain.records import dataclass
from app.domain.requests import Ask
from app.domain.unpromoted import without
from app.ui.views.composer_unsent import Answered

BOTH: Final = "Your message is back, above what you wrote since."
WHEN_CLOSED: Final = "Send when the case is closed"
WENT_ON: Final = (
    "Another conversation is shown by now. Nothing was sent, and what you wrote is a draft."
)
SAMPLE: Final = "The sample workspace sends nothing. Connect an account to reply for real."


def promotion_question(promoted: str, text: str) -> str:
    """What one asks about a promotion that has to wait."""
    return f"How do we say this while {promoted} has to wait?\n\n“{text.strip()}”"


@dataclass(frozen=True, slots=True)
class Task:
    """How a composer speaks where a case was opened to ask something.

    ``asks``       who asked, and what; ``name`` and ``hint`` have a place for who is answered.
    ``otherwise``  the other way to answer, "" where there is none.
    ``changed``    the main button where the text that was asked about has been edited.
    """

    name: str
    asks: str
    main: str
    hint: str
    otherwise: str = ""
    changed: str = ""


TASKS: Final = {
    Ask.HELP: Task(
        "Draft for {}",
        "{} asks: “{}”",
        "Hand in draft",
        "Write the reply as you would. {} sends it.",
    ),
    Ask.CONTENT: Task(
        "Answer to {}",
        "{} asks: “{}”",
        "Answer with link",
        "https:// where {} finds it, or the text of a template.",
        "File as template…",
    ),
    Ask.ACCESS: Task(
        "Answer to {}",
        "{} asks for access: “{}”",
        "Access is given",
        "What {} should know of it, if anything.",
        "Decline…",
    ),
    Ask.TOOL: Task(
        "Answer to {}",
        "{} asks for a tool: “{}”",
        "Done",
        "What {} should know of it, if anything.",
        "Decline…",
    ),
    Ask.APPROVAL: Task(
        "Reply to approve",
        "{} asks you to let this reply leave. Edit it first, where it should say something else.",
        "Approve",
        "",
        "Decline…",
        "Approve as changed",
    ),
}


def asked_words(ask: Ask, name: str) -> str:
    """What is said when a department of that name has been asked."""
    if ask is Ask.HELP:
        return f"{name} is asked. What they draft appears here."
    return f"{name} is asked. Their answer appears in the timeline."


def hint(*, case: CaseId | None, name: str, note: bool, online: bool) -> str:
    """What stands in the empty field; ``name`` is the customer’s first one, "" while unknown."""
    if case is None:
        return "Choose a conversation to answer it."
    if note:
        return "A note for your colleagues. Customers never see it."
    words = f"Reply to {name}." if name else "Reply."
    return words if online else f"{words} It leaves when you’re back online."


def without_words(found: tuple[Promotion, ...]) -> str:
    """ "Send without HUILA15", or without what promotes where it has no name."""
    coupon = any(place.sign is Sign.COUPON for place in found)
    return f"Send without {named(found)}" if coupon else "Send without the promotion"


def text_without(text: str, found: tuple[Promotion, ...]) -> str:
    """What is left; nothing where the whole wording promotes."""
    if any(place.sign is Sign.TEMPLATE for place in found):
        return ""
    return without(text, found)


def earlier_remark(answered: Answered, latest: str, name: str) -> str:
    """That the reply does not answer ``latest`` (a native id), and why; "" when it does."""
    if answered.chosen:
        return "Answers an earlier message."
    if answered.native_id != latest:
        return f"{name or 'The customer'} has written again since you began."
    return ""
