"""``reply`` and ``outbox``: wishes to change the outside, and how far they have come."""

from __future__ import annotations

import mimetypes
import sys
from pathlib import Path

from app.cli import shapes
from app.cli.commands.adding import Add, Group
from app.cli.commands.cases import add_case_command
from app.cli.commands.queues import show_outbox
from app.cli.names import find_case
from app.cli.session import Session, WrongUse, wait
from app.domain.errors import BadInput, NotFound
from app.domain.ids import OutboxId, case_ref
from app.domain.interactions import Visibility
from app.domain.outbox import Attachment, OutboxItem
from app.domain.replies import Draft

_VISIBILITIES = {visibility.name.lower(): visibility for visibility in Visibility}


def add_to(add: Add, group: Group) -> None:
    reply = add_case_command(add, "reply", run_reply, "answer the customer’s latest message")
    reply.add_argument("--text", required=True, metavar="T", help="“-” reads standard input")
    reply.add_argument(
        "--visibility",
        choices=list(_VISIBILITIES),
        help="who may read it; as wide as what is answered when not given",
    )
    reply.add_argument("--warning", default="", metavar="TEXT", help="a content warning")
    reply.add_argument("--attach", action="append", default=[], type=Path, metavar="FILE")
    reply.add_argument(
        "--alt", action="append", default=[], metavar="TEXT", help="describes the picture"
    )
    reply.add_argument("--template", metavar="NAME", help="the template the text began with")
    reply.add_argument(
        "--promotion-reason",
        default="",
        metavar="WHY",
        help="why it may promote to a customer with an open case",
    )
    reply.add_argument(
        "--when-closed", action="store_true", help="keep it until the customer’s cases are closed"
    )
    outbox = group("outbox", "what has not left yet", show_outbox)
    outbox("list", show_outbox, "list it (also without a command)")
    for name, run, words in (
        ("retry", run_retry, "try a failed item again"),
        ("cancel", run_cancel, "withdraw an item that has not left"),
    ):
        outbox(name, run, words).add_argument(
            "item", metavar="ITEM", help="its id, or the beginning or end of it"
        )


def run_reply(session: Session) -> None:
    args = session.args
    attachments = _attachments(args.attach, args.alt)
    text = sys.stdin.read() if args.text == "-" else args.text
    if not text.strip() and not attachments:
        raise WrongUse("The reply is empty.", hint="Write it after --text.")
    case = find_case(session)
    templates = session.services.templates
    template = wait(templates.find(args.template)).now.use if args.template else None
    draft = Draft(
        text=text.strip(),
        visibility=_VISIBILITIES[args.visibility] if args.visibility else None,
        warning=args.warning,
        attachments=attachments,
        template=template,
        promotion_reason=args.promotion_reason,
    )
    if args.when_closed:
        kept = wait(session.services.replies.send_when_closed(case, draft))
        session.give(shapes.event(kept))
        session.say(f"Your reply on #{case_ref(case)} leaves when the case is closed.")
        return
    item = wait(session.services.replies.reply(case, draft))
    # The pause for second thoughts is the console's; here, ``outbox cancel`` has until the sync.
    item = wait(session.services.replies.send_now(item.id))
    session.give(shapes.outbox_item(item))
    session.say(f"Your reply on #{case_ref(case)} waits in the outbox for the next sync.")


def run_retry(session: Session) -> None:
    item = wait(session.services.replies.retry(_find_item(session)))
    session.give(shapes.outbox_item(item))
    session.say("It leaves with the next sync.")


def run_cancel(session: Session) -> None:
    item = wait(session.services.replies.discard(_find_item(session)))
    session.give(shapes.outbox_item(item))
    session.say("It is withdrawn.")


def _attachments(paths: list[Path], descriptions: list[str]) -> tuple[Attachment, ...]:
    if len(paths) != len(descriptions):
        raise WrongUse(
            "Every --attach needs its own --alt, in the same order.",
            hint="Say in --alt what the picture shows, for those who do not see it.",
        )
    return tuple(_attachment(path, alt) for path, alt in zip(paths, descriptions, strict=True))


def _attachment(path: Path, description: str) -> Attachment:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read: {error.strerror or error}.", hint="Name a picture file."
        ) from error
    mime = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Attachment(name=path.name, mime=mime, body=body, description=description)


def _find_item(session: Session) -> OutboxId:
    """The outbox item whose id is, begins or ends with what was typed."""
    wanted = session.args.item.strip().lower()
    items: list[OutboxItem] = [entry.item for entry in wait(session.services.queues.outbox())]
    alike = [item for item in items if item.id == wanted] or [
        item for item in items if item.id.startswith(wanted) or item.id.endswith(wanted)
    ]
    if not alike or not wanted:
        raise NotFound(
            f"Nothing in the outbox has the id “{session.args.item}”.",
            hint="“seamline outbox” lists what waits.",
        )
    if len(alike) > 1:
        raise BadInput(
            f"{len(alike)} items of the outbox have an id like “{session.args.item}”.",
            hint="Write more of it.",
        )
    return alike[0].id
