"""The project's own promises: what lies where, what is locked, how long a file may be."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

import app

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("build", "runtime", "dev")
MAX_LINES = 600
REGISTRY_HOST = re.compile(r"(pypi|pythonhosted|npmjs|debian|yarnpkg)\.(org|com)", re.IGNORECASE)
OUTSIDE_PATH = re.compile(r"\.\./" + r"shared\b|(?<![\w.-])/(work|tmp|root|home/\w+)/\w")


@cache
def tracked() -> tuple[Path, ...]:
    """The files git knows; outside a clone, nothing to judge."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("this is not a git clone")
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def texts() -> dict[str, str]:
    """Every tracked text file by its path from the root."""
    found = {}
    for path in tracked():
        try:
            found[path.relative_to(ROOT).as_posix()] = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
    return found


def locked(name: str) -> dict[str, list[str]]:
    """Package to its lines, as a lock file has them."""
    packages: dict[str, list[str]] = {}
    for line in (ROOT / "requirements" / f"{name}.txt").read_text("utf-8").splitlines():
        if line[:1].isalnum():
            packages[line.split("==")[0]] = [line]
        else:
            packages[next(reversed(packages))].append(line.strip())
    return packages


@pytest.mark.parametrize(
    "name",
    [
        "app", "resources", "migrations", "tests", "benchmarks", "docs", "pyproject.toml",
        "build.spec", "Makefile", "README.md", "CHANGELOG.md", "LICENSE", ".ci/run",
    ],
)  # fmt: skip
def test_the_top_level_has_what_a_reader_expects(name: str) -> None:
    assert (ROOT / name).exists()


def test_the_readme_opens_with_the_two_commands_and_a_picture() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    top = readme.splitlines()[:12]
    assert any("make run" in line for line in top)
    assert any("make test" in line for line in top)
    picture = re.search(r"!\[[^\]]+\]\(([^)]+)\)", readme)
    assert picture is not None
    assert (ROOT / picture[1]).is_file()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_and_hashes_everything_and_names_no_address(name: str) -> None:
    packages = locked(name)
    assert packages
    for package, lines in packages.items():
        assert "==" in lines[0], package
        assert any(line.startswith("--hash=sha256:") for line in lines[1:]), package
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"--(extra-)?index-url|--find-links|@ file", text)


def test_the_development_lock_holds_the_runtime_lock() -> None:
    development = locked("dev")
    for package, lines in locked("runtime").items():
        pinned = lines[0].split(" ")[0]
        assert development[package][0].split(" ")[0] == pinned


def test_every_direct_dependency_is_locked_and_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    explained = (ROOT / "docs" / "dependencies.md").read_text("utf-8").lower()
    pinned = {re.sub(r"[-_.]+", "-", name) for name in locked("dev")}
    for requirement in wanted:
        match = re.match(r"[A-Za-z0-9._-]+", requirement)
        assert match is not None
        name = match[0].lower()
        assert re.sub(r"[-_.]+", "-", name) in pinned
        assert f"| {name} |" in explained, f"docs/dependencies.md does not explain {name}"


def test_node_locks_name_no_address() -> None:
    for name, text in texts().items():
        if name.endswith("package-lock.json"):
            lock = json.loads(text)
            resolved = [key for key, value in lock["packages"].items() if "resolved" in value]
            assert resolved == [], name


def test_no_file_names_a_package_registry_or_a_path_of_one_machine() -> None:
    for name, text in texts().items():
        if name == "tests/test_project.py":
            continue
        for pattern in (REGISTRY_HOST, OUTSIDE_PATH):
            found = pattern.search(text)
            assert found is None, f"{name} names “{found and found[0]}”"


def test_no_source_file_is_longer_than_a_reader_can_hold() -> None:
    long = {
        name: lines
        for name, text in texts().items()
        if name.endswith(".py") and (lines := text.count("\n")) > MAX_LINES
    }
    assert long == {}


def test_every_module_says_what_it_is() -> None:
    dumb = [
        name
        for name, text in texts().items()
        if name.startswith("app/") and name.endswith(".py") and not text.startswith('"""')
    ]
    assert dumb == []


def test_the_changelog_speaks_of_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"## {app.__version__}" in changelog or "## Unreleased" in changelog


@pytest.mark.skipif(sys.platform == "win32", reason="the Makefile is for Linux and macOS")
def test_make_alone_lists_the_commands() -> None:
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for command in ("run", "test", "lint", "bench", "screenshots", "package", "clean"):
        assert f"make {command} " in shown
