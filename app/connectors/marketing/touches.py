"""What a campaign tool knows of its customers, out of CSV, as docs/importing.md describes it.

Pure: lines in, touches out. Who a customer is, only the workspace knows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from app.connectors.lines import BadLine
from app.domain.errors import BadInput
from app.domain.interactions import Channel, Direction, IdentityFact, InteractionFact, Kind

KINDS = {
    "sent": Kind.CAMPAIGN_SENT,
    "opened": Kind.CAMPAIGN_OPENED,
    "clicked": Kind.CAMPAIGN_CLICKED,
    "bought": Kind.BOUGHT,
}
_NEEDED = ("customer", "campaign", "touch", "time")
_KNOWN = (*_NEEDED, "link", "brief", "codes")
OURS = IdentityFact(Channel.EMAIL, "campaigns", "campaigns", "Campaigns")
"""Whom a campaign is from, as far as such a file tells."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One line. ``customer`` is a mail address or a handle, ``link`` what was clicked or bought;
    ``brief`` and ``codes`` (coupons) tell of the campaign."""

    number: int
    customer: str
    campaign: str
    kind: Kind
    at: datetime
    link: str = ""
    brief: str = ""
    codes: tuple[str, ...] = ()


def read_touches(lines: Iterable[bytes]) -> Iterator[Touch | BadLine]:
    """Each line as a touch or as the reason why it is none. Raises BadInput where the first line
    does not name the columns."""
    text = (line.decode("utf-8", "replace") for line in lines)
    heads, sign = _heads(next(text, ""))
    rows = csv.reader(text, delimiter=sign)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadLine(rows.line_num + 1, f"{error}.")
            continue
        if not any(value.strip() for value in row):
            continue
        try:
            yield _touch(rows.line_num + 1, dict(zip(heads, map(str.strip, row), strict=False)))
        except ValueError as error:
            yield BadLine(rows.line_num + 1, str(error))


def fact_of(touch: Touch, who: IdentityFact) -> InteractionFact:
    """The interaction; ``who`` is the customer."""
    sent = _native("sent", touch, who)
    ours = touch.kind is Kind.CAMPAIGN_SENT
    at = touch.at.astimezone(UTC).isoformat()
    return InteractionFact(
        native_id=sent if ours else _native(touch.kind.name.lower(), touch, who, at),
        kind=touch.kind,
        direction=Direction.OUTBOUND if ours else Direction.INBOUND,
        author=OURS if ours else who,
        party=who,
        occurred_at=touch.at,
        subject=touch.campaign,
        text=touch.brief if ours else touch.link,
        in_reply_to=None if ours else sent,
        root=sent,
    )


def _native(what: str, touch: Touch, who: IdentityFact, at: str = "") -> str:
    parts = (what, touch.campaign.casefold(), who.channel.value, who.native_id, at, touch.link)
    return "\x1f".join(parts if at else parts[:4])


def _heads(line: str) -> tuple[list[str], str]:
    line = line.lstrip("\ufeff").strip()
    sign = max(",;\t", key=line.count)
    heads = [head.strip().casefold() for head in next(csv.reader([line], delimiter=sign), [])]
    missing = [f"“{name}”" for name in _NEEDED if name not in heads]
    if missing:
        raise BadInput(
            f"The first line names no column {' and no '.join(missing)}.",
            hint=f"It names the columns, of which these are read: {', '.join(_KNOWN)}.",
        )
    return heads, sign


def _touch(number: int, row: dict[str, str]) -> Touch:
    """Raises ValueError with what is wrong."""
    for name in _NEEDED:
        if not row.get(name):
            message = f"“{name}” is empty."
            raise ValueError(message)
    kind = KINDS.get(row["touch"].casefold())
    if kind is None:
        message = f"“touch” is none of {', '.join(KINDS)}."
        raise ValueError(message)
    try:
        at = datetime.fromisoformat(row["time"])
    except ValueError as error:
        message = "“time” is not written as 2026-03-02T09:15:00Z."
        raise ValueError(message) from error
    return Touch(
        number,
        row["customer"],
        row["campaign"],
        kind,
        at.replace(tzinfo=UTC) if at.tzinfo is None else at,
        row.get("link", ""),
        row.get("brief", ""),
        tuple(row.get("codes", "").split()),
    )
