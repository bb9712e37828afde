"""Puts the sample into an empty workspace, through the same doors real messages use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.domain.clock import to_ms
from app.domain.errors import BadInput
from app.domain.ids import AccountId, DepartmentId, interaction_uid
from app.domain.interactions import InteractionFact
from app.domain.outbox import OutboxItem, OutboxState
from app.domain.replies import Written
from app.services.known import ME, NAME, SAMPLE
from app.services.sample.book import BEGIN, NOW, VIEWS, SampleAccount, SampleBook, book
from app.services.sample.book import NAME as BRAND
from app.store import accounts, drafts, ledger, outbox, saved_views, settings, tables
from app.store.case_rules import Rules
from app.store.database import Tx, Workspace
from app.store.ingest import ingest, mark_gone

_BATCH = 1_000


def install(workspace: Workspace, sample: SampleBook | None = None) -> None:
    """Write the sample (``book()`` unless another is given); blocks until it is there.

    One transaction: interrupted, it leaves nothing behind. Raises BadInput where the workspace
    has an account already, for nothing made up may ever mix with what is real.
    """
    story = sample or book()
    workspace.write(lambda tx: _write(tx, story)).result()


def _write(tx: Tx, story: SampleBook) -> None:
    if accounts.all_accounts(tx.conn):
        raise BadInput(
            "This workspace has accounts of its own, so the sample cannot go into it.",
            hint="Open the sample in a folder that is empty.",
        )
    _staff(tx, story)
    for place, account in enumerate(story.accounts):
        _connect(tx, account, place)
    for search in story.searches:
        accounts.add_search(tx, search.account, search.query, search.department)
    for account in story.accounts:
        _receive(tx, account, story)
    for number, native_id in story.deleted:
        mark_gone(tx, number, [native_id])
    ledger.append(tx, story.events)
    for item in story.outbox:
        _put(tx, item)
    for case in story.openings:
        if case not in story.unread:
            settings.mark_seen(tx, case)
    for case, text in story.drafts.items():
        drafts.put(tx, case, Written(text=text))


def _staff(tx: Tx, story: SampleBook) -> None:
    """The sample’s agents take the place of whoever a new workspace begins with."""
    tx.conn.execute(tables.agent.delete())
    for agent in story.agents:
        settings.put_agent(tx, agent)
    settings.put_setting(tx, ME, story.me.id)
    settings.put_setting(tx, NAME, BRAND)
    settings.put_setting(tx, SAMPLE, "1")
    saved_views.put_all(tx, VIEWS)


def _connect(tx: Tx, account: SampleAccount, place: int) -> None:
    accounts.put_account(
        tx,
        channel=account.channel,
        server=account.server,
        native_id=account.native_id,
        handle=account.handle,
        display_name=account.name,
        avatar_url="",
        owner=account.owner,
        sample=True,
    )
    accounts.update_account(
        tx,
        account.id,
        # Accounts are listed in the order they were connected in.
        created_ms=to_ms(BEGIN) + place,
        synced_ms=to_ms(NOW),
        history_since_ms=to_ms(BEGIN),
        history_done=True,
    )


def _receive(tx: Tx, account: SampleAccount, story: SampleBook) -> None:
    """The facts as they came: what addressed us, then the finds of each search, then edits."""
    facts = story.facts.get(account.id, ())
    by_search: dict[DepartmentId | None, list[InteractionFact]] = {}
    for fact in facts:
        by_search.setdefault(story.found.get(fact.native_id), []).append(fact)
    for department, listed in by_search.items():
        rules = Rules(account.owner, department or account.owner, judged=False)
        _ingest(tx, account.id, listed, rules)
    _ingest(tx, account.id, story.edits.get(account.id, ()), Rules(account.owner, judged=False))


def _ingest(tx: Tx, account: AccountId, facts: Iterable[InteractionFact], rules: Rules) -> None:
    listed = list(facts)
    for start in range(0, len(listed), _BATCH):
        ingest(tx, account, listed[start : start + _BATCH], rules=rules)


def _put(tx: Tx, item: OutboxItem) -> None:
    """A wish; a sent one is tied to the interaction it became."""
    if item.state is not OutboxState.SENT:
        outbox.put(tx, item)
        return
    outbox.put(tx, replace(item, state=OutboxState.SENDING, native_id=""))
    uid = interaction_uid(item.account, item.native_id)
    outbox.sent(tx, item.id, item.native_id, uid)
