"""Carrying out wishes on Mastodon, and finding out afterwards whether one arrived."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import httpx
import msgspec

from app.connectors.base import Delivered
from app.connectors.channels.mastodon.api import Api, Gone, ended
from app.connectors.channels.mastodon.counting import shortened
from app.connectors.channels.mastodon.facts import Post, Translator, id_order, read_posts, utc
from app.connectors.channels.mastodon.shapes import Attachment as Uploaded
from app.connectors.channels.mastodon.shapes import Status, is_present, status_decoder
from app.connectors.html import html_to_text
from app.domain.clock import Clock
from app.domain.errors import ConnectorError, ContractBroken, Rejected, Unreachable
from app.domain.interactions import InteractionFact, Kind, Visibility
from app.domain.outbox import Act, Attachment, OutboxItem

Sleep = Callable[[float], Awaitable[None]]

_NAMES = {
    Visibility.PUBLIC: "public",
    Visibility.UNLISTED: "unlisted",
    Visibility.FOLLOWERS: "private",
    Visibility.DIRECT: "direct",
}
_CLOCK_SKEW = timedelta(minutes=2)
"""How far our clock may be off, beyond what the server’s own time tells of it."""
_CLOCK_TROUBLE = timedelta(minutes=15)
"""How far it may have been off when the message left and been set right since: as far back our
posts are always read."""
_DOUBTFUL = timedelta(hours=26)
"""The same answer, older than our clock says but by less than this (a clock in a wrong time zone),
may be this one: only the agent can tell."""
_LOOKED_THROUGH = 5
_PROCESSING_POLLS = 60


class Sender:
    """Sends for one account; stateless between calls."""

    def __init__(
        self, api: Api, translator: Translator, *, clock: Clock, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._api = api
        self._translator = translator
        self._clock = clock
        self._sleep = sleep

    async def send(self, item: OutboxItem) -> Delivered:
        match item.act:
            case Act.REPLY:
                return await self._reply(item)
            case Act.LIKE:
                return await self._touch(item, "favourite", Kind.LIKE)
            case Act.BOOST:
                return await self._touch(item, "reblog", Kind.BOOST)
            case Act.DELETE:
                return await self._delete(item)

    def composed(self, item: OutboxItem) -> str:
        """The text that leaves: with the customer’s mention in front where the agent left it out.

        Without it the server would notify nobody, and a direct message would reach nobody.
        """
        text, acct = item.text.strip(), item.mention.strip().lstrip("@")
        if not acct:
            return text
        user, _, host = acct.partition("@")
        local = not host or host.lower() == self._translator.domain
        at_host = rf"(?:@{re.escape(self._translator.domain)})?" if local else f"@{re.escape(host)}"
        there = re.compile(rf"(?<![\w/@])@{re.escape(user)}{at_host}(?![\w@-]|\.\w)", re.IGNORECASE)
        if there.search(text):
            return text
        return f"@{user} {text}" if local else f"@{acct} {text}"

    async def _reply(self, item: OutboxItem) -> Delivered:
        wish: dict[str, object] = {
            "status": self.composed(item),
            "visibility": _NAMES[item.visibility],
        }
        if item.target:
            wish["in_reply_to_id"] = item.target
        if item.warning:
            wish["spoiler_text"] = item.warning
        if item.language:
            wish["language"] = item.language
        if item.attachments:
            with _nothing_sent():
                wish["media_ids"] = [await self._upload(one) for one in item.attachments]
        try:
            response = await self._api.post(
                "/api/v1/statuses", headers={"Idempotency-Key": item.record_key}, json=wish
            )
        except Gone as error:
            raise Rejected(
                "The post this answers is no longer there.",
                reason=error.reason,
                hint="Write to the customer in a new message instead.",
            ) from error
        post = self._decoded(response)
        return Delivered(post.id, self._translator.post(post))

    def _decoded(self, response: httpx.Response) -> Post:
        """Our post as the server answered; what cannot be read may have arrived nevertheless."""
        try:
            return Post(status_decoder.decode(response.content), response.content)
        except msgspec.DecodeError as error:
            raise ContractBroken(
                f"{self._api.host} took the message but its answer cannot be read.",
                detail=str(error),
                hint="It is looked up before anything is sent again.",
                reached=True,
            ) from error

    async def _upload(self, attachment: Attachment) -> str:
        """Upload a file and wait until the server has worked on it; returns its id."""
        try:
            response = await self._post_media("/api/v2/media", attachment)
        except Gone:
            response = await self._post_media("/api/v1/media", attachment)
        media = self._api.http.decode(response, Uploaded)
        if response.status_code != httpx.codes.ACCEPTED:
            return media.id
        for _ in range(_PROCESSING_POLLS):
            await self._sleep(1.0)
            state = await self._api.get(f"/api/v1/media/{media.id}")
            if state.status_code != httpx.codes.PARTIAL_CONTENT:
                return media.id
        raise Unreachable(
            f"{self._api.host} did not finish working on {attachment.name}.",
            hint="It is tried again by itself.",
            reached=False,
        )

    async def _post_media(self, path: str, attachment: Attachment) -> httpx.Response:
        try:
            return await self._api.post(
                path,
                files={"file": (attachment.name, attachment.body, attachment.mime)},
                data={"description": attachment.description} if attachment.description else {},
            )
        except Gone:
            raise
        except Rejected as error:
            said = f": {error.reason}" if error.reason else ""
            raise Rejected(
                ended(f"{self._api.host} does not take {attachment.name}{said}"),
                reason=error.reason,
                hint="Attach another file, or take it out.",
            ) from error

    async def _touch(self, item: OutboxItem, verb: str, kind: Kind) -> Delivered:
        response = await self._api.post(f"/api/v1/statuses/{item.target}/{verb}")
        post = self._decoded(response)
        inner = post.status
        if is_present(inner.reblog):
            inner = status_decoder.decode(inner.reblog)
        return self._touched(kind, inner)

    def _touched(self, kind: Kind, status: Status) -> Delivered:
        """Our like or boost as a fact."""
        party = self._translator.person(status.account)
        fact = self._translator.touch(
            kind, status, self._translator.own, self._clock.now(), party=party
        )
        return Delivered(fact.native_id, fact)

    async def _delete(self, item: OutboxItem) -> Delivered:
        """Delete our post, or take back a like or a boost; what is gone already is done."""
        kind, _, rest = item.target.partition(":")
        try:
            if kind in ("favourite", "reblog") and rest:
                path = f"/api/v1/statuses/{rest.partition(':')[0]}/un{kind}"
                response = await self._api.post(path)
            else:
                response = await self._api.delete(f"/api/v1/statuses/{item.target}")
        except Gone:
            return Delivered(item.target)
        # Whatever the service says of it, it must be the service: a network’s own page is not.
        self._api.http.decode(response, dict[str, msgspec.Raw])
        return Delivered(item.target)

    async def find_sent(self, item: OutboxItem) -> Delivered | None:
        """Whether the item has arrived, as the server shows it now."""
        match item.act:
            case Act.REPLY:
                fact = await self._find_reply(item)
                return Delivered(fact.native_id, fact) if fact else None
            case Act.LIKE | Act.BOOST:
                return await self._find_touch(item)
            case Act.DELETE:
                return Delivered(item.target) if await self._is_gone(item.target) else None

    async def _find_reply(self, item: OutboxItem) -> InteractionFact | None:
        """Our own recent post that answers the same and says the same.

        Servers other than Mastodon ignore the idempotency key, so this is the only proof.
        """
        earliest: datetime | None = None
        alike: Post | None = None
        riddles = 0
        wanted = _said(self.composed(item))
        path = f"/api/v1/accounts/{self._translator.own_id}/statuses"
        below: list[tuple[str, str]] = []
        for _ in range(_LOOKED_THROUGH):
            response = await self._api.get(path, [("limit", "40"), *below])
            if earliest is None:
                # The server dates our post by its own clock, which may be behind ours.
                behind = min(self._api.http.their_clock(response), timedelta(0))
                earliest = (item.attempted_at or item.created_at) + behind - _CLOCK_SKEW
            raws = self._api.http.decode(response, list[msgspec.Raw])
            posts = read_posts(raws)
            riddles += len(raws) - len(posts)
            for post in posts:
                status = post.status
                if (
                    utc(status.created_at) >= earliest - _DOUBTFUL
                    and (status.in_reply_to_id or "") == item.target
                    and len(status.media_attachments or ()) == len(item.attachments)
                    and _said(html_to_text(status.content or "")) == wanted
                ):
                    if utc(status.created_at) >= earliest:
                        return self._translator.post(post)
                    alike = alike or post
            lowest = min((utc(post.created_at) for post in posts), default=None)
            if lowest is None or lowest < earliest - _CLOCK_TROUBLE:
                self._doubt(riddles, alike)
                return None
            below = [("max_id", min((post.id for post in posts), key=id_order))]
        raise Unreachable(
            f"So much was posted since that {self._api.host} cannot tell whether this arrived.",
            hint="Look at the account in a browser.",
            reached=True,
        )

    def _doubt(self, riddles: int, alike: Post | None) -> None:
        """Raises where what was found does not prove that the message is absent."""
        if alike is not None:
            at = utc(alike.created_at).astimezone()
            raise ContractBroken(
                f"{self._api.host} shows the same answer from {at:%H:%M}, which may be this one.",
                hint="Look at the account in a browser.",
            )
        if riddles:
            raise ContractBroken(
                f"{self._api.host} shows a post that cannot be read, which may be this one.",
                hint="Look at the account in a browser.",
            )

    async def _find_touch(self, item: OutboxItem) -> Delivered | None:
        try:
            status = await self._api.read(Status, f"/api/v1/statuses/{item.target}")
        except Gone:
            return None
        kind = Kind.LIKE if item.act is Act.LIKE else Kind.BOOST
        done = status.favourited if kind is Kind.LIKE else status.reblogged
        return self._touched(kind, status) if done else None

    async def _is_gone(self, target: str) -> bool:
        kind, _, rest = target.partition(":")
        try:
            status = await self._api.read(
                Status, f"/api/v1/statuses/{rest.partition(':')[0] if rest else target}"
            )
        except Gone:
            return True
        if kind == "favourite":
            return not status.favourited
        if kind == "reblog":
            return not status.reblogged
        return False


@contextmanager
def _nothing_sent() -> Iterator[None]:
    """An upload that fails is never “perhaps sent”: without the post nobody sees the file."""
    try:
        yield
    except ConnectorError as error:
        error.reached = False
        raise


def _said(text: str) -> str:
    """What a text says, whatever a server made of its marks, spaces and mentions."""
    short = shortened(text).casefold()
    return re.sub(r"\W+", "", short) or "".join(short.split())
