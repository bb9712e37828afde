"""Somebody remembers a word of what a customer wrote, finds it, opens it and answers."""

from __future__ import annotations

from app.services.sending_settings import SendingSettings
from tests.stories.pages import Console
from tests.stories.people import People

ANSWER = "Lift the hopper off and brush the burrs."


def test_a_message_is_found_opened_and_answered(console: Console, people: People) -> None:
    SendingSettings(console.services.directory).set_undo_seconds(0).result()
    for number, who in enumerate(("ada", "bea", "cid", "dan")):
        people.ask(who, f"question {number} about my order")
    sought = people.ask("eve", "beans hang in the hopper, what can I do?")
    console.go("G, U", "Unassigned")
    console.wait(lambda: len(console.list.spoken) == 5)
    console.list.walk_to("Ada")

    palette = console.search("hopper")
    console.wait(lambda: "beans hang in the hopper" in palette.chosen)
    assert not any("about my order" in row for row in palette.rows)
    console.press("Return")
    palette.closes()
    console.timeline.comes_to_show("beans hang in the hopper")
    assert console.list.opened().startswith("Eve"), "the list follows to where it is"

    console.composer.reply("Eve", ANSWER)
    console.timeline.comes_to_show(ANSWER)
    console.wait(lambda: bool(people.received("eve")))
    (received,) = people.received("eve")
    assert ANSWER in received
    (post,) = (one for one in people.brand.posts() if ANSWER in one["content"])
    assert post["in_reply_to_id"] == sought["id"]
    console.timeline.comes_to_show("delivered", ANSWER)
    assert not console.services.queues.outbox().result()
    assert all(not people.received(who) for who in ("ada", "bea", "cid", "dan"))
