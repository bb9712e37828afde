"""docs/security.md is true: what its tables say is what the program does."""

from __future__ import annotations

import re
import stat
from collections import Counter
from pathlib import Path

import keyring

from app.connectors import html, http, nesting, pictures
from app.connectors.channels.mastodon import loopback, streaming
from app.domain import links
from app.domain.clock import FakeClock
from app.store import backup, opening, words
from app.store.connection import engine_for
from app.store.keychain import Keychain
from app.store.unlocking import key_of
from app.ui.timeline import text
from tests.conftest import NOW
from tests.fuzz.targets import TARGETS
from tests.security.attacks import TEXTS
from tests.security.broken import DOCUMENTS, PICTURES

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "security.md").read_text("utf-8")
MEGABYTE = 1024 * 1024


def table(first_column: str) -> dict[str, str]:
    """The first two columns of the table whose first head is this."""
    lines = DOCUMENT.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {first_column} |"))
    rows: dict[str, str] = {}
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        rows[cells[0]] = cells[1]
    assert rows
    return rows


def number(said: str) -> int:
    found = re.match(r"[\d,]+", said)
    assert found is not None
    return int(found.group().replace(",", ""))


def test_the_limits_are_those_of_the_code() -> None:
    told = {what: number(value) for what, value in table("limit").items()}
    assert told == {
        "an answer of a service": http.MAX_BODY // MEGABYTE,
        "a live message": streaming._MAX_MESSAGE // MEGABYTE,
        "levels of an answer": nesting.DEEPEST,
        "tags of a post": html._MOST_TAGS,
        "an address that is a link": links.LONGEST,
        "characters of a text laid out at first": text.LONGEST_SHOWN,
        "characters of a text shown whole": text.LONGEST_WHOLE,
        "characters of a search": words._LONGEST_QUERY,
        "words of a search": words._MOST_TERMS,
        "a picture": pictures.MAX_BYTES // MEGABYTE,
        "pixels of a picture": pictures.MAX_PIXELS,
        "redirections of a picture": pictures.MAX_REDIRECTIONS,
        "seconds for a picture": int(pictures.TIME_S),
        "head of a sign-in request": loopback.LONGEST_HEAD // 1024,
        "sign-in connections at once": loopback.MOST_CONNECTIONS,
        "seconds for a sign-in request": int(loopback.PATIENCE_S),
    }


def test_the_corpus_is_as_large_as_is_said() -> None:
    counted = Counter(one.family for one in TEXTS)
    counted.update(one.family for one in (*DOCUMENTS, *PICTURES))
    assert {family: number(count) for family, count in table("corpus").items()} == counted
    assert sum(counted.values()) >= 200


def test_every_file_has_the_mode_that_is_said_and_none_is_left_out(
    workspace_dir: Path, clock: FakeClock
) -> None:
    opened = opening.open_workspace(workspace_dir, keychain=Keychain(), clock=clock)
    try:
        opened.write(lambda _tx: None).result()
        key = key_of(opening.read_manifest(workspace_dir), Keychain(), "")
        backup.make(workspace_dir / opening.DATABASE, key, NOW)
        told = table("file")
        seen: set[str] = set()
        for path in (workspace_dir, *workspace_dir.rglob("*")):
            name = path.relative_to(workspace_dir).as_posix()
            fitting = [one for one in told if name == one or (one != "." and Path(name).match(one))]
            assert fitting, f"{name} is not told of"
            mode = f"{stat.S_IMODE(path.stat().st_mode):04o}"
            assert {told[pattern] for pattern in fitting} == {mode}, name
            seen.update(fitting)
        assert seen == set(told), f"told of but not there: {set(told) - seen}"
    finally:
        opened.close()


def test_the_encryption_is_that_of_the_file(workspace_dir: Path, clock: FakeClock) -> None:
    opening.open_workspace(workspace_dir, keychain=Keychain(), clock=clock).close()
    key = key_of(opening.read_manifest(workspace_dir), Keychain(), "")
    assert len(key.raw) == 32
    engine = engine_for(workspace_dir / opening.DATABASE, key)
    with engine.connect() as conn:
        rows = conn.exec_driver_sql("PRAGMA cipher_settings").scalars().all()
        temporary = conn.exec_driver_sql("PRAGMA temp_store").scalar()
    engine.dispose()
    settings = dict(str(row).removeprefix("PRAGMA ").rstrip(";").split(" = ") for row in rows)
    assert settings == table("setting")
    assert temporary == 2  # memory


def test_the_key_is_in_the_keyring_and_in_no_file(workspace_dir: Path, clock: FakeClock) -> None:
    opening.open_workspace(workspace_dir, keychain=Keychain(), clock=clock).close()
    [key] = keyring.get_keyring().values.values()  # type: ignore[attr-defined]  # the tests’ own
    for path in workspace_dir.rglob("*"):
        if path.is_file():
            body = path.read_bytes()
            assert key.encode() not in body
            assert bytes.fromhex(key) not in body


def test_every_reader_named_in_the_document_exists() -> None:
    for path in re.findall(r"`((?:app|tests)/[\w/]+\.py)`", DOCUMENT):
        assert (ROOT / path).is_file(), path
    for page in re.findall(r"\]\(([\w.-]+\.md)\)", DOCUMENT):
        assert (ROOT / "docs" / page).is_file(), page
    assert len(TARGETS) >= 20
