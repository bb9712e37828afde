"""What is in order and what is not: the program, the keyring, the workspace, the accounts.

Written for two readers: a person who wants to know what to do, and a script that wants to know
whether anything is wrong.
"""

from __future__ import annotations

import platform
from concurrent.futures import Future
from enum import StrEnum
from importlib import import_module, metadata

from app import __version__
from app.domain.errors import SeamlineError
from app.domain.records import dataclass
from app.domain.views import AccountState, AccountView
from app.services.accounts import Accounts
from app.services.recovered import day_and_time
from app.store import integrity
from app.store.backup import newest_whole
from app.store.checking import suspect
from app.store.database import Workspace
from app.store.keychain import Keychain
from app.store.vault import Vault

DEPENDENCIES = (
    "PySide6_Essentials", "SQLAlchemy", "alembic", "sqlcipher3", "httpx", "keyring", "msgspec",
    "platformdirs", "selectolax", "regex", "websockets", "zstandard", "lucide", "fontpkg-inter",
)  # fmt: skip

_NEEDS_A_PERSON = (AccountState.SIGN_IN, AccountState.FAILED)
_RECONNECT = "Connect it again with “seamline account add”."
_REINSTALL = "Install Seamline again, with its locked packages."


class Verdict(StrEnum):
    FINE = "fine"
    NOTE = "note"
    """Worth knowing, nothing is broken."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``hint`` says what to do about it."""

    topic: str
    verdict: Verdict
    words: str
    hint: str = ""


def examine_program() -> list[Finding]:
    """Versions of what this program is made of; needs no workspace."""
    system = f"{platform.system()} {platform.release()}, {platform.machine()}"
    findings = [
        Finding("seamline", Verdict.FINE, __version__),
        Finding("python", Verdict.FINE, f"{platform.python_version()} on {system}"),
        _qt(),
    ]
    for name in DEPENDENCIES:
        try:
            findings.append(Finding(name, Verdict.FINE, metadata.version(name)))
        except metadata.PackageNotFoundError:
            findings.append(Finding(name, Verdict.WRONG, "is not installed", _REINSTALL))
    return findings


def _qt() -> Finding:
    """Whether Qt and the system libraries it needs load; opens no window, needs no display."""
    try:
        import_module("PySide6.QtWidgets")
        core = import_module("PySide6.QtCore")
    except ImportError as error:
        return Finding(
            "qt",
            Verdict.WRONG,
            f"does not load: {error}",
            "Install the named system library; the commands work without Qt.",
        )
    return Finding("qt", Verdict.FINE, str(core.qVersion()))


def examine_keyring(keychain: Keychain) -> Finding:
    """Which keyring there is and whether it takes and gives back a value."""
    name = keychain.backend_name()
    if keychain.answers():
        return Finding("keyring", Verdict.FINE, f"{name} answers")
    return Finding(
        "keyring",
        Verdict.NOTE,
        f"{name} does not answer",
        "Unlock it, or open workspaces with a passphrase (SEAMLINE_PASSPHRASE).",
    )


class Doctor:
    """Looks at an open workspace; reads all of it, and so takes seconds on a large one."""

    def __init__(self, workspace: Workspace, accounts: Accounts, vault: Vault) -> None:
        self._workspace = workspace
        self._accounts = accounts
        self._vault = vault

    def examine(self) -> list[Finding]:
        """Blocks until everything has been looked at."""
        return [*self._workspace_findings(), *self._account_findings()]

    def _workspace_findings(self) -> list[Finding]:
        workspace = self._workspace
        versions = workspace.read(integrity.versions).result()
        size = workspace.path.stat().st_size / 1_000_000
        checks: tuple[tuple[str, str, Future[list[str]], str], ...] = (
            (
                "file",
                "every page is authentic and whole",
                workspace.read(integrity.file_faults),
                "",
            ),
            (
                "search",
                "the text indexes are whole",
                workspace.write(integrity.search_faults),
                "Search may miss messages; nothing else is affected.",
            ),
            (
                "projection",
                "what is shown of cases equals the ledger",
                workspace.read(integrity.projection_faults),
                "The ledger is what counts; the projection can be made anew from it.",
            ),
        )
        findings = [
            *(Finding(name, Verdict.FINE, version) for name, version in versions.items()),
            Finding("workspace", Verdict.FINE, f"{workspace.path.parent}, {size:.1f} MB"),
        ]
        for topic, fine, future, hint in checks:
            faults = _faults(future)
            if faults:
                todo = hint or _way_back(workspace)
                findings += [Finding(topic, Verdict.WRONG, fault, todo) for fault in faults]
            else:
                findings.append(Finding(topic, Verdict.FINE, fine))
        return findings

    def _account_findings(self) -> list[Finding]:
        accounts = self._accounts.list().result()
        if not accounts:
            hint = "“seamline account add --help” says how to connect one."
            return [Finding("accounts", Verdict.NOTE, "none is connected", hint)]
        return [self._account_finding(account) for account in accounts]

    def _account_finding(self, account: AccountView) -> Finding:
        words = f"{account.handle} on {account.channel.label}"
        if account.state is AccountState.SAMPLE:
            return Finding("account", Verdict.FINE, f"{words}, a sample")
        try:
            self._vault.get(account.account)
        except SeamlineError as error:
            return Finding("account", Verdict.WRONG, f"{words}: {error.message}", error.hint)
        if account.state in _NEEDS_A_PERSON:
            return Finding("account", Verdict.WRONG, f"{words}: {account.message}", _RECONNECT)
        return Finding("account", Verdict.FINE, f"{words}, its sign-in is at hand")


def _way_back(workspace: Workspace) -> str:
    """The newest good backup, by name; the console offers it at its next start as well."""
    suspect(workspace.path)
    found = newest_whole(workspace.path.parent, workspace.key)
    if found is None:
        return "Copy the folder now: there is no whole backup to put in its place."
    return (
        f"“seamline restore” puts the backup of {day_and_time(found.at)} in its place, carries "
        "over what can still be read, and keeps the damaged file aside."
    )


def _faults(check: Future[list[str]]) -> list[str]:
    """What a check found; a file so damaged that it cannot be checked is a fault as well."""
    try:
        return check.result()
    except Exception as error:  # noqa: BLE001 - whatever broken pages lead to, it is to be told
        return [f"It cannot be read: {str(error).splitlines()[0]}"]
