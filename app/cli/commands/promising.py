"""What an agent promises, and what needs no answer: promise, noise."""

from __future__ import annotations

from app.cli.commands.adding import Add
from app.cli.commands.cases import add_case_command, done
from app.cli.names import find_case
from app.cli.session import Session, WrongUse
from app.cli.text import moment
from app.cli.when import parse_when
from app.domain.clock import to_ms
from app.domain.errors import BadInput


def add_to(add: Add) -> None:
    promise = add_case_command(add, "promise", run_promise, "promise to be back until a moment")
    promise.add_argument(
        "until", nargs="?", metavar="WHEN", help="12:30, 2h, “tomorrow 9:00”, “2026-11-20 09:00”"
    )
    promise.add_argument("text", nargs="?", default="", metavar="TEXT", help="how it was put")
    ends = promise.add_mutually_exclusive_group()
    ends.add_argument("--kept", action="store_true", help="it was kept, by a call say")
    ends.add_argument("--dropped", default="", metavar="REASON", help="it no longer holds")
    noise = add_case_command(add, "noise", run_noise, "set it aside: it needs no answer")
    noise.add_argument("--reason", default="", metavar="TEXT")
    noise.add_argument("--clear", action="store_true", help="it needs an answer after all")


def run_promise(session: Session) -> None:
    args, promises = session.args, session.services.promises
    if (args.kept or args.dropped) and args.until:
        raise WrongUse("Both a moment and an end were named.", hint="Name one of them.")
    if args.kept:
        case = find_case(session)
        done(session, case, promises.keep(case), "The promise on {ref} is kept.")
        return
    if args.dropped:
        case = find_case(session)
        future = promises.drop(case, args.dropped)
        done(session, case, future, "The promise on {ref} is dropped.")
        return
    if not args.until:
        raise WrongUse("No moment was named.", hint="Write 12:30, 2h or “tomorrow 9:00”.")
    try:
        until = parse_when(args.until, session.services.clock.now())
    except BadInput as error:
        raise WrongUse(error.message, hint=error.hint) from error
    case = find_case(session)
    future = promises.make(case, until, args.text)
    at = moment(to_ms(until), session.now_ms)
    done(session, case, future, f"Promised on {{ref}}: {at}.")


def run_noise(session: Session) -> None:
    case, noise = find_case(session), session.services.noise
    if session.args.clear:
        done(session, case, noise.clear(case), "{ref} needs an answer after all.")
    else:
        done(session, case, noise.mark(case, session.args.reason), "{ref} is set aside as noise.")
