"""What is written but not sent, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.interactions import Visibility
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
    """What stands in the composer for one case: kept while the console runs, the text for good.

    ``text`` None: nothing was read or written yet, so the stored draft counts.
    """

    text: str | None = None
    note: str = ""
    warning: str = ""
    visibility: Visibility | None = None
    answered: Answered | None = None
    pictures: tuple[Picture, ...] = field(default_factory=tuple)

    @property
    def is_begun(self) -> bool:
        """Whether there is anything of a reply yet."""
        return bool((self.text or "").strip() or self.warning or self.pictures)


def as_wide_as(answered: Visibility, offered: tuple[Visibility, ...]) -> Visibility:
    """The visibility a reply starts with: that of what it answers, never a wider one."""
    return min((v for v in offered if v >= answered), default=max(offered))
