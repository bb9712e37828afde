"""``queue``: every case once, in the queue it belongs to."""

from __future__ import annotations

from tests.cli.conftest import Seamline


def test_the_queue_has_every_waiting_case_once(seamline: Seamline) -> None:
    rows = seamline.json("queue")
    assert sorted(row["name"] for row in rows) == ["Kwame", "Mira"]
    kwame = next(row for row in rows if row["name"] == "Kwame")
    assert kwame["snippet"] == "Nothing came. Where is it?"
    assert (kwame["department"], kwame["queue"], kwame["status"]) == ("care", "respond", "open")
    assert kwame["deadline"]["state"] == "late"
    assert kwame["case"].isdigit()


def test_a_person_gets_a_row_a_case(seamline: Seamline) -> None:
    lines = seamline.ok("queue").splitlines()
    assert lines[0].split() == ["CASE", "WHO", "CHANNEL", "WITH", "STATE", "LAST", "TEXT"]
    assert len(lines) == 3
    assert all(len(line) <= 100 for line in lines)
    assert any("Nothing came." in line for line in lines)


def test_what_a_customer_writes_cannot_steer_the_terminal(seamline: Seamline) -> None:
    shown = seamline.ok("queue")
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "Is my order lost? [2Jevil" in shown


def test_queues_of_a_department(seamline: Seamline) -> None:
    assert len(seamline.json("queue", "care/respond")) == 2
    assert seamline.json("queue", "care/reach-out") == []
    assert seamline.json("queue", "Customer Care/respond") == seamline.json("queue", "care/respond")
    assert seamline.json("queue", "respond") == []  # that of PR, where Ines sits


def test_an_empty_queue_says_so(seamline: Seamline) -> None:
    assert seamline.ok("queue", "snoozed") == "Nothing waits here.\n"


def test_a_limit_says_that_there_is_more(seamline: Seamline) -> None:
    assert "--limit 0" in seamline.ok("queue", "--limit", "1")
    assert len(seamline.json("queue", "--limit", "1")) == 1
    assert "--limit 0" not in seamline.ok("queue", "--limit", "2")


def test_counts(seamline: Seamline) -> None:
    counts = seamline.json("queue", "--counts")
    assert counts["departments"]["care"] == {"respond": 2, "reach-out": 0}
    assert counts["outbox"] == {"waiting": 0, "failed": 0}
    assert "care/respond" in seamline.ok("queue", "--counts")


def test_an_unknown_queue_is_wrong_use(seamline: Seamline) -> None:
    assert "There is no queue “urgent”." in seamline.fails(2, "queue", "urgent")
    assert "no queue of a department" in seamline.fails(2, "queue", "pr/snoozed")


def test_an_unknown_department_fails(seamline: Seamline) -> None:
    assert "There is no department “sales”." in seamline.fails(1, "queue", "sales/respond")
