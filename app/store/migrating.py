"""Alembic, run from inside the program. Imported only when there is something to migrate."""

from __future__ import annotations

import sys
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from app.domain.errors import WorkspaceError
from app.store.connection import FileKey, complaint, engine_for
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
            f"The workspace could not be brought up to date: {_reason(error)}.",
            hint="Nothing was changed, and a copy is in its backups folder; start again to retry.",
        ) from error
    finally:
        engine.dispose()


def _reason(error: Exception) -> str:
    """In a few words; a statement and its values, which SQLAlchemy adds, may be a customer's."""
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    told = complaint(cause) if cause is not None else None
    if told is not None:
        return told.message[0].lower() + told.message[1:].rstrip(".")
    return (str(cause).splitlines() or [type(cause).__name__])[0].rstrip(".")
