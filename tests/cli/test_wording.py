"""``template`` and ``standing``: wordings in versions, and whom the promotion guard protects."""

from __future__ import annotations

from tests.cli.conftest import Seamline


def test_a_template_is_kept_corrected_and_retired(seamline: Seamline) -> None:
    assert "no templates yet" in seamline.ok("template")
    save = ("template", "save", "Leaks", "--text")
    first = seamline.json(*save, "Turn it off, {customer}.", "--department", "care")
    assert first["version"] == 1
    sent = seamline.json("reply", seamline.ref("Kwame"), "--text", "Off.", "--template", "leaks")
    assert sent["state"] == "queued"
    again = seamline.json(*save, "Leave it on, {customer}.", "--corrects", "1")
    assert (again["id"], again["version"]) == (first["id"], 2)
    (listed,) = seamline.json("template", "list")
    assert (listed["version"], listed["told_wrong"]) == (2, 1)
    (told,) = seamline.json("template", "told", "Leaks")
    assert told["name"].startswith("Kwame")
    seamline.ok("template", "retire", "Leaks")
    assert seamline.json("template") == []


def test_a_place_nobody_can_fill_is_refused(seamline: Seamline) -> None:
    assert "{who}" in seamline.fails(1, "template", "save", "Leaks", "--text", "Hello {who}")


def test_a_promotion_needs_a_reason_while_a_case_is_open(seamline: Seamline) -> None:
    reply = ("reply", seamline.ref("Kwame"), "--text", "Take 15 % off with HUILA15.")
    assert "HUILA15 has to wait" in seamline.fails(1, *reply)
    assert seamline.json("outbox") == []
    item = seamline.json(*reply, "--promotion-reason", "Agreed with Marketing")
    assert item["state"] == "queued"
    assert "Agreed with Marketing" in str(seamline.json("timeline", "@kwame"))


def test_a_standing_is_settled_with_a_reason(seamline: Seamline) -> None:
    seamline.ok("close", seamline.ref("Kwame"))
    seamline.ok("standing", "@kwame", "opted-out", "--reason", "Asked by mail")
    assert "Asked by mail" in str(seamline.json("timeline", "@kwame"))
