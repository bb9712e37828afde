"""The rounds that die while the workspace is backed up, put back, or given another key."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from app.domain.outbox import OutboxState
from app.store import backup
from app.store.manifest import read_manifest
from app.store.replacing import ASIDE
from tests.chaos import counting, remains
from tests.chaos.counting import Held
from tests.chaos.ledger import Counts
from tests.chaos.plans import Plan, Way
from tests.chaos.program import Gone, Program, Refused, killed, run_cold
from tests.chaos.seeing import Seen
from tests.chaos.stage import Stage
from tests.chaos.working import work

_OF_ONES_OWN = "of-ones-own.db"
_WHOLE, _HALF, _NONE = "a whole backup", "half a backup", "no backup yet"


# Backing up -----------------------------------------------------------------------------------


def while_backing_up(stage: Stage, plan: Plan) -> Counts:
    """It dies while it makes a backup, and its agent works all the same."""
    if plan.way is Way.DAILY:
        stage.bury()
        _a_day_passes(stage.workspace)
    known = {path: path.stat().st_mtime_ns for path in remains.backups_in(stage.workspace)}
    program = stage.start()
    program.ask("undo_window", seconds=plan.undo_s)
    file = stage.folder / "elsewhere" / _OF_ONES_OWN
    file.parent.mkdir(exist_ok=True)
    with killed(program, plan.kill_after_s + (1.0 if plan.cold else 0.0)) as dead:
        with suppress(Gone):
            if plan.cold:
                where = (str(file),) if plan.way is Way.FILE else ()
                folder = stage.folder.parent
                run_cold(folder, stage.workspace, "backup", *where, kill_after_s=plan.kill_after_s)
            elif plan.way is Way.DAILY:
                program.ask("keep")
            else:
                program.ask("backup", file=str(file) if plan.way is Way.FILE else "")
        work(stage, plan, program)
        dead.wait()
    stage.bury()
    made = [path for path in remains.backups_in(stage.workspace) if _is_new(path, known)]
    made += [file] if file.exists() else []
    counts = remains.count_readable(file.parent)
    half = [*stage.workspace.rglob("*.partial*"), *file.parent.glob("*.partial*")]
    counts.met[_WHOLE if made else _HALF if half else _NONE] += 1
    counts += remains.count_backups(
        [*remains.backups_in(stage.workspace), *made[len(made) - 1 :]], stage.key, stage.folder
    )
    for path in made:
        counts += _count_backup(stage, path)
    remains.remove_all(file.parent.iterdir())
    counts += stage.inspect_wreck()
    _tidy_up(stage)
    return counts


def _a_day_passes(workspace: Path) -> None:
    """The backups there are become older, oldest first, so that another one is due."""
    for each in reversed(backup.backups(workspace)):
        name = f"seamline-{backup.stamped(each.at - timedelta(hours=25))}.db"
        each.path.rename(each.path.with_name(name))


def _is_new(path: Path, known: dict[Path, int]) -> bool:
    return known.get(path) != path.stat().st_mtime_ns


def _count_backup(stage: Stage, path: Path) -> Counts:
    """A backup of this round has all that was there when the workspace was last quiet."""
    found, faults = stage.examined(path)
    last = stage.ledger.last
    return Counts(
        messages_lost=len(set(last.outbox) - set(found.outbox)),
        interactions_lost=len(set(last.messages) - set(found.messages)),
        events_lost=len(last.events - found.events),
        projections_differ=len(faults),
        faults=[f"the backup {path.name}: {fault}" for fault in faults],
    )


def _tidy_up(stage: Stage) -> None:
    """The next backup takes away what the one that died had begun."""
    program = Program(stage.door, stage.workspace)
    try:
        program.opened()
        program.ask("backup", wait=True)
    finally:
        program.bury()


# Restoring ------------------------------------------------------------------------------------


def while_restoring(stage: Stage, plan: Plan) -> Counts:
    """A backup is made with replies on their way; they leave; it dies while that is put back.

    Then there is the old file or the whole backup. What the backup has not is in the file that was
    kept aside; and nothing leaves before an agent has looked.
    """
    program = stage.start()
    program.ask("undo_window", seconds=plan.undo_s)
    own = stage.folder / _OF_ONES_OWN if plan.way is Way.FILE else None
    own_words = {"file": str(own)} if own else {}
    work(stage, plan, program, between=lambda: program.ask("backup", wait=True, **own_words))
    if plan.number % 3:  # all has left by then; else some of it waits
        with suppress(Gone):
            program.ask("undo_window", seconds=0)
        stage.wait_until(lambda found: not _waits(found))
    stage.bury()
    before = stage.look()
    _, faults = stage.examined(stage.database)
    there = set(_asides(stage.workspace))
    source = {"source": str(own)} if own else {}
    confirmed = stage.instead_and_kill(plan.kill_after_s, instead="restore", **source)
    counts = remains.count_readable(stage.workspace) + Counts(
        projections_differ=len(faults), faults=faults
    )
    half = any(stage.workspace.glob("*.preparing*")) or any(stage.workspace.glob("*.restored*"))
    _open_once(stage)
    aside = [path for path in _asides(stage.workspace) if path not in there]
    how = "done" if confirmed else "finished" if aside else "half done" if half else "not begun"
    counts.met[f"a restore {how}"] += 1
    if confirmed is not None and not aside:
        counts.interactions_lost += 1
        counts.faults.append("a restore that was confirmed did not take place")
    if aside:
        counts += _count_restored(stage, aside[0], before)
    counts += remains.count_backups(remains.backups_in(stage.workspace), stage.key, stage.folder)
    if own:
        own.unlink()
    return counts


def _waits(found: Held) -> bool:
    return not all(state.is_final for state in found.outbox.values())


def _asides(workspace: Path) -> list[Path]:
    return sorted((workspace / backup.BACKUPS).glob(f"{ASIDE}*.db"))


def _open_once(stage: Stage) -> None:
    """Let the next start finish, or take back, what the last one had begun; not live yet."""
    program = Program(stage.door, stage.workspace)
    try:
        program.opened()
    finally:
        program.bury()


def _count_restored(stage: Stage, aside: Path, before: Seen) -> Counts:
    """The backup is the workspace now: it and the file kept aside have all there was."""
    ledger = stage.ledger
    found, _ = stage.examined(stage.database)
    kept, faults = stage.examined(aside)
    counts = Counts(
        projections_differ=len(faults), faults=[f"kept aside: {fault}" for fault in faults]
    )
    events = ledger.decided | ledger.last.events
    for event in sorted(events - found.events - kept.events):
        counts.events_lost += 1
        counts.faults.append(f"event {event} is neither restored nor kept aside")
    ledger.forget(events - found.events, set(kept.outbox) - set(found.outbox))
    ledger.last = found
    # It runs, live, and nothing that was under way leaves because of that.
    quiet = stage.wait_until(lambda now: ledger.said <= set(now.messages) and not _under_way(now))
    seen = stage.look()
    for word in ledger.wishes:
        more = ledger.times(word, seen) - ledger.times(word, before)
        if more:
            counts.messages_doubled += more
            counts.faults.append(f"{word} left because of a restore")
    stage.decide(quiet)
    # What was answered after the backup counts as answered elsewhere: the agent is asked again.
    held = stage.wait_until(lambda now: not _under_way(now))
    stage.decide(held)
    stage.bury()
    return counts


def _under_way(found: Held) -> bool:
    waits_for_agent = (OutboxState.FAILED, OutboxState.HELD)
    return any(
        not state.is_final and state not in waits_for_agent for state in found.outbox.values()
    )


# Another key ----------------------------------------------------------------------------------


def while_rekeying(stage: Stage, plan: Plan) -> Counts:
    """It dies while the key is changed: the next start finds the old one or the new one."""
    program = stage.start()
    program.ask("undo_window", seconds=plan.undo_s)
    work(stage, plan, program, between=lambda: program.ask("backup", wait=True))
    stage.bury()
    old, new = (
        f"{which} {plan.number}" if unlock == "passphrase" else ""
        for which, unlock in zip(("old", "new"), plan.rekey, strict=True)
    )
    if old:
        stage.instead(instead="rekey", new_passphrase=old)
    key_before = counting.key_of(stage.workspace, old)
    confirmed = stage.instead_and_kill(
        plan.kill_after_s, instead="rekey", passphrase=old, new_passphrase=new
    )
    counts = remains.count_readable(stage.workspace)
    half = any(stage.workspace.rglob("*.rekeyed*"))
    passphrase = _that_opens(stage, (new, old))
    if passphrase is None:
        counts.interactions_lost += len(stage.ledger.last.messages)
        counts.faults.append("killed while its key was changed, it opens with neither key")
        return counts
    stage.key = counting.key_of(stage.workspace, passphrase)
    changed = "a new key" if stage.key != key_before else "the old key"
    counts.met[f"{changed}{', half done' if half else ''}"] += 1
    if confirmed is not None and stage.key == key_before:
        counts.files_left += 1
        counts.faults.append("a change of key that was confirmed did not take place")
    counts += remains.count_keys(stage.workspace) + remains.count_half(stage.workspace)
    counts += remains.count_backups(remains.backups_in(stage.workspace), stage.key, stage.folder)
    if read_manifest(stage.workspace).unlock == "passphrase":
        # Back, so that the rounds to come need not stretch a passphrase at every start.
        stage.instead(instead="rekey", passphrase=passphrase)
        stage.key = counting.key_of(stage.workspace)
    return counts


def _that_opens(stage: Stage, passphrases: tuple[str, ...]) -> str | None:
    """Open it as its owner would, who knows the old and the new passphrase; which one it was."""
    for passphrase in passphrases:
        program = Program(stage.door, stage.workspace, passphrase=passphrase)
        try:
            program.opened()
        except Refused:
            continue
        else:
            return passphrase
        finally:
            program.bury()
    return None
