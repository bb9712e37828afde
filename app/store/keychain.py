"""The one door to the system keyring.

Where no keyring answers, the workspace is unlocked by a passphrase and its secrets stay inside
the encrypted file; see ``app.store.secrets``.
"""

from __future__ import annotations

from app.domain.errors import WorkspaceLocked

SERVICE = "seamline"


class Keychain:
    """Names and values in the system keyring; keyring itself is imported at the first use."""

    def get(self, name: str) -> str | None:
        """The value, None when there is none; raises WorkspaceLocked when nothing answers."""
        import keyring
        from keyring.errors import KeyringError

        try:
            return keyring.get_password(SERVICE, name)
        except KeyringError as error:
            raise _no_answer() from error

    def set(self, name: str, value: str) -> None:
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(SERVICE, name, value)
        except KeyringError as error:
            raise _no_answer() from error

    def delete(self, name: str) -> None:
        """Forget a value; it need not exist."""
        import keyring
        from keyring.errors import KeyringError, PasswordDeleteError

        try:
            keyring.delete_password(SERVICE, name)
        except PasswordDeleteError:
            return
        except KeyringError as error:
            raise _no_answer() from error

    def answers(self) -> bool:
        """Whether a keyring is there and takes a value; asks it for real."""
        probe = "probe"
        try:
            self.set(probe, probe)
            answered = self.get(probe) == probe
            self.delete(probe)
        except WorkspaceLocked:
            return False
        return answered

    def backend_name(self) -> str:
        """What stands behind, for a person."""
        import keyring

        return str(keyring.get_keyring().name)


def _no_answer() -> WorkspaceLocked:
    return WorkspaceLocked(
        "The system keyring does not answer.",
        hint="Unlock it, or set SEAMLINE_PASSPHRASE to open the workspace with a passphrase.",
    )
