"""Being away and back, from the command line."""

from __future__ import annotations

from tests.cli.conftest import Seamline


def test_cases_go_and_come_back(seamline: Seamline) -> None:
    ref = seamline.ref("Mira")
    seamline.ok("assign", ref, "me")
    said = seamline.ok("away", "--until", "3d", "--deputy", "Jonas Weber")
    assert said.startswith("Ines Duarte is away until")
    assert said.endswith("; 1 case was handed over.\n")
    assert seamline.json("queue", "my-work") == []
    assert seamline.ok("back") == "Ines Duarte is back; 1 case was given back.\n"
    assert [row["ref"] for row in seamline.json("queue", "my-work")] == [ref]


def test_what_cannot_be_is_refused(seamline: Seamline) -> None:
    assert seamline("away", "--until", "soonish").status == 2
    assert seamline("away", "nobody in particular").status == 1
    assert seamline("back").status == 1
