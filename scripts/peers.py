"""Installs the servers that tests talk to, where this machine can.

A machine that cannot run them skips their tests, saying why; with ``SEAMLINE_REQUIRE_PEERS=1``
(the continuous integration sets it) that is a failure instead.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

from scripts.environment import ROOT, digest

BLUESKY = ROOT / "tests" / "peers" / "bluesky"
LOG = ROOT / ".cache" / "bluesky-setup.log"
TIME_LIMIT_S = 1200


def recipe() -> str:
    """Changes when what would be installed changes."""
    return digest([BLUESKY / "package-lock.json", BLUESKY / "setup.sh"])


def is_installed() -> bool:
    modules = BLUESKY / "node_modules"
    if modules.is_symlink():
        return True  # somebody keeps one copy for several clones
    stamp = modules / ".seamline"
    return stamp.exists() and stamp.read_text("utf-8") == recipe()


def install_bluesky() -> str:
    """Runs the set-up; what went wrong, or "" when nothing did."""
    LOG.parent.mkdir(exist_ok=True)
    print(
        "Installing a Bluesky network for the tests; the first time takes some minutes", flush=True
    )
    started = time.monotonic()
    try:
        with LOG.open("wb") as log:
            subprocess.run(
                ["bash", BLUESKY / "setup.sh"],
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=TIME_LIMIT_S,
            )
    except (subprocess.SubprocessError, OSError) as error:
        tail = LOG.read_text("utf-8", "replace").splitlines()[-15:]
        return "\n".join([*tail, f"The Bluesky network could not be installed: {error}"])
    (BLUESKY / "node_modules" / ".seamline").write_text(recipe(), "utf-8")
    print(f"The Bluesky network is installed ({time.monotonic() - started:.0f} s)", flush=True)
    return ""


def main() -> int:
    if is_installed():
        return 0
    trouble = install_bluesky()
    if not trouble:
        return 0
    print(trouble, file=sys.stderr)
    if os.environ.get("SEAMLINE_REQUIRE_PEERS") == "1":
        return 1
    print("The tests that need it will be skipped.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
