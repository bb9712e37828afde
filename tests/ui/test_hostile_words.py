"""What strangers write, on the screen: as words, its tricks written out, never as markup."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, Qt
from pytestqt.qtbot import QtBot

from app.ui.dialogs.parts import TextLabel
from app.ui.plain_tip import plain_tip
from app.ui.theme import painting, theme
from app.ui.timeline.text import TextBlock, TextLine
from app.ui.views.timeline import open_url


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses handed to the desktop instead of a browser."""
    found: list[str] = []

    def take(url: QUrl) -> bool:
        found.append(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(take))
    return found


def test_only_web_addresses_are_opened_and_the_host_is_the_real_one(opened: list[str]) -> None:
    for refused in (
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://a\u200b.example",
        "",
        "x:",
    ):
        open_url(refused)
    assert opened == []
    open_url("https://bank.example@аpple.com/x?y=1#z")
    assert opened == ["https://xn--pple-43d.com/x?y=1#z"]


def test_a_tooltip_shows_markup_instead_of_obeying_it(qtbot: QtBot) -> None:
    markup = '<img src="file:///etc/hostname"><b>Marta</b>'
    tip = plain_tip(markup)
    assert Qt.mightBeRichText(tip)  # Qt will read it as HTML,
    assert "<img" not in tip  # in which the markup is text.
    assert "&lt;img" in tip
    assert plain_tip("Marta < Lindqvist") == "Marta < Lindqvist"
    assert plain_tip("Mar\u202eta") == "Mar‹RLO›ta"


def test_names_and_messages_show_what_reorders_them(qtbot: QtBot) -> None:
    font = theme().font("body")
    name = "Marta\u202egnp.exe"
    assert TextLine(name, font, 20).text == "Marta‹RLO›gnp.exe"
    assert painting.elided(name, font, 1000) == "Marta‹RLO›gnp.exe"
    label = TextLabel(name)
    qtbot.addWidget(label)
    assert label.text() == "Marta‹RLO›gnp.exe"
    block = TextBlock("Pay at https://hаlden.example/duo today", font, 600, 20)
    assert [link.url for link in block.links] == ["https://hаlden.example/duo"]
    plain = TextBlock("Pay at https://halden.example/duo today", font, 600, 20)
    assert block.width > plain.width  # the real host stands behind it
