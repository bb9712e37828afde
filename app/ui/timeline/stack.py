"""What a bubble holds, from top to bottom: name, subject, warning, text, pictures, meta line."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF

from app.domain.interactions import Media
from app.domain.records import dataclass
from app.domain.views import InteractionItem
from app.ui.theme import theme
from app.ui.timeline import picture_boxes, wording
from app.ui.timeline.drawing import Action, Area, Drawing, Icon, Ink, Label, rounded
from app.ui.timeline.frame import Frame
from app.ui.timeline.gallery import Gallery, Plan, pictures_of
from app.ui.timeline.picture_boxes import PictureBox
from app.ui.timeline.run import Run
from app.ui.timeline.text import TextBlock, TextLine, theme_line

LONG = 6_000
"""Characters of a message that are laid out unasked: a mail may hold a whole correspondence."""
_META_GAP = 2
_META = 15
_MEDIA = 28
_MEDIA_GAP = 5
_OFFER = 24
_OFFER_GAP = 14


@dataclass(slots=True)
class _Item:
    content: TextBlock | Run | TextLine | tuple[PictureBox, ...]
    ink: Ink
    height: float
    width: float
    icon: str = ""


class Stack:
    """Collects the contents of a bubble no wider than ``room``, then places them."""

    def __init__(self, room: float) -> None:
        self.room = room
        self.head: Run | None = None
        self.meta = Run()
        self._items: list[_Item] = []

    def text(self, text: str, ink: Ink = "text", *, style: str = "message", weight: int = 400,
             most: int | None = None) -> None:  # fmt: skip
        if not text:
            return
        look = theme()
        block = TextBlock(
            text, look.font(style, weight), self.room, look.line_height(style), most=most
        )
        self._items.append(_Item(block, ink, block.height, block.width))

    def air(self, height: int) -> None:
        """Leave some room."""
        if self._items:
            self._items[-1].height += height

    def warning(self, warning: str, *, unfolded: bool) -> None:
        """The line a content warning stands on, with the word that shows what is under it."""
        run = Run("small", "text")
        run.icon("shield-alert", 13, "text-2").text(warning, weight=500)
        run.text("Hide" if unfolded else "Show", "accent", 600, action=Action.UNFOLD, gap=10)
        run.fit(self.room)
        self._items.append(_Item(run, "", theme().line_height("message"), run.width))

    def more(self) -> None:
        """The words under a text that goes on, which show the rest."""
        run = Run("small").text("Show the whole message", "accent", 600, action=Action.UNFOLD)
        self._items.append(_Item(run, "", theme().line_height("message"), run.width))

    def media(self, media: Media) -> None:
        self._placeholder(wording.media_icon(media), wording.media_label(media))

    def offer_pictures(self, count: int, account: str) -> None:
        """The words that show the pictures named above: these, or all of the account’s."""
        show = "Show picture" if count == 1 else f"Show {count} pictures"
        run = Run("small").text(show, "accent", 600, action=Action.SHOW_PICTURES)
        always = f"Always for {account}"
        left = self.room - run.width - _OFFER_GAP
        fitting = theme_line(always, "small", 500, left).text
        run.text(fitting, "accent", 500, action=Action.ALWAYS_PICTURES, gap=_OFFER_GAP)
        self._items.append(_Item(run, "", theme().scaled(_OFFER), run.width))

    def pictures(self, item: InteractionItem, gallery: Gallery) -> None:
        """The pictures themselves, each in the place it keeps."""
        shown = pictures_of(item)[: picture_boxes.MOST]
        places = picture_boxes.boxes(shown, self.room)
        made = tuple(
            PictureBox(place, item.account, media, gallery, fills=len(shown) > 1)
            for place, media in zip(places, shown, strict=True)
        )
        height = places[-1].bottom() + _MEDIA_GAP
        width = max(place.right() for place in places)
        self._items.append(_Item(made, "", height, width))

    def attachment(self, mime: str, label: str) -> None:
        self._placeholder(wording.media_icon(Media("", mime)), label)

    def _placeholder(self, icon: str, label: str) -> None:
        line = theme_line(label, "small", width=self.room - 38)
        height = theme().scaled(_MEDIA) + _MEDIA_GAP
        self._items.append(_Item(line, "text-2", height, line.width + 38, icon))

    @property
    def width(self) -> float:
        widths = [item.width for item in self._items]
        widths.append(self.meta.width)
        if self.head is not None:
            widths.append(self.head.width)
        return round(min(self.room, max(widths)) + 0.5)

    @property
    def height(self) -> float:
        look = theme()
        height = sum(item.height for item in self._items)
        if self.meta:
            height += look.scaled(_META) + (_META_GAP if self._items else 0)
        if self.head is not None:
            height += look.scaled(_META) + 1
        return height

    def place(self, into: Drawing, x: float, y: float, *, right: float | None = None) -> None:
        """Put everything down from ``x, y``; the meta line ends at ``right`` when it is given."""
        look = theme()
        if self.head is not None:
            self.head.fit(self.room)
            self.head.place(into, x, y, look.scaled(_META))
            y += look.scaled(_META) + 1
        for item in self._items:
            self._place_item(into, item, x, y)
            y += item.height
        if self.meta:
            y += _META_GAP if self._items else 0
            at = x if right is None else right - self.meta.width
            self.meta.place(into, at, y, look.scaled(_META))

    def _place_item(self, into: Drawing, item: _Item, x: float, y: float) -> None:
        match item.content:
            case TextBlock() as block:
                # Text that reads from the right ends where the bubble does.
                shift = self.width - item.width if block.leftwards else 0
                into.put(block, QPointF(x + shift, y), item.ink)
            case Run() as run:
                run.place(into, x, y, item.height)
            case tuple() as places:
                for box in places:
                    moved = box.rect.translated(x, y + _MEDIA_GAP)
                    replace(box, rect=moved).put(into)
            case TextLine() as line:
                top = y + _MEDIA_GAP
                box = QRectF(x, top, min(item.width, self.room), item.height - _MEDIA_GAP)
                into.add(Area(rounded(box, 7), "text/6"))
                into.add(Icon(item.icon, QRectF(x + 8, box.center().y() - 7, 14, 14), "text-2"))
                at = QPointF(x + 29, box.center().y() - line.height / 2)
                into.add(Label(line, at, item.ink))


def first_part(text: str) -> str:
    """As much of a text as is shown unasked; the same object when that is all of it."""
    if len(text) <= LONG:
        return text
    return f"{text[:LONG].rsplit(None, 1)[0]} …"


def fill_stack(
    item: InteractionItem, room: float, frame: Frame, *, ink: Ink = "text", subject: bool = True
) -> Stack:
    """The contents every message has: subject, warning, text, pictures; dimmed when deleted.

    Texts from before an edit stand above the present one, oldest first.
    """
    stack = Stack(room)
    shown = "text-3" if item.deleted_ms is not None else ink
    if item.subject and subject:
        stack.text(item.subject, shown, weight=600, most=2)
    if item.warning:
        stack.warning(item.warning, unfolded=frame.unfolded)
        if not frame.unfolded:
            return stack
    for revision in frame.earlier:
        stack.text(revision.text, "text-3")
        until = f"Until {wording.full_time(revision.replaced_ms)}"
        stack.text(until, "text-3", style="caption")
        stack.air(6)
    shown_text = item.text if frame.unfolded else first_part(item.text)
    stack.text(shown_text, shown)
    if shown_text is not item.text:
        stack.more()
    _fill_media(stack, item, frame.gallery)
    return stack


def _fill_media(stack: Stack, item: InteractionItem, gallery: Gallery | None) -> None:
    plan = gallery.plan(item) if gallery is not None else Plan.NAMED
    shown = pictures_of(item)[: picture_boxes.MOST] if plan is Plan.SHOWN else ()
    for media in item.media:
        if media not in shown:
            stack.media(media)
    if gallery is not None and plan is Plan.SHOWN:
        stack.pictures(item, gallery)
    elif gallery is not None and plan is Plan.OFFERED:
        stack.offer_pictures(len(pictures_of(item)), gallery.account_label(item.account))
