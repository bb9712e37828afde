"""What the console understands of the command line: read without the grammar of every command."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path


def add_workspace_to(parser: ArgumentParser) -> None:
    parser.add_argument("--workspace", type=Path, metavar="DIR", help="another workspace’s folder")


def add_to(parser: ArgumentParser) -> None:
    """The options that only opening the console has."""
    console = parser.add_argument_group("the console")
    console.add_argument(
        "--sample-at-first",
        action="store_true",
        help="show the sample workspace when there is none yet",
    )
    # For the check of a packaged program: a window was painted, that is all.
    console.add_argument("--quit-after-first-paint", action="store_true", help=argparse.SUPPRESS)
    parser.set_defaults(run=None)


def read(arguments: Sequence[str]) -> Namespace | None:
    """What the console is asked for; None where more is asked or something is wrong, which is for
    the whole grammar to say. Importing that takes as long as a tenth of the start."""
    parser = ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    add_workspace_to(parser)
    add_to(parser)
    try:
        found, rest = parser.parse_known_args(arguments)
    except argparse.ArgumentError:
        return None
    return None if rest else found
