"""``customer`` and ``timeline``: who people are, and everything said with them."""

from __future__ import annotations

from dataclasses import replace

from app.container import opened
from tests.cli.conftest import HOSTILE, Seamline
from tests.store.building import person, said, take


def test_customers_are_listed(seamline: Seamline) -> None:
    names = [hit["name"] for hit in seamline.json("customer", "list")]
    assert {"Kwame", "Mira", "Aino"} <= set(names)
    assert "@kwame" in seamline.ok("customer", "list")
    assert len(seamline.json("customer", "list", "--limit", "1")) == 1
    assert len(seamline.json("customer", "list", "--limit", "0")) == len(names)


def test_customers_are_found_by_words(seamline: Seamline) -> None:
    assert [hit["name"] for hit in seamline.json("customer", "list", "kwa")] == ["Kwame"]
    assert seamline.ok("customer", "list", "nobody") == "No customer fits.\n"


def test_a_customer_is_shown(seamline: Seamline) -> None:
    card = seamline.json("customer", "show", "@kwame")
    assert (card["name"], [i["handle"] for i in card["identities"]]) == ("Kwame", ["@kwame"])
    assert [case["status"] for case in card["cases"]] == ["open"]
    assert seamline.json("customer", "show", card["customer"]) == card
    shown = seamline.ok("customer", "show", "kwame")
    assert "Mastodon: @kwame, 12 followers" in shown
    assert f"#{card['cases'][0]['ref']} open, with Customer Care" in shown


def test_identities_are_joined_and_separated(seamline: Seamline) -> None:
    linked = seamline.json("customer", "link", "@aino", "@kwame")
    assert linked["event"]["type"] == "identity_linked"
    handles = [i["handle"] for i in seamline.json("customer", "show", "@kwame")["identities"]]
    assert sorted(handles) == ["@aino", "@kwame"]
    assert any(item["kind"] == "like" for item in messages(seamline, "@kwame"))
    assert "of their own again" in seamline.ok("customer", "unlink", "@aino")
    assert len(seamline.json("customer", "show", "@kwame")["identities"]) == 1
    assert not any(item["kind"] == "like" for item in messages(seamline, "@kwame"))


def messages(seamline: Seamline, customer: str) -> list[dict[str, object]]:
    items = seamline.json("timeline", customer)
    return [item for item in items if item["record"] == "interaction"]


def test_a_timeline_has_everything_once_oldest_first(seamline: Seamline) -> None:
    found = messages(seamline, "@kwame")
    assert [(item["native_id"], item["direction"]) for item in found] == [
        ("1", "inbound"),
        ("2", "outbound"),
        ("3", "inbound"),
        ("6", "around"),
    ]
    assert len({item["conversation"] for item in found}) == 1


def test_a_timeline_can_be_cut_to_the_latest(seamline: Seamline) -> None:
    assert len(seamline.json("timeline", "@kwame", "--limit", "1")) == 1


def test_a_timeline_is_read_by_a_person(seamline: Seamline) -> None:
    shown = seamline.ok("timeline", "@kwame")
    assert "Thursday 19 November 2026" in shown
    assert "Kwame (Mastodon, mention, public)" in shown
    assert "→ Halden Coffee" in shown


def test_json_keeps_what_was_written_and_the_terminal_does_not(seamline: Seamline) -> None:
    assert HOSTILE in [item.get("text") for item in seamline.json("timeline", "@mira")]
    shown = seamline.ok("timeline", "@mira")
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_a_customer_who_is_not_there_fails(seamline: Seamline) -> None:
    for words in (
        ["customer", "show", "@nobody"],
        ["timeline", "@nobody"],
        ["customer", "link", "@nobody", "@kwame"],
        ["customer", "link", "@kwame", "@nobody"],
        ["customer", "unlink", "@nobody"],
    ):
        assert "@nobody" in seamline.fails(1, *words)


def test_separating_what_was_never_joined_fails(seamline: Seamline) -> None:
    seamline.fails(1, "customer", "unlink", "@kwame")


def test_customer_alone_is_wrong_use(seamline: Seamline) -> None:
    assert seamline("customer").status == 2


def test_who_a_customer_may_be_is_told_and_can_be_turned_down(seamline: Seamline) -> None:
    assert seamline.json("customer", "matches", "@kwame") == []
    assert seamline.ok("customer", "matches", "@kwame") == "Nobody else comes to mind.\n"
    seamline.ok("customer", "apart", "@kwame", "@mira")
    assert "two" in seamline.fails(1, "customer", "apart", "@kwame", "@kwame")


def test_who_holds_the_relationship_is_said_and_told(seamline: Seamline) -> None:
    said = "Jonas Weber holds the relationship with Kwame now.\n"
    assert seamline.ok("customer", "owner", "@kwame", "Jonas Weber") == said
    assert "Jonas Weber holds the relationship\n" in seamline.ok("customer", "show", "@kwame")
    assert seamline.json("customer", "owner", "@kwame", "nobody")["event"]["data"] == {
        "agent": None
    }
    assert seamline.json("customer", "show", "@kwame")["owner"] is None
    assert "already" in seamline.fails(1, "customer", "owner", "@kwame", "nobody")


def test_sure_pairs_are_listed_joined_and_separated_again(seamline: Seamline) -> None:
    assert seamline.ok("customer", "pairs") == "No two are as sure.\n"
    assert "percentage" in seamline.fails(2, "customer", "pairs", "--sure", "50")
    with opened(seamline.folder) as container:
        one, other = (
            replace(person(name), mails=("same@post.example",)) for name in ("zoe", "zora")
        )
        take(
            container.workspace,
            said("p1", "zoe", "Hello", author=one),
            said("p2", "zora", "Hi", author=other),
        )
    told = seamline.ok("customer", "pairs", "--join")
    assert "The same mail address" in told
    assert told.endswith("1 pair joined.\n")
    cards = [seamline.json("customer", "show", who)["customer"] for who in ("@zoe", "@zora")]
    assert cards[0] == cards[1]
    assert seamline.json("customer", "pairs") == []
    taken = [seamline("customer", "unlink", who).status for who in ("@zoe", "@zora")]
    assert sorted(taken) == [0, 1]  # one of them is the identity the customer began with
    assert seamline.json("customer", "pairs", "--join") == []
