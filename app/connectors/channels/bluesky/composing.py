"""A message in the making: what may be sent, its marks, and its pictures."""

from __future__ import annotations

from typing import Any

from app.connectors.base import Length, Limits
from app.connectors.channels.bluesky.facets import (
    MAX_BYTES,
    MAX_GRAPHEMES,
    find_spans,
    grapheme_count,
)
from app.connectors.channels.bluesky.session import Session, changing_nothing
from app.connectors.channels.bluesky.shapes import BlobAnswer, HandleAnswer
from app.connectors.picture_size import pixel_size
from app.domain.errors import Rejected
from app.domain.interactions import Visibility
from app.domain.outbox import Attachment, OutboxItem

LIMITS = Limits(max_length=MAX_GRAPHEMES, max_attachment_bytes=1_000_000, max_description=2_000)
MAX_PICTURES = 4


def measure(text: str, limits: Limits) -> Length:
    """Graphemes used and left; when the bytes run out first, ``left`` says so by being negative."""
    used = grapheme_count(text)
    left = limits.max_length - used
    over = len(text.encode()) - MAX_BYTES
    return Length(used, min(left, -over) if over > 0 else left)


def check(item: OutboxItem) -> None:
    """Raises ``Rejected`` for a message that Bluesky would not take, or not as it is meant."""
    if item.visibility is not Visibility.PUBLIC or item.warning:
        raise Rejected(
            "Everything on Bluesky is public and without a content warning.",
            hint="Make the answer public, or write on another channel.",
        )
    length = measure(item.text, LIMITS)
    if not length.fits:
        raise Rejected(
            f"The message is longer than Bluesky takes ({MAX_GRAPHEMES} characters).",
            hint="Shorten it and send it again.",
        )
    if not item.text.strip() and not item.attachments:
        raise Rejected("The message is empty.", hint="Write something, or add a picture.")
    _check_pictures(item.attachments)


def _check_pictures(attachments: tuple[Attachment, ...]) -> None:
    if len(attachments) > MAX_PICTURES:
        raise Rejected(f"Bluesky takes {MAX_PICTURES} pictures in a post.", hint="Take some out.")
    for one in attachments:
        if not one.mime.startswith("image/"):
            raise Rejected(
                f"{one.name} is not a picture; this version sends pictures to Bluesky only.",
                hint="Take it out, or send a link to it.",
            )
        if len(one.body) > LIMITS.max_attachment_bytes:
            raise Rejected(
                f"{one.name} is larger than the 1 MB Bluesky takes.",
                hint="Make the picture smaller and attach it again.",
            )


async def facets_of(session: Session, text: str) -> list[dict[str, Any]]:
    """Mentions of handles that exist, links and hashtags; other @words stay plain text."""
    facets: list[dict[str, Any]] = []
    for span in find_spans(text):
        feature: dict[str, str] = {"$type": f"app.bsky.richtext.facet#{span.kind}"}
        match span.kind:
            case "link":
                feature["uri"] = span.value
            case "tag":
                feature["tag"] = span.value
            case _:
                did = await _resolve(session, span.value)
                if did is None:
                    continue
                feature["did"] = did
        facets.append(
            {"index": {"byteStart": span.start, "byteEnd": span.end}, "features": [feature]}
        )
    return facets


async def _resolve(session: Session, handle: str) -> str | None:
    try:
        answer = await session.get(
            "com.atproto.identity.resolveHandle", HandleAnswer, {"handle": handle}
        )
    except Rejected:
        return None
    return answer.did


async def upload(session: Session, attachments: tuple[Attachment, ...]) -> dict[str, Any]:
    """The pictures of a post as its embed, their bytes already at the server."""
    images: list[dict[str, Any]] = []
    for one in attachments:
        # The same bytes make the same blob, so that uploading again is harmless.
        with changing_nothing():
            answer = await session.post_bytes(
                "com.atproto.repo.uploadBlob", BlobAnswer, one.body, one.mime
            )
        image: dict[str, Any] = {"image": answer.blob, "alt": one.description}
        if ratio := pixel_size(one.body):
            image["aspectRatio"] = {"width": ratio[0], "height": ratio[1]}
        images.append(image)
    return {"$type": "app.bsky.embed.images", "images": images}
