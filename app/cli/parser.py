"""The grammar of the command line; what a command does stands in ``app.cli.commands``."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from app import __version__
from app.cli import console_options
from app.cli.commands import (
    absence,
    accounts,
    by_hand,
    campaigns,
    cases,
    checking,
    customers,
    importing,
    journeys,
    moods,
    promising,
    queues,
    replies,
    requests,
    safekeeping,
    searching,
    settings,
    syncing,
    timelines,
    wording,
)
from app.cli.commands.adding import Add, Group, Run

_EPILOG = """\
Without a command the console opens. Every command exits with 0, with 1 and a sentence on standard
error when it failed, or with 2 when it was used wrongly. SEAMLINE_WORKSPACE names the workspace
where --workspace does not; SEAMLINE_PASSPHRASE opens one that a passphrase locks.
"""


def build_parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="seamline",
        description="One timeline for each customer, on your own laptop.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"seamline {__version__}")
    console_options.add_workspace_to(parser)
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    console_options.add_to(parser)

    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    add, group = _adders(commands)
    accounts.add_to(group)
    syncing.add_to(add)
    queues.add_to(add)
    customers.add_to(group)
    timelines.add_to(add)
    journeys.add_to(add)
    replies.add_to(add, group)
    wording.add_to(add, group)
    campaigns.add_to(group)
    requests.add_to(add, group)
    cases.add_to(add)
    promising.add_to(add)
    moods.add_to(add)
    absence.add_to(add)
    searching.add_to(add)
    safekeeping.add_to(add)
    importing.add_to(group)
    by_hand.add_to(add)
    checking.add_to(add)
    settings.add_to(group)
    return parser


def _adders(commands: Any) -> tuple[Add, Group]:
    """How commands are added to ``commands``, which argparse gives no public type."""

    def add(name: str, run: Run | None, words: str) -> ArgumentParser:
        parser: ArgumentParser = commands.add_parser(
            name, help=words, description=words.capitalize() + ".", allow_abbrev=False
        )
        _add_common(parser)
        parser.set_defaults(run=run)
        return parser

    def group(name: str, words: str, alone: Run | None = None) -> Add:
        parser = add(name, alone, words)
        inner = parser.add_subparsers(metavar="COMMAND", title="commands", required=alone is None)
        return _adders(inner)[0]

    return add, group


def _add_common(parser: ArgumentParser) -> None:
    """``--workspace`` and ``--json`` are understood behind a command as well as before it."""
    parser.add_argument(
        "--workspace", type=Path, metavar="DIR", default=argparse.SUPPRESS, help=argparse.SUPPRESS
    )
    parser.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="answer in JSON"
    )
