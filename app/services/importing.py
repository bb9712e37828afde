"""Bringing in what was held elsewhere: read in a stream, stored in batches, known once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING

from app.connectors.lines import BadLine
from app.domain.campaigns import Campaign
from app.domain.departments import CARE, MARKETING
from app.domain.errors import BadInput
from app.domain.ids import AccountId, DepartmentId, account_id
from app.domain.interactions import Channel, IdentityFact, Kind
from app.services.directory import Directory
from app.store.archiving import SERVER, called, close_answered, put_archive
from app.store.campaigns import put_campaigns
from app.store.case_rules import Rules, rules_of
from app.store.database import Tx, Workspace
from app.store.ingest import Ingested, ingest
from app.store.preparing import Prepared, prepare

if TYPE_CHECKING:
    from app.connectors.archives.conversations import Conversation
    from app.connectors.marketing.touches import Touch

_BATCH = 5_000
"""Messages a transaction: large enough to be quick, small enough that others get their turn."""
_CAMPAIGNS = "campaigns"


@dataclass(frozen=True, slots=True)
class Imported:
    """How far an import has come.

    ``read``     conversations, or touches, that could be read.
    ``stored``   what became of their interactions.
    ``guessed``  how many of these have a guessed time.
    ``closed``   cases that were made and are done.
    ``bad``      the lines that were left out, each with its reason.
    """

    read: int = 0
    stored: Ingested = field(default_factory=Ingested)
    guessed: int = 0
    closed: int = 0
    bad: tuple[BadLine, ...] = ()


class Importing:
    """What takes long is an iterator of how far it is: whoever walks it, on a thread that may
    wait, sees the progress, and stopping keeps what has come."""

    def __init__(self, workspace: Workspace, directory: Directory) -> None:
        self._workspace = workspace
        self._directory = directory

    def conversations(
        self,
        lines: Iterable[bytes],
        *,
        channel: Channel = Channel.X,
        language: str = "",
        owner: DepartmentId = CARE,
        cases: bool = False,
    ) -> Iterator[Imported]:
        """Import JSON lines as docs/importing.md describes them; blocks batch by batch.

        ``cases``: make a case of every conversation however old, owned by ``owner`` and closed
        where the brand had the last word. Without it only what is recent and unanswered is work.
        """
        from app.connectors.archives.conversations import read_conversations

        refuse_in_sample(self._directory)
        self._directory.department(owner)
        so_far = Imported()
        held: list[Conversation] = []
        waiting = 0
        for read in read_conversations(lines, channel=channel, language=language):
            if isinstance(read, BadLine):
                so_far = _and(so_far, Imported(bad=(read,)))
                continue
            held.append(read)
            waiting += len(read.facts)
            if waiting >= _BATCH:
                so_far = _and(so_far, self._store(held, channel, owner, cases=cases))
                held, waiting = [], 0
                yield so_far
        if held:
            so_far = _and(so_far, self._store(held, channel, owner, cases=cases))
        yield so_far

    def marketing(self, lines: Iterable[bytes]) -> Iterator[Imported]:
        """Import the touches of campaigns out of CSV as docs/importing.md describes it; blocks
        batch by batch. Raises BadInput where the first line does not name the columns."""
        from app.connectors.marketing.touches import read_touches

        refuse_in_sample(self._directory)
        so_far = Imported()
        held: list[Touch] = []
        for read in read_touches(lines):
            if isinstance(read, BadLine):
                so_far = _and(so_far, Imported(bad=(read,)))
                continue
            held.append(read)
            if len(held) >= _BATCH:
                so_far = _and(so_far, self._store_touches(held))
                held = []
                yield so_far
        if held:
            so_far = _and(so_far, self._store_touches(held))
        yield so_far

    def _store_touches(self, held: list[Touch]) -> Imported:
        from app.connectors.marketing.touches import fact_of

        number = account_id(Channel.EMAIL, SERVER, _CAMPAIGNS)
        handles = {f"@{t.customer.lstrip('@')}" for t in held if not _is_mail(t.customer)}

        def op(tx: Tx) -> Imported:
            known = called(tx.conn, handles) if handles else {}
            bad: list[BadLine] = []
            told: list[tuple[Touch, IdentityFact]] = []
            for touch in held:
                who = _who(touch, known)
                if isinstance(who, BadLine):
                    bad.append(who)
                else:
                    told.append((touch, who))
            put_archive(
                tx,
                number,
                channel=Channel.EMAIL,
                native_id=_CAMPAIGNS,
                name=f"Imported: {_CAMPAIGNS}",
                owner=MARKETING,
            )
            put_campaigns(tx, (_campaign(touch) for touch, _ in told))
            stored = ingest(tx, number, [fact_of(touch, who) for touch, who in told])
            return Imported(len(told), stored, bad=tuple(bad))

        return self._workspace.write(op).result()

    def _store(
        self, held: list[Conversation], channel: Channel, owner: DepartmentId, *, cases: bool
    ) -> Imported:
        by_brand: dict[str, list[Conversation]] = {}
        names: dict[str, str] = {}
        for conversation in held:
            native_id = conversation.brand.casefold()
            names.setdefault(native_id, conversation.brand)
            by_brand.setdefault(native_id, []).append(conversation)
        batches = {
            native_id: prepare(
                account_id(channel, SERVER, native_id),
                [fact for conversation in told for fact in conversation.facts],
            )
            for native_id, told in by_brand.items()
        }

        def op(tx: Tx) -> Imported:
            done = Imported(len(held), guessed=sum(c.guessed for c in held))
            for native_id, prepared in batches.items():
                name, number = names[native_id], prepared.account
                put_archive(
                    tx,
                    number,
                    channel=channel,
                    native_id=native_id,
                    name=f"Imported: {name}",
                    owner=owner,
                )
                done = _and(done, _take(tx, number, prepared, cases=cases))
            return done

        return self._workspace.write(op).result()


def _take(tx: Tx, number: AccountId, prepared: Prepared, *, cases: bool) -> Imported:
    rules = rules_of(tx, number, history=True)
    if cases:
        rules = Rules(owner=rules.owner, judged=False)
    stored = ingest(tx, number, prepared, rules=rules)
    uids = [ready.row["uid"] for ready in prepared.facts]
    return Imported(stored=stored, closed=close_answered(tx, uids) if cases else 0)


def _campaign(touch: Touch) -> Campaign:
    day = touch.at.astimezone(UTC).date() if touch.kind is Kind.CAMPAIGN_SENT else None
    return Campaign(touch.campaign, touch.brief, touch.codes, day, day)


def _is_mail(customer: str) -> bool:
    return "@" in customer[1:] and not customer.startswith("@")


def _who(touch: Touch, known: dict[str, list[IdentityFact]]) -> IdentityFact | BadLine:
    """Whom a touch was with: a mail address is known by itself, a handle must be somebody’s."""
    if _is_mail(touch.customer):
        address = touch.customer.casefold()
        return IdentityFact(Channel.EMAIL, address, address)
    found = known.get(f"@{touch.customer.lstrip('@')}", [])
    if len(found) == 1:
        return found[0]
    words = "several customers have this handle." if found else "no customer has this handle."
    return BadLine(touch.number, words)


def _and(one: Imported, other: Imported) -> Imported:
    return Imported(
        one.read + other.read,
        one.stored + other.stored,
        one.guessed + other.guessed,
        one.closed + other.closed,
        one.bad + other.bad,
    )


def refuse_in_sample(directory: Directory) -> None:
    """Nothing that is real may ever mix with what was made up."""
    if directory.is_sample():
        raise BadInput(
            "Nothing can be imported into the sample workspace.",
            hint="Make a workspace of your own first.",
        )
