"""What an agent and the customers do in a round, written down as far as it was confirmed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from tests.chaos.ledger import Ledger, Wish
from tests.chaos.plans import Deed, Kind, Plan
from tests.chaos.program import Gone, Program, Refused
from tests.chaos.stage import Stage

T = TypeVar("T")


def write(stage: Stage, plan: Plan) -> None:
    """The customers; what their server has confirmed must come to be in the workspace."""
    for who, text in plan.writes:
        stage.ledger.said.add(stage.town.mention(who, text).id)


def work(
    stage: Stage, plan: Plan, program: Program, between: Callable[[], object] = lambda: None
) -> None:
    """What an agent does until all is done or the program is gone.

    ``between`` is called after the first half of what is to leave has been queued.
    """
    ledger = stage.ledger
    half = (len(plan.deeds) + 1) // 2
    try:
        program.ask("pull")
        for do, where, words in plan.decisions:
            ledger.decided.add(program.ask(do, case=_pick(ledger.last.cases, where), text=words))
        for deed in plan.deeds[:half]:
            _do(ledger, deed, program)
        between()
        for deed in plan.deeds[half:]:
            _do(ledger, deed, program)
        program.ask("pull")
    except Gone:
        pass


def _do(ledger: Ledger, deed: Deed, program: Program) -> None:
    if deed.kind.has_text:
        wish = ledger.wishes[deed.token] = Wish(deed.kind)
        _queue(program, wish, _writing(ledger, deed))
    else:
        found = _touchable(ledger, deed)
        if not found:
            return
        target, uid = _pick(found, deed.where)
        wish = ledger.wishes[deed.token] = Wish(deed.kind, target)
        for _ in range(1 + deed.twice):
            _queue(program, wish, {"do": str(deed.kind), "interaction": uid})
    if deed.undone:
        _undo(program, wish)


def _queue(program: Program, wish: Wish, words: dict[str, object]) -> None:
    wish.items.append(program.ask(str(words.pop("do")), **words))
    wish.least = 1


def _writing(ledger: Ledger, deed: Deed) -> dict[str, object]:
    return {
        "do": "reply",
        "case": _pick(ledger.last.cases, deed.where),
        "text": deed.text,
        "direct": deed.kind is Kind.DIRECT,
        "picture": deed.kind is Kind.PICTURE,
    }


def _touchable(ledger: Ledger, deed: Deed) -> list[tuple[str, int]]:
    """What nobody has touched in this way yet: so that a like belongs to one wish alone."""
    all_of_them = ledger.last.answered if deed.kind is Kind.DELETE else ledger.last.asked
    touched = {wish.target for wish in ledger.wishes.values() if wish.kind is deed.kind}
    return [one for one in all_of_them if one[0] not in touched]


def _undo(program: Program, wish: Wish) -> None:
    wish.least = 0  # from now on, until the answer is known
    try:
        program.ask("undo", item=wish.items[0])
    except Refused:
        wish.least = 1  # too late: it is on its way, and has to arrive
    else:
        wish.most = 0


def _pick(things: Sequence[T], where: float) -> T:
    return things[min(len(things) - 1, int(where * len(things)))]
