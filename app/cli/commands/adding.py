"""How a command module adds its parsers."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Protocol

from app.cli.session import Session

Run = Callable[[Session], None]
"""Carries a command out; what goes wrong is raised."""


class Add(Protocol):
    """Adds the parser of one command; ``words`` say in a few what it does."""

    def __call__(self, name: str, run: Run, words: str) -> ArgumentParser: ...


class Group(Protocol):
    """Adds a command that holds commands, and returns the way to add those.

    ``alone`` runs when none of them is named; without it, one must be.
    """

    def __call__(self, name: str, words: str, alone: Run | None = None) -> Add: ...
