"""``search``: over everything."""

from __future__ import annotations

from tests.cli.conftest import Seamline


def test_messages_cases_and_customers_are_found(seamline: Seamline) -> None:
    found = seamline.json("search", "duo")
    assert [hit["name"] for hit in found["messages"]] == ["Kwame"]
    start, end = found["messages"][0]["marks"][0]
    assert found["messages"][0]["snippet"][start:end] == "Duo"
    assert found["interactions"] == 6
    assert [hit["name"] for hit in seamline.json("search", "kwame")["customers"]] == ["Kwame"]


def test_words_need_no_quotes(seamline: Seamline) -> None:
    assert seamline.json("search", "nothing", "came")["messages_count"] == 1


def test_a_person_sees_rows_and_a_count(seamline: Seamline) -> None:
    lines = seamline.ok("search", "duo", "--in", "messages").splitlines()
    assert lines[0].split() == ["WHAT", "WHO", "CHANNEL", "WHEN", "TEXT"]
    assert lines[-1].startswith("1 messages, 0 cases and 0 customers in 6 interactions")


def test_no_match_says_among_how_many(seamline: Seamline) -> None:
    told = seamline.ok("search", "submarine")
    assert told == "No match in 6 interactions. Try fewer words.\n"


def test_nothing_to_search_for_is_wrong_use(seamline: Seamline) -> None:
    seamline.fails(2, "search", " ")
    seamline.fails(2, "search", "duo", "--limit", "0")
    assert seamline("search").status == 2


def test_a_search_is_narrowed_by_day_channel_department_and_side(seamline: Seamline) -> None:
    def count(*options: str) -> int:
        return int(seamline.json("search", "duo", *options)["messages_count"])

    whole = count()
    assert whole > 0
    held = ("--channel", "mast", "--channel", "x", "--department", "care", "--side", "service")
    assert count("--since", "2020", *held) == whole
    assert count("--channel", "bluesky") == count("--side", "marketing") == 0
    assert count("--department", "IT") == count("--since", "2999") == 0


def test_what_narrows_nothing_is_wrong_use(seamline: Seamline) -> None:
    told = seamline.fails(2, "search", "duo", "--since", "someday")
    assert "“someday” is no day to search by." in told
    seamline.fails(2, "search", "duo", "--channel", "in and out")
