"""Signing in with a handle and an app password, at any personal data server."""

from __future__ import annotations

import base64
import socket
from urllib.parse import urlsplit

import httpx
import msgspec

from app.connectors.base import Profile, SignIn
from app.connectors.channels.bluesky.session import (
    ACCESS,
    APP_PASSWORD,
    PDS,
    REFRESH,
    Refused,
    create_session,
    failure,
    label_of,
    pds_of,
)
from app.connectors.channels.bluesky.shapes import ErrorBody, ProfilesAnswer, SessionAnswer
from app.connectors.channels.bluesky.shapes import Profile as ProfileView
from app.connectors.http import (
    SIGN_IN_FIRST,
    Elsewhere,
    Http,
    is_private,
    is_redirection,
    is_web_page,
    server_url,
)
from app.domain.errors import BadInput, ConnectorError, ContractBroken, SeamlineError, Unreachable
from app.domain.interactions import Channel

DEFAULT_SERVER = "https://bsky.social"
_NO_SUCH_HOST = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
_MAIN_PASSWORD = "com.atproto.access"  # noqa: S105 - a token’s scope, not a password
_ANSWERS_OF_A_BUSY_SERVER = frozenset({429, 502, 503, 504})
_ANSWERS_OF_SOMETHING_ELSE = frozenset({404, 405, 501})
# What comes along when a handle is copied: the sign before it, and invisible direction marks.
_AROUND_HANDLES = " \t\n\r@\u200b\u200e\u200f\u202a\u202c\u2066\u2068\u2069"
_HOW_TO_GET_ONE = (
    "Make an app password on Bluesky under Settings, Privacy and security, App passwords."
)


async def sign_in(
    server: str,
    handle: str,
    app_password: str,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
) -> SignIn:
    """Who the account is and what to keep for it.

    ``server`` as a person types it, "" for bsky.social; ``handle`` with or without the @, a DID or
    an e-mail address. The account’s main password works too, but is not kept: with it a person
    signs in again after 90 days of silence. Raises ``BadInput`` for what was typed wrong,
    ``Unreachable`` without a network, ``RateLimited`` after too many tries.
    """
    base = server_url(server or DEFAULT_SERVER)
    identifier = handle.strip(_AROUND_HANDLES)
    if not identifier or not app_password.strip():
        raise BadInput(
            "A handle and an app password are needed to sign in to Bluesky.",
            hint=_HOW_TO_GET_ONE,
        )
    http = Http(base, label=label_of(base), transport=transport)
    try:
        answer = await _session(http, base, identifier, app_password.strip())
        profile = await _profile(http, answer)
    finally:
        await http.close()
    secrets = {ACCESS: answer.access_jwt, REFRESH: answer.refresh_jwt}
    if _scope(answer.access_jwt) != _MAIN_PASSWORD:
        secrets[APP_PASSWORD] = app_password.strip()
    pds = _usable(pds_of(answer), base)
    if pds and pds != base:
        secrets[PDS] = pds
    return SignIn(
        Profile(
            channel=Channel.BLUESKY,
            server=base,
            native_id=answer.did,
            handle=f"@{answer.handle}",
            display_name=profile.display_name if profile else "",
            avatar_url=profile.avatar if profile else "",
        ),
        secrets,
    )


async def _session(http: Http, base: str, identifier: str, password: str) -> SessionAnswer:
    host = base.partition("://")[2]
    try:
        response = await create_session(http, identifier, password)
    except Unreachable as error:
        if _unknown_host(error):
            raise BadInput(
                f"There is no server called {host}.",
                hint="Check its spelling, or leave the server out for bsky.social.",
            ) from error
        raise
    if response.status_code == httpx.codes.OK:
        try:
            return http.decode(response, SessionAnswer)
        except ContractBroken as error:
            raise _not_a_server(host, response) from error
    try:
        body = msgspec.json.decode(response.content, type=ErrorBody)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        body = ErrorBody()
    if body.error == "AuthFactorTokenRequired":
        raise BadInput(
            f"{identifier} asks for a code by e-mail when its main password is used.",
            hint=_HOW_TO_GET_ONE,
        )
    if response.status_code == httpx.codes.UNAUTHORIZED and body.error == "AuthenticationRequired":
        raise BadInput(
            f"{host} does not know this handle with this app password.",
            hint=f"Check both, and that the account lives on {host}. {_HOW_TO_GET_ONE}",
        )
    if body.error == "InvalidRequest":
        raise BadInput(
            f"{host} cannot read “{identifier}” as a handle.",
            hint="Write it like name.bsky.social.",
        )
    known = response.status_code in _ANSWERS_OF_A_BUSY_SERVER or (
        body.error and response.status_code not in _ANSWERS_OF_SOMETHING_ELSE
    )
    if not known:
        raise _not_a_server(host, response)
    raise _not_let_in(failure(http, response))


def _not_let_in(problem: ConnectorError) -> ConnectorError:
    if isinstance(problem, Refused):
        problem.hint = "Sign in to Bluesky in a browser to see why."
    return problem


async def _profile(http: Http, answer: SessionAnswer) -> ProfileView | None:
    """The account’s name and picture: nice to have, so never a reason to fail."""
    try:
        response = await http.request(
            "GET",
            "/xrpc/app.bsky.actor.getProfiles",
            params={"actors": answer.did},
            headers={"Authorization": f"Bearer {answer.access_jwt}"},
        )
        if response.status_code != httpx.codes.OK:
            return None
        found = http.decode(response, ProfilesAnswer).profiles
    except ConnectorError:
        return None
    return found[0] if found else None


def _not_a_server(host: str, response: httpx.Response) -> BadInput:
    hint = "Leave the server out for bsky.social, or give the address of your own server."
    if is_redirection(response):
        hint = Elsewhere(host, response).advice or hint
    elif is_web_page(response):
        hint = f"{hint} {SIGN_IN_FIRST}"
    return BadInput(f"{host} is not a Bluesky server.", hint=hint)


def _unknown_host(error: Unreachable) -> bool:
    """Whether the name does not exist, which is another thing than having no network."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, socket.gaierror):
            return cause.errno in _NO_SUCH_HOST
        cause = cause.__cause__ or cause.__context__
    return False


def _usable(pds: str, base: str) -> str:
    """The server’s address if it is one we would take from a person too, else "".

    A server elsewhere must not send us into the network around us.
    """
    try:
        told = server_url(pds) if pds else ""
    except SeamlineError:
        return ""
    inside = [is_private(urlsplit(url).hostname or "") for url in (told, base)]
    return "" if inside == [True, False] else told


def _scope(token: str) -> str:
    """The scope an access token claims for itself; "" when it is opaque."""
    try:
        claims = base64.urlsafe_b64decode(token.split(".")[1] + "==")
        return str(msgspec.json.decode(claims, type=dict[str, object]).get("scope", ""))
    except (IndexError, ValueError, msgspec.DecodeError, RecursionError):
        return ""
