"""What makes importing the rest of the console quicker; it comes before all of that."""

from __future__ import annotations

import gc
import sys

import PySide6.QtCore  # noqa: F401 - brings the module that is quieted below


def begin() -> None:
    """Leave collecting to the collector of the main thread, which is made later and collects when
    the screen rests; and have PySide6 take modules as they are.

    Without that it reads the source of every module imported after it, to see whether it could mean
    ``from __feature__``, which nobody does here: a sixth of the time the console takes to import.
    Source: shibokensupport/feature.py of PySide6 6.11.
    """
    gc.disable()
    feature = sys.modules.get("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):
        setattr(feature, "_mod_uses_pyside", _no_feature)  # noqa: B010 - a module has no such field


def _no_feature(_module: object) -> bool:
    return False
