"""The gallery: every sheet beside the design’s picture of it, and what differs and why."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path

from scripts.screens.drawing import SCALES, picture_name

SCHEMES = ("light", "dark")
_WIDTH = 420


@dataclass(frozen=True, slots=True)
class Sheet:
    """``design`` names the design’s pictures of it; ``differs`` is one paragraph."""

    name: str
    title: str
    design: tuple[str, ...]
    differs: str


_TOP = """\
# The console in pictures

Drawn by `make screenshots` from the real window on the [sample workspace](../sample.md), in both
schemes and at scale 1 and 2; the clock stands at the morning of the sample’s story. The tests draw
them again and compare, so what is seen here is what the program looks like. First the design’s
picture, then ours, light and dark; a click shows the sharper one.

"""

SHEETS = (
    Sheet(
        "console", "Main console", ("1-console-light", "1-console-dark"),
        "The sample opens on the end of Marta’s case, where the design shows its morning. "
        "“Closed” stands among the queues, because what is done has to be found again; “Sample” "
        "is stitched beside the workspace’s name, because nothing leaves it. Promotion codes are "
        "not guarded yet, so the strip over HUILA15 is missing; what was handed over shows who "
        "accepted it and when. A failed message offers Copy and Discard beside Retry and Edit: "
        "whoever has to say it elsewhere needs its words. The order has two arrows, since it can "
        "be turned by key and by menu. References are letters and digits computed from the case, "
        "so that they are the same on every laptop.",
    ),
    Sheet(
        "escalate", "Escalate", ("2-escalate",),
        "How soon is a span, not a time of day: “within 2 h” is true at night too. A promise "
        "cannot be handed over yet, so that line is missing. Nothing else differs but the words, "
        "which are drafted from the sample’s timeline.",
    ),
    Sheet(
        "search", "Palette and search", ("3-palette",),
        "What matches is counted up to what is shown, and says so with a plus: counting all of a "
        "million would make the first result wait. Words alone narrow the search; “since: Monday” "
        "and the like are to come. F6 reads on in the preview; “new window” and “Save this search "
        "as a view” are found in the menu instead.",
    ),
    Sheet(
        "first-run", "First run", ("4-first-run",),
        "Mastodon and Bluesky can be connected; the others are faint, and a line beneath says so. "
        "The sample tells of its customers without a number.",
    ),
    Sheet(
        "insights", "Insights’ frame", ("5-insights",),
        "Nothing is counted yet, so there is not one number of the work in it: each card has its "
        "axes, says what it will tell, and with which day its counting begins. Departments and "
        "export rest until then and say why.",
    ),
    Sheet(
        "offline", "Offline and outbox", ("6-offline",),
        "The banner says since when and how many replies wait. What needs somebody comes first, "
        "as drawn, with everything that can be done about it. Every waiting row has its two "
        "buttons, not only the one under the pointer: what can be pressed can be seen. A hand-off "
        "needs no connection in a workspace of one’s own, so none waits. The button still says "
        "Send: what it does is the same, and the banner says when it leaves.",
    ),
    Sheet(
        "states", "All states", ("7-states",),
        "Made of the widgets and delegates of the window, which is why rows have their real "
        "height. The ring of a button is inside its edge, so that neighbours never cut it off. "
        "Checks have their ring close around them.",
    ),
)  # fmt: skip


def names() -> tuple[str, ...]:
    """The file names of all pictures."""
    return tuple(
        picture_name(sheet.name, scheme, scale)
        for sheet in SHEETS
        for scheme in SCHEMES
        for scale in SCALES
    )


def text() -> str:
    """The whole gallery, in Markdown."""
    return _TOP + "\n".join(_part(sheet) for sheet in SHEETS)


def write(folder: Path) -> None:
    (folder / "README.md").write_text(text(), encoding="utf-8")


def _part(sheet: Sheet) -> str:
    cells = [(f"design/{name}.png", f"design/{name}.png") for name in sheet.design]
    cells += [
        (picture_name(sheet.name, scheme, 1), picture_name(sheet.name, scheme, SCALES[-1]))
        for scheme in SCHEMES
    ]
    told = ["design"] * len(sheet.design) + list(SCHEMES)
    pictures = "\n".join(
        f'<a href="{sharp}"><img src="{seen}" width="{_WIDTH}" alt="{sheet.title}, {which}"></a>'
        for (seen, sharp), which in zip(cells, told, strict=True)
    )
    return f"## {sheet.title}\n\n{pictures}\n\n{_wrapped(sheet.differs)}\n"


def _wrapped(paragraph: str) -> str:
    return textwrap.fill(paragraph, 100)
