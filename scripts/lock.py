"""Writes the lock files: every package with its hashes, for all systems, and no index address."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from scripts.environment import ROOT, venv_python

COMPILE = (
    "uv", "pip", "compile",
    "--universal", "--python-version", "3.11", "--generate-hashes",
    "--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header", "--quiet",
)  # fmt: skip
LOCKS = (
    ("requirements/build.txt", ("requirements/build.in",)),
    ("requirements/runtime.txt", ("pyproject.toml",)),
    # The development lock keeps to the runtime lock's versions.
    (
        "requirements/dev.txt",
        ("pyproject.toml", "--group", "dev", "-c", "requirements/runtime.txt"),
    ),
    ("requirements/fuzz.txt", ("--group", "fuzz")),
)


def main(options: list[str]) -> int:
    uv = venv_python().with_name("uv")
    for target, sources in LOCKS:
        command = [str(uv), *COMPILE[1:], *options, *sources, "--output-file", target]
        subprocess.run(command, check=True, cwd=ROOT)
        count = sum(
            line[:1].isalnum() for line in Path(ROOT, target).read_text("utf-8").splitlines()
        )
        print(f"{target}: {count} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
