"""Takes the depth out of JSON that is nested deeper than any honest answer.

Bluesky hands on whatever a customer's own server put into a record, and one record nested a
thousand deep would make the whole page around it unreadable, at every try, for good. So what lies
too deep becomes null, and everything around it is read.
"""

from __future__ import annotations

import re

DEEPEST = 200
"""Levels that are kept: those of a long thread, where every answer lies within the one before."""
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[{]|[\]}]', re.DOTALL)


def shallow(body: bytes, deepest: int = DEEPEST) -> bytes:
    """``body`` with every array and object below ``deepest`` levels replaced by null.

    One pass, in time proportional to its length; what is no JSON stays as unreadable as it was.
    """
    kept: list[bytes] = []
    depth = copied = 0
    for token in _TOKEN.finditer(body):
        sign = token[0]
        if sign in (b"[", b"{"):
            depth += 1
            if depth == deepest + 1:
                kept.append(body[copied : token.start()])
                copied = len(body)
        elif sign in (b"]", b"}"):
            if depth == deepest + 1:
                kept.append(b"null")
                copied = token.end()
            depth -= 1
    kept.append(body[copied:])
    return b"".join(kept)
