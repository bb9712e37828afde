"""A timeline with pictures over a real workspace, a real client, and a server that counts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from app.domain.ids import AccountId, founding_customer
from app.domain.interactions import Media
from app.domain.pictures import PictureChoice
from app.domain.views import InteractionItem
from app.services.accounts import Accounts
from app.services.drifting import Drifting
from app.services.pictures import Loaded, Pictures, Shrink
from app.store import accounts
from app.sync.network import NetworkThread
from app.ui.bridge import UiBridge
from app.ui.dialogs.picture import PictureSheet
from app.ui.timeline.canvas import Content, TimelineCanvas
from app.ui.timeline.decoding import Place
from app.ui.timeline.drawing import Action, Spot
from app.ui.timeline.gallery import Gallery
from app.ui.views.timeline import TimelineView
from tests.services.desk import Desk
from tests.store.building import ACCOUNT, identity, said
from tests.ui.consoles import StillSyncing

if TYPE_CHECKING:
    from app.services.services import Services

ADA = founding_customer(identity("ada"))


def png(width: int = 640, height: int = 480, colour: str = "#336699") -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


class PictureServer:
    """Serves pictures on loopback and counts who asks."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.hold = threading.Event()
        self.hold.set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                outer.hold.wait(30)
                body = outer.bodies.get(self.path)
                self.send_response(200 if body else 404)
                self.send_header("content-length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_words: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def stop(self) -> None:
        if self._thread.is_alive():
            self.hold.set()
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    def media(self, path: str, description: str = "", size: tuple[int, int] = (0, 0)) -> Media:
        self.bodies.setdefault(path, png())
        return Media(self.base + path, "image/png", description, "", *size)


class WatchedPictures(Pictures):
    """Remembers at once what it was told to load, long before any server hears of it."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.told: list[str] = []

    def load(
        self, account: AccountId, url: str, shrink: Shrink, *, asked: bool = False
    ) -> Future[Loaded]:
        self.told.append(url)
        return super().load(account, url, shrink, asked=asked)


class Screen:
    """Ada’s timeline over a real workspace, a real client and a real server on loopback."""

    def __init__(self, desk: Desk, server: PictureServer, qtbot: QtBot) -> None:
        self.desk, self.server, self._qtbot = desk, server, qtbot
        self.network = NetworkThread()
        self.bridge = UiBridge()
        self.syncing = StillSyncing()
        self.syncing.on_change(self.bridge.announce_connection)
        self.stop = desk.workspace.on_commit(self.bridge.announce_commit)
        statuses = SimpleNamespace(status=lambda _account: None)
        self.accounts = Accounts(
            desk.workspace, desk.directory, cast("Any", None), self.network, cast("Any", statuses)
        )
        self.pictures = WatchedPictures(desk.workspace, self.network)
        self.services = cast(
            "Services",
            SimpleNamespace(
                timelines=desk.timelines, customers=desk.customers, cases=desk.cases,
                replies=desk.replies, directory=desk.directory, clock=desk.clock,
                accounts=self.accounts, pictures=self.pictures,
                syncing=self.syncing,
                drifting=Drifting(desk.workspace, desk.directory, desk.clock),
            ),
        )  # fmt: skip
        desk.workspace.write(
            lambda tx: accounts.update_account(tx, ACCOUNT, server=server.base)
        ).result()
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.window.resize(620, 700)
        self.window.show()

    def take(self, *pictures: Media, text: str = "Look", **more: Any) -> None:
        """One message of Ada’s with these pictures, and nothing else."""
        self.desk.take(said("1", "ada", text, media=pictures, **more))
        self.open()

    def open(self) -> None:
        self.view = TimelineView(self.services, self.bridge)
        self.window.setCentralWidget(self.view)
        self.view.show_customer(ADA, self.desk.only_case())
        self.wait(lambda: self.canvas.content is Content.ROWS)
        self.painted()

    @property
    def canvas(self) -> TimelineCanvas:
        return self.view.canvas

    @property
    def gallery(self) -> Gallery:
        return self.view.gallery

    def wait(self, until: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(until)

    def painted(self) -> QImage:
        """Everything as it is painted now, every event that was waiting handled."""
        QApplication.processEvents()
        return self.window.grab().toImage()

    def spots(self, action: Action) -> list[tuple[str, Spot]]:
        model = self.view.model
        return [
            (model.entry(row).key, spot)
            for row in range(len(model))
            for spot in self.canvas.layout_of(row).spots
            if spot.action is action
        ]

    def click(self, action: Action, number: int = 0) -> None:
        key, spot = self.spots(action)[number]
        at = spot.rect.center().toPoint()
        at += QPoint(0, self.canvas.y_of(self.view.model.row_of(key)))
        QTest.mouseClick(self.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)

    def message(self) -> InteractionItem:
        items = [entry.item for entry in self.view.model.entries]
        return next(item for item in items if isinstance(item, InteractionItem))

    def wait_shown(self, path: str, colour: str = "#336699") -> None:
        """Until the picture stands in the middle of its place, in its colour."""
        self.wait(lambda: path in self.shown(QColor(colour)))

    def shown(self, colour: QColor) -> list[str]:
        """The paths of the pictures in sight that are of a colour in the middle."""
        image = self.painted()
        return [
            path
            for path, at in self._middles()
            if image.rect().contains(at) and near(image.pixelColor(at), colour)
        ]

    def middle_of(self, path: str) -> QPoint:
        """The middle of a picture’s place in the pane."""
        return next(at for found, at in self._middles() if found == path)

    def _middles(self) -> list[tuple[str, QPoint]]:
        found: list[tuple[str, QPoint]] = []
        for key, spot in self.spots(Action.PICTURE):
            at = spot.rect.center().toPoint()
            at += QPoint(0, self.canvas.y_of(self.view.model.row_of(key)))
            found.append((spot.target.removeprefix(self.server.base), at))
        return found

    def is_ready(self, url: str, place: Place) -> bool:
        return self.gallery.pixmap(ACCOUNT, url, place) is not None

    def become(self, *, online: bool) -> None:
        """The network comes or goes, and the screen has heard of it."""
        with self._qtbot.waitSignal(self.bridge.connection_changed):
            self.syncing.become(online=online)

    def choose(self, choice: PictureChoice) -> None:
        self.accounts.set_pictures(ACCOUNT, choice).result()

    def sheet(self) -> PictureSheet:
        found = self.window.findChildren(PictureSheet)
        assert len(found) == 1
        return found[0]

    def close(self) -> None:
        self.stop()
        self.network.stop()


def near(a: QColor, b: QColor) -> bool:
    return all(
        abs(x - y) <= 6
        for x, y in ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    )
