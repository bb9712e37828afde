"""``account add`` and ``sync`` against a real server: from a customer’s words to our answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Seamline
from tests.peers.mastodon import MastodonServer, Person

pytestmark = pytest.mark.peer

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


@pytest.fixture
def brand(mastodon: MastodonServer) -> Person:
    return mastodon.person("halden")


@pytest.fixture
def connected(elsewhere: Seamline, mastodon: MastodonServer, brand: Person) -> Seamline:
    """A new workspace with the brand’s account, connected as a script would."""
    words = ["mastodon", "--server", mastodon.url, "--token-stdin", "--owner", "care"]
    account = elsewhere.json("account", "add", *words, stdin=f"{brand.token}\n")
    assert (account["channel"], account["owner"]) == ("mastodon", "care")
    return elsewhere


def test_a_mention_is_pulled_once_and_answered(
    connected: Seamline, mastodon: MastodonServer, brand: Person, tmp_path: Path
) -> None:
    customer = mastodon.person("kwame")
    asked = customer.post(f"@{brand.username} where is my Duo?")

    [report] = connected.json("sync", "--once")
    assert (report["new"] > 0, report["error"]) == (True, None)
    [again] = connected.json("sync", "--once")
    assert (again["new"], again["changed"]) == (0, 0)
    [row] = connected.json("queue")
    assert (row["name"], row["department"]) == ("Kwame", "care")

    picture = tmp_path / "map.png"
    picture.write_bytes(PIXEL)
    words = ["--text", "It is in Malmö.", "--attach", str(picture), "--alt", "A map of Malmö"]
    connected.ok("reply", row["ref"], *words)
    assert "1 message sent" in connected.ok("sync", "--once")
    assert connected.json("outbox") == []

    [arrived] = customer.notifications("mention")
    answer = arrived["status"]
    assert "It is in Malmö." in answer["content"]
    assert answer["in_reply_to_id"] == asked["id"]
    assert [media["description"] for media in answer["media_attachments"]] == ["A map of Malmö"]
    items = connected.json("timeline", row["customer"])
    ours = [item for item in items if item.get("direction") == "outbound"]
    assert [item["native_id"] for item in ours] == [answer["id"]]


def test_a_person_reads_what_was_pulled(
    connected: Seamline, mastodon: MastodonServer, brand: Person
) -> None:
    mastodon.person("mira").post(f"@{brand.username} hello")
    shown = connected.ok("sync")
    assert "(Mastodon): " in shown
    assert " new, 0 changed, " in shown


def test_a_wrong_token_is_one_sentence(elsewhere: Seamline, mastodon: MastodonServer) -> None:
    words = ["mastodon", "--server", mastodon.url, "--token-stdin"]
    elsewhere.fails(1, "account", "add", *words, stdin="wrong\n")


def test_a_server_in_trouble_is_reported_and_fails(
    connected: Seamline, mastodon: MastodonServer
) -> None:
    mastodon.break_with({"status": 503}, path="/api/v1/notifications", count=50)
    outcome = connected("sync", "--once", "--json")
    assert outcome.status == 1
    assert outcome.err.count("\n") == 1
    [report] = outcome.json
    assert report["error"]


def test_since_is_checked_before_anything_is_asked(connected: Seamline) -> None:
    assert "“tomorrow” is not a time" in connected.fails(2, "sync", "--since", "tomorrow")
    assert "goes with --once" in connected.fails(2, "sync", "--follow", "--since", "30d")
    assert connected("sync", "--once", "--follow").status == 2


def test_without_an_account_there_is_nothing_to_pull(connected: Seamline, brand: Person) -> None:
    [account] = connected.json("account")
    connected.ok("account", "remove", account["account"])
    assert connected.json("sync") == []
    assert "No account is connected." in connected.ok("sync")
