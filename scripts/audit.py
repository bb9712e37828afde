"""Asks whether a locked package has a known hole (pip-audit over the lock files).

That takes the advisory service of the package index. Where it cannot be asked, this says so and
passes: whether code may be changed must not hang on a network. What is asked and found fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from scripts.environment import ROOT, venv_python

LOCKS = ("requirements/runtime.txt", "requirements/dev.txt")
ANSWER_S = 5
"""How long the service may take over one answer, and for all of them:"""
LIMIT_S = 90
_NOT_ASKED = "Known holes were not looked for in"


def main() -> int:
    """The exit status: 1 only where a package has a known hole."""
    return max([audited(lock) for lock in LOCKS], default=0)


def audited(lock: str) -> int:
    command = [
        str(venv_python()), "-m", "pip_audit", "--requirement", lock, "--require-hashes",
        "--disable-pip", "--format", "json", "--progress-spinner", "off",
        "--timeout", str(ANSWER_S),
    ]  # fmt: skip
    try:
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=LIMIT_S)
        answer = json.loads(ended.stdout)
    except subprocess.TimeoutExpired:
        print(f"{_NOT_ASKED} {lock}: the advisory service took more than {LIMIT_S} s.")
        return 0
    except ValueError:
        last = ended.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no reason"]
        print(f"{_NOT_ASKED} {lock}, the advisory service cannot be asked here: {last[0][:200]}")
        return 0
    return judged(lock, answer["dependencies"])


def judged(lock: str, packages: list[dict[str, Any]]) -> int:
    """Says what is known of these packages; 1 when one of them has a hole."""
    known = [one for one in packages if "skip_reason" not in one]
    if not known:
        # Where the index is a mirror, it may know every package and no advisory.
        print(f"{_NOT_ASKED} {lock}: the index of this machine has no advisories.")
        return 0
    bad = [one for one in known if one.get("vulns")]
    for one in bad:
        for hole in one["vulns"]:
            mended = ", ".join(hole.get("fix_versions", ())) or "no version yet"
            print(f"{lock}: {one['name']} {one['version']} has {hole['id']}; mended in {mended}")
    missed = len(packages) - len(known)
    print(
        f"{lock}: {len(known)} packages looked up, {len(bad)} with a known hole, {missed} unknown"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
