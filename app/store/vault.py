"""Where an account's secrets lie: in the system keyring, or inside the encrypted file.

Inside the file only where the workspace itself is opened by a passphrase, because no keyring
answers there.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import sqlalchemy as sa

from app.domain.errors import AuthExpired
from app.domain.ids import AccountId
from app.store import tables
from app.store.database import Tx, Workspace
from app.store.keychain import Keychain


class Vault:
    """The secrets of one workspace's accounts. Blocking; never called on the main thread."""

    def __init__(self, workspace: Workspace, workspace_id: str, keychain: Keychain | None) -> None:
        """``keychain`` None: the workspace is not unlocked by the keyring."""
        self._workspace = workspace
        self._id = workspace_id
        self._keychain = keychain

    def get(self, account: AccountId) -> dict[str, str]:
        """The secrets; raises AuthExpired when there are none."""
        if self._keychain is not None:
            text = self._keychain.get(self._name(account))
        else:
            text = self._workspace.read(lambda conn: _read(conn, str(account))).result()
        if text is None:
            raise AuthExpired(
                "The sign-in of this account is not on this computer.", hint="Connect it again."
            )
        return msgspec.json.decode(text, type=dict[str, str])

    def set(self, account: AccountId, secrets: Mapping[str, str]) -> None:
        """Store them; when this returns they are kept."""
        text = msgspec.json.encode(dict(secrets)).decode()
        if self._keychain is not None:
            self._keychain.set(self._name(account), text)
        else:
            self._workspace.write(lambda tx: _write(tx, str(account), text)).result()

    def delete(self, account: AccountId) -> None:
        if self._keychain is not None:
            self._keychain.delete(self._name(account))
        else:
            self._workspace.write(lambda tx: _forget(tx, str(account))).result()

    def _name(self, account: AccountId) -> str:
        return f"{self._id}/{account}"


def _read(conn: sa.Connection, owner: str) -> str | None:
    return conn.execute(
        sa.select(tables.secret.c.value).where(tables.secret.c.owner == owner)
    ).scalar()


def _write(tx: Tx, owner: str, value: str) -> None:
    tx.conn.execute(
        tables.secret.insert().prefix_with("OR REPLACE"), {"owner": owner, "value": value}
    )


def _forget(tx: Tx, owner: str) -> None:
    tx.conn.execute(tables.secret.delete().where(tables.secret.c.owner == owner))
