"""Where the program starts: read the command line, then hand over to the console or a command."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app import logging_setup
from app.cli import console_options
from app.cli.main import FAILED, INTERRUPTED, complain, run_command
from app.cli.session import Opened, Wanted
from app.domain.errors import SeamlineError, WorkspaceError, WorkspaceLocked
from app.ui.spelling import SPELLING

if TYPE_CHECKING:
    from concurrent.futures import Future

    from app.container import Container
    from app.store.first_look import FirstLook
    from app.ui.session import Doors
    from app.ui.session import Opened as OpenWorkspace


def main(argv: Sequence[str] | None = None) -> int:
    """Run Seamline; returns the exit status. Wrong use ends in SystemExit with status 2.

    ``argv`` None is the program itself, which then also answers for what nobody catches.
    """
    _speak_every_script()
    if argv is None and sys.argv[1:] == [SPELLING]:
        from app.ui.spelling.worker import main as answer_about_words

        return answer_about_words()
    if argv is None:
        logging_setup.configure()
    args = console_options.read(sys.argv[1:] if argv is None else argv) or _whole_grammar(argv)
    if args.run is not None:
        return run_command(args, _opened)
    try:
        return open_console(
            args.workspace,
            sample_at_first=args.sample_at_first,
            first_painted=_quit_soon if args.quit_after_first_paint else None,
        )
    except SeamlineError as error:
        return complain(error, FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED


def _whole_grammar(argv: Sequence[str] | None) -> Namespace:
    from app.cli.parser import build_parser

    return build_parser().parse_args(argv)


def _speak_every_script() -> None:
    """Customers write in every script, whatever the locale of the terminal is."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # a stream that was replaced, by a test for instance
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]


def open_console(
    folder: Path | None,
    *,
    sample_at_first: bool = False,
    first_painted: Callable[[], None] | None = None,
) -> int:
    """Show the console until its window is closed; returns the exit status.

    ``folder`` None is the usual workspace. ``first_painted`` is called when the first queue is on
    its way to the screen, before the event loop turns and paints it.
    """
    from app.services.futures import aside

    look = aside(partial(_first_look, folder), "first-look")  # while Qt is imported here
    from app.ui.beginning import begin

    begin()
    from app.ui.application import run

    return run(_doors(folder, look, sample_at_first=sample_at_first), first_painted)


def _quit_soon() -> None:
    """To check that a build works: end the program once the paint that is due has been seen."""
    from app.ui.application import quit_soon

    quit_soon()


def _first_look(folder: Path | None) -> FirstLook | None:
    from app.services.places import passphrase_of_environment, workspace_folder
    from app.store.first_look import first_look

    return first_look(workspace_folder(folder), passphrase_of_environment())


def _doors(folder: Path | None, look: Future[FirstLook | None], *, sample_at_first: bool) -> Doors:
    """How the console opens workspaces; what is heavy is imported on the thread that opens."""
    from app.ui.session import Doors

    looks = [look]  # at the first opening alone: later ones are worth no haste

    def own(passphrase: str | None) -> Container:
        from app.container import open_container, workspace_folder

        return open_container(workspace_folder(folder), passphrase=passphrase)

    def sample(_passphrase: str | None) -> Container:
        from app.container import open_sample

        return open_sample()

    def other(place: Path, passphrase: str | None) -> Container:
        from app.container import open_container

        return open_container(place, passphrase=passphrase)

    def first(passphrase: str | None) -> OpenWorkspace:
        if looks and (seen := looks.pop().result()) is not None:
            from app.domain.clock import SystemClock
            from app.services.places import workspace_folder
            from app.services.promised import Promised

            place = workspace_folder(folder)
            return Promised(seen, place, SystemClock(), partial(own, passphrase))
        if sample_at_first and folder is None and _is_new():
            return sample(passphrase)
        return own(passphrase)

    return Doors(first=first, own=own, sample=sample, other=other)


def _is_new() -> bool:
    from app.container import workspace_folder
    from app.store.opening import exists

    return not exists(workspace_folder())


@contextmanager
def _opened(folder: Path | None, wanted: Wanted) -> Iterator[Opened]:
    from app.container import open_sample

    container = open_sample(folder) if wanted is Wanted.SAMPLE else _open_own(folder, wanted)
    try:
        yield Opened(container.services, container.workspace.path.parent)
    finally:
        container.close()


def _open_own(folder: Path | None, wanted: Wanted) -> Container:
    """Open a workspace; at a terminal, ask for the passphrase that it turns out to want."""
    from app.container import open_container, workspace_folder
    from app.store.opening import exists, read_manifest

    place = workspace_folder(folder)
    if wanted is Wanted.EXISTING and not exists(place):
        raise WorkspaceError(
            f"There is no workspace in {place}.",
            hint="“seamline account add” makes one; --workspace names another.",
        )
    try:
        return open_container(place)
    except WorkspaceLocked:
        if not sys.stdin.isatty() or read_manifest(place).unlock != "passphrase":
            raise
    from getpass import getpass

    return open_container(place, passphrase=getpass(f"Passphrase of {place}: "))


if __name__ == "__main__":
    sys.exit(main())
