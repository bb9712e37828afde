"""What an agent hands over: a reply to send, a hand-off to make."""

from __future__ import annotations

from dataclasses import replace

from app.domain.cases import Urgency
from app.domain.ids import DepartmentId, EventId
from app.domain.interactions import Visibility
from app.domain.outbox import Attachment, OutboxItem
from app.domain.records import dataclass
from app.domain.templates import TemplateUse


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply as written. ``visibility`` None means: as wide as what is answered."""

    text: str
    visibility: Visibility | None = None
    warning: str = ""
    attachments: tuple[Attachment, ...] = ()
    answer_to: str = ""
    """Native id of the interaction answered; "" for the customer's latest in the case."""
    template: TemplateUse | None = None
    """The wording it began with; None where that is not known, or there was none."""
    promotion_reason: str = ""
    """Why it may promote to a customer with whom promotions wait."""
    co_draft: EventId | None = None
    """What another department drafted, where it began with that; None where it is to be told by
    its words."""


@dataclass(frozen=True, slots=True)
class Written:
    """What is written for a case and not sent yet: a reply, and a note beside it.

    ``visibility`` None means: as wide as what is answered. ``answer_to`` is the native id of the
    message the reply was begun for, ``answer_visibility`` who could see that one; ``answer_chosen``
    says that the agent named it, and that it was not just the latest.
    """

    text: str = ""
    note: str = ""
    warning: str = ""
    visibility: Visibility | None = None
    answer_to: str = ""
    answer_visibility: Visibility | None = None
    answer_chosen: bool = False
    pictures: tuple[Attachment, ...] = ()

    @property
    def has_reply(self) -> bool:
        return bool(self.text.strip() or self.warning or self.pictures)

    @property
    def is_empty(self) -> bool:
        return not (self.has_reply or self.note.strip())

    @property
    def words(self) -> tuple[str, str, str]:
        """What was typed: reply, note, warning."""
        return self.text, self.note, self.warning

    def after(self, earlier: Written) -> Written:
        """Both in one, the earlier first; nothing of either is lost, and nothing gets wider.

        What was meant for few is not shown to many because it now stands beside something else:
        the narrower visibility holds.
        """
        if not earlier.has_reply:
            return replace(self, note=_one_after_other(earlier.note, self.note))
        widths = [one.width for one in (earlier, self) if one.width is not None]
        return Written(
            text=_one_after_other(earlier.text, self.text),
            note=_one_after_other(earlier.note, self.note),
            warning=self.warning or earlier.warning,
            visibility=max(widths, default=None),
            answer_to=earlier.answer_to or self.answer_to,
            answer_visibility=(
                earlier.answer_visibility if earlier.answer_to else self.answer_visibility
            ),
            answer_chosen=earlier.answer_chosen if earlier.answer_to else self.answer_chosen,
            pictures=(
                *earlier.pictures,
                *(picture for picture in self.pictures if picture not in earlier.pictures),
            ),
        )

    def without_reply(self, sent: Draft) -> Written:
        """What is left when a reply has been sent: of the reply nothing, as a rule.

        What ``sent`` does not hold stays: a reply taken back in the same moment, which stands
        before it, or one begun elsewhere while another program sent its own.
        """
        gone, text = sent.text.strip(), self.text.strip()
        if gone.startswith(text):  # as it was sent, or as it was kept a moment earlier
            text = ""
        elif gone:
            text = text.removesuffix(f"\n\n{gone}").rstrip()
        pictures = tuple(one for one in self.pictures if one not in sent.attachments)
        if not text and not pictures:
            return Written(note=self.note)
        return replace(self, text=text, pictures=pictures)

    def without_note(self) -> Written:
        """What is left when the note has been written."""
        return replace(self, note="")

    @property
    def width(self) -> Visibility | None:
        """Who may see the reply, as far as that is settled."""
        return (self.visibility or self.answer_visibility) if self.has_reply else None


def unsent(draft: Draft) -> Written:
    """A reply that was not queued, as something to go on writing."""
    return Written(
        text=draft.text,
        warning=draft.warning,
        visibility=draft.visibility,
        answer_to=draft.answer_to,
        answer_chosen=bool(draft.answer_to),
        pictures=draft.attachments,
    )


def taken_back(item: OutboxItem) -> Written:
    """A reply that did not leave, as something to go on writing."""
    return Written(
        text=item.text,
        warning=item.warning,
        visibility=item.visibility,
        answer_to=item.target,
        pictures=item.attachments,
    )


def _one_after_other(first: str, then: str) -> str:
    """Two texts as two paragraphs; once is enough where the second begins with the first, or the
    first ends with the second."""
    if not then.strip() or first.endswith(f"\n\n{then}"):
        return first
    if not first.strip() or then.strip() == first.strip() or then.startswith(f"{first}\n\n"):
        return then
    return f"{first.rstrip()}\n\n{then}"


@dataclass(frozen=True, slots=True)
class Escalation:
    """A transfer to another department, with everything it needs to go on."""

    to: DepartmentId
    urgency: Urgency = Urgency.NORMAL
    reason: str = ""
    brief: str = ""
    told: str = ""
    follow: bool = False
