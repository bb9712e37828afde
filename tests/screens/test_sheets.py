"""Every sheet looks as it looked: drawn from the real window, compared with what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from scripts.screens import gallery, surroundings
from scripts.screens.comparing import difference
from scripts.screens.drawing import SCALES, picture_name
from tests.screens.conftest import TWICE

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "docs" / "screens"
FAILED = ROOT / ".cache" / "screens"
MOST_BYTES = 6_000_000
MOST_DESIGN_BYTES = 80_000


@pytest.mark.parametrize("name", gallery.names())
def test_a_sheet_looks_as_it_is_kept(name: str, drawings: tuple[Path, Path]) -> None:
    kept, drawn = QImage(str(KEPT / name)), QImage(str(drawings[0] / name))
    assert not kept.isNull(), f"{name} is not kept: “make screenshots” draws it"
    assert not drawn.isNull(), f"{name} was not drawn"
    found = difference(kept, drawn)
    if found is None:
        return
    others = surroundings.differing(KEPT)
    if others:
        pytest.skip(f"{name} was drawn with other type than this machine has: {others}")
    places = _keep(name, drawn, found.picture)
    pytest.fail(f"{name}: {found.words} Look at {places}; “make screenshots” renews it if it may.")


def _keep(name: str, drawn: QImage, where: QImage | None) -> str:
    """Keep what was drawn and where it differs; returns the files, as they are told."""
    FAILED.mkdir(parents=True, exist_ok=True)
    told = []
    for kind, picture in (("drawn", drawn), ("difference", where)):
        if picture is not None:
            path = FAILED / f"{Path(name).stem}.{kind}.png"
            picture.save(str(path))
            told.append(str(path.relative_to(ROOT)))
    return " and ".join(told)


@pytest.mark.parametrize("sheet", TWICE)
@pytest.mark.parametrize("scheme", gallery.SCHEMES)
def test_drawn_twice_it_is_the_same_to_the_last_pixel(
    sheet: str, scheme: str, drawings: tuple[Path, Path]
) -> None:
    once, again = (QImage(str(f / picture_name(sheet, scheme, 1))) for f in drawings)
    assert not once.isNull()
    assert once == again


def test_a_picture_at_scale_2_is_twice_as_sharp(drawings: tuple[Path, Path]) -> None:
    small, large = (
        QImage(str(drawings[0] / picture_name("console", "light", scale))) for scale in SCALES
    )
    assert (small.width(), small.height()) == (1440, 900)
    assert (large.width(), large.height()) == (2880, 1800)


def test_the_gallery_shows_these_pictures_and_no_others() -> None:
    assert (KEPT / "README.md").read_text(encoding="utf-8") == gallery.text()
    assert {path.name for path in KEPT.glob("*.png")} == set(gallery.names())
    shown = {name for sheet in gallery.SHEETS for name in sheet.design}
    assert {path.stem for path in (KEPT / "design").iterdir()} == shown


def test_the_pictures_are_small() -> None:
    design = [path.stat().st_size for path in (KEPT / "design").iterdir()]
    ours = [path.stat().st_size for path in KEPT.glob("*.png")]
    assert max(design) <= MOST_DESIGN_BYTES
    assert sum(design) + sum(ours) < MOST_BYTES
