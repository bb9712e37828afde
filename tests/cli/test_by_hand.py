"""``seamline log``."""

from __future__ import annotations

from tests.cli.conftest import Seamline


def test_a_call_is_written_down(seamline: Seamline) -> None:
    assert seamline.ok("log", "call", "@kwame", "Wants a refund", "--at", "2d") == (
        "It stands in the timeline now.\n"
    )
    assert "Wants a refund" in seamline.ok("timeline", "@kwame")
    assert "not a time in the past" in seamline.fails(2, "log", "call", "@kwame", "x", "--at", "z")
