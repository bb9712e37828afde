"""The network goes, three replies are written, one is taken back, the network comes again."""

from __future__ import annotations

from app.domain.outbox import OutboxState
from tests.stories.gate import Gate
from tests.stories.pages import Console
from tests.stories.people import People

ANSWERS = {
    "Ada": "Descale it, then try again.",
    "Bo": "Your parcel leaves today.",
    "Cy": "I looked at the wrong order.",
}


def test_two_of_three_replies_leave_and_each_once(
    console: Console, people: People, gate: Gate
) -> None:
    for name in ANSWERS:
        people.ask(name.lower(), f"{name} here, can you help me?")
    console.go("G, U", "Unassigned")
    console.wait(lambda: len(console.list.spoken) == len(ANSWERS))

    gate.shut()
    console.press("F5")
    console.wait(lambda: "Offline" in console.banner)
    for name, answer in ANSWERS.items():
        console.list.walk_to(name)
        console.composer.reply(name, answer)
        console.timeline.comes_to_show(answer)
    console.wait(lambda: "3" in console.banner)  # so many replies wait

    console.press("Ctrl+Z")
    console.wait(lambda: console.composer.text == ANSWERS["Cy"])
    console.wait(lambda: console.timeline.shows(ANSWERS["Cy"]) == 0)
    console.press("Esc")
    waiting = console.services.queues.outbox().result()
    assert [entry.item.text for entry in waiting] == [ANSWERS["Ada"], ANSWERS["Bo"]]
    assert {entry.item.state for entry in waiting} == {OutboxState.QUEUED}
    assert all(not people.received(name.lower()) for name in ANSWERS)

    gate.open()
    console.press("F5")
    console.wait(lambda: not console.banner)
    console.wait(lambda: not console.services.queues.outbox().result())
    for name in ("Ada", "Bo"):
        (received,) = people.received(name.lower())
        assert ANSWERS[name] in received
        console.list.walk_to(name)
        console.timeline.comes_to_show("delivered", ANSWERS[name])
        assert console.timeline.shows(ANSWERS[name]) == 1
    assert not people.received("cy")
    console.list.walk_to("Cy")
    assert console.composer.text == ANSWERS["Cy"], "what was taken back is kept as a draft"
