"""``account`` and ``listen``: what is connected, and every way that connecting can go wrong."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Seamline

# Nothing listens on port 1, and a loopback address is refused at once.
NOWHERE = "http://127.0.0.1:1"


def test_accounts_are_listed(seamline: Seamline) -> None:
    [account] = seamline.json("account", "list")
    assert (account["handle"], account["channel"], account["owner"]) == (
        "@halden",
        "mastodon",
        "care",
    )
    assert seamline.json("account") == [account]
    assert "@halden" in seamline.ok("account", "list")


def test_an_account_is_removed_and_its_history_stays(seamline: Seamline) -> None:
    assert "what was pulled stays" in seamline.ok("account", "remove", "@halden")
    assert seamline.json("account", "list") == []
    assert "seamline account add" in seamline.ok("account", "list")
    assert len(seamline.json("timeline", "@kwame")) > 2


def test_another_department_answers(seamline: Seamline) -> None:
    assert seamline.json("account", "owner", "@halden", "pr")["owner"] == "pr"
    assert seamline.json("account", "list")[0]["owner"] == "pr"


def test_an_unknown_account_fails(seamline: Seamline) -> None:
    for words in (
        ["account", "remove", "@x"],
        ["account", "owner", "@x", "pr"],
        ["listen", "add", "@x", "coffee"],
    ):
        assert seamline.fails(1, *words).startswith("There is no account “@x”.")


def test_a_search_is_listened_for_until_it_is_removed(seamline: Seamline) -> None:
    assert seamline.ok("listen") == "Nothing is listened for.\n"
    search = seamline.json("listen", "add", "@halden", "#haldencoffee")
    assert (search["query"], search["department"]) == ("#haldencoffee", "care")
    other = seamline.json("listen", "add", "@halden", "halden duo", "--department", "marketing")
    assert other["department"] == "marketing"
    assert seamline.json("listen", "list") == [search, other]
    assert "#haldencoffee" in seamline.ok("listen", "list")
    seamline.ok("listen", "remove", str(search["id"]))
    assert seamline.json("listen") == [other]


def test_listening_for_nothing_is_wrong_use(seamline: Seamline) -> None:
    seamline.fails(2, "listen", "add", "@halden", " ")
    seamline.fails(1, "listen", "remove", "99")
    assert seamline("listen", "remove", "first").status == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["mastodon"], "Mastodon needs --server."),
        (["mastodon", "--server", NOWHERE, "--handle", "h"], "--handle and --app-password-stdin"),
        (["bluesky", "--app-password-stdin"], "Bluesky needs --handle"),
        (["bluesky", "--handle", "h"], "Bluesky needs --handle"),
        (["bluesky", "--handle", "h", "--token-stdin"], "--token-stdin is for Mastodon."),
        (["mastodon", "--server", NOWHERE, "--token-stdin"], "No access token came"),
        (["bluesky", "--handle", "h", "--app-password-stdin"], "No app password came"),
    ],
)
def test_what_connecting_lacks_is_wrong_use(
    seamline: Seamline, words: list[str], told: str
) -> None:
    assert seamline.fails(2, "account", "add", *words).startswith(told)


def test_a_channel_that_is_unknown_is_wrong_use(seamline: Seamline) -> None:
    assert seamline("account", "add", "gopher").status == 2


def test_a_secret_is_no_argument(seamline: Seamline) -> None:
    outcome = seamline("account", "add", "mastodon", "--server", NOWHERE, "--token", "secret")
    assert outcome.status == 2
    words = ["bluesky", "--handle", "h", "--app-password", "secret"]
    assert seamline("account", "add", *words).status == 2


def test_a_server_that_does_not_answer_fails_and_leaves_no_account(elsewhere: Seamline) -> None:
    words = ["mastodon", "--server", NOWHERE, "--token-stdin"]
    told = elsewhere.fails(1, "account", "add", *words, stdin="token\n")
    assert "127.0.0.1" in told
    assert elsewhere.json("account", "list") == []
    words = ["bluesky", "--server", NOWHERE, "--handle", "h.test", "--app-password-stdin"]
    assert "127.0.0.1" in elsewhere.fails(1, "account", "add", *words, stdin="secret\n")


def test_a_secret_is_never_repeated(seamline: Seamline) -> None:
    words = ["mastodon", "--server", NOWHERE, "--token-stdin"]
    outcome = seamline("account", "add", *words, stdin="s3cret-t0ken\n")
    assert outcome.status == 1
    assert "s3cret-t0ken" not in outcome.out + outcome.err


def test_an_unknown_owner_fails_before_anything_is_asked(seamline: Seamline) -> None:
    words = ["mastodon", "--server", NOWHERE, "--token-stdin", "--owner", "sales"]
    assert "sales" in seamline.fails(1, "account", "add", *words, stdin="token\n")
