"""What people decide about a case: note, tag, assign, snooze, close, reopen, hand over, undo.

Every one of them appends an event, says so in a sentence, and prints the event with ``--json``.
"""

from __future__ import annotations

from argparse import ArgumentParser
from concurrent.futures import Future

from app.cli import shapes
from app.cli.commands.adding import Add, Run
from app.cli.names import find_case
from app.cli.session import Session, WrongUse, wait
from app.cli.text import moment
from app.cli.when import parse_when
from app.domain.cases import Urgency
from app.domain.clock import to_ms
from app.domain.errors import BadInput
from app.domain.events import Event
from app.domain.ids import CaseId, case_ref
from app.domain.replies import Escalation

_URGENCIES = {urgency.name.lower(): urgency for urgency in Urgency}


def add_to(add: Add) -> None:
    note = add_case_command(add, "note", run_note, "write an internal note")
    note.add_argument("text", metavar="TEXT")
    tag = add_case_command(add, "tag", run_tag, "add and remove tags")
    tag.add_argument("tags", nargs="*", metavar="TAG")
    tag.add_argument("--remove", action="append", default=[], metavar="TAG")
    assign = add_case_command(add, "assign", run_assign, "give it to somebody, or to nobody")
    assign.add_argument("who", metavar="WHO", help="me, nobody, or an agent’s name")
    snooze = add_case_command(add, "snooze", run_snooze, "let it come back later")
    snooze.add_argument(
        "until", metavar="WHEN", help="2h, “tomorrow 14:00”, monday, “2026-11-20 09:00”"
    )
    add_case_command(add, "close", run_close, "close it")
    add_case_command(add, "reopen", run_reopen, "open it again, or wake it")
    _add_escalate(add_case_command(add, "escalate", run_escalate, "hand it to a department"))
    add_case_command(add, "accept", run_accept, "accept what another department handed over")
    give_back = add_case_command(add, "return", run_return, "give it back to where it came from")
    give_back.add_argument("--reason", required=True, metavar="TEXT")
    add_case_command(add, "undo", run_undo, "take the latest decision on it back")


def add_case_command(add: Add, name: str, run: Run, words: str) -> ArgumentParser:
    """A command about one case, which is its first argument."""
    parser = add(name, run, words)
    parser.add_argument("case", metavar="CASE", help="its reference, such as 7KQ4M2")
    return parser


def _add_escalate(parser: ArgumentParser) -> None:
    parser.add_argument("--to", required=True, metavar="DEPARTMENT")
    parser.add_argument("--urgency", choices=list(_URGENCIES), default="normal")
    parser.add_argument("--reason", default="", metavar="TEXT")
    parser.add_argument("--brief", default="", metavar="TEXT", help="what they need to know")
    parser.add_argument("--told", default="", metavar="TEXT", help="what the customer was told")
    parser.add_argument("--follow", action="store_true", help="keep me following")


def run_note(session: Session) -> None:
    case = find_case(session)
    if not session.args.text.strip():
        raise WrongUse("The note is empty.", hint="Write the text after the case.")
    future = session.services.cases.note(case, session.args.text)
    done(session, case, future, "Noted on {ref}.")


def run_tag(session: Session) -> None:
    add, remove = session.args.tags, session.args.remove
    if not add and not remove:
        raise WrongUse("No tag was named.", hint="Name tags to add, or use --remove TAG.")
    case = find_case(session)
    parts = [f"with {', '.join(add)}"] if add else []
    parts += [f"without {', '.join(remove)}"] if remove else []
    future = session.services.cases.tag(case, add, remove)
    done(session, case, future, f"{{ref}} is {' and '.join(parts)}.")


def run_assign(session: Session) -> None:
    case = find_case(session)
    who = session.args.who
    directory = session.services.directory
    if who.casefold() == "nobody":
        future = session.services.cases.assign(case, None)
        done(session, case, future, "Nobody holds {ref} now.")
        return
    agent = directory.find_agent(who)
    future = session.services.cases.assign(case, agent.id)
    done(session, case, future, f"{agent.name} holds {{ref}} now.")


def run_snooze(session: Session) -> None:
    try:
        until = parse_when(session.args.until, session.services.clock.now())
    except BadInput as error:
        raise WrongUse(error.message, hint=error.hint) from error
    case = find_case(session)
    future = session.services.cases.snooze(case, until)
    done(session, case, future, f"{{ref}} comes back {moment(to_ms(until), session.now_ms)}.")


def run_close(session: Session) -> None:
    case = find_case(session)
    done(session, case, session.services.cases.close(case), "{ref} is closed.")


def run_reopen(session: Session) -> None:
    case = find_case(session)
    done(session, case, session.services.cases.reopen(case), "{ref} is open again.")


def run_escalate(session: Session) -> None:
    args = session.args
    target = session.services.directory.find_department(args.to)
    case = find_case(session)
    escalation = Escalation(
        to=target.id,
        urgency=_URGENCIES[args.urgency],
        reason=args.reason,
        brief=args.brief,
        told=args.told,
        follow=args.follow,
    )
    future = session.services.cases.escalate(case, escalation)
    done(session, case, future, f"{{ref}} is with {target.name} now.")


def run_accept(session: Session) -> None:
    case = find_case(session)
    done(session, case, session.services.cases.accept(case), "{ref} is accepted.")


def run_return(session: Session) -> None:
    case = find_case(session)
    future = session.services.cases.give_back(case, session.args.reason)
    done(session, case, future, "{ref} went back.")


def run_undo(session: Session) -> None:
    case = find_case(session)
    future = session.services.cases.undo(case)
    done(session, case, future, "The latest decision on {ref} is taken back.")


def done(session: Session, case: CaseId, future: Future[Event], words: str) -> None:
    """Waits for the event, then says what is so now."""
    event = wait(future)
    session.give({"ref": case_ref(case), "case": str(case), "event": shapes.event(event)})
    session.say(words.format(ref=f"#{case_ref(case)}"))
