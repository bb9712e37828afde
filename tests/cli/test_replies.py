"""``reply`` and ``outbox``: a wish is stored, listed, withdrawn, tried again."""

from __future__ import annotations

from pathlib import Path

from app.container import opened
from tests.cli.conftest import Seamline


def test_a_reply_waits_in_the_outbox(seamline: Seamline) -> None:
    ref = seamline.ref("Kwame")
    item = seamline.json("reply", ref, "--text", "  It is in Malmö.  ")
    assert (item["act"], item["state"], item["text"]) == ("reply", "queued", "It is in Malmö.")
    assert item["target"] == "3"
    waiting = seamline.json("outbox")
    assert [entry["id"] for entry in waiting] == [item["id"]]
    assert waiting == seamline.json("outbox", "list") == seamline.json("queue", "outbox")
    assert "It is in Malmö." in seamline.ok("outbox")
    assert "⇢ Ines Duarte: reply, queued" in seamline.ok("timeline", "@kwame")


def test_a_reply_is_no_wider_than_what_it_answers(seamline: Seamline) -> None:
    item = seamline.json("reply", seamline.ref("Mira"), "--text", "Let me look.")
    assert item["visibility"] == "direct"


def test_a_reply_goes_where_the_agent_says(seamline: Seamline) -> None:
    words = ["--text", "Hello", "--visibility", "unlisted", "--warning", "parcel"]
    assert seamline.json("reply", seamline.ref("Kwame"), *words)["visibility"] == "unlisted"


def test_a_reply_is_read_from_standard_input(seamline: Seamline) -> None:
    ref = seamline.ref("Kwame")
    item = seamline.json("reply", ref, "--text", "-", stdin="Two\nlines\n")
    assert item["text"] == "Two\nlines"


def test_a_picture_goes_with_its_description(seamline: Seamline, tmp_path: Path) -> None:
    picture = tmp_path / "label.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    words = ["--text", "The label", "--attach", str(picture), "--alt", "A return label"]
    item = seamline.json("reply", seamline.ref("Kwame"), *words)
    assert item["attachments"] == [
        {"name": "label.png", "mime": "image/png", "description": "A return label"}
    ]


def test_a_picture_without_a_description_is_wrong_use(seamline: Seamline, tmp_path: Path) -> None:
    words = ["--text", "The label", "--attach", str(tmp_path / "label.png")]
    assert "its own --alt" in seamline.fails(2, "reply", seamline.ref("Kwame"), *words)


def test_a_picture_that_is_not_there_fails(seamline: Seamline, tmp_path: Path) -> None:
    words = ["--text", "The label", "--attach", str(tmp_path / "label.png"), "--alt", "A label"]
    assert "label.png cannot be read" in seamline.fails(1, "reply", seamline.ref("Kwame"), *words)
    assert seamline.json("outbox") == []


def test_an_empty_reply_is_wrong_use(seamline: Seamline) -> None:
    ref = seamline.ref("Kwame")
    assert seamline.fails(2, "reply", ref, "--text", " ").startswith("The reply is empty.")
    assert seamline.fails(2, "reply", ref, "--text", "-").startswith("The reply is empty.")


def test_a_reply_that_is_too_long_fails(seamline: Seamline) -> None:
    seamline.fails(1, "reply", seamline.ref("Kwame"), "--text", "long " * 2000)
    assert seamline.json("outbox") == []


def test_what_waits_can_be_withdrawn(seamline: Seamline) -> None:
    item = seamline.json("reply", seamline.ref("Kwame"), "--text", "Wait")["id"]
    assert seamline.ok("outbox", "cancel", item[-6:]) == "It is withdrawn.\n"
    assert seamline.ok("outbox") == "The outbox is empty.\n"


def test_what_failed_says_why_and_is_tried_again(seamline: Seamline) -> None:
    item = seamline.json("reply", seamline.ref("Kwame"), "--text", "Wait")["id"]
    with opened(seamline.folder) as container:
        refused = "UPDATE outbox SET state = 'failed', error = 'Too long.', hint = 'Shorten it.'"
        container.workspace.write(lambda tx: tx.conn.exec_driver_sql(refused) and None).result()
    assert f"{item}: Too long. Shorten it." in seamline.ok("outbox")
    assert seamline.json("outbox", "retry", item)["state"] == "queued"


def test_an_unknown_item_fails(seamline: Seamline) -> None:
    assert "Nothing in the outbox" in seamline.fails(1, "outbox", "cancel", "nothing")
    first = seamline.json("reply", seamline.ref("Kwame"), "--text", "One")["id"]
    seamline.json("reply", seamline.ref("Mira"), "--text", "Two")
    assert "2 items" in seamline.fails(1, "outbox", "cancel", first[:3])


def test_a_reply_waits_until_the_case_is_closed(seamline: Seamline) -> None:
    ref, text = seamline.ref("Kwame"), "Take 15 % off your next bag with HUILA15."
    assert seamline.json("reply", ref, "--text", text, "--when-closed")["data"]["text"] == text
    assert seamline.json("outbox") == []
    kept = seamline.ok("timeline", "@kwame")
    assert "reply, leaves when the case is closed" in kept
    assert text in kept
    seamline.ok("close", ref)
    assert [entry["text"] for entry in seamline.json("outbox")] == [text]
    assert "let the reply go that waited" in seamline.ok("timeline", "@kwame")
