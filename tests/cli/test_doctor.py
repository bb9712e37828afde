"""``doctor`` and ``sample``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keyring
import pytest

from app.container import opened
from tests.cli.conftest import Seamline
from tests.keyrings import LockedKeyring


def findings(answer: Any) -> dict[str, tuple[str, str]]:
    return {each["topic"]: (each["verdict"], each["words"]) for each in answer["findings"]}


def damage(folder: Path, sql: str) -> None:
    """Change the file behind the program’s back."""
    with opened(folder) as container:
        container.workspace.write(lambda tx: tx.conn.exec_driver_sql(sql) and None).result()


@pytest.fixture
def signed_in(seamline: Seamline, furnish_secret: Callable[[], None]) -> Seamline:
    furnish_secret()
    return seamline


@pytest.fixture
def furnish_secret(seamline: Seamline) -> Callable[[], None]:
    """Gives the account the sign-in that connecting would have left."""

    def give() -> None:
        with opened(seamline.folder) as container:
            from app.store.keychain import Keychain
            from app.store.opening import read_manifest
            from app.store.vault import Vault

            number = container.services.accounts.list().result()[0].account
            manifest = read_manifest(seamline.folder)
            Vault(container.workspace, manifest.id, Keychain()).set(number, {"token": "t"})

    return give


def test_everything_in_order(signed_in: Seamline) -> None:
    answer = signed_in.json("doctor")
    assert answer["fine"] is True
    found = findings(answer)
    for topic in ("python", "qt", "SQLite", "SQLCipher", "keyring", "file", "search", "projection"):
        assert found[topic][0] == "fine", topic
    assert found["keyring"][1] == "memory answers"
    assert found["account"] == ("fine", "@halden on Mastodon, its sign-in is at hand")
    assert signed_in.ok("doctor").splitlines()[-1] == "Everything is in order."


def test_a_sign_in_that_is_gone_is_wrong(seamline: Seamline) -> None:
    outcome = seamline("doctor", "--json")
    assert outcome.status == 1
    assert findings(outcome.json)["account"][0] == "wrong"
    assert "account" in outcome.err


@pytest.mark.parametrize(
    ("sql", "topic"),
    [
        ("UPDATE case_state SET fold = replace(fold, 'care', 'it')", "projection"),
        ("DELETE FROM case_state", "projection"),
        ("UPDATE identity SET customer = 1 WHERE handle = '@kwame'", "projection"),
        ("DELETE FROM search WHERE rowid = (SELECT min(key) FROM interaction)", "search"),
        ("DELETE FROM interaction WHERE native_id = '1'", "search"),
    ],
)
def test_what_was_changed_behind_its_back_is_noticed(
    signed_in: Seamline, sql: str, topic: str
) -> None:
    damage(signed_in.folder, sql)
    outcome = signed_in("doctor", "--json")
    assert outcome.status == 1
    assert findings(outcome.json)[topic][0] == "wrong"


def test_a_damaged_page_is_noticed(signed_in: Seamline) -> None:
    database = signed_in.folder / "seamline.db"
    body = bytearray(database.read_bytes())
    body[-2000] ^= 0xFF  # in the last page, which opening does not read
    database.write_bytes(body)
    outcome = signed_in("doctor")
    assert outcome.status == 1
    assert outcome.err.count("\n") == 1


def test_without_a_workspace_it_still_looks_at_the_program(elsewhere: Seamline) -> None:
    outcome = elsewhere("doctor", "--json")
    assert outcome.status == 1
    found = findings(outcome.json)
    assert found["workspace"][0] == "wrong"
    assert found["qt"][0] == "fine"
    assert not elsewhere.folder.exists()


def test_a_locked_keyring_is_named(seamline: Seamline) -> None:
    keyring.set_keyring(LockedKeyring())
    outcome = seamline("doctor", "--json")
    assert outcome.status == 1
    found = findings(outcome.json)
    assert found["keyring"] == ("note", "memory does not answer")
    assert found["workspace"][1] == "The system keyring is locked."


def test_the_sample_is_made_once_and_refuses_to_send(elsewhere: Seamline) -> None:
    made = elsewhere.json("sample")
    assert Path(made["workspace"]) == elsewhere.folder
    assert elsewhere.json("sample") == made
    assert len(elsewhere.json("customer", "list", "--limit", "0")) >= 50
    assert elsewhere.json("doctor")["fine"] is True


def test_the_sample_never_replaces_a_workspace_of_your_own(seamline: Seamline) -> None:
    assert "a workspace of your own" in seamline.fails(1, "sample")
