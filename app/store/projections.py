"""All that is folded from the ledger, brought up to date or made anew.

``rebuild`` makes every projection from the ledger and the facts alone; what it makes and what was
kept are equal, whatever happened in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from app.domain.events import About, EventType, in_force
from app.domain.ids import CaseId, IdentityId, rules_subject
from app.store import tables
from app.store.database import Tx
from app.store.events import events_of
from app.store.projection import project_cases, project_identities
from app.store.settings import put_departments, put_setting
from app.store.setup import forget, settled

_STALE_CLOCKS = "stale_clocks"
"""The setting that holds how far the cases were folded since a promise changed; none when all."""
_CHUNK = 1_000
_OPEN_AFTER = sa.text(
    "SELECT id FROM case_state WHERE id > :after AND status IN (1, 2) ORDER BY id LIMIT :limit"
)
_AWAY = sa.text(
    "UPDATE agent SET away = :away, away_until_ms = :until, deputy = :deputy WHERE id = :agent"
)
_FOLDED = (
    tables.case_state,
    tables.match_declined,
    tables.mood_set,
    tables.noise_mark,
    tables.template_version,
)
_SAVE = tables.template_version.insert().prefix_with("OR REPLACE")


def project(tx: Tx, subjects: Mapping[About, Iterable[int]]) -> None:
    """Fold anew what these decisions are about."""
    _project_workspace(tx, subjects[About.WORKSPACE])
    _project_agents(tx, subjects[About.AGENT])
    _project_templates(tx, subjects[About.TEMPLATE])
    project_identities(tx, [IdentityId(subject) for subject in subjects[About.IDENTITY]])
    project_cases(tx, [CaseId(subject) for subject in subjects[About.CASE]])


def rebuild(tx: Tx) -> None:
    """Make every projection anew from the ledger and the facts."""
    for table in _FOLDED:
        tx.conn.execute(table.delete())
    tx.conn.execute(sa.text("UPDATE identity SET customer = id, owner = NULL, standing = NULL"))
    tx.conn.execute(sa.text("UPDATE agent SET away = 0, away_until_ms = NULL, deputy = NULL"))
    project(tx, {about: _decided(tx, about) for about in About})
    while refresh_clocks(tx):
        pass


def refresh_clocks(tx: Tx) -> int:
    """Fold some of the open cases that stand as before a promise was changed; how many. None are
    left when it is 0."""
    last = tx.conn.execute(
        sa.select(tables.setting.c.value).where(tables.setting.c.name == _STALE_CLOCKS)
    ).scalar()
    if last is None:
        return 0
    cases = tx.conn.execute(_OPEN_AFTER, {"after": int(last), "limit": _CHUNK}).scalars().all()
    if cases:
        project_cases(tx, [CaseId(case) for case in cases])
        put_setting(tx, _STALE_CLOCKS, str(cases[-1]))
    else:
        tx.conn.execute(tables.setting.delete().where(tables.setting.c.name == _STALE_CLOCKS))
    return len(cases)


def _decided(tx: Tx, about: About) -> list[int]:
    """What was ever decided about this kind of thing."""
    types = [kind.value for kind in EventType if kind.about is about]
    if about is About.CASE:
        types = [EventType.CASE_OPENED.value]  # a case without is none
    event = tables.event.c
    found = sa.select(event.subject).where(event.type.in_(types)).distinct()
    return list(tx.conn.execute(found).scalars())


def _project_workspace(tx: Tx, subjects: Iterable[int]) -> None:
    changed = set(subjects)
    if not changed:
        return
    forget(tx)
    if rules_subject("departments") in changed:
        put_departments(tx, settled(tx).departments)
    if rules_subject("promises") in changed:
        put_setting(tx, _STALE_CLOCKS, "-1")
    tx.changes.settings = True


def _project_agents(tx: Tx, subjects: Iterable[int]) -> None:
    """Who is away; the last word in force counts."""
    for events in events_of(tx.conn, subjects).values():
        agents = {str(event.data["agent"]) for event in events if "agent" in event.data}
        last = next(iter(reversed(in_force(events))), None)
        away = last is not None and last.type is EventType.AGENT_AWAY
        data = last.data if last is not None and away else {}
        for agent in agents:
            tx.conn.execute(
                _AWAY,
                {
                    "agent": agent,
                    "away": away,
                    "until": data.get("until"),
                    "deputy": data.get("deputy"),
                },
            )
        tx.changes.settings = True


def _project_templates(tx: Tx, subjects: Iterable[int]) -> None:
    for template, events in events_of(tx.conn, subjects).items():
        table = tables.template_version
        tx.conn.execute(table.delete().where(table.c.id == template))
        counting = in_force(events)
        retired = bool(counting) and counting[-1].type is EventType.TEMPLATE_RETIRED
        saved = [event for event in counting if event.type is EventType.TEMPLATE_SAVED]
        wrong = {event.data.get("corrects") for event in saved}
        for event in saved:
            data = event.data
            tx.conn.execute(
                _SAVE,
                {
                    "id": template,
                    "number": data["number"],
                    "name": data["name"],
                    "text": data["text"],
                    "department": data.get("department"),
                    "language": data.get("language", ""),
                    "owner": data.get("owner"),
                    "promotional": bool(data.get("promotional")),
                    "wrong": data["number"] in wrong,
                    "retired": retired,
                    "saved_ms": event.at_ms,
                    "saved_by": event.agent,
                },
            )
        tx.changes.settings = True
