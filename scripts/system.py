"""Checks for what pip cannot install: the system libraries of Qt, an X server, fonts, a keyring.

``python -m scripts.system qt display fonts`` names what is missing and the command that installs
it. Where it runs as root on Debian it installs that itself; nothing is touched when nothing is
missing. Libraries are looked for the way Qt will: by loading them.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Need:
    """Something the system must have, and the package that holds it under apt, dnf, pacman."""

    name: str
    present: Callable[[str], bool]
    apt: str
    dnf: str
    pacman: str


def loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def has_program(name: str) -> bool:
    return shutil.which(name) is not None


def has_postgres(_name: str = "") -> bool:
    """Debian keeps the server’s programs off the path, one folder a version."""
    return has_program("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def access_bus_launcher() -> Path | None:
    """What starts the bus of screen readers; the distributions keep it off the path."""
    places = ("/usr/libexec", "/usr/libexec/at-spi2-core", "/usr/lib/at-spi2-core", "/usr/lib")
    launchers = (Path(place, "at-spi-bus-launcher") for place in places)
    return next((launcher for launcher in launchers if launcher.exists()), None)


def has_access_bus(_name: str = "") -> bool:
    return access_bus_launcher() is not None


def has_font(family: str) -> bool:
    if not has_program("fc-list"):
        return False
    found = subprocess.run(["fc-list", family], capture_output=True, text=True, check=False)
    return bool(found.stdout.strip())


def has_venv(_name: str = "") -> bool:
    """Debian ships Python without the part that makes environments."""
    return all(importlib.util.find_spec(module) for module in ("venv", "ensurepip"))


def _library(soname: str, apt: str, dnf: str, pacman: str) -> Need:
    return Need(soname, loads, apt, dnf, pacman)


# What libQt6Gui, libQt6DBus and the xcb platform plug-in of PySide6 6.11 ask the loader for.
QT = (
    _library("libEGL.so.1", "libegl1", "libglvnd-egl", "libglvnd"),
    _library("libGL.so.1", "libgl1", "libglvnd-glx", "libglvnd"),
    _library("libX11.so.6", "libx11-6", "libX11", "libx11"),
    _library("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb", "libx11"),
    _library("libdbus-1.so.3", "libdbus-1-3", "dbus-libs", "dbus"),
    _library("libfontconfig.so.1", "libfontconfig1", "fontconfig", "fontconfig"),
    _library("libfreetype.so.6", "libfreetype6", "freetype", "freetype2"),
    _library("libgthread-2.0.so.0", "libglib2.0-0", "glib2", "glib2"),
    _library("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon", "libxkbcommon"),
    _library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
    _library("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    _library("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    _library("libxcb-image.so.0", "libxcb-image0", "xcb-util-image", "xcb-util-image"),
    _library("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    _library("libxcb-randr.so.0", "libxcb-randr0", "libxcb", "libxcb"),
    _library(
        "libxcb-render-util.so.0",
        "libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil",
    ),
    _library("libxcb-shape.so.0", "libxcb-shape0", "libxcb", "libxcb"),
    _library("libxcb-shm.so.0", "libxcb-shm0", "libxcb", "libxcb"),
    _library("libxcb-sync.so.1", "libxcb-sync1", "libxcb", "libxcb"),
    _library("libxcb-util.so.1", "libxcb-util1", "xcb-util", "xcb-util"),
    _library("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb", "libxcb"),
    _library("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb", "libxcb"),
)  # fmt: skip

NEEDS: dict[str, tuple[Need, ...]] = {
    "python": (Need("Python’s venv module", has_venv, "python3-venv", "python3", "python"),),
    "qt": QT,
    "display": (
        Need("Xvfb", has_program, "xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb"),
        # The tests of whole stories press their keys through it.
        _library("libXtst.so.6", "libxtst6", "libXtst", "libxtst"),
    ),
    # A Secret Service for the tests, under a D-Bus of its own; the program asks for neither.
    "keyring": (
        Need("dbus-daemon", has_program, "dbus", "dbus-daemon", "dbus"),
        Need(
            "gnome-keyring-daemon", has_program, "gnome-keyring", "gnome-keyring", "gnome-keyring"
        ),
    ),
    # The bus of screen readers, through which tests read the console; it needs a D-Bus.
    "access": (
        Need("dbus-daemon", has_program, "dbus", "dbus-daemon", "dbus"),
        Need(
            "at-spi-bus-launcher", has_access_bus, "at-spi2-core", "at-spi2-core", "at-spi2-core"
        ),
    ),
    # The yardsticks of the benchmarks.
    "bench": (
        _library("libnotmuch.so.5", "libnotmuch5", "notmuch", "notmuch-runtime"),
        Need("PostgreSQL", has_postgres, "postgresql", "postgresql-server", "postgresql"),
    ),
    # Pictures and layout tests draw text in many scripts; Inter itself comes with the program.
    "fonts": (
        Need("fc-list", has_program, "fontconfig", "fontconfig", "fontconfig"),
        Need("Noto Sans", has_font, "fonts-noto-core", "google-noto-sans-fonts", "noto-fonts"),
        Need(
            "Noto Sans CJK JP", has_font,
            "fonts-noto-cjk", "google-noto-sans-cjk-fonts", "noto-fonts-cjk",
        ),
        Need(
            "Noto Color Emoji", has_font,
            "fonts-noto-color-emoji", "google-noto-color-emoji-fonts", "noto-fonts-emoji",
        ),
    ),
    # PyInstaller reads the libraries it collects with objdump.
    "package": (Need("objdump", has_program, "binutils", "binutils", "binutils"),),
}  # fmt: skip

COMMANDS = {
    "apt": "apt-get install -y --no-install-recommends",
    "dnf": "dnf install -y",
    "pacman": "pacman -S --needed",
}


def missing(*groups: str) -> list[Need]:
    """What of these groups this machine lacks; nothing is asked of macOS and Windows."""
    if not sys.platform.startswith("linux"):
        return []
    return [need for group in groups for need in NEEDS[group] if not need.present(need.name)]


def package_manager() -> str | None:
    return next((name for name, line in COMMANDS.items() if has_program(line.split()[0])), None)


def packages(needs: list[Need], manager: str) -> list[str]:
    return sorted({str(getattr(need, manager)) for need in needs})


def installs_itself() -> bool:
    """Root on Debian or one of its children."""
    return package_manager() == "apt" and os.geteuid() == 0 and Path("/etc/debian_version").exists()


def apt_install(names: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # Another installer may hold the lock for a moment: wait for it, do not fail.
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]
    print(f"Installing {', '.join(names)}", flush=True)
    for step in (["update"], ["install", "-y", "--no-install-recommends", *names]):
        subprocess.run(
            [*apt, *step],
            check=True,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )


def explain(needs: list[Need]) -> str:
    """What is missing and the one command that brings it."""
    names = ", ".join(need.name for need in needs)
    manager = package_manager()
    if manager is None:
        return f"Missing on this system: {names}. Install them with your package manager."
    command = f"{COMMANDS[manager]} {' '.join(packages(needs, manager))}"
    return f"Missing on this system: {names}.\nInstall them with:\n  sudo {command}"


def require(*groups: str) -> None:
    """Returns when nothing of these groups is missing (any more); ends the program otherwise."""
    needs = missing(*groups)
    if needs and installs_itself():
        try:
            apt_install(packages(needs, "apt"))
        except subprocess.CalledProcessError:
            sys.exit(f"apt-get could not install them.\n{explain(needs)}")
        importlib.invalidate_caches()
        needs = missing(*groups)
    if needs:
        sys.exit(explain(needs))


if __name__ == "__main__":
    require(*(sys.argv[1:] or ["qt"]))
