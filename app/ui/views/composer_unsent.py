"""What is written but not sent, and what it answers."""

from __future__ import annotations

from app.domain.ids import EventId, OutboxId
from app.domain.interactions import Visibility
from app.domain.outbox import Attachment
from app.domain.records import dataclass
from app.domain.replies import Written
from app.domain.templates import TemplateUse
from app.ui.views.composer_pictures import Picture


@dataclass(frozen=True, slots=True)
class Answered:
    """The message a reply answers: its native id, and who could see it.

    It is held from the first letter on. Were it looked up when the reply leaves, a customer who
    writes in public meanwhile would turn a private answer into a public one.
    ``chosen``: the agent named it; otherwise it was the latest.
    """

    native_id: str
    visibility: Visibility
    chosen: bool = False


@dataclass(slots=True)
class Unsent:
    """What stands in the composer for one case.

    ``read``    the kept draft is in here; until then more may come, to stand before it.
    ``coming``  pictures of the kept draft whose previews are still being made.
    ``known``   the words the workspace holds, as far as this window knows; None when it does not.
    ``others``  what had left for the case from elsewhere when it was begun; None before that.
    ``template``  the wording the reply began with, while it is known.
    ``co_draft``  what another department drafted and it was taken over from, while that is known.
    """

    text: str = ""
    note: str = ""
    warning: str = ""
    visibility: Visibility | None = None
    answered: Answered | None = None
    pictures: tuple[Picture, ...] = ()
    coming: tuple[Attachment, ...] = ()
    read: bool = False
    known: tuple[str, str, str] | None = None
    others: frozenset[OutboxId] | None = None
    template: TemplateUse | None = None
    co_draft: EventId | None = None

    @property
    def is_begun(self) -> bool:
        """Whether there is anything of a reply yet."""
        return bool(self.text.strip() or self.warning or self.pictures or self.coming)

    def written(self) -> Written:
        """As it is kept; what is answered counts only once something is begun."""
        answered = self.answered if self.is_begun else None
        return Written(
            text=self.text,
            note=self.note,
            warning=self.warning,
            visibility=self.visibility if self.is_begun else None,
            answer_to=answered.native_id if answered else "",
            answer_visibility=answered.visibility if answered else None,
            answer_chosen=bool(answered and answered.chosen),
            pictures=(*(picture.attachment for picture in self.pictures), *self.coming),
        )

    def take_before(self, earlier: Written) -> None:
        """Let what was written earlier stand before what is here."""
        both = self.written().after(earlier)
        self.text, self.note, self.warning = both.text, both.note, both.warning
        self.visibility = both.visibility
        if both.answer_to and both.answer_visibility is not None:
            self.answered = Answered(both.answer_to, both.answer_visibility, both.answer_chosen)
        shown = [picture.attachment for picture in self.pictures]
        self.coming = tuple(one for one in both.pictures if one not in shown)


def as_wide_as(answered: Visibility, offered: tuple[Visibility, ...]) -> Visibility:
    """The visibility a reply starts with: that of what it answers, never a wider one."""
    return min((v for v in offered if v >= answered), default=max(offered))
