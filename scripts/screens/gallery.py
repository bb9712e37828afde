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
        "“Closed” stands among the queues, because what is done has to be found again; “Sample” is "
        "stitched beside the workspace’s name, and its accounts neither rest nor fetch, because "
        "nothing leaves it. In the strip over HUILA15 the other ways, sending later or anyway, "
        "stand in a menu. The timeline also says who accepted what was handed over, and when. A "
        "failed message offers Copy and Discard beside Retry and Edit: whoever has to say it "
        "elsewhere needs its words. The composer says that the draft is kept, and has "
        "a button for a content warning, which Mastodon knows; Send has no second "
        "half, since there is one way to send. A "
        "case nobody named is called by its first words, and its reference is computed from it, so "
        "that it is the same on every laptop. Where a customer lives is told by no service, so the "
        "panel counts their interactions there.",
    ),
    Sheet(
        "escalate", "Escalate", ("2-escalate",),
        "How soon is a span, not a time of day: “within 2 h” is as true in the evening. A promise "
        "cannot be handed over yet, so that line is missing. The foot has two lines, because the "
        "account is named by its whole address. The words are drafted from the sample’s timeline.",
    ),
    Sheet(
        "search", "Palette and search", ("3-palette",),
        "Conversations are called cases, as everywhere else. With everything in sight there are at "
        "most five customers and five cases, and a plus says that there are more; messages are "
        "counted up to a thousand, for counting all of a million would keep the first result "
        "waiting. What is found is in the order of its time. F6 reads on in the preview.",
    ),
    Sheet(
        "first-run", "First run", ("4-first-run",),
        "Mastodon and Bluesky can be connected; the others are faint, and a line beneath says so. "
        "The sample is told of without the number of its customers.",
    ),
    Sheet(
        "insights", "Insights’ frame", ("5-insights",),
        "Nothing is counted yet, so no number of the work is in it: each card has its axes, says "
        "what it will tell, and with which day its counting begins. The days can be chosen "
        "already; departments and export rest until there are numbers, and say so.",
    ),
    Sheet(
        "offline", "Offline and outbox", ("6-offline",),
        "The banner says since when, and how many replies wait. The sidebar names what failed "
        "rather than how many there are, for that is what needs somebody. A failed message has all "
        "four ways out in its row, and every waiting row its two buttons, not the chosen one "
        "alone: what can be pressed can be seen. A hand-off waits for nobody, since decisions are "
        "made here and not at a service. Kwame has a case in the sample, which is why promotions "
        "are on hold.",
    ),
    Sheet(
        "states", "All states", ("7-states",),
        "Made of the widgets and delegates of the window, one picture a scheme, which is why rows "
        "have their whole height and the thread tells the sample’s words. The ring of a button is "
        "its edge, so that no neighbour cuts it off; a failed message has all its ways out.",
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
