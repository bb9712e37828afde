"""What the program says on standard error holds nothing of anybody’s words."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from app.domain.errors import Unreachable
from app.logging_setup import QuietFormatter

MARKER = "Marta’s parcel tok_4711"


def said(name: str, message: str, *args: object, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error is not None else None
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, args, info)
    return QuietFormatter().format(record)


def caught(doing: Callable[[], object]) -> BaseException:
    try:
        doing()
    except Exception as error:  # noqa: BLE001 - any of them is looked at
        return error
    raise AssertionError("nothing was raised")


def chained() -> None:
    try:
        dict[str, str]()[MARKER]
    except KeyError as error:
        raise ValueError(MARKER) from error


def test_an_exception_is_told_by_its_type_and_its_way_through_the_code() -> None:
    text = said("app.sync.engine", "work broke", error=caught(chained))
    assert MARKER not in text
    assert "app.sync.engine: work broke\n  ValueError\n" in text
    assert "because of KeyError" in text
    assert "in chained" in text


def test_an_exception_among_the_arguments_is_no_way_around_it() -> None:
    assert MARKER not in said("app.x", "passed over: %s", ValueError(MARKER))
    ours = Unreachable("social.example cannot be reached.", hint="It is tried again.")
    assert said("app.x", "%s", ours).endswith(f"app.x: {ours.message} {ours.hint}")


def test_where_an_answer_departs_is_told_without_the_answer() -> None:
    class Answer(msgspec.Struct):
        count: int

    text = said("app.x", "%s", caught(lambda: msgspec.json.decode(b'{"count": "a"}', type=Answer)))
    assert text.endswith("app.x: ValidationError at $.count")


def test_of_other_libraries_only_the_fixed_words_are_kept() -> None:
    assert MARKER not in said("httpx", "HTTP Request: %s", MARKER)
    asyncio = said("asyncio", f"Task exception was never retrieved\nfuture: <{MARKER}>")
    assert MARKER not in asyncio
    assert "Task exception was never retrieved" in asyncio


def test_a_line_stays_a_line() -> None:
    assert said("app.x", "a\nb\x1b[2J").endswith("app.x: a b [2J")


@pytest.mark.parametrize("thread", [False, True])
def test_what_nobody_catches_is_told_as_quietly(tmp_path: Path, thread: bool) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import threading\n"
        "from app.logging_setup import configure\n"
        "configure()\n"
        f"def fail(): raise ValueError({MARKER!r})\n"
        + ("threading.Thread(target=fail).start()\n" if thread else "fail()\n"),
        "utf-8",
    )
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        [sys.executable, program], cwd=root, env={"PYTHONPATH": str(root)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert MARKER not in done.stderr
    assert "Something broke that nobody foresaw\n  ValueError\n" in done.stderr
    assert "in fail" in done.stderr
