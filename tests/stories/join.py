"""Two handles turn out to be one person: their histories become one timeline."""

from __future__ import annotations

from tests.stories.pages import Console
from tests.stories.people import People


def test_two_identities_become_one_customer(console: Console, people: People) -> None:
    people.ask("marta", "my Duo shows E14")
    people.ask("espresso", "Marta here from my work account, E14 still")
    console.go("G, U", "Unassigned")
    console.wait(lambda: len(console.list.spoken) == 2)
    console.list.walk_to("Marta")
    assert console.timeline.shows("still") == 0
    case, customer = console.window.desk.case, console.window.desk.customer
    assert case is not None
    assert customer is not None
    assert len(console.services.customers.card(customer).result().identities) == 1

    console.reach("Customer", by="F6")
    console.reach("More about this customer", by="Tab")
    console.press("Space")
    console.choose_in_menu("Join with another customer…")
    sheet = console.sheet("Join customers")
    console.write("espresso")
    console.wait(lambda: len(sheet.rows) == 1 and sheet.rows[0].startswith("Espresso, @espresso"))
    console.press("Down")
    console.press("Ctrl+Return")
    sheet.closes()

    console.wait(lambda: console.timeline.shows("E14") == 2)
    assert any("One person, two identities" in words for words in console.panel)
    card = console.services.customers.card(customer).result()
    assert len(card.identities) == 2
    assert console.window.desk.case == case
    # Both conversations stay, and each opens on the one timeline.
    assert len(console.list.spoken) == 2
    console.back_to_list()
    console.list.walk_to("Espresso")
    console.wait(lambda: console.timeline.shows("E14") == 2)
    assert console.window.desk.customer == customer
