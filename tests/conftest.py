"""What every test stands on: a clock that stands still, a keyring in memory, a folder of its own.

No test reaches the person's own workspace, keyring or network by accident.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt

import hypothesis
import keyring
import pytest
from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from pytestqt.wait_signal import CallbackBlocker, SignalBlocker

from app.domain.clock import FakeClock
from tests.keyrings import MemoryKeyring

pytest_plugins = ["tests.peers.mastodon", "tests.peers.bluesky_network"]

_PATIENCE_MS = 30_000
NOW = datetime(2026, 11, 19, 10, 45, tzinfo=UTC)
"""Where the clock of every test stands, and that of the sample workspace."""

# A failure under continuous integration must come again at the next run; at home, new examples
# are worth more. No deadline: a busy machine is no bug of ours.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("home", deadline=None, max_examples=50)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "home")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Says what stays together where tests run at once: a file, and all that share a server or
    the one keyboard of the X server."""
    shared = any(item.get_closest_marker(name) for name in ("peer", "display", "keyring"))
    item.add_marker(pytest.mark.xdist_group("servers" if shared else str(item.path)))


class PatientBot(QtBot):
    """Waits as long as a busy machine may take; what holds sooner is not waited for.

    The first of a list that is still empty is waited for too.
    """

    def waitUntil(  # noqa: N802 - as the plugin writes it
        self, callback: Callable[[], bool | None], *, timeout: int = _PATIENCE_MS
    ) -> None:
        def holds() -> bool | None:
            try:
                return callback()
            except IndexError as error:
                raise AssertionError(f"nothing there yet: {error}") from error

        super().waitUntil(holds, timeout=timeout)

    def waitSignal(  # noqa: N802 - as the plugin writes it
        self, signal: SignalInstance, *, timeout: int = _PATIENCE_MS, **how: Any
    ) -> SignalBlocker:
        return super().waitSignal(signal, timeout=timeout, **how)

    def waitCallback(  # noqa: N802 - as the plugin writes it
        self, *, timeout: int = _PATIENCE_MS, raising: bool | None = None
    ) -> CallbackBlocker:
        return super().waitCallback(timeout=timeout, raising=raising)

    def waitExposed(  # noqa: N802 - as the plugin writes it
        self, widget: QWidget, *, timeout: int = _PATIENCE_MS
    ) -> Any:
        return super().waitExposed(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """Takes the place of the plugin’s own, which gives up after five seconds."""
    assert qapp is not None
    return PatientBot(request)


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands at 2026-11-19 10:45 UTC until the test moves it."""
    return FakeClock(NOW)


@pytest.fixture(autouse=True)
def memory_keyring() -> Iterator[MemoryKeyring]:
    """The system keyring of this test: empty, in memory, gone afterwards."""
    before = keyring.get_keyring()
    fake = MemoryKeyring()
    keyring.set_keyring(fake)
    yield fake
    keyring.set_keyring(before)


@pytest.fixture
def workspace_dir(tmp_path: Path) -> Path:
    """Where a workspace may be made; does not exist yet."""
    return tmp_path / "workspace"


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hides the person's own settings and data folders, from child processes too."""
    for name in ("SEAMLINE_WORKSPACE", "SEAMLINE_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))


@pytest.fixture(autouse=True)
def _collect_on_the_main_thread() -> Iterator[None]:
    """Keeps Python’s cycle collector off the other threads, as the program itself does.

    Left alone it runs wherever something is allocated, and destroys the Qt objects of an earlier
    test on the store’s threads; the process dies of that some tests later.
    """
    gc.disable()
    yield
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            break
    gc.disable()  # what was tested may have enabled it


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With ``SEAMLINE_REQUIRE_PEERS=1`` a test that lacks its server fails instead of skipping."""
    report = yield
    needs_server = any(item.get_closest_marker(name) for name in ("peer", "display", "keyring"))
    if report.skipped and needs_server and os.environ.get("SEAMLINE_REQUIRE_PEERS") == "1":
        reason = call.excinfo.value if call.excinfo else "for no reason given"
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} must not be skipped here, but was: {reason}"
    return report
