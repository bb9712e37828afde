"""What departments ask of each other: ``ask``, ``requests``, and what answers it: ``draft``,
``approve``, ``content``, ``grant``, ``decline``.

An answer names the case that was opened to ask, or the one it was asked on where only one waits.
"""

from __future__ import annotations

from typing import Any

from app.cli import shapes
from app.cli.commands.adding import Add, Group
from app.cli.commands.cases import add_case_command
from app.cli.names import find_case
from app.cli.session import Session, WrongUse, wait
from app.cli.text import clean
from app.domain.departments import IT, Department
from app.domain.errors import BadInput
from app.domain.ids import case_ref
from app.domain.replies import Draft
from app.domain.requests import Ask, CoDraft, Request

_WORDS = {Ask.HELP: "a draft", Ask.APPROVAL: "approval", Ask.CONTENT: "content",
    Ask.ACCESS: "access", Ask.TOOL: "a tool",
}  # fmt: skip


def add_to(add: Add, group: Group) -> None:
    ask = group("ask", "ask another department for something on a case")
    for name, run, words in (
        ("help", run_ask_help, "to write a reply along"),
        ("content", run_ask_content, "for something to send or show"),
    ):
        parser = add_case_command(ask, name, run, words)
        parser.add_argument("text", metavar="TEXT")
        parser.add_argument("--of", required=True, metavar="DEPARTMENT")
    for name, words in (
        ("access", "to be let into a tool"),
        ("tool", "for a tool, or help with one"),
    ):
        parser = add_case_command(ask, name, run_ask_access, words)
        parser.add_argument("text", metavar="TEXT")
        parser.add_argument("--of", default=IT, metavar="DEPARTMENT", help="IT, if not named")
        parser.set_defaults(tool=name == "tool")
    approval = add_case_command(ask, "approval", run_ask_approval, "to let a reply leave")
    approval.add_argument("text", metavar="TEXT")
    approval.add_argument("--of", metavar="DEPARTMENT", help="the one that has to, if not named")
    approval.add_argument("--promotion-reason", default="", metavar="WHY")

    listed = add("requests", run_requests, "what was asked on a case, or what waits anywhere")
    listed.add_argument("case", nargs="?", metavar="CASE")
    draft = add_case_command(add, "draft", run_draft, "write what the reply may say")
    draft.add_argument("text", metavar="TEXT")
    comment = add_case_command(add, "comment", run_comment, "say something of the latest draft")
    comment.add_argument("text", metavar="TEXT")
    approve = add_case_command(add, "approve", run_approve, "let a reply leave")
    approve.add_argument("--text", metavar="T", help="what leaves instead")
    grant = add_case_command(
        add, "grant", run_grant, "give the access, or the tool, that was asked"
    )
    grant.add_argument("--text", default="", metavar="T", help="what to know of it")
    decline = add_case_command(
        add, "decline", run_decline, "do not let a reply leave, or give no access"
    )
    decline.add_argument("--reason", required=True, metavar="TEXT")
    content = add_case_command(add, "content", run_content, "give the content that was asked for")
    given = content.add_mutually_exclusive_group(required=True)
    given.add_argument("--template", metavar="NAME")
    given.add_argument("--link", default="", metavar="URL")


def run_ask_help(session: Session) -> None:
    args, department = session.args, _department(session)
    asking = session.services.requests.ask_help(find_case(session), department.id, args.text)
    _tell_asked(session, wait(asking))


def run_ask_content(session: Session) -> None:
    args, department = session.args, _department(session)
    asking = session.services.requests.ask_content(find_case(session), department.id, args.text)
    _tell_asked(session, wait(asking))


def run_ask_access(session: Session) -> None:
    args, department = session.args, _department(session)
    asking = session.services.requests.ask_access(
        find_case(session), department.id, args.text, tool=args.tool
    )
    _tell_asked(session, wait(asking))


def run_ask_approval(session: Session) -> None:
    args = session.args
    draft = Draft(args.text.strip(), promotion_reason=args.promotion_reason)
    department = _department(session).id if args.of else None
    _tell_asked(
        session, wait(session.services.requests.ask_approval(find_case(session), draft, department))
    )


def run_requests(session: Session) -> None:
    requests = session.services.requests
    if session.args.case:
        found = wait(requests.of_case(find_case(session)))
    else:
        found = wait(requests.waiting())
    session.give([_shape(one) for one in found])
    for one in found:
        session.say(_line(session, one))
        for draft in one.drafts:
            session.say(f"  drafted: {_brief(draft.text)}")
            session.say(*(f"    {_brief(comment.text)}" for comment in draft.comments))
    if not found:
        session.say("Nothing was asked." if session.args.case else "Nothing waits for an answer.")


def run_draft(session: Session) -> None:
    request = _meant(session, Ask.HELP)
    wait(session.services.requests.write_draft(request.event, session.args.text))
    _tell(session, request, f"Drafted for #{case_ref(request.case)}.")


def run_comment(session: Session) -> None:
    found = wait(session.services.requests.of_case(find_case(session)))
    written: list[tuple[Request, CoDraft]] = [(one, draft) for one in found for draft in one.drafts]
    if not written:
        raise BadInput("Nothing was drafted on this case.", hint="See requests.")
    request, draft = max(written, key=lambda one: one[1].at_ms)
    wait(session.services.requests.comment(draft.event, session.args.text))
    _tell(session, request, f"Said of the draft for #{case_ref(request.case)}.")


def run_approve(session: Session) -> None:
    request = _meant(session, Ask.APPROVAL)
    item = wait(session.services.requests.approve(request.event, session.args.text))
    # The pause for second thoughts is the console’s, see ``reply``.
    item = wait(session.services.replies.send_now(item.id))
    session.give(shapes.outbox_item(item))
    session.say(f"The reply on #{case_ref(request.case)} waits in the outbox for the next sync.")


def run_grant(session: Session) -> None:
    request = _meant(session, Ask.ACCESS, Ask.TOOL)
    wait(session.services.requests.grant(request.event, session.args.text))
    _tell(session, request, f"What was asked on #{case_ref(request.case)} is given.")


def run_decline(session: Session) -> None:
    request = _meant(session, Ask.APPROVAL, Ask.ACCESS, Ask.TOOL)
    if request.ask.is_for_work:
        wait(session.services.requests.refuse(request.event, session.args.reason))
        _tell(session, request, f"What was asked on #{case_ref(request.case)} is declined.")
        return
    wait(session.services.requests.decline(request.event, session.args.reason))
    _tell(session, request, f"The reply on #{case_ref(request.case)} does not leave.")


def run_content(session: Session) -> None:
    request, args = _meant(session, Ask.CONTENT), session.args
    template = None
    if args.template:
        template = wait(session.services.templates.find(args.template)).now.use
    requests = session.services.requests
    wait(requests.answer_content(request.event, template=template, link=args.link))
    _tell(session, request, f"The content for #{case_ref(request.case)} is given.")


def _department(session: Session) -> Department:
    return session.services.directory.find_department(session.args.of)


def _meant(session: Session, *asks: Ask) -> Request:
    """What waits on the named case for an answer of these kinds."""
    case = find_case(session)
    found = wait(session.services.requests.of_case(case))
    waiting = [one for one in found if one.ask in asks and one.is_open]
    if len(waiting) > 1:
        refs = ", ".join(f"#{case_ref(one.opened)}" for one in waiting)
        raise WrongUse(f"Several wait on #{case_ref(case)}.", hint=f"Name one: {refs}.")
    if not waiting:
        raise BadInput(
            f"Nobody waits for {_WORDS[asks[0]]} on #{case_ref(case)}.", hint="See requests."
        )
    return waiting[0]


def _tell_asked(session: Session, request: Request) -> None:
    name = session.services.directory.department(request.department).name
    _tell(session, request, f"{name} was asked: #{case_ref(request.opened)}.")


def _tell(session: Session, request: Request, words: str) -> None:
    now = wait(session.services.requests.of_case(request.opened))
    session.give(_shape(now[0]))
    session.say(words)


def _line(session: Session, request: Request) -> str:
    name = session.services.directory.department(request.department).name
    state = "waiting" if request.is_open else "answered"
    if request.answer is not None and not request.answer.granted:
        state = f"declined: {_brief(request.answer.text)}"
    elif request.answer is not None and request.answer.link:
        state = clean(request.answer.link)
    elif request.answer is not None and request.ask.is_for_work:
        state = f"given: {_brief(request.answer.text)}" if request.answer.text else "given"
    ref = case_ref(request.opened)
    return f"#{ref}  {name}, {_WORDS[request.ask]}: {_brief(request.text)} ({state})"


def _brief(text: str) -> str:
    return clean(" ".join(text.split()))


def _shape(request: Request) -> dict[str, Any]:
    answer = request.answer
    return {
        "event": request.event,
        "ask": request.ask.value,
        "ref": case_ref(request.case),
        "case": str(request.case),
        "opened_ref": case_ref(request.opened),
        "opened": str(request.opened),
        "department": request.department,
        "origin": request.origin,
        "by": request.by,
        "at": shapes.at(request.at_ms),
        "text": request.text,
        "open": request.is_open,
        "drafts": [
            {
                "event": draft.event,
                "department": draft.department,
                "agent": draft.agent,
                "at": shapes.at(draft.at_ms),
                "text": draft.text,
                "outbox": draft.outbox,
                "comments": [comment.text for comment in draft.comments],
            }
            for draft in request.drafts
        ],
        "answer": None
        if answer is None
        else {
            "event": answer.event,
            "agent": answer.agent,
            "at": shapes.at(answer.at_ms),
            "granted": answer.granted,
            "text": answer.text,
            "outbox": answer.outbox,
            "template": str(answer.template.template) if answer.template else None,
            "link": answer.link or None,
        },
    }
