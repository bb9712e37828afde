"""What profiles say of their owners: links and mail addresses."""

from __future__ import annotations

import time
from typing import Any

from app.connectors.channels.bluesky.facts import identity
from app.connectors.channels.bluesky.shapes import Profile
from app.connectors.channels.mastodon.facts import Translator
from app.connectors.channels.mastodon.shapes import Account, Field
from app.connectors.profiles import LONGEST, links_of_html, links_of_text, mails_of
from tests.connectors.mastodon_wire import PROFILE

_NOTE = (
    '<p>Roaster. <a href="https://okafor.example/?a=1&amp;b=2" rel="me">okafor.example</a>'
    ' With <span class="h-card"><a href="https://far.example/@kwame" class="u-url mention">'
    "@<span>kwame</span></a></span>, on"
    ' <a href="https://far.example/tags/coffee" class="mention hashtag">#coffee</a>,'
    ' or <a href="javascript:alert(1)">here</a></p>'
)


def test_links_are_those_of_anchors_but_of_no_mention_hashtag_or_script() -> None:
    assert links_of_html(_NOTE) == ("https://okafor.example/?a=1&b=2",)
    assert links_of_html("no anchor") == ()


def test_links_in_text_end_before_the_stop() -> None:
    text = "See https://okafor.example/a, (https://b.example/c) and https://okafor.example/a."
    assert links_of_text(text) == ("https://okafor.example/a", "https://b.example/c")


def test_a_mail_address_is_none_of_the_fediverse() -> None:
    assert mails_of("Write to Mira.O+x@Post.example or @mira@social.example.") == (
        "mira.o+x@post.example",
    )
    assert mails_of("<p>mira@<span>post.example</span></p>") == ("mira@post.example",)
    assert mails_of("a@b@c.example, @d@e.example") == ()


def test_a_hostile_profile_takes_no_time() -> None:
    began = time.process_time()
    for text in ("a." * 50_000 + "@", "a@" + "b." * 50_000, "<a " * 30_000, "@" * 90_000):
        mails_of(text)
        links_of_html(text)
        links_of_text(f"http://{text}")
    assert time.process_time() - began < 2
    assert links_of_text("x" * LONGEST + "https://late.example") == ()


def _account(**more: Any) -> Account:
    return Account(id="7", acct="mira@far.example", **more)


def test_mastodon_tells_which_links_it_has_checked() -> None:
    person = Translator(PROFILE).person(
        _account(
            note="<p>mira@post.example</p>",
            fields=[
                Field('<a href="https://okafor.example">okafor.example</a>', "2026-01-01"),
                Field('<a href="https://b.example">b</a>'),
                Field("Lagos"),
            ],
        )
    )
    assert person.links == ("https://okafor.example", "https://b.example")
    assert person.verified == ("https://okafor.example",)
    assert person.mails == ("mira@post.example",)


def test_who_says_nothing_of_themselves_tells_nothing() -> None:
    person = Translator(PROFILE).person(_account(note="<p>Hello</p>", fields=None))
    assert (person.links, person.verified, person.mails) == ((), (), ())


def test_bluesky_tells_what_the_description_says() -> None:
    person = identity(
        Profile("did:plc:a", "mira.example", description="https://okafor.example mira@post.example")
    )
    assert person.links == ("https://okafor.example",)
    assert person.mails == ("mira@post.example",)
