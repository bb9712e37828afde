"""Pictures on their way into a message: pasted, dropped, described, taken off, made to fit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from app.connectors.base import Capabilities, Limits
from app.domain.errors import BadInput
from app.domain.interactions import Visibility
from app.ui.views.composer_attachments import AttachmentStrip
from app.ui.views.composer_pictures import read_picture
from tests.ui.composer_page import Page
from tests.ui.dialog_services import FakeServices, setup
from tests.ui.driving import child, click, focused, press, write


@pytest.fixture
def services() -> FakeServices:
    return FakeServices()


@pytest.fixture
def page(qtbot: QtBot, services: FakeServices) -> Page:
    return Page(qtbot, services)


def _paste(page: Page, fill: Callable[[QMimeData], None]) -> None:
    mime = QMimeData()
    fill(mime)
    assert page.edit.canInsertFromMimeData(mime)
    page.edit.insertFromMimeData(mime)


def test_a_pasted_picture_is_described_and_sent(page: Page, qtbot: QtBot) -> None:
    page.open()
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkCyan)
    _paste(page, lambda mime: mime.setImageData(image))
    name = "Description of Pasted picture.jpg"
    qtbot.waitUntil(
        lambda: any(f.accessibleName() == name for f in page.composer.findChildren(QLineEdit))
    )
    write(page.field(name), "A teal rectangle")
    page.type("Look")
    with qtbot.waitSignal(page.composer.sent):
        page.press_send()
    (attachment,) = page.sent_draft().attachments
    assert attachment.description == "A teal rectangle"
    assert attachment.mime == "image/jpeg"
    assert attachment.body.startswith(b"\xff\xd8")


def test_a_dropped_file_that_is_no_picture_is_refused_by_name(
    page: Page, qtbot: QtBot, tmp_path: Path
) -> None:
    page.open()
    file = tmp_path / "invoice.pdf"
    file.write_bytes(b"%PDF-1.7")
    _paste(page, lambda mime: mime.setUrls([QUrl.fromLocalFile(str(file))]))
    refusal = "“invoice.pdf” is not a picture that can be sent. Attach a JPEG, PNG, GIF or WebP."
    qtbot.waitUntil(lambda: page.strips == [refusal])


def test_a_picture_dropped_beside_the_text_is_taken_too(
    page: Page, qtbot: QtBot, tmp_path: Path
) -> None:
    page.open()
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.green)
    file = tmp_path / "leaf.png"
    assert image.save(str(file))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    corner = QPoint(30, page.composer.height() - 30)
    nothing = Qt.KeyboardModifier.NoModifier
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(corner, copy, mime, left, nothing)
    page.composer.dragEnterEvent(enter)
    assert enter.isAccepted()
    page.composer.dropEvent(QDropEvent(corner.toPointF(), copy, mime, left, nothing))
    qtbot.waitUntil(page.send.isEnabled)


def test_a_picture_is_taken_off_again(page: Page, qtbot: QtBot) -> None:
    page.open()
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    _paste(page, lambda mime: mime.setImageData(image))
    remove = "Remove Pasted picture.jpg"
    qtbot.waitUntil(
        lambda: any(b.accessibleName() == remove for b in page.composer.findChildren(QToolButton))
    )
    assert page.send.isEnabled(), "a picture alone can be sent"
    click(page.tool(remove))
    assert not page.send.isEnabled()


def test_pictures_are_described_and_taken_off_by_keys_alone(page: Page, qtbot: QtBot) -> None:
    page.open()
    page.services.replies.answers["composer"] = setup()
    page.edit.setFocus()
    for colour in (Qt.GlobalColor.red, Qt.GlobalColor.blue):
        image = QImage(8, 8, QImage.Format.Format_RGB32)
        image.fill(colour)
        _paste(page, lambda mime, image=image: mime.setImageData(image))  # type: ignore[misc]
    strip = child(page.composer, AttachmentStrip)
    qtbot.waitUntil(lambda: len(strip.pictures()) == 2)
    order = []
    for _ in range(7):
        press(Qt.Key.Key_Tab)
        order.append(focused().accessibleName())
    one = ["Pasted picture.jpg", "Description of Pasted picture.jpg", "Remove Pasted picture.jpg"]
    assert order == [*one, *one, "Guide"]
    for _ in range(5):
        press(Qt.Key.Key_Backtab)
    assert focused().accessibleName() == one[1], "the first picture’s description"
    write(focused(), "Red")
    press(Qt.Key.Key_Backtab)
    press(Qt.Key.Key_Delete)
    assert [p.attachment.description for p in strip.pictures()] == [""]
    assert focused().accessibleName() == one[0], "the other picture"
    press(Qt.Key.Key_Backspace)
    assert strip.pictures() == ()
    assert focused() is page.edit


@pytest.mark.parametrize(
    ("most", "sentence"),
    [
        (0, "Mastodon takes no pictures in a message. Send a link instead."),
        (1, "Mastodon takes one picture in a message. Send the others in another one."),
        (4, "Mastodon takes 4 pictures in a message. Send the others in another one."),
    ],
)
def test_a_channels_own_number_of_pictures_is_said(
    page: Page, tmp_path: Path, most: int, sentence: str
) -> None:
    page.services.replies.answers["composer"] = setup(
        capabilities=Capabilities(tuple(Visibility), max_attachments=most)
    )
    page.open()
    files = [QUrl.fromLocalFile(str(tmp_path / f"{n}.png")) for n in range(most + 1)]
    _paste(page, lambda mime: mime.setUrls(files))
    assert page.strips == [sentence]


def test_a_large_photograph_is_made_to_fit_and_loses_its_place(tmp_path: Path) -> None:
    image = QImage(1600, 1200, QImage.Format.Format_RGB32)
    for row in range(0, 1200, 3):
        for column in range(0, 1600, 5):
            image.setPixel(column, row, (row * 7919 + column * 104729) & 0xFFFFFF)
    path = tmp_path / "holiday.png"
    assert image.save(str(path))
    most = 120_000
    assert path.stat().st_size > most
    picture = read_picture(path, Limits(500, max_attachment_bytes=most)).result(timeout=30)
    assert len(picture.attachment.body) <= most
    assert picture.attachment.name == "holiday.jpg"
    assert picture.preview.width() == picture.preview.height() == 80


def test_a_file_that_went_away_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"“gone\.png” cannot be read"):
        read_picture(tmp_path / "gone.png", Limits(500)).result(timeout=30)
