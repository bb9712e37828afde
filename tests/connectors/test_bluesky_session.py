"""Signing in and staying signed in, on a real Bluesky network."""

from __future__ import annotations

import asyncio

import pytest

from app.connectors.channels.bluesky import sign_in
from app.domain.errors import AuthExpired, BadInput
from tests.connectors.harness_bluesky import Keeper, connected, gather, pulled, wish
from tests.peers.bluesky_network import BlueskyNetwork

pytestmark = pytest.mark.peer


def test_sign_in_tells_who_it_is(bluesky_network: BlueskyNetwork) -> None:
    brand = bluesky_network.person("brand")
    brand.create("app.bsky.actor.profile", {"displayName": "Halden Coffee"}, key="self")
    password = brand.app_password()
    bluesky_network.settle()

    signed_in = asyncio.run(
        sign_in(f" {bluesky_network.pds}/ ", f" \u202a@{brand.handle}\u202c ", f" {password} ")
    )

    profile = signed_in.profile
    assert profile.native_id == brand.did
    assert profile.handle == f"@{brand.handle}"
    assert profile.display_name == "Halden Coffee"
    assert profile.server == bluesky_network.pds
    assert signed_in.secrets["app_password"] == password
    assert {"access", "refresh"} <= set(signed_in.secrets)


def test_the_main_password_works_but_is_not_kept(bluesky_network: BlueskyNetwork) -> None:
    brand = bluesky_network.person("brand")
    signed_in = asyncio.run(sign_in(bluesky_network.pds, brand.handle, brand.password))
    assert brand.password not in signed_in.secrets.values()


def test_a_wrong_password_or_handle_is_said(bluesky_network: BlueskyNetwork) -> None:
    brand = bluesky_network.person("brand")
    for handle, password in ((brand.handle, "wrong"), ("nobody.test", brand.password)):
        with pytest.raises(BadInput, match="does not know this handle") as caught:
            asyncio.run(sign_in(bluesky_network.pds, handle, password))
        assert "app password" in caught.value.hint
    with pytest.raises(BadInput, match="needed"):
        asyncio.run(sign_in(bluesky_network.pds, "@", "x"))


def test_the_appview_and_the_directory_are_no_servers_to_sign_in_to(
    bluesky_network: BlueskyNetwork,
) -> None:
    with pytest.raises(BadInput, match="is not a Bluesky server"):
        asyncio.run(sign_in(bluesky_network.appview, "brand.test", "x"))


def test_a_spent_token_is_exchanged_once_and_stored_before_it_is_used(
    bluesky_network: BlueskyNetwork,
) -> None:
    brand, alice = bluesky_network.people("brand", "alice")
    mention = alice.mention(brand, "hello")
    bluesky_network.settle()
    keeper = Keeper()

    async def run() -> None:
        spent = {"access": bluesky_network.expired(brand.token)}
        async with connected(bluesky_network, brand, secrets=spent, keeper=keeper) as bluesky:
            everything = await asyncio.gather(*(pulled(bluesky) for _ in range(6)))
            assert all(mention.uri in facts for facts, _ in everything)

    asyncio.run(run())
    [kept] = keeper.saved
    assert kept["access"] != brand.token
    assert "app_password" in kept


def test_a_spent_token_does_not_send_twice(bluesky_network: BlueskyNetwork) -> None:
    brand, alice = bluesky_network.people("brand", "alice")
    mention = alice.mention(brand, "hello")
    bluesky_network.settle()

    async def run() -> None:
        spent = {"access": bluesky_network.expired(brand.token)}
        async with connected(bluesky_network, brand, secrets=spent) as bluesky:
            await bluesky.send(wish(target=mention.uri, text="Hi"))

    asyncio.run(run())
    assert len(brand.posts()) == 1


@pytest.mark.parametrize("refresh", ["expired", "garbage"])
def test_without_a_good_refresh_token_the_app_password_signs_in_again(
    bluesky_network: BlueskyNetwork, refresh: str
) -> None:
    brand = bluesky_network.person("brand")
    keeper = Keeper()

    async def run() -> None:
        stale = {
            "access": bluesky_network.expired(brand.token),
            "refresh": bluesky_network.expired(brand.token) if refresh == "expired" else refresh,
        }
        async with connected(bluesky_network, brand, secrets=stale, keeper=keeper) as bluesky:
            await gather(bluesky.pull("notifications", cursor=None))

    asyncio.run(run())
    assert len(keeper.saved) == 1


def test_a_revoked_app_password_asks_the_person(bluesky_network: BlueskyNetwork) -> None:
    brand = bluesky_network.person("brand")

    async def run() -> None:
        async with connected(bluesky_network, brand) as bluesky:
            [made] = brand.get("com.atproto.server.listAppPasswords")["passwords"]
            brand.do("com.atproto.server.revokeAppPassword", {"name": made["name"]})
            spent = dict(bluesky.context.secrets)
            spent["access"] = bluesky_network.expired(spent["access"])
        context_secrets = spent
        async with connected(bluesky_network, brand, secrets=context_secrets) as again:
            with pytest.raises(AuthExpired, match=brand.handle) as caught:
                await gather(again.pull("notifications", cursor=None))
            assert "app password" in caught.value.hint
            assert not caught.value.reached

    asyncio.run(run())
