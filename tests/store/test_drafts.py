"""Drafts in the workspace: all of what is written, cheaply kept, put together without loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.clock import FakeClock
from app.domain.errors import BadInput
from app.domain.interactions import Visibility
from app.domain.outbox import Attachment, OutboxState
from app.domain.replies import Draft, Written
from app.store import drafts, outbox
from tests.services.desk import Desk, make_desk
from tests.store.building import rows, said
from tests.sync.workspaces import reopen

TRAY = Attachment("tray.png", "image/png", b"tray" * 1000, "A tray")
CUP = Attachment("cup.jpg", "image/jpeg", b"cup" * 1000)
WHOLE = Written(
    text="Is it the tray?",
    note="She called twice",
    warning="Water",
    visibility=Visibility.DIRECT,
    answer_to="1",
    answer_visibility=Visibility.FOLLOWERS,
    answer_chosen=True,
    pictures=(TRAY, CUP),
)


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    made = make_desk(tmp_path, clock)
    made.take(said("1", "marta", "It leaks."))
    yield made
    made.workspace.close()


def test_all_of_it_is_there_after_a_new_start(desk: Desk) -> None:
    case = desk.only_case()
    desk.replies.save_draft(case, WHOLE).result()
    again = reopen(desk.workspace)
    assert again.read(lambda conn: drafts.draft(conn, case)).result() == WHOLE
    again.close()


def test_a_note_alone_is_a_draft_too(desk: Desk) -> None:
    case = desk.only_case()
    desk.replies.save_draft(case, Written(note="Ask IT")).result()
    assert desk.queues.rows([case]).result()[0].has_draft
    desk.cases.note(case, "Ask IT").result()
    assert desk.replies.draft(case).result() == Written()
    assert not desk.queues.rows([case]).result()[0].has_draft


def test_writing_the_note_leaves_the_reply_and_sending_the_reply_the_note(desk: Desk) -> None:
    case = desk.only_case()
    desk.replies.save_draft(case, WHOLE).result()
    desk.cases.note(case, WHOLE.note).result()
    assert desk.replies.draft(case).result() == replace(WHOLE, note="")
    desk.replies.save_draft(case, WHOLE).result()
    desk.replies.reply(case, Draft(WHOLE.text, attachments=WHOLE.pictures)).result()
    assert desk.replies.draft(case).result() == Written(note=WHOLE.note)
    assert rows(desk.workspace, "SELECT count(*) FROM draft_picture") == [(0,)]


def test_pictures_are_not_written_again_with_every_word(desk: Desk) -> None:
    case = desk.only_case()
    desk.replies.save_draft(case, WHOLE).result()
    before = rows(desk.workspace, "SELECT rowid, digest FROM draft_picture ORDER BY position")
    described = replace(TRAY, description="A wet tray")
    more = replace(WHOLE, text="Is it the tray? Or", pictures=(described, CUP))
    desk.replies.save_draft(case, more).result()
    # OR REPLACE would have given a new row id
    assert rows(desk.workspace, "SELECT rowid, digest FROM draft_picture ORDER BY position") == (
        before
    )
    assert desk.replies.draft(case).result() == more
    desk.replies.save_draft(case, replace(more, pictures=(CUP,))).result()
    assert desk.replies.draft(case).result().pictures == (CUP,)


def test_an_undone_reply_comes_back_before_what_was_begun_since(
    desk: Desk, clock: FakeClock
) -> None:
    case = desk.only_case()
    sent = Draft("Is it the tray?", Visibility.UNLISTED, "Water", attachments=(TRAY,))
    item = desk.replies.reply(case, sent).result()
    since = Written(text="P.S.", answer_to="1", answer_visibility=Visibility.PUBLIC)
    desk.replies.save_draft(case, since).result()
    clock.set(clock.now() + timedelta(seconds=5))
    desk.replies.undo_send(item.id).result()
    back = desk.replies.draft(case).result()
    assert back.text == "Is it the tray?\n\nP.S."
    assert (back.warning, back.visibility, back.pictures) == (
        "Water",
        Visibility.UNLISTED,
        (TRAY,),
    )
    assert desk.queues.rows([case]).result()[0].has_draft


@pytest.mark.parametrize("state", [OutboxState.FAILED, OutboxState.HELD, OutboxState.QUEUED])
def test_editing_what_did_not_leave_makes_it_a_draft_in_one_step(
    desk: Desk, state: OutboxState
) -> None:
    case = desk.only_case()
    item = desk.replies.reply(case, Draft("Again", attachments=(CUP,))).result()
    desk.replies.send_now(item.id).result()
    if state is OutboxState.FAILED:
        desk.workspace.write(lambda tx: outbox.claim(tx, item.id)).result()
        desk.workspace.write(lambda tx: outbox.failed(tx, item.id, error="No", hint="")).result()
    if state is OutboxState.HELD:
        desk.workspace.write(lambda tx: outbox.hold(tx, item.id, error="No", hint="")).result()
    desk.replies.edit(item.id).result()
    kept = desk.replies.draft(case).result()
    assert (kept.text, kept.pictures) == ("Again", (CUP,))


def test_what_is_on_its_way_is_not_taken_back_and_leaves_the_draft_alone(desk: Desk) -> None:
    case = desk.only_case()
    item = desk.replies.reply(case, Draft("Gone")).result()
    desk.replies.send_now(item.id).result()
    desk.workspace.write(lambda tx: outbox.claim(tx, item.id)).result()
    desk.replies.save_draft(case, Written(text="Next")).result()
    for way in (desk.replies.undo_send, desk.replies.edit):
        with pytest.raises(BadInput, match="already on its way"):
            way(item.id).result()
    assert desk.replies.draft(case).result().text == "Next"


def test_the_latest_act_is_undone_until_its_window_ends(desk: Desk, clock: FakeClock) -> None:
    case = desk.only_case()
    desk.replies.reply(case, Draft("First")).result()
    clock.set(clock.now() + timedelta(seconds=3))
    second = desk.replies.reply(case, Draft("Second")).result()
    undone = desk.replies.undo_latest().result()
    assert undone is not None
    assert undone.id == second.id
    clock.set(clock.now() + timedelta(seconds=4))
    assert desk.replies.undo_latest().result() is None, "the window of the first is over"


def test_what_was_typed_before_the_kept_draft_was_known_goes_behind_it(desk: Desk) -> None:
    case = desk.only_case()
    desk.replies.save_draft(case, Written(text="Yesterday")).result()
    desk.replies.save_draft(case, Written(text="Today"), seen=False).result()
    assert desk.replies.draft(case).result().text == "Yesterday\n\nToday"


@pytest.mark.parametrize(
    ("earlier", "since", "both"),
    [
        ("A", "B", "A\n\nB"),
        ("A", "", "A"),
        ("", "B", "B"),
        ("A", "A", "A"),
        ("A", "A\n\nB", "A\n\nB"),
    ],
)
def test_two_texts_are_two_paragraphs_once(earlier: str, since: str, both: str) -> None:
    assert Written(text=since).after(Written(text=earlier)).text == both


@pytest.mark.parametrize("earlier", list(Visibility))
@pytest.mark.parametrize("since", list(Visibility))
def test_put_together_nothing_gets_wider(earlier: Visibility, since: Visibility) -> None:
    first = Written(text="A", visibility=earlier)
    answered = Written(text="B", answer_to="1", answer_visibility=since)
    assert answered.after(first).visibility is max(earlier, since)
