"""PySide6 is imported with the least it needs, and misses nothing for it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

_BEGIN = """
import builtins, importlib.machinery, json, sys
spec = importlib.machinery.ModuleSpec
from app.ui.beginning import begin
begin()
def unread():
    modules = sys.modules.items()
    return sorted(name for name, module in modules if type(module).__name__ == "_Unread")
"""


def _told(program: str) -> Any:
    """What a Python of its own prints, which has not imported PySide6 yet."""
    done = subprocess.run(
        [sys.executable, "-c", _BEGIN + program], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_signatures_are_not_read_and_python_imports_as_before() -> None:
    told = _told(
        "import PySide6.QtWidgets\n"
        "usually = builtins.__import__.__name__ != '__feature_import__'\n"
        "print(json.dumps([unread(), usually, importlib.machinery.ModuleSpec is spec]))"
    )
    unread, imports_usually, is_as_before = told
    assert "shibokensupport.signature.parser" in unread
    assert "shibokensupport.signature.lib.pyi_generator" in unread
    assert imports_usually
    assert is_as_before


@pytest.mark.parametrize(
    ("asking", "answer"),
    [
        ("QTimer().setInterval('soon')", "called with wrong argument types"),
        ("QTimer().setInterval(1, 2)", "takes exactly one argument"),
        ("raise TypeError(QTimer.start.__doc__)", "start(self, msec: int"),
    ],
)
def test_who_asks_for_a_signature_is_answered(asking: str, answer: str) -> None:
    said = _told(
        "from PySide6.QtCore import QTimer\n"
        f"try:\n    {asking}\n"
        "except TypeError as error:\n    said = str(error)\n"
        "print(json.dumps(said))"
    )
    assert answer in said
