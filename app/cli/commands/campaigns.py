"""``campaign``: what marketing tells service of its campaigns."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from typing import Any

from app.cli.commands.adding import Group
from app.cli.session import Session, WrongUse, wait
from app.cli.text import clean
from app.domain.campaigns import Campaign
from app.services.campaigns import KnownCampaign


def add_to(group: Group) -> None:
    campaign = group("campaign", "what service should know of campaigns", run_list)
    campaign("list", run_list, "list them (also without a command)")
    save = campaign("save", run_save, "write of one; what is not named stays as it is")
    save.add_argument("name", metavar="NAME")
    save.add_argument(
        "--brief", metavar="T", help="what service reads before it answers; “-” is standard input"
    )
    save.add_argument("--codes", metavar="C", help="its coupons, parted by blanks")
    save.add_argument("--starts", metavar="DAY", help="as 2026-11-02; “” for no day")
    save.add_argument("--ends", metavar="DAY")
    forget = campaign("forget", run_forget, "take back what was written; an import holds again")
    forget.add_argument("name", metavar="NAME")


def run_list(session: Session) -> None:
    found = wait(session.services.campaigns.all())
    session.give([_shape(one) for one in found])
    for one in found:
        now = one.now
        days = " – ".join(str(day) for day in (now.starts, now.ends) if day is not None)
        session.say(f"{clean(now.name)}{f'  ({days})' if days else ''}")
        if now.brief:
            session.say(f"  {clean(now.brief)}")
        if now.codes:
            session.say(f"  Coupons: {clean(', '.join(now.codes))}")
    if not found:
        session.say("There are no campaigns yet.")


def run_save(session: Session) -> None:
    args = session.args
    name = args.name.strip()
    known = {one.now.name: one.now for one in wait(session.services.campaigns.all())}
    told: dict[str, Any] = {}
    if args.brief is not None:
        told["brief"] = sys.stdin.read() if args.brief == "-" else args.brief
    if args.codes is not None:
        told["codes"] = tuple(args.codes.split())
    for key in ("starts", "ends"):
        if getattr(args, key) is not None:
            told[key] = _day(getattr(args, key))
    kept = wait(session.services.campaigns.save(replace(known.get(name, Campaign(name)), **told)))
    now = next(one for one in wait(session.services.campaigns.all()) if one.now == kept)
    session.give(_shape(now))
    session.say(f"What is written of “{clean(kept.name)}” holds from now on.")


def run_forget(session: Session) -> None:
    name = session.args.name.strip()
    wait(session.services.campaigns.forget(name))
    session.give({"name": name})
    session.say(f"What was written of “{clean(name)}” is taken back.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise WrongUse(f"“{text}” is no day.", hint="Write it like 2026-11-02.") from None


def _shape(one: KnownCampaign) -> dict[str, Any]:
    now = one.now
    return {
        "name": now.name,
        "brief": now.brief,
        "codes": list(now.codes),
        "starts": now.starts.isoformat() if now.starts else None,
        "ends": now.ends.isoformat() if now.ends else None,
        "written": one.written,
        "came_in": one.came_in,
    }
