"""One round: the program works, is killed, starts again, settles; then all is counted."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from app.store.backup import BACKUPS
from app.store.opening import HEAD
from tests.chaos import remains
from tests.chaos.keeping import while_backing_up, while_rekeying, while_restoring
from tests.chaos.ledger import Counts
from tests.chaos.plans import Phase, Plan
from tests.chaos.program import Gone, Program, Refused, killed, run_cold, start_and_kill
from tests.chaos.stage import Stage
from tests.chaos.working import work, write

_NEWER = "9001"
_NEWER_MIGRATION = '''
"""A migration that takes its time: it writes every message and every event anew."""
from alembic import op

revision = "{head}"
down_revision = "{before}"


def upgrade() -> None:
    op.execute("ALTER TABLE interaction ADD COLUMN chaos TEXT")
    for step in range(20):
        op.execute(f"UPDATE interaction SET chaos = hex(randomblob(200)) || {{step}}")
        op.execute(f"CREATE INDEX chaos_{{step}} ON interaction (chaos)")
'''


def play(stage: Stage, plan: Plan) -> Counts:
    """Returns what was found wrong; nothing raises but a fault of the harness itself."""
    acts: dict[Phase, Callable[[Stage, Plan], Counts]] = {
        Phase.STARTING: _while_starting,
        Phase.MIGRATING: _while_migrating,
        Phase.CREATING: _while_creating,
        Phase.BACKING_UP: while_backing_up,
        Phase.RESTORING: while_restoring,
        Phase.REKEYING: while_rekeying,
    }
    act = acts.get(plan.phase, _while_working)
    writing = threading.Thread(target=write, args=(stage, plan))
    writing.start()
    try:
        counts = act(stage, plan)
    finally:
        writing.join()
    counts += remains.count_readable(stage.workspace)
    counts += stage.inspect_wreck()
    stage.settle()
    return counts + stage.count()


def _while_working(stage: Stage, plan: Plan) -> Counts:
    """Pulling, in the undo window, or sending: an agent works until the program is gone."""
    program = stage.start()
    program.ask("undo_window", seconds=plan.undo_s)
    with killed(program, plan.kill_after_s) as dead:
        work(stage, plan, program)
        dead.wait()
    stage.bury()
    return Counts()


def _while_starting(stage: Stage, plan: Plan) -> Counts:
    """It dies with a full outbox, and again while it starts, takes over and sends."""
    program = stage.start()
    program.ask("undo_window", seconds=plan.undo_s)
    work(stage, plan, program)
    stage.bury()
    if plan.cold:
        run_cold(
            stage.folder.parent,
            stage.workspace,
            "sync",
            "--follow",
            kill_after_s=plan.kill_after_s,
        )
        return Counts()
    program = stage.program = Program(stage.door, stage.workspace)
    with killed(program, plan.kill_after_s) as dead:
        try:
            program.opened()
            program.ask("start")
        except (Gone, Refused):  # a refusal counts when the next start refuses too
            pass
        dead.wait()
    stage.bury()
    return Counts()


def _while_migrating(stage: Stage, plan: Plan) -> Counts:
    """A newer version dies while it brings a copy of the workspace up to date."""
    program = stage.start()
    work(stage, plan, program)
    stage.bury()
    before, _ = stage.examined(stage.database)
    copy = stage.folder / "migrated"
    shutil.copytree(stage.workspace, copy)
    newer = {"migrations": str(newer_migrations(stage.folder.parent)), "head": _NEWER}
    start_and_kill(stage.door, copy, plan.kill_after_s, **newer)
    counts = remains.count_readable(copy)
    begun = any((copy / BACKUPS).glob("before-migration-*"))
    counts.met["a migration begun" if begun else "a migration not begun"] += 1
    counts += remains.count_backups(remains.backups_in(copy), stage.key, stage.folder)
    try:
        again = Program(stage.door, copy, **newer)
        try:
            again.opened()
        finally:
            again.bury()
    except Refused as error:
        counts.interactions_lost += len(before.messages)
        counts.faults.append(f"killed in its migration, it does not open again: {error}")
        return counts
    after, faults = stage.examined(copy / "seamline.db")
    lost = Counts(
        interactions_lost=len(set(before.messages) - set(after.messages)),
        events_lost=len(before.events - after.events),
        messages_lost=len(set(before.outbox) - set(after.outbox)),
        projections_differ=len(faults),
    )
    if lost != Counts():
        lost.faults = [f"after a migration: {fault}" for fault in faults or ["rows are lost"]]
    counts += lost + remains.count_half(copy)
    shutil.rmtree(copy)
    return counts


def _while_creating(stage: Stage, plan: Plan) -> Counts:
    """It dies while it makes a new workspace; the next start has to get one."""
    stage.start()
    stage.bury()
    new = stage.folder / "new"
    start_and_kill(stage.door, new, plan.kill_after_s)
    counts = Counts()
    try:
        again = Program(stage.door, new)
        try:
            again.opened()
        finally:
            again.bury()
    except Refused as error:
        counts.interactions_lost += 1
        counts.faults.append(f"killed while it made a workspace, it makes none any more: {error}")
    shutil.rmtree(new, ignore_errors=True)
    return counts


def newer_migrations(scratch: Path) -> Path:
    """A folder of migrations with one more than the program has."""
    from app.store.migrating import migrations_folder

    folder = scratch / "migrations"
    if not folder.exists():
        shutil.copytree(migrations_folder(), folder, ignore=shutil.ignore_patterns("__pycache__"))
        text = _NEWER_MIGRATION.format(head=_NEWER, before=HEAD)
        (folder / "versions" / f"{_NEWER}_chaos.py").write_text(text, "utf-8")
    return folder
