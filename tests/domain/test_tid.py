from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.tid import derived_record_key, is_record_key, make_record_key

NOW = datetime(2026, 11, 19, 10, 45, 0, 123456, tzinfo=UTC)


def test_keys_are_well_formed_and_grow_even_when_the_clock_goes_back() -> None:
    moments = [NOW, NOW, NOW - timedelta(hours=1), NOW + timedelta(seconds=1)]
    keys = [make_record_key(at) for at in moments]
    assert all(is_record_key(key) for key in keys)
    assert keys == sorted(set(keys))


def test_known_value_of_the_specification() -> None:
    # All bits zero is written "2222222222222" (the alphabet starts at 2).
    zero = derived_record_key(datetime(1970, 1, 1, tzinfo=UTC), "x")
    assert zero.startswith("22222222222")
    assert is_record_key("3jzfcijpj2z2a")


def test_malformed_keys_are_told() -> None:
    for wrong in (
        "",
        "3jzfcijpj2z21",
        "0000000000000",
        "3jzfcijpj2z2aa",
        "kjzfcijpj2z2a",
        "3jzf-cij-pj2z2a",
    ):
        assert not is_record_key(wrong)


@given(st.integers(0, 7_000_000_000_000_000), st.text())
def test_a_derived_key_depends_on_moment_and_cause_alone(us: int, cause: str) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)
    key = derived_record_key(moment, cause)
    assert is_record_key(key)
    assert derived_record_key(moment, cause) == key
    assert derived_record_key(moment + timedelta(microseconds=1), cause) > key
