"""One way to fail for a request, whether it is refused at once or later."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from app.domain.errors import SeamlineError

T = TypeVar("T")


def attempt(ask: Callable[[], Future[T]]) -> Future[T]:
    """The future of a request; a refusal raised on the spot becomes the future's error."""
    try:
        return ask()
    except SeamlineError as error:
        refused: Future[T] = Future()
        refused.set_exception(error)
        return refused
