"""Pictures of messages: loaded once an agent has chosen so for the account, and kept, small.

Loading a picture tells whoever serves it that, when and from where the message is read. So the
choice is checked here, before anything is asked, and not only where it is offered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING

from app.domain.errors import BadInput, NotFound
from app.domain.ids import AccountId, PictureId, picture_id
from app.domain.pictures import PictureChoice, Thumbnail
from app.domain.records import dataclass
from app.services.accounts import Network
from app.store import accounts, pictures
from app.store.accounts import AccountRecord
from app.store.database import Workspace

if TYPE_CHECKING:  # httpx comes with it, which the first window does not wait for
    from app.connectors.pictures import PictureClient

Shrink = Callable[[bytes, str], Thumbnail]
"""Decodes a stranger’s picture of that MIME type and makes our own small one of it; BadInput when
it cannot. Called on a thread of its own."""


@dataclass(frozen=True, slots=True)
class AccountPictures:
    """What was chosen for an account, and what the account is called when one is asked.

    ``asks`` is False where there is nothing to choose: the sample has no outside.
    """

    choice: PictureChoice
    label: str
    asks: bool = True


@dataclass(frozen=True, slots=True)
class Loaded:
    """A picture that is kept now, and which others had to go for it."""

    picture: Thumbnail
    gone: tuple[PictureId, ...] = ()


def _picture_client() -> PictureClient:
    from app.connectors.pictures import PictureClient

    return PictureClient()


class Pictures:
    def __init__(
        self,
        workspace: Workspace,
        network: Network,
        client: Callable[[], PictureClient] = _picture_client,
    ) -> None:
        self._workspace = workspace
        self._network = network
        self._make_client = client
        self._client: PictureClient | None = None
        self._decoding = asyncio.Semaphore(1)
        """A stranger’s picture may take 160 MB while it is decoded: one at a time."""

    def choices(self) -> Future[Mapping[AccountId, AccountPictures]]:
        """What was chosen for every account there is or was."""

        def chosen(record: AccountRecord) -> AccountPictures:
            label = f"{record.handle} on {record.channel.label}"
            return AccountPictures(record.pictures, label, asks=not record.sample)

        return self._workspace.read(
            lambda conn: {record.id: chosen(record) for record in accounts.every_account(conn)}
        )

    def held(self) -> Future[frozenset[PictureId]]:
        """Which pictures are kept, and so show without any network."""
        return self._workspace.read(pictures.held_pictures)

    def kept(self, url: str) -> Future[Thumbnail | None]:
        """A picture as it is kept, None when it is not (any more)."""
        return self._workspace.read(partial(pictures.picture, number=picture_id(url)))

    def load(
        self, account: AccountId, url: str, shrink: Shrink, *, asked: bool = False
    ) -> Future[Loaded]:
        """Fetch a picture of a message of this account, and keep it.

        ``asked`` when an agent asked for this very one, which “ask” needs. BadInput inside when
        the choice forbids it; else what the client and ``shrink`` raise.
        """
        return self._network.submit(self._load(account, url, shrink, asked=asked))

    async def _load(self, account: AccountId, url: str, shrink: Shrink, *, asked: bool) -> Loaded:
        record = await asyncio.wrap_future(
            self._workspace.read(partial(accounts.account, number=account))
        )
        if record is None:
            raise NotFound("There is no such account.", hint="List the accounts.")
        _refuse_unless_chosen(record, asked=asked)
        number = picture_id(url)
        kept = await asyncio.wrap_future(self.kept(url))
        if kept is not None:
            return Loaded(kept)
        if self._client is None:
            self._client = self._make_client()
        fetched = await self._client.fetch(url, own=record.server)
        async with self._decoding:
            small = await asyncio.to_thread(shrink, fetched.body, fetched.mime)
        gone = await asyncio.wrap_future(
            self._workspace.write(lambda tx: pictures.put_picture(tx, number, small))
        )
        return Loaded(small, gone)


def _refuse_unless_chosen(record: AccountRecord, *, asked: bool) -> None:
    if record.sample:
        raise BadInput("The sample workspace loads nothing from outside.")
    if record.pictures is PictureChoice.NEVER or not (
        asked or record.pictures is PictureChoice.ALWAYS
    ):
        raise BadInput(
            f"Pictures of {record.handle} are not loaded.",
            hint="Choose otherwise under Accounts.",
        )
