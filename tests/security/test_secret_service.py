"""The program with a real keyring, with a locked one, with none, and with a passphrase instead."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.mastodon import MastodonServer
from tests.security.homes import Home
from tests.security.secret_service import SecretService, running_secret_service


@pytest.fixture
def secret_service() -> Iterator[SecretService]:
    with (
        tempfile.TemporaryDirectory(prefix="keys-") as folder,
        running_secret_service(Path(folder)) as service,
    ):
        yield service


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home where nothing answers: no D-Bus, no keyring, no passphrase."""
    return Home(tmp_path / "house")


def connect(home: Home, server: MastodonServer) -> None:
    """The first account makes the workspace."""
    token = server.person("halden").token
    home.ok("account", "add", "mastodon", "--server", server.url, "--token-stdin", stdin=token)


def unlock(home: Home) -> str:
    manifest = json.loads((home.workspace / "workspace.json").read_text("utf-8"))
    return str(manifest["unlock"])


@pytest.mark.keyring
@pytest.mark.peer
def test_a_workspace_lives_with_a_real_keyring(
    home: Home, secret_service: SecretService, mastodon: MastodonServer
) -> None:
    home.variables = secret_service.variables
    connect(home, mastodon)
    assert unlock(home) == "keyring"
    held = secret_service.labels()
    assert len(held) == 2, "the key of the file, and the sign-in of the account"
    assert all("seamline" in label for label in held)
    # Opened again by another process; the sign-in works as well.
    home.ok("sync", "--once")
    assert "@halden" in home.ok("account").out
    # A new key takes the place of the old one, there and on the file.
    home.ok("rekey")
    assert len(secret_service.labels()) == 2
    assert secret_service.labels() != held
    # Away from the keyring, and back: key and sign-in leave it and return.
    home.ok("rekey", "--to", "passphrase", stdin="across town\n")
    assert secret_service.labels() == []
    home.variables["SEAMLINE_PASSPHRASE"] = "across town"
    home.ok("rekey", "--to", "keyring")
    del home.variables["SEAMLINE_PASSPHRASE"]
    assert len(secret_service.labels()) == 2
    home.ok("sync", "--once")
    [account] = home.ok("account", "--json").json
    home.ok("account", "remove", account["handle"])
    assert len(secret_service.labels()) == 1, "the sign-in is forgotten with its account"


@pytest.mark.keyring
@pytest.mark.peer
def test_a_keyring_that_is_locked_or_gone_says_so_and_nothing_is_lost(
    home: Home, secret_service: SecretService, mastodon: MastodonServer
) -> None:
    home.variables = secret_service.variables
    connect(home, mastodon)
    before = (home.workspace / "seamline.db").read_bytes()
    secret_service.lock()
    locked = home.seamline("account")
    assert locked.status == 1
    assert locked.err == "seamline: The system keyring is locked. Unlock it, then try again.\n"
    secret_service.end()
    gone = home.seamline("account")
    assert gone.status == 1
    assert gone.err.startswith("seamline: The system keyring does not answer. ")
    assert gone.err.count("\n") == 1
    assert (home.workspace / "seamline.db").read_bytes() == before
    # A workspace of its own can still be made: the passphrase stands in for the keyring.
    home.variables["SEAMLINE_PASSPHRASE"] = "across town"
    other = str(home.folder / "other")
    token = mastodon.person("halden").token
    words = ("account", "add", "mastodon", "--server", mastodon.url, "--token-stdin")
    home.ok("--workspace", other, *words, stdin=token)
    assert "@halden" in home.ok("--workspace", other, "account").out


@pytest.mark.peer
def test_where_no_keyring_answers_a_passphrase_does(home: Home, mastodon: MastodonServer) -> None:
    token = mastodon.person("halden").token
    words = ("account", "add", "mastodon", "--server", mastodon.url, "--token-stdin")
    refused = home.seamline(*words, stdin=token)
    assert refused.status == 1
    assert refused.err.startswith("seamline: The system keyring does not answer. ")
    assert "SEAMLINE_PASSPHRASE" in refused.err
    assert not home.workspace.exists()

    home.variables["SEAMLINE_PASSPHRASE"] = "across town"
    connect(home, mastodon)
    assert unlock(home) == "passphrase"
    home.ok("sync", "--once")

    home.variables["SEAMLINE_PASSPHRASE"] = "across the river"
    wrong = home.seamline("account")
    assert wrong.status == 1
    assert "does not open with this key" in wrong.err
    assert "river" not in wrong.err
    del home.variables["SEAMLINE_PASSPHRASE"]
    assert "opens with a passphrase" in home.seamline("account").err

    home.variables["SEAMLINE_PASSPHRASE"] = "across town"
    assert "the new passphrase" in home.ok("rekey", stdin="across the river\n").out
    assert "does not open with this key" in home.seamline("account").err
    home.variables["SEAMLINE_PASSPHRASE"] = "across the river"
    home.ok("sync", "--once")
