"""Alembic, run from inside the program. Imported only when there is something to migrate."""

from __future__ import annotations

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config

from app.domain.errors import WorkspaceError
from app.store.connection import FileKey, engine_for
from app.store.seeding import seed


def migrations_folder() -> Path:
    """``migrations``: beside the package in a checkout, inside the bundle when packaged."""
    bundle = getattr(sys, "_MEIPASS", None)
    base = Path(bundle) if bundle else Path(__file__).resolve().parents[2]
    return base / "migrations"


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    return config


def upgrade(path: Path, key: FileKey, *, fresh: bool) -> None:
    """Migrate the file at ``path``; all of it in one transaction, or nothing.

    ``fresh``: the file is empty, and is given what a new workspace starts with.
    """
    config = alembic_config()
    engine = engine_for(path, key)
    try:
        with engine.connect() as conn, conn.begin():
            config.attributes["connection"] = conn
            command.upgrade(config, "head")
            if fresh:
                seed(conn)
    except WorkspaceError:
        raise
    except Exception as error:
        raise WorkspaceError(
            f"The workspace could not be brought up to date: {error}.",
            hint="Nothing was changed; the copy is in its backups folder.",
        ) from error
    finally:
        engine.dispose()
