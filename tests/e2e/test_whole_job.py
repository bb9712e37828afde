"""The whole job on real servers: pull, one timeline, reply, tag, escalate.

Three customers write two hundred messages at once while the console pulls. Whether what was sent
arrived is asked of the customers' own accounts.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.container import Container
from app.domain.departments import IT, PR
from app.domain.ids import CaseId, CustomerId
from app.domain.interactions import Direction, Visibility
from app.domain.outbox import Attachment
from app.domain.replies import Draft, Escalation
from app.domain.views import CaseRow, EventItem, InteractionItem, QueueName, QueueRef
from tests.e2e.pictures import a_picture
from tests.e2e.towns import CUSTOMERS, Town, Written
from tests.store.building import rows

pytestmark = pytest.mark.peer

MESSAGES = 200
_DEADLINE_S = 120.0


@dataclass
class Crowd:
    """What the customers wrote: who, and which text; threads by their first message."""

    texts: dict[str, str] = field(default_factory=dict)
    roots: dict[str, str] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)
    written: dict[str, Written] = field(default_factory=dict)
    dated_back: set[str] = field(default_factory=set)

    def add(self, who: str, text: str, written: Written) -> None:
        self.texts[written.id] = text
        self.roots[written.id] = written.root
        self.authors[written.id] = who
        self.written[written.id] = written


def _write(town: Town, crowd: Crowd, who: str, count: int, announcement: Written) -> None:
    """One customer's messages: new mentions, answers in their threads, answers to the brand."""
    chance = random.Random(who)
    same_moment = datetime.now(UTC) - timedelta(minutes=5)
    own: list[Written] = []
    for number in range(count):
        text = f"message {number} of {who}: does the Duo need descaling?"
        choice = chance.random()
        if choice < 0.3 and own:
            written = town.reply(who, chance.choice(own), text)
        elif choice < 0.45:
            written = town.reply(who, announcement, text)
        elif choice < 0.6 and town.quotes:
            written = town.quote(who, announcement, text)
        else:
            moment = same_moment if choice < 0.8 else None
            written = town.mention(who, text, at=moment)
            own.append(written)
            if moment is not None:
                crowd.dated_back.add(written.id)
        crowd.add(who, text, written)


def _eventually(what: str, probe: Callable[[], bool]) -> None:
    """Wait until the console has caught up; there is no event to wait for across servers."""
    end = time.monotonic() + _DEADLINE_S
    while not probe():
        assert time.monotonic() < end, f"waited in vain until {what}"
        time.sleep(0.1)


def _all_rows(container: Container) -> list[CaseRow]:
    found: list[CaseRow] = []
    after = None
    while True:
        page = container.services.queues.page(
            QueueRef(QueueName.ALL), after=after, limit=40
        ).result()
        found += page.rows
        if not page.more:
            return found
        after = page.rows[-1].cursor


def _timeline(container: Container, customer: CustomerId) -> list[InteractionItem | EventItem]:
    items: list[InteractionItem | EventItem] = []
    before = None
    while True:
        page = container.services.timelines.page(customer, before=before).result()
        items = [i for i in page.items if isinstance(i, InteractionItem | EventItem)] + items
        if page.before is None:
            return items
        before = page.before


def _held(container: Container) -> set[str]:
    return {row[0] for row in rows(container.workspace, "SELECT native_id FROM interaction")}


@pytest.fixture
def crowded(container: Container, town: Town) -> Crowd:
    """The customers write at the same time while the console pulls live."""
    services = container.services
    town.connect(services)
    announcement = town.announce("New in the roastery: Huila, washed")
    town.settle()
    services.syncing.start()
    crowd = Crowd()
    share = MESSAGES // len(CUSTOMERS) + 1
    writers = [
        threading.Thread(target=_write, args=(town, crowd, who, share, announcement))
        for who in CUSTOMERS
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    town.settle()
    assert len(crowd.texts) >= MESSAGES
    _eventually("every message is here", lambda: _held(container) >= set(crowd.texts))
    return crowd


def test_every_message_stands_once_in_the_right_thread(
    container: Container, town: Town, crowded: Crowd
) -> None:
    native = Counter(
        row[0] for row in rows(container.workspace, "SELECT native_id FROM interaction")
    )
    assert max(native.values()) == 1
    conversations = dict(
        rows(container.workspace, "SELECT native_id, conversation FROM interaction")
    )
    for message, root in crowded.roots.items():
        assert conversations[message] == conversations[root], "in the thread it belongs to"
    roots = set(crowded.roots.values())
    assert len({conversations[root] for root in roots}) == len(roots), "threads stay apart"

    found = _all_rows(container)
    assert len({row.case for row in found}) == len(found)
    by_name: dict[str, CustomerId] = {}
    for row in found:
        name = next(who for who in CUSTOMERS if row.handle == town.handle(who))
        assert by_name.setdefault(name, row.customer) == row.customer, "one customer a person"
    listed = _queue_of_the_command_line(container)
    assert Counter(case["case"] for case in listed) == Counter(str(row.case) for row in found)
    for who in CUSTOMERS:
        items = _timeline(container, by_name[who])
        shown = Counter(
            item.native_id
            for item in items
            if isinstance(item, InteractionItem) and item.direction is Direction.INBOUND
        )
        wanted = {message for message, author in crowded.authors.items() if author == who}
        assert shown == Counter(wanted)


def test_edits_and_deletions_are_noticed(container: Container, town: Town, crowded: Crowd) -> None:
    # What is dated back is not among the newest, which are what is asked about again.
    newest = [message for message in crowded.written if message not in crowded.dated_back][-12:]
    deleted, edited = newest[:3], newest[3:6] if town.edits else []
    for message in deleted:
        town.delete(crowded.authors[message], crowded.written[message])
    for message in edited:
        town.edit(crowded.authors[message], crowded.written[message], "never mind, it works")
    town.settle()
    container.services.syncing.once().result(_DEADLINE_S)
    marked = rows(
        container.workspace,
        "SELECT native_id, text FROM interaction WHERE deleted_ms IS NOT NULL",
    )
    assert {row[0] for row in marked} == set(deleted)
    for message, text in marked:
        assert crowded.texts[message] in text, "what was said is kept"
    if edited:
        changed = rows(
            container.workspace,
            "SELECT m.native_id, m.text, r.text FROM interaction AS m JOIN revision AS r"
            " ON r.key = m.key",
        )
        assert {row[0] for row in changed} == set(edited)
        assert all("never mind" in row[1] and "descaling" in row[2] for row in changed)


def _queue_of_the_command_line(container: Container) -> list[dict[str, Any]]:
    """What ``seamline queue --json`` says, asked by another program while this one is open."""
    folder = str(container.workspace.path.parent)
    command = [sys.executable, "-m", "app", "--workspace", folder, "--json", "queue"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    listed: list[dict[str, Any]] = json.loads(done.stdout)
    return listed


def _case_of(container: Container, town: Town, who: str) -> CaseRow:
    return next(row for row in _all_rows(container) if row.handle == town.handle(who))


def test_what_an_agent_sends_arrives_at_the_customers_own_account(
    container: Container, town: Town
) -> None:
    services = container.services
    town.connect(services)
    for who in CUSTOMERS:
        town.mention(who, f"this is {who}, can you help?")
    town.settle()
    services.syncing.once().result(_DEADLINE_S)
    ada, bo, cy = (_case_of(container, town, who).case for who in CUSTOMERS)
    services.replies.reply(ada, Draft("Try the blue button, Ada")).result()
    picture = Attachment("button.png", "image/png", a_picture(), "A blue button")
    services.replies.reply(bo, Draft("It looks like this", attachments=(picture,))).result()
    if town.directs:
        direct = Draft("Send me the serial, Cy", visibility=Visibility.DIRECT)
        services.replies.reply(cy, direct).result()
    for entry in services.queues.outbox().result():
        services.replies.send_now(entry.item.id).result()
    services.syncing.once().result(_DEADLINE_S)
    assert services.queues.outbox().result() == ()

    got = {who: town.received(who) for who in CUSTOMERS}
    assert [one.text.count("Try the blue button, Ada") for one in got["ada"]] == [1]
    assert [one.pictures for one in got["bo"]] == [("A blue button",)]
    if town.directs:
        assert [(one.direct, "serial" in one.text) for one in got["cy"]] == [(True, True)]
    # Pulling again does not double what we sent ourselves.
    services.syncing.once().result(_DEADLINE_S)
    row = _case_of(container, town, "ada")
    ours = [
        item
        for item in _timeline(container, row.customer)
        if isinstance(item, InteractionItem) and item.ours
    ]
    assert len(ours) == 1
    assert ours[0].by_agent == services.directory.me().id
    assert row.deadline is None, "nobody waits any more"


def test_a_case_goes_to_it_and_back_and_both_seams_show(container: Container, town: Town) -> None:
    services = container.services
    account = town.connect(services)
    services.accounts.set_owner(account.account, PR).result()
    town.mention("ada", "the app does not let me in, who can help?")
    town.settle()
    services.syncing.once().result(_DEADLINE_S)
    row = _case_of(container, town, "ada")
    case: CaseId = row.case
    assert row.department == PR
    services.cases.tag(case, ["login"]).result()
    brief = Escalation(IT, reason="Only IT can reset it", brief="Login fails", told="We look")
    services.cases.escalate(case, brief).result()
    services.directory.set_me("Jonas Weber", IT).result()
    services.cases.accept(case).result()
    services.cases.escalate(case, Escalation(PR, reason="Reset, tell her")).result()
    seams = [
        (item.seam.origin, item.seam.target)
        for item in _timeline(container, row.customer)
        if isinstance(item, EventItem) and item.seam is not None
    ]
    assert seams == [(PR, IT), (IT, PR)]
    assert _case_of(container, town, "ada").tags == ("login",)
