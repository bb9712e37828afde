"""The mood of messages: what their words say, where anger turned to thanks, what agents correct.

The model is made of lists in ``resources/mood`` when the first message is judged, on the thread
that reads; what it said of a text is kept, since pages are read again and again.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from app.domain.errors import BadInput, NotFound
from app.domain.events import Event, EventType
from app.domain.ids import IdentityId, InteractionUid
from app.domain.interactions import Direction
from app.domain.mood import Feeling, Felt, Lexicon, Mood, MoodModel, recoveries
from app.domain.right_of_way import give_way
from app.domain.views import InteractionItem, TimelineItem
from app.services.directory import Directory
from app.store import ledger, moods, timelines
from app.store.database import Connection, Tx, Workspace

LISTS: Final = Path(__file__).resolve().parents[2] / "resources" / "mood"
_KEPT: Final = 4_096
_WORDS: Final = ("deny", "strengthen", "wish", "thanks", "common")


class Moods:
    def __init__(self, workspace: Workspace, directory: Directory) -> None:
        self._workspace = workspace
        self._directory = directory

    def of(self, interaction: InteractionUid) -> Future[InteractionItem]:
        """The message with its ``feeling``; raises NotFound."""

        def look(conn: Connection) -> InteractionItem:
            item = _present(timelines.interaction(conn, interaction))
            return replace(item, feeling=feeling_of(item))

        return self._workspace.read(look)

    def correct(self, interaction: InteractionUid, mood: Mood | None) -> Future[Event]:
        """What the mood of a message is, whatever its words say; None: what they say after all.

        Raises BadInput where it is so already, and for what no customer wrote; NotFound.
        """
        agent = self._directory.me().id

        def op(tx: Tx) -> Event:
            item = _present(timelines.interaction(tx.conn, interaction))
            if not has_mood(item):
                raise BadInput(
                    "Only what a customer wrote has a mood.", hint="Choose a message of theirs."
                )
            corrected = item.feeling.mood if item.feeling is not None else None
            if corrected is mood:
                so = "what its words say" if mood is None else mood.name.lower()
                raise BadInput(f"The mood of this message is {so} already.")
            data = {"interaction": interaction, "mood": None if mood is None else int(mood)}
            subject = item.party if item.party is not None else item.identity
            return ledger.decide(tx, agent, EventType.MOOD_SET, subject, data)

        return self._workspace.write(op)


def has_mood(item: InteractionItem) -> bool:
    """Whether somebody outside wrote it to us, in words."""
    speaks = item.kind.has_text and not item.kind.by_hand and bool(item.text)
    return speaks and item.direction is Direction.INBOUND


def feeling_of(item: InteractionItem) -> Feeling | None:
    """What an agent said, or else the words; None for what has no mood or an unknown language."""
    if not has_mood(item) or item.feeling is not None:
        return item.feeling
    return judged(item.text, item.language)


def with_moods(conn: Connection, items: Sequence[TimelineItem]) -> tuple[TimelineItem, ...]:
    """The items of a timeline, each message with its feeling, and with how long the anger had
    lasted where it ended. What was said before the page is looked up where somebody is glad."""
    felt = [_with_feeling(item) for item in items]
    latest: dict[tuple[int, IdentityId], int] = {}
    for item in felt:
        if isinstance(item, InteractionItem) and item.party is not None and _is_glad(item):
            thread = item.conversation, item.party
            latest[thread] = max(item.key, latest.get(thread, 0))
    turned: dict[int, int] = {}
    for (conversation, party), key in latest.items():
        said = moods.said_in(conn, conversation, party, until=key)
        turned |= recoveries(felt_in(said, party))
    return tuple(
        replace(item, feeling=replace(item.feeling, lasted_ms=turned[item.key]))
        if isinstance(item, InteractionItem) and item.key in turned and item.feeling is not None
        else item
        for item in felt
    )


def felt_in(rows: Iterable[Any], party: IdentityId) -> list[Felt]:
    """The moods of what ``store.moods`` read; what has none is left out."""
    found: list[Felt] = []
    for row in rows:
        mood = _mood_of(row)
        if mood is not None:
            found.append(Felt(row.key, (row.conversation, party), row.occurred_ms, mood))
    return found


def _mood_of(row: Any) -> Mood | None:
    if row.mood_set is not None:
        return Mood(row.mood_set)
    feeling = judged(row.text, row.language)
    return feeling.mood if feeling is not None else None


def _with_feeling(item: TimelineItem) -> TimelineItem:
    if not isinstance(item, InteractionItem):
        return item
    give_way()
    feeling = feeling_of(item)
    return item if feeling is item.feeling else replace(item, feeling=feeling)


def _is_glad(item: InteractionItem) -> bool:
    return item.feeling is not None and item.feeling.mood is Mood.GLAD


@lru_cache(maxsize=_KEPT)
def judged(text: str, language: str) -> Feeling | None:
    """What the words of a text say; None for a language without a list."""
    verdict = _model().judge(text, language)
    return Feeling(verdict.mood, verdict.reasons) if verdict is not None else None


@cache
def _model() -> MoodModel:
    return MoodModel(read_list(path) for path in sorted(LISTS.glob("*.toml")))


def read_list(path: Path) -> Lexicon:
    """The list of the language that the file is named after."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    words = {name: frozenset(told.get(name, ())) for name in _WORDS}
    return Lexicon(path.stem, told["weights"], **words)


def _present(item: InteractionItem | None) -> InteractionItem:
    if item is None:
        raise NotFound("This message is not in this workspace.", hint="See timeline --json.")
    return item
