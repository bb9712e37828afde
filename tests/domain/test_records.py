"""A record made later is what the standard library would have made at once."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import threading
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field
from typing import Any, ClassVar

import msgspec
import pytest

from app.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """Where something is."""

    KIND: ClassVar[str] = "point"
    x: int
    y: int = 2
    tags: list[str] = field(default_factory=list, compare=False)

    @property
    def sum(self) -> int:
        return self.x + self.y


@dataclass(slots=True)
class Counter:
    count: int = 0

    def __post_init__(self) -> None:
        self.count += 1


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    word: str


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    name: str


@dataclass(frozen=True, slots=True, order=True)
class Ranked:
    rank: int


def test_it_is_made_compared_and_told_as_ever() -> None:
    point = Point(1)
    assert (point.x, point.y, point.tags, point.sum, Point.KIND) == (1, 2, [], 3, "point")
    assert point == Point(1, tags=["a"]) != Point(2)
    assert hash(point) == hash(Point(1))
    assert repr(point) == "Point(x=1, y=2, tags=[])"
    assert Ranked(1) < Ranked(2)
    assert Counter().count == 1
    assert "hidden" not in repr(Secret("hidden"))
    assert Thing("a") != Thing("a")
    with pytest.raises(TypeError, match="unhashable"):
        hash(Counter())
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        Point()  # type: ignore[call-arg]


def test_it_has_slots_and_stays_as_it_is() -> None:
    point = Point(1)
    assert not hasattr(point, "__dict__")
    with pytest.raises(FrozenInstanceError):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del point.x
    match point:
        case Point(x, y):
            assert (x, y) == (1, 2)


def _fresh() -> Any:
    @dataclass(frozen=True, slots=True)
    class Fresh:
        a: int
        b: str = "b"

    return Fresh


@pytest.mark.parametrize(
    "first_use",
    [
        lambda cls: dataclasses.replace(cls(1), b="c") == cls(1, "c"),
        lambda cls: [f.name for f in dataclasses.fields(cls)] == ["a", "b"],
        lambda cls: dataclasses.asdict(cls(1)) == {"a": 1, "b": "b"},
        lambda cls: msgspec.json.decode(b'{"a": 1}', type=cls) == cls(1),
        lambda cls: msgspec.json.encode(cls(1)) == b'{"a":1,"b":"b"}',
        lambda cls: copy.copy(cls(1)) == copy.deepcopy(cls(1)) == cls(1),
        lambda cls: repr(cls(1)).endswith("Fresh(a=1, b='b')"),
    ],
    ids=["replace", "fields", "as a dictionary", "from JSON", "to JSON", "copied", "shown"],
)
def test_whatever_needs_it_first_finds_it_whole(first_use: Callable[[Any], bool]) -> None:
    assert first_use(_fresh())


def test_it_can_be_pickled_and_read_back_where_none_was_made() -> None:
    assert pickle.loads(pickle.dumps(Point(3))) == Point(3)  # noqa: S301 - written here
    cls = _fresh()
    empty = cls.__new__(cls)
    empty.__setstate__([1, "c"])
    assert empty == cls(1, "c")


def test_several_threads_may_need_it_at_once() -> None:
    for _ in range(50):
        cls = _fresh()
        made: list[Any] = []
        start = threading.Barrier(4)

        def make(cls: Any = cls, start: threading.Barrier = start, made: Any = made) -> None:
            start.wait()
            made.append(cls(1))

        threads = [threading.Thread(target=make) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert made == [cls(1)] * 4
