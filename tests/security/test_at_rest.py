"""Nothing readable lies on the disk, and nobody else may read what lies there."""

from __future__ import annotations

import base64
import gzip
import json
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
import zstandard
from sqlcipher3 import dbapi2

from tests.peers.mastodon import MastodonServer
from tests.security.homes import Home
from tests.security.story import NEXT, Story, live
from tests.security.traces import files, traces

pytestmark = pytest.mark.peer


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, mastodon_server: MastodonServer) -> Story:
    """The whole life, under a umask that forbids nothing."""
    given = tmp_path_factory.mktemp("given")
    return live(Home(tmp_path_factory.mktemp("life") / "home"), given, mastodon_server)


@pytest.fixture(scope="module")
def plain(story: Story, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace as it would lie there without a key, its journal included."""
    folder = tmp_path_factory.mktemp("plain")
    for end in ("", "-wal"):
        shutil.copyfile(story.home.workspace / f"seamline.db{end}", folder / f"copy.db{end}")
    conn = dbapi2.connect(str(folder / "copy.db"), isolation_level=None)
    conn.execute(f"PRAGMA key = '{NEXT}'")
    conn.execute("ATTACH ? AS plain KEY ''", (str(folder / "plain.db"),))
    conn.execute("SELECT sqlcipher_export('plain')")
    # The picture is packed anew before it is kept: what must not be found is what is kept.
    [body] = conn.execute("SELECT body FROM attachment").fetchone()
    conn.close()
    story.markers["picture"] = body[-800:-700]
    return folder / "plain.db"


@pytest.mark.usefixtures("plain")
def test_no_file_that_was_written_can_be_read(story: Story) -> None:
    written = files(story.home.folder)
    names = {path.name for path in written}
    # What the search is about is there: a journal in use, backups, what crashes left behind.
    assert {"seamline.db", "seamline.db-wal", "seamline.db-shm", "workspace.json"} <= names
    assert {"mine.db", "errors.log", "dying-SIGSEGV.log"} <= names
    assert any(name.startswith("before-restore-") for name in names)
    assert any(path.parent.name == "backups" for path in written)
    assert traces(written, story.markers) == set()
    shown = [path for path in written if any(each in str(path) for each in ("plum", "quill"))]
    assert shown == []


def test_a_crash_tells_where_and_nothing_else(story: Story) -> None:
    log = (story.home.folder / "tmp" / "dying-SIGSEGV.log").read_text("utf-8")
    assert "Fatal Python error: Segmentation fault" in log
    assert "database.py" in log
    assert not [path for path in files(story.home.folder) if path.name.startswith("core")]
    fault = (story.home.folder / "state" / "errors.log").read_text("utf-8")
    assert "Something broke that nobody foresaw\n  RuntimeError\n" in fault


def test_the_search_finds_everything_in_a_copy_without_a_key(story: Story, plain: Path) -> None:
    found = {marker for _, marker, _ in traces([plain], story.markers)}
    assert found == set(story.markers)


WAYS: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "base64": lambda text: base64.b64encode(b"a" + text.encode()),
    "urlsafe": lambda text: base64.urlsafe_b64encode(b"ab" + text.encode()),
    "hex": lambda text: text.encode().hex().encode(),
    "percent": lambda text: quote(text).encode(),
    "json": lambda text: json.dumps(text).encode(),
    "zlib": lambda text: b"noise" + zlib.compress(text.encode()),
    "gzip": lambda text: gzip.compress(text.encode()),
    "zstd": lambda text: b"noise" + zstandard.compress(text.encode()),
    "zlib utf-16": lambda text: zlib.compress(text.encode("utf-16-le")),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_search_knows_every_way_of_writing(story: Story, tmp_path: Path, way: str) -> None:
    texts = {name: marker for name, marker in story.markers.items() if name != "picture"}
    for name, marker in texts.items():
        wrote = WAYS[way](f"before {marker.decode()} after")
        (tmp_path / name).write_bytes(b"\0\x01" + wrote + b"\xff")
    found = {name for name, _, _ in traces(files(tmp_path), texts)}
    assert found == set(texts)


def unguarded(folder: Path) -> dict[str, str]:
    """What somebody else on this computer could enter, read or change; with its mode."""
    return {
        str(path.relative_to(folder)): oct(path.stat().st_mode & 0o777)
        for path in (folder, *folder.rglob("*"))
        if path.stat().st_mode & 0o777 != (0o700 if path.is_dir() else 0o600)
    }


def test_only_the_owner_may_read_even_without_a_umask(story: Story) -> None:
    own = story.home.folder / "data" / "seamline"
    assert len(files(own)) > 5
    assert unguarded(own) == {}
    mine = story.home.folder / "elsewhere" / "mine.db"
    assert mine.stat().st_mode & 0o777 == 0o600


def test_nor_with_the_usual_umask(tmp_path: Path, mastodon: MastodonServer) -> None:
    home = Home(tmp_path / "house", {"SEAMLINE_PASSPHRASE": "across town"})
    token = mastodon.person("halden").token
    words = ("account", "add", "mastodon", "--server", mastodon.url, "--token-stdin")
    home.ok(*words, stdin=token, mask=0o022)
    home.ok("sample", mask=0o022)
    assert unguarded(home.folder / "data" / "seamline") == {}
