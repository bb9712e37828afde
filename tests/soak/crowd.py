"""A workspace with a few months of work in it, and what goes on arriving."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from app.container import Container, open_container
from app.domain.departments import CARE
from app.domain.ids import AccountId
from app.domain.interactions import Channel, Direction, IdentityFact, InteractionFact, Kind, Media
from app.store.ingest import ingest
from app.store.vault import Vault
from tests.sync.shop import closed_address, connect_at

REGULAR = "regular"
"""Somebody nothing happens to while the soak runs: what is counted is counted at their case."""
_PEOPLE = 60
_FAVOURITE = "p0"
_FAVOURITES_TALK = 900
_BRAND = IdentityFact(Channel.MASTODON, "1@shop.example", "@brand@shop.example", "Brand")
_TEXTS = (
    "My Duo shows E14 since the update, what now?",
    "Thank you, that was quick.",
    "アップデートの後、エスプレッソの量が半分になりました。設定で直せますか？",
    "مرحباً، جهاز القهوة لا يعمل منذ التحديث الأخير. هل يمكنكم مساعدتي؟",
    "☕️🔥 love it 🇸🇪 https://shop.example/duo?ref=mail #duo @somebody",
    "Three things. " + "First the light is orange, then it is green, then it is gone. " * 30,
    "It leaks.\n\nFrom below.\n\nSince Monday.",
)


class Crowd:
    """Customers of one account, whose server is not there: an afternoon on a train."""

    def __init__(self, container: Container, rng: Random) -> None:
        self._container = container
        self._rng = rng
        self._numbers = itertools.count(1)
        self._roots: dict[str, list[str]] = {}
        self._account = self._connect()
        self._begun = datetime.now(UTC) - timedelta(hours=2)

    def _connect(self) -> AccountId:
        workspace = self._container.workspace
        self._container.services.directory.set_me("Ines Duarte", CARE).result()
        account = connect_at(workspace, closed_address())
        Vault(workspace, "", None).set(account, {"token": "t"})
        return account

    def settle_in(self) -> None:
        """Everybody has written, been answered, and some wait."""
        facts: list[InteractionFact] = []
        for number in range(_PEOPLE):
            who = f"p{number}"
            talk = _FAVOURITES_TALK if who == _FAVOURITE else self._rng.randint(2, 40)
            facts += self._talk(who, talk, days=self._rng.randint(2, 90))
        facts += self._talk(REGULAR, 30, days=20)
        facts.sort(key=lambda fact: fact.occurred_at)
        self._take(facts)

    def arrive(self) -> None:
        """A pull commits what it found: new messages, edits, deletions, likes."""
        count = self._rng.choice((1, 1, 1, 3, 20))
        self._take([self._news() for _ in range(count)])

    def _news(self) -> InteractionFact:
        who = f"p{self._rng.randrange(_PEOPLE)}"
        now = datetime.now(UTC)
        if self._rng.random() < 0.3:
            return self._wrote(who, now, text=self._rng.choice(_TEXTS))
        root = self._rng.choice(self._roots[who])
        if self._rng.random() < 0.2:
            return self._wrote(who, self._begun, number=root, edited_at=now)
        return self._wrote(who, now, in_reply_to=root)

    def _talk(self, who: str, count: int, *, days: int) -> list[InteractionFact]:
        facts = []
        for number in range(count):
            at = self._begun - timedelta(days=days) * (1 - (number + 1) / count)
            roots = self._roots.get(who, [])
            to = roots[-1] if roots and self._rng.random() < 0.7 else None
            facts.append(self._wrote(who, at, in_reply_to=to))
            if self._rng.random() < 0.4:
                facts.append(self._answered(facts[-1], at + timedelta(minutes=4)))
        return facts

    def _wrote(
        self,
        who: str,
        at: datetime,
        *,
        text: str = "",
        number: str = "",
        in_reply_to: str | None = None,
        edited_at: datetime | None = None,
    ) -> InteractionFact:
        native = number or f"{who}-{next(self._numbers)}"
        if in_reply_to is None and not number:
            self._roots.setdefault(who, []).append(native)
        picture = Media("https://shop.example/1.png", "image/png", "The drip tray")
        return InteractionFact(
            native_id=native,
            kind=Kind.REPLY if in_reply_to else Kind.MENTION,
            direction=Direction.INBOUND,
            author=IdentityFact(
                Channel.MASTODON, f"{who}@town.example", f"@{who}@town.example", who.title()
            ),
            occurred_at=at,
            text=text or self._rng.choice(_TEXTS),
            in_reply_to=in_reply_to,
            edited_at=edited_at,
            media=(picture,) if self._rng.random() < 0.1 else (),
        )

    def _answered(self, to: InteractionFact, at: datetime) -> InteractionFact:
        return InteractionFact(
            native_id=f"our-{next(self._numbers)}",
            kind=Kind.REPLY,
            direction=Direction.OUTBOUND,
            author=_BRAND,
            party=to.author,
            occurred_at=at,
            text=self._rng.choice(_TEXTS[:2]),
            in_reply_to=to.native_id,
        )

    def _take(self, facts: list[InteractionFact]) -> None:
        account = self._account
        self._container.workspace.write(lambda tx: ingest(tx, account, facts)).result()


def open_crowded(folder: Path, rng: Random) -> tuple[Container, Crowd]:
    """The workspace and its crowd; whoever asks for it closes it."""
    container = open_container(folder, passphrase="for the soak")
    crowd = Crowd(container, rng)
    crowd.settle_in()
    return container, crowd
