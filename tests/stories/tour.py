"""The day of each department, once through the window; the pictures of docs/tour are taken here.

What is sent goes to a Mastodon server; the rest happens on the sample workspace.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from app.domain.cases import Status
from app.domain.departments import CARE, IT, PR
from app.domain.ids import CaseId
from app.domain.replies import Draft
from app.domain.views import EventItem, QueueName, QueueRef
from app.services.sending_settings import SendingSettings
from app.services.templates import Wording
from app.ui.theme import theme_manager
from tests.stories.album import Album
from tests.stories.pages import Console
from tests.stories.people import People

OFFER = "Thank you for waiting, Sofia. HUILA15 takes 15 % off your beans."
CUSTOMERS = (
    "ada", "bea", "cid", "dan", "eve", "fay", "gus",
    "hal", "ivy", "jon", "kim", "lou", "mia", "ned",
)  # fmt: skip

_ROUND_THE_TILES = ("Up", "Left", "Left", "Right", "Right", "Down", "Left", "Left")
"""Past every department that may take a case, wherever one begins."""


@pytest.fixture
def album() -> Callable[[Console], Album]:
    """Of a window that has just been opened, in which nothing moves from now on."""
    QApplication.setCursorFlashTime(0)
    theme_manager().set_motion("reduced")
    return lambda console: Album(console.window)


Albums = Callable[[Console], Album]


def case_at_hand(console: Console) -> CaseId:
    case = console.window.desk.case
    assert case is not None
    return case


def test_an_influencers_direct_message(sample: Console, album: Albums) -> None:
    console, pictures = sample, album(sample)
    console.go_by_sidebar("PR & Community")
    console.list.walk_to("Alma Reyes")
    console.wait(lambda: "Handed to PR & Community" in console.head)
    pictures.take("dm-handed-over")
    case = case_at_hand(console)
    console.press("Y")
    console.wait(lambda: console.services.cases.view(case).result().state.pending is None)
    console.composer.begin("lma")
    answer = "Hola Alma, habla conmigo. Le escribo hoy con las fechas."
    console.write(answer)
    console.wait(lambda: "Draft kept" in console.composer.words)
    pictures.take("dm-answer")
    assert any(said.startswith("Direct message on Instagram") for said in console.composer.words)
    assert console.services.replies.draft(case).result().text == answer
    state = console.services.cases.view(case).result().state
    assert (state.department, state.assignee) == (PR, console.services.directory.me().id)


def test_a_complaint_becomes_a_refund(sample: Console, album: Albums) -> None:
    console, pictures = sample, album(sample)
    console.go("G, W", "My work")
    console.list.walk_to("Rosa Tamayo")
    case = case_at_hand(console)
    before = len(console.timeline.seams)
    hand_over(
        console, "IT,", "Technical fault", "Rosa has E14 since 3.2. Can it be mended?", pictures
    )
    console.wait(lambda: len(console.timeline.seams) == before + 1)
    give_back(console, "IT", "The board is gone. No build mends it.")
    console.go_by_sidebar("PR & Community")
    console.list.walk_to("Rosa Tamayo")
    hand_over(console, "Customer Care,", "Goodwill or refund", "IT says the board is gone.")
    give_back(console, "Customer Care", "Refunded in full, and we pay the parcel.")
    console.go_by_sidebar("PR & Community")
    console.list.walk_to("Rosa Tamayo")
    console.wait(lambda: len(console.timeline.seams) == before + 4)
    console.timeline.comes_to_show("Handed from Care to PR")
    pictures.take("refund-four-seams")
    pictures.take("refund-four-seams-dark", dark=True)
    console.press("C")
    console.list.loses("Rosa Tamayo")
    state = console.services.cases.view(case).result().state
    assert [step.department for step in state.steps][-5:] == [PR, IT, PR, CARE, PR]
    assert state.status is Status.CLOSED


def hand_over(
    console: Console, whom: str, why: str, brief: str, pictures: Album | None = None
) -> None:
    console.press("E")
    sheet = console.sheet("Escalate")
    for key in _ROUND_THE_TILES:
        if console.keyboard_is_at.startswith(whom):
            break
        console.press(key)
    assert console.keyboard_is_at.startswith(whom)
    console.press("Space")
    console.reach("Why?", by="Tab")
    console.write(why)
    console.reach("Brief", by="Tab")
    console.press("Ctrl+A")
    console.write(brief)
    console.wait(lambda: sheet.value_of("Brief") == brief)
    if pictures is not None:
        pictures.take("refund-asking-it")
    console.press("Ctrl+Return")
    sheet.closes()


def give_back(console: Console, queue: str, answer: str) -> None:
    """Somebody of that department finds it in its own queue, and returns it."""
    console.go_by_sidebar(queue)
    console.list.walk_to("Rosa Tamayo")
    console.press("B")
    sheet = console.sheet("Return to")
    console.write(answer)
    console.press("Ctrl+Return")
    sheet.closes()


def test_a_promotion_is_held_and_later_sent(
    console: Console, people: People, album: Albums
) -> None:
    pictures = album(console)
    SendingSettings(console.services.directory).set_undo_seconds(0).result()
    people.ask("sofia", "my Duo shows E14 since this morning, what now?")
    console.go("G, U", "Unassigned")
    console.wait(lambda: len(console.list.spoken) == 1)
    console.list.walk_to("Sofia")
    console.composer.begin("ofia")
    console.write(OFFER)
    console.wait(lambda: any("HUILA15 has to wait" in said for said in console.composer.words))
    pictures.take("promotion-held")
    console.press("Ctrl+Return")
    sheet = console.sheet("Send without HUILA15")
    pictures.take("promotion-asked")
    console.press("Esc")
    sheet.closes()
    assert console.composer.text == OFFER
    console.wait(lambda: "Draft kept" in console.composer.words)

    # It is solved, and the words that waited in the draft may go.
    console.press("Esc")
    console.press("C")
    console.list.loses("Sofia")
    assert people.received("sofia") == []
    console.go("G, C", "Closed")
    console.list.walk_to("Sofia")
    console.composer.begin("ofia")
    console.wait(lambda: console.composer.text == OFFER)
    console.press("Ctrl+Return")
    console.wait(lambda: len(people.received("sofia")) == 1)
    assert "HUILA15" in people.received("sofia")[0]
    console.press("Esc")
    console.timeline.comes_to_show("delivered", "HUILA15 takes")
    pictures.take("promotion-sent")
    assert not any("Promotion sent anyway" in row for row in console.timeline.spoken)


def test_an_agent_goes_on_leave_and_comes_back(sample: Console, album: Albums) -> None:
    console, pictures = sample, album(sample)
    console.go("G, W", "My work")
    mine = {row.split(",")[0] for row in console.list.spoken}
    assert len(mine) > 5
    console.press("G, Y")
    sheet = console.sheet("Away until")
    pictures.take("leave-until")
    console.write("Monday morning")
    console.press("Return")
    console.wait(lambda: any("Samuel Adeyemi" in row for row in sheet.rows))
    console.write("Samuel")
    console.wait(lambda: sheet.chosen.startswith("Samuel Adeyemi"))
    pictures.take("leave-deputy")
    console.press("Return")
    sheet.closes()
    console.wait(lambda: not console.list.spoken)
    console.wait(lambda: "You are away" in console.notice)
    pictures.take("leave-away")

    console.press("G, Y")
    sheet = console.sheet("Away until")
    console.wait(lambda: sheet.chosen.startswith("I am back"))
    console.press("Return")
    sheet.closes()
    console.wait(lambda: {row.split(",")[0] for row in console.list.spoken} == mine)


def test_a_wrong_template_is_corrected_to_14_customers(
    console: Console, people: People, album: Albums
) -> None:
    pictures = album(console)
    SendingSettings(console.services.directory).set_undo_seconds(0).result()
    template = tell_fourteen(console, people)
    console.press("Ctrl+,")
    settings = console.sheet("Settings")
    console.reach("Templates", by="Down")
    while console.keyboard_is_at != "Template":
        console.press("Tab")
    console.press("Down")
    console.wait(lambda: settings.value_of("Name of the template") == "Descaling")
    console.reach("Text of the template", by="Tab")
    console.press("Ctrl+A")
    console.write("Citric acid, {customer}, never vinegar.")
    console.reach("This corrects something wrong", by="Tab")
    console.press("Space")
    console.reach("Save", by="Tab")
    console.press("Space")
    told = f"{len(CUSTOMERS)} customers got a wrong version"
    console.wait(lambda: any(told in words for words in settings.words))
    pictures.take("template-corrected")
    console.reach(told, by="Shift+Tab")
    console.press("Space")
    sheet = console.sheet("Told something wrong")

    def listed() -> list[str]:
        return [words for words in sheet.words if words.startswith("Write to ")]

    console.wait(lambda: len(listed()) == len(CUSTOMERS))
    pictures.take("template-told-wrong")
    pictures.take("template-told-wrong-dark", dark=True)
    whom = listed()[0].removeprefix("Write to ")
    console.reach("Write to ", by="Tab")
    console.press("Space")
    settings.closes()
    right = f"Citric acid, {whom}, never vinegar."
    console.wait(lambda: console.composer.text == right)
    pictures.take("template-draft")
    console.composer.begin(whom)
    console.press("Ctrl+Return")
    console.wait(lambda: len(people.received(whom.lower())) == 2)
    assert right in people.received(whom.lower())[0]
    left = console.services.templates.told_wrong(template).result()
    assert {one.name for one in left} == {one.capitalize() for one in CUSTOMERS} - {whom}


def tell_fourteen(console: Console, people: People) -> int:
    """Before the story begins fourteen customers are told to use vinegar; returns the template."""
    services = console.services
    saved = services.templates.save(Wording("Descaling", "Use vinegar, {customer}.")).result()
    for who in CUSTOMERS:
        people.ask(who, "how do I descale my Duo?")
    console.go("G, U", "Unassigned")
    console.wait(lambda: len(console.list.spoken) == len(CUSTOMERS))
    for row in services.queues.page(QueueRef(QueueName.UNASSIGNED)).result().rows:
        draft = Draft(f"Use vinegar, {row.name}.", template=saved.use)
        services.replies.reply(row.case, draft).result()
    console.wait(lambda: all(people.received(who) for who in CUSTOMERS))
    return saved.id


def test_two_identities_are_joined_and_separated(sample: Console, album: Albums) -> None:
    console, pictures = sample, album(sample)
    console.go("G, W", "My work")
    console.list.walk_to("Marta Lindqvist")
    customer = console.window.desk.customer
    assert customer is not None
    card = console.services.customers.card(customer).result
    before = console.services.timelines.page(customer).result()
    assert len(card().identities) == 3

    console.reach("Customer", by="F6")
    console.reach("More about this customer", by="Tab")
    console.press("Space")
    console.choose_in_menu("Join with another customer…")
    sheet = console.sheet("Join customers")
    console.write("marta.brygger")
    console.wait(lambda: len(sheet.rows) == 1)
    console.press("Down")
    pictures.take("joining")
    console.press("Ctrl+Return")
    sheet.closes()
    console.wait(lambda: any("One person, four identities" in said for said in console.panel))
    pictures.take("joined")

    # Separating is the exact inverse: nothing but the decisions themselves is left of it.
    console.back_to_list()
    console.press("Ctrl+Z")
    console.wait(lambda: any("One person, three identities" in said for said in console.panel))
    after = console.services.timelines.page(customer).result()
    facts = [item for item in after.items if not isinstance(item, EventItem)]
    assert facts == [item for item in before.items if not isinstance(item, EventItem)]
