"""Pictures in the timeline: nothing before the choice, nothing moves, and looking closely."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from app.connectors.pictures import Fetched, PictureClient
from app.domain.clock import FakeClock
from app.domain.errors import Unreachable
from app.domain.ids import picture_id
from app.domain.interactions import Media
from app.domain.pictures import PictureChoice
from app.ui.dialogs.accounts import AccountsSheet
from app.ui.dialogs.parts import TextLabel
from app.ui.dialogs.picture import PictureSheet, file_name
from app.ui.runtime import prepare
from app.ui.timeline.decoding import Place, placed
from app.ui.timeline.drawing import Action
from app.ui.timeline.gallery import Gallery, Plan
from tests.services.desk import make_desk
from tests.store.building import ACCOUNT, said
from tests.ui.driving import button, child, click
from tests.ui.driving import said as stands
from tests.ui.picture_screen import PictureServer, Screen, near, png
from tests.ui.timeline_pages import touch

EVIL = "/..%2f..%2fetc%2fpasswd%00/con.png"


@pytest.fixture
def server() -> Iterator[PictureServer]:
    made = PictureServer()
    yield made
    made.stop()


@pytest.fixture
def screen(
    tmp_path: Path, clock: FakeClock, server: PictureServer, qtbot: QtBot
) -> Iterator[Screen]:
    prepare("light")
    folder = tmp_path / "workspace"
    folder.mkdir()
    desk = make_desk(folder, clock)
    made = Screen(desk, server, qtbot)
    yield made
    made.close()
    desk.workspace.close()


# Before and after the choice


def test_nothing_is_asked_for_before_an_agent_chose(screen: Screen) -> None:
    screen.take(screen.server.media("/a.png", "A tray"), screen.server.media("/b.png"))
    for _ in range(5):
        screen.painted()
    assert screen.gallery.plan(screen.message()) is Plan.OFFERED
    heard = str(screen.view.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole))
    assert "Picture: A tray, Picture without description" in heard
    assert screen.pictures.told == []
    assert screen.server.asked == []


def test_showing_one_message_loads_its_pictures_once_and_no_others(screen: Screen) -> None:
    server = screen.server
    screen.desk.take(
        said("2", "ada", "More", at=60, in_reply_to="1", root="1", media=(server.media("/c.png"),))
    )
    screen.take(server.media("/a.png", size=(640, 480)), server.media("/b.png"))
    screen.click(Action.SHOW_PICTURES)
    screen.wait_shown("/a.png")
    screen.wait_shown("/b.png")
    assert sorted(server.asked) == ["/a.png", "/b.png"]
    assert len(screen.spots(Action.SHOW_PICTURES)) == 1


def test_always_holds_for_the_account_from_then_on(screen: Screen) -> None:
    server = screen.server
    screen.desk.take(
        said("2", "ada", "More", at=60, in_reply_to="1", root="1", media=(server.media("/c.png"),))
    )
    screen.take(server.media("/a.png"))
    screen.click(Action.ALWAYS_PICTURES)
    screen.wait_shown("/a.png")
    screen.wait_shown("/c.png")
    (view,) = screen.accounts.list().result()
    assert view.pictures is PictureChoice.ALWAYS


def test_never_shows_not_even_what_is_kept(screen: Screen) -> None:
    screen.take(screen.server.media("/a.png"))
    screen.click(Action.SHOW_PICTURES)
    screen.wait_shown("/a.png")
    screen.choose(PictureChoice.NEVER)
    screen.wait(lambda: not screen.spots(Action.PICTURE))
    assert screen.gallery.plan(screen.message()) is Plan.NAMED
    assert not screen.spots(Action.SHOW_PICTURES)


def test_a_deleted_message_loads_nothing(screen: Screen) -> None:
    screen.choose(PictureChoice.ALWAYS)
    gallery = Gallery(screen.services, screen.bridge)
    media = screen.server.media("/a.png")
    item = touch(1, 0, media=(media,), account=ACCOUNT)
    screen.wait(lambda: gallery.plan(item) is Plan.SHOWN)
    gone = touch(1, 0, media=(media,), account=ACCOUNT, deleted_ms=1)
    assert gallery.plan(gone) is Plan.NAMED


def test_what_a_warning_hides_is_not_loaded(screen: Screen) -> None:
    screen.choose(PictureChoice.ALWAYS)
    screen.take(screen.server.media("/a.png"), warning="Burnt plastic")
    screen.painted()
    assert screen.pictures.told == []
    screen.canvas.unfold(screen.view.model.entry(0).key)
    screen.wait_shown("/a.png")


def test_what_is_out_of_sight_is_not_loaded(screen: Screen) -> None:
    screen.choose(PictureChoice.ALWAYS)
    facts = [
        said(f"{n}", "ada", f"Message {n}", at=n, in_reply_to="1" if n > 1 else None, root="1",
             media=(screen.server.media(f"/{n}.png", size=(640, 480)),))
        for n in range(1, 31)
    ]  # fmt: skip
    screen.desk.take(*facts)
    screen.open()
    screen.wait_shown("/30.png")
    assert 1 <= len(set(screen.pictures.told)) <= 5
    assert screen.server.base + "/1.png" not in screen.pictures.told


def test_of_a_row_that_is_partly_in_sight_only_the_pictures_in_sight_are_loaded(
    screen: Screen,
) -> None:
    screen.choose(PictureChoice.ALWAYS)
    screen.desk.take(
        said("1", "ada", "A line of many.\n" * 100, media=(screen.server.media("/a.png"),)),
        said("2", "ada", "And more.\n" * 60, at=60, in_reply_to="1", root="1"),
    )
    screen.open()
    screen.canvas.verticalScrollBar().setValue(0)
    screen.painted()
    assert screen.pictures.told == []
    screen.canvas.go_to(1, at_top=True)
    screen.canvas.verticalScrollBar().setValue(screen.canvas.verticalScrollBar().value() - 300)
    screen.wait_shown("/a.png")


# Nothing moves


@pytest.mark.parametrize("size", [(640, 480), (0, 0), (1, 60_000), (60_000, 1), (20, 20)])
def test_no_row_moves_when_a_picture_arrives_whatever_was_said_of_its_size(
    screen: Screen, size: tuple[int, int]
) -> None:
    screen.choose(PictureChoice.ALWAYS)
    server = screen.server
    server.hold.clear()
    facts = [
        said(f"{n}", "ada", f"Message {n}", at=n, in_reply_to="1" if n > 1 else None, root="1",
             media=(server.media(f"/{n}.png", size=size),))
        for n in range(1, 21)
    ]  # fmt: skip
    screen.desk.take(*facts)
    screen.open()
    bar = screen.canvas.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    screen.painted()
    screen.wait(lambda: bool(server.asked))
    before = [screen.canvas.y_of(row) for row in range(len(screen.view.model))]
    server.hold.set()
    screen.wait(lambda: len(screen.shown(QColor("#336699"))) >= 2)
    assert [screen.canvas.y_of(row) for row in range(len(screen.view.model))] == before


def test_pictures_are_made_ready_beside_the_main_thread_and_kept_by_pixel_ratio(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []

    def watched(thumbnail: Any, place: Place) -> QImage:
        threads.append(threading.current_thread().name)
        return placed(thumbnail, place)

    monkeypatch.setattr("app.ui.timeline.gallery.placed", watched)
    screen.take(screen.server.media("/a.png"))
    screen.click(Action.SHOW_PICTURES)
    screen.wait_shown("/a.png")
    url = screen.server.base + "/a.png"
    once, twice = Place(100, 60, 1.0), Place(200, 120, 2.0)
    for place in (once, twice):
        screen.wait(partial(screen.is_ready, url, place))
        pixmap = screen.gallery.pixmap(ACCOUNT, url, place)
        assert pixmap is not None
        assert (pixmap.width(), pixmap.devicePixelRatio()) == (place.width, place.ratio)
    assert len(threads) == 3
    assert all(name.startswith("seamline-pictures") for name in threads)


# What is kept, and what is not


def test_a_picture_that_is_kept_shows_without_its_server(screen: Screen) -> None:
    screen.take(screen.server.media("/a.png"))
    screen.click(Action.SHOW_PICTURES)
    screen.wait_shown("/a.png")
    screen.server.stop()
    screen.open()
    screen.wait_shown("/a.png")
    assert len(screen.server.asked) == 1


def test_nothing_is_written_but_the_workspace(
    screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    screen.take(screen.server.media(EVIL))
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    screen.click(Action.SHOW_PICTURES)
    screen.wait_shown(EVIL)
    after = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert after == before
    assert all(path.parent == tmp_path / "workspace" for path in after)


def test_a_failure_stands_in_the_place_in_words_and_a_click_tries_again(screen: Screen) -> None:
    media = screen.server.media("/a.png", "A tray")
    body = screen.server.bodies.pop("/a.png")
    screen.take(media)
    screen.click(Action.SHOW_PICTURES)
    screen.wait(lambda: screen.gallery.trouble(media.url) != "")
    assert screen.gallery.trouble(media.url) == "The picture is no longer at 127.0.0.1."
    height = screen.canvas.layout_of(0).height
    screen.painted()
    assert len(screen.server.asked) == 1, "a failure is not tried again by itself"
    screen.server.bodies["/a.png"] = body
    screen.click(Action.PICTURE)
    screen.wait_shown("/a.png")
    assert screen.canvas.layout_of(0).height == height


def test_offline_it_says_who_cannot_be_reached(screen: Screen) -> None:
    media = screen.server.media("/a.png")
    screen.server.stop()
    screen.take(media)
    screen.click(Action.SHOW_PICTURES)
    screen.wait(lambda: screen.gallery.trouble(media.url) == "127.0.0.1 cannot be reached.")


def test_what_could_not_be_reached_is_tried_again_with_the_connection(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_client: PictureClient, _url: str, **_more: str) -> Fetched:
        raise Unreachable("127.0.0.1 cannot be reached.")

    media, refused = screen.server.media("/a.png"), screen.server.media("/b.png")
    del screen.server.bodies["/b.png"]
    with monkeypatch.context() as patched:
        patched.setattr(PictureClient, "fetch", away)
        screen.take(media, refused)
        told: list[str] = []
        screen.gallery.troubled.connect(told.append)
        screen.become(online=False)
        screen.click(Action.SHOW_PICTURES)
        screen.wait(lambda: len(told) == 2)
    screen.become(online=True)
    screen.wait_shown("/a.png")
    screen.wait(lambda: "no longer" in screen.gallery.trouble(refused.url))
    screen.become(online=False)
    screen.become(online=True)
    screen.painted()
    assert screen.server.asked.count("/b.png") == 1, "what was refused stays refused"


def test_a_picture_that_had_to_go_is_offered_again(screen: Screen) -> None:
    media = screen.server.media("/a.png")
    screen.take(media)
    screen.click(Action.SHOW_PICTURES)
    screen.wait_shown("/a.png")
    number = picture_id(media.url)

    def drop(tx: Any) -> None:
        tx.conn.exec_driver_sql("DELETE FROM picture WHERE id = ?", (number,))

    screen.open()
    screen.desk.workspace.write(drop).result()
    assert screen.gallery.is_here(media.url)
    screen.canvas.resize(screen.canvas.width() - 40, screen.canvas.height())
    place = Place(33, 33, 1.0)
    assert screen.gallery.pixmap(ACCOUNT, media.url, place) is None
    screen.wait(lambda: screen.gallery.plan(screen.message()) is Plan.OFFERED)
    assert len(screen.server.asked) == 1


# By keyboard


def menu_of(screen: Screen) -> dict[str, Any]:
    """The menu that Enter opens on the first row: what it says, and the entry."""
    screen.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    screen.canvas.go_to(0)
    QTest.keyClick(screen.canvas, Qt.Key.Key_Return)
    menu = screen.view.findChildren(QMenu)[-1]
    found = {action.text(): action for action in menu.actions()}
    menu.hide()
    return found


def test_the_keyboard_alone_shows_and_opens_a_picture(screen: Screen) -> None:
    screen.take(screen.server.media("/a.png", "A tray"))
    entries = menu_of(screen)
    assert list(entries)[:2] == ["Show picture", "Always show pictures for @halden on Mastodon"]
    entries["Show picture"].trigger()
    screen.wait_shown("/a.png")
    menu_of(screen)["Look at picture"].trigger()
    sheet = screen.sheet()
    screen.wait(lambda: sheet.view.image is not None)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    screen.wait(lambda: not screen.window.findChildren(PictureSheet))


def test_a_sheet_tells_what_a_picture_shows_and_who_sent_it(screen: Screen) -> None:
    server = screen.server
    server.bodies["/b.png"] = png(colour="#993333")
    screen.take(server.media("/a.png", "A tray"), server.media("/b.png"))
    screen.click(Action.SHOW_PICTURES)
    screen.wait_shown("/a.png")
    screen.wait_shown("/b.png", "#993333")
    screen.click(Action.PICTURE)
    sheet = screen.sheet()
    screen.wait(lambda: sheet.view.image is not None)
    assert screen.canvas.tooltip_at(screen.middle_of("/a.png")) == "Picture: A tray"
    assert stands(sheet, "A tray")
    assert stands(sheet, "1 of 2")
    assert any(
        "Ada" in label.text() and "2026" in label.text() for label in sheet.findChildren(TextLabel)
    )
    QTest.keyClick(sheet, Qt.Key.Key_Right)
    screen.wait(lambda: sheet.view.image is not None)
    assert stands(sheet, "The sender gave no description.")
    assert sheet.view.image is not None
    assert near(sheet.view.image.pixelColor(50, 50), QColor("#993333"))
    assert len(server.asked) == 2, "looking closely asks nobody"


def opened(screen: Screen, path: str = "/a.png") -> PictureSheet:
    screen.take(screen.server.media(path))
    screen.click(Action.SHOW_PICTURES)
    screen.wait_shown(path)
    screen.click(Action.PICTURE)
    sheet = screen.sheet()
    screen.wait(lambda: sheet.view.image is not None)
    return sheet


def test_a_picture_is_saved_under_a_name_of_ours(
    screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suggested: list[str] = []

    def choose(_parent: object, _title: str, name: str, _kinds: str) -> tuple[str, str]:
        suggested.append(Path(name).name)
        return str(tmp_path / "saved.jpg"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    sheet = opened(screen, EVIL)
    click(button(sheet, "Save as…"))
    screen.wait(lambda: stands(sheet, "Saved as saved.jpg."))
    saved = QImage(str(tmp_path / "saved.jpg"))
    assert (tmp_path / "saved.jpg").stat().st_mode & 0o777 == 0o600
    assert (saved.width(), saved.height()) == (640, 480)
    (name,) = suggested
    assert name.startswith("Mastodon 2026-11-19 ")
    assert name.endswith(" picture 1.jpg")
    assert not set(name) & set('/\\:*?"<>|%')


def test_a_folder_that_cannot_be_written_is_named(
    screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = str(tmp_path / "missing" / "saved.jpg")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_words: (place, ""))
    sheet = opened(screen)
    sheet.submit()
    told = "saved.jpg could not be written: No such file or directory. "
    screen.wait(lambda: stands(sheet, told + "Choose another folder, then save again."))


def test_the_name_of_a_saved_picture_owes_nothing_to_the_outside() -> None:
    media = Media("https://x.example/../../etc/passwd%00.png", "image/png", "../../evil")
    name = file_name(touch(1, 0, media=(media,), handle="../../x", author="a/b"), 2)
    assert name.startswith("Mastodon 1970-01-01 ")
    assert Path(name).name == name


# The accounts sheet


def test_the_choice_can_be_changed_under_accounts(screen: Screen) -> None:
    screen.take(screen.server.media("/a.png"))
    sheet = AccountsSheet(screen.services, screen.bridge, screen.window)
    sheet.open()
    name = "Whether pictures of @halden are loaded"
    screen.wait(lambda: any(b.accessibleName() == name for b in sheet.findChildren(QComboBox)))
    box = child(sheet, QComboBox, name)
    assert box.currentText() == "Pictures: ask"
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentText() == "Pictures: always"
    screen.wait(lambda: screen.accounts.list().result()[0].pictures is PictureChoice.ALWAYS)
    sheet.close()
    screen.wait_shown("/a.png")
