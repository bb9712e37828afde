"""A file out of a zip archive, by its name alone."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from app.ui.theme.icons import pixmap
from app.ui.theme.manager import theme
from app.ui.theme.zipped import member

_FILES = {
    "badge-check.svg": b"one",
    "check.svg": b"two" * 500,
    "check.svg.bak": b"three",
    "sets/check.svg": b"check.svg",
    "empty.svg": b"",
}


@pytest.mark.parametrize("method", [ZIP_STORED, ZIP_DEFLATED])
@pytest.mark.parametrize("comment", [b"", b"no PK in here, check.svg"])
def test_every_file_is_found_as_it_was_packed(method: int, comment: bytes) -> None:
    archive = _packed(method, comment)
    assert {name: member(archive, name) for name in _FILES} == _FILES


@pytest.mark.parametrize("name", ["heck.svg", "check", "svg", "gone.svg", ""])
def test_what_is_not_there_is_not_found(name: str) -> None:
    with pytest.raises(KeyError):
        member(_packed(ZIP_DEFLATED, b""), name)


@pytest.mark.usefixtures("qapp")
def test_an_icon_that_is_not_there_is_told() -> None:
    assert not pixmap("check", 16, theme().colour("text")).isNull()
    with pytest.raises(KeyError):
        pixmap("no-such-icon", 16, theme().colour("text"))


def _packed(method: int, comment: bytes) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", method) as archive:
        for name, content in _FILES.items():
            archive.writestr(name, content)
        archive.comment = comment
    return packed.getvalue()
