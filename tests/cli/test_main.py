"""The program as a shell sees it: statuses, streams, interruptions."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app import __version__
from app.container import open_container
from tests.cli.conftest import Seamline, furnish

ROOT = Path(__file__).resolve().parents[2]


def shell(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "app", *words],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )


def test_the_version() -> None:
    done = shell("--version")
    assert (done.returncode, done.stdout) == (0, f"seamline {__version__}\n")


def test_help_lists_the_commands() -> None:
    done = shell("--help")
    assert done.returncode == 0
    for command in ("account", "sync", "queue", "timeline", "reply", "escalate", "doctor"):
        assert f"\n    {command} " in done.stdout


def test_an_unknown_command_is_wrong_use() -> None:
    done = shell("fly")
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize("words", [["queue"], ["sync"], ["search", "x"], ["close", "7KQ4M2"]])
def test_a_mistyped_folder_is_noticed_and_stays_empty(
    elsewhere: Seamline, words: list[str]
) -> None:
    told = elsewhere.fails(1, *words)
    assert told.startswith(f"There is no workspace in {elsewhere.folder}.")
    assert not elsewhere.folder.exists()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables of a machine without a keyring, and a workspace made there."""
    folder, passphrase = tmp_path_factory.mktemp("server") / "workspace", "correct horse"
    container = open_container(folder, passphrase=passphrase)
    furnish(container)
    container.close()
    return {
        "SEAMLINE_WORKSPACE": str(folder),
        "SEAMLINE_PASSPHRASE": passphrase,
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }


def test_a_passphrase_opens_a_workspace_where_no_keyring_answers(server: dict[str, str]) -> None:
    queue = shell("queue", "--json", **server)
    assert (queue.returncode, queue.stderr) == (0, "")
    assert json.loads(queue.stdout)


def test_another_passphrase_does_not(server: dict[str, str]) -> None:
    wrong = shell("queue", **{**server, "SEAMLINE_PASSPHRASE": "wrong"})
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.count("\n") == 1


def test_no_passphrase_says_what_to_set(server: dict[str, str]) -> None:
    without = shell("queue", **{**server, "SEAMLINE_PASSPHRASE": ""})
    assert (without.returncode, without.stdout) == (1, "")
    assert "SEAMLINE_PASSPHRASE" in without.stderr


def test_a_fault_of_ours_is_one_sentence_without_a_customers_words(
    seamline: Seamline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise LookupError("Is my order lost?")

    monkeypatch.setattr("app.cli.names.wait", broken)
    told = seamline.fails(1, "close", "7KQ4M2")
    assert told.startswith("Something went wrong inside Seamline (LookupError).")
    monkeypatch.setenv("SEAMLINE_DEBUG", "1")
    with pytest.raises(LookupError):
        seamline("close", "7KQ4M2")


def test_a_reader_that_has_enough_is_no_failure(server: dict[str, str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "app", "customer", "list", "--limit", "0"],
            cwd=ROOT,
            env={**os.environ, **server},
            stdout=writer,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_option_is_understood_before_and_behind_the_command(seamline: Seamline) -> None:
    behind = seamline("queue", "--json", "--workspace", str(seamline.folder / "nowhere"))
    assert behind.status == 1
    assert seamline("--json", "queue").json == seamline.json("queue")


def test_an_interruption_is_no_failure_and_says_nothing(
    seamline: Seamline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("app.cli.names.wait", interrupted)
    outcome = seamline("close", "7KQ4M2")
    assert (outcome.status, outcome.out, outcome.err) == (130, "", "")


def test_the_sample_opens_where_there_is_neither_keyring_nor_passphrase(tmp_path: Path) -> None:
    words = ["--workspace", str(tmp_path / "sample")]
    nothing = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    assert shell("sample", *words, **nothing).returncode == 0
    queue = shell("queue", *words, "--json", **nothing)
    assert json.loads(queue.stdout)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def test_following_ends_on_interrupt(server: dict[str, str]) -> None:
    following = subprocess.Popen(
        [sys.executable, "-m", "app", "sync", "--follow", "--json"],
        cwd=ROOT,
        env={**os.environ, **server},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        assert following.stdout is not None
        assert json.loads(following.stdout.readline())["handle"] == "@halden"
        following.send_signal(signal.SIGINT)
        _, errors = following.communicate(timeout=60)
    finally:
        following.kill()
    assert (following.returncode, errors) == (0, "")
