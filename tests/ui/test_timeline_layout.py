"""Rows as laid out: nothing leaves the pane, whatever the text, the width and the size of type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QApplication

from app.domain.interactions import Kind, Side
from app.domain.outbox import Act, OutboxState
from app.domain.views import TimelineItem
from app.ui.theme import theme, theme_manager
from app.ui.theme.fonts import load_bundled
from app.ui.timeline.drawing import Action, Label, RowLayout, Words
from app.ui.timeline.entries import entry_of
from app.ui.timeline.frame import CONTENT_X, Frame
from app.ui.timeline.rows import estimate, lay_out
from app.ui.timeline.stack import first_part
from app.ui.timeline.text import TextBlock, TextLine, find_links, host_of, reads_leftwards
from app.ui.timeline.wording import waiting_state
from tests.ui import timeline_pages as pages
from tests.ui.timeline_pages import NOW_MS, at, ours, touch, wish

STRESS = (
    touch(1, at(8, 0), "Words and words and words. " * 190),
    touch(2, at(8, 0), "x" * 5_000),
    touch(3, at(8, 0), "🔥" * 700),
    touch(4, at(8, 0), "اللغة العربية تقرأ من اليمين إلى اليسار. " * 60),
    touch(5, at(8, 0), "コーヒー" * 300),
    touch(6, at(8, 0), "", author="A name that goes on " * 20),
    touch(7, at(8, 0), "Bought it", kind=Kind.COMMENT, side=Side.MARKETING, subject="Ad " * 80),
    touch(8, at(8, 0), "Warned", warning="A warning of many words " * 12),
    ours(9, at(8, 0), "", author=""),
    wish("a", at(8, 0), "No", OutboxState.FAILED, error="It could not be sent. " * 12),
)


@pytest.fixture(autouse=True)
def bundled_type(qapp: QApplication) -> Iterator[None]:
    load_bundled()
    yield
    theme_manager().set_text_scale(1.0)


def frame(width: int = 514, *, unfolded: bool = False) -> Frame:
    return Frame(pages.NAMES, width, NOW_MS, unfolded)


def row(item: TimelineItem, width: int = 514, *, unfolded: bool = False) -> RowLayout:
    return lay_out(entry_of(item), frame(width, unfolded=unfolded))


def extents(layout: RowLayout) -> list[QRectF]:
    """Where the words of a row stand."""
    found: list[QRectF] = []
    for mark in layout.marks:
        if isinstance(mark, Words):
            found.append(QRectF(mark.at.x(), mark.at.y(), mark.block.width, mark.block.height))
        elif isinstance(mark, Label):
            found.append(QRectF(mark.at.x(), mark.at.y(), mark.line.width, mark.line.height))
    return found


@pytest.mark.parametrize("width", [340, 514, 1100])
@pytest.mark.parametrize("scale", [0.9, 1.0, 1.3])
def test_no_text_leaves_its_row(width: int, scale: float) -> None:
    theme_manager().set_text_scale(scale)
    for item in (*pages.design_page().items, *pages.many_shapes().items, *STRESS):
        for unfolded in (False, True):
            layout = row(item, width, unfolded=unfolded)
            for box in extents(layout):
                assert box.left() >= CONTENT_X - 0.5, (item, box)
                assert box.right() <= width - 8 + 1, (item, box)
                assert box.bottom() <= layout.height + 1, (item, box)


def test_the_metrics_are_those_of_the_design() -> None:
    one_line = row(touch(1, at(8, 0), "One line."))
    assert one_line.height == 8 + 6 + 19 + 2 + 15 + 6
    assert one_line.frame.left() == 58
    assert one_line.joint == 8 + 18
    long = row(touch(1, at(8, 0), "The grinder stops after a minute or two. " * 4))
    assert 370 <= long.frame.width() <= 396
    reply = row(ours(2, at(8, 0), "Short."))
    assert reply.frame.right() == 514 - 8
    assert reply.joint == reply.frame.center().y()


def test_a_wide_pane_gives_bubbles_72_percent() -> None:
    wide = row(touch(1, at(8, 0), "The grinder stops after a minute or two. " * 30), 1066)
    assert wide.frame.width() == pytest.approx(720, abs=14)


def test_a_day_is_said_above_its_first_row_only() -> None:
    entry = entry_of(touch(1, at(8, 0), "Good morning"))
    plain, first = lay_out(entry, frame()), lay_out(entry, frame(), "Today, Thursday 19 November")
    assert first.height == plain.height + 8 + 18
    label = first.marks[0]
    assert isinstance(label, Label)
    assert label.line.text == "Today, Thursday 19 November"


def test_right_to_left_text_ends_at_the_right_of_its_bubble() -> None:
    layout = row(touch(1, at(8, 0), "مرحباً، جهاز القهوة لا يعمل منذ التحديث الأخير. " * 3))
    words = next(mark for mark in layout.marks if isinstance(mark, Words))
    assert words.block.leftwards
    assert words.at.x() + words.block.width == pytest.approx(layout.frame.right() - 12, abs=1.5)


@pytest.mark.parametrize(
    ("text", "leftwards"), [("abc مرحبا", False), ("123 مرحبا", True), ("🔥!", False), ("", False)]
)
def test_the_first_letter_decides_the_direction(text: str, leftwards: bool) -> None:
    assert reads_leftwards(text) is leftwards


def test_a_warning_hides_what_is_under_it_until_it_is_unfolded() -> None:
    item = touch(1, at(8, 0), "It smells burnt.", warning="Burnt plastic")
    folded, unfolded = row(item), row(item, unfolded=True)
    assert [spot.label for spot in folded.spots] == ["Show"]
    assert [spot.label for spot in unfolded.spots] == ["Hide"]
    assert not any(isinstance(mark, Words) for mark in folded.marks)
    assert any(isinstance(mark, Words) for mark in unfolded.marks)


def test_a_whole_correspondence_is_cut_until_it_is_asked_for() -> None:
    mail = touch(1, at(8, 0), "And so on and so forth. " * 4_000, kind=Kind.MAIL)
    cut, whole = row(mail), row(mail, unfolded=True)
    assert [spot.label for spot in cut.spots] == ["Show the whole message"]
    assert whole.height > 10 * cut.height
    assert first_part("Short.") == "Short."
    assert row(touch(2, at(8, 0), "x" * 6_000)).spots == ()


def test_a_failed_reply_says_why_and_offers_what_to_do() -> None:
    item = wish("w", at(8, 0), "Hello", OutboxState.FAILED, error="Mastodon didn’t answer.")
    layout = row(item)
    assert [spot.action for spot in layout.spots] == [
        Action.RETRY,
        Action.EDIT,
        Action.COPY,
        Action.DISCARD,
    ]
    words = [mark for mark in layout.marks if isinstance(mark, Words)]
    assert len(words) == 2


def test_a_deletion_on_its_way_can_be_taken_back_while_it_waits() -> None:
    waiting = row(wish("w", at(8, 0), "", act=Act.DELETE, wait=6))
    assert [spot.action for spot in waiting.spots] == [Action.UNDO]
    assert row(wish("w", at(8, 0), "", act=Act.DELETE)).spots == ()


def test_spots_are_large_enough_to_hit() -> None:
    for item in pages.many_shapes().items:
        for spot in row(item).spots:
            assert spot.rect.height() >= 24
            assert spot.rect.width() >= 24


def test_a_link_is_found_where_it_stands_also_behind_emoji() -> None:
    layout = row(touch(1, at(8, 0), "🔥🔥🔥 https://halden.example/duo"))
    block, origin = layout.texts[0]
    (link,) = block.links
    assert link.start == 7
    middle = origin + QPointF(block.width - 20, 8)
    spot = layout.spot_at(middle)
    assert spot is not None
    assert (spot.action, spot.target) == (Action.OPEN_LINK, "https://halden.example/duo")
    assert spot.label == "Opens halden.example"
    assert layout.spot_at(origin + QPointF(10, 8)) is None


def test_links_end_before_punctuation_and_markup_stays_text() -> None:
    found = find_links("See (https://a.example/x(1)). <a href='https://b.example'>here</a>")
    assert [link.url for link in found] == ["https://a.example/x(1)", "https://b.example"]


def test_a_look_alike_host_shows_its_true_letters() -> None:
    assert host_of("https://hаlden.example/duo").startswith("xn--")


def test_line_pitch_is_the_same_in_every_script() -> None:
    font = theme().font("message")
    for text in ("Latin", "日本語", "🔥🚀", "مرحبا"):
        assert TextBlock(text, font, 400, 19).height == 19


def test_a_line_is_cut_with_an_ellipsis() -> None:
    font = theme().font("caption")
    line = TextLine("A rather long line that does not fit", font, 14, 80)
    assert line.text.endswith("…")
    assert line.width <= 81


def test_guesses_are_near_enough_to_keep_the_scroll_bar_calm() -> None:
    items = pages.long_page(300).items
    guessed = sum(estimate(entry_of(item), frame()) for item in items)
    true = sum(row(item).height for item in items)
    assert guessed == pytest.approx(true, rel=0.1)


def test_what_is_held_says_why_and_offers_a_way_out() -> None:
    why = "This was answered meanwhile, by a colleague or another program."
    item = wish("h", at(10, 59), "It is on its way.", OutboxState.HELD, error=why)
    held = row(item)
    assert [(spot.action, spot.label) for spot in held.spots] == [
        (Action.RETRY, "Send anyway"),
        (Action.EDIT, "Edit"),
        (Action.COPY, "Copy"),
        (Action.DISCARD, "Discard"),
    ]
    assert held.height > row(replace(item, item=replace(item.item, error="Why."))).height
    assert waiting_state(item, NOW_MS) == f"Held. {why}"
