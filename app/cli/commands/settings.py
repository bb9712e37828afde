"""``settings``: all that the workspace has settled for itself, as a file; ``rules``: tried out."""

from __future__ import annotations

from pathlib import Path

from app.cli.commands.adding import Group
from app.cli.session import Session, wait
from app.cli.text import moment
from app.domain.errors import BadInput
from app.services.routing_rules import DAYS, Example, Tally


def add_to(group: Group) -> None:
    settings = group("settings", "departments, promises, rules and the like as one file")
    export = settings("export", run_export, "write the settings to a file")
    export.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="left out: to the screen"
    )
    taking = settings("import", run_import, "take settings in from a file")
    taking.add_argument("file", type=Path, metavar="FILE")
    taking.add_argument("--dry-run", action="store_true", help="only say what would change")
    rules = group("rules", "the rules for who takes what comes in")
    trying = rules("dry-run", run_dry_run, f"what they would have done in {DAYS} days")
    trying.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="settings to try, left out: those in force",
    )
    trying.add_argument("--days", type=int, default=DAYS, metavar="N", help=f"default {DAYS}")


def run_export(session: Session) -> None:
    text = wait(session.services.settings_file.export())
    file: Path | None = session.args.file
    if file is None:
        session.say(text.rstrip())
    else:
        _write(file, text)
        session.say(f"The settings are in {file}.")
    session.give({"file": str(file) if file else None, "toml": text})


def run_import(session: Session) -> None:
    plan = wait(session.services.settings_file.plan(_read(session.args.file)))
    if not session.args.dry_run and plan.is_change:
        wait(session.services.settings_file.take(plan))
    session.give(
        {
            "taken": not session.args.dry_run,
            "changes": [
                {
                    "part": change.part,
                    "entries": change.entries,
                    "new": change.new,
                    "changed": change.changed,
                    "gone": change.gone,
                    "moved": change.moved,
                }
                for change in plan.changes
            ],
        }
    )
    session.say(*map(str, plan.changes))
    if not plan.is_change:
        session.say("Nothing changes.")
    elif session.args.dry_run:
        session.say("Nothing was changed; without --dry-run it is.")


def run_dry_run(session: Session) -> None:
    routing = session.services.routing_rules
    rules = routing.rules()
    if session.args.file is not None:
        plan = wait(session.services.settings_file.plan(_read(session.args.file)))
        rules = plan.parts.get("routing", rules)
    if session.args.days < 1:
        raise BadInput("A dry run looks at one day at least.", hint="Give --days a number above 0.")
    rehearsal = routing.dry_run(rules, session.args.days)
    try:
        run = wait(rehearsal.future)
    finally:
        rehearsal.stop()
    names = {rule.id: rule.name for rule in rules}
    session.give(
        {
            "days": run.days,
            "looked_at": run.looked_at,
            **_tally(run.total),
            "rules": [{"id": key, **_tally(tally)} for key, tally in run.by_rule.items()],
            "examples": [_example(example) for example in run.examples],
        }
    )
    session.say(run.sentence)
    if rules and run.looked_at:
        session.show_table(
            [
                (*(f"{n:,}" for n in _tally(tally).values()), names[key])
                for key, tally in run.by_rule.items()
            ],
            ("CAUGHT", "MOVED", "ASSIGNED", "NOISE", "RULE"),
            "",
        )
    if run.examples:
        session.show_table(
            [_columns(session, example) for example in run.examples],
            ("WHEN", "WHO", "CHANNEL", "WOULD GO", "TEXT"),
            "",
        )


def _tally(tally: Tally) -> dict[str, int]:
    return {
        "caught": tally.caught,
        "moved": tally.moved,
        "assigned": tally.assigned,
        "noise": tally.noise,
    }


def _example(example: Example) -> dict[str, object]:
    return {
        "name": example.name,
        "handle": example.handle,
        "channel": example.channel.value,
        "text": example.text,
        "from": example.before,
        "to": example.after,
        "noise": example.actions.noise,
        "rules": list(example.rules),
    }


def _columns(session: Session, example: Example) -> tuple[str, ...]:
    directory = session.services.directory
    before = directory.department(example.before).short
    after = directory.department(example.after).short
    way = f"{before} → {after}" if after != before else before
    return (
        moment(example.at_ms, session.now_ms),
        example.name or example.handle,
        example.channel.label,
        f"{way}, noise" if example.actions.noise else way,
        example.text,
    )


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"{file} cannot be read: {_reason(error)}.", hint="Name a file of settings."
        ) from None


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(
            f"{file} cannot be written: {_reason(error)}.", hint="Name another place."
        ) from None


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else "") or "it is no text"
