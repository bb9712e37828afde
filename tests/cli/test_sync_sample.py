"""``sync`` in the sample workspace."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Seamline


@pytest.mark.parametrize("how", ["--once", "--follow"])
def test_the_sample_never_goes_online_and_says_so(elsewhere: Seamline, how: str) -> None:
    elsewhere.json("sample")
    assert elsewhere.ok("sync", how).strip() == (
        "The sample workspace never goes online; connect an account in a workspace of your own."
    )
    assert elsewhere.json("sync", how) == []
