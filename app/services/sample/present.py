"""What is open when the story ends: waiting, answered, asleep, handed over, found."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.domain.cases import Urgency
from app.domain.departments import IT
from app.domain.ids import AgentId, DepartmentId
from app.domain.interactions import Channel, IdentityFact, InteractionFact, Kind
from app.services.sample.book import NOW
from app.services.sample.people import Person
from app.services.sample.scribe import Scribe
from app.services.sample.talks import Dialogue, talks
from app.services.sample.texts import Decks, load
from app.services.sample.thread import Thread

_KINDS: Mapping[Channel, Kind] = {
    Channel.MASTODON: Kind.MENTION,
    Channel.BLUESKY: Kind.MENTION,
    Channel.X: Kind.MENTION,
    Channel.FACEBOOK: Kind.COMMENT,
    Channel.INSTAGRAM: Kind.DIRECT,
    Channel.LINKEDIN: Kind.DIRECT,
    Channel.YOUTUBE: Kind.COMMENT,
    Channel.EMAIL: Kind.MAIL,
}
_RECENTLY_SOLVED = ("tomek", "emeka", "sigrid", "marcus", "george", "elin")


_WAKING, _SLEEPING = 5, 22


def _ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def _by_day(at: datetime) -> datetime:
    """Moved out of the night, when hardly anybody writes about coffee."""
    if at.hour < _WAKING:
        return at + timedelta(hours=6)
    return at - timedelta(hours=3) if at.hour >= _SLEEPING else at


class Present:
    """Writes the open cases of ``resources/sample/open.toml``, and the last closed ones."""

    def __init__(
        self,
        scribe: Scribe,
        rng: random.Random,
        people: Mapping[str, Person],
        ads: Mapping[str, InteractionFact],
    ) -> None:
        self.scribe = scribe
        self.rng = rng
        self.people = people
        self.ads = ads
        self.texts = load("open")

    def write(self) -> None:
        for entry in self.texts["respond"]:
            self._respond(entry)
        for entry in self.texts["asleep"]:
            thread = self._respond(entry)
            until = NOW + timedelta(minutes=entry["until"])
            thread.snooze(_ago(entry["then"] - 5), AgentId(entry["hold"]), until)
        for entry in self.texts["found"]:
            self._find(entry)
        self._solve_lately()
        self._receive_the_long_letter()

    def _identity(self, entry: Mapping[str, Any]) -> IdentityFact:
        found = self.people[entry["who"]].on(Channel(entry["on"]))
        if found is None:
            raise ValueError(f"{entry['who']} has no identity on {entry['on']}")
        return found

    def _begin(self, entry: Mapping[str, Any]) -> Thread:
        who = self._identity(entry)
        ad = self.ads.get(entry.get("ad", ""))
        thread = Thread(
            self.scribe,
            who,
            _KINDS[who.channel],
            language=entry.get("lang", "en"),
            subject=ad.subject if ad else entry.get("subject", ""),
            under=ad,
        )
        seconds = self.rng.randrange(60)
        thread.says(_ago(entry["ago"]) - timedelta(seconds=seconds), entry["text"])
        return thread

    def _respond(self, entry: Mapping[str, Any]) -> Thread:
        thread = self._begin(entry)
        holder = AgentId(entry["hold"])
        first = AgentId(entry.get("by", "")) or holder
        ago = entry["ago"]
        if first:
            thread.assign(_ago(ago - 1.5), first)
        if entry["tags"]:
            thread.tag(_ago(ago - 1.7), first or AgentId("nadia"), *entry["tags"])
        if "first" in entry:
            thread.answers(_ago(entry["firstago"]), entry["first"], holder)
            thread.says(_ago(entry["moreago"]), entry["more"])
        if "answered" in entry:
            thread.answers(_ago(entry["then"]), entry["answered"], first)
        if "from" in entry:
            self._pass_on(thread, entry, first, holder)
        elif entry.get("urgency"):
            thread.prioritise(_ago(ago - 2), first, Urgency(entry["urgency"]))
        if "queued" in entry:
            thread.wishes(_ago(1.5), entry["queued"], holder)
        if not holder:
            self.scribe.unread.add(thread.case)
        return thread

    def _pass_on(
        self, thread: Thread, entry: Mapping[str, Any], by: AgentId, holder: AgentId
    ) -> None:
        at = entry.get("then", entry["ago"] - 8) - 2
        thread.hand_off(
            _ago(at),
            by,
            DepartmentId(entry["dept"]),
            entry["why"],
            brief=entry["brief"],
            told=entry["told"],
            urgency=Urgency(entry.get("urgency", 1)),
            follow=True,
        )
        if holder:
            thread.accept(_ago(at - 6), holder)

    def _find(self, entry: Mapping[str, Any]) -> None:
        who = self._identity(entry)
        thread = Thread(
            self.scribe,
            who,
            Kind.MENTION,
            language=entry.get("lang", "en"),
            found_by=DepartmentId(entry["dept"]),
        )
        at = _by_day(_ago(entry["ago"]))
        thread.says(at, entry["text"], likes=self.rng.randrange(40))
        holder = AgentId(entry["hold"])
        if holder:
            thread.assign(at + timedelta(minutes=20), holder)
        if entry["tags"]:
            thread.tag(at + timedelta(minutes=25), holder or AgentId("samuel"), *entry["tags"])

    # What was solved in the last three days -----------------------------------------------------

    def _solve_lately(self) -> None:
        """Some had the broken update and are done with it."""
        talk = next(talk for talk in talks() if talk.entry.get("recent"))
        way = next(entry for entry in load("desk")["pass"] if entry["topic"] == talk.topic)
        lines = Decks(self.rng)
        for place, key in enumerate(_RECENTLY_SOLVED):
            person = self.people[key]
            who = person.identities[place % len(person.identities)]
            kind = _KINDS[who.channel]
            thread = Thread(self.scribe, who, kind, subject="E14" if kind is Kind.MAIL else "")
            dialogue = Dialogue(self.rng, lines, talk, person)
            day = NOW - timedelta(days=3 - place // 2)
            at = day.replace(hour=7 + place % 2 * 5, minute=11 + 7 * place)
            holder = AgentId(("nadia", "amir", "samuel", "lotta")[place % 4])
            thread.says(at, dialogue.next("ask"))
            thread.assign(at + timedelta(minutes=4), holder)
            thread.tag(at + timedelta(minutes=5), holder, talk.topic)
            thread.answers(at + timedelta(minutes=21), dialogue.next("reply"), holder)
            more = dialogue.next("more")
            if more:
                thread.says(at + timedelta(minutes=55), more)
            if place % 2:
                self._through_it(thread, at, holder, lines, way)
            answer = dialogue.next("answer") if more else ""
            if answer:
                thread.answers(at + timedelta(minutes=165), answer, holder)
            thread.close(at + timedelta(minutes=190), holder)

    @staticmethod
    def _through_it(
        thread: Thread, at: datetime, holder: AgentId, lines: Decks, way: Mapping[str, Any]
    ) -> None:
        """To the engineers and back, between an hour and two and a half after ``at``."""
        oskar, origin = AgentId("oskar"), thread.department
        thread.hand_off(at + timedelta(minutes=60), holder, IT, lines.deal("why", way["reason"]))
        thread.accept(at + timedelta(minutes=66), oskar)
        thread.note(at + timedelta(minutes=150), oskar, lines.deal("note", way["note"]))
        thread.hand_off(at + timedelta(minutes=151), oskar, origin, lines.deal("back", way["back"]))
        thread.accept(at + timedelta(minutes=158), holder)

    def _receive_the_long_letter(self) -> None:
        letter = load("long")
        who = self.people[letter["who"]].on(Channel.EMAIL)
        if who is None:
            return
        thread = Thread(self.scribe, who, Kind.MAIL, subject=letter["subject"])
        at = NOW - timedelta(days=107, hours=3)
        nadia = AgentId("nadia")
        thread.says(at, letter["text"].strip())
        thread.assign(at + timedelta(minutes=12), nadia)
        thread.tag(at + timedelta(minutes=13), nadia, "thanks", "repaired-machines")
        thread.note(
            at + timedelta(minutes=40), nadia, "Number 62 is hers. Lid and light: passed on."
        )
        thread.answers(at + timedelta(minutes=95), letter["answer"], nadia)
        thread.close(at + timedelta(minutes=97), nadia)
