"""What the timeline says: names of kinds, states of wishes, texts for screen readers."""

from __future__ import annotations

from app.domain.events import EventType
from app.domain.interactions import Channel, Direction, Kind, Media, Visibility
from app.domain.outbox import Act, OutboxItem, OutboxState
from app.domain.views import EventItem, InteractionItem, OutboxEntry, Seam
from app.ui.theme import formats
from app.ui.timeline import moods
from app.ui.timeline.decisions import decision, draft_head, draft_state, kept_until
from app.ui.timeline.entries import Entry, Shape
from app.ui.timeline.names import Names

_WIDTHS = {
    Visibility.PUBLIC: "Public",
    Visibility.UNLISTED: "Unlisted",
    Visibility.FOLLOWERS: "Followers-only",
}
_KINDS = {
    Kind.MENTION: "mention",
    Kind.REPLY: "reply",
    Kind.QUOTE: "quote",
    Kind.COMMENT: "comment",
    Kind.POST: "post",
}
_ICONS = {
    Visibility.PUBLIC: "globe",
    Visibility.UNLISTED: "eye-off",
    Visibility.FOLLOWERS: "users",
    Visibility.DIRECT: "at-sign",
}
_MARKS = {
    Kind.LIKE: "Liked a post",
    Kind.BOOST: "Boosted a post",
    Kind.FOLLOW: "Followed us",
    Kind.CAMPAIGN_SENT: "Campaign mail",
    Kind.CAMPAIGN_OPENED: "Opened a campaign mail",
    Kind.CAMPAIGN_CLICKED: "Clicked in a campaign mail",
    Kind.BOUGHT: "Bought after a campaign mail",
    Kind.REVIEW: "Review",
    Kind.POST: "Our post",
}
_MARK_ICONS = {
    Kind.LIKE: "heart",
    Kind.BOOST: "repeat-2",
    Kind.FOLLOW: "user-plus",
    Kind.CAMPAIGN_SENT: "mail",
    Kind.CAMPAIGN_OPENED: "mail-open",
    Kind.CAMPAIGN_CLICKED: "mouse-pointer-click",
    Kind.BOUGHT: "shopping-bag",
    Kind.REVIEW: "star",
    Kind.POST: "megaphone",
}
_CAMPAIGN = frozenset(
    {Kind.CAMPAIGN_SENT, Kind.CAMPAIGN_OPENED, Kind.CAMPAIGN_CLICKED, Kind.BOUGHT}
)
_BY_HAND = {
    Kind.CALL: ("Call", "phone"),
    Kind.MEETING: ("Meeting", "users"),
    Kind.LETTER: ("Letter", "mailbox"),
    Kind.VISIT: ("Visit", "store"),
}
_ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}
_WISH_ICONS = {Act.LIKE: "heart", Act.BOOST: "repeat-2", Act.DELETE: "trash-2", Act.REPLY: "reply"}
_STATES = {
    OutboxState.SENDING: "Sending",
    OutboxState.UNKNOWN: "Checking whether it arrived",
    OutboxState.CANCELLED: "Cancelled",
    OutboxState.SENT: "Sent",
}
_MINUTE_S = 60
_WISHES = {Act.LIKE: "Like", Act.BOOST: "Boost", Act.DELETE: "Deletion", Act.REPLY: "Reply"}
_MEDIA = {"image": "Picture", "video": "Film", "audio": "Sound"}


def kind_label(item: InteractionItem) -> str:
    """What a message is, as its meta line says it: “Public mention”, “Direct message”, “E-mail”."""
    return message_label(item.channel, item.kind, item.visibility)


def message_label(channel: Channel, kind: Kind, visibility: Visibility) -> str:
    if kind in _BY_HAND:
        return _BY_HAND[kind][0]
    if channel is Channel.EMAIL or kind is Kind.MAIL:
        return "E-mail"
    if kind is Kind.REVIEW:
        return "Review"
    if kind is Kind.TICKET_COMMENT:
        return "Ticket comment"
    if kind is Kind.DIRECT or visibility is Visibility.DIRECT:
        return "Direct message"
    return f"{_WIDTHS[visibility]} {_KINDS.get(kind, 'message')}"


def reply_label(item: OutboxItem) -> str:
    return message_label(item.channel, Kind.REPLY, item.visibility)


def message_icon(channel: Channel, kind: Kind, visibility: Visibility) -> str:
    if kind in _BY_HAND:
        return _BY_HAND[kind][1]
    if channel is Channel.EMAIL or kind is Kind.MAIL:
        return "mail"
    if kind is Kind.REVIEW:
        return "star"
    if kind is Kind.DIRECT:
        return _ICONS[Visibility.DIRECT]
    return _ICONS[visibility]


def mark_label(item: InteractionItem) -> str:
    """What a marketing touch is called."""
    if item.kind in _MARKS:
        return _MARKS[item.kind]
    if item.kind is Kind.COMMENT and item.subject:
        return "Ad comment"
    return _KINDS.get(item.kind, "message").capitalize()


def mark_icon(item: InteractionItem) -> str:
    return _MARK_ICONS.get(item.kind, "message-circle")


def mark_object(item: InteractionItem) -> str:
    """What a marketing touch was about: the campaign, the post; and where."""
    about = item.subject or ("" if item.kind.has_text else " ".join(item.text.split()))
    if item.kind in _CAMPAIGN:
        return about or " ".join(item.text.split())
    where = item.channel.label
    return f"{about} · {where}" if about else where


def media_label(media: Media) -> str:
    """“Picture: a cracked drip tray”; without a description it says so."""
    what = _MEDIA.get(media.mime.partition("/")[0], "Attachment")
    return f"{what}: {media.description}" if media.description else f"{what} without description"


def media_icon(media: Media) -> str:
    kind = media.mime.partition("/")[0]
    return {"image": "image", "video": "film", "audio": "volume-2"}.get(kind, "paperclip")


def in_line(place: int) -> str:
    """“1st in line”, “2nd”, “11th”."""
    if place == 1:
        return "1st in line"
    last = place % 10 if place % 100 not in (11, 12, 13) else 0
    return f"{place}{_ORDINALS.get(last, 'xth')[-2:]}"


def seam_name(seam: Seam, names: Names) -> str:
    """“Handed from PR to IT after 39 minutes”."""
    return (
        f"Handed from {names.short(seam.origin)} to {names.short(seam.target)}"
        f" after {formats.spoken_duration(seam.held_ms)}"
    )


def waiting_state(entry: OutboxEntry, now_ms: int) -> str:
    """Where a wish stands, in words: “Sending in 6 s”, “Queued 11:58, 1st in line”."""
    item = entry.item
    if item.state is OutboxState.FAILED:
        return f"Not sent. {item.error}".strip()
    if item.state is OutboxState.HELD:
        return f"Held. {item.error}"
    if item.state is not OutboxState.QUEUED:
        return _STATES[item.state]
    left = seconds_left(item, now_ms)
    if left and not item.attempts:
        return f"Sending in {left} s"
    if left:
        soon = f"{left} s" if left < _MINUTE_S else formats.duration(left * 1000)
        return f"Trying again in {soon}"
    since = f"Queued {formats.clock_time(entry.at_ms)}"
    return f"{since}, {in_line(entry.place)}" if entry.place else since


def seconds_left(item: OutboxItem, now_ms: int) -> int:
    """Whole seconds until a queued wish may leave; 0 when it may."""
    if item.state is not OutboxState.QUEUED:
        return 0
    left = item.not_before.timestamp() * 1000 - now_ms
    return max(0, -int(-left // 1000))


def wish_icon(item: OutboxItem) -> str:
    return _WISH_ICONS[item.act]


def wish_label(entry: OutboxEntry, now_ms: int) -> str:
    return f"{_WISHES[entry.item.act]}: {waiting_state(entry, now_ms).lower()}"


def accessible_name(entry: Entry, names: Names, now_ms: int) -> str:
    """What a screen reader says for a row: who, where, in what state, when, and the text."""
    at = formats.clock_time(entry.at_ms)
    match entry.item:
        case EventItem() as item:
            if item.seam is not None:
                said = seam_name(item.seam, names)
            elif entry.shape is Shape.KEPT:
                said = f"{item.agent_name}, reply, {at}. {kept_until(item, names)}"
                return f"{said}: {item.event.data.get('text', '')}"
            elif item.event.type is EventType.DRAFT_WRITTEN:
                said = _draft_name(item, names, at)
            elif entry.shape is Shape.NOTE:
                said = f"Internal note, {item.agent_name}, {at}: {item.event.data.get('text', '')}"
            else:
                said = f"{decision(item, names).whole}, {at}"
            return f"Undone: {said}" if item.undone else said
        case OutboxEntry() as item:
            state = waiting_state(item, now_ms)
            if entry.shape is Shape.WISH:
                return wish_label(item, now_ms)
            return f"{item.agent_name}, {reply_label(item.item).lower()}, {state}: {item.item.text}"
        case InteractionItem() as item:
            return _interaction_name(entry, item, at)


def _draft_name(item: EventItem, names: Names, at: str) -> str:
    """The draft of another department with what was said of it."""
    state = "" if item.undone else f", {draft_state(item).lower()}"
    head = f"{draft_head(item, names)}, {item.agent_name}, {at}{state}"
    comments = item.draft.draft.comments if item.draft is not None else ()
    said = [f"{names.agent(one.agent)} commented: {one.text}" for one in comments]
    return "\n".join((f"{head}: {item.event.data.get('text', '')}", *said))


def _interaction_name(entry: Entry, item: InteractionItem, at: str) -> str:
    if entry.shape is Shape.MARK and not item.kind.has_text:
        return f"{mark_label(item)}, {mark_object(item)}, {at}"
    what = mark_label(item) if entry.shape is Shape.MARK else kind_label(item).lower()
    states = [item.author, item.channel.label, what, at]
    if item.direction is Direction.OUTBOUND and entry.shape is Shape.OUTBOUND:
        states.append("delivered")
    if item.edited_ms is not None:
        states.append("edited")
    if item.deleted_ms is not None:
        states.append(deleted_label(item))
    if item.warning:
        states.append(f"content warning {item.warning}")
    states.extend(media_label(media) for media in item.media)
    states.extend(pip.label for pip in item.pips)
    states.append(moods.spoken(item))
    return f"{', '.join(state for state in states if state)}: {item.subject or item.text}"


def deleted_label(item: InteractionItem) -> str:
    return "deleted by us" if item.ours else "deleted by the customer"


def accessible_detail(entry: Entry) -> str:
    """What a screen reader adds when asked for more: why a case was handed over, or why a message
    is said to be angry."""
    match entry.item:
        case EventItem(seam=Seam() as seam):
            return seam.text
        case OutboxEntry() as waiting:
            return waiting.item.hint
        case InteractionItem() as item:
            return moods.why(item)
        case _:
            return ""


def tooltip(entry: Entry, names: Names) -> str:
    """What the row has no room for: the whole date, and what became of a message."""
    match entry.item:
        case InteractionItem() as item:
            lines = [full_time(item.at_ms)]
            if item.edited_ms is not None:
                lines.append(f"Edited {full_time(item.edited_ms)}, {_kept(item.revisions)}")
            if item.deleted_ms is not None:
                deleted = deleted_label(item).capitalize()
                lines.append(f"{deleted} {full_time(item.deleted_ms)}")
            lines.extend(filter(None, [moods.why(item)]))
            return "\n".join(lines)
        case EventItem() as item if entry.shape is Shape.SYSTEM:
            return f"{decision(item, names).whole}\n{full_time(item.at_ms)}"
        case OutboxEntry() as waiting if waiting.item.hint:
            return waiting.item.hint
        case _:
            return full_time(entry.at_ms)


def _kept(revisions: int) -> str:
    if not revisions:
        return "no earlier version kept"
    return "1 earlier version kept" if revisions == 1 else f"{revisions} earlier versions kept"


def full_time(at_ms: int) -> str:
    """A moment without any context: “19 November 2026, 09:31”."""
    at = formats.local(at_ms)
    return f"{at.day} {formats.month_label(at.year, at.month)}, {formats.clock_time(at_ms)}"
