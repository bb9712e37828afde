"""What `make` runs before there is an environment: finding Python, naming what is missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import environment, system

ROOT = Path(__file__).resolve().parent.parent
FIND = ROOT / "scripts" / "find_python.sh"
LACKING = [system.Need("libnowhere.so.9", system.loads, "libnowhere9", "nowhere", "nowhere")]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="make is not used on Windows")


def find_python(*arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, **({"PATH": path} if path is not None else {})}
    return subprocess.run(
        ["/bin/sh", FIND, *arguments], capture_output=True, text=True, env=variables, check=False
    )


def fake_python(folder: Path, name: str, minor: int) -> None:
    """A program that answers the version question as Python 3.``minor`` would."""
    program = folder / name
    program.write_text(f"#!/bin/sh\ntest {minor} -ge 11 && test {minor} -lt 15\n")
    program.chmod(0o755)


def test_a_named_python_is_taken() -> None:
    assert find_python(sys.executable).stdout.strip() == sys.executable


def test_a_named_python_that_will_not_do_is_refused_with_the_way_out(tmp_path: Path) -> None:
    fake_python(tmp_path, "python3", 10)
    found = find_python(str(tmp_path / "python3"))
    assert found.returncode == 1
    assert "PYTHON=python3.12" in found.stderr


def test_the_first_python_that_is_new_enough_is_found(tmp_path: Path) -> None:
    fake_python(tmp_path, "python3", 9)
    fake_python(tmp_path, "python3.12", 12)
    assert find_python(path=str(tmp_path)).stdout.strip() == "python3.12"


def test_no_python_is_one_sentence_and_a_command(tmp_path: Path) -> None:
    found = find_python(path=str(tmp_path))
    assert found.returncode == 1
    assert found.stderr.startswith("No Python from 3.11 to 3.14 was found.")


def test_a_missing_library_is_found_out_by_loading_it() -> None:
    assert not system.loads("libnowhere.so.9")


@pytest.mark.parametrize(
    ("program", "command"),
    [
        ("apt-get", "sudo apt-get install -y --no-install-recommends libnowhere9"),
        ("dnf", "sudo dnf install -y nowhere"),
        ("pacman", "sudo pacman -S --needed nowhere"),
    ],
)
def test_what_is_missing_comes_with_the_command_of_this_system(
    monkeypatch: pytest.MonkeyPatch, program: str, command: str
) -> None:
    monkeypatch.setattr(system, "has_program", lambda name: name == program)
    told = system.explain(LACKING)
    assert "libnowhere.so.9" in told
    assert command in told


def test_without_a_known_package_manager_the_names_are_still_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(system, "has_program", lambda name: False)
    assert "libnowhere.so.9" in system.explain(LACKING)


def test_nothing_is_installed_when_nothing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[list[str]] = []
    monkeypatch.setattr(system, "missing", lambda *groups: [])
    monkeypatch.setattr(system, "apt_install", installed.append)
    system.require("qt")
    assert installed == []


def test_where_it_may_it_installs_what_is_missing_and_looks_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = [LACKING, []]
    installed: list[list[str]] = []
    monkeypatch.setattr(system, "missing", lambda *groups: answers.pop(0))
    monkeypatch.setattr(system, "installs_itself", lambda: True)
    monkeypatch.setattr(system, "apt_install", installed.append)
    system.require("qt")
    assert installed == [["libnowhere9"]]


def test_where_it_may_not_it_ends_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "missing", lambda *groups: LACKING)
    monkeypatch.setattr(system, "installs_itself", lambda: False)
    with pytest.raises(SystemExit, match=r"libnowhere\.so\.9"):
        system.require("qt")


class Installed:
    """What the environment script would have run."""

    def __init__(self) -> None:
        self.venvs = 0
        self.locks: list[str] = []
        self.projects = 0

    def make_venv(self) -> None:
        self.venvs += 1

    def install_lock(self, kind: str) -> None:
        self.locks.append(kind)

    def pip_install(self, *arguments: str | Path) -> None:
        self.projects += "--editable" in arguments


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Installed:
    """The environment script on a folder of its own, where nothing is really installed."""
    done = Installed()
    (tmp_path / "requirements").mkdir()
    for name in ("build", "runtime", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(name)
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "STAMP", tmp_path / "stamp.json")
    monkeypatch.setattr(environment, "venv_python", lambda: Path(sys.executable))
    for name in ("make_venv", "install_lock", "pip_install"):
        monkeypatch.setattr(environment, name, getattr(done, name))
    return done


def test_a_second_run_installs_nothing(installed: Installed) -> None:
    environment.main("runtime")
    environment.main("runtime")
    assert (installed.venvs, installed.locks, installed.projects) == (1, ["runtime"], 1)


def test_a_changed_lock_is_installed_again(installed: Installed, tmp_path: Path) -> None:
    environment.main("runtime")
    (tmp_path / "requirements" / "runtime.txt").write_text("newer")
    environment.main("runtime")
    assert (installed.venvs, installed.locks) == (1, ["runtime", "runtime"])


def test_running_is_served_by_the_development_environment(installed: Installed) -> None:
    environment.main("dev")
    environment.main("runtime")
    assert installed.locks == ["dev"]


def test_another_python_makes_the_environment_anew(installed: Installed, tmp_path: Path) -> None:
    environment.main("runtime")
    stamp = json.loads((tmp_path / "stamp.json").read_text())
    (tmp_path / "stamp.json").write_text(json.dumps({**stamp, "python": "3.11.0"}))
    environment.main("runtime")
    assert (installed.venvs, installed.locks) == (2, ["runtime", "runtime"])


def test_an_interrupted_installation_is_done_again(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(kind: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(environment, "install_lock", interrupted)
        with pytest.raises(KeyboardInterrupt):
            environment.main("runtime")
    environment.main("runtime")
    assert installed.locks == ["runtime"]
