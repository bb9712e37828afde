"""The other side of the same customers: announcements, campaign mails, likes and praise."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.domain.campaigns import Campaign
from app.domain.interactions import (
    Channel,
    Direction,
    InteractionFact,
    Kind,
)
from app.services.sample.book import BEGIN, NOW
from app.services.sample.people import Person
from app.services.sample.scribe import Scribe
from app.services.sample.texts import Decks, chance, load

_LIKERS = 3
_HEADING = 16
_NAME = 48
_QUOTABLE = (Channel.MASTODON, Channel.BLUESKY, Channel.X)


class Marketing:
    """Writes what is said to everybody and what comes back."""

    def __init__(self, scribe: Scribe, rng: random.Random, people: Sequence[Person]) -> None:
        self.scribe = scribe
        self.rng = rng
        self.people = people
        self.lines = Decks(rng)
        self.texts = load("marketing")
        self.ads: dict[str, InteractionFact] = {}
        self.posts: list[InteractionFact] = []
        self.campaigns: list[Campaign] = []

    def write(self) -> None:
        self._follow()
        self._announce()
        self._advertise()
        for post in self.posts:
            self._resound(post)
        for campaign in self.texts["campaign"]:
            begin = datetime.strptime(campaign["month"], "%Y-%m").replace(tzinfo=UTC)
            at = begin + timedelta(days=self.rng.randrange(3, 24), hours=6, minutes=30)
            told = Campaign(
                campaign["subject"], campaign["brief"], tuple(campaign.get("codes", ()))
            )
            self.mail(at, told, campaign["link"])

    def _follow(self) -> None:
        for person in self.people:
            for who in person.identities:
                if who.channel is not Channel.EMAIL and chance(self.rng, 85):
                    days = self.rng.randrange(0, 300)
                    at = min(person.since + timedelta(days=days, hours=9), NOW - timedelta(days=4))
                    at += timedelta(minutes=self.rng.randrange(600))
                    self.scribe.touch(Kind.FOLLOW, who, at)

    def _announce(self) -> None:
        """Each story once in the three years, and the best ones a second time."""
        stories = list(self.texts["post"])
        self.rng.shuffle(stories)
        plan = [*stories, *self.rng.sample(stories, 12)]
        gap = (NOW - timedelta(days=12) - BEGIN) / len(plan)
        for place, story in enumerate(plan):
            at = BEGIN + gap * place + timedelta(hours=self.rng.randrange(20))
            at = at.replace(hour=self.rng.randrange(7, 17), minute=self.rng.randrange(60), second=0)
            text = story["text"].replace("{bean}", self.rng.choice(("Kiambu", "Huila", "Sidra")))
            for delay, channel in enumerate(story["on"]):
                moment = at.replace(microsecond=0) + timedelta(minutes=delay * 4)
                alt = story.get("alt", "")
                self.posts.append(self.scribe.announce(Channel(channel), moment, text, alt=alt))

    def _advertise(self) -> None:
        for place, ad in enumerate(self.texts["ad"]):
            at = NOW - timedelta(days=9 + place, hours=3)
            at = at.replace(minute=0)
            post = self.scribe.announce(
                Channel.FACEBOOK, at, ad["text"], subject=ad["subject"], alt=""
            )
            self.ads[ad["key"]] = post

    def _resound(self, post: InteractionFact) -> None:
        """Likes, boosts and kind words under a post, most of them on its first day."""
        channel = post.author.channel
        hearers = [
            (person, who)
            for person in self.people
            for who in person.identities
            if who.channel is channel and person.since < post.occurred_at
        ]
        self.rng.shuffle(hearers)
        title = short(post.text)
        for person, who in hearers[: self.rng.randrange(_LIKERS, 3 * _LIKERS)]:
            at = self._soon(post.occurred_at)
            self.scribe.touch(Kind.LIKE, who, at, post, subject=title)
            if channel in _QUOTABLE and chance(self.rng, 30):
                self.scribe.touch(Kind.BOOST, who, at + timedelta(seconds=9), post, subject=title)
            if chance(self.rng, 40):
                self._praise(person, at + timedelta(minutes=2), post)

    def _praise(self, person: Person, at: datetime, post: InteractionFact) -> None:
        channel = post.author.channel
        who = person.on(channel)
        table = self.texts["praise"]
        language = person.languages[0] if person.languages[0] in table else "en"
        if who is None:
            return
        text = self.lines.deal(f"praise {language}", table[language])
        quotes = channel in _QUOTABLE and chance(self.rng, 12)
        kind = Kind.QUOTE if quotes else Kind.REPLY if channel in _QUOTABLE else Kind.COMMENT
        self.scribe.touch(kind, who, at, post, text=text)

    def _soon(self, at: datetime) -> datetime:
        minutes = 3 + 1500 * self.rng.random() ** 3
        moment = at + timedelta(minutes=minutes)
        return min(moment, NOW - timedelta(hours=2)).replace(microsecond=0)

    # Campaign mail ----------------------------------------------------------------------------

    def mail(
        self,
        at: datetime,
        campaign: Campaign,
        link: str,
        fixed: dict[str, tuple[datetime | None, datetime | None]] | None = None,
    ) -> None:
        """One mailing to everybody who opted in.

        ``fixed`` names, for some people, when exactly they opened and clicked.
        """
        self.campaigns.append(replace(campaign, starts=at.date()))
        for person in self.people:
            if not person.takes_mail or person.since > at or person.on(Channel.EMAIL) is None:
                continue
            opened, clicked = self._reaction(at)
            if fixed and person.key in fixed:
                opened, clicked = fixed[person.key]
            sent = self._mail_to(person, at, campaign.name)
            if sent is not None and opened is not None:
                self._stage(Kind.CAMPAIGN_OPENED, sent, opened, "")
            if sent is not None and clicked is not None:
                self._stage(Kind.CAMPAIGN_CLICKED, sent, clicked, link)

    def _reaction(self, at: datetime) -> tuple[datetime | None, datetime | None]:
        if not chance(self.rng, 50):
            return None, None
        opened = at + timedelta(minutes=4 + self.rng.randrange(170))
        clicked = opened + timedelta(minutes=1) if chance(self.rng, 30) else None
        return opened, clicked

    def _mail_to(self, person: Person, at: datetime, subject: str) -> InteractionFact | None:
        who = person.on(Channel.EMAIL)
        if who is None:
            return None
        address = who.native_id.replace("@", "=")
        native = f"<campaign.{at:%Y%m%d}.{address}@halden.example>"
        sent = InteractionFact(
            native_id=native,
            kind=Kind.CAMPAIGN_SENT,
            direction=Direction.OUTBOUND,
            author=self.scribe.us(Channel.EMAIL),
            party=who,
            occurred_at=at,
            root=native,
            subject=subject,
        )
        return self.scribe.put(Channel.EMAIL, sent)

    def _stage(self, kind: Kind, sent: InteractionFact, at: datetime, link: str) -> None:
        """The customer opened the mail, or clicked ``link`` in it."""
        if sent.party is None:
            return
        name = "opened" if kind is Kind.CAMPAIGN_OPENED else "clicked"
        fact = InteractionFact(
            native_id=f"{name}:{sent.native_id}",
            kind=kind,
            direction=Direction.INBOUND,
            author=sent.party,
            party=sent.party,
            occurred_at=at,
            text=link,
            subject=sent.subject,
            in_reply_to=sent.native_id,
            root=sent.native_id,
        )
        self.scribe.put(Channel.EMAIL, fact)


def short(text: str) -> str:
    """The first words of a post, to name it by."""
    first = text.split(". ", maxsplit=1)[0].split(": ")
    name = ": ".join(first[:2]) if len(first[0]) < _HEADING else first[0]
    return name if len(name) <= _NAME else name[:_NAME].rsplit(" ", 1)[0] + "…"
