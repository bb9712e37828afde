"""The tables of ``docs/faults.md``, written from the data and read back from the document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from app.domain.interactions import Channel
from tests.faults.browser import VISITS, Visit
from tests.faults.expected import ROWS, SERVICES
from tests.faults.faults import FAULTS
from tests.faults.verdicts import BROWSER, PERHAPS, SUCCESSES, VERDICTS, Verdict

DOCUMENT = Path(__file__).parents[2] / "docs" / "faults.md"
_BLOCK = re.compile(r"<!-- begin (?P<name>[\w-]+) -->\n.*?<!-- end (?P=name) -->", re.DOTALL)

Table = list[dict[str, str]]
"""The rows of a table by the heads of its columns."""


def cells(channel: Channel) -> dict[tuple[str, str], str]:
    """The code of every cell by fault and operation, as the data has it."""
    return {
        (fault, operation): code
        for row in ROWS[channel]
        for fault in row.faults
        if fault != "sound"
        for operation, code in row.cells.items()
    }


def outbox_state(verdict: Verdict) -> str:
    """What becomes of a message whose sending fails like this, and provably did not arrive."""
    return "queued" if verdict.retryable else "failed"


def written() -> dict[str, str]:
    """Every block of the document by its name, as markdown."""
    blocks = {"faults": _faults(), "gifts": _gifts(), "count": _count()}
    blocks["browser"] = _table(
        ["what happens", "what the agent reads", "and what to do"],
        ((one.title, *_words(one)) for one in VISITS),
    )
    for channel in SERVICES:
        blocks[f"{channel.value}-operations"] = _operations(channel)
        blocks[f"{channel.value}-cells"] = _grid(channel)
        blocks[f"{channel.value}-sentences"] = _sentences(channel)
    return blocks


def rewritten(text: str) -> str:
    """The document with its blocks written anew; what stands around them is left alone."""
    blocks = written()
    missing = set(blocks) - {match["name"] for match in _BLOCK.finditer(text)}
    if missing:
        raise ValueError(f"The document has no place for {', '.join(sorted(missing))}.")

    def block(match: re.Match[str]) -> str:
        name = match["name"]
        return f"<!-- begin {name} -->\n{blocks[name]}\n<!-- end {name} -->"

    return _BLOCK.sub(block, text)


def read(text: str, name: str) -> Table:
    """The table between the marks of this name."""
    (block,) = (match[0] for match in _BLOCK.finditer(text) if match["name"] == name)
    lines = [line for line in block.splitlines() if line.startswith("|")]
    head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return [dict(zip(head, row, strict=True)) for row in rows]


def names(cell: str) -> list[str]:
    """The names in a cell that lists some: ``a``, ``b``."""
    return re.findall(r"`([^`]+)`", cell)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _words(visit: Visit) -> tuple[str, str]:
    if visit.code == "ok":
        return "", ""
    told = BROWSER[visit.code]
    return told.message, told.hint


def _listed(some: Iterable[str]) -> str:
    return ", ".join(f"`{one}`" for one in some)


def _faults() -> str:
    return _table(["fault", "what happens"], ((f"`{one.name}`", one.title) for one in FAULTS))


def _gifts() -> str:
    return _table(["code", "what is kept"], ((f"`{k}`", text) for k, text in SUCCESSES.items()))


def _count() -> str:
    counted = [len(cells(channel)) for channel in SERVICES]
    told = " and ".join(
        f"{number:,} of {channel.value.capitalize()}"
        for channel, number in zip(SERVICES, counted, strict=True)
    )
    return f"{sum(counted):,} cells: {told}."


def _operations(channel: Channel) -> str:
    rows = ((f"`{o.name}`", o.title, o.kind.value) for o in SERVICES[channel].operations)
    return _table(["operation", "what it does", "kind"], rows)


def _grid(channel: Channel) -> str:
    """Faults and operations whose cells are all the same share a row, or a column."""
    rows = [
        ([fault for fault in row.faults if fault != "sound"], row.cells) for row in ROWS[channel]
    ]
    columns: dict[tuple[str, ...], list[str]] = {}
    for operation in SERVICES[channel].operations:
        codes = tuple(row[operation.name] for _, row in rows)
        columns.setdefault(codes, []).append(operation.name)
    head = ["fault", *(_listed(operations) for operations in columns.values())]
    return _table(
        head,
        (
            [_listed(faults), *(codes[number] for codes in columns)]
            for number, (faults, _) in enumerate(rows)
        ),
    )


def _sentences(channel: Channel) -> str:
    used = {code.removesuffix(PERHAPS) for code in cells(channel).values()}
    return _table(
        ["code", "what the agent reads", "and what to do", "error", "again by itself", "a message"],
        (
            (
                f"`{code}`",
                told.message,
                told.hint,
                f"`{told.error}`",
                "yes" if told.retryable else "no",
                f"`{outbox_state(told)}`",
            )
            for code, told in VERDICTS[channel].items()
            if code in used
        ),
    )
