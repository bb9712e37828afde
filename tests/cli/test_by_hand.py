"""``seamline log``."""

from __future__ import annotations

from tests.cli.conftest import Seamline


def test_a_call_is_written_down(seamline: Seamline) -> None:
    assert seamline.ok("log", "call", "@kwame", "Wants a refund", "--at", "2d") == (
        "It stands in the timeline now.\n"
    )
    assert "Wants a refund" in seamline.ok("timeline", "@kwame")
    assert "not a time in the past" in seamline.fails(2, "log", "call", "@kwame", "x", "--at", "z")


def test_whose_it_was_and_on_which_side_can_be_said(seamline: Seamline) -> None:
    told = ("log", "call", "@kwame", "About the fair", "--department", "Marketing")
    seamline.ok(*told)
    seamline.ok(*told, "--side", "service")
    calls = [each for each in seamline.json("timeline", "@kwame") if each.get("kind") == "call"]
    assert [each["side"] for each in calls] == ["marketing", "service"]
    assert "no department" in seamline.fails(1, *told, "--department", "nobody")
