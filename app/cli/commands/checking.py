"""``doctor`` and ``sample``: is everything in order, and something to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.commands.adding import Add
from app.cli.session import Session, Wanted
from app.cli.text import terminal_width, wrap
from app.domain.errors import SeamlineError, WorkspaceError

if TYPE_CHECKING:
    from app.services.doctor import Finding

_INDENT = 27


class NotInOrder(SeamlineError):
    """The doctor found something wrong; what it is was printed."""


def add_to(add: Add) -> None:
    add("sample", run_sample, "make the sample workspace, or find the one that is there")
    add("doctor", run_doctor, "check versions, keyring, workspace and accounts, and say what to do")


def run_sample(session: Session) -> None:
    folder = str(session.open(Wanted.SAMPLE).folder)
    session.give({"workspace": folder})
    session.say(
        f"The sample workspace is in {folder}.",
        f"“seamline --workspace {folder}” opens it; nothing in it can be sent.",
    )


def run_doctor(session: Session) -> None:
    from app.services.doctor import Finding, Verdict, examine_keyring, examine_program
    from app.store.keychain import Keychain

    findings = [*examine_program(), examine_keyring(Keychain())]
    try:
        findings += session.services.doctor.examine()
    except WorkspaceError as error:
        findings.append(Finding("workspace", Verdict.WRONG, error.message, error.hint))
    wrong = [finding for finding in findings if finding.verdict is Verdict.WRONG]
    session.give(
        {
            "fine": not wrong,
            "findings": [
                {
                    "topic": finding.topic,
                    "verdict": finding.verdict.value,
                    "words": finding.words,
                    "hint": finding.hint or None,
                }
                for finding in findings
            ],
        }
    )
    for finding in findings:
        session.say(*_lines(finding))
    if wrong:
        topics = ", ".join(dict.fromkeys(finding.topic for finding in wrong))
        raise NotInOrder(f"Something is wrong with: {topics}.", hint=wrong[0].hint)
    session.say("Everything is in order.")


def _lines(finding: Finding) -> list[str]:
    """What was found, and beneath it what to do about it."""
    mark = {"fine": "ok", "note": "note", "wrong": "WRONG"}[finding.verdict.value]
    indent = " " * _INDENT
    room = terminal_width() - _INDENT
    first, *more = wrap(finding.words, room)
    head = f"{mark:<7}{finding.topic:<{_INDENT - 7}}{first}"
    hint = wrap(f"→ {finding.hint}", room) if finding.hint else []
    return [head, *(indent + line for line in (*more, *hint))]
