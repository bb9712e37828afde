"""The colours, sizes and durations of the design: one name, two themes.

Everything painted takes its values from here. A colour is ``#RRGGBB`` or ``#RRGGBBAA``.
"""

from __future__ import annotations

from typing import Final

LIGHT: Final[dict[str, str]] = {
    "window": "#F4F6F5",
    "surface": "#FFFFFF",
    "sunken": "#F7F9F8",
    "raised": "#FFFFFF",
    "hover": "#EBEFEE",
    "hover-win": "#E9EDEC",
    "pressed": "#E0E6E4",
    "line": "#E3E8E6",
    "line-strong": "#CFD6D4",
    "line-field": "#83908C",
    "stitch": "#7E8B88",
    "text": "#141A19",
    "text-2": "#4C5755",
    "text-3": "#5D6865",
    "text-off": "#A6AFAD",
    "tab-on": "#EBEFEE",
    "seg-on": "#FFFFFF",
    "accent": "#0A6A64",
    "accent-hover": "#085852",
    "accent-press": "#064741",
    "on-accent": "#FFFFFF",
    "accent-tint": "#E1F0ED",
    "accent-tint2": "#CFE6E2",
    "focus": "#0E8F86",
    "bubble-in": "#EFF2F1",
    "bubble-out": "#DCEEEA",
    "bubble-wait": "#F3F9F7",
    "note": "#FFF9E8",
    "note-line": "#A98B39",
    "note-text": "#4A3C12",
    "note-meta": "#75622A",
    "danger": "#B3261E",
    "danger-tint": "#FCE9E7",
    "danger-line": "#EDB5B0",
    "warn": "#8A5300",
    "warn-tint": "#FDF0DA",
    "warn-line": "#EBCB93",
    "warn-mark": "#C77A06",
    "ok": "#1B7A4B",
    "ok-tint": "#E3F3EA",
    "service": "#2A67C8",
    "service-tint": "#E6EFFC",
    "marketing": "#8341BC",
    "marketing-tint": "#F3EAFB",
    "marketing-line": "#DAC3F0",
    "d-care": "#2A67C8",
    "d-care-t": "#E6EFFC",
    "d-pr": "#50761B",
    "d-pr-t": "#EDF4E1",
    "d-mkt": "#8341BC",
    "d-mkt-t": "#F3EAFB",
    "d-adv": "#B7337D",
    "d-adv-t": "#FBE8F3",
    "d-it": "#4F667D",
    "d-it-t": "#E9EEF3",
    "d-lead": "#96542A",
    "d-lead-t": "#F8ECE4",
    "c-mastodon": "#5B5BE6",
    "c-bluesky": "#0F73E0",
    "c-x": "#101414",
    "c-x-on": "#FFFFFF",
    "c-facebook": "#1468D8",
    "c-instagram": "#C9286D",
    "c-linkedin": "#0A66C2",
    "c-youtube": "#D3241C",
    "c-mail": "#5C6B69",
    "c-phone": "#4B6B57",
    "scrim": "#141E1C70",
}

DARK: Final[dict[str, str]] = {
    "window": "#101414",
    "surface": "#161B1B",
    "sunken": "#111616",
    "raised": "#1D2424",
    "hover": "#1F2727",
    "hover-win": "#1A2121",
    "pressed": "#283131",
    "line": "#252D2D",
    "line-strong": "#384242",
    "line-field": "#667472",
    "stitch": "#6B7A77",
    "text": "#E9EEED",
    "text-2": "#AEB9B7",
    "text-3": "#93A09D",
    "text-off": "#566160",
    "tab-on": "#2B3535",
    "seg-on": "#344040",
    "accent": "#56C2B6",
    "accent-hover": "#6BD0C5",
    "accent-press": "#45AEA3",
    "on-accent": "#052421",
    "accent-tint": "#16302E",
    "accent-tint2": "#1E403D",
    "focus": "#56C2B6",
    "bubble-in": "#222A2A",
    "bubble-out": "#173A37",
    "bubble-wait": "#172322",
    "note": "#26220F",
    "note-line": "#85733A",
    "note-text": "#EFE3BC",
    "note-meta": "#BBA765",
    "danger": "#FF9389",
    "danger-tint": "#3A1B19",
    "danger-line": "#6E322D",
    "warn": "#F0B75C",
    "warn-tint": "#33260F",
    "warn-line": "#5E4719",
    "warn-mark": "#E5A33C",
    "ok": "#6CCB98",
    "ok-tint": "#14301F",
    "service": "#7FB0F8",
    "service-tint": "#182A44",
    "marketing": "#C89CF4",
    "marketing-tint": "#2B1E3B",
    "marketing-line": "#553B73",
    "d-care": "#7FB0F8",
    "d-care-t": "#182A44",
    "d-pr": "#A4CC6C",
    "d-pr-t": "#222D14",
    "d-mkt": "#C89CF4",
    "d-mkt-t": "#2B1E3B",
    "d-adv": "#F291C6",
    "d-adv-t": "#3A1B2D",
    "d-it": "#A2B7CB",
    "d-it-t": "#202A33",
    "d-lead": "#E0A57C",
    "d-lead-t": "#35241A",
    "c-mastodon": "#7A79F5",
    "c-bluesky": "#2E8BF0",
    "c-x": "#E9EEED",
    "c-x-on": "#101414",
    "c-facebook": "#2F7DEB",
    "c-instagram": "#DB4585",
    "c-linkedin": "#2C7FD6",
    "c-youtube": "#E2443B",
    "c-mail": "#7C8B89",
    "c-phone": "#6B8F78",
    "scrim": "#04080894",
}

HIGH_CONTRAST: Final = {"line": "line-field", "line-strong": "line-field", "stitch": "text-2"}
"""What high contrast paints with another colour of the same scheme."""

THREAD_OPACITY: Final = {"light": 0.9, "dark": 0.62}

TYPE: Final[dict[str, tuple[float, int]]] = {
    "micro": (10.5, 13),
    "caption": (11, 14),
    "small": (12, 16),
    "snippet": (12.5, 17),
    "body": (13, 18),
    "message": (13, 19),
    "label": (14, 18),
    "title": (15, 20),
    "query": (18, 24),
    "hero": (36, 42),
}
"""Style to (size, line height) in pixels at a text scale of 1."""

SPACE: Final = (0, 2, 4, 6, 8, 12, 16, 20, 24, 32, 48)
RADIUS: Final = {
    "chip": 5,
    "control": 7,
    "row": 9,
    "card": 11,
    "bubble": 14,
    "bubble-corner": 5,
    "sheet": 16,
}
LEAST_HIT: Final = 24
"""Pixels in each direction that what can be pressed has, even where it is drawn smaller."""
MOTION_MS: Final = {"fast": 90, "base": 160, "slow": 240}
STITCH_WIDTH: Final = 1.25
STITCH_DASHES: Final = (4.0, 2.8)
"""In pen widths: 5 on, 3.5 off."""

FAMILIES: Final = (
    "Inter",
    "Segoe UI",
    "SF Pro Text",
    "Noto Sans",
    "Noto Sans CJK JP",
    "Noto Color Emoji",
)
MONO_FAMILIES: Final = ("JetBrains Mono", "Cascadia Mono", "Menlo", "DejaVu Sans Mono")

DEPARTMENTS: Final[dict[str, str]] = {
    "care": "d-care",
    "pr": "d-pr",
    "marketing": "d-mkt",
    "advertising": "d-adv",
    "it": "d-it",
    "leadership": "d-lead",
}
"""What a department calls its colour, to the token."""
