"""``log``: writing down a call, a meeting, a letter or a visit."""

from __future__ import annotations

from app.cli.commands.adding import Add
from app.cli.names import find_customer
from app.cli.session import Session, WrongUse, wait
from app.cli.when import parse_since
from app.domain.errors import BadInput
from app.domain.interactions import Direction, Kind, Side

_SIDES = {side.name.lower(): side for side in Side}
_KINDS = {kind.name.lower(): kind for kind in (Kind.CALL, Kind.MEETING, Kind.LETTER, Kind.VISIT)}


def add_to(add: Add) -> None:
    log = add("log", run_log, "write down a call, a meeting, a letter or a visit")
    log.add_argument("kind", choices=list(_KINDS))
    log.add_argument("customer", metavar="CUSTOMER", help="a handle, a name or an id")
    log.add_argument("text", metavar="TEXT", help="what it was about")
    log.add_argument("--at", metavar="WHEN", help="2h ago as 2h, or “2026-11-20 09:00”; now if not")
    log.add_argument("--side", choices=list(_SIDES), help="if not that of the department")
    log.add_argument("--department", metavar="DEPARTMENT", help="whose it was; yours if not")
    log.add_argument("--out", action="store_true", help="we called, wrote or came to them")


def run_log(session: Session) -> None:
    args = session.args
    at = None
    if args.at:
        try:
            at = parse_since(args.at, session.services.clock.now())
        except BadInput as error:
            raise WrongUse(error.message, hint=error.hint) from error
    customer = find_customer(session, args.customer)
    direction = Direction.OUTBOUND if args.out else Direction.INBOUND
    directory = session.services.directory
    future = session.services.by_hand.log(
        customer,
        _KINDS[args.kind],
        args.text,
        at=at,
        direction=direction,
        side=_SIDES[args.side] if args.side else None,
        department=directory.find_department(args.department).id if args.department else None,
    )
    uid = wait(future)
    session.give({"interaction": str(uid)})
    session.say("It stands in the timeline now.")
