"""The command line as a program of its own, on a workspace full of attacks."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from app.container import Container, opened
from app.domain.clock import FakeClock
from app.domain.departments import CARE
from app.domain.ids import CaseId
from app.domain.interactions import Channel, IdentityFact, InteractionFact
from app.domain.replies import Draft
from app.domain.views import QueueName, QueueRef
from app.store import accounts, outbox
from app.store.keychain import Keychain
from app.store.opening import open_workspace
from tests.conftest import NOW
from tests.security.attacks import TEXTS
from tests.security.homes import Home
from tests.security.test_corpus_words import REORDERING
from tests.security.test_corpus_workspace import mastodon_post
from tests.store.building import person, take

FLOOD = "flood"
"""Who said all of it; the others said one thing each, under a name that is an attack too."""
_LONGEST = 1_000
_ODD = "\x1b]0;owned\x07\x1b[2J\u202egnp.exe"
_OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_SHORT = [one for one in TEXTS if len(one.text) <= _LONGEST]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Its workspace opens like the sample: without a passphrase, whose stretching takes time."""
    made = Home(tmp_path_factory.mktemp("hostile"))
    keychain, clock = Keychain(), FakeClock(NOW)
    open_workspace(made.workspace, keychain=keychain, clock=clock, sample=True).close()
    with opened(made.workspace) as container:
        _fill(container)
    return made


def _fill(container: Container) -> None:
    directory = container.services.directory
    directory.set_me("Ines Duarte", CARE).result()
    container.workspace.write(
        lambda tx: accounts.put_account(
            tx,
            channel=Channel.MASTODON,
            server="https://social.example",
            native_id="1",
            handle="@halden",
            display_name="Halden Coffee",
            avatar_url="",
            owner=CARE,
        )
    ).result()
    facts = [mastodon_post(one.text, number) for number, one in enumerate(_SHORT)]
    take(container.workspace, *facts, *(_by(person(FLOOD), fact) for fact in facts))
    queue = QueueRef(QueueName.ALL)
    rows = container.services.queues.page(queue, limit=1_000).result().rows
    assert len(rows) > len(_SHORT)
    refusals = [one for one in _SHORT if one.family in ("control", "direction")]
    for row, attack in zip(rows, refusals, strict=False):
        _refused(container, row.case, attack.text[:200])


def _by(author: IdentityFact, fact: InteractionFact) -> InteractionFact:
    return replace(fact, native_id=f"{fact.native_id}0", author=author, party=author)


def _refused(container: Container, case: CaseId, words: str) -> None:
    """A reply that quotes them and waits, because a service said these words of it."""
    item = container.services.replies.reply(case, Draft(f"You wrote: {words}")).result()
    container.workspace.write(lambda tx: outbox.hold(tx, item.id, error=words, hint=words)).result()


def _safe(text: str) -> str:
    """The text, when a terminal would show it and do nothing else."""
    found = _OBEYED.search(text)
    assert not found, f"{found[0]!r} in {text[max(0, found.start() - 40) : found.end() + 40]!r}"
    assert not REORDERING & set(text)
    return text


@pytest.mark.parametrize(
    ("words", "least"),
    [
        (("queue", "all", "--limit", "0"), len(_SHORT)),
        (("timeline", f"@{FLOOD}", "--limit", "0"), len(_SHORT)),
        (("customer", "list", "--limit", "0"), len(_SHORT)),
        (("search", "alert", "--limit", "500"), 5),
        (("outbox",), 20),
    ],
    ids=lambda given: given[0] if isinstance(given, tuple) else "",
)
def test_a_terminal_shows_attacks_and_obeys_none(
    home: Home, words: tuple[str, ...], least: int
) -> None:
    printed = home.ok(*words)
    assert len(_safe(printed.out).splitlines()) >= least
    assert printed.err == ""
    answered = home.ok(*words, "--json")
    assert answered.err == ""
    assert _count(json.loads(_safe(answered.out))) >= least


def _count(answer: Any) -> int:
    """The entries of a list, or of the longest of an answer of several."""
    lists = [answer] if isinstance(answer, list) else [*answer.values()]
    return max(len(one) for one in lists if isinstance(one, list))


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("timeline", _ODD), 1),
        (("queue", _ODD), 2),
        (("search", "--in", _ODD, "words"), 2),
    ],
    ids=["nobody", "no queue", "wrong use"],
)
def test_what_was_typed_comes_back_as_words(
    home: Home, words: tuple[str, ...], status: int
) -> None:
    done = home.seamline(*words)
    assert done.status == status
    assert done.out == ""
    assert _safe(done.err) != ""
    assert "Traceback" not in done.err
