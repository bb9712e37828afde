"""Whether spelling is checked, in which language for whom, and the words that were added.

Kept in the workspace; a change counts from the next check on.
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Final

from app.domain.ids import CustomerId

if TYPE_CHECKING:  # for the types alone
    from app.services.directory import Directory

ON: Final = "spelling"
WORDS: Final = "spelling-words"
LANGUAGE: Final = "spelling-language"
NONE: Final = "none"
"""Chosen in place of a dictionary: what is written to this customer is not checked."""


class SpellingSettings:
    """Read at once on any thread; written through futures."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def is_on(self) -> bool:
        """It is, unless somebody says otherwise."""
        return self._directory.setting(ON, "1") == "1"

    def set_on(self, *, on: bool) -> Future[None]:
        return self._directory.set_setting(ON, "1" if on else "0")

    def words(self) -> tuple[str, ...]:
        """What was added, in the order of the alphabet."""
        return tuple(self._directory.setting(WORDS).split())

    def add(self, word: str) -> Future[None]:
        """Know a word from now on, however it is capitalised."""
        return self._keep({*self.words(), word})

    def remove(self, word: str) -> Future[None]:
        wanted = word.casefold()
        return self._keep({each for each in self.words() if each.casefold() != wanted})

    def has_added(self, word: str) -> bool:
        wanted = word.casefold()
        return any(each.casefold() == wanted for each in self.words())

    def chosen_for(self, customer: CustomerId) -> str:
        """The dictionary chosen for a customer: its name, ``NONE``, or "" where nobody chose."""
        return self._directory.setting(f"{LANGUAGE}-{customer}")

    def choose_for(self, customer: CustomerId, name: str) -> Future[None]:
        return self._directory.set_setting(f"{LANGUAGE}-{customer}", name)

    def _keep(self, words: set[str]) -> Future[None]:
        return self._directory.set_setting(WORDS, "\n".join(sorted(words, key=str.casefold)))
