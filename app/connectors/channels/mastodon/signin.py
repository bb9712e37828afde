"""Connecting a Mastodon account: with an access token, or through the browser (OAuth, PKCE)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlencode, urlsplit

import httpx

from app.connectors.base import Profile, SignIn
from app.connectors.channels.mastodon.api import Api, ScopeMissing, host_of
from app.connectors.channels.mastodon.loopback import Loopback
from app.connectors.channels.mastodon.shapes import Account, Application, Instance, Token
from app.connectors.http import SIGN_IN_FIRST, Elsewhere, server_url
from app.domain.errors import (
    AuthExpired,
    BadInput,
    ConnectorError,
    ContractBroken,
    Rejected,
    Unreachable,
)
from app.domain.interactions import Channel

SCOPES = ("read", "write")
_USED = (
    "read:accounts",
    "read:notifications",
    "read:search",
    "read:statuses",
    "write:favourites",
    "write:media",
    "write:statuses",
)
CLIENT_NAME = "Seamline"
_PATIENCE = 600.0
_LONGEST_REASON = 200


async def sign_in_with_token(
    server: str, token: str, *, transport: httpx.AsyncBaseTransport | None = None
) -> SignIn:
    """Connect with a token the person made in the server’s settings.

    Raises BadInput for an address that is no Mastodon server, AuthExpired for a token that is not
    accepted, Rejected for one that may too little, Unreachable without a connection.
    """
    base = server_url(server)
    token = token.strip()
    if not token or any(char.isspace() or not char.isprintable() for char in token):
        raise BadInput(
            "That is not an access token.",
            hint=f"Copy it from {host_of(base)}, Preferences, Development.",
        )
    api = Api(base, token, transport=transport)
    try:
        instance = await _instance(api)
        return await _identified(api, instance, granted=None)
    finally:
        await api.close()


async def sign_in_with_browser(
    server: str,
    open_browser: Callable[[str], None],
    *,
    patience: float = _PATIENCE,
    transport: httpx.AsyncBaseTransport | None = None,
) -> SignIn:
    """Connect by letting the person agree on the server’s own page.

    ``open_browser`` is called once with the address to open; cancel the coroutine to stop
    waiting, or it gives up after ``patience`` seconds. Raises as ``sign_in_with_token`` does, and
    Rejected when the person says no.
    """
    base = server_url(server)
    api = Api(base, "", transport=transport)
    try:
        instance = await _instance(api)
        state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        async with _listening(state) as loopback:
            app = await _registered(api, loopback.address)
            query = {
                "response_type": "code",
                "client_id": app.client_id,
                "redirect_uri": loopback.address,
                "scope": " ".join(SCOPES),
                "state": state,
                "code_challenge": _challenge(verifier),
                "code_challenge_method": "S256",
            }
            open_browser(f"{base}/oauth/authorize?{urlencode(query)}")
            code = await _agreed(loopback, api.host, patience)
            token = await _exchanged(api, app, code, loopback.address, verifier)
    finally:
        await api.close()
    signed = Api(base, token.access_token, transport=transport)
    try:
        return await _identified(signed, instance, granted=token.scope.split() or None)
    finally:
        await signed.close()


@asynccontextmanager
async def _listening(state: str) -> AsyncIterator[Loopback]:
    """The listener for the browser; Rejected where this computer allows none."""
    async with AsyncExitStack() as stack:
        try:
            loopback = await stack.enter_async_context(Loopback(state))
        except OSError as error:
            raise Rejected(
                "This computer does not let Seamline wait for the browser’s answer.",
                hint="Connect with an access token instead.",
            ) from error
        yield loopback


def _challenge(verifier: str) -> str:
    """RFC 7636, section 4.2: S256."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


async def _instance(api: Api) -> Instance:
    """What the server says of itself, or one sentence why it is none we can connect to."""
    not_one = BadInput(
        f"{api.host} is not a Mastodon server.",
        hint="Write the address of the server where the account was made, like mastodon.social.",
    )
    try:
        instance = await api.instance()
    except Unreachable as error:
        if _is_unknown_name(error):
            raise BadInput(
                f"There is no server called {api.host}.", hint="Check how it is spelled."
            ) from error
        raise
    except Elsewhere as error:
        not_one.hint = error.advice or not_one.hint
        raise not_one from error
    except (Rejected, ContractBroken, AuthExpired) as error:
        if isinstance(error, ContractBroken) and error.hint == SIGN_IN_FIRST:
            not_one.hint = f"{not_one.hint} {SIGN_IN_FIRST}"
        raise not_one from error
    if not (instance.domain or instance.uri):
        raise not_one
    return instance


def _is_unknown_name(error: BaseException) -> bool:
    """Whether the name itself does not exist, as opposed to a network that is down."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, socket.gaierror):
            return seen.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", -5))
        seen = seen.__cause__ or seen.__context__
    return False


async def _registered(api: Api, address: str) -> Application:
    try:
        response = await api.post(
            "/api/v1/apps",
            data={
                "client_name": CLIENT_NAME,
                "redirect_uris": address,
                "scopes": " ".join(SCOPES),
            },
        )
    except (Rejected, AuthExpired) as error:
        raise Rejected(
            f"{api.host} does not let a program ask for access.",
            reason=getattr(error, "reason", ""),
            hint="Connect with an access token instead.",
        ) from error
    app = api.http.decode(response, Application)
    if not app.client_id:
        raise ContractBroken(
            f"{api.host} registered Seamline without a client id.",
            hint="Connect with an access token instead.",
        )
    return app


async def _agreed(loopback: Loopback, host: str, patience: float) -> str:
    """The code that the browser brings back."""
    try:
        async with asyncio.timeout(patience):
            answer = await loopback.answer()
    except TimeoutError as error:
        raise Rejected(
            f"Nobody agreed on the page of {host} in time.", hint="Start connecting again."
        ) from error
    code = answer.get("code", "")
    if not code:
        raise Rejected(
            f"{host} did not let Seamline in.",
            reason=" ".join((answer.get("error_description") or answer.get("error", "")).split())[
                :_LONGEST_REASON
            ],
            hint="Start connecting again and choose to authorise.",
        )
    return code


async def _exchanged(api: Api, app: Application, code: str, address: str, verifier: str) -> Token:
    try:
        response = await api.post(
            "/oauth/token",
            data={
                "grant_type": "authorization_code",
                "code": code,
                "client_id": app.client_id,
                "client_secret": app.client_secret,
                "redirect_uri": address,
                "code_verifier": verifier,
                "scope": " ".join(SCOPES),
            },
        )
    except (Rejected, AuthExpired) as error:
        raise Rejected(
            f"{api.host} did not accept its own authorisation.",
            reason=getattr(error, "reason", ""),
            hint="Start connecting again.",
        ) from error
    return api.http.decode(response, Token)


async def _identified(api: Api, instance: Instance, *, granted: list[str] | None) -> SignIn:
    """Who the token belongs to, after seeing that it may do what Seamline does."""
    try:
        account = await api.read(Account, "/api/v1/accounts/verify_credentials")
    except ScopeMissing as error:
        raise _lacking(api.host, ["read:accounts"]) from error
    except AuthExpired as error:
        raise AuthExpired(
            f"{api.host} does not accept this access token.",
            hint="It may be revoked, or belong to another server; make a new one.",
        ) from error
    missing = _missing(granted if granted is not None else await _granted(api))
    if missing:
        raise _lacking(api.host, missing)
    domain = domain_of(instance, api.host)
    acct = account.acct if "@" in account.acct else f"{account.acct}@{domain}"
    profile = Profile(
        channel=Channel.MASTODON,
        server=api.server,
        native_id=f"{account.id}@{domain}",
        handle=f"@{acct}",
        display_name=account.display_name or account.username,
        avatar_url=account.avatar or "",
    )
    return SignIn(profile, {"token": api.token})


async def _granted(api: Api) -> list[str] | None:
    """The scopes of the token’s application; None where the server does not tell."""
    try:
        return (await api.read(Application, "/api/v1/apps/verify_credentials")).scopes
    except ConnectorError:
        return None


def _missing(granted: list[str] | None) -> list[str]:
    if not granted:
        return []
    return [one for one in _USED if one not in granted and one.partition(":")[0] not in granted]


def _lacking(host: str, missing: list[str]) -> Rejected:
    named = ", ".join(missing)
    return Rejected(
        f"The token from {host} lacks the scope {named}.",
        reason=named,
        hint="Make a token with the scopes read and write.",
    )


def domain_of(instance: Instance, host: str) -> str:
    """What the handles of this server’s people end in; not always the host that is asked."""
    told = instance.account_domain or instance.domain or instance.uri or host
    try:
        return (urlsplit(told).netloc if "://" in told else told).strip("/").lower()
    except ValueError:
        return host.lower()
