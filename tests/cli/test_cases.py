"""What people decide about a case: each decision is an event, shows, and can be undone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Seamline


def row_of(seamline: Seamline, name: str, queue: str = "all") -> Any:
    return next(row for row in seamline.json("queue", queue) if row["name"] == name)


def test_a_note_stands_in_the_timeline(seamline: Seamline) -> None:
    ref = seamline.ref("Kwame")
    done = seamline.json("note", ref, "Parcel is in Malmö.")
    assert done["ref"] == ref
    assert (done["event"]["type"], done["event"]["data"]["text"]) == (
        "case_noted",
        "Parcel is in Malmö.",
    )
    shown = seamline.ok("timeline", "@kwame")
    assert "✎ Ines Duarte noted" in shown
    assert "Parcel is in Malmö." in shown


def test_tags_come_and_go(seamline: Seamline) -> None:
    ref = seamline.ref("Kwame")
    said = seamline.ok("tag", ref, "delivery", "duo")
    assert said == f"#{ref} is with delivery, duo.\n"
    seamline.ok("tag", ref, "late", "--remove", "duo")
    assert sorted(row_of(seamline, "Kwame")["tags"]) == ["delivery", "late"]


@pytest.mark.parametrize(("who", "name"), [("me", "Ines Duarte"), ("jonas weber", "Jonas Weber")])
def test_a_case_is_given_to_somebody(seamline: Seamline, who: str, name: str) -> None:
    ref = seamline.ref("Mira")
    assert seamline.ok("assign", ref, who) == f"{name} holds #{ref} now.\n"
    assert name in seamline.ok("queue", "all")


def test_a_case_is_given_to_nobody(seamline: Seamline) -> None:
    ref = seamline.ref("Mira")
    seamline.ok("assign", ref, "me")
    assert [row["ref"] for row in seamline.json("queue", "my-work")] == [ref]
    seamline.ok("assign", ref, "nobody")
    assert seamline.json("queue", "my-work") == []


def test_a_snoozed_case_waits_elsewhere(seamline: Seamline) -> None:
    ref = seamline.ref("Mira")
    assert "comes back" in seamline.ok("snooze", ref, "2h")
    assert [row["ref"] for row in seamline.json("queue", "snoozed")] == [ref]
    assert "until" in seamline.ok("queue", "snoozed")
    seamline.ok("reopen", ref)
    assert seamline.json("queue", "snoozed") == []


def test_a_case_is_closed_and_opened_again(seamline: Seamline) -> None:
    ref = seamline.ref("Mira")
    assert seamline.ok("close", ref) == f"#{ref} is closed.\n"
    assert row_of(seamline, "Mira", "closed")["status"] == "closed"
    assert seamline.ok("reopen", ref) == f"#{ref} is open again.\n"
    assert row_of(seamline, "Mira")["status"] == "open"


def test_a_case_goes_to_it_and_back_and_leaves_two_seams(seamline: Seamline) -> None:
    ref = seamline.ref("Kwame")
    words = ["--reason", "Tracking is broken", "--brief", "Order 1182", "--told", "We look."]
    assert seamline.ok("escalate", ref, "--to", "it", "--urgency", "high", *words) == (
        f"#{ref} is with IT now.\n"
    )
    lines = [line.strip() for line in seamline.ok("timeline", "@kwame").splitlines()]
    why = ["Tracking is broken", "Order 1182", "The customer has been told: We look."]
    assert [line for line in lines if line in why] == why, "each on a line of its own"
    row = row_of(seamline, "Kwame")
    assert (row["department"], row["handed_off_from"], row["urgency"]) == ("it", "care", "high")
    seamline.ok("return", ref, "--reason", "Fixed, please tell them")
    assert row_of(seamline, "Kwame")["department"] == "care"
    items = seamline.json("timeline", "@kwame")
    seams = [item["seam"] for item in items if item.get("seam")]
    assert [(seam["from"], seam["to"]) for seam in seams] == [("care", "it"), ("it", "care")]
    shown = seamline.ok("timeline", "@kwame")
    assert "≫ Customer Care → IT" in shown
    assert "≫ IT → Customer Care" in shown


def test_a_hand_off_is_accepted(seamline: Seamline) -> None:
    ref = seamline.ref("Kwame")
    seamline.ok("escalate", ref, "--to", "IT")
    assert seamline.ok("accept", ref) == f"#{ref} is accepted.\n"
    assert row_of(seamline, "Kwame")["handed_off_from"] is None


def test_the_latest_decision_is_taken_back(seamline: Seamline) -> None:
    ref = seamline.ref("Kwame")
    seamline.ok("tag", ref, "late")
    seamline.ok("close", ref)
    assert seamline.json("undo", ref)["event"]["type"] == "undone"
    assert row_of(seamline, "Kwame")["status"] == "open"
    seamline.ok("undo", ref)
    assert row_of(seamline, "Kwame")["tags"] == []


def test_a_case_is_named_in_any_case_with_a_hash_or_by_its_beginning(seamline: Seamline) -> None:
    ref = seamline.ref("Kwame")
    for typed in (ref.lower(), f"#{ref}", ref[:4]):
        assert seamline.json("note", typed, "here")["ref"] == ref


@pytest.mark.parametrize(
    "words",
    [
        ["note", "ZZZZZZ", "hello"],
        ["tag", "ZZZZZZ", "late"],
        ["assign", "ZZZZZZ", "me"],
        ["snooze", "ZZZZZZ", "2h"],
        ["close", "ZZZZZZ"],
        ["reopen", "ZZZZZZ"],
        ["escalate", "ZZZZZZ", "--to", "it"],
        ["accept", "ZZZZZZ"],
        ["return", "ZZZZZZ", "--reason", "no"],
        ["undo", "ZZZZZZ"],
        ["reply", "ZZZZZZ", "--text", "hello"],
    ],
)
def test_a_case_that_is_not_there_fails(seamline: Seamline, words: list[str]) -> None:
    assert seamline.fails(1, *words).startswith("There is no case “ZZZZZZ”.")


def test_what_cannot_be_done_now_fails(seamline: Seamline) -> None:
    ref = seamline.ref("Kwame")
    seamline.fails(1, "accept", ref)
    seamline.fails(1, "return", ref, "--reason", "no")
    seamline.fails(1, "reopen", ref)
    seamline.fails(1, "undo", ref)
    assert "There is no agent “nadia”." in seamline.fails(1, "assign", ref, "nadia")
    assert "There is no department “sales”." in seamline.fails(1, "escalate", ref, "--to", "sales")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["note", " "], "The note is empty."),
        (["tag"], "No tag was named."),
        (["snooze", "soon"], "“soon” is not a time."),
        (["snooze", "2020-01-01"], "“2020-01-01” is not in the future."),
    ],
)
def test_what_cannot_be_meant_is_wrong_use(seamline: Seamline, words: list[str], told: str) -> None:
    command, *rest = words
    assert seamline.fails(2, command, seamline.ref("Kwame"), *rest).startswith(told)


def test_arguments_that_are_missing_are_wrong_use(seamline: Seamline) -> None:
    outcome = seamline("escalate", "7KQ4M2")
    assert outcome.status == 2
    assert "--to" in outcome.err
