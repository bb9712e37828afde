"""Keyrings for tests: one that keeps everything in memory, one that never answers."""

from __future__ import annotations

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class MemoryKeyring(KeyringBackend):
    """Forgets everything with the process; each test gets an empty one."""

    priority = 0

    def __init__(self) -> None:
        # The base would only read settings of other backends from the environment.
        self.values: dict[tuple[str, str], str] = {}

    @property
    def name(self) -> str:
        return "memory"

    def get_password(self, service: str, username: str) -> str | None:
        return self.values.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.values[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.values.pop((service, username), None) is None:
            raise PasswordDeleteError("There is no such value.")


class LockedKeyring(MemoryKeyring):
    """What a desktop's keyring is like while its user has not unlocked it."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked("locked")

    def delete_password(self, service: str, username: str) -> None:
        raise KeyringLocked("locked")
