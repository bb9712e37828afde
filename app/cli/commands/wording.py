"""``template``: the wordings replies begin with, and who was told which; ``standing``."""

from __future__ import annotations

import sys
from typing import Any

from app.cli.commands.adding import Add, Group
from app.cli.names import find_customer
from app.cli.session import Session, wait
from app.cli.text import moment
from app.domain.guard import Standing
from app.services.templates import Template, Wording

_STANDINGS = {standing.value.replace("_", "-"): standing for standing in Standing}


def add_to(add: Add, group: Group) -> None:
    template = group("template", "the wordings replies begin with", run_list)
    template("list", run_list, "list them (also without a command)")
    save = template("save", run_save, "keep a new one, or a new version of one")
    save.add_argument("name", metavar="NAME")
    save.add_argument("--text", required=True, metavar="T", help="“-” reads standard input")
    save.add_argument("--department", default="", metavar="D", help="for this department alone")
    save.add_argument("--language", default="", metavar="L", help="as en or de-AT; any without")
    save.add_argument("--promotional", action="store_true", help="the guard looks at every use")
    save.add_argument(
        "--corrects", type=int, metavar="N", help="the version that told something wrong"
    )
    told = template("told", run_told, "who was told something wrong by it")
    told.add_argument("name", metavar="NAME")
    retire = template("retire", run_retire, "offer it no more")
    retire.add_argument("name", metavar="NAME")
    standing = add("standing", run_standing, "settle whether a customer is promoted to")
    standing.add_argument("customer", metavar="CUSTOMER", help="a handle, a name or an id")
    standing.add_argument("standing", choices=list(_STANDINGS))
    standing.add_argument("--reason", required=True, metavar="WHY")


def run_list(session: Session) -> None:
    found = [one for one in wait(session.services.templates.all()) if not one.retired]
    session.give([_shape(one) for one in found])
    session.show_table(
        [
            (
                one.now.name,
                str(one.now.number),
                one.now.department or "all",
                one.now.language or "any",
                "promotional" if one.now.promotional else "",
                f"{one.told} told wrong" if one.told else "",
            )
            for one in found
        ],
        ("NAME", "VERSION", "FOR", "LANGUAGE", "", ""),
        "There are no templates yet.",
    )


def run_save(session: Session) -> None:
    args, services = session.args, session.services
    text = sys.stdin.read() if args.text == "-" else args.text
    department = services.directory.find_department(args.department) if args.department else None
    same = [
        one
        for one in wait(services.templates.all())
        if not one.retired and one.now.name.casefold() == args.name.strip().casefold()
    ]
    wording = Wording(
        args.name, text, department.id if department else None, args.language,
        promotional=args.promotional,
    )  # fmt: skip
    template = same[0].now.id if same else None
    kept = wait(services.templates.save(wording, template=template, corrects=args.corrects))
    session.give({"id": kept.id, "version": kept.number, "name": kept.name})
    session.say(f"Version {kept.number} of “{kept.name}” is kept.")


def run_told(session: Session) -> None:
    template = wait(session.services.templates.find(session.args.name))
    told = wait(session.services.templates.told_wrong(template.now.id))
    session.give(
        [{"customer": t.customer, "name": t.name, "case": t.case, "at_ms": t.at_ms} for t in told]
    )
    session.show_table(
        [(one.name, str(one.customer), moment(one.at_ms, session.now_ms)) for one in told],
        ("WHO", "ID", "TOLD"),
        "Nobody was told something wrong by it.",
    )


def run_retire(session: Session) -> None:
    template = wait(session.services.templates.find(session.args.name))
    wait(session.services.templates.retire(template.now.id))
    session.give({"id": template.now.id})
    session.say(f"“{template.now.name}” is offered no more.")


def run_standing(session: Session) -> None:
    args = session.args
    customer = find_customer(session, args.customer)
    wait(session.services.guard.set_standing(customer, _STANDINGS[args.standing], args.reason))
    session.give({"customer": customer, "standing": args.standing})
    session.say("It is settled.")


def _shape(template: Template) -> dict[str, Any]:
    now = template.now
    return {
        "id": now.id,
        "name": now.name,
        "version": now.number,
        "text": now.text,
        "department": now.department,
        "language": now.language,
        "owner": now.owner,
        "promotional": now.promotional,
        "told_wrong": template.told,
    }
