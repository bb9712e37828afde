"""The main story: Thursday 19 November 2026 at Halden Coffee, as the design’s screens show it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from app.domain.campaigns import Campaign
from app.domain.cases import Urgency
from app.domain.departments import IT, LEADERSHIP, MARKETING, PR
from app.domain.ids import AgentId
from app.domain.interactions import (
    Channel,
    Direction,
    IdentityFact,
    InteractionFact,
    Kind,
    Visibility,
)
from app.services.sample.marketing import Marketing
from app.services.sample.people import Person
from app.services.sample.scribe import Scribe
from app.services.sample.thread import Thread

_GOTHENBURG = timezone(timedelta(hours=1))
"""Winter time; the whole story plays in November."""

_INES, _JONAS, _NADIA = AgentId("ines"), AgentId("jonas"), AgentId("nadia")
_THEO, _CAMILLE, _LOTTA = AgentId("theo"), AgentId("camille"), AgentId("lotta")
_GRETA = AgentId("greta")


def at(clock: str, day: int = 19) -> datetime:
    """A time of day in Gothenburg in November 2026: "11:41" or "11:41:30"."""
    hour, minute, *second = (int(part) for part in clock.split(":"))
    return datetime(2026, 11, day, hour, minute, second[0] if second else 0, tzinfo=_GOTHENBURG)


class Story:
    """Writes the people the design shows, one method each."""

    def __init__(self, scribe: Scribe, people: Mapping[str, Person], marketing: Marketing) -> None:
        self.scribe = scribe
        self.people = people
        self.marketing = marketing

    def write(self) -> None:
        self._winter_roasts()
        self._marta()
        self._misaki()
        self._sofia()
        self._kwame()
        self._daniel()
        self._priya()
        self._tobias()
        self._elin()

    def _who(self, key: str, channel: Channel) -> IdentityFact:
        found = self.people[key].on(channel)
        if found is None:
            raise ValueError(f"{key} has no identity on {channel}")
        return found

    def _thread(
        self,
        key: str,
        channel: Channel,
        kind: Kind,
        *,
        subject: str = "",
        language: str = "en",
        under: InteractionFact | None = None,
    ) -> Thread:
        return Thread(
            self.scribe,
            self._who(key, channel),
            kind,
            first_name=self.people[key].first_name,
            subject=subject,
            language=language,
            under=under,
        )

    def _winter_roasts(self) -> None:
        self.marketing.mail(
            at("07:30"),
            Campaign(
                "Winter roasts, early access",
                "Owners of a Duo order the winter roasts a week before all others, until 26"
                " November. Full price, no coupon; nothing else is promised.",
                ends=at("12:00", 26).date(),
            ),
            "Your Duo",
            {"marta": (at("07:41"), at("07:42")), "kwame": (at("08:15"), None)},
        )

    def _marta(self) -> None:
        meetup = self._thread("marta", Channel.MASTODON, Kind.DIRECT)
        meetup.says(
            at("10:20", 3),
            "Hej! We’re twenty-two at the meetup on the 28th. Could we have two kilos of "
            "Midvinter, a week before if possible?",
        )
        meetup.assign(at("10:24", 3), _INES)
        meetup.tag(at("10:24", 3), _INES, "event", "duo-owner", "subscriber")
        meetup.answers(
            at("10:31", 3),
            "You can, Marta, and they’re on us. They leave here on the 20th so that they’ve had "
            "time to rest.",
            _INES,
        )
        meetup.says(at("10:40", 3), "That’s generous. There will be cake in your name.")
        meetup.note(
            at("10:44", 3),
            _INES,
            "Writes Swedish or English. Runs the Malmö home-barista meetup, next one 28 Nov.",
        )
        meetup.answers(at("10:45", 3), "Cake accepted. See you there, Marta.", _INES)
        meetup.close(at("10:46", 3), _INES)

        ad = self.marketing.ads["duo-15"]
        self.scribe.touch(
            Kind.COMMENT,
            self._who("marta", Channel.FACEBOOK),
            at("20:14", 18),
            ad,
            text="Nice price. Shame mine’s been dead since Monday.",
            subject=ad.subject,
        )

        case = self._thread("marta", Channel.MASTODON, Kind.MENTION)
        case.says(
            at("08:52"),
            "My Duo shows E14 since the 3.2 update. Three days without coffee, and your chat says "
            "“turn it off and on”.",
            boosts=41,
            likes=87,
        )
        case.assign(at("08:57"), _INES)
        case.tag(at("08:58"), _INES, "firmware-3.2", "complaint")
        case.answers(
            at("09:14"),
            "That’s no way to start a week, Marta. DM me the serial from under the drip tray and "
            "I’ll take it from here.",
            _INES,
        )
        case.says(
            at("09:23"),
            "HD2-40481, under the drip tray as promised. And under it a spoon I’d given up on.",
            visibility=Visibility.DIRECT,
        )
        case.answers(
            at("09:27"),
            "Got it, spoon included. One of our engineers reads your machine’s log now.",
            _INES,
            visibility=Visibility.DIRECT,
        )
        case.hand_off(
            at("09:31"),
            _INES,
            IT,
            "Rolling firmware back for one serial is only possible from IT’s side.",
            brief="Duo on E14 since Monday’s update, serial HD2-40481. Marta is public, 46k "
            "followers, and hosts the Malmö meetup on 28 Nov.",
            told="One of our engineers reads your machine’s log now.",
            urgency=Urgency.HIGH,
            follow=True,
        )
        case.accept(at("09:37"), _JONAS)
        case.says(
            at("11:03"),
            "Any news? I’ve started to look at the instant coffee in the office.",
            visibility=Visibility.DIRECT,
        )
        case.note(
            at("11:30"),
            _JONAS,
            "The boiler check times out in 3.2. Fix 3.2.1 is queued for her serial. She must leave "
            "it plugged in for 10 minutes.",
        )
        case.hand_off(at("11:41"), _JONAS, PR, "Fix is ready, tell her", urgency=Urgency.HIGH)
        case.accept(at("11:41:20"), _INES)
        case.wishes(
            at("11:42"),
            "We found it, Marta. A fix is on its way to your Duo.",
            _INES,
            error="Mastodon didn’t answer.",
            hint="Retry, or edit it first.",
        )
        case.wishes(
            at("11:43"),
            "Please keep the Duo plugged in for ten minutes. It restarts twice, then E14 is gone. "
            "I’ll check back at 12:30.",
            _INES,
            visibility=Visibility.DIRECT,
        )
        self.scribe.drafts[case.case] = (
            "For the three lost mornings, take 15 % off your next bag with HUILA15"
        )

    def _misaki(self) -> None:
        case = self._thread("misaki", Channel.INSTAGRAM, Kind.DIRECT, language="ja")
        case.says(
            at("10:33"), "こんにちは。昨日Duoを3.2に更新しました。抽出のことでご相談があります。"
        )
        case.tag(at("10:41"), _LOTTA, "firmware-3.2")
        case.note(at("10:42"), _LOTTA, "Posts about the Duo every week, so PR answers with us.")
        case.assign(at("10:43"), _INES, _LOTTA)
        case.says(
            at("11:07"),
            "アップデートの後、エスプレッソの量が半分になりました。設定で直せますか？"
            "それとも修理でしょうか。",
        )
        self.scribe.unread.add(case.case)

    def _sofia(self) -> None:
        case = self._thread("sofia", Channel.YOUTUBE, Kind.COMMENT)
        case.says(
            at("16:02", 18),
            "Filming the Duo this week. Is there a press contact, or do I just shout in here?",
        )
        case.assign(at("16:11", 18), _INES)
        case.tag(at("16:12", 18), _INES, "press", "firmware-3.2")
        case.answers(
            at("16:30", 18),
            "No need to shout, Sofia, that’s me. Ask away, I’m quick until six and quicker after "
            "coffee.",
            _INES,
        )
        case.says(
            at("10:19"),
            "Half the comments under my teaser are about E14. I’d like to hear it from you first.",
        )
        case.says(
            at("11:31"),
            "I’m reviewing the Duo on Friday. Before I publish: is the E14 thing fixed or not?",
        )
        self.scribe.unread.add(case.case)

    def _kwame(self) -> None:
        post = self.scribe.announce(
            Channel.INSTAGRAM,
            at("17:00", 9),
            "Behind the roast: Huila. Three women, one mill, and the reason this coffee tastes of "
            "red apple.",
            alt="Three women laugh in front of a coffee mill.",
        )
        self.scribe.touch(
            Kind.LIKE,
            self._who("kwame", Channel.INSTAGRAM),
            at("18:20", 9),
            post,
            subject="Behind the roast: Huila",
        )

        gasket = self._thread("kwame", Channel.EMAIL, Kind.MAIL, subject="Solo gasket")
        gasket.says(at("10:12", 10), "The gasket on my Solo leaks. Is that still under warranty?")
        gasket.assign(at("10:20", 10), _NADIA)
        gasket.tag(at("10:21", 10), _NADIA, "leak", "solo-owner")
        self._phone_note(gasket)
        gasket.note(
            at("14:09", 10), _NADIA, "Roasts at home and posts about it. Ask before quoting him."
        )
        gasket.answers(
            at("16:31", 10),
            "It is, Kwame. A new gasket left here this afternoon with a film on how to change it. "
            "And yes, we’ll tell you this week what your Solo is worth in exchange.",
            _NADIA,
        )
        gasket.close(at("16:40", 10), _NADIA)

        case = self._thread("kwame", Channel.BLUESKY, Kind.MENTION)
        case.says(
            at("11:22"),
            "Is the Duo grinder the same burr set as the Solo? Thinking of upgrading before "
            "Christmas.",
        )
        case.tag(at("11:25"), _INES, "pre-sale")
        case.hand_off(
            at("11:26"), _INES, MARKETING, "He wants to buy. Nothing open, so Marketing may answer."
        )
        case.accept(at("11:28"), _THEO)
        case.note(
            at("11:29"),
            _THEO,
            "40 mm in the Duo, 38 in the Solo. You know him, Ines, answer "
            "for us. We take Solos in part exchange.",
        )
        case.assign(at("11:29:30"), _INES, _THEO)
        self.scribe.unread.add(case.case)

    def _phone_note(self, thread: Thread) -> None:
        who = thread.who
        native = self.scribe.message_id(Channel.EMAIL, who, at("14:02", 10))
        self.scribe.put(
            Channel.EMAIL,
            InteractionFact(
                native_id=native,
                kind=Kind.PHONE_NOTE,
                direction=Direction.INBOUND,
                author=who,
                party=who,
                occurred_at=at("14:02", 10),
                text="Can he trade in the Solo? I promised an answer this week.",
                subject="Nadia Klein, Customer Care, 4 min",
                in_reply_to=thread.last.native_id if thread.last else None,
                root=thread.root,
                visibility=Visibility.DIRECT,
            ),
        )

    def _daniel(self) -> None:
        case = self._thread("daniel", Channel.X, Kind.MENTION)
        case.says(at("13:15", 17), "How long do your orders take to leave Sweden these days?")
        case.assign(at("13:20", 17), _NADIA)
        case.tag(at("13:21", 17), _NADIA, "delivery")
        case.answers(
            at("13:40", 17),
            "Two working days as a rule, Daniel. If yours has taken longer, send me its number.",
            _NADIA,
        )
        case.says(
            at("10:51"),
            "Ordered on 6 Nov and tracking still says “label created”. Order HC-20931. Anyone "
            "there?",
        )
        case.note(
            at("11:10"),
            _NADIA,
            "Asked the warehouse, they look for it now. He’s in public, "
            "could you hold the line, Ines?",
        )
        case.assign(at("11:11"), _INES, _NADIA)
        self.scribe.unread.add(case.case)

    def _priya(self) -> None:
        ad = self.marketing.ads["duo-15"]
        case = self._thread("priya", Channel.FACEBOOK, Kind.COMMENT, subject=ad.subject, under=ad)
        case.says(at("19:05", 18), "Is the Duo in the picture the one with the new tank?")
        case.assign(at("19:12", 18), _CAMILLE)
        case.tag(at("19:12:30", 18), _CAMILLE, "promo-question")
        case.answers(
            at("19:30", 18), "It is, Priya: every Duo since March has the guide rail.", _CAMILLE
        )
        case.says(
            at("10:58"),
            "Does the 15 % stack with the subscription discount or is it one or the other?",
        )
        case.assign(at("11:09"), _INES, _CAMILLE)

    def _tobias(self) -> None:
        case = self._thread("tobias", Channel.LINKEDIN, Kind.DIRECT)
        case.says(at("15:20", 17), "Good afternoon. Do you supply offices in Germany?")
        case.assign(at("15:26", 17), _THEO)
        case.tag(at("15:27", 17), _THEO, "b2b", "lead")
        case.answers(
            at("15:41", 17),
            "We do, Tobias, with our own technicians in Leipzig and Hamburg. How many are you?",
            _THEO,
        )
        case.says(
            at("11:05"),
            "We’d like 14 machines for our Leipzig office. Who can I talk to about a service "
            "contract?",
        )
        case.hand_off(
            at("11:09"),
            _THEO,
            LEADERSHIP,
            "Fourteen machines with service is a decision on price.",
            brief="Facility lead at Nordraum, wants 14 machines and a service contract.",
            told="We have technicians in Leipzig.",
        )
        case.accept(at("11:21"), _GRETA)
        case.note(
            at("11:23"),
            _GRETA,
            "Yes to 14, service at cost in year one. Ines, tell him, and give him my number.",
        )
        case.assign(at("11:24"), _INES, _GRETA)

    def _elin(self) -> None:
        case = self._thread("elin", Channel.EMAIL, Kind.MAIL, subject="Your return label")
        case.says(
            at("09:05", 12),
            "Hello, I’d like to send back the second grinder, it was a present and now we have "
            "two. Could you send me a label?",
        )
        case.assign(at("09:20", 12), _NADIA)
        case.tag(at("09:21", 12), _NADIA, "return")
        case.answers(
            at("09:32", 12),
            "Gladly, Elin. The label is attached, and the courier comes to you on Tuesday the "
            "17th.",
            _NADIA,
        )
        case.says(at("16:40", 18), "The courier never came on Tuesday, can we pick another day?")
        case.assign(at("16:48", 18), _INES, _NADIA)
        case.answers(
            at("16:55", 18),
            "We can, Elin, and sorry about Tuesday. I’m asking the courier for Friday and will "
            "write to you in the morning.",
            _INES,
        )
        until = at("08:00")
        case.snooze(at("16:56", 18), _INES, until)
        case.wake(until)
        case.tag(at("08:00:30"), _INES, "woke today")
