"""The heights of rows, held against a plain list of numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.ui.timeline.heights import HeightIndex

_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["insert", "remove", "settle"]),
        st.integers(0, 2_000),
        st.lists(st.integers(1, 500), min_size=1, max_size=700),
    ),
    max_size=12,
)


def _row_at(heights: list[int], y: int) -> int:
    below = 0
    for row, height in enumerate(heights):
        below += height
        if y < below:
            return row
    return len(heights) - 1


@given(_STEPS, st.integers(0, 200_000))
def test_any_series_of_changes_leaves_what_a_list_would_hold(
    steps: list[tuple[str, int, list[int]]], y: int
) -> None:
    index = HeightIndex()
    plain: list[int] = []
    for what, place, heights in steps:
        row = place % (len(plain) + 1)
        if what == "insert":
            index.insert(row, heights)
            plain[row:row] = heights
        elif what == "remove" and plain:
            row = place % len(plain)
            count = min(len(heights), len(plain) - row)
            index.remove(row, count)
            del plain[row : row + count]
        elif plain:
            row = place % len(plain)
            assert index.settle(row, heights[0]) == heights[0] - plain[row]
            plain[row] = heights[0]
            assert index.is_known(row)
    assert len(index) == len(plain)
    assert index.total == sum(plain)
    for row in {0, len(plain) // 3, len(plain)}:
        assert index.top(row) == sum(plain[:row])
    assert index.row_at(y) == _row_at(plain, y)


def test_a_row_is_a_guess_until_it_is_settled_and_after_it_is_doubted() -> None:
    index = HeightIndex()
    index.insert(0, [10, 20, 30])
    assert not index.is_known(1)
    index.settle(1, 25)
    assert index.is_known(1)
    assert index.top(2) == 35
    index.doubt(1)
    assert not index.is_known(1)
    assert index.height(1) == 25


def test_without_rows_there_is_nothing_at_any_height() -> None:
    index = HeightIndex()
    assert index.row_at(0) == -1
    assert index.top(0) == 0
