"""``backup``, ``restore`` and ``rekey``: what keeps a workspace from being lost or read."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from app.cli.commands.adding import Add
from app.cli.session import Session, WrongUse, read_secret, wait
from app.cli.text import plural
from app.services.places import passphrase_of_environment, workspace_folder

_MB = 1_000_000


def add_to(add: Add) -> None:
    backup = add("backup", run_backup, "make a backup now, among the daily ones or as a file")
    backup.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a file of your own")

    restore = add("restore", run_restore, "put a backup in the place of the workspace’s file")
    what = restore.add_mutually_exclusive_group()
    what.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="which one; the newest if not given"
    )
    what.add_argument("--list", action="store_true", help="only list the daily backups")

    rekey = add("rekey", run_rekey, "give the workspace and its backups another key")
    rekey.add_argument(
        "--to",
        choices=["keyring", "passphrase"],
        help="what unlocks it from now on; as until now if not given. A new passphrase is asked "
        "for, or read from standard input",
    )


def run_backup(session: Session) -> None:
    target = session.args.file
    made = wait(session.services.safekeeping.backup(target and target.expanduser()))
    session.give({"file": str(made.path), "bytes": made.size})
    session.say(f"The backup is {made.path}, {made.size / _MB:.1f} MB, under the workspace’s key.")


def run_restore(session: Session) -> None:
    # The services are not asked: the workspace may not open, and must not be open.
    from app.services import safekeeping

    folder = workspace_folder(session.args.workspace)
    if session.args.list:
        _list(session, folder)
        return
    source = session.args.file
    if source is not None:
        source = _named(source, folder)
    done = safekeeping.restore(folder, source=source, passphrase=_passphrase(folder))
    salvaged = done.salvaged
    session.give(
        {
            "restored": str(done.source),
            "since": _iso(done.since),
            "until": _iso(done.until) if done.until else None,
            "kept_aside": str(done.kept_aside) if done.kept_aside else None,
            "held": done.held,
            "decisions_lost": done.decisions_lost,
            "salvaged": salvaged
            and {
                "decisions": salvaged.decisions,
                "drafts": salvaged.drafts,
                "messages": salvaged.messages,
                "whole": salvaged.whole,
            },
        }
    )
    session.say(f"{done.source.name} is the workspace now.", *safekeeping.told(done))
    session.say("“seamline sync” pulls again what the channels have since the backup.")


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _named(file: Path, folder: Path) -> Path:
    """A file as typed; the name alone is enough for one that ``--list`` names."""
    from app.services import safekeeping

    return next(
        (each.path for each in safekeeping.backups(folder) if each.path.name == str(file)),
        file.expanduser(),
    )


def _list(session: Session, folder: Path) -> None:
    from app.services import safekeeping

    held = safekeeping.backups(folder)
    session.give(
        [
            {
                "file": str(each.path),
                "at": _iso(each.at),
                "bytes": each.size,
            }
            for each in held
        ]
    )
    session.show_table(
        [
            (f"{each.at.astimezone():%Y-%m-%d %H:%M}", f"{each.size / _MB:.1f} MB", each.path.name)
            for each in held
        ],
        ("MADE", "SIZE", "FILE"),
        f"There is no backup in {folder} yet; “seamline backup” makes one.",
    )


def run_rekey(session: Session) -> None:
    from app.services import safekeeping

    folder = workspace_folder(session.args.workspace)
    now = safekeeping.unlocked_by(folder)
    passphrase = _passphrase(folder)
    new = _new_passphrase() if (session.args.to or now) == "passphrase" else ""
    done = safekeeping.rekey(folder, passphrase=passphrase, new_passphrase=new)
    session.give({"unlock": done.manifest.unlock, "backups": done.backups, "left": list(done.left)})
    key = "the new passphrase" if new else "a new key in the keyring"
    session.say(f"The workspace and {plural(done.backups, 'backup')} open with {key} now.")
    for name in done.left:
        session.say(f"{name} did not open with the old key and was left as it is.")


def _passphrase(folder: Path) -> str:
    """The present one, where there is one: the environment's, or typed at a terminal."""
    from app.services import safekeeping

    given = passphrase_of_environment()
    if given or safekeeping.unlocked_by(folder) != "passphrase" or not sys.stdin.isatty():
        return given
    return read_secret(f"Passphrase of {folder}")


def _new_passphrase() -> str:
    new = read_secret("new passphrase")
    if sys.stdin.isatty() and read_secret("new passphrase again") != new:
        raise WrongUse("The two passphrases differ.", hint="Nothing was changed; try again.")
    return new
