"""The words of the sample workspace, kept as data in ``resources/sample``."""

from __future__ import annotations

import random
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from app.domain.errors import NotFound

T = TypeVar("T")

FOLDER = Path(__file__).resolve().parents[3] / "resources" / "sample"


@cache
def load(name: str) -> Mapping[str, Any]:
    """A file of the folder, parsed once; raises NotFound where it was not installed."""
    try:
        text = (FOLDER / f"{name}.toml").read_text("utf-8")
    except FileNotFoundError as error:
        raise NotFound(
            f"The sample’s texts are not in {FOLDER}.", hint="Install Seamline again."
        ) from error
    return tomllib.loads(text)


def chance(rng: random.Random, percent: int) -> bool:
    """True in so many of a hundred cases."""
    return rng.random() * 100 < percent


class Deck(Generic[T]):
    """Deals items in random order and begins again only when all are dealt.

    So a line is used a second time only after every other one was used once.
    """

    def __init__(self, rng: random.Random, items: Iterable[T]) -> None:
        self._rng = rng
        self._all: Sequence[T] = tuple(items)
        self._left: list[T] = []

    def deal(self) -> T:
        if not self._left:
            self._left = list(self._all)
            self._rng.shuffle(self._left)
        return self._left.pop()


class Decks:
    """Decks by name, each made at its first use."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._decks: dict[str, Deck[str]] = {}
        self._used: dict[str, Counter[int]] = {}

    def deal(self, name: str, items: Sequence[str]) -> str:
        if name not in self._decks:
            self._decks[name] = Deck(self._rng, items)
        return self._decks[name].deal()

    def choose(self, name: str, allowed: Sequence[int]) -> int:
        """One of the allowed numbers, of those that were chosen least under this name."""
        used = self._used.setdefault(name, Counter())
        least = min(used[number] for number in allowed)
        number = self._rng.choice([number for number in allowed if used[number] == least])
        used[number] += 1
        return number


_BEANS = ("Huila", "Yirgacheffe", "Midvinter", "Göta", "Slottsskogen", "Sidra decaf", "Kiambu")
_CITIES: Mapping[str, Sequence[str]] = {
    "sv": ("Malmö", "Umeå", "Lund", "Uppsala", "Karlstad"),
    "de": ("Leipzig", "Hamburg", "Graz", "Bremen", "Basel"),
    "fr": ("Lyon", "Lille", "Rennes", "Liège"),
    "es": ("Valencia", "Bilbao", "Sevilla", "Vigo"),
    "da": ("Aarhus", "Odense"),
    "fi": ("Tampere", "Turku"),
    "en": ("Leeds", "Bristol", "Rotterdam", "Gdańsk", "Cork", "Oslo", "Trieste", "Brno"),
}
_WEEKDAYS: Mapping[str, Sequence[str]] = {
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
}
_MONTHS = ("January", "March", "April", "June", "August", "October")


def circumstances(rng: random.Random, language: str) -> dict[str, str]:
    """What stays the same in a conversation: the order, the coffee, the town."""
    bean, other = rng.sample(_BEANS, 2)
    machine = rng.choice(("Duo", "Solo"))
    return {
        "order": f"HC-{rng.randrange(10_400, 20_800)}",
        "city": rng.choice(_CITIES.get(language, _CITIES["en"])),
        "bean": bean,
        "bean2": other,
        "machine": machine,
        "serial": f"{'HD2' if machine == 'Duo' else 'HS1'}-{rng.randrange(20_000, 70_000)}",
    }


def fill(rng: random.Random, text: str, language: str, fixed: Mapping[str, str]) -> str:
    """``text`` with its curly names filled in, from ``fixed`` or made up for this line alone."""
    if "{" not in text:
        return text
    passing = {
        "days": str(rng.randrange(3, 10)),
        "weekday": rng.choice(_WEEKDAYS.get(language, _WEEKDAYS["en"])),
        "month": rng.choice(_MONTHS),
        "price": f"{rng.randrange(14, 79)}.{rng.choice(('00', '50', '90'))} euros",
    }
    return text.format(**{**passing, **fixed})
