"""What departments ask of each other on a case: help with a reply, approval, content, access.

The case stays with its owner. What is asked opens a case in the respond queue of the department
that is asked; the answer closes it. Everything can be undone, each with what it did to that case.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from app.domain.departments import Agent, Department, Queue
from app.domain.errors import BadInput, NotFound
from app.domain.events import Event, EventType
from app.domain.ids import CaseId, DepartmentId, EventId, case_ref, uuid7
from app.domain.outbox import OutboxItem
from app.domain.replies import Draft, Written, unsent
from app.domain.requests import Ask, CoDraft, Request, draft_told, opened_by
from app.domain.templates import TemplateUse
from app.domain.views import CaseView
from app.services import guard
from app.services.cases import present
from app.services.directory import Directory
from app.services.replies import Approved, Replies
from app.services.undoing import along, asked_on, closing, made
from app.store import customers, drafts, ledger, requests
from app.store.case_rules import short_title
from app.store.database import Connection, Tx, Workspace
from app.store.templates import versions

_LONGEST = 4_000


class Requests:
    """Events are named by their ids: of what was asked, and of a draft."""

    def __init__(self, workspace: Workspace, directory: Directory, replies: Replies) -> None:
        self._workspace = workspace
        self._directory = directory
        self._replies = replies

    def ask_help(self, case: CaseId, department: DepartmentId, question: str) -> Future[Request]:
        """Ask a department to write along. Raises BadInput for an empty question, or one’s own."""
        words = _said(question, "question", "Say what the reply is to say.")

        def op(tx: Tx) -> Request:
            view = _original(tx.conn, case)
            origin = self._directory.department(self._me.department).name
            title = f"Draft with {origin}: {words}"
            return self._ask(
                tx, EventType.HELP_ASKED, view, department, title=title, data={"question": words}
            )

        return self._workspace.write(op)

    def write_draft(self, asked: EventId, text: str) -> Future[CoDraft]:
        """Write what the reply may say, for whoever asked; it is not sent."""
        words = _said(text, "draft", "Write what the reply may say.")

        def op(tx: Tx) -> CoDraft:
            request = _request(tx.conn, asked, Ask.HELP)
            data = {"department": self._me.department, "text": words, "for": asked}
            event = self._answer(tx, EventType.DRAFT_WRITTEN, request, data)
            return _draft(_request(tx.conn, asked, Ask.HELP), event.id)

        return self._workspace.write(op)

    def comment(self, draft: EventId, text: str) -> Future[CoDraft]:
        """Say something of a draft. Said from another department than drafted it, it asks for
        another one: the case is open there again."""
        words = _said(text, "comment", "Say what should change.")

        def op(tx: Tx) -> CoDraft:
            written = _event(tx.conn, draft, EventType.DRAFT_WRITTEN)
            asked = EventId(written.data["for"])
            request = _request(tx.conn, asked, Ask.HELP)
            me = self._me
            data = {"draft": draft, "text": words, "department": me.department}
            event = made(tx, me.id, EventType.DRAFT_COMMENTED, request.case, data)
            events = [event]
            state = customers.case_view(tx.conn, request.opened)
            if (
                me.department != _draft(request, draft).department
                and state is not None
                and not state.state.is_open
            ):
                because = {"cause": "comment", "comment": event.id}
                events.append(along(tx, event, EventType.CASE_REOPENED, request.opened, because))
            ledger.append(tx, events)
            return _draft(_request(tx.conn, asked, Ask.HELP), draft)

        return self._workspace.write(op)

    def ask_approval(
        self, case: CaseId, draft: Draft, department: DepartmentId | None = None
    ) -> Future[Request]:
        """Ask for a reply to be let leave: the department that has to, or the one that is named.

        The reply is held to all but the permission to send, as ``Replies.reply`` holds it, and
        waits with its pictures where it was asked. It answers what the customer said last by now,
        and is shown to whom that was, whatever they say until it leaves.
        """

        def op(tx: Tx) -> Request:
            view = self._replies.examine(tx.conn, case, draft)
            needed = guard.approver(self._directory, view.account, self._me)
            asked = department or needed
            if asked is None:
                raise BadInput(
                    "This reply needs nobody’s approval.", hint="Send it, or name whom to ask."
                )
            title = f"Approve a reply to {_name(tx.conn, view)}"
            answering = replace(draft, answer_to=draft.answer_to or view.answer_to)
            request = self._ask(
                tx, EventType.APPROVAL_ASKED, view, asked, title=title, data=draft_told(answering)
            )
            held = drafts.draft(tx.conn, case)
            drafts.put(tx, request.opened, unsent(answering))
            drafts.put(tx, case, held.without_reply(draft))
            return request

        return self._workspace.write(op)

    def approve(self, asked: EventId, text: str | None = None) -> Future[OutboxItem]:
        """Let a reply leave, as its author wrote it or with another ``text``. It is held to what
        ``Replies.reply`` holds it to, with the permission of whoever approves."""

        def op(tx: Tx) -> OutboxItem:
            request = _waiting(tx.conn, asked, Ask.APPROVAL)
            view = _original(tx.conn, request.case)
            author = self._directory.agent(request.by)
            guard.may_approve(self._directory, view, self._me, request, author)
            kept, begun = (drafts.draft(tx.conn, one) for one in (request.opened, request.case))
            words = request.text if text is None else text.strip()
            draft = replace(request.draft(kept.pictures), text=words)
            item = self._replies.queue(tx, request.case, draft, Approved(request.by))
            drafts.put(tx, request.case, begun)  # what was begun since is no part of it
            data = {"asked": asked, "text": words, "outbox": item.id}
            self._answer(tx, EventType.APPROVAL_GIVEN, request, data)
            drafts.put(tx, request.opened, Written(note=kept.note))
            return item

        return self._workspace.write(op)

    def decline(self, asked: EventId, reason: str) -> Future[Event]:
        """Do not let it leave, and say why. Whoever asked has the text as a draft again, unless
        they have begun another."""
        why = _said(reason, "reason", "Say what should change.")

        def op(tx: Tx) -> Event:
            request = _waiting(tx.conn, asked, Ask.APPROVAL)
            self._refuse_others(request, "to approve this")
            data = {"asked": asked, "reason": why}
            event = self._answer(tx, EventType.APPROVAL_DECLINED, request, data)
            begun = drafts.draft(tx.conn, request.case)
            if not begun.has_reply:
                kept = drafts.draft(tx.conn, request.opened)
                back = unsent(request.draft(kept.pictures))
                drafts.put(tx, request.case, begun.after(back))
                drafts.put(tx, request.opened, Written(note=kept.note))
            return event

        return self._workspace.write(op)

    def ask_content(self, case: CaseId, department: DepartmentId, wish: str) -> Future[Request]:
        """Ask a department for something to send or show; the conversation goes with it."""
        words = _said(wish, "wish", "Say what the customer needs.")

        def op(tx: Tx) -> Request:
            view = _original(tx.conn, case)
            title = f"Content for {_name(tx.conn, view)}: {words}"
            return self._ask(
                tx, EventType.CONTENT_REQUESTED, view, department, title=title, data={"wish": words}
            )

        return self._workspace.write(op)

    def answer_content(
        self, requested: EventId, *, template: TemplateUse | None = None, link: str = ""
    ) -> Future[Event]:
        """Answer with a version of a template, or with a link; raises BadInput otherwise."""
        link = link.strip()
        if (template is None) is not bool(link):
            raise BadInput("The answer is a template or a link.", hint="Give one of them.")
        if link and not link.startswith(("https://", "http://")):
            raise BadInput(f"“{link}” is no link.", hint="Begin it with https://.")

        def op(tx: Tx) -> Event:
            request = _waiting(tx.conn, requested, Ask.CONTENT)
            data: dict[str, Any] = {"requested": requested}
            if template is not None:
                saved = (one.version.number for one in versions(tx.conn, template.template))
                if template.number not in saved:
                    raise NotFound("There is no such template.", hint="See the list of templates.")
                data |= {"template": template.template, "number": template.number}
            else:
                data["link"] = link
            return self._answer(tx, EventType.CONTENT_ANSWERED, request, data)

        return self._workspace.write(op)

    def ask_access(
        self, case: CaseId, department: DepartmentId, wish: str, *, tool: bool = False
    ) -> Future[Request]:
        """Ask a department, as a rule IT, to be let into a tool, or for a ``tool``."""
        words = _said(wish, "wish", "Say what you need, and what for.")
        ask = Ask.TOOL if tool else Ask.ACCESS

        def op(tx: Tx) -> Request:
            view = _original(tx.conn, case)
            title = f"{ask.value.capitalize()} for {self._me.name}: {words}"
            data = {"ask": ask.value, "wish": words}
            return self._ask(
                tx, EventType.ACCESS_REQUESTED, view, department, title=title, data=data
            )

        return self._workspace.write(op)

    def grant(self, requested: EventId, text: str = "") -> Future[Event]:
        """Access is given, or the tool: it is done. ``text``: what of it, if anything."""
        return self._answer_access(requested, text.strip()[:_LONGEST], granted=True)

    def refuse(self, requested: EventId, reason: str) -> Future[Event]:
        """No access, or no tool. Raises BadInput where it is not said why."""
        why = _said(reason, "reason", "Say why, and what else may help.")
        return self._answer_access(requested, why, granted=False)

    def _answer_access(self, requested: EventId, text: str, *, granted: bool) -> Future[Event]:
        said = {"text": text} if text else {}

        def op(tx: Tx) -> Event:
            request = _waiting(tx.conn, requested, Ask.ACCESS, Ask.TOOL)
            self._refuse_others(request, "for this")
            data = {"requested": requested, "granted": granted, **said}
            return self._answer(tx, EventType.ACCESS_ANSWERED, request, data)

        return self._workspace.write(op)

    def of_case(self, case: CaseId) -> Future[tuple[Request, ...]]:
        """All that was asked on a case, oldest first; of a case that was opened to ask something,
        that alone."""
        return self._workspace.read(lambda conn: _of_case(conn, case))

    def waiting(self) -> Future[tuple[Request, ...]]:
        """All that waits for an answer, oldest first."""

        def look(conn: Connection) -> tuple[Request, ...]:
            found = [one for case in requests.open_ones(conn) for one in _of_case(conn, case)]
            return tuple(sorted(found, key=lambda one: one.at_ms))

        return self._workspace.read(look)

    def needs_approval(self, case: CaseId) -> Future[Department | None]:
        """Who lets leave what I write on this case; None where I may send it myself."""

        def look(conn: Connection) -> Department | None:
            view = present(customers.case_view(conn, case), case)
            asked = guard.approver(self._directory, view.account, self._me)
            return self._directory.department(asked) if asked is not None else None

        return self._workspace.read(look)

    @property
    def _me(self) -> Agent:
        return self._directory.me()

    def _ask(
        self,
        tx: Tx,
        kind: EventType,
        view: CaseView,
        department: DepartmentId,
        *,
        title: str,
        data: dict[str, Any],
    ) -> Request:
        """Decide the asking, and open its case."""
        asked, me = self._directory.department(department), self._me
        if asked.id == me.department:
            raise BadInput(f"You are in {asked.name} yourself.", hint="Ask another department.")
        number = EventId(uuid7())
        opened = opened_by(number)
        along_with = {"department": asked.id, "origin": me.department, "opened": opened}
        asking = made(tx, me.id, kind, view.case, data | along_with, number=number)
        opening = {
            "queue": int(Queue.RESPOND),
            "department": asked.id,
            "title": short_title(title),
            "identity": view.identity,
            "conversation": opened,
            "account": view.account,
            "interaction": opened,
            "asked": number,
            "for": view.case,
        }
        ledger.append(tx, [asking, along(tx, asking, EventType.CASE_OPENED, opened, opening)])
        return next(one for one in asked_on(tx.conn, view.case) if one.event == number)

    def _refuse_others(self, request: Request, what: str) -> None:
        """Raises BadInput unless I am of the department that was asked."""
        if self._me.department != request.department:
            name = self._directory.department(request.department).name
            raise BadInput(f"{name} was asked {what}.", hint=f"Leave it to {name}.")

    def _answer(self, tx: Tx, kind: EventType, request: Request, data: dict[str, Any]) -> Event:
        """Decide an answer, and close the case of what was asked."""
        event = made(tx, self._me.id, kind, request.case, data)
        ledger.append(tx, [event, *closing(tx, event, request.opened)])
        return event


def _of_case(conn: Connection, case: CaseId) -> tuple[Request, ...]:
    state = present(customers.case_view(conn, case), case).state
    if state.asked_on is None:
        return asked_on(conn, case)
    return tuple(one for one in asked_on(conn, state.asked_on) if one.opened == case)


def _original(conn: Connection, case: CaseId) -> CaseView:
    """The case of a customer, where things are asked; raises BadInput for that of a request."""
    view = present(customers.case_view(conn, case), case)
    if view.state.asked_on is not None:
        raise BadInput(
            "This case was opened to ask something itself.",
            hint=f"Ask on #{case_ref(view.state.asked_on)}.",
        )
    return view


def _event(conn: Connection, number: EventId, kind: EventType) -> Event:
    found = ledger.event(conn, number)
    if found is None or found.type is not kind:
        raise NotFound("This was not asked here.", hint="See requests for what was.")
    return found


def _request(conn: Connection, asked: EventId, *asks: Ask) -> Request:
    """What was asked, as it stands; raises NotFound where it was not, or was undone."""
    event = ledger.event(conn, asked)
    found = asked_on(conn, CaseId(event.subject)) if event is not None else ()
    request = next((one for one in found if one.event == asked and one.ask in asks), None)
    if request is None:
        raise NotFound("This was not asked, or it was taken back.", hint="See requests.")
    return request


def _waiting(conn: Connection, asked: EventId, *asks: Ask) -> Request:
    request = _request(conn, asked, *asks)
    if not request.is_open:
        raise BadInput("This has been answered.", hint="Undo the answer first.")
    return request


def _draft(request: Request, number: EventId) -> CoDraft:
    found = next((one for one in request.drafts if one.event == number), None)
    if found is None:
        raise NotFound("This draft was taken back.", hint="See requests for those that hold.")
    return found


def _name(conn: Connection, view: CaseView) -> str:
    return customers.identities(conn, view.customer)[0].name


def _said(text: str, what: str, hint: str) -> str:
    words = text.strip()[:_LONGEST]
    if not words:
        raise BadInput(f"The {what} is empty.", hint=hint)
    return words
