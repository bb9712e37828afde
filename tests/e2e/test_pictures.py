"""A picture on a real server: named until an agent asks for it, then kept and shown without it."""

from __future__ import annotations

import pytest

from app.container import Container
from app.domain.errors import BadInput
from app.domain.outbox import Attachment
from app.domain.replies import Draft
from app.domain.views import InteractionItem, QueueName, QueueRef
from app.ui.timeline.decoding import shrink
from tests.e2e.pictures import a_picture
from tests.e2e.towns import MastodonTown
from tests.peers.mastodon import MastodonServer

pytestmark = pytest.mark.peer

_DEADLINE_S = 60.0


def test_a_picture_comes_from_the_accounts_own_server_when_it_is_asked_for(
    container: Container, mastodon: MastodonServer
) -> None:
    services, town = container.services, MastodonTown(mastodon)
    town.connect(services)
    town.mention("ada", "Which button?")
    town.settle()
    services.syncing.once().result(_DEADLINE_S)
    (row,) = services.queues.page(QueueRef(QueueName.ALL)).result().rows
    attached = Attachment("b.png", "image/png", a_picture(40, 30), "A blue button")
    reply = services.replies.reply(row.case, Draft("This one", attachments=(attached,))).result()
    services.replies.send_now(reply.id).result()
    services.syncing.once().result(_DEADLINE_S)

    items = services.timelines.page(row.customer).result().items
    (sent,) = [item for item in items if isinstance(item, InteractionItem) and item.media]
    (media,) = sent.media
    assert media.description == "A blue button"
    assert media.is_picture
    with pytest.raises(BadInput, match="not loaded"):
        services.pictures.load(sent.account, media.url, shrink).result()
    loaded = services.pictures.load(sent.account, media.url, shrink, asked=True).result()
    assert (loaded.picture.width, loaded.picture.height) == (40, 30)
    assert services.pictures.kept(media.url).result() == loaded.picture
