"""Who is away, and who is back."""

from __future__ import annotations

from app.cli.commands.adding import Add
from app.cli.session import Session, WrongUse, wait
from app.cli.text import moment
from app.cli.when import parse_when
from app.domain.clock import to_ms
from app.domain.errors import BadInput


def add_to(add: Add) -> None:
    away = add("away", run_away, "say that somebody is away; a deputy takes their cases")
    away.add_argument("who", nargs="?", default="me", metavar="WHO", help="me, or a name")
    away.add_argument("--until", metavar="WHEN", help="monday, 3d, “2026-12-01 09:00”")
    away.add_argument("--deputy", metavar="NAME", help="who takes over; else the department")
    back = add("back", run_back, "say that somebody is back; their cases come back too")
    back.add_argument("who", nargs="?", default="me", metavar="WHO", help="me, or a name")


def run_away(session: Session) -> None:
    args, directory = session.args, session.services.directory
    try:
        until = parse_when(args.until, session.services.clock.now()) if args.until else None
    except BadInput as error:
        raise WrongUse(error.message, hint=error.hint) from error
    agent = directory.find_agent(args.who)
    deputy = directory.find_agent(args.deputy).id if args.deputy else None
    moved = wait(session.services.absences.leave(agent.id, until, deputy))
    session.give({"agent": agent.id, "cases": moved})
    back = f" until {moment(to_ms(until), session.now_ms)}" if until else ""
    session.say(f"{agent.name} is away{back}; {_counted(moved)} handed over.")


def run_back(session: Session) -> None:
    agent = session.services.directory.find_agent(session.args.who)
    moved = wait(session.services.absences.come_back(agent.id))
    session.give({"agent": agent.id, "cases": moved})
    session.say(f"{agent.name} is back; {_counted(moved)} given back.")


def _counted(cases: int) -> str:
    return "1 case was" if cases == 1 else f"{cases} cases were"
