"""Every failure a person may read: one sentence of what happened, one hint of what to do next."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from app.domain.ids import DepartmentId


class SeamlineError(Exception):
    """The root of all expected failures.

    ``message`` says what went wrong and where; ``hint`` says what to do next.
    Neither ever holds a secret or a customer's text.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class BadInput(SeamlineError):
    """What a person gave cannot be used; the message names the value and where it stood."""


class NeedsApproval(BadInput):
    """Whoever writes may not send by themselves; ``department`` may look at it and let it leave."""

    def __init__(self, message: str, department: DepartmentId, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.department = department


class NotFound(SeamlineError):
    """Something named does not exist in this workspace."""


class WorkspaceError(SeamlineError):
    """The workspace file cannot be opened, read or written."""


class WorkspaceLocked(WorkspaceError):
    """The key is missing or wrong: a keyring that does not answer, or another passphrase."""


class KeyringSilent(WorkspaceLocked):
    """The system keyring is locked or does not answer; no passphrase can stand in for it where a
    workspace has its key there."""


class ConnectorError(SeamlineError):
    """A service could not do what was asked; connectors raise only this family.

    ``retryable`` tells whether the same call may succeed later by itself.
    ``reached`` tells whether the request may have taken effect at the service: ``False`` only
    when it provably did not.
    ``in_between`` tells whether something on the way has answered in the service's place, as the
    sign-in page of a hotel's network does: then this says nothing about the service.
    """

    retryable: ClassVar[bool] = False

    def __init__(
        self, message: str, *, hint: str = "", reached: bool = False, in_between: bool = False
    ) -> None:
        super().__init__(message, hint=hint)
        self.reached = reached
        self.in_between = in_between


class AuthExpired(ConnectorError):
    """The sign-in is no longer accepted; the agent has to connect the account again."""


class RateLimited(ConnectorError):
    """The service asks for rest until ``retry_at`` (UTC)."""

    retryable = True

    def __init__(self, message: str, *, retry_at: datetime, hint: str = "") -> None:
        super().__init__(message, hint=hint, reached=False)
        self.retry_at = retry_at


class Unreachable(ConnectorError):
    """No answer: no network, a time-out, a cut connection, or a server that is down."""

    retryable = True


class Rejected(ConnectorError):
    """The service understood and refused; ``reason`` is its own words, shortened."""

    def __init__(self, message: str, *, reason: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint, reached=False)
        self.reason = reason


class ContractBroken(ConnectorError):
    """The answer is not what the service promises; ``detail`` says where it departs."""

    retryable = True

    def __init__(
        self,
        message: str,
        *,
        detail: str = "",
        hint: str = "",
        reached: bool = True,
        in_between: bool = False,
    ) -> None:
        super().__init__(message, hint=hint, reached=reached, in_between=in_between)
        self.detail = detail
