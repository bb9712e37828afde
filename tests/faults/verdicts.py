"""What a cell of the table can say: the sentences behind its codes, as an agent reads them.

A code stands for one kind of failure with its sentence and hint. A question mark after it says that
the request may have been carried out all the same; without one it provably was not. Codes of
successes have no sentence: they name what was given.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain import errors
from app.domain.errors import ConnectorError
from app.domain.interactions import Channel

PERHAPS = "?"

_SIGN_IN_FIRST = (
    "Perhaps this network wants you to sign in first: open any page in a browser, then try again."
)
_AGAIN = "It is tried again by itself."
_PRIVATE = f"Seamline does not follow into a private network. {_SIGN_IN_FIRST}"
_IN_A_BROWSER = "Look at the account in a browser."


@dataclass(frozen=True, slots=True)
class Verdict:
    """``error`` is the name of a class in ``app.domain.errors``.

    In ``message`` and ``hint`` HOST is the server, TIME a time of day, STATUS the status of the
    answer, SAID the service’s own words.
    """

    error: str
    message: str
    hint: str

    @property
    def retryable(self) -> bool:
        kind = getattr(errors, self.error)
        return issubclass(kind, ConnectorError) and kind.retryable


SUCCESSES = {
    "ok": "All is as without the fault.",
    "alone": "The message is kept without the thread around it.",
    "some": "All is kept but the entry that cannot be read; the log tells of it.",
    "none": "Nothing is kept: entries of an unknown kind are passed over.",
    "usual": "The limits that hold on most servers are used.",
    "gone": "It no longer exists, and is marked as deleted here; its text stays.",
    "nothing": "There is nothing to read any more; what was kept stays.",
    "absent": "It has not arrived: it is sent again under its old key.",
}
"""What is given where an operation does not fail, by code."""

_COMMON = {
    "away": Verdict(
        "Unreachable",
        "HOST cannot be reached.",
        "Check the connection; it is tried again by itself.",
    ),
    "late": Verdict("Unreachable", "HOST didn’t answer in time.", _AGAIN),
    "cut": Verdict("Unreachable", "The connection to HOST broke.", _AGAIN),
    "tls": Verdict(
        "Unreachable",
        "There is no safe connection to HOST: it does not encrypt as it should.",
        _SIGN_IN_FIRST,
    ),
    "foreign": Verdict(
        "Unreachable",
        "There is no safe connection to HOST: its certificate is not its own.",
        _SIGN_IN_FIRST,
    ),
    "on": Verdict(
        "ContractBroken",
        "HOST sends on to other.example.",
        "Seamline does not follow. Connect the account at its new address, or sign in to this"
        " network in a browser first.",
    ),
    "inside": Verdict("ContractBroken", "HOST sends on to 169.254.169.254.", _PRIVATE),
    "rest": Verdict("RateLimited", "HOST asks for a rest until TIME.", "It goes on by itself."),
    "page": Verdict(
        "ContractBroken",
        "HOST sent a web page where an answer was due (status STATUS).",
        _SIGN_IN_FIRST,
    ),
    "broken": Verdict(
        "ContractBroken",
        "HOST sent an answer that cannot be read.",
        "It is tried again by itself. If it stays so, its server has a problem.",
    ),
    "big": Verdict(
        "ContractBroken",
        "HOST sent an answer of more than 16 MB.",
        "It was not read. If it stays so, its server has a problem.",
    ),
}

_NOT_MASTODON = "HOST is not a Mastodon server."
_WHERE_MADE = "Write the address of the server where the account was made, like mastodon.social."
_POINTS = f"It points to other.example: try that. {_SIGN_IN_FIRST}"
_LOOKED_UP = "It is looked up before anything is sent again."

_MASTODON = {
    **_COMMON,
    "name": Verdict("BadInput", "There is no server called HOST.", "Check how it is spelled."),
    "other": Verdict("BadInput", _NOT_MASTODON, _WHERE_MADE),
    "other-page": Verdict("BadInput", _NOT_MASTODON, f"{_WHERE_MADE} {_SIGN_IN_FIRST}"),
    "other-on": Verdict("BadInput", _NOT_MASTODON, _POINTS),
    "other-in": Verdict("BadInput", _NOT_MASTODON, _PRIVATE),
    "live": Verdict(
        "Unreachable",
        "Live updates from HOST were cut.",
        "They are resumed by themselves; until then it is asked now and then.",
    ),
    "passed": Verdict(
        "Unreachable",
        "Live updates from HOST were cut.",
        "They are resumed by themselves; until then it is asked now and then.",
    ),
    "live-out": Verdict(
        "AuthExpired",
        "HOST does not accept the sign-in for live updates.",
        "Connect the account again.",
    ),
    "out": Verdict(
        "AuthExpired",
        "HOST no longer accepts the sign-in of this account.",
        "Connect the account again.",
    ),
    "token": Verdict(
        "AuthExpired",
        "HOST does not accept this access token.",
        "It may be revoked, or belong to another server; make a new one.",
    ),
    "no-app": Verdict(
        "Rejected",
        "HOST does not let a program ask for access.",
        "Connect with an access token instead.",
    ),
    "app-id": Verdict(
        "ContractBroken",
        "HOST registered Seamline without a client id.",
        "Connect with an access token instead.",
    ),
    "no-code": Verdict(
        "Rejected", "HOST did not accept its own authorisation.", "Start connecting again."
    ),
    "refused": Verdict("Rejected", "HOST refused: SAID.", "Change it and send it again."),
    "barred": Verdict(
        "Rejected", "HOST refused: SAID.", "Look at the account there in a browser to see why."
    ),
    "no-file": Verdict(
        "Rejected", "HOST does not take dot.png: SAID.", "Attach another file, or take it out."
    ),
    "no-words": Verdict(
        "Rejected", "HOST offers no search for words.", "Listen to a #hashtag instead."
    ),
    "missing": Verdict(
        "Rejected",
        "HOST does not have what was asked for.",
        "It was deleted, or is not visible to this account.",
    ),
    "no-post": Verdict(
        "Rejected",
        "The post this answers is no longer there.",
        "Write to the customer in a new message instead.",
    ),
    "working": Verdict("Unreachable", "HOST is still at work on an earlier request.", _LOOKED_UP),
    "trouble": Verdict("Unreachable", "HOST has a problem of its own (status STATUS).", _AGAIN),
    "taken": Verdict(
        "ContractBroken", "HOST took the message but its answer cannot be read.", _LOOKED_UP
    ),
    "riddle": Verdict(
        "ContractBroken",
        "HOST shows a post that cannot be read, which may be this one.",
        _IN_A_BROWSER,
    ),
    "alike": Verdict(
        "ContractBroken",
        "HOST shows the same answer from TIME, which may be this one.",
        _IN_A_BROWSER,
    ),
}

_NOT_BLUESKY = "HOST is not a Bluesky server."
_LEAVE_OUT = "Leave the server out for bsky.social, or give the address of your own server."
_NEW_PASSWORD = "Connect the account again with a new app password."

_BLUESKY = {
    **_COMMON,
    "name": Verdict(
        "BadInput",
        "There is no server called HOST.",
        "Check its spelling, or leave the server out for bsky.social.",
    ),
    "handle": Verdict(
        "BadInput",
        "HOST cannot read “brand.example” as a handle.",
        "Write it like name.bsky.social.",
    ),
    "other": Verdict("BadInput", _NOT_BLUESKY, _LEAVE_OUT),
    "other-page": Verdict("BadInput", _NOT_BLUESKY, f"{_LEAVE_OUT} {_SIGN_IN_FIRST}"),
    "other-on": Verdict("BadInput", _NOT_BLUESKY, _POINTS),
    "other-in": Verdict("BadInput", _NOT_BLUESKY, _PRIVATE),
    "token": Verdict("AuthExpired", "HOST no longer accepts this sign-in.", _NEW_PASSWORD),
    "out": Verdict(
        "AuthExpired",
        "Bluesky no longer accepts the sign-in of @brand.example.",
        _NEW_PASSWORD,
    ),
    "refused": Verdict(
        "Rejected", "HOST refused: SAID.", "Change what was sent, or look at it on Bluesky."
    ),
    "barred": Verdict("Rejected", "HOST refused: SAID.", "Look at the account on Bluesky."),
    "not-in": Verdict(
        "Rejected", "HOST refused: SAID.", "Sign in to Bluesky in a browser to see why."
    ),
    "trouble": Verdict("Unreachable", "HOST is having trouble (HTTP STATUS).", _AGAIN),
}

BROWSER = {
    "denied": Verdict(
        "Rejected",
        "HOST did not let Seamline in.",
        "Start connecting again and choose to authorise.",
    ),
    "nobody": Verdict(
        "Rejected", "Nobody agreed on the page of HOST in time.", "Start connecting again."
    ),
    "no-listener": Verdict(
        "Rejected",
        "This computer does not let Seamline wait for the browser’s answer.",
        "Connect with an access token instead.",
    ),
}
"""What can go wrong in the browser, beside what the server itself answers."""

VERDICTS = {Channel.MASTODON: _MASTODON, Channel.BLUESKY: _BLUESKY}
"""The failures of each channel by code, without the question mark."""
