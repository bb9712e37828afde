"""Runs one command and turns every outcome into an exit status and at most one sentence."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from app.cli.session import Opener, Session, WrongUse
from app.cli.text import clean
from app.domain.errors import SeamlineError

DONE, FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


def run_command(args: Namespace, open_services: Opener) -> int:
    """Carry out the command that ``args`` came to; returns the exit status."""
    try:
        with Session(args, open_services) as session:
            args.run(session)
            sys.stdout.flush()
    except WrongUse as error:
        return complain(error, WRONG_USE)
    except SeamlineError as error:
        return complain(error, FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read us has enough, ``head`` for instance. Nothing more can be said to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:  # a fault of ours is a sentence too, not a page
        if os.environ.get("SEAMLINE_DEBUG"):
            raise
        return complain(_our_fault(error), FAILED)
    return DONE


def _our_fault(error: Exception) -> SeamlineError:
    """Names the kind alone: what the error says may hold a customer’s words."""
    return SeamlineError(
        f"Something went wrong inside Seamline ({type(error).__name__}).",
        hint="SEAMLINE_DEBUG=1 shows where; “seamline doctor” looks for a cause.",
    )


def complain(error: SeamlineError, status: int) -> int:
    """Say on standard error what went wrong, and hand the status on.

    It may quote a service’s own words, which are not to be trusted with a terminal.
    """
    print(f"seamline: {clean(str(error))}", file=sys.stderr)
    return status
