"""The process that holds the dictionaries: a question a line on its input, an answer a line.

Both are JSON with the same ``id``. It ends with its input, so it never outlives the console.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any, BinaryIO, Final, Protocol

from app.ui.spelling.dictionaries import fitting, installed, script_of
from app.ui.spelling.words import Word, words_of

MOST_SUGGESTIONS: Final = 6
_LONGEST = 20_000
_LONGEST_WORD = 48
"""Hunspell looks for suggestions for a third of a second at most, unless a word is very long."""
_JUDGED_FROM = 4
_TOO_MANY_WRONG = 0.5
"""A text of so many words, half of them unknown, is more likely in another language."""
_HOPELESS = 0.6
_MOST_TRIED = 4


class Dictionary(Protocol):
    """What is used of Hunspell."""

    def spell(self, word: str) -> bool: ...

    def suggest(self, word: str) -> tuple[str, ...]: ...


class Dictionaries:
    """Those of this computer, each read when it is first asked."""

    def __init__(self) -> None:
        self.found = installed()
        self._read: dict[str, Dictionary] = {}
        self._judged: dict[tuple[str, str], bool] = {}

    def knows(self, name: str, word: str) -> bool:
        judged = self._judged.get((name, word))
        if judged is None:
            judged = bool(self._dictionary(name).spell(word.replace("’", "'")))
            self._judged[name, word] = judged
        return judged

    def suggestions(self, name: str, word: str) -> tuple[str, ...]:
        """The likeliest first, with the apostrophe that the word was written with."""
        if len(word) > _LONGEST_WORD:
            return ()
        curly = "’" in word
        found = self._dictionary(name).suggest(word.replace("’", "'"))
        given = (each.replace("'", "’") if curly else each for each in found)
        return tuple(dict.fromkeys(given))[:MOST_SUGGESTIONS]

    def _dictionary(self, name: str) -> Dictionary:
        if name not in self._read:
            from hunspell import Hunspell

            place = self.found[name]
            self._read[name] = Hunspell(place.stem, hunspell_data_dir=str(place.parent))
        return self._read[name]


class Answers:
    """Answers one question after another."""

    def __init__(self) -> None:
        self._dictionaries = Dictionaries()

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """``ask`` is "list", "check" or "suggest"; see the methods."""
        match question["ask"]:
            case "list":
                return {"names": sorted(self._dictionaries.found)}
            case "check":
                return self._check(**question["about"])
            case _:
                return self._suggest(**question["about"])

    def _check(
        self, text: str, chosen: str, language: str, here: str, known: Sequence[str]
    ) -> dict[str, Any]:
        """The spans of words that are not known, and the dictionary they were looked up in.

        ``chosen`` is a dictionary somebody chose; without one ``language`` of the conversation
        decides, then the words themselves, then ``here``, this computer’s own. ``known``: words
        that were added.
        """
        text, added = text[:_LONGEST], {word.casefold() for word in known}
        found = self._dictionaries.found
        fits = chosen if chosen in found else fitting(found, language or here, here)
        if not fits and not language:
            fits = fitting(found, "en", here)
        looked_up: list[tuple[float, str, list[Word]]] = []
        for name in [fits] if chosen in found else self._candidates(fits, here):
            words = list(words_of(text, script_of(name)))
            wrong = [word for word in words if not self._knows(name, word, added)]
            few = len(words) < _JUDGED_FROM
            if not words or (few and name != fits and (looked_up or not fits)):
                continue  # in another script, or too short to tell
            share = len(wrong) / len(words)
            looked_up.append((share, name, wrong))
            if few or share < _TOO_MANY_WRONG:
                break
        share, name, wrong = min(looked_up, default=(0.0, fits, []), key=lambda each: each[0])
        if share > _HOPELESS and len(wrong) > _JUDGED_FROM and name != chosen:
            name, wrong = "", []  # in a language without a dictionary
        return {"name": name, "wrong": [(word.first, word.behind) for word in wrong]}

    def _knows(self, name: str, word: Word, added: set[str]) -> bool:
        return word.text.casefold() in added or self._dictionaries.knows(name, word.text)

    def _candidates(self, fits: str, here: str) -> list[str]:
        """One dictionary a language: what fits, this computer’s own, English, the others."""
        found = self._dictionaries.found
        named = [fits, fitting(found, here, here), fitting(found, "en", here), *sorted(found)]
        languages: dict[str, str] = {}
        for name in named:
            if name:
                languages.setdefault(name.partition("_")[0], name)
        return list(languages.values())[:_MOST_TRIED]

    def _suggest(self, name: str, word: str) -> dict[str, Any]:
        if name not in self._dictionaries.found:
            return {"words": ()}
        return {"words": self._dictionaries.suggestions(name, word)}


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Until there are no more questions. What cannot be answered is answered with ``failed``."""
    with_answers = Answers()
    for line in questions:
        question = json.loads(line)
        try:
            answer = with_answers.answer(question)
        except Exception as error:  # noqa: BLE001 (a dictionary may be broken in any way)
            answer = {"failed": f"{type(error).__name__}: {error}"}
        answer["id"] = question["id"]
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def main() -> int:
    serve(sys.stdin.buffer, sys.stdout.buffer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
