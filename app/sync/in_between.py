"""What is said when something on the way answers in a service's place: a hotel's sign-in page."""

from __future__ import annotations

from urllib.parse import urlsplit

from app.domain.errors import ConnectorError, SeamlineError, Unreachable


def in_words(error: SeamlineError, server: str) -> SeamlineError:
    """The failure as the agent reads it. ``server`` is the account's, as an URL.

    Whatever was answered in the service's place is one and the same thing to the agent, and no
    word of the service: the account has not been reached.
    """
    if not (isinstance(error, ConnectorError) and error.in_between):
        return error
    said = Unreachable(
        f"Something between this laptop and {urlsplit(server).netloc or server}"
        " answers in its place.",
        hint="Sign in to the network, then try now.",
        reached=error.reached,
        in_between=True,
    )
    said.__cause__ = error
    return said
