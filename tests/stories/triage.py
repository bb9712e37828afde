"""A morning of twenty conversations, worked through from the top without the mouse."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.cases import CaseState, Status
from app.domain.ids import CaseId
from app.services.sending_settings import SendingSettings
from tests.stories.pages import Console
from tests.stories.people import People

WRITERS = (
    "ada", "bea", "cid", "dan", "eve", "fay", "gus", "hal", "ivy", "jon",
    "kim", "lou", "mia", "ned", "ola", "pia", "ray", "sol", "tom", "una",
)  # fmt: skip
Deed = Callable[[Console, str], None]


def reply(console: Console, who: str) -> None:
    console.composer.reply(who, f"Thank you {who}, it is on its way.")
    console.press("J")


def tag(console: Console, _who: str) -> None:
    _put_tag(console, "grinder")
    console.press("J")


def assign(console: Console, _who: str) -> None:
    """It leaves the list, and the next comes to hand by itself."""
    console.press("A")
    sheet = console.sheet("Assign to")
    console.write("Ines")
    console.wait(lambda: sheet.chosen.startswith("Ines Duarte (me)"))
    console.press("Return")
    sheet.closes()


def snooze(console: Console, _who: str) -> None:
    console.press("S")
    sheet = console.sheet("Snooze until")
    console.write("tomorrow")
    console.wait(lambda: sheet.chosen.startswith("Tomorrow morning"))
    console.press("Return")
    sheet.closes()


def resolve(console: Console, _who: str) -> None:
    console.press("C")


def noise(console: Console, _who: str) -> None:
    """What needs no answer: tagged so, and closed."""
    _put_tag(console, "noise")
    console.press("C")


def leave(console: Console, _who: str) -> None:
    """Nothing: on to the next."""
    console.press("J")


def _put_tag(console: Console, name: str) -> None:
    console.press("T")
    sheet = console.sheet("Tags")
    console.write(name)
    console.wait(lambda: name in sheet.chosen)
    console.press("Return")
    console.wait(lambda: f"{name}, ticked" in sheet.rows)
    console.press("Esc")
    sheet.closes()


DEEDS: tuple[Deed, ...] = (reply, tag, assign, snooze, resolve, noise, leave)
STAYS = frozenset({reply, tag, leave})


def _expected(deed: Deed, state: CaseState) -> bool:
    match deed.__name__:
        case "tag":
            return state.status is Status.OPEN and state.tags == {"grinder"}
        case "assign":
            return state.status is Status.OPEN and state.assignee is not None
        case "snooze":
            return state.status is Status.SNOOZED
        case "resolve":
            return state.status is Status.CLOSED and not state.tags
        case "noise":
            return state.status is Status.CLOSED and state.tags == {"noise"}
        case _:
            return state.status is Status.OPEN and state.assignee is None and not state.tags


def test_twenty_conversations_are_worked_through(console: Console, people: People) -> None:
    SendingSettings(console.services.directory).set_undo_seconds(0).result()
    for who in WRITERS:
        people.ask(who, f"my grinder squeals, says {who}")
    console.go("G, U", "Unassigned")
    console.wait(lambda: len(console.list.spoken) == len(WRITERS))
    console.list.walk_to("Ada")

    worked: dict[str, CaseId] = {}
    deeds: dict[str, Deed] = {}
    for number in range(len(WRITERS)):
        who = console.list.opened().split(",")[0]
        assert who not in worked, f"{who} comes to hand twice"
        console.timeline.comes_to_show(f"says {who.lower()}")
        case = console.window.desk.case
        assert case is not None
        deed = DEEDS[number % len(DEEDS)]
        worked[who], deeds[who] = case, deed
        deed(console, who)
        if deed not in STAYS:
            console.list.loses(who)

    assert len(worked) == len(WRITERS)
    replied = [who for who in worked if deeds[who] is reply]
    console.wait(lambda: all(people.received(who.lower()) for who in replied))
    console.wait(lambda: not console.services.queues.outbox().result())
    for who, case in worked.items():
        state = console.services.cases.view(case).result().state
        assert _expected(deeds[who], state), f"{who}: {deeds[who].__name__} came to {state}"
        received = people.received(who.lower())
        assert len(received) == (1 if deeds[who] is reply else 0), who
    left = [who for who in worked if deeds[who] in STAYS]
    assert sorted(row.split(",")[0] for row in console.list.spoken) == sorted(left)
