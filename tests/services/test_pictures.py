"""Loading pictures: nothing is asked before the choice, and only what is ours is kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from app.connectors.pictures import Fetched, PictureClient
from app.container import open_sample
from app.domain.errors import BadInput, NotFound, SeamlineError, Unreachable
from app.domain.ids import AccountId, picture_id
from app.domain.pictures import PictureChoice, Thumbnail
from app.services.accounts import Accounts
from app.services.pictures import Pictures
from app.store import accounts
from app.sync.network import NetworkThread
from tests.services.desk import Desk
from tests.store.building import ACCOUNT

URL = "https://pics.example/1.jpg"
SMALL = Thumbnail(b"small", "image/jpeg", 4, 3)


class CountingClient(PictureClient):
    """Answers with a picture, or fails; remembers who asked for what."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []
        self.failure: SeamlineError | None = None

    async def fetch(self, url: str, *, own: str = "") -> Fetched:
        self.asked.append((url, own))
        if self.failure is not None:
            raise self.failure
        return Fetched(b"large", "image/png", 4000, 3000)


@dataclass
class Shown:
    pictures: Pictures
    client: CountingClient
    accounts: Accounts
    shrunk: list[tuple[bytes, str]] = field(default_factory=list)

    def shrink(self, body: bytes, mime: str) -> Thumbnail:
        assert mime == "image/png"
        self.shrunk.append((body, threading.current_thread().name))
        return SMALL

    def load(self, *, asked: bool = False, account: AccountId = ACCOUNT) -> Thumbnail:
        return self.pictures.load(account, URL, self.shrink, asked=asked).result().picture

    def choose(self, choice: PictureChoice) -> None:
        self.accounts.set_pictures(ACCOUNT, choice).result()


@pytest.fixture
def shown(desk: Desk) -> Iterator[Shown]:
    network, client = NetworkThread(), CountingClient()
    nobody = cast("Any", None)
    held = Accounts(desk.workspace, desk.directory, nobody, network, nobody)
    yield Shown(Pictures(desk.workspace, network, lambda: client), client, held)
    network.stop()


def test_nothing_is_asked_before_anybody_chose(shown: Shown) -> None:
    with pytest.raises(BadInput, match="Pictures of @halden are not loaded"):
        shown.load()
    assert shown.client.asked == []
    assert shown.pictures.held().result() == frozenset()


def test_a_picture_asked_for_is_made_small_and_kept(shown: Shown) -> None:
    assert shown.load(asked=True) == SMALL
    assert shown.client.asked == [(URL, "https://social.example")]
    ((body, thread),) = shown.shrunk
    assert body == b"large"
    assert thread not in ("seamline-network", threading.current_thread().name)
    assert shown.pictures.held().result() == {picture_id(URL)}
    assert shown.pictures.kept(URL).result() == SMALL


def test_what_is_kept_is_not_asked_for_again(shown: Shown) -> None:
    shown.load(asked=True)
    shown.load(asked=True)
    assert len(shown.client.asked) == 1


def test_always_and_never_are_kept_with_the_account(shown: Shown) -> None:
    shown.choose(PictureChoice.ALWAYS)
    assert shown.load() == SMALL
    shown.choose(PictureChoice.NEVER)
    (chosen,) = shown.pictures.choices().result().values()
    assert (chosen.choice, chosen.label) == (PictureChoice.NEVER, "@halden on Mastodon")
    with pytest.raises(BadInput):
        shown.load(asked=True)


def test_an_account_that_is_not_there(shown: Shown) -> None:
    with pytest.raises(NotFound):
        shown.load(asked=True, account=AccountId(9))
    with pytest.raises(NotFound):
        shown.accounts.set_pictures(AccountId(9), PictureChoice.ALWAYS).result()


def test_the_choice_holds_for_a_removed_account_whose_messages_stay(
    shown: Shown, desk: Desk
) -> None:
    shown.choose(PictureChoice.ALWAYS)
    desk.workspace.write(lambda tx: accounts.remove_account(tx, ACCOUNT)).result()
    assert shown.pictures.choices().result()[ACCOUNT].choice is PictureChoice.ALWAYS


def test_a_failure_is_told_and_nothing_is_kept(shown: Shown) -> None:
    shown.client.failure = Unreachable("pics.example cannot be reached.")
    with pytest.raises(Unreachable, match="cannot be reached"):
        shown.load(asked=True)
    assert shown.pictures.held().result() == frozenset()
    shown.client.failure = None
    assert shown.load(asked=True) == SMALL


def test_a_picture_that_cannot_be_decoded_is_not_kept(shown: Shown) -> None:
    def shrink(_body: bytes, _mime: str) -> Thumbnail:
        raise BadInput("The picture is damaged.")

    with pytest.raises(BadInput, match="damaged"):
        shown.pictures.load(ACCOUNT, URL, shrink, asked=True).result()
    assert shown.pictures.held().result() == frozenset()


def test_the_sample_loads_nothing_and_offers_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fetch(_client: PictureClient, _url: str, **_more: str) -> Fetched:
        pytest.fail("the sample asked for a picture")

    monkeypatch.setattr(PictureClient, "fetch", fetch)
    container = open_sample(tmp_path / "sample")
    try:
        pictures = container.services.pictures
        chosen = pictures.choices().result()
        assert len(chosen) > 3
        assert not any(each.asks for each in chosen.values())
        for account in chosen:
            with pytest.raises(BadInput, match="sample"):
                pictures.load(account, URL, lambda _body, _mime: SMALL, asked=True).result()
            with pytest.raises(BadInput, match="sample"):
                container.services.accounts.set_pictures(account, PictureChoice.ALWAYS).result()
    finally:
        container.close()
