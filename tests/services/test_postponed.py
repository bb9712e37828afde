"""Replies kept until the cases of their customer are closed: they leave once, or are drafts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.domain.clock import FakeClock
from app.domain.departments import CARE, PR
from app.domain.errors import BadInput, NeedsApproval
from app.domain.events import EventType
from app.domain.guard import PromotionHeld, Standing
from app.domain.ids import CaseId
from app.domain.interactions import Visibility
from app.domain.outbox import Attachment
from app.domain.replies import Draft, Escalation, Written
from app.domain.setup import Sender
from app.services.given_back import SHUT
from app.services.guard import Guard
from app.services.known import ME
from app.services.many import ManyCases
from app.services.matching import Matching
from app.services.noise import Noise
from app.store.integrity import projection_faults
from app.store.projections import rebuild
from tests.services.desk import Desk, make_desk, open_desk
from tests.store.building import ACCOUNT, identity, rows, said

OFFER = "All good again, Marta. Take 15 % off your next bag with HUILA15."
DRAFT = Draft(OFFER, visibility=Visibility.UNLISTED)
PICTURE = Attachment("tray.png", "image/png", b"\x89PNG", "A drip tray")


@pytest.fixture
def case(desk: Desk) -> CaseId:
    """Marta has complained, and no more."""
    desk.take(said("1", "marta", "It leaks."))
    return desk.only_case()


def wishes(desk: Desk) -> list[tuple[str, str]]:
    """What is in the outbox and was not taken back, as (text, agent)."""
    wanted = "SELECT text, agent FROM outbox WHERE state <> 'cancelled' ORDER BY created_ms, id"
    return [(row[0], row[1]) for row in rows(desk.workspace, wanted)]


def texts(desk: Desk) -> list[str]:
    return [text for text, _ in wishes(desk)]


def released(desk: Desk) -> list[dict[str, str]]:
    wanted = "SELECT data FROM event WHERE type = 'reply_released' ORDER BY stamp"
    return [json.loads(row[0]) for row in rows(desk.workspace, wanted)]


def draft(desk: Desk, case: CaseId) -> str:
    return desk.replies.draft(case).result().text


def test_it_leaves_with_the_close_as_it_was_written(desk: Desk, case: CaseId) -> None:
    desk.replies.save_draft(case, Written(OFFER)).result()
    kept = desk.replies.send_when_closed(case, DRAFT).result()
    assert (kept.type, kept.subject, kept.data["text"]) == (EventType.REPLY_POSTPONED, case, OFFER)
    assert texts(desk) == []
    assert draft(desk, case) == ""
    close = desk.cases.close(case).result()
    assert texts(desk) == [OFFER]
    row = rows(desk.workspace, "SELECT id, target, visibility, not_before_ms FROM outbox")[0]
    assert released(desk) == [{"postponed": kept.id, "closed": close.id, "outbox": row[0]}]
    assert row[1:3] == ("1", int(Visibility.UNLISTED))
    assert row[3] > desk.clock.now().timestamp() * 1000  # it may be undone


def test_closing_again_sends_nothing_again(desk: Desk, case: CaseId) -> None:
    desk.replies.send_when_closed(case, DRAFT).result()
    for _ in range(3):
        desk.cases.close(case).result()
        desk.cases.reopen(case).result()
    assert texts(desk) == [OFFER]
    assert len(released(desk)) == 1


def test_it_is_kept_over_a_restart_and_a_rebuild(tmp_path: Path, clock: FakeClock) -> None:
    first = make_desk(tmp_path, clock)
    first.take(said("1", "marta", "It leaks."))
    case = first.only_case()
    first.replies.send_when_closed(case, DRAFT).result()
    first.workspace.close()
    second = open_desk(tmp_path, clock)
    try:
        second.workspace.write(rebuild).result()
        second.cases.close(case).result()
        second.workspace.write(rebuild).result()
        assert texts(second) == [OFFER]
        assert not second.workspace.read(projection_faults).result()
    finally:
        second.workspace.close()


def test_every_open_case_of_the_customer_keeps_it_back(desk: Desk) -> None:
    desk.take(said("1", "marta", "It leaks."), said("2", "brygger", "And it is cold.", at=60))
    first, second = (
        CaseId(row[0])
        for row in rows(desk.workspace, "SELECT id FROM case_state ORDER BY last_key")
    )
    marta = desk.customers.resolve("@marta").result()
    desk.customers.link(identity("brygger"), marta).result()
    desk.replies.send_when_closed(first, DRAFT).result()
    desk.cases.close(first).result()
    assert texts(desk) == []
    desk.cases.close(second).result()
    assert texts(desk) == [OFFER]


def test_many_closed_at_once_let_it_leave_once(desk: Desk, case: CaseId) -> None:
    desk.take(said("2", "brygger", "And it is cold.", at=60))
    marta = desk.customers.resolve("@marta").result()
    desk.customers.link(identity("brygger"), marta).result()
    both = [CaseId(row[0]) for row in rows(desk.workspace, "SELECT id FROM case_state")]
    desk.replies.send_when_closed(case, DRAFT).result()
    many = ManyCases(desk.workspace, desk.directory, desk.clock)
    done = many.close(both).result()
    assert done.cases == 2
    assert texts(desk) == [OFFER]
    many.undo(done).result()
    assert texts(desk) == []
    many.close(both).result()
    assert texts(desk) == [OFFER]


def test_undoing_the_close_keeps_it_back_again(desk: Desk, case: CaseId) -> None:
    desk.replies.send_when_closed(case, DRAFT).result()
    desk.cases.close(case).result()
    desk.cases.undo(case).result()
    assert texts(desk) == []
    assert draft(desk, case) == ""
    desk.cases.close(case).result()
    assert texts(desk) == [OFFER]


def test_what_left_or_was_taken_back_by_hand_stays_so(desk: Desk, case: CaseId) -> None:
    desk.replies.send_when_closed(case, DRAFT).result()
    desk.cases.close(case).result()
    assert desk.replies.undo_latest().result() is not None
    assert draft(desk, case) == OFFER
    desk.cases.undo(case).result()
    desk.cases.close(case).result()
    assert texts(desk) == []
    assert draft(desk, case) == OFFER


@pytest.mark.parametrize("many", [False, True], ids=["one", "many"])
def test_undoing_what_opened_the_case_again_gives_the_draft_back(
    desk: Desk, case: CaseId, many: bool
) -> None:
    """It is closed again, and there is no close to come."""
    desk.cases.close(case).result()
    handing = ManyCases(desk.workspace, desk.directory, desk.clock)
    if many:
        done = handing.escalate([case], Escalation(PR)).result()
        desk.replies.send_when_closed(case, DRAFT).result()
        handing.undo(done).result()
    else:
        reopened = desk.cases.reopen(case).result()
        desk.replies.send_when_closed(case, DRAFT).result()
        desk.cases.undo_event(reopened.id).result()
    assert not desk.cases.view(case).result().state.is_open
    assert (texts(desk), draft(desk, case)) == ([], OFFER)
    assert [one["refused"] for one in released(desk)] == [SHUT]


def test_undoing_it_gives_the_draft_back(desk: Desk, case: CaseId) -> None:
    kept = desk.replies.send_when_closed(case, DRAFT).result()
    desk.cases.undo_event(kept.id).result()
    assert draft(desk, case) == OFFER
    desk.cases.close(case).result()
    assert texts(desk) == []


def test_what_was_let_go_is_not_undone_here(desk: Desk, case: CaseId) -> None:
    kept = desk.replies.send_when_closed(case, DRAFT).result()
    desk.cases.close(case).result()
    with pytest.raises(BadInput, match="let go"):
        desk.cases.undo_event(kept.id).result()
    number = rows(desk.workspace, "SELECT id FROM event WHERE type = 'reply_released'")[0][0]
    with pytest.raises(BadInput, match="let go"):
        desk.cases.undo_event(number).result()
    assert texts(desk) == [OFFER]


def test_what_may_not_leave_then_is_a_draft_again(desk: Desk, case: CaseId) -> None:
    desk.replies.send_when_closed(case, DRAFT).result()
    desk.replies.save_draft(case, Written("And another thing.", note="Ask Theo")).result()
    marta = desk.customers.resolve("@marta").result()
    guard = Guard(desk.workspace, desk.directory)
    guard.set_standing(marta, Standing.OPTED_OUT, "Asked by mail").result()
    desk.cases.close(case).result()
    assert texts(desk) == []
    assert desk.replies.draft(case).result().note == "Ask Theo"
    assert draft(desk, case) == f"{OFFER}\n\nAnd another thing."
    assert "opted out" in released(desk)[0]["refused"]
    desk.cases.reopen(case).result()
    desk.cases.close(case).result()
    assert len(released(desk)) == 1


def test_noise_sends_nothing_and_loses_nothing(desk: Desk, case: CaseId) -> None:
    """Set aside by its key or with many others: a draft again, and why."""
    noise = Noise(desk.workspace, desk.directory)
    desk.replies.send_when_closed(case, DRAFT).result()
    noise.mark(case).result()
    assert (texts(desk), draft(desk, case)) == ([], OFFER)
    assert [one["refused"] for one in released(desk)] == ["The case was set aside as noise."]
    noise.clear(case).result()
    assert draft(desk, case) == OFFER
    desk.replies.send_when_closed(case, DRAFT).result()
    ManyCases(desk.workspace, desk.directory, desk.clock).set_aside([case]).result()
    assert (texts(desk), draft(desk, case)) == ([], OFFER)
    noise.clear(case).result()
    desk.cases.close(case).result()
    assert texts(desk) == [], "it was given back, and is kept no more"


def test_what_waited_for_another_case_is_a_draft_when_that_is_noise(
    desk: Desk, case: CaseId
) -> None:
    desk.take(said("2", "brygger", "win win win", at=60))
    marta = desk.customers.resolve("@marta").result()
    desk.customers.link(identity("brygger"), marta).result()
    other = next(
        CaseId(row[0]) for row in rows(desk.workspace, "SELECT id FROM case_state")
        if row[0] != case
    )  # fmt: skip
    desk.replies.send_when_closed(case, DRAFT).result()
    desk.cases.close(case).result()
    assert texts(desk) == [], "the other case holds it"
    Noise(desk.workspace, desk.directory).mark(other).result()
    assert (texts(desk), draft(desk, case)) == ([], OFFER)
    assert len(released(desk)) == 1


@pytest.mark.parametrize("how", ["separated", "joining undone", "joining taken back"])
def test_who_is_separated_has_their_reply_back_where_nothing_is_open(
    desk: Desk, case: CaseId, how: str
) -> None:
    desk.take(said("2", "brygger", "And it is cold.", at=60))
    marta = desk.customers.resolve("@marta").result()
    joined = desk.customers.link(identity("brygger"), marta).result()
    desk.replies.send_when_closed(case, DRAFT).result()
    desk.cases.close(case).result()
    if how == "joining undone":
        desk.cases.undo_event(joined.id).result()
    elif how == "joining taken back":
        Matching(desk.workspace, desk.directory).part((joined,)).result()
    else:
        desk.customers.unlink(identity("brygger")).result()
    assert (texts(desk), draft(desk, case)) == ([], OFFER)
    assert "another customer now" in released(desk)[0]["refused"]


def test_who_is_separated_while_their_case_is_open_goes_on_waiting(
    desk: Desk, case: CaseId
) -> None:
    desk.take(said("2", "brygger", "And it is cold.", at=60))
    marta = desk.customers.resolve("@marta").result()
    desk.customers.link(identity("brygger"), marta).result()
    desk.replies.send_when_closed(case, DRAFT).result()
    desk.customers.unlink(identity("brygger")).result()
    assert (released(desk), draft(desk, case)) == ([], "")
    desk.cases.close(case).result()
    assert texts(desk) == [OFFER]


@pytest.mark.parametrize("refused", [False, True], ids=["sent", "a draft again"])
def test_a_case_that_was_merged_into_another_waits_for_that_one(
    desk: Desk, case: CaseId, refused: bool
) -> None:
    """The message between two of Marta’s arrives last, and makes one thread of two."""
    desk.take(said("3", "marta", "And it drips.", at=120, in_reply_to="2"))
    later = next(
        CaseId(row[0]) for row in rows(desk.workspace, "SELECT id FROM case_state")
        if row[0] != case
    )  # fmt: skip
    desk.replies.send_when_closed(later, DRAFT).result()
    desk.take(said("2", "marta", "On the floor.", at=60, in_reply_to="1"))
    assert desk.only_case() == case
    assert (texts(desk), released(desk)) == ([], [])
    if refused:
        marta = desk.customers.resolve("@marta").result()
        Guard(desk.workspace, desk.directory).set_standing(
            marta, Standing.OPTED_OUT, "Asked by mail"
        ).result()
    desk.cases.close(case).result()
    assert texts(desk) == ([] if refused else [OFFER])
    assert draft(desk, case) == (OFFER if refused else "")
    assert rows(desk.workspace, "SELECT case_id FROM outbox") == ([] if refused else [(case,)])


@pytest.mark.parametrize("queued", [False, True], ids=["begun", "taken back from the outbox"])
def test_what_was_written_on_a_case_that_was_merged_is_a_draft_where_that_goes_on(
    desk: Desk, case: CaseId, queued: bool
) -> None:
    desk.take(said("3", "marta", "And it drips.", at=120, in_reply_to="2"))
    later = next(
        CaseId(row[0]) for row in rows(desk.workspace, "SELECT id FROM case_state")
        if row[0] != case
    )  # fmt: skip
    desk.replies.save_draft(case, Written("It leaks.", note="Ask Theo")).result()
    if queued:
        item = desk.replies.reply(later, Draft("It drips.")).result()
    else:
        desk.replies.save_draft(later, Written("It drips.", note="Ask Mo")).result()
    desk.take(said("2", "marta", "On the floor.", at=60, in_reply_to="1"))
    if queued:
        desk.replies.undo_send(item.id).result()
    kept = desk.replies.draft(desk.only_case()).result()
    assert set(kept.text.split("\n\n")) == {"It leaks.", "It drips."}
    assert kept.note == ("Ask Theo" if queued else "Ask Theo\n\nAsk Mo")
    assert desk.replies.draft(later).result() == Written()


def test_what_was_begun_since_stays_a_draft(desk: Desk, case: CaseId) -> None:
    desk.replies.send_when_closed(case, DRAFT).result()
    desk.replies.save_draft(case, Written("All good")).result()
    desk.cases.close(case).result()
    assert texts(desk) == [OFFER]
    assert draft(desk, case) == "All good"


def test_it_leaves_in_the_name_and_with_the_permission_of_who_wrote_it(
    desk: Desk, case: CaseId
) -> None:
    ines = desk.directory.me().id
    desk.replies.send_when_closed(case, DRAFT).result()
    theo = desk.directory.add_agent("Theo Brandt", CARE).result()
    desk.directory.set_setting(ME, theo.id).result()
    desk.directory.settle(senders=(Sender(ACCOUNT, departments=(PR,)),)).result()
    desk.cases.close(case).result()
    assert wishes(desk) == [(OFFER, ines)]
    desk.cases.reopen(case).result()
    with pytest.raises(NeedsApproval):
        desk.replies.send_when_closed(case, DRAFT).result()
    desk.directory.set_setting(ME, ines).result()
    desk.replies.send_when_closed(case, Draft("Use HUILA15 again.")).result()
    desk.directory.settle(senders=(Sender(ACCOUNT, departments=(CARE,)),)).result()
    desk.cases.close(case).result()
    assert texts(desk) == [OFFER]
    assert draft(desk, case) == "Use HUILA15 again."


def test_what_cannot_wait_is_refused(desk: Desk, case: CaseId) -> None:
    with pytest.raises(BadInput, match="empty"):
        desk.replies.send_when_closed(case, Draft(" ")).result()
    with pytest.raises(BadInput, match="Pictures cannot wait"):
        desk.replies.send_when_closed(case, Draft(OFFER, attachments=(PICTURE,))).result()
    marta = desk.customers.resolve("@marta").result()
    guard = Guard(desk.workspace, desk.directory)
    guard.set_standing(marta, Standing.ON_HOLD, "Until May").result()
    with pytest.raises(PromotionHeld, match="on hold"):
        desk.replies.send_when_closed(case, DRAFT).result()
    guard.set_standing(marta, Standing.WELCOME, "It is May").result()
    desk.cases.close(case).result()
    with pytest.raises(BadInput, match="no open case"):
        desk.replies.send_when_closed(case, DRAFT).result()
    assert rows(desk.workspace, "SELECT count(*) FROM event WHERE type = 'reply_postponed'") == [
        (0,)
    ]
