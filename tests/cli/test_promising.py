"""Promises and noise from the command line."""

from __future__ import annotations

from tests.cli.conftest import Seamline


def test_a_promise_is_made_and_kept(seamline: Seamline) -> None:
    ref = seamline.ref("Kwame")
    assert f"Promised on #{ref}" in seamline.ok("promise", ref, "2h", "I’ll check back")
    assert "promised to be back" in seamline.ok("timeline", "@kwame")
    assert seamline.ok("promise", ref, "--kept") == f"The promise on #{ref} is kept.\n"
    again = seamline("promise", ref, "--dropped", "no need")
    assert (again.status, "No promise is open" in again.err) == (1, True)


def test_a_promise_needs_a_moment_or_an_end(seamline: Seamline) -> None:
    ref = seamline.ref("Kwame")
    assert seamline("promise", ref).status == 2
    assert seamline("promise", ref, "soonish").status == 2
    assert seamline("promise", ref, "2h", "--kept").status == 2


def test_noise_is_listed_apart_and_restored(seamline: Seamline) -> None:
    ref = seamline.ref("Mira")
    assert seamline.ok("noise", ref, "--reason", "spam") == f"#{ref} is set aside as noise.\n"
    assert [row["ref"] for row in seamline.json("queue", "noise")] == [ref]
    assert ref not in [row["ref"] for row in seamline.json("queue", "all")]
    seamline.ok("noise", ref, "--clear")
    assert seamline.json("queue", "noise") == []
