"""``backup``, ``restore`` and ``rekey``."""

from __future__ import annotations

from pathlib import Path

import keyring
import pytest

from app.container import opened
from app.store.keychain import Keychain
from app.store.manifest import read_manifest
from app.store.unlocking import key_of
from tests.cli.conftest import Seamline
from tests.keyrings import LockedKeyring
from tests.store.damaging import cut_short, damage_page, pages_of


def names(seamline: Seamline) -> set[str]:
    return {row["name"] for row in seamline.json("customer", "list", "--limit", "0")}


def test_a_backup_is_listed_and_restored(seamline: Seamline) -> None:
    assert "There is no backup" in seamline.ok("restore", "--list")
    before = names(seamline)
    made = seamline.json("backup")
    listed = seamline.json("restore", "--list")
    assert [each["file"] for each in listed] == [made["file"]]
    assert listed[0]["at"].endswith("Z")
    name = Path(made["file"]).name
    assert name in seamline.ok("restore", "--list")
    seamline.ok("note", seamline.ref("Kwame"), "Called him.")
    done = seamline.json("restore")
    assert done["restored"] == made["file"]
    assert (done["held"], done["decisions_lost"]) == (0, 1)
    assert Path(done["kept_aside"]).is_file()
    assert names(seamline) == before
    # It goes on from there, and back again.
    seamline.ok("note", seamline.ref("Kwame"), "Called him again.")
    assert "1 decision since" in seamline.ok("restore", name)


def test_a_waiting_reply_is_held_back_by_a_restore(seamline: Seamline) -> None:
    seamline.ok("reply", seamline.ref("Kwame"), "--text", "It is on its way.")
    seamline.ok("backup")
    assert "1 message held back" in seamline.ok("restore")
    (item,) = seamline.json("outbox")
    assert item["state"] == "failed"
    assert "Held back" in seamline.ok("outbox")


def test_a_backup_of_ones_own(seamline: Seamline, tmp_path: Path) -> None:
    mine = tmp_path / "mine.db"
    assert str(mine) in seamline.ok("backup", str(mine))
    assert "there already" in seamline.fails(1, "backup", str(mine))
    assert seamline.json("restore", str(mine))["restored"] == str(mine)


def test_what_cannot_be_restored_says_so(seamline: Seamline, tmp_path: Path) -> None:
    assert "There is no backup" in seamline.fails(1, "restore")
    assert "There is no backup" in seamline.fails(1, "restore", str(tmp_path / "none.db"))
    with opened(seamline.folder):
        seamline_is_open = seamline.fails(1, "restore", str(seamline.folder / "seamline.db"))
    assert "open in another program" in seamline_is_open


def test_a_damaged_workspace_names_the_backup_and_the_command(seamline: Seamline) -> None:
    before = names(seamline)
    seamline.ok("backup")
    database = seamline.folder / "seamline.db"
    body = bytearray(database.read_bytes())
    body[:64] = bytes(64)
    database.write_bytes(body)
    said = seamline.fails(1, "queue")
    assert "damaged" in said
    assert "“seamline restore” puts the backup of" in said
    told = seamline.ok("restore")
    assert "Decisions made" in told
    assert "could not be recovered" in told
    assert "The damaged file is kept as" in told
    assert names(seamline) == before


def test_a_page_damaged_in_the_middle_is_found_named_and_mended(seamline: Seamline) -> None:
    before = names(seamline)
    made = Path(seamline.json("backup")["file"])
    seamline.ok("note", seamline.ref("Kwame"), "Called him.")
    database = seamline.folder / "seamline.db"
    key = key_of(read_manifest(seamline.folder), Keychain(), "")
    texts = pages_of(database, key, "SELECT text FROM interaction", seamline.folder / "try.db")
    damage_page(database, texts[-1])
    outcome = seamline("doctor")
    assert outcome.status == 1
    assert "“seamline restore” puts the backup of" in " ".join(outcome.out.split())
    assert "Something is wrong with: file" in outcome.err
    # From now on it is known, and nothing works on it any more.
    assert "puts the backup of" in seamline.fails(1, "queue")
    done = seamline.json("restore")
    assert done["restored"] == str(made)
    assert done["salvaged"] == {"decisions": 1, "drafts": 0, "messages": 0, "whole": True}
    assert (done["held"], done["decisions_lost"]) == (0, 0)
    assert names(seamline) == before
    assert "every page is authentic and whole" in seamline("doctor").out


def test_where_every_backup_is_damaged_it_says_so(seamline: Seamline) -> None:
    made = Path(seamline.json("backup")["file"])
    damage_page(made, 3)
    said = seamline.fails(1, "restore")
    assert said.startswith(f"{made.name} is damaged, and so is every other backup")
    cut_short(made, 1)
    assert "There is no backup" in seamline.fails(1, "restore")


def test_a_key_for_a_passphrase_and_back(
    seamline: Seamline, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = names(seamline)
    seamline.ok("backup")
    assert "1 backup open with a new key" in seamline.ok("rekey")
    assert names(seamline) == before
    done = seamline.json("rekey", "--to", "passphrase", stdin="a new one\n")
    assert done == {"unlock": "passphrase", "backups": 1, "left": []}
    assert "opens with a passphrase" in seamline.fails(1, "queue")
    monkeypatch.setenv("SEAMLINE_PASSPHRASE", "a new one")
    assert names(seamline) == before
    assert "the new passphrase" in seamline.ok("rekey", stdin="another\n")
    assert "does not open with this key" in seamline.fails(1, "queue")
    monkeypatch.setenv("SEAMLINE_PASSPHRASE", "another")
    keyring_before = keyring.get_keyring()
    keyring.set_keyring(LockedKeyring())
    assert "can keep no key" in seamline.fails(1, "rekey", "--to", "keyring")
    keyring.set_keyring(keyring_before)
    assert seamline.json("rekey", "--to", "keyring")["unlock"] == "keyring"
    monkeypatch.delenv("SEAMLINE_PASSPHRASE")
    assert names(seamline) == before
    seamline.fails(2, "rekey", "--to", "passphrase", stdin="\n")
