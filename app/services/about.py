"""What the program is made of: every bundled package, its version and its licence.

Read from the metadata that packages carry themselves, so that it is never behind.
"""

from __future__ import annotations

import platform
import re
from importlib import metadata
from pathlib import Path

from app import __version__
from app.domain.records import dataclass
from app.services.doctor import DEPENDENCIES

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)
_CLASSIFIER = "License :: OSI Approved :: "
_LONGEST = 80
"""A “License” field longer than this is the text itself, not its name."""
_UNSAID = {"sqlcipher3": "zlib; SQLCipher BSD-3-Clause, OpenSSL Apache-2.0"}
"""What a package does not say in its metadata, from its own files."""


@dataclass(frozen=True, slots=True)
class Part:
    """One package; ``licence`` as a name or an SPDX expression, "" where it says none."""

    name: str
    version: str
    licence: str


def version() -> str:
    return __version__


def parts() -> tuple[Part, ...]:
    """Python and every package that Seamline brings along here, by name."""
    found: dict[str, Part] = {}
    waiting = list(DEPENDENCIES)
    while waiting:
        name = waiting.pop()
        key = _key(name)
        if key in found:
            continue
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # for another system or another Python
        said = package.metadata
        found[key] = Part(said["Name"], package.version, _UNSAID.get(key) or _licence(said))
        waiting += [
            match.group()
            for line in package.requires or ()
            if "extra ==" not in line and (match := _NAME.match(line))
        ]
    python = Part("Python", platform.python_version(), "PSF-2.0")
    return tuple(sorted((python, *found.values()), key=lambda part: part.name.casefold()))


def licence_text(name: str) -> str:
    """The licence files of a package, one after another; "" where it brings none."""
    try:
        files = metadata.distribution(name).files or []
    except metadata.PackageNotFoundError:
        return ""
    texts = [
        path.read_text(encoding="utf-8", errors="replace").strip()
        for path in map(_located, (file for file in files if _LICENCE_FILE.search(file.name)))
        if path.is_file() and path.suffix in ("", ".txt", ".md", ".rst", ".APACHE", ".BSD")
    ]
    return "\n\n\n".join(dict.fromkeys(texts))


def _located(file: metadata.PackagePath) -> Path:
    return Path(str(file.locate()))


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _licence(said: metadata.PackageMetadata) -> str:
    for field in ("License-Expression", "License"):
        value = str(said[field]).strip() if field in said else ""
        if value and len(value) <= _LONGEST and "\n" not in value:
            return value
    names = [
        line.removeprefix(_CLASSIFIER)
        for line in said.get_all("Classifier") or ()
        if line.startswith(_CLASSIFIER)
    ]
    return ", ".join(names)
