"""Channel discs: the channel's glyph in white on its colour, cached by pixel ratio."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap

from app.domain.interactions import Channel
from app.ui.theme import mirroring
from app.ui.theme.channel_paths import PATHS
from app.ui.theme.icons import rendered
from app.ui.theme.manager import theme

_TOKENS: Final = {Channel.EMAIL: "c-mail"}
_SHARE: Final = {
    Channel.YOUTUBE: 0.52,
    Channel.FACEBOOK: 0.66,
    Channel.EMAIL: 0.56,
    Channel.X: 0.52,
    Channel.LINKEDIN: 0.54,
}
"""How much of the disc the glyph takes, so that all look equally large; 0.6 otherwise."""
_ENVELOPE: Final = (
    '<path d="M4 7.5h16v11H4z" fill="none" stroke="{ink}" stroke-width="2.4"'
    ' stroke-linejoin="round"/><path d="m4.5 8 7.5 6 7.5-6" fill="none" stroke="{ink}"'
    ' stroke-width="2.4" stroke-linejoin="round" stroke-linecap="round"/>'
)


def colour_token(channel: Channel) -> str:
    return _TOKENS.get(channel, f"c-{channel.value}")


def channel_pixmap(channel: Channel, size: int, dpr: float = 1.0) -> QPixmap:
    """The disc of a channel, ``size`` logical pixels across, in the current theme."""
    return _disc(channel, size, dpr, theme().scheme)


def draw_channel(painter: QPainter, rect: QRectF, channel: Channel) -> None:
    """Paint the disc of a channel into the square ``rect``."""
    device = painter.device()
    dpr = device.devicePixelRatio() if device else 1.0
    image = channel_pixmap(channel, int(rect.width()), dpr)
    if mirroring.is_mirrored(painter):
        with mirroring.upright(painter, rect.center().x()):
            painter.drawPixmap(rect, image, QRectF(image.rect()))
    else:
        painter.drawPixmap(rect, image, QRectF(image.rect()))


@lru_cache(maxsize=256)
def _disc(channel: Channel, size: int, dpr: float, _scheme: str) -> QPixmap:
    colours = theme()
    ground = colours.colour(colour_token(channel)).name()
    ink = colours.colour("c-x-on").name() if channel is Channel.X else "#ffffff"
    share = _SHARE.get(channel, 0.6)
    shape = (
        _ENVELOPE.format(ink=ink)
        if channel is Channel.EMAIL
        else f'<path fill="{ink}" d="{PATHS[channel.value]}"/>'
    )
    inset = 12 * (1 - share)
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
        f'<circle cx="12" cy="12" r="12" fill="{ground}"/>'
        f'<g transform="translate({inset} {inset}) scale({share})">{shape}</g></svg>'
    )
    return rendered(svg, size, dpr)
