"""A brand's crowd: a million interactions of 200,000 customers over three years, made from a seed.

Words follow Zipf's law over made-up syllables with known rare, common and non-Latin words strewn
in, so that searches have known answers; customers do too, except for one who has written a
hundredth of everything (10,000 of a million). Each fact carries the 1.5 KB of JSON that a
Mastodon server sends for it.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.ids import AccountId, account_id
from app.domain.interactions import (
    Channel,
    Direction,
    IdentityFact,
    InteractionFact,
    Kind,
)

NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)
SPAN = timedelta(days=3 * 365)
ACCOUNT: AccountId = account_id("mastodon", "https://social.example", "1")
BRAND = IdentityFact(Channel.MASTODON, "halden@social.example", "@halden", "Halden Coffee")
RARE, COMMON, SECOND = "quorndale", "grinder", "refund"
CHINESE, JAPANESE, EMOJI = "咖啡机坏了", "返金してください", "🚨"
"""What the searches look for: ``RARE`` in one text of 20,000, ``COMMON`` in one of 12, ``SECOND``
in one of 30, the phrases and the emoji in one of 500."""

_SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "il")]
_VOCABULARY = 40_000
_SEED = 20_261_110
_FAVOURITE_SHARE = 100
_KINDS = (
    (Kind.MENTION, 45),
    (Kind.REPLY, 25),  # half of them ours
    (Kind.LIKE, 15),
    (Kind.BOOST, 8),
    (Kind.DIRECT, 7),
)


@dataclass(frozen=True, slots=True)
class Crowd:
    """``interactions`` facts of ``customers`` people; the first of them is the favourite."""

    interactions: int
    customers: int

    def facts(self) -> Iterator[InteractionFact]:
        """All of it, oldest first; the same at every call."""
        dice = random.Random(_SEED)  # noqa: S311 - the same crowd at every run, nothing secret
        write = _Writer(dice)
        step = SPAN / self.interactions
        began = NOW - SPAN
        kinds = dice.choices(
            [kind for kind, _ in _KINDS], [weight for _, weight in _KINDS], k=self.interactions
        )
        before: dict[int, str] = {}
        for number, kind in enumerate(kinds):
            who = self._who(number, dice)
            person = _person(who)
            parent = before.get(who) if kind is Kind.REPLY else None
            ours = parent is not None and dice.random() < 0.5
            native_id = str(110_000_000_000_000_000 + number)
            at = began + number * step
            text = write() if kind.has_text else ""
            fact = InteractionFact(
                native_id=native_id,
                kind=Kind.MENTION if kind is Kind.REPLY and parent is None else kind,
                direction=Direction.OUTBOUND if ours else Direction.INBOUND,
                author=BRAND if ours else person,
                party=person,
                occurred_at=at,
                text=text,
                in_reply_to=parent,
                language="en",
                url=f"https://social.example/@c{who}/{native_id}" if text else "",
                raw=_raw(native_id, who, at, text),
            )
            if kind.has_text:
                before[who] = native_id
            yield fact

    def _who(self, number: int, dice: random.Random) -> int:
        """Everybody at least once where there is room, and some far more often than others."""
        if number % _FAVOURITE_SHARE == 0:
            return 0
        if number < self.customers:
            return number
        return 1 + int((self.customers - 1) * dice.random() ** 3)


def batches(facts: Iterator[InteractionFact], size: int) -> Iterator[list[InteractionFact]]:
    while batch := list(itertools.islice(facts, size)):
        yield batch


def statuses(count: int) -> list[bytes]:
    """What a Mastodon server sends for so many mentions: one JSON document each."""
    crowd = Crowd(count * 2, max(2, count // 5))
    written = (fact.raw for fact in crowd.facts() if fact.text)
    return list(itertools.islice(written, count))


class _Writer:
    """Texts of 4 to 40 words."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        words = set[str]()
        while len(words) < _VOCABULARY:
            words.add("".join(dice.choices(_SYLLABLES, k=dice.randint(1, 4))))
        self._words = sorted(words)
        dice.shuffle(self._words)
        self._weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(_VOCABULARY)))
        self._texts = 0

    def __call__(self) -> str:
        dice = self._dice
        self._texts += 1
        words = dice.choices(self._words, cum_weights=self._weights, k=dice.randint(4, 40))
        for word, one_in in ((COMMON, 12), (SECOND, 30)):
            if dice.random() < 1 / one_in:
                words.append(word)
        if self._texts % 20_000 == 777:
            words.append(RARE)
        if self._texts % 500 == 0:
            words.append(f"我的{CHINESE}怎么办")
        elif self._texts % 500 == 1:
            words.append(f"早く{JAPANESE}お願いします")
        elif self._texts % 500 == 2:
            words.append(EMOJI)
        return " ".join(words)


def _person(who: int) -> IdentityFact:
    return IdentityFact(
        Channel.MASTODON,
        f"c{who}@elsewhere.example",
        f"@c{who}@elsewhere.example",
        f"Customer {who}",
        f"https://elsewhere.example/avatars/{who}.png",
        f"https://elsewhere.example/@c{who}",
        who * 7 % 5_000,
    )


_RAW = json.dumps(
    {
        "id": "%ID",
        "created_at": "%AT",
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "language": "en",
        "uri": "https://elsewhere.example/users/c%WHO/statuses/%ID",
        "url": "https://elsewhere.example/@c%WHO/%ID",
        "replies_count": 0,
        "reblogs_count": 0,
        "favourites_count": 0,
        "edited_at": None,
        "content": "%TEXT",
        "reblog": None,
        "application": None,
        "account": {
            "id": "20%WHO",
            "username": "c%WHO",
            "acct": "c%WHO@elsewhere.example",
            "display_name": "Customer %WHO",
            "locked": False,
            "bot": False,
            "discoverable": True,
            "group": False,
            "created_at": "2021-03-04T00:00:00.000Z",
            "note": "<p>Coffee, mostly. Opinions are my own.</p>",
            "url": "https://elsewhere.example/@c%WHO",
            "uri": "https://elsewhere.example/users/c%WHO",
            "avatar": "https://elsewhere.example/avatars/%WHO.png",
            "avatar_static": "https://elsewhere.example/avatars/%WHO.png",
            "header": "https://elsewhere.example/headers/missing.png",
            "header_static": "https://elsewhere.example/headers/missing.png",
            "followers_count": 112,
            "following_count": 180,
            "statuses_count": 1200,
            "last_status_at": "2026-11-01",
            "emojis": [],
            "fields": [],
        },
        "media_attachments": [],
        "mentions": [
            {
                "id": "1",
                "username": "halden",
                "url": "https://social.example/@halden",
                "acct": "halden",
            }
        ],
        "tags": [],
        "emojis": [],
        "card": None,
        "poll": None,
    }
)
_CONTENT = (
    '<p><span class=\\"h-card\\"><a href=\\"https://social.example/@halden\\"'
    ' class=\\"u-url mention\\">@<span>halden</span></a></span> {}</p>'
)


def _raw(native_id: str, who: int, at: datetime, text: str) -> bytes:
    """No character of a text needs escaping in JSON or HTML, so it is put in as it is."""
    moment = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return (
        _RAW.replace("%ID", native_id)
        .replace("%AT", moment)
        .replace("%WHO", str(who))
        .replace("%TEXT", _CONTENT.format(text))
        .encode()
    )
