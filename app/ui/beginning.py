"""What makes importing the rest of the console quicker; it comes before all of that."""

from __future__ import annotations

import builtins
import gc

from app.ui.unread import signatures_unread


def begin() -> None:
    """Import PySide6 with the least it needs, and leave collecting to the collector of the main
    thread, which is made later and collects when the screen rests.

    PySide6 looks at every import that follows its own, and at the source of every module imported,
    for ``from __feature__``, which nobody writes here: a sixth of the time the console takes to
    import. Python goes on to import by itself instead.
    Source: shibokensupport/feature.py of PySide6 6.11.
    """
    gc.disable()
    with signatures_unread():
        import PySide6.QtCore  # noqa: F401 - so that it comes without them
    usual = getattr(builtins, "__orig_import__", None)
    if usual is not None:
        builtins.__import__ = usual
