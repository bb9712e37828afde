"""What is looked at before a reply leaves: permissions, guidelines, the promotion guard.

The rules are kept here, for whoever sends; the screen shows the same beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future

from app.domain.campaigns import Campaign
from app.domain.checks import Guidelines, check
from app.domain.departments import Agent, Department
from app.domain.errors import BadInput, NeedsApproval, NotFound
from app.domain.events import EventType
from app.domain.guard import Hold, PromotionHeld, Standing
from app.domain.ids import AccountId, CustomerId, DepartmentId
from app.domain.interactions import Visibility
from app.domain.promotions import Promotion, Sign, promotions
from app.domain.replies import Draft
from app.domain.requests import Request
from app.domain.templates import TemplateUse, TemplateVersion, used_in
from app.domain.views import CaseView
from app.services.directory import Directory
from app.store import customers, ledger
from app.store import promotions as facts
from app.store.database import Connection, Tx, Workspace
from app.store.templates import in_use, versions


class Guard:
    def __init__(self, workspace: Workspace, directory: Directory) -> None:
        self._workspace = workspace
        self._directory = directory

    def hold(self, customer: CustomerId) -> Future[Hold | None]:
        """Why promotions wait for a customer; None where they do not."""
        return self._workspace.read(lambda conn: facts.hold(conn, customer))

    def set_standing(self, customer: CustomerId, standing: Standing, reason: str) -> Future[None]:
        """Settle whether a customer is promoted to; of all identities, so that each keeps it.

        Raises BadInput where a reason is missing.
        """
        reason = " ".join(reason.split())
        if not reason:
            raise BadInput("A reason is missing.", hint="Say why, for whoever reads it later.")
        me = self._directory.me().id

        def op(tx: Tx) -> None:
            found = customers.identities(tx.conn, customer)
            if not found:
                raise NotFound("This customer is not in this workspace.", hint="List customers.")
            data = {"standing": standing.value, "reason": reason}
            for view in found:
                ledger.decide(tx, me, EventType.STANDING_SET, view.identity, data)

        return self._workspace.write(op)


def approver(directory: Directory, account: AccountId, agent: Agent) -> DepartmentId | None:
    """Which department lets leave what an agent writes from an account; None where they may send
    by themselves, or nobody is named."""
    setup = directory.setup()
    sender = setup.sender(account)
    if sender.may_send(agent.id, agent.department) or agent.department == sender.approval:
        return setup.approver(account, agent.department)
    return sender.approval or next(iter(sender.departments), None)


def may_send(directory: Directory, view: CaseView, agent: Agent) -> None:
    """Raises BadInput where the agent has no permission to send from the account of a case; that is
    NeedsApproval where a department can be asked."""
    asked = approver(directory, view.account, agent)
    sender = directory.setup().sender(view.account)
    if not sender.may_send(agent.id, agent.department) and agent.department != sender.approval:
        names = [directory.department(one).name for one in sender.departments]
        names += [directory.name_of(one) for one in sender.agents]
        message = f"Replies here are sent by {' or '.join(names)}."
        hint = "Hand the case over, or ask."
        if asked is None:
            raise BadInput(message, hint=hint)
        raise NeedsApproval(message, asked, hint=hint)
    if asked is not None:
        name = directory.department(asked).name
        raise NeedsApproval(
            f"Replies here leave with the approval of {name}.",
            asked,
            hint=f"Ask {name} to approve it, or hand the case over.",
        )


def may_approve(
    directory: Directory, view: CaseView, agent: Agent, request: Request, author: Agent | None
) -> None:
    """Raises BadInput where the agent may not let this reply leave from the account of a case."""
    if agent.department != request.department:
        name = directory.department(request.department).name
        raise BadInput(f"{name} was asked to approve this.", hint=f"Leave it to {name}.")
    sender = directory.setup().sender(view.account)
    if not sender.may_send(agent.id, agent.department) and agent.department != sender.approval:
        raise BadInput(
            "You may not send from this account yourself.", hint="Ask whoever may to approve it."
        )
    asked = approver(directory, view.account, author) if author is not None else None
    if asked not in (None, agent.department):
        name = directory.department(asked).name
        raise NeedsApproval(
            f"This reply leaves with the approval of {name}.", asked, hint=f"Ask {name}."
        )


def keeps_guidelines(
    draft: Draft, guidelines: Guidelines, department: Department, view: CaseView, *,
    visibility: Visibility,
) -> None:  # fmt: skip
    """Raises BadInput for the first concern that a department lets hold a reply back."""
    found = check(
        draft.text, guidelines, visibility=visibility, first_reply=view.first_reply_ms is None
    )
    blocking = next((one for one in found if one.blocks), None)
    if blocking is not None:
        raise BadInput(
            blocking.sentence, hint=f"{department.name} does not send it like this: reword it."
        )


def used(conn: Connection, draft: Draft) -> TemplateVersion | None:
    """The wording a reply began with: the one it names, or the one whose words it holds."""
    if draft.template is None:
        return used_in(draft.text, in_use(conn))
    named: TemplateUse = draft.template
    saved = versions(conn, named.template)
    return next((one.version for one in saved if one.version.number == named.number), None)


def let_promote(
    conn: Connection,
    draft: Draft,
    customer: CustomerId,
    wording: TemplateVersion | None,
    campaigns: Iterable[Campaign],
) -> tuple[Promotion, ...]:
    """What a reply promotes in spite of the guard, for the reason it gives; () where the guard
    has nothing against it. ``campaigns``: what marketing wrote of them. Raises PromotionHeld where
    no reason is given."""
    found = promoted(draft.text, facts.known_codes(conn, campaigns), wording)
    if not found:
        return ()
    hold = facts.hold(conn, customer)
    if hold is None:
        return ()
    if not draft.promotion_reason.strip():
        raise PromotionHeld(found, hold)
    return found


def promoted(
    text: str, codes: tuple[str, ...], wording: TemplateVersion | None
) -> tuple[Promotion, ...]:
    """What promotes in a text; all of it where its template does."""
    found = promotions(text, known_codes=codes)
    if not found and wording is not None and wording.promotional and text.strip():
        return (Promotion(Sign.TEMPLATE, 0, len(text), wording.name),)
    return found
