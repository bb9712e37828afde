"""Hand-made timelines: the case the design shows, and every shape a row can take."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.departments import CARE, IT, LEADERSHIP, MARKETING, PR, SEEDED, Agent
from app.domain.events import Event, EventType
from app.domain.ids import (
    AccountId,
    AgentId,
    CaseId,
    ConversationId,
    CustomerId,
    DepartmentId,
    DeviceId,
    EventId,
    IdentityId,
    InteractionKey,
    InteractionUid,
    OutboxId,
)
from app.domain.interactions import Channel, Direction, Kind, Media, Side, Visibility
from app.domain.outbox import Act, OutboxItem, OutboxState
from app.domain.requests import CoDraft, Comment, DraftFate
from app.domain.views import (
    DraftShown,
    EventItem,
    Holding,
    InteractionItem,
    OutboxEntry,
    Pip,
    Seam,
    TimelineItem,
    TimelinePage,
)
from app.ui.timeline.names import Names

NOW = datetime(2026, 11, 19, 10, 45, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
MINUTE = 60_000
DAY = 24 * 60 * MINUTE
MARTA = CustomerId(1)
CASE = CaseId(4817 << 40)
INES, JONAS, THEO = AgentId("ines"), AgentId("jonas"), AgentId("theo")
NAMES = Names(
    {department.id: department for department in SEEDED},
    {
        INES: Agent(INES, "Ines Duarte", PR),
        JONAS: Agent(JONAS, "Jonas Weber", IT),
        THEO: Agent(THEO, "Theo Brandt", MARKETING),
    },
)


def at(hour: int, minute: int, *, days: int = 0) -> int:
    """Milliseconds of a time on the day of the design (UTC), or days before it."""
    moment = NOW.replace(hour=hour, minute=minute) - timedelta(days=days)
    return int(moment.timestamp() * 1000)


def touch(number: int, at_ms: int, text: str = "", **changes: object) -> InteractionItem:
    """A public mention of the customer's on Mastodon, unless told otherwise."""
    item = InteractionItem(
        key=InteractionKey(number), uid=InteractionUid(number), at_ms=at_ms, kind=Kind.MENTION,
        side=Side.SERVICE, direction=Direction.INBOUND, channel=Channel.MASTODON,
        account=AccountId(1), conversation=ConversationId(1), native_id=str(number),
        identity=IdentityId(1), party=IdentityId(1),
        author="Marta Lindqvist", handle="@marta@mastodon.social",
        text=text, subject="", warning="", visibility=Visibility.PUBLIC, media=(), url="",
        likes=0, boosts=0, edited_ms=None, deleted_ms=None, revisions=0, in_reply_to="",
        case=CASE, by_agent=AgentId(""), department=None,
    )  # fmt: skip
    return replace(item, **changes)  # type: ignore[arg-type]  # the names are the fields'


def ours(number: int, at_ms: int, text: str, **changes: object) -> InteractionItem:
    """A public reply that Ines of PR wrote here."""
    said = {"kind": Kind.REPLY, "direction": Direction.OUTBOUND, "author": "Halden Coffee",
            "handle": "@halden", "by_agent": INES, "department": PR}  # fmt: skip
    return touch(number, at_ms, text, **{**said, **changes})


def campaign(number: int, at_ms: int, *pips: Pip) -> InteractionItem:
    return touch(number, at_ms, kind=Kind.CAMPAIGN_SENT, side=Side.MARKETING, pips=pips,
                 direction=Direction.OUTBOUND, channel=Channel.EMAIL,
                 subject="Winter roasts, early access")  # fmt: skip


def decided(
    name: str, type_: EventType, at_ms: int, agent: str = "Ines Duarte",
    department: DepartmentId | None = PR, seam: Seam | None = None, *, undone: bool = False,
    by: AgentId = INES, **data: object,
) -> EventItem:  # fmt: skip
    """``department_`` stands for “department” in the event’s own words."""
    data = {key.rstrip("_"): value for key, value in data.items()}
    event = Event(EventId(name), type_, CASE, by, DeviceId("d"), at_ms << 16, data)
    return EventItem(event, at_ms, CASE, agent, department, seam, undone)


def handed(name: str, at_ms: int, origin: DepartmentId, target: DepartmentId, held: int,
           text: str) -> EventItem:  # fmt: skip
    seam = Seam(origin, target, held * MINUTE, text)
    return decided(name, EventType.CASE_HANDED_OFF, at_ms, department=origin, seam=seam, to=target)


def drafted(name: str, at_ms: int, text: str, fate: DraftFate, *said: str) -> EventItem:
    """What Marketing would write, with what Ines said of it."""
    item = decided(name, EventType.DRAFT_WRITTEN, at_ms, "Theo Brandt", MARKETING, by=THEO,
                   department_=MARKETING, text=text)  # fmt: skip
    comments = tuple(Comment(EventId(f"{name}{n}"), INES, PR, at_ms + MINUTE, words)
                     for n, words in enumerate(said))  # fmt: skip
    draft = CoDraft(EventId(name), MARKETING, THEO, at_ms, text, comments)
    return replace(item, draft=DraftShown(draft, fate))


def kept(name: str, at_ms: int, text: str, approver: DepartmentId | None = None) -> EventItem:
    """A reply of Ines’ that waits for its case to be closed, or for approval."""
    kind = EventType.APPROVAL_ASKED if approver else EventType.REPLY_POSTPONED
    data: dict[str, Any] = {"text": text, **({"department_": approver} if approver else {})}
    return replace(decided(name, kind, at_ms, **data), waits=True)


def wish(
    name: str, at_ms: int, text: str, state: OutboxState = OutboxState.QUEUED, place: int = 0,
    *, wait: int = 0, **changes: object,
) -> OutboxEntry:  # fmt: skip
    """A reply in the outbox; ``wait`` seconds from ``NOW`` until it may leave."""
    item = OutboxItem(
        id=OutboxId(name), act=Act.REPLY, account=AccountId(1), channel=Channel.MASTODON,
        lane=ConversationId(1), target="1", record_key=name, agent=INES,
        created_at=NOW - timedelta(seconds=4), not_before=NOW + timedelta(seconds=wait),
        case=CASE, department=PR, text=text, state=state,
    )  # fmt: skip
    item = replace(item, **changes)  # type: ignore[arg-type]  # the names are the fields'
    return OutboxEntry(item, at_ms, MARTA, "Marta Lindqvist", "Ines Duarte", item.department, place)


def design_page() -> TimelinePage:
    """The case of the first screen: two seams, a note, one failed and one leaving reply."""
    items: tuple[TimelineItem, ...] = (
        touch(1, at(19, 14, days=1), "Nice price. Shame mine’s been dead since Monday.",
              kind=Kind.COMMENT, side=Side.MARKETING, channel=Channel.FACEBOOK,
              subject="“Duo, 15 % off”"),
        campaign(2, at(6, 30), Pip("Sent", at(6, 30)), Pip("Opened", at(6, 41)),
                 Pip("Clicked “Your Duo”", at(6, 41))),
        touch(3, at(7, 52), "My Duo shows E14 since the 3.2 update. Three days without coffee, and "
              "your chat says “turn it off and on”.", boosts=41),
        ours(4, at(8, 14), "That’s no way to start a week, Marta. DM me the serial from under the "
             "drip tray and I’ll take it from here."),
        handed("s1", at(8, 31), PR, IT, 39,
               "Rolling firmware back for one serial is only possible from IT’s side."),
        decided("n1", EventType.CASE_NOTED, at(10, 30), "Jonas Weber", IT, by=JONAS,
                text="The boiler check times out in 3.2. Fix 3.2.1 is queued for her serial. "
                     "She must leave it plugged in for 10 minutes."),
        handed("s2", at(10, 41), IT, PR, 130, "Fix is ready, tell her"),
        wish("w1", at(10, 42), "We found it, Marta. A fix is on its way to your Duo.",
             OutboxState.FAILED, error="Mastodon didn’t answer."),
        wish("w2", at(10, 44), "Please keep the Duo plugged in for ten minutes. It restarts twice, "
             "then E14 is gone. I’ll check back at 12:30.", wait=6,
             visibility=Visibility.DIRECT),
    )  # fmt: skip
    holdings = (
        Holding(at(7, 52), PR), Holding(at(8, 31), IT), Holding(at(10, 41), PR),
    )  # fmt: skip
    return TimelinePage(MARTA, items, None, holdings)


def many_shapes() -> TimelinePage:
    """Everything a row can be, with the texts that break layouts."""
    arabic = "مرحباً، جهاز القهوة لا يعمل منذ التحديث الأخير. هل يمكنكم مساعدتي من فضلكم؟"
    japanese = (
        "アップデートの後、エスプレッソの量が半分になりました。"
        "設定で直せますか？それとも故障ですか？"
    )
    tags = [f"a-rather-long-tag-{number}" for number in range(40)]
    picture = Media(
        "https://x.example/1.png", "image/png", "The drip tray, cracked from side to side"
    )
    items: tuple[TimelineItem, ...] = (
        touch(10, at(17, 20, days=10), kind=Kind.LIKE, side=Side.MARKETING,
              channel=Channel.INSTAGRAM, subject="Behind the roast: Huila"),
        touch(11, at(17, 30, days=10), kind=Kind.FOLLOW, side=Side.MARKETING),
        touch(12, at(17, 40, days=10), kind=Kind.BOOST, side=Side.MARKETING,
              text="Our Christmas blend is here. " * 8),
        touch(13, at(9, 12, days=9), "The gasket on my Solo leaks. Is that still under "
              "warranty?\n\nKwame", kind=Kind.MAIL, channel=Channel.EMAIL, subject="Solo warranty",
              visibility=Visibility.DIRECT),
        touch(14, at(13, 2, days=9), "Can he trade in the Solo? I promised an answer this week.",
              kind=Kind.PHONE_NOTE, by_agent=INES),
        decided("e1", EventType.CASE_OPENED, at(13, 3, days=9), "", department=CARE, queue=1),
        decided("e2", EventType.CASE_ASSIGNED, at(13, 4, days=9), assignee="jonas"),
        decided("e3", EventType.CASE_TAGGED, at(13, 5, days=9), add=tags),
        decided("e4", EventType.CASE_SNOOZED, at(13, 6, days=9), until=at(9, 0, days=3)),
        decided("e5", EventType.PRIORITY_SET, at(13, 7, days=9), urgency=2, undone=True),
        decided("e6", EventType.CASE_CLOSED, at(15, 40, days=9)),
        touch(15, at(8, 0, days=1), arabic),
        touch(16, at(8, 5, days=1), japanese, channel=Channel.BLUESKY, author="林 美咲"),
        touch(17, at(8, 6, days=1), "☕️🔥👩🏽‍🚀 love it 🇸🇪 #duo https://halden.example/duo?ref=mail",
              edited_ms=at(8, 9, days=1), revisions=2),
        touch(18, at(8, 7, days=1), "Somebody else has the same, see @kwame.",
              direction=Direction.AROUND, author="Sofia Ferrante",
              handle="@sofia@grinders.example"),
        touch(19, at(8, 8, days=1), "It smells burnt and the picture is not nice.",
              warning="Burnt plastic", media=(picture, replace(picture, description=""))),
        touch(20, at(8, 10, days=1), "I am sorry I ever bought it.", deleted_ms=at(9, 0, days=1)),
        touch(21, at(8, 12, days=1), "Look", media=(picture,), kind=Kind.DIRECT,
              visibility=Visibility.DIRECT),
        ours(22, at(8, 20, days=1), "Written from the phone.", by_agent=AgentId(""),
             department=None),
        ours(23, at(8, 30, days=1), "Our new roast is out.", kind=Kind.POST, side=Side.MARKETING,
             subject="Announcement", by_agent=AgentId("")),
        touch(24, at(8, 40, days=1), "x" * 300),
        ours(25, at(8, 50, days=1), "For Marketing I may say: welcome back.", department=MARKETING),
        drafted("d1", at(8, 52, days=1), "Take 15 % off your next bag. And thank you for waiting "
                "for the courier so long.", DraftFate.OPEN, "Say which bag.", "And until when, "
                "because nobody likes to find that out at the till of a shop."),
        replace(drafted("d2", at(8, 53, days=1), "Withdrawn.", DraftFate.OPEN), draft=None,
                undone=True),
        kept("k1", at(8, 54, days=1), "All good again, Marta. Take 15 % off with HUILA15."),
        kept("k2", at(8, 55, days=1), "We pay the repair.", LEADERSHIP),
        wish("q1", at(10, 58), "The burrs differ: 40 mm in the Duo, 38 in the Solo. You’ll taste "
             "it most in lighter roasts.", place=1, department=MARKETING),
        wish("q2", at(10, 59), "And yes, we take Solos in part exchange. Interested?", place=2),
        wish("q3", at(10, 59), "Did this one arrive?", OutboxState.UNKNOWN,
             hint="Mastodon cannot tell whether it arrived. Look at the thread."),
        wish("q4", at(10, 59), "On its way.", OutboxState.SENDING),
        wish("q5", at(11, 0), "", act=Act.LIKE, place=3),
        wish("q6", at(11, 0), "It has left.", OutboxState.SENT),
        wish("q7", at(11, 1), "This one will not go.", OutboxState.FAILED,
             error="Bluesky refused the reply because the post it answers was deleted by its "
                   "author a moment ago."),
    )  # fmt: skip
    holdings = (Holding(at(9, 12, days=9), CARE), Holding(at(15, 40, days=9), None),
                Holding(at(8, 0, days=1), PR), Holding(at(10, 58), MARKETING))  # fmt: skip
    return TimelinePage(MARTA, items, None, holdings)


def long_page(count: int) -> TimelinePage:
    """A talkative customer: ``count`` rows, some long, every tenth a seam."""
    items: list[TimelineItem] = []
    for number in range(count):
        moment = NOW_MS - (count - number) * 47 * MINUTE
        text = f"Message {number}. " + "The grinder stops after a minute or two. " * (number % 7)
        if number % 10 == 9:
            items.append(handed(f"s{number}", moment, PR, IT, number % 300, "Only IT can."))
        elif number % 3:
            items.append(touch(number + 1, moment, text))
        else:
            items.append(ours(number + 1, moment, text))
    return TimelinePage(MARTA, tuple(items), None, (Holding(items[0].at_ms, PR),))
