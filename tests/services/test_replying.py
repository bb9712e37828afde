"""A reply takes its own draft along into the outbox, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.clock import FakeClock
from app.domain.outbox import Attachment
from app.domain.replies import Draft, Written
from tests.services.desk import Desk, make_desk
from tests.store.building import said

TRAY = Attachment("tray.png", "image/png", b"tray")
LID = Attachment("lid.png", "image/png", b"lid")


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    made = make_desk(tmp_path, clock)
    made.take(said("1", "marta", "It leaks."))
    yield made
    made.workspace.close()


@pytest.mark.parametrize(
    ("kept", "left"),
    [
        (Written(text="On its way "), Written()),
        (Written(text="On its"), Written()),
        (Written(text="On its way", note="Called", pictures=(TRAY,)), Written(note="Called")),
        (Written(text="Something else"), Written(text="Something else")),
        (Written(text="On its way", pictures=(LID,)), Written(pictures=(LID,))),
    ],
)
def test_what_was_not_sent_stays_a_draft(desk: Desk, kept: Written, left: Written) -> None:
    case = desk.only_case()
    desk.replies.save_draft(case, kept).result()
    desk.replies.reply(case, Draft("On its way", attachments=(TRAY,))).result()
    assert desk.replies.draft(case).result() == left


def test_a_reply_taken_back_as_the_next_one_leaves_is_in_one_place(desk: Desk) -> None:
    case = desk.only_case()
    first = desk.replies.reply(case, Draft("The first", attachments=(TRAY,))).result()
    desk.replies.save_draft(case, Written(text="The second"))
    desk.replies.undo_send(first.id)  # and sent before its answer is on the screen
    desk.replies.reply(case, Draft("The second")).result()
    kept = desk.replies.draft(case).result()
    assert (kept.text, kept.pictures) == ("The first", (TRAY,))


def test_what_another_window_keeps_is_not_written_over(desk: Desk) -> None:
    case = desk.only_case()
    begun, other = Written(text="A long", note="Call"), Written(text="A long careful answer")
    assert desk.replies.save_draft(case, begun, known=Written().words).result() is None
    assert desk.replies.save_draft(case, other, known=begun.words).result() is None
    stale = desk.replies.save_draft(case, Written(text="x"), known=begun.words).result()
    assert stale == other
    assert desk.replies.draft(case).result() == other
