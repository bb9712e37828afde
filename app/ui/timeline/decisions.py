"""Decisions about a case in words: one line each, for the row, the reader and the tooltip."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from app.domain.events import EventType
from app.domain.guard import Standing
from app.domain.ids import case_ref
from app.domain.interactions import Side
from app.domain.matching import spoken
from app.domain.mood import Mood
from app.domain.records import dataclass
from app.domain.requests import DraftFate
from app.domain.views import EventItem
from app.ui.theme import formats
from app.ui.timeline.names import Names

_CLOCKS = {
    "first_reply": "First reply",
    "next_reply": "Next reply",
    "resolution": "Solution",
    "promise": "Promise",
}
_FATES = {
    DraftFate.OPEN: "Not used yet",
    DraftFate.USED: "Used",
    DraftFate.CHANGED: "Used, with changes",
    DraftFate.DECLINED: "Another one was asked for",
}
TAKE_BACK: Final = "Take back"
_URGENCIES = {1: "normal", 2: "high", 3: "critical"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """What happened, the rest of it (who, why), and the icon of its node."""

    what: str
    rest: str
    icon: str

    @property
    def whole(self) -> str:
        return f"{self.what}, {self.rest}" if self.rest else self.what


def decision(item: EventItem, names: Names) -> Sentence:
    """The sentence for a decision that is neither a note nor a seam."""
    say = _SENTENCES.get(item.event.type)
    return say(item, names) if say else Sentence("Something was decided", _by(item), "circle-dot")


def kept_until(item: EventItem, names: Names) -> str:
    """What a reply waits for."""
    if item.event.type is EventType.APPROVAL_ASKED:
        return f"Waits for approval by {names.department(item.event.data.get('department'))}"
    return "Leaves when the case is closed"


def draft_head(item: EventItem, names: Names) -> str:
    """“Draft by Marketing”."""
    return f"Draft by {names.department(item.event.data.get('department'))}"


def draft_state(item: EventItem) -> str:
    """What became of the draft of another department."""
    if item.undone:
        return "Undone"
    return _FATES[item.draft.fate] if item.draft is not None else ""


def _by(item: EventItem) -> str:
    return f"by {item.agent_name}" if item.agent_name else ""


def _opened(item: EventItem, names: Names) -> Sentence:
    owner = names.department(item.event.data.get("department"))
    return Sentence(f"Case #{case_ref(item.case)} opened", f"with {owner}", "ticket")


def _assigned(item: EventItem, names: Names) -> Sentence:
    agent = item.event.data.get("assignee")
    if away := item.event.data.get("away"):
        what = f"Assigned to {names.agent(agent)}" if agent else "Back to the department"
        return Sentence(what, f"{names.agent(away)} is away", "user-plus")
    if not agent:
        return Sentence("Assigned to nobody", _by(item), "user-minus")
    if agent == item.event.agent:
        return Sentence(f"Taken by {item.agent_name or names.agent(agent)}", "", "user-check")
    return Sentence(f"Assigned to {names.agent(agent)}", _by(item), "user-plus")


def _routed(item: EventItem, names: Names) -> Sentence:
    data = item.event.data
    also = []
    if data.get("urgency"):
        also.append(f"urgency {_URGENCIES.get(int(data['urgency']), 'normal')}")
    if data.get("tags"):
        also.append(f"tagged {', '.join(str(tag) for tag in data['tags'])}")
    rest = ", ".join((*also, "by a rule"))
    if data.get("noise"):
        return Sentence("Set aside as noise", rest, "funnel-x")
    whom = names.agent(data.get("assignee"))
    where = names.department(data["department"]) if data.get("department") else ""
    to = ", ".join(one for one in (where, whom) if one)
    return Sentence(f"Routed to {to}" if to else "Routed", rest, "signpost")


def _handed_off(item: EventItem, names: Names) -> Sentence:
    target = names.department(item.event.data.get("to"))
    return Sentence(f"Handed to {target}", _by(item), "arrow-up-right")


def _accepted(item: EventItem, names: Names) -> Sentence:
    return Sentence(
        f"Accepted by {item.agent_name or names.department(item.department)}", "", "check"
    )


def _returned(item: EventItem, _names: Names) -> Sentence:
    return Sentence("Returned", str(item.event.data.get("reason", "")) or _by(item), "undo")


def _tagged(item: EventItem, _names: Names) -> Sentence:
    added = ", ".join(str(tag) for tag in item.event.data.get("add", ()))
    removed = ", ".join(str(tag) for tag in item.event.data.get("remove", ()))
    if added and removed:
        what = f"Tagged {added}; {removed} removed"
    elif added:
        what = f"Tagged {added}"
    else:
        what = f"Tag {removed} removed"
    return Sentence(what, _by(item), "tag")


def _snoozed(item: EventItem, _names: Names) -> Sentence:
    when = _when(int(item.event.data.get("until", item.at_ms)), item.at_ms)
    return Sentence(f"Snoozed until {when}", _by(item), "alarm-clock")


def _when(at_ms: int, now_ms: int) -> str:
    """“12:30” of the same day, “20 Nov, 12:30” of another."""
    day, at = formats.short_date(at_ms, now_ms), formats.clock_time(at_ms)
    return at if formats.short_date(now_ms, now_ms) == day else f"{day}, {at}"


def _promised(item: EventItem, _names: Names) -> Sentence:
    when = _when(int(item.event.data.get("until", item.at_ms)), item.at_ms)
    text = str(item.event.data.get("text", ""))
    by = f"“{text}”" if text else _by(item)
    return Sentence(f"Promised to be back by {when}", by, "alarm-clock")


def _kept(item: EventItem, _names: Names) -> Sentence:
    return Sentence("Promise kept", _by(item) or "by the reply", "check")


def _dropped(item: EventItem, _names: Names) -> Sentence:
    why = str(item.event.data.get("reason", ""))
    return Sentence("Promise dropped", why or _by(item), "x")


def _breached(item: EventItem, _names: Names) -> Sentence:
    clock = _CLOCKS.get(str(item.event.data.get("clock")), "Promise")
    due = _when(int(item.event.data.get("due", item.at_ms)), item.at_ms)
    return Sentence(f"{clock} late", f"due {due}", "triangle-alert")


def _set_aside(item: EventItem, _names: Names) -> Sentence:
    why, score = str(item.event.data.get("reason", "")), item.event.data.get("score")
    if score is not None:
        return Sentence("Set aside as noise", f"{float(score):.0%} sure: {why}", "funnel-x")
    return Sentence("Set aside as noise", why or _by(item), "funnel-x")


def _not_noise(item: EventItem, _names: Names) -> Sentence:
    return Sentence("Needs an answer after all", _by(item), "funnel")


def _closed(item: EventItem, _names: Names) -> Sentence:
    return Sentence(f"Case #{case_ref(item.case)} closed", _by(item), "ticket-check")


def _reopened(item: EventItem, _names: Names) -> Sentence:
    why = "by a new message" if item.event.data.get("cause") == "message" else _by(item)
    return Sentence(f"Case #{case_ref(item.case)} reopened", why, "ticket")


def _urgency(item: EventItem, _names: Names) -> Sentence:
    urgency = _URGENCIES.get(int(item.event.data.get("urgency", 1)), "normal")
    return Sentence(f"Urgency set to {urgency}", _by(item), "signal")


def _moved(item: EventItem, _names: Names) -> Sentence:
    side = "marketing" if item.event.data.get("side") == Side.MARKETING else "service"
    return Sentence(f"Message moved to {side}", _by(item), "arrow-left-right")


def _linked(item: EventItem, _names: Names) -> Sentence:
    data, why = item.event.data, _by(item)
    if not item.event.agent and "score" in data:
        why = f"{float(data['score']):.0%} sure: {spoken(data.get('evidence', ()))}"
    return Sentence("Identity joined to this customer", why, "link")


def _unlinked(item: EventItem, _names: Names) -> Sentence:
    return Sentence("Identity separated from this customer", _by(item), "unlink")


def _apart(item: EventItem, _names: Names) -> Sentence:
    return Sentence("Said to be somebody else than who was suggested", _by(item), "user-x")


def _promoted(item: EventItem, _names: Names) -> Sentence:
    words = str(item.event.data.get("words", ""))
    said = f"Promotion sent anyway: {words}" if words else "Promotion sent anyway"
    return Sentence(said, str(item.event.data.get("reason", "")) or _by(item), "megaphone")


_STANDINGS = {
    Standing.WELCOME: "Promotions welcome",
    Standing.ON_HOLD: "Promotions put on hold",
    Standing.OPTED_OUT: "Opted out of promotions",
}


def _standing(item: EventItem, _names: Names) -> Sentence:
    said = _STANDINGS.get(item.event.data.get("standing", ""), "Standing set")
    return Sentence(said, str(item.event.data.get("reason", "")) or _by(item), "megaphone")


def _owned(item: EventItem, names: Names) -> Sentence:
    who = names.agent(item.event.data.get("agent"))
    icon = "user-check" if who else "user-minus"
    return Sentence(f"{who or 'Nobody'} holds the relationship", _by(item), icon)


_MOODS = {Mood.ANGRY: "angry", Mood.NEUTRAL: "neutral", Mood.GLAD: "glad"}


def _mood(item: EventItem, _names: Names) -> Sentence:
    mood = _MOODS.get(item.event.data.get("mood"))  # type: ignore[arg-type]  # None is none of them
    if mood is None:
        return Sentence("Mood as the words say again", _by(item), "meh")
    return Sentence(f"Mood set to {mood}", _by(item), "meh")


def _help_asked(item: EventItem, names: Names) -> Sentence:
    asked = names.department(item.event.data.get("department"))
    return Sentence(f"Asked {asked} to co-draft", _said(item, "question"), "message-circle")


def _drafted(item: EventItem, names: Names) -> Sentence:
    drafted = names.department(item.event.data.get("department"))
    return Sentence(f"{drafted} drafted", _said(item, "text"), "pencil")


def _commented(item: EventItem, _names: Names) -> Sentence:
    return Sentence("Comment on the draft", _said(item, "text"), "message-circle")


def _draft_used(item: EventItem, names: Names) -> Sentence:
    drafted = names.department(item.event.data.get("department"))
    return Sentence(f"{drafted} wrote this reply along", _by(item), "check")


def _postponed(item: EventItem, _names: Names) -> Sentence:
    return Sentence("Kept until the case was closed", _said(item, "text"), "alarm-clock")


def _released(item: EventItem, _names: Names) -> Sentence:
    if refused := str(item.event.data.get("refused", "")):
        return Sentence("The reply that waited is a draft again", refused, "pencil")
    return Sentence("The reply that waited is on its way", "No case is open", "send")


def _approval_asked(item: EventItem, names: Names) -> Sentence:
    asked = names.department(item.event.data.get("department"))
    return Sentence(f"Asked {asked} to approve", _said(item, "text"), "user-check")


def _approved(item: EventItem, _names: Names) -> Sentence:
    return Sentence("Reply approved", _by(item), "check")


def _declined(item: EventItem, _names: Names) -> Sentence:
    return Sentence("Reply not approved", _said(item, "reason"), "x")


def _content_asked(item: EventItem, names: Names) -> Sentence:
    asked = names.department(item.event.data.get("department"))
    return Sentence(f"Asked {asked} for content", _said(item, "wish"), "message-circle")


def _content_given(item: EventItem, _names: Names) -> Sentence:
    link = str(item.event.data.get("link", ""))
    return Sentence("Content given", link or "filed as a template", "check")


def _access_asked(item: EventItem, names: Names) -> Sentence:
    asked = names.department(item.event.data.get("department"))
    what = "a tool" if item.event.data.get("ask") == "tool" else "access"
    return Sentence(f"Asked {asked} for {what}", _said(item, "wish"), "message-circle")


def _access_answered(item: EventItem, _names: Names) -> Sentence:
    if item.event.data.get("granted"):
        return Sentence("What was asked is given", _said(item, "text"), "check")
    return Sentence("What was asked is declined", _said(item, "text"), "x")


def _said(item: EventItem, key: str) -> str:
    """What was said, on one line, or by whom."""
    said = " ".join(str(item.event.data.get(key, "")).split())
    return f"“{said}”" if said else _by(item)


def _undone(item: EventItem, _names: Names) -> Sentence:
    return Sentence("Last action undone", _by(item), "undo-2")


_SENTENCES: Final[Mapping[EventType, Callable[[EventItem, Names], Sentence]]] = {
    EventType.CASE_OPENED: _opened,
    EventType.CASE_ASSIGNED: _assigned,
    EventType.CASE_ROUTED: _routed,
    EventType.CASE_HANDED_OFF: _handed_off,
    EventType.CASE_ACCEPTED: _accepted,
    EventType.CASE_RETURNED: _returned,
    EventType.CASE_TAGGED: _tagged,
    EventType.CASE_SNOOZED: _snoozed,
    EventType.CASE_CLOSED: _closed,
    EventType.PROMISE_MADE: _promised,
    EventType.PROMISE_KEPT: _kept,
    EventType.PROMISE_DROPPED: _dropped,
    EventType.CLOCK_BREACHED: _breached,
    EventType.NOISE_MARKED: _set_aside,
    EventType.NOISE_CLEARED: _not_noise,
    EventType.CASE_REOPENED: _reopened,
    EventType.PRIORITY_SET: _urgency,
    EventType.SIDE_MOVED: _moved,
    EventType.IDENTITY_LINKED: _linked,
    EventType.IDENTITY_UNLINKED: _unlinked,
    EventType.MATCH_DECLINED: _apart,
    EventType.PROMOTION_SENT: _promoted,
    EventType.STANDING_SET: _standing,
    EventType.CUSTOMER_OWNED: _owned,
    EventType.MOOD_SET: _mood,
    EventType.HELP_ASKED: _help_asked,
    EventType.DRAFT_WRITTEN: _drafted,
    EventType.DRAFT_COMMENTED: _commented,
    EventType.DRAFT_USED: _draft_used,
    EventType.REPLY_POSTPONED: _postponed,
    EventType.REPLY_RELEASED: _released,
    EventType.APPROVAL_ASKED: _approval_asked,
    EventType.APPROVAL_GIVEN: _approved,
    EventType.APPROVAL_DECLINED: _declined,
    EventType.CONTENT_REQUESTED: _content_asked,
    EventType.CONTENT_ANSWERED: _content_given,
    EventType.ACCESS_REQUESTED: _access_asked,
    EventType.ACCESS_ANSWERED: _access_answered,
    EventType.UNDONE: _undone,
}
