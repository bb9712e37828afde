"""A home folder of its own for the real program, run in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_WITHIN_S = 60.0


@dataclass(frozen=True)
class Done:
    """How a run ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Home:
    """Everything that a run may write without being told a place lies below ``folder``."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    """Added to the environment of every run: a passphrase, the address of a D-Bus."""

    def __post_init__(self) -> None:
        for name in ("tmp", "run", "elsewhere"):
            (self.folder / name).mkdir(parents=True, mode=0o700)

    @property
    def workspace(self) -> Path:
        return self.folder / "data" / "seamline" / "workspace"

    def environment(self) -> dict[str, str]:
        """Nothing of the surrounding session comes along: neither its D-Bus nor its display."""
        folder = self.folder
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(folder),
            "TMPDIR": str(folder / "tmp"),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "XDG_STATE_HOME": str(folder / "state"),
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
        } | self.variables

    def seamline(self, *words: str, stdin: str = "", mask: int = 0o077) -> Done:
        """Run a command of the program; ``mask`` is the umask it starts with."""
        return self.python("-m", "app", *words, stdin=stdin, mask=mask)

    def python(self, *words: str, stdin: str = "", mask: int = 0o077) -> Done:
        """Run Python with the program at hand, in a folder where it may write."""
        done = subprocess.run(
            [sys.executable, "-B", *words],
            cwd=self.folder / "elsewhere",
            env=self.environment(),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=_WITHIN_S,
            umask=mask,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def ok(self, *words: str, stdin: str = "", mask: int = 0o077) -> Done:
        """Run a command that has to succeed."""
        done = self.seamline(*words, stdin=stdin, mask=mask)
        assert done.status == 0, done.err
        return done
