"""Strangers’ files decoded: what becomes of them, what is refused, and the places they get."""

from __future__ import annotations

import zlib
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF
from PySide6.QtGui import QColor, QImage, QImageWriter
from PySide6.QtWidgets import QApplication

from app.connectors.picture_size import pixel_size
from app.domain.errors import BadInput
from app.domain.interactions import Media
from app.domain.pictures import Thumbnail
from app.domain.views import InteractionItem
from app.ui.theme.fonts import load_bundled
from app.ui.timeline.decoding import LONGEST, Place, placed, shrink
from app.ui.timeline.drawing import Action
from app.ui.timeline.entries import entry_of
from app.ui.timeline.frame import Frame
from app.ui.timeline.gallery import Gallery, Plan
from app.ui.timeline.picture_boxes import boxes
from app.ui.timeline.rows import lay_out
from tests.e2e.pictures import a_picture
from tests.ui import timeline_pages as pages

PLACE = "Somewhere private, 55.6 N"
MIMES = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp"}
GIF = bytes.fromhex(  # two frames of one pixel: the first red, the second blue
    "474946383961010001008000 00ff00000000ff 2c0000000001000100 000202440100"
    "2c00000000010001000002024c01003b".replace(" ", "")
)


@pytest.fixture(autouse=True)
def bundled_type(qapp: QApplication) -> None:
    load_bundled()


def encoded(image: QImage, form: str) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(form.encode()))
    writer.setText("Description", PLACE)
    assert writer.write(image)
    return bytes(buffer.data().data())


def plain(width: int, height: int, colour: str = "#336699") -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(QColor(colour))
    return image


def opened(thumbnail: Thumbnail) -> QImage:
    assert thumbnail.mime == "image/jpeg"
    image = QImage.fromData(thumbnail.body)
    assert not image.isNull()
    return image


@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
def test_every_kind_becomes_a_small_jpeg_of_ours(form: str) -> None:
    made = shrink(encoded(plain(2560, 1280), form), MIMES[form])
    assert (made.width, made.height) == (LONGEST, LONGEST // 2)
    image = opened(made)
    assert (image.width(), image.height()) == (made.width, made.height)
    assert image.pixelColor(5, 5).blue() == pytest.approx(0x99, abs=4)


def test_a_small_picture_is_not_enlarged() -> None:
    made = shrink(encoded(plain(64, 48), "png"), "image/png")
    assert (made.width, made.height) == (64, 48)


@pytest.mark.parametrize("form", ["png", "jpeg"])
def test_nothing_that_was_written_into_a_file_stays(form: str) -> None:
    body = encoded(plain(64, 48), form)
    assert PLACE.encode() in body
    made = shrink(body, MIMES[form])
    assert PLACE.encode() not in made.body
    assert not opened(made).textKeys()


def test_what_is_transparent_lies_on_white() -> None:
    made = shrink(encoded(plain(64, 48, "#00000000"), "png"), "image/png")
    assert opened(made).pixelColor(9, 9).lightness() > 250


def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    seen = opened(shrink(GIF, "image/gif")).pixelColor(0, 0)
    assert (seen.red() > 200, seen.blue() < 60) == (True, True)


def test_a_frame_larger_than_its_header_says_is_made_small_all_the_same() -> None:
    wide = bytearray(GIF)
    wide[6:10] = (1).to_bytes(2, "little") + (2049).to_bytes(2, "little")
    made = shrink(bytes(wide), "image/gif")
    assert max(made.width, made.height) <= LONGEST


PNG = a_picture(64, 48)
_HEAD = b"IHDR" + (50_000).to_bytes(4, "big") * 2 + PNG[24:29]
BOMB = PNG[:12] + _HEAD + zlib.crc32(_HEAD).to_bytes(4, "big") + PNG[33:]


@pytest.mark.parametrize(
    ("body", "mime"),
    [
        (b"", "image/png"),
        (PNG[:40], "image/png"),
        (PNG, "image/jpeg"),
        (BOMB, "image/png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "image/png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "image/svg+xml"),
        (PNG, "image/svg+xml"),
        (PNG, "image/tiff"),
        (b"\xff\xd8\xff\xe0" + bytes(500), "image/jpeg"),
        (GIF[:20], "image/gif"),
        (b"RIFF\xff\xff\xff\xffWEBPVP8X" + bytes(40), "image/webp"),
    ],
)
def test_a_broken_or_hostile_file_is_refused_in_words(body: bytes, mime: str) -> None:
    with pytest.raises(BadInput, match="picture"):
        shrink(body, mime)


def test_a_bomb_is_told_by_its_header_alone() -> None:
    assert pixel_size(BOMB) == (50_000, 50_000)
    with pytest.raises(BadInput, match="40 million pixels"):
        shrink(BOMB, "image/png")


@pytest.mark.parametrize("fills", [False, True])
@pytest.mark.parametrize("size", [(640, 480), (480, 1280), (1280, 3), (3, 1280), (1, 1)])
def test_a_picture_is_made_for_its_place(size: tuple[int, int], fills: bool) -> None:
    thumbnail = shrink(encoded(plain(*size), "png"), "image/png")
    shown = placed(thumbnail, Place(300, 200, 2.0, fills))
    assert (shown.width(), shown.height(), shown.devicePixelRatio()) == (300, 200, 2.0)
    middle = shown.pixelColor(150, 100)
    assert middle.blue() == pytest.approx(0x99, abs=6)
    assert shown.pixelColor(0, 0).alpha() == 0, "the corners are round"


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("size", [(0, 0), (640, 480), (1, 65_535), (65_535, 1), (9, 9)])
@pytest.mark.parametrize("room", [96.0, 250.0, 372.0, 700.0])
def test_places_stay_inside_the_bubble_and_beside_each_other(
    count: int, size: tuple[int, int], room: float
) -> None:
    media = Media("https://p.example/1.png", "image/png", "", "", *size)
    places = boxes([media] * count, room)
    assert len(places) == count
    assert all(QRectF(0, 0, room, 5_000).contains(place) for place in places)
    assert all(place.height() >= 90 for place in places)
    assert places[-1].bottom() <= 130 * 4 + 240
    overlaps = [(a, b) for n, a in enumerate(places) for b in places[:n] if a.intersects(b)]
    assert not overlaps


@given(st.sampled_from(["png", "jpeg", "webp", "gif"]), st.data())
@settings(max_examples=60)
def test_a_file_broken_anywhere_is_a_picture_or_refused(form: str, data: st.DataObject) -> None:
    body = bytearray(GIF if form == "gif" else encoded(plain(24, 16), form))
    for _ in range(data.draw(st.integers(1, 6))):
        body[data.draw(st.integers(4, len(body) - 1))] = data.draw(st.integers(0, 255))
    del body[data.draw(st.integers(len(body) // 2, len(body))) :]
    try:
        made = shrink(bytes(body), f"image/{form}")
    except BadInput:
        return
    assert max(made.width, made.height) <= LONGEST


class Offering:
    """A gallery that knows one account by a long name and has nothing of it."""

    def plan(self, _item: InteractionItem) -> Plan:
        return Plan.OFFERED

    def account_label(self, _account: object) -> str:
        return "@a.name.that.goes.on.and.on@and-on.social.example on Mastodon"


@pytest.mark.parametrize("width", [240, 320, 514, 900])
@pytest.mark.parametrize("count", [1, 3])
def test_the_offer_stays_inside_its_bubble(width: int, count: int) -> None:
    media = (Media("https://p.example/1.png", "image/png", "A tray"),) * count
    gallery = cast("Gallery", Offering())
    frame = Frame(pages.NAMES, width, pages.NOW_MS, gallery=gallery)
    layout = lay_out(entry_of(pages.touch(1, pages.NOW_MS, "Look", media=media)), frame)
    words = {spot.action: spot for spot in layout.spots}
    assert set(words) == {Action.SHOW_PICTURES, Action.ALWAYS_PICTURES}
    for spot in words.values():
        assert spot.rect.right() <= layout.frame.right()
        assert spot.rect.height() >= 24
