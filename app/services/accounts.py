"""Connecting accounts, and what each of them is asked to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, Protocol, TypeVar

from app.connectors.base import SignIn
from app.connectors.registry import connectable
from app.domain.errors import BadInput, NotFound
from app.domain.ids import AccountId, DepartmentId, account_id
from app.domain.interactions import Channel
from app.domain.pictures import PictureChoice
from app.domain.views import AccountStatus, AccountView, SavedSearch
from app.services.account_views import view_of
from app.services.directory import Directory
from app.store import accounts
from app.store.accounts import AccountRecord
from app.store.database import Connection, Tx, Workspace
from app.store.vault import Vault

T = TypeVar("T")

_DEFAULT_OWNER = {Channel.EMAIL: DepartmentId("care")}
_USUAL_OWNER = DepartmentId("pr")
_QUERY_LENGTH = 200


class Network(Protocol):
    """Where coroutines run."""

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start ``work`` on the network thread; cancelling the future stops it."""
        ...


class Statuses(Protocol):
    """Who knows how the accounts are doing."""

    def status(self, account: AccountId) -> AccountStatus | None:
        """The present state; None for an account nothing was tried with yet."""
        ...


class Accounts:
    def __init__(
        self,
        workspace: Workspace,
        directory: Directory,
        vault: Vault,
        network: Network,
        statuses: Statuses,
    ) -> None:
        self._workspace = workspace
        self._directory = directory
        self._vault = vault
        self._network = network
        self._statuses = statuses

    def list(self) -> Future[tuple[AccountView, ...]]:
        """The connected accounts, oldest first."""
        return self._workspace.read(
            lambda conn: tuple(self._view(record) for record in accounts.all_accounts(conn))
        )

    def connectable(self) -> tuple[Channel, ...]:
        return connectable()

    def connect_mastodon_token(self, server: str, token: str) -> Future[AccountView]:
        """Connect with an access token made in the server's settings."""

        async def sign_in() -> SignIn:
            from app.connectors.channels.mastodon.signin import sign_in_with_token

            return await sign_in_with_token(server, token)

        return self._connect(sign_in)

    def connect_mastodon_oauth(
        self, server: str, open_browser: Callable[[str], None]
    ) -> Future[AccountView]:
        """Connect by agreeing on the server's own page; cancel the future to stop waiting."""

        async def sign_in() -> SignIn:
            from app.connectors.channels.mastodon.signin import sign_in_with_browser

            return await sign_in_with_browser(server, open_browser)

        return self._connect(sign_in)

    def connect_bluesky(self, server: str, handle: str, app_password: str) -> Future[AccountView]:
        """Connect with an app password; ``server`` "" for bsky.social."""

        async def sign_in() -> SignIn:
            from app.connectors.channels.bluesky.signin import sign_in as bluesky_sign_in

            return await bluesky_sign_in(server, handle, app_password)

        return self._connect(sign_in)

    def remove(self, account: AccountId) -> Future[None]:
        """Disconnect, and forget its sign-in; what was said stays in the timelines."""

        def op(tx: Tx) -> None:
            _present(tx.conn, account)
            accounts.remove_account(tx, account)

        async def run() -> None:
            await asyncio.wrap_future(self._workspace.write(op))
            await asyncio.to_thread(self._vault.delete, account)

        return self._network.submit(run())

    def resolve(self, text: str) -> Future[AccountId]:
        """An account as typed: its number, or a handle only one account has."""
        typed = text.strip()

        def look(conn: Connection) -> AccountId:
            held = accounts.all_accounts(conn)
            wanted = typed.lstrip("@").casefold()
            found = [
                record
                for record in held
                if typed == str(record.id) or record.handle.lstrip("@").casefold() == wanted
            ]
            if len(found) == 1:
                return found[0].id
            known = ", ".join(f"{r.handle} ({r.channel.label}, {r.id})" for r in held) or "none"
            if found:
                raise BadInput(
                    f"Several accounts are called “{typed}”.", hint=f"Name one by number: {known}."
                )
            raise NotFound(f"There is no account “{typed}”.", hint=f"Connected: {known}.")

        return self._workspace.read(look)

    def set_owner(self, account: AccountId, department: DepartmentId) -> Future[None]:
        """Which department answers what comes in on this account, from now on."""
        self._directory.department(department)

        def op(tx: Tx) -> None:
            _present(tx.conn, account)
            accounts.update_account(tx, account, owner=department)

        return self._workspace.write(op)

    def set_pictures(self, account: AccountId, choice: PictureChoice) -> Future[None]:
        """Whether pictures of this account’s messages are loaded, from now on."""

        def op(tx: Tx) -> None:
            if _present(tx.conn, account).sample:
                raise BadInput(
                    "The sample workspace loads nothing from outside.",
                    hint="Connect an account of your own first.",
                )
            accounts.update_account(tx, account, pictures=choice.value)

        return self._workspace.write(op)

    def searches(self) -> Future[tuple[SavedSearch, ...]]:
        return self._workspace.read(accounts.saved_searches)

    def add_search(
        self, account: AccountId, query: str, department: DepartmentId
    ) -> Future[SavedSearch]:
        """Listen: finds of these words or #hashtags enter the department's reach-out queue."""
        clean = " ".join(query.split())
        if not clean or len(clean) > _QUERY_LENGTH:
            raise BadInput(
                "A saved search needs words or a hashtag.", hint="Write for example #haldencoffee."
            )
        self._directory.department(department)

        def op(tx: Tx) -> SavedSearch:
            _present(tx.conn, account)
            for held in accounts.saved_searches(tx.conn):
                if held.account == account and held.query.casefold() == clean.casefold():
                    raise BadInput(f"“{clean}” is listened for already.")
            return accounts.add_search(tx, account, clean, department)

        return self._workspace.write(op)

    def remove_search(self, search: int) -> Future[None]:
        def op(tx: Tx) -> None:
            if not accounts.remove_search(tx, search):
                raise NotFound("There is no such saved search.", hint="List them first.")

        return self._workspace.write(op)

    def _connect(self, sign_in: Callable[[], Coroutine[Any, Any, SignIn]]) -> Future[AccountView]:
        if self._directory.is_sample():
            raise BadInput(
                "The sample workspace connects to nothing.",
                hint="Make a workspace of your own first.",
            )

        async def run() -> AccountView:
            signed = await sign_in()
            profile = signed.profile
            number = account_id(profile.channel, profile.server, profile.native_id)
            # The secrets first: an account without them could do nothing.
            await asyncio.to_thread(self._vault.set, number, signed.secrets)
            record = await asyncio.wrap_future(
                self._workspace.write(
                    lambda tx: accounts.put_account(
                        tx,
                        channel=profile.channel,
                        server=profile.server,
                        native_id=profile.native_id,
                        handle=profile.handle,
                        display_name=profile.display_name,
                        avatar_url=profile.avatar_url,
                        owner=_DEFAULT_OWNER.get(profile.channel, _USUAL_OWNER),
                    )
                )
            )
            return self._view(record)

        return self._network.submit(run())

    def _view(self, record: AccountRecord) -> AccountView:
        return view_of(record, self._statuses.status(record.id))


def _present(conn: Connection, account: AccountId) -> AccountRecord:
    record = accounts.account(conn, account)
    if record is None:
        raise NotFound("There is no such account.", hint="List the accounts.")
    return record
