"""One round: the program works, is killed, starts again, settles; then all is counted."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from app.store.opening import HEAD
from tests.chaos import counting
from tests.chaos.ledger import Counts, Wish
from tests.chaos.plans import Phase, Plan
from tests.chaos.program import Gone, Program, Refused, run_cold
from tests.chaos.stage import Stage

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
    }
    act = acts.get(plan.phase, _while_working)
    writing = threading.Thread(target=_write, args=(stage, plan))
    writing.start()
    try:
        counts = act(stage, plan)
    finally:
        writing.join()
    counts += stage.inspect_wreck()
    stage.settle()
    return counts + stage.count()


def _write(stage: Stage, plan: Plan) -> None:
    """The customers; what their server has confirmed must come to be in the workspace."""
    for who, text in plan.writes:
        stage.ledger.said.add(stage.town.mention(who, text).id)


def _while_working(stage: Stage, plan: Plan) -> Counts:
    """Pulling, in the undo window, or sending: an agent works until the program is gone."""
    program = stage.start()
    program.ask("undo_window", seconds=plan.undo_s)
    with _killed(program, plan.kill_after_s) as dead:
        _work(stage, plan, program)
        dead.wait()
    stage.bury()
    return Counts()


def _while_starting(stage: Stage, plan: Plan) -> Counts:
    """It dies with a full outbox, and again while it starts, takes over and sends."""
    program = stage.start()
    program.ask("undo_window", seconds=plan.undo_s)
    _work(stage, plan, program)
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
    with _killed(program, plan.kill_after_s) as dead:
        _until_gone(partial(_go_live, program))
        dead.wait()
    stage.bury()
    return Counts()


def _while_migrating(stage: Stage, plan: Plan) -> Counts:
    """A newer version dies while it brings a copy of the workspace up to date."""
    program = stage.start()
    _work(stage, plan, program)
    stage.bury()
    before, _ = _examined(stage.database, stage)
    copy = stage.folder / "migrated"
    shutil.copytree(stage.workspace, copy)
    newer = {"migrations": str(newer_migrations(stage.folder.parent)), "head": _NEWER}
    _start_and_kill(stage, copy, plan, **newer)
    counts = Counts()
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
    after, faults = _examined(copy / "seamline.db", stage)
    counts.interactions_lost += len(set(before.messages) - set(after.messages))
    counts.events_lost += len(before.events - after.events)
    counts.messages_lost += len(set(before.outbox) - set(after.outbox))
    counts.projections_differ += len(faults)
    if counts != Counts():
        counts.faults += [f"after a migration: {fault}" for fault in faults or ["rows are lost"]]
    shutil.rmtree(copy)
    return counts


def _while_creating(stage: Stage, plan: Plan) -> Counts:
    """It dies while it makes a new workspace; the next start has to get one."""
    stage.start()
    stage.bury()
    new = stage.folder / "new"
    _start_and_kill(stage, new, plan)
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


def _start_and_kill(stage: Stage, folder: Path, plan: Plan, **newer: str) -> None:
    program = Program(stage.door, folder, **newer)
    with _killed(program, plan.kill_after_s) as dead:
        _until_gone(program.opened)
        dead.wait()
    program.bury()


def _work(stage: Stage, plan: Plan, program: Program) -> None:
    """What an agent does, written down exactly as far as the program has confirmed it."""
    cases = stage.ledger.last.cases
    try:
        program.ask("pull")
        for do, where, words in plan.decisions:
            stage.ledger.decided.add(program.ask(do, case=_pick(cases, where), text=words))
        for reply in plan.replies:
            wish = stage.ledger.wishes[reply.text.split()[0]] = Wish()
            wish.item = program.ask("reply", case=_pick(cases, reply.case), text=reply.text)
            wish.least = 1
            if reply.undone:
                _undo(program, wish)
        program.ask("pull")
    except Gone:
        pass


def _undo(program: Program, wish: Wish) -> None:
    wish.least = 0  # from now on, until the answer is known
    try:
        program.ask("undo", item=wish.item)
    except Refused:
        wish.least = 1  # too late: it is on its way, and has to arrive
    else:
        wish.most = 0


def _pick(cases: tuple[int, ...], where: float) -> int:
    return cases[min(len(cases) - 1, int(where * len(cases)))]


def _go_live(program: Program) -> None:
    program.opened()
    program.ask("start")


def _until_gone(work: Callable[[], object]) -> None:
    """A refusal counts when the next start refuses too; that one is asked again."""
    with suppress(Gone, Refused):
        work()


class _killed:  # noqa: N801 - reads as a sentence where it is used
    """Kills the program that many seconds after the block was entered."""

    def __init__(self, program: Program, after_s: float) -> None:
        self._dead = threading.Event()
        self._timer = threading.Timer(after_s, self._kill)
        self._program = program

    def __enter__(self) -> threading.Event:
        self._timer.start()
        return self._dead

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()

    def _kill(self) -> None:
        self._program.kill()
        self._dead.set()


def _examined(database: Path, stage: Stage) -> tuple[counting.Held, list[str]]:
    copy = stage.folder / "examined.db"
    counting.copy_database(database, copy)
    found = counting.examine(copy, stage.key)
    for file in stage.folder.glob("examined.db*"):
        file.unlink()
    return found


def newer_migrations(scratch: Path) -> Path:
    """A folder of migrations with one more than the program has."""
    from app.store.migrating import migrations_folder

    folder = scratch / "migrations"
    if not folder.exists():
        shutil.copytree(migrations_folder(), folder, ignore=shutil.ignore_patterns("__pycache__"))
        text = _NEWER_MIGRATION.format(head=_NEWER, before=HEAD)
        (folder / "versions" / f"{_NEWER}_chaos.py").write_text(text, "utf-8")
    return folder
