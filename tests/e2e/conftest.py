from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.container import PASSPHRASE_VARIABLE, Container, open_container
from tests.e2e.towns import BlueskyTown, MastodonTown, Town

collect_ignore = [] if sys.platform.startswith("linux") else ["test_access_bus.py"]
"""The bus of screen readers is there on Linux alone."""


@pytest.fixture(params=["bluesky", "mastodon"])
def town(request: pytest.FixtureRequest) -> Town:
    """The same story in each town."""
    if request.param == "bluesky":
        return BlueskyTown(request.getfixturevalue("bluesky_network"))
    return MastodonTown(request.getfixturevalue("mastodon"))


@pytest.fixture
def container(workspace_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Container]:
    """A workspace of one's own, opened as the program opens it."""
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "across town")
    opened = open_container(workspace_dir)
    directory = opened.services.directory
    directory.set_me("Ines Duarte", directory.me().department).result()
    directory.set_setting("name", "Halden Coffee").result()
    yield opened
    opened.close()
