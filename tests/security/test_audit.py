"""The question after known holes: what an answer means, and that none is no failure."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from scripts import audit

CLEAN = {"name": "httpx", "version": "0.28", "vulns": []}
HOLED = {"name": "old", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
UNKNOWN = {"name": "new", "skip_reason": "not found"}


def test_a_known_hole_fails_and_says_what_mends_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.judged("lock.txt", [CLEAN, HOLED, UNKNOWN]) == 1
    told = capsys.readouterr().out
    assert "old 1.0 has PYSEC-1; mended in 1.1" in told
    assert "2 packages looked up, 1 with a known hole, 1 unknown" in told
    assert audit.judged("lock.txt", [CLEAN]) == 0


def test_an_index_without_advisories_is_no_good_news(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.judged("lock.txt", [UNKNOWN, UNKNOWN]) == 0
    assert capsys.readouterr().out.startswith("Known holes were not looked for in lock.txt")


@pytest.mark.parametrize(
    "outcome",
    [
        subprocess.TimeoutExpired("pip-audit", 90),
        subprocess.CompletedProcess((), 1, b"", b"ConnectionError: no route"),
    ],
)
def test_no_service_is_said_and_passes(
    outcome: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*_words: Any, **limits: Any) -> Any:
        assert limits["timeout"] == audit.LIMIT_S
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(subprocess, "run", run)
    assert audit.audited("lock.txt") == 0
    assert capsys.readouterr().out.startswith("Known holes were not looked for in lock.txt")
