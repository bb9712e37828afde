"""The templates of the sample, in the voices of its departments, two playbooks, and what
marketing tells of its campaigns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from app.domain.campaigns import Campaign
from app.domain.departments import ADVERTISING, CARE, IT, PR
from app.domain.events import EventType
from app.domain.ids import AgentId, DepartmentId, hash63, rules_subject
from app.domain.records import dataclass
from app.services.sample.book import NOW
from app.services.sample.scribe import Scribe

_OWNER = AgentId("theo")
_FIRST = NOW - timedelta(days=40)
_EVE = NOW - timedelta(hours=17)


@dataclass(frozen=True, slots=True)
class _Wording:
    name: str
    text: str
    department: DepartmentId | None = None
    language: str = "en"
    promotional: bool = False


_WORDINGS = (
    _Wording(
        "Ask for the serial",
        "Hello {customer}, I’m sorry about your {product}. Send me the serial under the drip tray"
        " and I’ll take it from here. {agent}",
        CARE,
    ),
    _Wording(
        "Seriennummer erfragen",
        "Hallo {customer}, das tut mir leid. Schick mir bitte die Seriennummer, sie steht unter"
        " der Abtropfschale. Dann kümmere ich mich darum. {agent}",
        CARE,
        "de",
    ),
    _Wording(
        "Return label",
        "Hello {customer}, your return label is on its way by mail. Drop the parcel within 14 days"
        " and name case {case}.",
        CARE,
    ),
    _Wording(
        "I’ll find out",
        "That’s no way to start a day, {customer}. I’ll ask our engineers and come back to you"
        " here. {agent}",
        PR,
    ),
    _Wording(
        "Restart after 3.2",
        "1. Leave the machine plugged in for ten minutes.\n2. It restarts twice.\n"
        "3. E14 is gone. If it is not, tell me and I look at its log.",
        IT,
    ),
    _Wording(
        "Terms of an offer",
        "Hello {customer}, the offer holds for one order and until the end of the month, and"
        " doesn’t add to a subscription.",
        ADVERTISING,
    ),
    _Wording(
        "Winter roasts",
        "Our winter roasts are in, {customer}. Friends of the house taste them first.",
        promotional=True,
    ),
)
_GUIDELINES: dict[str, dict[str, Any]] = {
    PR: {
        "forbidden": ["as per", "user error"],
        "playbook": "Journalists and reviewers\nAnswer the question that was asked, with a date."
        " What is not settled yet goes to Leadership first.\n\nUnder a post of ours\nOne answer in"
        " public, the rest in a direct message.",
    },
    CARE: {
        "forbidden": ["user error", "calm down"],
        "playbook": "Error E14\nThe update to 3.2 does it. Ten minutes plugged in, two restarts;"
        " IT has the log.\n\nLost parcels\nAsk the courier after three days, send anew after"
        " seven.",
    },
}


def write(scribe: Scribe, campaigns: Iterable[Campaign]) -> None:
    """Each was saved once, some weeks before the story ends, and the campaigns on its eve."""
    for place, wording in enumerate(_WORDINGS):
        at: datetime = _FIRST + timedelta(hours=place)
        scribe.decide(
            at,
            _OWNER,
            EventType.TEMPLATE_SAVED,
            hash63("template", "sample", wording.name),
            number=1,
            name=wording.name,
            text=wording.text,
            department=wording.department,
            language=wording.language,
            owner=_OWNER,
            promotional=wording.promotional,
        )
    scribe.decide(
        _FIRST - timedelta(hours=1),
        AgentId("greta"),
        EventType.RULES_SET,
        rules_subject("guidelines"),
        name="guidelines",
        document=_GUIDELINES,
    )
    scribe.decide(
        _EVE,
        _OWNER,
        EventType.RULES_SET,
        rules_subject("campaigns"),
        name="campaigns",
        document=[
            {
                "name": one.name,
                "brief": one.brief,
                "codes": list(one.codes),
                "starts": one.starts.isoformat() if one.starts else None,
                "ends": one.ends.isoformat() if one.ends else None,
            }
            for one in sorted(campaigns, key=lambda one: one.name)
        ],
    )
