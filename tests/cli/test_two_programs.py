"""One workspace in two real processes: both read and write, one of them sends, and that is said."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import Seamline
from tests.peers.mastodon import MastodonServer

pytestmark = pytest.mark.peer

_ROOT = Path(__file__).parents[2]
_DEADLINE_S = 40.0


@contextmanager
def _following(folder: Path) -> Iterator[None]:
    """``sync --follow`` in a process of its own, for as long as the context lasts."""
    command = [sys.executable, "-m", "app", "--workspace", str(folder), "sync", "--follow"]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()
            process.wait(_DEADLINE_S)


def _until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + _DEADLINE_S
    while not condition():
        assert time.monotonic() < end, "what was waited for did not happen"


def test_while_another_program_sends_a_sync_pulls_and_says_who_sends(
    elsewhere: Seamline, mastodon: MastodonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEAMLINE_PASSPHRASE", "across town")
    brand, customer = mastodon.person("halden"), mastodon.person("kwame")
    words = ["mastodon", "--server", mastodon.url, "--token-stdin", "--owner", "care"]
    elsewhere.ok("account", "add", *words, stdin=f"{brand.token}\n")
    customer.post(f"@{brand.username} where is my Duo?")
    [alone] = elsewhere.json("sync", "--once")
    assert alone["left_to_another"] is None
    [row] = elsewhere.json("queue")
    customer.post(f"@{brand.username} and my cup?")
    mastodon.break_with({"status": 503}, path="/api/v1/statuses", methods=("POST",), count=200)
    elsewhere.ok("reply", row["ref"], "--text", "It is in Malmö.")
    with _following(elsewhere.folder):
        _until(lambda: elsewhere.json("outbox")[0]["attempts"])
        [report] = elsewhere.json("sync", "--once")
        assert (report["sent"], report["left_to_another"], report["error"]) == (0, 1, None)
        assert (
            "The console, or another sync, has this workspace open and sends; 1 message left to it."
            in elsewhere.ok("sync", "--once")
        )
        elsewhere.ok("note", row["ref"], "Asked the depot.")  # written beside the other's writing
        assert "and my cup?" in elsewhere.ok("timeline", row["customer"])
        mastodon.mend()
        _until(lambda: elsewhere.json("outbox") == [])
    answers = customer.notifications("mention")
    assert len(answers) == 1
    assert "Asked the depot." in elsewhere.ok("timeline", row["customer"])
