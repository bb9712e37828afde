"""What can be done with a row: the menu that Enter and the right button open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from app.domain.events import RULE, EventType
from app.domain.interactions import Direction, Side, Visibility
from app.domain.links import target_of
from app.domain.outbox import OutboxState
from app.domain.records import dataclass
from app.domain.requests import Comment
from app.domain.views import EventItem, InteractionItem, OutboxEntry
from app.ui.theme import icons
from app.ui.timeline.decisions import TAKE_BACK
from app.ui.timeline.entries import Entry
from app.ui.timeline.moods import has_mood
from app.ui.timeline.text import find_links, host_of

_FIRST_OF_ALL = EventType.CASE_OPENED
_SERVICE_ICONS = {Side.SERVICE: "message-circle", Side.MARKETING: "megaphone"}


@dataclass(frozen=True, slots=True)
class Deeds:
    """What the menu calls; every one takes what the row tells of."""

    reply_to: Callable[[InteractionItem], None]
    copy: Callable[[Entry], None]
    open_url: Callable[[str], None]
    unfold: Callable[[Entry], None]
    earlier: Callable[[Entry], None]
    like: Callable[[InteractionItem], None]
    boost: Callable[[InteractionItem], None]
    delete: Callable[[InteractionItem], None]
    move: Callable[[InteractionItem, Side], None]
    mood: Callable[[Entry], None]
    open_case: Callable[[InteractionItem], None]
    undo_event: Callable[[EventItem], None]
    undo_comment: Callable[[Comment], None]
    take_back: Callable[[EventItem], None]
    undo_send: Callable[[OutboxEntry], None]
    send_now: Callable[[OutboxEntry], None]
    retry: Callable[[OutboxEntry], None]
    edit: Callable[[OutboxEntry], None]
    arrived: Callable[[OutboxEntry], None]
    discard: Callable[[OutboxEntry], None]


@dataclass(frozen=True, slots=True)
class PictureEntry:
    """What can be done with the pictures of a row: the words, their icon, and the deed."""

    text: str
    icon: str
    deed: Callable[[], None]


def row_menu(
    entry: Entry,
    text: str,
    deeds: Deeds,
    *,
    can_act: bool,
    parent: QWidget,
    pictures: Sequence[PictureEntry] = (),
) -> QMenu:
    """The menu of a row.

    ``text`` is what copying copies; ``can_act`` whether the channel takes likes and boosts.
    """
    menu = _Menu(parent)
    for each in pictures:
        menu.add(each.text, each.icon, each.deed)
    menu.group()
    match entry.item:
        case InteractionItem() as item:
            _fill_for_fact(menu, entry, item, deeds, can_act=can_act)
        case EventItem() as item:
            _fill_for_decision(menu, item, deeds)
        case OutboxEntry() as item:
            _fill_for_wish(menu, item, deeds)
    if text:
        menu.group()
        menu.add("Copy text", "copy", partial(deeds.copy, entry))
        for link in find_links(text):
            menu.add(f"Open {host_of(link.url)}", "link", partial(deeds.open_url, link.url))
    return menu.menu


class _Menu:
    """Adds entries with icons; separators only between groups that have something."""

    def __init__(self, parent: QWidget) -> None:
        self.menu = QMenu(parent)

    def add(self, text: str, icon: str, deed: Callable[[], None]) -> None:
        # The menu lives on the main thread, where its actions fire: a closure is safe here.
        self.menu.addAction(icons.icon(icon), text).triggered.connect(lambda _checked: deed())

    def group(self) -> None:
        if not self.menu.isEmpty():
            self.menu.addSeparator()


def _fill_for_decision(menu: _Menu, item: EventItem, deeds: Deeds) -> None:
    if item.waits:
        menu.add(TAKE_BACK, "undo-2", partial(deeds.take_back, item))
    elif not item.undone and item.event.agent != RULE and item.event.type != _FIRST_OF_ALL:
        menu.add("Undo this", "undo-2", partial(deeds.undo_event, item))
    if item.draft is not None and item.draft.draft.comments:
        latest = item.draft.draft.comments[-1]
        menu.add("Undo the latest comment", "undo-2", partial(deeds.undo_comment, latest))


def _fill_for_fact(
    menu: _Menu, entry: Entry, item: InteractionItem, deeds: Deeds, *, can_act: bool
) -> None:
    theirs = item.direction is not Direction.OUTBOUND
    speaks = item.kind.has_text and not item.kind.by_hand and item.deleted_ms is None
    if theirs and speaks:
        menu.add("Reply to this", "reply", partial(deeds.reply_to, item))
    if item.warning:
        menu.add("Show or hide what is under the warning", "eye", partial(deeds.unfold, entry))
    if item.revisions:
        menu.add("Show or hide earlier versions", "history", partial(deeds.earlier, entry))
    if theirs and speaks and can_act:
        menu.add("Like", "heart", partial(deeds.like, item))
        if item.visibility <= Visibility.UNLISTED:
            menu.add("Boost", "repeat-2", partial(deeds.boost, item))
    menu.group()
    if item.direction is Direction.INBOUND:
        _fill_for_inbound(menu, entry, item, deeds, speaks=speaks)
    if target_of(item.url) is not None:
        menu.add("Open in browser", "external-link", partial(deeds.open_url, item.url))
    if not theirs and speaks and can_act:
        menu.group()
        menu.add("Delete at the service", "trash-2", partial(deeds.delete, item))


def _fill_for_inbound(
    menu: _Menu, entry: Entry, item: InteractionItem, deeds: Deeds, *, speaks: bool
) -> None:
    other = Side.SERVICE if item.side is Side.MARKETING else Side.MARKETING
    menu.add(
        f"Move to {other.name.lower()}", _SERVICE_ICONS[other], partial(deeds.move, item, other)
    )
    if has_mood(item):
        menu.add("Mood…", "smile", partial(deeds.mood, entry))
    if item.case is None and speaks:
        menu.add("Open a case", "ticket-plus", partial(deeds.open_case, item))


def _fill_for_wish(menu: _Menu, item: OutboxEntry, deeds: Deeds) -> None:
    match item.item.state:
        case OutboxState.QUEUED:
            menu.add("Undo send", "undo-2", partial(deeds.undo_send, item))
            menu.add("Send now", "send", partial(deeds.send_now, item))
        case OutboxState.FAILED | OutboxState.HELD:
            if item.item.state is OutboxState.HELD:
                menu.add("Send anyway", "send", partial(deeds.retry, item))
            else:
                menu.add("Retry", "rotate-cw", partial(deeds.retry, item))
            menu.add("Edit", "pencil", partial(deeds.edit, item))
            menu.add("Discard", "trash-2", partial(deeds.discard, item))
        case OutboxState.UNKNOWN:
            menu.add("It arrived", "check", partial(deeds.arrived, item))
            menu.add("Send again", "rotate-cw", partial(deeds.retry, item))
        case _:
            pass
