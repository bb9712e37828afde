"""The one door to the system keyring.

Where no keyring answers, the workspace is unlocked by a passphrase and its secrets stay inside
the encrypted file; see ``app.store.secrets``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from app.domain.errors import KeyringSilent

SERVICE = "seamline"


class Keychain:
    """Names and values in the system keyring; keyring itself is imported at the first use.

    Every method raises KeyringSilent when the keyring is locked or does not answer. Blocking: a
    desktop may ask its user to unlock the keyring first.
    """

    def get(self, name: str) -> str | None:
        """The value, None when there is none."""
        import keyring

        with _told():
            return keyring.get_password(SERVICE, name)

    def set(self, name: str, value: str) -> None:
        import keyring

        with _told():
            keyring.set_password(SERVICE, name, value)

    def delete(self, name: str) -> None:
        """Forget a value; it need not exist."""
        import keyring
        from keyring.errors import PasswordDeleteError

        with _told(), suppress(PasswordDeleteError):
            keyring.delete_password(SERVICE, name)

    def answers(self) -> bool:
        """Whether a keyring is there and takes a value; asks it for real."""
        probe = "probe"
        try:
            self.set(probe, probe)
            answered = self.get(probe) == probe
            self.delete(probe)
        except KeyringSilent:
            return False
        return answered

    def backend_name(self) -> str:
        """What stands behind, for a person."""
        import keyring

        return str(keyring.get_keyring().name)


@contextmanager
def _told() -> Iterator[None]:
    """What the keyring complains of, in a person’s words."""
    from keyring.errors import KeyringLocked

    try:
        yield
    except KeyringLocked as error:
        raise KeyringSilent(
            "The system keyring is locked.", hint="Unlock it, then try again."
        ) from error
    except Exception as error:
        # Also what is no KeyringError: the backends let through what their own libraries raise,
        # the one of Linux every failure of D-Bus.
        raise KeyringSilent(
            "The system keyring does not answer.",
            hint="Start it and try again. A new workspace can have a passphrase instead: set"
            " SEAMLINE_PASSPHRASE.",
        ) from error
