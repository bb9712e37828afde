"""``mood``: how the words of a message are read, and what an agent says instead."""

from __future__ import annotations

from app.cli.commands.adding import Add
from app.cli.session import Session, WrongUse, wait
from app.cli.shapes import feeling
from app.domain.ids import InteractionUid
from app.domain.mood import Mood
from app.domain.views import InteractionItem

_MOODS = {mood.name.lower(): mood for mood in Mood}
_WORDS = "words"


def add_to(add: Add) -> None:
    mood = add("mood", run_mood, "the mood of a message, or a correction of it")
    mood.add_argument("message", metavar="MESSAGE", help="its uid, as timeline --json gives it")
    mood.add_argument(
        "mood", nargs="?", choices=[*_MOODS, _WORDS], help="words: what they say after all"
    )


def run_mood(session: Session) -> None:
    args, moods = session.args, session.services.moods
    if not args.message.isdigit():
        raise WrongUse(
            f"“{args.message}” is no message.", hint="Take the uid of one from timeline --json."
        )
    uid = InteractionUid(int(args.message))
    if args.mood is not None:
        wait(moods.correct(uid, _MOODS.get(args.mood)))
    item = wait(moods.of(uid))
    session.give({"interaction": str(uid), **(feeling(item) or {"mood": None})})
    session.say(_told(item))


def _told(item: InteractionItem) -> str:
    found = item.feeling
    if found is None:
        return "Nothing can be said of its mood."
    name = found.mood.name.capitalize()
    if found.corrected:
        return f"{name}, as an agent said."
    return f"{name}, by {', '.join(found.reasons)}." if found.reasons else f"{name}."
