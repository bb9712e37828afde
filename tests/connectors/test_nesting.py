"""One message nested without end must not keep back the messages around it."""

from __future__ import annotations

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connectors.http import Http
from app.connectors.nesting import DEEPEST, shallow
from app.domain.errors import ContractBroken

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


class _Page(msgspec.Struct):
    records: list[msgspec.Raw]


def _nested(depth: int, opening: bytes = b"[", closing: bytes = b"]") -> bytes:
    return opening * depth + closing * depth


@given(_VALUES)
def test_what_is_not_too_deep_stays_as_it_is(value: object) -> None:
    body = msgspec.json.encode(value)
    assert shallow(body) == body


@given(_VALUES, st.integers(1, 3))
def test_what_is_too_deep_becomes_null(value: object, deepest: int) -> None:
    assert msgspec.json.decode(shallow(msgspec.json.encode(value), deepest)) == _cut(value, deepest)


def _cut(value: object, left: int) -> object:
    if isinstance(value, list):
        return [_cut(one, left - 1) for one in value] if left else None
    if isinstance(value, dict):
        return {key: _cut(one, left - 1) for key, one in value.items()} if left else None
    return value


@pytest.mark.parametrize("text", [b'"[[["', rb'"\"]}["', rb'"\\"', b'"]]]"'])
def test_brackets_in_a_text_are_text(text: bytes) -> None:
    body = b"[" + text + b",[[1]]]"
    assert shallow(body, 2) == b"[" + text + b",[null]]"


@pytest.mark.parametrize("body", [b"", b"]", b"[", b'"', b"]]][[[", b"[[[", b'{"a":[[['])
def test_what_is_no_json_is_not_made_json(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(shallow(body, 1))


def test_the_records_around_a_bottomless_one_are_read() -> None:
    deep = b'{"text":' + _nested(100_000) + b"}"
    page = _decoded(b'{"records":[{"text":"a"},' + deep + b',{"text":"b"}]}')
    assert [bytes(record)[:10] for record in page.records] == [
        b'{"text":"a', b'{"text":[[', b'{"text":"b',
    ]  # fmt: skip
    assert bytes(page.records[1]).count(b"[") == DEEPEST - 3


def test_an_answer_that_is_nothing_but_depth_is_refused_in_words() -> None:
    with pytest.raises(ContractBroken, match="cannot be read"):
        _decoded(_nested(100_000, b'{"records":', b"}"))


def _decoded(body: bytes) -> _Page:
    http = Http("https://shop.example", label="Shop")
    request = httpx.Request("GET", "https://shop.example/records")
    return http.decode(httpx.Response(200, content=body, request=request), _Page)
