"""Three years of closed conversations: what people asked, who answered, how it went."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.cases import Urgency
from app.domain.clock import from_ms, to_ms
from app.domain.departments import CARE, IT, MARKETING, PR
from app.domain.ids import DepartmentId
from app.domain.interactions import (
    Channel,
    Direction,
    IdentityFact,
    InteractionFact,
    Kind,
    Side,
    Visibility,
)
from app.services.sample.book import AGENTS, BEGIN, NOW
from app.services.sample.people import Person, strangers
from app.services.sample.scribe import Scribe
from app.services.sample.talks import Dialogue, Talk, talks
from app.services.sample.texts import Deck, Decks, chance, load
from app.services.sample.thread import Thread

_CONVERSATIONS = 430
_REVIEWS = 10
_LAST = NOW - timedelta(days=7, hours=4)
_PUBLIC = (Channel.MASTODON, Channel.BLUESKY, Channel.X)
_KINDS: Mapping[Channel, Sequence[Kind]] = {
    Channel.MASTODON: (Kind.MENTION, Kind.MENTION, Kind.MENTION, Kind.QUOTE, Kind.DIRECT),
    Channel.BLUESKY: (Kind.MENTION, Kind.MENTION, Kind.MENTION, Kind.QUOTE),
    Channel.X: (Kind.MENTION, Kind.MENTION, Kind.DIRECT),
    Channel.FACEBOOK: (Kind.COMMENT, Kind.DIRECT),
    Channel.INSTAGRAM: (Kind.COMMENT, Kind.DIRECT, Kind.DIRECT),
    Channel.LINKEDIN: (Kind.COMMENT, Kind.DIRECT),
    Channel.YOUTUBE: (Kind.COMMENT,),
    Channel.EMAIL: (Kind.MAIL,),
}

_MATTERS: Mapping[str, str] = {
    **dict.fromkeys(("leak", "grinder", "descaling", "milk", "warranty", "spare-parts"), "machine"),
    **dict.fromkeys(("delivery", "wrong-item", "damaged", "return", "shipping-abroad"), "parcel"),
}


class History:
    """Writes the closed conversations of the past."""

    def __init__(
        self,
        scribe: Scribe,
        rng: random.Random,
        people: Sequence[Person],
        posts: Sequence[InteractionFact],
    ) -> None:
        self.scribe = scribe
        self.rng = rng
        self.people = people
        self.posts = sorted(posts, key=lambda post: post.occurred_at)
        self.asked_under: set[tuple[str, str]] = set()
        self.lines = Decks(rng)
        self.desk = load("desk")
        self.passes = {entry["topic"]: entry for entry in self.desk["pass"]}
        self.strangers = strangers()
        self.talks: dict[str, list[Talk]] = {}
        for talk in talks():
            self.talks.setdefault(talk.language, []).append(talk)
        self.decks = {language: Deck(rng, talks) for language, talks in sorted(self.talks.items())}
        self.staff = {
            department: [agent.id for agent in AGENTS if agent.department == department]
            for department in {agent.department for agent in AGENTS}
        }

    def write(self) -> None:
        """All conversations, in order of their beginning."""
        begun: list[tuple[datetime, Person]] = []
        for number in range(_CONVERSATIONS):
            person = self.people[number % len(self.people)]
            begun.append((self._moment(person), person))
        for at, person in sorted(begun, key=lambda entry: (entry[0], entry[1].key)):
            self._converse(at, person)
        self._review()
        self._change_afterwards()

    def _moment(self, person: Person) -> datetime:
        """A time of day when people write; later years are busier."""
        begin = max(BEGIN, person.since)
        span = (_LAST - begin) / timedelta(hours=1)
        hours = span * self.rng.random() ** 0.75
        day = begin + timedelta(hours=hours)
        hour = self.rng.choice((6, 7, 7, 8, 8, 9, 10, 11, 12, 14, 16, 17, 18, 19, 19, 20))
        moment = day.replace(
            hour=hour, minute=self.rng.randrange(60), second=self.rng.randrange(60), microsecond=0
        )
        return min(max(moment, begin), _LAST)

    def _converse(self, at: datetime, person: Person) -> None:
        language = person.languages[0]
        if len(person.languages) > 1 and chance(self.rng, 35):
            language = person.languages[1]
        who = self.rng.choice((*person.identities, *person.apart))
        talk = self._talk(person, who, language)
        if talk is not None:
            _Conversation(self, at, person, who, talk).run()

    def _review(self) -> None:
        """Reviews stand on our Facebook page, so those write them who are there."""
        talk = next(talk for talk in self.talks["en"] if talk.entry.get("review"))
        writers = [p for p in self.people if p.on(Channel.FACEBOOK) and p.owns]
        for number, person in enumerate(self.rng.sample(writers, _REVIEWS)):
            who = person.on(Channel.FACEBOOK)
            if who is None:
                continue
            conversation = _Conversation(self, self._moment(person), person, who, talk)
            conversation.run()
            if number % 3 == 0:
                conversation.count_as_marketing()

    def _talk(self, person: Person, who: IdentityFact, language: str) -> Talk | None:
        deck = self.decks[language]
        for _ in range(2 * len(self.talks[language])):
            talk = deck.deal()
            if talk.suits(person, who.channel):
                return talk
        return None

    def post_before(self, who: IdentityFact, at: datetime) -> InteractionFact | None:
        """Our latest post on the channel that this person has asked nothing under yet."""
        for post in reversed(self.posts):
            mark = (post.native_id, who.native_id)
            on_channel = post.author.channel is who.channel and post.occurred_at < at
            if on_channel and mark not in self.asked_under:
                self.asked_under.add(mark)
                return post
        return None

    def note_about(self, topic: str) -> str:
        """A note for whoever comes next, about the matter or about the person."""
        notes = self.desk["notes"]
        about = _MATTERS.get(topic, "any") if chance(self.rng, 60) else "any"
        return self.lines.deal(f"notes {about}", notes[about])

    def _change_afterwards(self) -> None:
        """Some messages were edited or taken away by their authors."""
        own = [
            fact
            for fact in self.scribe.facts.values()
            if fact.direction is Direction.INBOUND
            and fact.kind in (Kind.MENTION, Kind.REPLY)
            and fact.author.channel in (Channel.MASTODON, Channel.FACEBOOK, Channel.BLUESKY)
        ]
        chosen = self.rng.sample(own, 36)
        for fact in chosen[:24]:
            edited_at = fact.occurred_at + timedelta(minutes=self.rng.randrange(1, 9))
            said = self.lines.deal("afterthought", _AFTERTHOUGHTS[fact.language == "en"])
            self.scribe.edits[fact.native_id] = replace(
                fact, text=f"{fact.text} {said}", edited_at=edited_at
            )
        self.scribe.deleted.extend(fact.native_id for fact in chosen[24:])


_AFTERTHOUGHTS: Mapping[bool, Sequence[str]] = {
    True: (
        "(Edit: typo.)",
        "Edit: it’s the black one, if that matters.",
        "Edited to add: no hurry.",
        "Edit: found the receipt.",
        "(Edit: this was meant kindly.)",
        "Edit: and yes, it is plugged in.",
    ),
    False: ("🙏", "☕", "🙂"),
}


class _Conversation:
    """One conversation from the first message to the closing of its case."""

    def __init__(
        self, history: History, at: datetime, person: Person, who: IdentityFact, talk: Talk
    ) -> None:
        self.history = history
        self.rng = history.rng
        self.at = at
        self.person = person
        self.talk = talk
        self.entry = talk.entry
        kind = Kind.REVIEW if talk.entry.get("review") else self.rng.choice(_KINDS[who.channel])
        if talk.entry.get("influencer") and Kind.DIRECT in _KINDS[who.channel]:
            kind = Kind.DIRECT
        self.dialogue = Dialogue(self.rng, history.lines, talk, person)
        subjects: Sequence[str] = talk.entry.get("subject", ())
        titled = bool(subjects) and kind in (Kind.MAIL, Kind.REVIEW)
        subject = self.dialogue.fill(self.rng.choice(subjects)) if titled else ""
        self.thread = Thread(
            history.scribe,
            who,
            kind,
            first_name=person.first_name,
            language=talk.language,
            subject=subject,
            visibility=self._visibility(who.channel, kind),
        )
        self.agent = self.rng.choice(history.staff[self.thread.department])

    def _visibility(self, channel: Channel, kind: Kind) -> Visibility | None:
        if channel is Channel.MASTODON and kind is not Kind.DIRECT and chance(self.rng, 15):
            return Visibility.UNLISTED
        return None

    def _courtesy(self, table: str) -> str:
        by_language = self.history.desk[table]
        language = self.talk.language if self.talk.language in by_language else "en"
        line = self.history.lines.deal(f"{table} {language}", by_language[language])
        return self.dialogue.fill(line)

    def _letter(self, text: str) -> str:
        """How a mail wraps its text."""
        if self.talk.language not in self.history.desk["greeting"]:
            return text
        greeting, closing = self._courtesy("greeting"), self._courtesy("closing")
        return f"{greeting}\n\n{text}\n\n{closing}\n{self.person.name}"

    # The course of it -------------------------------------------------------------------------

    def run(self) -> None:
        self._ask()
        self._take()
        passed = self._pass_on()
        self._answer(self.dialogue.next("reply"))
        more = self.dialogue.next("more") if chance(self.rng, 60) else ""
        if more:
            self._later(5, 900)
            self._say(more)
            self._answer(self.dialogue.next("answer"))
        elif chance(self.rng, 20 if self.entry.get("review") else 60):
            self._later(3, 400)
            self._say(self._courtesy("thanks"))
        if self.thread.waits and chance(self.rng, 35):
            self._answer(self._courtesy("welcome"))
        if not passed and chance(self.rng, 30):
            note = self.history.note_about(self.talk.topic)
            self._work(1, 20)
            self.thread.note(self.at, self.agent, note)
        self._work(2, 60)
        self.thread.close(self.at, self.agent)
        if chance(self.rng, 14):
            self._come_back()

    def count_as_marketing(self) -> None:
        """An agent finds that this was praise and no request."""
        self._work(1, 30)
        self.thread.move_first(self.at, self.agent, Side.MARKETING)

    def _ask(self) -> None:
        text = self.dialogue.next("ask")
        channel = self.thread.who.channel
        if channel is Channel.EMAIL:
            text = self._letter(text)
        elif channel in _PUBLIC and self.thread.kind is not Kind.DIRECT:
            address = self.history.scribe.accounts[channel].handle
            address = "@" + address.lstrip("@").split("@")[0]
            if chance(self.rng, 70):
                text = f"{address} {text}"
        picture = self.dialogue.picture() if chance(self.rng, 65) else ""
        warning = ""
        if channel is Channel.MASTODON and chance(self.rng, 30):
            warning = self.rng.choice(self.history.desk["warnings"]["text"])
        if self.thread.kind is Kind.COMMENT and any(mark in text for mark in "?？؟"):
            # Under a post of ours only a question is work.
            self.thread.place_under(self.history.post_before(self.thread.who, self.at))
        self.thread.says(self.at, text, warning=warning, picture=picture)
        around = self.history.strangers.get(channel)
        if around and self.thread.kind is not Kind.DIRECT and chance(self.rng, 30):
            lines = load("marketing")["around"]
            language = self.talk.language if self.talk.language in lines else "en"
            said = self.history.lines.deal(f"around {language}", lines[language])
            moment = self.at + timedelta(minutes=self.rng.randrange(2, 20))
            self.thread.stranger(self.rng.choice(around), moment, said)

    def _take(self) -> None:
        self._work(1, 50)
        self.thread.assign(self.at, self.agent)
        tags = [self.talk.topic]
        if self.entry.get("angry"):
            tags.append("complaint")
        if chance(self.rng, 15) and self.person.owns:
            tags.append(f"{self.person.owns}-owner")
        event = self.thread.tag(self.at, self.agent, *tags)
        if chance(self.rng, 2):
            self._work(1, 3)
            self.thread.undo(self.at, self.agent, event)
        if chance(self.rng, 6):
            self.thread.prioritise(self.at, self.agent, Urgency.HIGH)

    def _pass_on(self) -> bool:
        """Sometimes another department must help; it accepts and gives back, or sends back."""
        way = self.history.passes.get(self.talk.topic)
        if way is None or not chance(self.rng, 42):
            return False
        to = DepartmentId(way["to"])
        origin = self.thread.department
        if to == origin:
            return False
        language_free = self.history.lines
        helper = self.rng.choice(self.history.staff[to])
        self._work(1, 15)
        self.thread.hand_off(
            self.at,
            self.agent,
            to,
            language_free.deal(f"reason {self.talk.topic}", way["reason"]),
            urgency=Urgency.HIGH if chance(self.rng, 20) else Urgency.NORMAL,
            follow=chance(self.rng, 50),
        )
        self._work(2, 60)
        if chance(self.rng, 16):
            self.thread.give_back(self.at, helper, self._declined(to), origin)
            return True
        self.thread.accept(self.at, helper)
        self._work(5, 150)
        self.thread.note(
            self.at, helper, language_free.deal(f"note {self.talk.topic}", way["note"])
        )
        if to in (MARKETING, PR) and chance(self.rng, 60):
            self.agent = helper
            return True
        self._work(1, 30)
        self.thread.hand_off(
            self.at, helper, origin, language_free.deal(f"back {self.talk.topic}", way["back"])
        )
        self._work(1, 20)
        self.thread.accept(self.at, self.agent)
        return True

    def _declined(self, to: DepartmentId) -> str:
        reasons = {
            IT: "No fault on our side, the log is clean. A new cable should do.",
            MARKETING: "Not before the launch, please answer with the usual line.",
            CARE: "This was for the workshop.",
        }
        return reasons.get(to, "You can answer this yourselves, the page has it all.")

    def _say(self, text: str) -> None:
        self.thread.says(self.at, text)

    def _answer(self, text: str) -> None:
        if not text:
            return
        self._work(2, 50)
        elsewhere = chance(self.rng, 8)
        self.thread.answers(self.at, text, self.agent, elsewhere=elsewhere)

    def _come_back(self) -> None:
        """Days later the customer writes again, which opens the closed case once more."""
        more = self.dialogue.next("more")
        if not more:
            return
        self.at += timedelta(days=self.rng.randrange(1, 4), minutes=self.rng.randrange(90))
        self._later(1, 5)
        self._say(more)
        self._answer(self.dialogue.next("answer"))
        self._work(2, 60)
        self.thread.close(self.at, self.agent)

    def _later(self, least: int, most: int) -> None:
        """Minutes pass, mostly few, now and then many; customers sleep from eleven to six."""
        self._pass(least, most, 5, 22)

    def _work(self, least: int, most: int) -> None:
        """Minutes pass until one of us does something: from seven to seven in Gothenburg."""
        self._pass(least, most, 6, 18)

    def _pass(self, least: int, most: int, opens: int, closes: int) -> None:
        minutes = least + (most - least) * self.rng.random() ** 2.2
        ms = to_ms(self.at + timedelta(minutes=minutes, seconds=self.rng.randrange(60)))
        moment = from_ms(ms // 1000 * 1000)
        if moment.hour >= closes or moment.hour < opens:
            day = moment + timedelta(days=1) if moment.hour >= closes else moment
            moment = day.replace(hour=opens, minute=self.rng.randrange(50))
        self.at = max(self.at, moment)
