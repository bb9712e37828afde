"""The pictures of the timeline: which may be shown, which are here, and what became of the rest.

Everything here lives on the main thread and answers at once from what is known. A picture is asked
for when its place is first painted: what nobody scrolls to, and what lies under a content warning,
is never loaded.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from app.domain.changes import ChangeSet
from app.domain.errors import SeamlineError, Unreachable
from app.domain.ids import AccountId, PictureId, picture_id
from app.domain.interactions import Media
from app.domain.pictures import PictureChoice
from app.domain.views import InteractionItem
from app.ui.bridge import UiBridge
from app.ui.timeline.decoding import Place, placed, shrink, workers

if TYPE_CHECKING:
    # Only named here: the services bring SQLAlchemy along, which other threads import.
    from concurrent.futures import Future

    from app.domain.pictures import Thumbnail
    from app.services.pictures import AccountPictures, Loaded
    from app.services.services import Services

_MOST = 64
"""Pictures kept ready to be painted, at most some 1.4 MB each."""


class Plan(Enum):
    """How the pictures of a message stand in its row."""

    NAMED = auto()
    """Only their descriptions: nothing is to be loaded here."""
    OFFERED = auto()
    """Their descriptions, and the words that show them."""
    SHOWN = auto()


class Gallery(QObject):
    """What is known of the pictures, and the signals that it has changed."""

    replanned = Signal()
    """Rows with pictures may have other heights now."""
    arrived = Signal()
    """A picture came or failed: its row only has to be painted again."""
    troubled = Signal(str)
    """A picture that an agent asked for could not be loaded, and why."""

    def __init__(self, services: Services, bridge: UiBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures = services.pictures
        self._syncing = services.syncing
        self._bridge = bridge
        self._choices: Mapping[AccountId, AccountPictures] = {}
        self._held: set[PictureId] = set()
        self._asked: set[PictureId] = set()
        self._loading: set[PictureId] = set()
        self._troubles: dict[PictureId, str] = {}
        self._passing: set[PictureId] = set()
        """Those troubles that the way to the outside is to blame for."""
        self._unreached = 0
        self._ready: OrderedDict[tuple[PictureId, Place], QPixmap] = OrderedDict()
        self._placing: set[tuple[PictureId, Place]] = set()
        # Asked before the first page is: the reader answers in order, so that no row is laid out
        # without knowing what is here.
        bridge.ask(f"pictures-held-{id(self)}", self._pictures.held(), self._know_held)
        self._ask_choices()
        bridge.committed.connect(self._committed)
        bridge.connection_changed.connect(self._look_at_connection)

    # What the rows ask

    def plan(self, item: InteractionItem) -> Plan:
        """How the pictures of a message are to be laid out."""
        wanted = pictures_of(item)
        chosen = self._choices.get(item.account)
        if not wanted or chosen is None or not chosen.asks:
            return Plan.NAMED
        here = all(picture_id(media.url) in self._held for media in wanted)
        if chosen.choice is PictureChoice.NEVER or (item.deleted_ms is not None and not here):
            return Plan.NAMED
        if here or chosen.choice is PictureChoice.ALWAYS:
            return Plan.SHOWN
        known = self._held | self._asked
        asked = all(picture_id(media.url) in known for media in wanted)
        return Plan.SHOWN if asked else Plan.OFFERED

    def account_label(self, account: AccountId) -> str:
        """“@halden on Mastodon”."""
        chosen = self._choices.get(account)
        return chosen.label if chosen else ""

    def is_here(self, url: str) -> bool:
        return picture_id(url) in self._held

    def trouble(self, url: str) -> str:
        """Why a picture could not be loaded, in words; "" when it could, or is still coming."""
        return self._troubles.get(picture_id(url), "")

    def pixmap(self, account: AccountId, url: str, place: Place) -> QPixmap | None:
        """The picture ready to be painted; None while it is on its way, which this begins."""
        number = picture_id(url)
        ready = self._ready.get((number, place))
        if ready is not None:
            self._ready.move_to_end((number, place))
        elif number in self._held:
            self._put_in_place(number, url, place)
        elif number not in self._loading and number not in self._troubles:
            self._load(number, account, url)
        return ready

    # What the agent does

    def ask_for(self, item: InteractionItem) -> None:
        """Show the pictures of this one message."""
        self._asked.update(picture_id(media.url) for media in pictures_of(item))

    def try_again(self, url: str) -> None:
        """Forget that a picture could not be loaded: it is asked for when it is painted next."""
        number = picture_id(url)
        self._troubles.pop(number, None)
        self._asked.add(number)
        self.arrived.emit()

    # What is known

    def _look_at_connection(self) -> None:
        """When an account is reached again, so may be the pictures that were not."""
        connection = self._syncing.connection()
        before, self._unreached = self._unreached, len(connection.down) + (not connection.online)
        if self._unreached < before and self._passing:
            for number in self._passing:
                self._troubles.pop(number, None)
            self._passing.clear()
            self.arrived.emit()

    def _committed(self, changes: ChangeSet) -> None:
        if changes.accounts:
            self._ask_choices()

    def _ask_choices(self) -> None:
        topic = f"pictures-choices-{id(self)}"
        self._bridge.ask(topic, self._pictures.choices(), self._know_choices)

    def _know_choices(self, choices: Mapping[AccountId, AccountPictures]) -> None:
        if choices != self._choices:
            self._choices = choices
            self._troubles.clear()
            self._passing.clear()
            self.replanned.emit()

    def _know_held(self, held: frozenset[PictureId]) -> None:
        if held - self._held:
            self._held |= held
            self.replanned.emit()

    # Loading

    def _load(self, number: PictureId, account: AccountId, url: str) -> None:
        self._loading.add(number)
        loaded = self._pictures.load(account, url, shrink, asked=number in self._asked)
        self._bridge.ask("", loaded, partial(self._came, number), partial(self._failed, number))

    def _came(self, number: PictureId, loaded: Loaded) -> None:
        self._loading.discard(number)
        self._held.difference_update(loaded.gone)
        self._held.add(number)
        self.arrived.emit()

    def _failed(self, number: PictureId, error: SeamlineError) -> None:
        self._loading.discard(number)
        self._troubles[number] = error.message
        if isinstance(error, Unreachable):
            self._passing.add(number)
        if number in self._asked:
            self.troubled.emit(error.message)
        self.arrived.emit()

    def _put_in_place(self, number: PictureId, url: str, place: Place) -> None:
        if (number, place) in self._placing:
            return
        self._placing.add((number, place))
        made = workers().submit(_made_ready, self._pictures.kept(url), place)
        done = partial(self._placed, number, place)
        self._bridge.ask("", made, done, partial(self._not_placed, number, place))

    def _placed(self, number: PictureId, place: Place, image: QImage | None) -> None:
        self._placing.discard((number, place))
        if image is None:  # it had to make room for others, in another window of this program
            self._held.discard(number)
            self.replanned.emit()
            return
        self._ready[number, place] = QPixmap.fromImage(image)
        if len(self._ready) > _MOST:
            self._ready.popitem(last=False)
        self.arrived.emit()

    def _not_placed(self, number: PictureId, place: Place, error: SeamlineError) -> None:
        self._placing.discard((number, place))
        self._held.discard(number)
        self._failed(number, error)


def pictures_of(item: InteractionItem) -> tuple[Media, ...]:
    """The pictures among what came with a message; films and sound are never loaded."""
    return tuple(media for media in item.media if media.is_picture)


def _made_ready(kept: Future[Thumbnail | None], place: Place) -> QImage | None:
    """On a decoding thread: wait for the reader, then make the picture ready."""
    thumbnail = kept.result()
    return placed(thumbnail, place) if thumbnail is not None else None
