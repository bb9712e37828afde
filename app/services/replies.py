"""What goes out: replies, likes, boosts and deletions, always by way of the outbox."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta

import msgspec

from app.connectors.base import Capabilities, Length, Limits
from app.connectors.registry import connectable, connector_class
from app.domain.checks import Guidelines
from app.domain.clock import Clock
from app.domain.errors import BadInput, NotFound
from app.domain.events import Event, EventType
from app.domain.guard import PromotionHeld, Standing
from app.domain.ids import (
    AccountId,
    AgentId,
    CaseId,
    InteractionUid,
    OutboxId,
    case_ref,
    interaction_uid,
    uuid7,
)
from app.domain.interactions import Channel, Direction, Kind, Visibility
from app.domain.outbox import Act, OutboxItem
from app.domain.promotions import Promotion
from app.domain.records import dataclass
from app.domain.replies import Draft, Written, taken_back
from app.domain.requests import CoDraft, draft_told, requests_of
from app.domain.templates import TemplateVersion
from app.domain.tid import make_record_key
from app.domain.views import CaseView, InteractionItem
from app.services import guard, undoing
from app.services.directory import Directory
from app.services.sending_settings import SendingSettings
from app.store import (
    accounts,
    customers,
    drafts,
    ledger,
    outbox,
    postponed,
    promotions,
    timelines,
)
from app.store.archiving import is_archive
from app.store.database import Connection, Tx, Workspace
from app.store.events import events_of
from app.store.known import our_latest

_PLAIN = Capabilities(visibilities=tuple(Visibility))


@dataclass(frozen=True, slots=True)
class ComposerView:
    """What a composer must know before the first key press.

    ``visibility`` is that of what is answered; ``handle`` is ours, ``customer`` the addressee's.
    """

    case: CaseId
    channel: Channel
    handle: str
    customer: str
    limits: Limits
    capabilities: Capabilities
    visibility: Visibility
    undo_seconds: int


@dataclass(frozen=True, slots=True)
class Approved:
    """A reply that another department let leave, and who wrote it."""

    author: AgentId


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Both sides of a message of which nobody knows whether it arrived.

    ``shown``: our newest posts in its conversation, newest first, as (ms since 1970, text).
    """

    item: OutboxItem
    shown: tuple[tuple[int, str], ...]


class Replies:
    def __init__(self, workspace: Workspace, directory: Directory, clock: Clock) -> None:
        self._workspace = workspace
        self._directory = directory
        self._sending = SendingSettings(directory)
        self._clock = clock

    def reply(self, case: CaseId, draft: Draft) -> Future[OutboxItem]:
        """Queue a reply; it may be undone until its window ends. The draft is forgotten.

        Raises BadInput where the service, the account’s permissions or the guidelines of the
        department forbid it, NeedsApproval where a department can be asked to let it leave, and
        PromotionHeld where it promotes while promotions wait.
        """
        _refuse_empty(draft)
        return self._workspace.write(lambda tx: self.queue(tx, case, draft))

    def queue(
        self, tx: Tx, case: CaseId, draft: Draft, approved: Approved | None = None
    ) -> OutboxItem:
        """The same, in a transaction of the caller’s; ``approved`` where somebody else let it
        leave."""
        view, answered, wording, promoted = self._examined(tx.conn, case, draft)
        if approved is None:
            guard.may_send(self._directory, view, self._directory.me())
        item = self._item(
            Act.REPLY,
            account=view,
            target=draft.answer_to or view.answer_to,
            case=view,
            text=draft.text.strip(),
            warning=draft.warning.strip(),
            visibility=_visibility(draft, answered, view),
            mention=answered.handle
            if answered and answered.direction is not Direction.OUTBOUND
            else view.answer_handle,
            attachments=draft.attachments,
            template=wording.use if wording is not None else None,
        )
        if approved is not None:
            item = replace(item, agent=approved.author)
        if promoted:
            self._promote(tx, item, draft.promotion_reason, promoted)
        used = _co_draft(tx.conn, case, draft)
        if used is not None:
            undoing.decide_use(tx, item, used)
        drafts.put(tx, case, drafts.draft(tx.conn, case).without_reply(draft))
        return outbox.put(tx, item)

    def send_when_closed(self, case: CaseId, draft: Draft) -> Future[Event]:
        """Keep a reply until no case of the customer is open. The draft is forgotten.

        Raises BadInput where nothing keeps it back, for pictures, and as ``reply`` does for all but
        the promotion.
        """
        _refuse_empty(draft)
        if draft.attachments:
            raise BadInput(
                "Pictures cannot wait until a case is closed.", hint="Take them out of the reply."
            )
        me = self._directory.me()
        kept = replace(draft, promotion_reason="")

        def op(tx: Tx) -> Event:
            try:
                self.examine(tx.conn, case, kept)
            except PromotionHeld as held:
                if held.hold.standing is not Standing.WELCOME:
                    raise  # it would have to wait after that too
            view = _case(tx.conn, case)
            guard.may_send(self._directory, view, me)
            hold = promotions.hold(tx.conn, view.customer)
            if hold is None or hold.case is None:
                raise BadInput("This customer has no open case.", hint="Send the reply now.")
            answering = replace(kept, answer_to=draft.answer_to or view.answer_to)
            data = draft_told(answering)
            drafts.put(tx, case, drafts.draft(tx.conn, case).without_reply(draft))
            return ledger.decide(tx, me.id, EventType.REPLY_POSTPONED, case, data)

        return self._workspace.write(op)

    def examine(self, conn: Connection, case: CaseId, draft: Draft) -> CaseView:
        """Raises what ``reply`` would, but for the permission to send."""
        return self._examined(conn, case, draft)[0]

    def _examined(
        self, conn: Connection, case: CaseId, draft: Draft
    ) -> tuple[CaseView, InteractionItem | None, TemplateVersion | None, tuple[Promotion, ...]]:
        """What is known of a reply that may leave: its case, what it answers, the wording it began
        with, what it promotes in spite of the guard."""
        _refuse_empty(draft)
        view = _case(conn, case)
        _refuse_archive(conn, view.account)
        if view.state.asked_on is not None:
            raise BadInput(
                "This case was opened to ask a department, and the customer does not see it.",
                hint=f"Answer the customer on #{case_ref(view.state.asked_on)}.",
            )
        target = draft.answer_to or view.answer_to
        answered = timelines.interaction(conn, interaction_uid(view.account, target))
        visibility = _visibility(draft, answered, view)
        self._check(draft, visibility, view, self._setup(conn, view))
        department = self._directory.department(view.state.department)
        guidelines = self._directory.setup().guidelines.get(department.id, Guidelines())
        guard.keeps_guidelines(draft, guidelines, department, view, visibility=visibility)
        wording = guard.used(conn, draft)
        campaigns = self._directory.setup().campaigns
        promoted = guard.let_promote(conn, draft, view.customer, wording, campaigns)
        return view, answered, wording, promoted

    def _promote(
        self, tx: Tx, item: OutboxItem, reason: str, promoted: tuple[Promotion, ...]
    ) -> None:
        """Write down that it was done, by whom and why."""
        data = {
            "reason": reason.strip(),
            "words": ", ".join(one.words for one in promoted),
            "outbox": item.id,
        }
        assert item.case is not None, "a reply belongs to a case"
        ledger.decide(tx, item.agent, EventType.PROMOTION_SENT, item.case, data)

    def _check(
        self, draft: Draft, visibility: Visibility, view: CaseView, setup: ComposerView
    ) -> None:
        """What the service would refuse is refused here, where it can still be mended."""
        allowed = setup.capabilities.visibilities
        if visibility not in allowed:
            raise BadInput(
                f"{view.channel.label} has no {visibility.name.lower()} replies.",
                hint="Choose another visibility.",
            )
        if draft.warning and not setup.capabilities.content_warning:
            raise BadInput(
                f"{view.channel.label} has no content warnings.", hint="Remove the warning."
            )
        most = setup.capabilities.max_attachments
        if len(draft.attachments) > most:
            raise BadInput(
                f"{view.channel.label} takes {most} pictures at the most.", hint="Remove some."
            )
        for file in draft.attachments:
            if len(file.body) > setup.limits.max_attachment_bytes:
                size = setup.limits.max_attachment_bytes / 1_000_000
                raise BadInput(
                    f"{file.name} is larger than the {size:.1f} MB {view.channel.label} takes.",
                    hint="Make it smaller.",
                )
            if len(file.description) > setup.limits.max_description:
                raise BadInput(
                    f"The description of {file.name} is longer than "
                    f"{setup.limits.max_description} characters.",
                    hint="Shorten it.",
                )
        length = self.measure(
            view.channel,
            draft.text.strip(),
            setup.limits,
            mention=setup.customer,
            warning=draft.warning.strip(),
        )
        if not length.fits:
            raise BadInput(
                f"The reply is {-length.left} {setup.limits.unit} too long for "
                f"{view.channel.label}.",
                hint=f"It may have {setup.limits.max_length}.",
            )

    def like(self, interaction: InteractionUid) -> Future[OutboxItem]:
        return self._act(Act.LIKE, interaction, _may_like)

    def boost(self, interaction: InteractionUid) -> Future[OutboxItem]:
        return self._act(Act.BOOST, interaction, _may_boost)

    def delete(self, interaction: InteractionUid) -> Future[OutboxItem]:
        """Delete a post of ours at its service; its text stays in the timeline, marked."""
        return self._act(Act.DELETE, interaction, _may_delete)

    def undo_send(self, item: OutboxId) -> Future[OutboxItem]:
        """Take a message back while it waits; it is a draft again, before what was begun since."""
        return self._workspace.write(lambda tx: self._draft_again(tx, outbox.cancel(tx, item)))

    def undo_latest(self) -> Future[OutboxItem | None]:
        """Take back my newest act whose undo window still runs; None when there is none."""
        me = self._directory.me().id

        def op(tx: Tx) -> OutboxItem | None:
            latest = outbox.latest_undoable(tx, me)
            return None if latest is None else self._draft_again(tx, outbox.cancel(tx, latest))

        return self._workspace.write(op)

    def edit(self, item: OutboxId) -> Future[OutboxItem]:
        """Take back what waits, is held or has failed, to go on writing it: a draft again."""
        return self._workspace.write(lambda tx: self._draft_again(tx, outbox.discard(tx, item)))

    def send_now(self, item: OutboxId) -> Future[OutboxItem]:
        """Skip what is left of the undo window."""
        return self._workspace.write(lambda tx: outbox.send_now(tx, item))

    def retry(self, item: OutboxId) -> Future[OutboxItem]:
        return self._workspace.write(lambda tx: outbox.retry(tx, item))

    def discard(self, item: OutboxId) -> Future[OutboxItem]:
        """Give up a message that failed or waits."""
        return self._workspace.write(lambda tx: self._given_up(tx, outbox.discard(tx, item)))

    def arrived(self, item: OutboxId) -> Future[OutboxItem]:
        """The agent has seen at the service that an uncertain message did arrive."""
        return self._workspace.write(lambda tx: outbox.arrived(tx, item))

    def send_again(self, item: OutboxId) -> Future[OutboxItem]:
        """The agent has seen at the service that an uncertain message did not arrive."""
        return self._workspace.write(lambda tx: outbox.send_again(tx, item))

    def uncertain(self, item: OutboxId) -> Future[Uncertain]:
        """What was written, and what this workspace has of ours in that conversation."""

        def op(conn: Connection) -> Uncertain:
            held = outbox.get(conn, item, with_bodies=False)
            return Uncertain(held, our_latest(conn, held.account, held.target))

        return self._workspace.read(op)

    def composer(self, case: CaseId) -> Future[ComposerView]:
        return self._workspace.read(lambda conn: self._setup(conn, _case(conn, case)))

    def measure(
        self, channel: Channel, text: str, limits: Limits, *, mention: str = "", warning: str = ""
    ) -> Length:
        """How long a message is as its service counts, with what is sent along with it. Pure.

        ``mention`` is the customer's handle, which some services need in the text itself.
        """
        if channel not in connectable():
            return Length(len(text), limits.max_length - len(text))
        connector = connector_class(channel)
        named = mention and mention.casefold() in text.casefold()
        if connector.capabilities.mentions_in_text and mention and not named:
            text = f"{mention} {text}"
        return connector.measure(f"{warning}{text}", limits)

    def draft(self, case: CaseId) -> Future[Written]:
        """What was written for a case and not sent; empty where nothing was."""
        return self._workspace.read(lambda conn: drafts.draft(conn, case))

    def save_draft(
        self,
        case: CaseId,
        written: Written,
        *,
        seen: bool = True,
        known: tuple[str, str, str] | None = None,
    ) -> Future[Written | None]:
        """Keep what is being written; nothing written forgets it.

        ``seen`` False: it was written before the kept draft could be read, and goes behind it.
        ``known``: the words that were kept last, as far as who writes knows. Where others are kept
        by now, from another window, nothing is kept and those are returned; otherwise None is.
        """

        def op(tx: Tx) -> Written | None:
            if seen and known is not None and drafts.words(tx.conn, case) != known:
                return drafts.draft(tx.conn, case)
            whole = written if seen else written.after(drafts.draft(tx.conn, case))
            drafts.put(tx, case, whole)
            return None

        return self._workspace.write(op)

    def undo_seconds(self) -> int:
        """How long a message can be taken back, 0 to 30 seconds."""
        return self._sending.undo_seconds()

    def _setup(self, conn: Connection, view: CaseView) -> ComposerView:
        account = accounts.account(conn, view.account)
        if account is None:
            raise NotFound("The account of this case is not connected.", hint="Connect it again.")
        if account.channel in connectable():
            connector = connector_class(account.channel)
            capabilities, limits = connector.capabilities, connector.default_limits
        else:
            capabilities, limits = _PLAIN, Limits(max_length=5_000)
        known = accounts.cursor(conn, view.account, accounts.LIMITS)
        if known is not None:
            limits = msgspec.json.decode(known, type=Limits)
        visibility = view.answer_visibility
        if visibility not in capabilities.visibilities:
            visibility = max(capabilities.visibilities)
        return ComposerView(
            case=view.case,
            channel=account.channel,
            handle=account.handle,
            customer=view.answer_handle,
            limits=limits,
            capabilities=capabilities,
            visibility=visibility,
            undo_seconds=self.undo_seconds(),
        )

    def _act(
        self,
        act: Act,
        interaction: InteractionUid,
        may: Callable[[InteractionItem], None],
    ) -> Future[OutboxItem]:
        def op(tx: Tx) -> OutboxItem:
            item = timelines.interaction(tx.conn, interaction)
            if item is None:
                raise NotFound("This message is not in this workspace.")
            if item.deleted_ms is not None:
                raise BadInput("This message was deleted.", hint="Answer another one.")
            _refuse_archive(tx.conn, item.account)
            may(item)
            view = customers.case_view(tx.conn, item.case) if item.case is not None else None
            return outbox.put(tx, self._item(act, account=item, target=item.native_id, case=view))

        return self._workspace.write(op)

    def _draft_again(self, tx: Tx, given_up: OutboxItem) -> OutboxItem:
        """In the transaction that gives a reply up, so that its text is never in neither place.

        What somebody had approved waits for their approval again."""
        if undoing.undo_approval_of(tx, self._directory.me().id, given_up):
            return self._given_up(tx, given_up)
        if given_up.case is not None and given_up.act is Act.REPLY:
            case = postponed.goes_on_in(tx.conn, given_up.case)
            since = drafts.draft(tx.conn, case)
            drafts.put(tx, case, since.after(taken_back(given_up)))
        return self._given_up(tx, given_up)

    def _given_up(self, tx: Tx, item: OutboxItem) -> OutboxItem:
        """What was decided for a reply that never left is undone with it."""
        undoing.undo_decisions_for(tx, self._directory.me().id, item)
        return item

    def _item(
        self,
        act: Act,
        *,
        account: CaseView | InteractionItem,
        target: str,
        case: CaseView | None,
        **what: object,
    ) -> OutboxItem:
        now = self._clock.now()
        return OutboxItem(
            id=OutboxId(uuid7()),
            act=act,
            account=account.account,
            channel=account.channel,
            lane=account.conversation,
            target=target,
            record_key=make_record_key(now),
            agent=self._directory.me().id,
            created_at=now,
            not_before=now + timedelta(seconds=self.undo_seconds()),
            case=case.case if case else None,
            department=case.state.department if case else self._directory.me().department,
            **what,  # type: ignore[arg-type]  # the words of a reply, named at their only caller
        )


def _visibility(draft: Draft, answered: InteractionItem | None, view: CaseView) -> Visibility:
    """Who may see a reply: as it says, or as wide as what it answers."""
    return draft.visibility or (answered.visibility if answered else view.answer_visibility)


def _co_draft(conn: Connection, case: CaseId, draft: Draft) -> CoDraft | None:
    """What another department drafted and the reply holds: the one it names, or by its words."""
    asked = requests_of(events_of(conn, [case]).get(case, []))
    written = [one for request in asked for one in request.drafts]
    said = " ".join(draft.text.split())
    for one in reversed(written):
        if draft.co_draft == one.event:
            return one
        if draft.co_draft is None and " ".join(one.text.split()) in said:
            return one
    return None


def _refuse_empty(draft: Draft) -> None:
    if not draft.text.strip() and not draft.attachments:
        raise BadInput("The reply is empty.", hint="Write something or add a picture.")


def _refuse_archive(conn: Connection, account: AccountId) -> None:
    """What would be queued there would never leave."""
    if is_archive(conn, account):
        raise BadInput(
            "This conversation was imported, and nothing leads back to where it was held.",
            hint="Answer on a connected account, and log by hand what was said.",
        )


def _case(conn: Connection, case: CaseId) -> CaseView:
    view = customers.case_view(conn, case)
    if view is None:
        raise NotFound("There is no such case.", hint="See queue for the open ones.")
    return view


def _may_like(item: InteractionItem) -> None:
    if not item.kind.has_text:
        raise BadInput("There is nothing here to like.", hint="Choose a message.")


def _may_boost(item: InteractionItem) -> None:
    _may_like(item)
    if item.kind is Kind.DIRECT or item.visibility > Visibility.UNLISTED:
        raise BadInput("This was not said in public.", hint="Only public messages are boosted.")


def _may_delete(item: InteractionItem) -> None:
    if not item.ours:
        raise BadInput("This is not ours to delete.", hint="Only our own messages can be deleted.")
