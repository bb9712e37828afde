"""Makes the environment in ``.venv`` and keeps it at the locked versions.

``python -m scripts.environment runtime`` is what running Seamline takes, ``dev`` adds what testing
and packaging take. Standard library only; a second call with nothing changed costs 50 ms.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts import system

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "seamline.json"
LOCKS = {"runtime": ("build", "runtime"), "dev": ("build", "dev")}


def venv_python() -> Path:
    """The interpreter inside the environment."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def digest(paths: list[Path]) -> str:
    """One hash over the contents of these files."""
    joined = b"\0".join(path.read_bytes() for path in paths)
    return hashlib.sha256(joined).hexdigest()


def lock_files(kind: str) -> list[Path]:
    return [ROOT / "requirements" / f"{name}.txt" for name in LOCKS[kind]]


def wanted(kind: str) -> dict[str, str]:
    """What the stamp says once everything of this kind is in place."""
    return {
        "python": ".".join(map(str, sys.version_info[:3])),
        "project": digest([ROOT / "pyproject.toml"]),
        kind: digest(lock_files(kind)),
    }


def read_stamp() -> dict[str, str]:
    """What was installed last; empty when that is unknown or the environment is broken."""
    try:
        stamp = json.loads(STAMP.read_text("utf-8"))
        subprocess.run([venv_python(), "-c", ""], check=True, capture_output=True)
    except (OSError, ValueError, subprocess.CalledProcessError):
        return {}
    return dict(stamp)


def make_venv() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    print(f"Making an environment for Python {sys.version.split()[0]} in .venv", flush=True)
    if not system.has_venv():
        system.require("python")
    subprocess.run([sys.executable, "-m", "venv", VENV], check=True)


def pip_install(*arguments: str | Path) -> None:
    subprocess.run(
        [
            venv_python(), "-m", "pip", "install",
            "-qq", "--no-input", "--disable-pip-version-check", "--no-deps", *arguments,
        ],
        check=True,
        cwd=ROOT,
    )  # fmt: skip


def install_lock(kind: str) -> None:
    """Exactly the locked files, each checked against its hash, none compiled here."""
    print(f"Installing the locked packages ({kind}); the first time takes a minute", flush=True)
    requirements = [part for path in lock_files(kind) for part in ("-r", path)]
    pip_install("--require-hashes", "--only-binary", ":all:", *requirements)


def main(kind: str) -> int:
    want = wanted(kind)
    have = read_stamp()
    if have.get("python") != want["python"]:
        make_venv()
        have = {}
    # The development lock holds the runtime lock, so either stamp will do for running.
    runtime = digest(lock_files("runtime"))
    served_by_dev = kind == "runtime" and have.get("dev") == digest(lock_files("dev"))
    if have.get(kind) != want[kind] and not served_by_dev:
        install_lock(kind)
    if have.get("project") != want["project"]:
        pip_install("--no-build-isolation", "--editable", ".")
    stamp = {**have, **want}
    if kind == "dev":
        stamp["runtime"] = runtime
    if stamp != have:
        STAMP.write_text(json.dumps(stamp, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "runtime"))
    except subprocess.CalledProcessError as error:
        sys.exit(f"“{' '.join(map(str, error.cmd[1:4]))}” failed; what it said stands above.")
    except KeyboardInterrupt:
        sys.exit(130)
