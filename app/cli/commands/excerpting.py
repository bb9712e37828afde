"""What of a timeline is wanted: the conditions of the window’s filters, and a stretch of time."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, datetime, time, timedelta

from app.cli.session import Session, WrongUse, wait
from app.cli.when import parse_since
from app.domain.clock import to_ms
from app.domain.excerpt import WHOLE, Excerpt, Strand
from app.domain.interactions import Channel
from app.domain.records import dataclass

_SIDES = (Strand.SERVICE, Strand.MARKETING)


@dataclass(frozen=True, slots=True)
class Wanted:
    """``since_ms`` is still in it, ``until_ms`` no more; None where it is open."""

    excerpt: Excerpt
    since_ms: int | None
    until_ms: int | None

    @property
    def is_all(self) -> bool:
        return self == Wanted(WHOLE, None, None)


def add_to(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--side",
        action="append",
        choices=[side.value for side in _SIDES],
        default=[],
        help="what was on this side; may be given twice",
    )
    parser.add_argument("--internal", action="store_true", help="notes and decisions")
    parser.add_argument(
        "--channel", choices=[channel.value for channel in Channel], help="of this channel"
    )
    parser.add_argument("--case", metavar="CASE", help="of this case")
    parser.add_argument("--since", metavar="WHEN", help="from then on: 30d, 2026-11-01")
    parser.add_argument("--until", metavar="WHEN", help="before then; a day is still in it")


def wanted(session: Session) -> Wanted:
    """Raises WrongUse for a stretch of time that ends before it begins."""
    args = session.args
    strands = {*args.side, *([Strand.INTERNAL] if args.internal else [])}
    excerpt = Excerpt(
        strands=() if len(strands) == len(Strand) else tuple(s for s in Strand if s in strands),
        channel=Channel(args.channel) if args.channel else None,
        case=wait(session.services.cases.resolve(args.case)) if args.case else None,
    )
    now = session.services.clock.now()
    since = _moment(args.since, now, ends=False) if args.since else None
    until = _moment(args.until, now, ends=True) if args.until else None
    if since is not None and until is not None and until <= since:
        raise WrongUse(
            f"“{args.until}” is not after “{args.since}”.", hint="Let --since be the earlier one."
        )
    return Wanted(excerpt, to_ms(since) if since else None, to_ms(until) if until else None)


def _moment(text: str, now: datetime, *, ends: bool) -> datetime:
    """A day alone is meant whole: from its first moment, to its last."""
    try:
        on = date.fromisoformat(text.strip())
    except ValueError:
        return parse_since(text, now)
    return datetime.combine(on + timedelta(days=ends), time()).astimezone()
