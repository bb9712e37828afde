"""The pictures that are kept: how many, which go first, and none of them in clear."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.clock import FakeClock
from app.domain.ids import PictureId, picture_id
from app.domain.pictures import Thumbnail
from app.store import pictures
from app.store.database import Workspace
from tests.store.building import rows
from tests.sync.workspaces import make_workspace, reopen

URL = "https://pics.example/{}.jpg"


@pytest.fixture
def workspace(tmp_path: Path, clock: FakeClock) -> Iterator[Workspace]:
    made = make_workspace(tmp_path, clock)
    yield made
    made.close()


def thumbnail(text: bytes = b"x", size: int = 0) -> Thumbnail:
    return Thumbnail(text.ljust(size, b"."), "image/jpeg", 64, 48)


def put(workspace: Workspace, name: object, picture: Thumbnail, most: int) -> set[PictureId]:
    number = picture_id(URL.format(name))
    gone = workspace.write(lambda tx: pictures.put_picture(tx, number, picture, most=most))
    return set(gone.result())


def held(workspace: Workspace) -> frozenset[PictureId]:
    return workspace.read(pictures.held_pictures).result()


def test_a_picture_comes_back_also_after_the_next_start(
    workspace: Workspace, clock: FakeClock
) -> None:
    put(workspace, 1, thumbnail(b"one"), 1000)
    again = reopen(workspace)
    found = again.read(lambda conn: pictures.picture(conn, picture_id(URL.format(1)))).result()
    assert found == thumbnail(b"one")
    assert again.read(lambda conn: pictures.picture(conn, PictureId(1))).result() is None
    again.close()


def test_the_oldest_make_room_and_the_bound_holds(workspace: Workspace, clock: FakeClock) -> None:
    for number in range(10):
        clock.set(clock.now() + timedelta(seconds=1))
        gone = put(workspace, number, thumbnail(size=100), 350)
        assert gone == ({picture_id(URL.format(number - 3))} if number >= 3 else set())
        assert rows(workspace, "SELECT sum(size) <= 350 FROM picture") == [(1,)]
    assert held(workspace) == {picture_id(URL.format(n)) for n in (7, 8, 9)}


def test_a_picture_larger_than_the_room_stands_alone(workspace: Workspace) -> None:
    put(workspace, 1, thumbnail(size=100), 350)
    put(workspace, 2, thumbnail(size=900), 350)
    assert held(workspace) == {picture_id(URL.format(2))}


def test_loaded_again_it_counts_once_and_is_the_youngest(
    workspace: Workspace, clock: FakeClock
) -> None:
    for name in (1, 2, 1, 3):
        clock.set(clock.now() + timedelta(seconds=1))
        put(workspace, name, thumbnail(size=100), 200)
    assert held(workspace) == {picture_id(URL.format(n)) for n in (1, 3)}


def test_which_are_held_is_read_without_reading_them(workspace: Workspace) -> None:
    for sql in (str(pictures._HELD), "SELECT id FROM picture"):
        plan = rows(workspace, f"EXPLAIN QUERY PLAN {sql}")
        assert "COVERING INDEX picture_stored" in plan[0][3]


def test_nothing_of_a_picture_is_readable_beside_the_key(
    workspace: Workspace, tmp_path: Path
) -> None:
    put(workspace, 1, thumbnail(b"the-marker-of-a-picture" * 100), 10_000)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert all(b"the-marker" not in path.read_bytes() for path in files)
