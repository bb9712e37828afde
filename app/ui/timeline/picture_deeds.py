"""What an agent does with the pictures of a message: show them, look closely, try again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.interactions import Media
from app.domain.pictures import PictureChoice
from app.domain.views import InteractionItem
from app.ui.bridge import UiBridge
from app.ui.dialogs.parts import announce
from app.ui.timeline.canvas import TimelineCanvas
from app.ui.timeline.drawing import Action, Spot
from app.ui.timeline.entries import Entry
from app.ui.timeline.gallery import Gallery, Plan, pictures_of
from app.ui.timeline.menu import PictureEntry

if TYPE_CHECKING:
    # Only named here: the services bring SQLAlchemy along, which other threads import.
    from app.services.services import Services


class PictureDeeds:
    def __init__(
        self, services: Services, bridge: UiBridge, gallery: Gallery, canvas: TimelineCanvas
    ) -> None:
        self._services = services
        self._bridge = bridge
        self._gallery = gallery
        self._canvas = canvas
        gallery.troubled.connect(partial(announce, canvas))

    def clicked(self, entry: Entry, item: InteractionItem, spot: Spot) -> None:
        """A place in a row of pictures was clicked."""
        match spot.action:
            case Action.SHOW_PICTURES:
                self.show(entry, item)
            case Action.ALWAYS_PICTURES:
                self.show_always(entry, item)
            case Action.PICTURE:
                self.look_at(item, spot.target)
            case _:
                pass

    def offered(self, entry: Entry) -> tuple[PictureEntry, ...]:
        """The entries of a row's menu; its pictures under a folded warning are not offered."""
        item = entry.item
        if not isinstance(item, InteractionItem) or not self._canvas.shows_pictures(entry.key):
            return ()
        pictures = pictures_of(item)
        match self._gallery.plan(item):
            case Plan.OFFERED:
                label = self._gallery.account_label(item.account)
                show = "Show picture" if len(pictures) == 1 else f"Show {len(pictures)} pictures"
                return (
                    PictureEntry(show, "image", partial(self.show, entry, item)),
                    PictureEntry(
                        f"Always show pictures for {label}",
                        "images",
                        partial(self.show_always, entry, item),
                    ),
                )
            case Plan.SHOWN:
                return tuple(self._closer(item, media, n) for n, media in enumerate(pictures, 1))
            case _:
                return ()

    def _closer(self, item: InteractionItem, media: Media, number: int) -> PictureEntry:
        which = f" {number}" if len(pictures_of(item)) > 1 else ""
        deed = partial(self.look_at, item, media.url)
        if self._gallery.trouble(media.url):
            return PictureEntry(f"Retry picture{which}", "rotate-cw", deed)
        return PictureEntry(f"Look at picture{which}", "image", deed)

    def show(self, entry: Entry, item: InteractionItem) -> None:
        """Load the pictures of this one message."""
        self._gallery.ask_for(item)
        self._canvas.lay_out_again(entry.key)

    def show_always(self, entry: Entry, item: InteractionItem) -> None:
        """Load them, and those of all messages of this account, until that is changed."""
        self.show(entry, item)
        chosen = self._services.accounts.set_pictures(item.account, PictureChoice.ALWAYS)
        self._bridge.act(chosen)

    def look_at(self, item: InteractionItem, url: str) -> None:
        """Open a picture that is here; try again where it could not be loaded."""
        if self._gallery.trouble(url):
            self._gallery.try_again(url)
        elif self._gallery.is_here(url):
            from app.ui.dialogs.picture import PictureSheet

            here = [media for media in pictures_of(item) if self._gallery.is_here(media.url)]
            start = next(n for n, media in enumerate(here) if media.url == url)
            pictures = self._services.pictures
            sheet = PictureSheet(
                pictures, self._bridge, self._canvas, item, shown=tuple(here), start=start
            )
            sheet.open()
