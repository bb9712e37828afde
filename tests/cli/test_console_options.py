"""The console’s options mean the same, whichever grammar reads them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.cli import console_options
from app.cli.parser import build_parser


@pytest.mark.parametrize(
    "line",
    [
        "",
        "--workspace here",
        "--workspace=here --sample-at-first",
        "--quit-after-first-paint",
    ],
)
def test_what_the_console_understands(line: str) -> None:
    read = console_options.read(line.split())
    whole = vars(build_parser().parse_args(line.split()))
    assert read is not None
    assert vars(read) == {name: whole[name] for name in vars(read)}
    assert whole.keys() - vars(read).keys() == {"json"}


@pytest.mark.parametrize(
    "line",
    ["queue", "--workspace here sync", "--help", "--version", "--json", "--workspace", "--no"],
)
def test_the_rest_is_for_the_whole_grammar(line: str) -> None:
    assert console_options.read(line.split()) is None


def test_opening_the_console_does_not_wait_for_the_commands() -> None:
    code = (
        "import sys; from app.__main__ import main; from app.ui import application;"
        " application.run = lambda *_, **__: 0; main([]);"
        " print([name for name in sys.modules if name.startswith('app.cli.commands')])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
