"""The menu that narrows the list: what can be asked for, ticked where it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from app.domain.departments import Department
from app.domain.interactions import Channel
from app.domain.narrowing import EVERYTHING, Narrowing
from app.ui.views.narrowing_chips import language_name, reach_words

_REACHES = (1_000, 10_000, 100_000, 1_000_000)
_MOST_TAGS = 25

Chosen = Callable[[Narrowing], None]


def narrowing_menu(
    parent: QWidget,
    held: Narrowing,
    chosen: Chosen,
    *,
    departments: Sequence[Department],
    tags: Sequence[str],
    languages: Sequence[str],
) -> QMenu:
    """``chosen`` is called with what the list is to be narrowed by then."""
    menu = QMenu(parent)
    part = menu.addMenu("Channel")
    for channel in Channel:
        _add(part, channel.label, channel in held.channels, held.with_channel(channel), chosen)
    part = menu.addMenu("Department")
    for department in departments:
        is_held = department.id in held.departments
        _add(part, _plain(department.name), is_held, held.with_department(department.id), chosen)
    part = menu.addMenu("Tag")
    for tag in tags[:_MOST_TAGS]:
        _add(part, _plain(tag), tag in held.tags, held.with_tag(tag), chosen)
    part.setEnabled(bool(tags))
    part = menu.addMenu("Reach")
    for reach in _REACHES:
        is_held = held.reach == reach
        wanted = replace(held, reach=0 if is_held else reach)
        _add(part, reach_words(reach), is_held, wanted, chosen)
    part = menu.addMenu("Language")
    for code in languages:
        is_held = held.language == code
        wanted = replace(held, language="" if is_held else code)
        _add(part, _plain(language_name(code)), is_held, wanted, chosen)
    part.setEnabled(bool(languages))
    menu.addSeparator()
    _add(menu, "Has a draft", held.draft, replace(held, draft=not held.draft), chosen)
    _add(menu, "Not sent", held.failed, replace(held, failed=not held.failed), chosen)
    menu.addSeparator()
    clear = menu.addAction("Show all")
    clear.setEnabled(bool(held))
    clear.triggered.connect(lambda: chosen(EVERYTHING))
    return menu


def _add(menu: QMenu, words: str, is_held: bool, wanted: Narrowing, chosen: Chosen) -> None:
    action = menu.addAction(words)
    action.setCheckable(True)
    action.setChecked(is_held)
    action.triggered.connect(partial(_tell, chosen, wanted))


def _tell(chosen: Chosen, wanted: Narrowing, _checked: bool = False) -> None:
    chosen(wanted)


def _plain(words: str) -> str:
    """As it is: an ampersand would underline the next letter."""
    return words.replace("&", "&&")
