"""What is logged while everything fails: secrets stand in addresses, answers, exceptions, rows."""

from __future__ import annotations

from pathlib import Path

from app.domain.errors import Rejected
from app.logging_setup import tell
from tests.security.homes import Home
from tests.security.traces import traces

MARKER = "zanzibarkettle"


def test_nothing_that_was_said_is_logged(tmp_path: Path) -> None:
    # The most talkative level, which tells all that the others tell, too.
    home = Home(tmp_path / "house", {"SEAMLINE_PASSPHRASE": "across town", "SEAMLINE_LOG": "debug"})
    folder = home.folder / "data" / "workspace"
    done = home.python("-m", "tests.security.failing", str(folder), MARKER)
    log = home.folder / "state.log"
    log.write_text(done.err, "utf-8")
    assert traces([log], {"marker": MARKER.encode()}) == set()
    assert traces([*folder.rglob("*.db*")], {"marker": MARKER.encode()}) == set()
    # It was told of all the same: what could not be read, the rows that were refused, and what
    # nobody caught.
    assert "passed over: ValidationError" in done.err
    assert "the file refused it: IntegrityError" in log.read_text("utf-8")
    assert "the file refused it: OperationalError" in done.err
    assert "Something broke that nobody foresaw\n  KeyError\n" in done.err
    assert MARKER not in done.out
    assert done.status == 1


def test_a_service_that_quotes_a_message_back_is_not_quoted() -> None:
    error = Rejected(
        f"social.example refused: Duplicate of “{MARKER}”.",
        reason=f"Duplicate of “{MARKER}”",
        hint="Change it.",
    )
    assert tell(error) == "social.example refused: …. Change it."
    assert tell(Rejected("It is too long.", hint="Shorten it.")) == "It is too long. Shorten it."
