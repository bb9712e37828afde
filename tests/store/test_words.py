"""Search finds what a person means, in any script, and marks where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.clock import FakeClock
from app.domain.views import SearchScope
from app.store import searching
from app.store.database import Workspace
from app.store.words import parse_query, snippet, spaced
from tests.store.building import said, take
from tests.sync.workspaces import make_workspace

_TEXTS = {
    "en": "My Duo shows E14 since the update",
    "sv": "Min kaffemaskin läcker överallt",
    "ja": "アップデートの後、エスプレッソの量が半分になりました",
    "zh": "咖啡机更新后漏水",
    "ar": "آلة القهوة لا تعمل بعد التحديث",
    "emoji": "love it 😀👍🏽 really",
    "ko": "업데이트 후 기계가 멈췄어요",
}


@pytest.fixture
def workspace(tmp_path: Path, clock: FakeClock) -> Iterator[Workspace]:
    made = make_workspace(tmp_path, clock)
    take(made, *(said(name, "ada", text, at=n) for n, (name, text) in enumerate(_TEXTS.items())))
    yield made
    made.close()


def _find(workspace: Workspace, typed: str) -> set[str]:
    results = workspace.read(
        lambda conn: searching.find(
            conn, typed, scope=SearchScope.MESSAGES, before=None, limit=50, total=0
        )
    ).result()
    return {hit.snippet for hit in results.messages}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("duo", ["en"]),
        ("e14 upd", ["en"]),
        ("upd e14", []),
        ('"since the update"', ["en"]),
        ('"update the since"', []),
        ("LACKER", ["sv"]),
        ("kaffe", ["sv"]),
        ("エスプレッソ", ["ja"]),
        ("量が半分", ["ja"]),
        ("漏水", ["zh"]),
        ("水漏", []),
        ("القهوة", ["ar"]),
        ("😀", ["emoji"]),
        ("👍", ["emoji"]),
        ("업데이트", ["ko"]),
        ("", []),
        ('"', []),
        ("*", []),
        ("NOT AND OR", []),
        ("col:duo", []),
        ("'); DROP TABLE search", []),
    ],
)
def test_what_is_found(workspace: Workspace, typed: str, found: list[str]) -> None:
    assert _find(workspace, typed) == {_TEXTS[name] for name in found}


@given(st.text(max_size=40))
def test_no_query_breaks_the_index(typed: str) -> None:
    parsed = parse_query(typed)
    assert parsed.match.count('"') % 2 == 0
    assert snippet("some text", parsed.words)[0]


@given(st.text(max_size=200), st.text(max_size=10))
def test_marks_lie_inside_the_snippet(text: str, typed: str) -> None:
    cut, marks = snippet(text, parse_query(typed).words, width=40)
    for start, end in marks:
        assert 0 <= start < end <= len(cut)


def test_marks_show_what_matched() -> None:
    cut, marks = snippet("The café was läcker and fine", parse_query("lack caf").words)
    assert [cut[start:end] for start, end in marks] == ["caf", "läck"]


def test_spacing_leaves_words_of_spaced_scripts_alone() -> None:
    assert spaced("plain words").split() == ["plain", "words"]
    assert spaced("läcker 東京x").split() == ["läcker", "東", "京", "x"]
