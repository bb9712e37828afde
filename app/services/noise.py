"""What needs no answer: marked by hand, suggested, and set aside by a classifier that is sure.

It learns from what the agents of this workspace marked and from nothing else. How good it is, it
measures on their marks; below the precision that the workspace asks for it only suggests.
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import Final

from app.domain.events import Event, EventType
from app.domain.ids import CaseId
from app.domain.noise import Judgement, Measured, NoiseModel, measured
from app.domain.records import dataclass
from app.services import decisions
from app.services.cases import present
from app.services.decisions import Decision
from app.services.directory import Directory
from app.services.futures import then
from app.services.given_back import give_back_noise
from app.store import customers, ledger, noise
from app.store.database import Connection, Tx, Workspace

_SUGGESTED_FROM: Final = 0.8
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class _Trained:
    """A model, and what it was trained from and for."""

    marks: tuple[int, ...]
    precision: float
    model: NoiseModel
    measured: Measured
    has_both: bool


class Noise:
    def __init__(self, workspace: Workspace, directory: Directory) -> None:
        self._workspace = workspace
        self._directory = directory
        self._trained: _Trained | None = None
        self._judged: int = 0
        """Up to which message the present model has looked at what came in."""

    def mark(self, case: CaseId, reason: str = "") -> Future[Event]:
        """It needs no answer: out of the queues, and kept where noise is."""
        return self._decide(case, decisions.setting_aside(reason))

    def clear(self, case: CaseId) -> Future[Event]:
        """It needs an answer after all; its clocks run as if nothing had been."""
        return self._decide(case, decisions.taking_back())

    def keep(self, case: CaseId) -> Future[Event]:
        """An open case is no noise: it is not suggested any more, and the classifier learns it."""
        return self._decide(case, Decision(EventType.NOISE_CLEARED, may=decisions.is_open))

    def suggestion(self, case: CaseId) -> Future[Judgement | None]:
        """Why an open case looks like noise; None where it does not, where a person has said what
        it is, or where nothing was learnt yet."""

        def look(conn: Connection) -> Judgement | None:
            trained = self._model(conn)
            if not trained.has_both or noise.is_marked(conn, case):
                return None
            judgement = trained.model.judge(noise.text_of(conn, case))
            sure = judgement.probability >= _SUGGESTED_FROM
            return Judgement(judgement.probability, spoken(judgement)) if sure else None

        return self._workspace.read(look)

    def measured(self) -> Future[Measured]:
        """How good the classifier is on the marks that it had not seen."""
        return self._workspace.read(lambda conn: self._model(conn).measured)

    def sweep(self) -> Future[int]:
        """Set aside what has come in, that nobody has touched, and that is noise for sure; a part
        at a time. How many; none ever below the precision that the workspace asks for."""

        def look(conn: Connection) -> list[tuple[noise.Candidate, Judgement]]:
            trained = self._model(conn)
            threshold = trained.measured.threshold
            if threshold is None:
                return []
            found = noise.fresh(conn, self._judged, _BATCH)
            self._judged = max([self._judged, *(one.last_key for one in found)])
            judged = [(one, trained.model.judge(one.text)) for one in found if one.text]
            return [
                (one, Judgement(judgement.probability, spoken(judgement)))
                for one, judgement in judged
                if judgement.probability >= threshold
            ]

        def decide(judged: list[tuple[noise.Candidate, Judgement]]) -> Future[int]:
            return self._workspace.write(lambda tx: _set_aside(tx, judged))

        return _chained(then(self._workspace.read(look), decide))

    def _model(self, conn: Connection) -> _Trained:
        """Trained from the marks there are now; called on the one thread that reads."""
        precision = self._directory.setup().goals.noise
        state = noise.state_of_marks(conn)
        held = self._trained
        if held is not None and (held.marks, held.precision) == (state, precision):
            return held
        marks = noise.marks(conn)
        quality = measured(marks, least_precision=precision)
        both = len({mark.noise for mark in marks}) > 1
        self._trained = _Trained(state, precision, NoiseModel(marks), quality, both)
        self._judged = 0
        return self._trained

    def _decide(self, case: CaseId, decision: Decision) -> Future[Event]:
        agent = self._directory.me().id

        def op(tx: Tx) -> Event:
            decision.may(present(customers.case_view(tx.conn, case), case).state)
            decided = ledger.decide(tx, agent, decision.type, case, decision.data)
            if decided.type is EventType.NOISE_MARKED:
                give_back_noise(tx, [decided])
            return decided

        return self._workspace.write(op)


def _set_aside(tx: Tx, judged: list[tuple[noise.Candidate, Judgement]]) -> int:
    marks = noise.set_aside(tx, judged)
    give_back_noise(tx, marks)
    return len(marks)


def spoken(judgement: Judgement) -> tuple[str, ...]:
    """The reasons as one says them: “giveaway”, “only tags”."""
    return tuple(reason.strip("[]") for reason in judgement.reasons)


def _chained(source: Future[Future[int]]) -> Future[int]:
    """The answer of the second of two questions."""
    result: Future[int] = Future()

    def asked(first: Future[Future[int]]) -> None:
        error = first.exception()
        if error is not None:
            result.set_exception(error)
            return
        first.result().add_done_callback(answered)

    def answered(second: Future[int]) -> None:
        error = second.exception()
        if error is not None:
            result.set_exception(error)
        else:
            result.set_result(second.result())

    source.add_done_callback(asked)
    return result
