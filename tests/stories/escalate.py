"""A case is handed to another department, and comes back with its answer."""

from __future__ import annotations

from app.domain.departments import IT, PR
from app.domain.views import EventItem
from tests.stories.pages import Console

BRIEF = "Rosa sees E14 since 3.2. Which build mends it?"
ANSWER = "3.2.1 mends it and goes out at noon."


def test_a_case_goes_to_it_and_comes_back(sample: Console) -> None:
    console = sample
    console.go("G, W", "My work")
    console.list.walk_to("Rosa Tamayo")
    case, customer = console.window.desk.case, console.window.desk.customer
    assert case is not None
    assert customer is not None
    before = console.timeline.seams

    console.press("E")
    sheet = console.sheet("Escalate")
    console.reach("IT,", by="Down")
    console.press("Space")
    assert any(words.startswith("From PR & Community,") and "to IT, " in words
               for words in sheet.words)  # fmt: skip
    console.reach("Why?", by="Tab")
    console.write("Technical fault")
    console.reach("Brief", by="Tab")
    assert "E14" in sheet.value_of("Brief"), "it begins with what the timeline says"
    console.press("Ctrl+A")
    console.write(BRIEF)
    console.press("Ctrl+Return")
    sheet.closes()
    console.wait(lambda: len(console.timeline.seams) == len(before) + 1)
    assert console.timeline.seams[-1].startswith("Handed from PR to IT after ")
    assert BRIEF in console.timeline.seams[-1]
    state = console.services.cases.view(case).result().state
    assert (state.department, state.pending is not None) == (IT, True)

    # IT finds it in its own queue and gives it back.
    console.go_by_sidebar("IT")
    console.list.walk_to("Rosa Tamayo")
    assert "Handed to IT by PR & Community" in console.head
    console.press("B")
    sheet = console.sheet("Return to PR & Community")
    console.write(ANSWER)
    console.press("Ctrl+Return")
    sheet.closes()

    console.go_by_sidebar("PR & Community")
    console.list.walk_to("Rosa Tamayo")
    console.wait(lambda: len(console.timeline.seams) == len(before) + 2)
    assert console.timeline.seams[-1].startswith("Handed from IT to PR after ")
    assert ANSWER in console.timeline.seams[-1]
    assert ANSWER in " ".join(console.timeline.in_sight)
    state = console.services.cases.view(case).result().state
    assert (state.department, state.pending) == (PR, None)
    page = console.services.timelines.page(customer).result()
    seams = [i.seam for i in page.items if isinstance(i, EventItem) and i.seam is not None]
    assert [(seam.origin, seam.target) for seam in seams][-2:] == [(PR, IT), (IT, PR)]
