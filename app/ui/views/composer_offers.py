"""What the composer offers while somebody types: emoji, colleagues, templates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from app.domain.departments import Agent
from app.domain.mentions import MARK
from app.domain.records import dataclass
from app.domain.templates import TemplateUse, TemplateVersion, fill
from app.ui.views.emoji import emoji_like, emoji_named

NO_TEMPLATES: Final = "There are no templates yet."
"""What stands where they will."""
_NONE_SUCH: Final = "No template says that."
_MOST = 7
_EMOJI = re.compile(r"(?:^|[\s(]):([a-z0-9_+-]{2,30})(:?)$", re.IGNORECASE)
_MENTION = re.compile(rf"(?:^|[\s(]){MARK}([^\n{MARK}]{{0,40}})$")
_TEMPLATE = "/"


@dataclass(frozen=True, slots=True)
class Offer:
    """A row of the list: ``sign`` at its left, ``label``, and the ``text`` it puts in.

    ``template``: the wording that text is, None for what is none.
    """

    label: str
    text: str
    sign: str = ""
    template: TemplateUse | None = None


@dataclass(frozen=True, slots=True)
class Offers:
    """``typed`` characters before the caret give way to the offer chosen.

    ``at_once``: what was typed is whole, its one offer is put in without asking.
    ``empty``: the sentence that stands where nothing can be offered.
    """

    name: str
    typed: int
    rows: tuple[Offer, ...]
    at_once: bool = False
    empty: str = ""


def templates(
    versions: Sequence[TemplateVersion], values: Mapping[str, str], *, typed: str = ""
) -> Offers:
    """What can be put in whole, what suits best first; ``typed`` is “/” with part of a name."""
    wanted = typed.removeprefix(_TEMPLATE).casefold().split()
    rows = tuple(
        Offer(one.name, fill(one.text, values).text, template=one.use)
        for one in versions
        if all(word in f"{one.name} {one.text}".casefold() for word in wanted)
    )
    empty = _NONE_SUCH if versions else NO_TEMPLATES
    return Offers("Templates", len(typed), rows[:_MOST], empty=empty)


def offers(
    before: str,
    *,
    note: bool,
    colleagues: Sequence[Agent],
    versions: Sequence[TemplateVersion] = (),
    values: Mapping[str, str] | None = None,
) -> Offers | None:
    """What fits the text before the caret; None where nothing is asked for."""
    line = before.rpartition("\n")[2]
    if before.startswith(_TEMPLATE) and before == line and not note:
        fitting = templates(versions, values or {}, typed=before)
        return fitting if fitting.rows or before == _TEMPLATE else None
    if note and (found := _MENTION.search(line)):
        return _colleagues(found.group(1), colleagues)
    if found := _EMOJI.search(line):
        return _emoji(found.group(1), closed=bool(found.group(2)))
    return None


def _colleagues(typed: str, colleagues: Sequence[Agent]) -> Offers | None:
    wanted = typed.casefold()
    rows = tuple(
        Offer(agent.name, f"{MARK}{agent.name} ")
        for agent in colleagues
        if _begins(agent.name.casefold(), wanted)
    )
    return Offers("Colleagues", len(typed) + 1, rows[:_MOST]) if rows else None


def _begins(name: str, wanted: str) -> bool:
    """Whether the name, or its rest from one of its words on, begins as wanted."""
    return name.startswith(wanted) or f" {wanted}" in f" {name}"


def _emoji(typed: str, *, closed: bool) -> Offers | None:
    if closed:
        sign = emoji_named(typed.casefold())
        return (
            Offers("Emoji", len(typed) + 2, (Offer(typed, sign),), at_once=True) if sign else None
        )
    rows = tuple(Offer(one.name.replace("_", " "), one.text, one.text) for one in emoji_like(typed))
    return Offers("Emoji", len(typed) + 1, rows) if rows else None
