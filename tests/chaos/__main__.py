"""``python -m tests.chaos --rounds 1000``: kill the program at random, count what is lost.

Ends with 1 when any of the five counts is not 0. See ``docs/chaos.md``.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.harness import Harness, Towns, harness
from tests.chaos.ledger import Counts
from tests.chaos.plans import Phase, plan
from tests.e2e.towns import BlueskyTown, MastodonTown
from tests.peers import bluesky_network
from tests.peers.mastodon import running_mastodon

_REPORT_EVERY = 50


def main() -> int:
    args = _arguments()
    numbers = range(args.rounds) if args.round is None else [args.round]
    print(f"seed {args.seed}, {len(numbers)} rounds", flush=True)
    with _towns() as towns, harness(towns) as played_on:
        total = _play(played_on, args, numbers)
    return 1 if total.faults else 0


@contextmanager
def _towns() -> Iterator[Towns]:
    """Both servers, running."""
    with tempfile.TemporaryDirectory(prefix="chaos-peers-") as name:
        folder = Path(name)
        child, network = bluesky_network.start(folder / "bluesky.log")
        try:
            with running_mastodon(folder) as server:
                yield {
                    "bluesky": lambda: BlueskyTown(network),
                    "mastodon": lambda: MastodonTown(server),
                }
        finally:
            network.close()
            bluesky_network.stop(child)


def _play(played_on: Harness, args: argparse.Namespace, numbers: Sequence[int]) -> Counts:
    began = time.monotonic()
    total = Counts()
    phases: Counter[str] = Counter()
    for number in numbers:
        if args.minutes and time.monotonic() - began > args.minutes * 60:
            break
        chosen = plan(args.seed, number, args.phases)
        started = time.monotonic()
        counts = played_on.play(chosen)
        took = time.monotonic() - started
        total += counts
        phases[chosen.phase] += 1
        if counts.faults or args.verbose:
            print(f"{chosen}, took {took:.1f} s", *counts.faults, sep="\n  ", flush=True)
        if counts.faults:
            again = f"--seed {args.seed} --round {number}"
            if args.phases != tuple(Phase):
                again += f' --phases "{",".join(args.phases)}"'
            print(f"  again: python -m tests.chaos {again}", flush=True)
        if phases.total() % _REPORT_EVERY == 0:
            print(_summary(phases, total, began), flush=True)
    print(f"seed {args.seed}: {_summary(phases, total, began)}")
    met = ", ".join(f"{what} {times}" for what, times in sorted(total.met.items()))
    print(f"the kills met: {met}")
    if args.json:
        args.json.write_text(json.dumps(_in_short(args, phases, total, began), indent=1) + "\n")
    return total


def _in_short(
    args: argparse.Namespace, phases: Counter[str], total: Counts, began: float
) -> dict[str, object]:
    return {
        "seed": args.seed,
        "rounds": phases.total(),
        "seconds": round(time.monotonic() - began),
        "phases": dict(sorted(phases.items())),
        "counts": total.numbers(),
        "faults": total.faults,
        "met": dict(sorted(total.met.items())),
    }


def _summary(phases: Counter[str], total: Counts, began: float) -> str:
    spread = ", ".join(f"{phase} {times}" for phase, times in sorted(phases.items()))
    took = time.monotonic() - began
    return f"{phases.total()} rounds in {took:.0f} s ({spread}): {total}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--round", type=int, help="only the round of that number")
    parser.add_argument(
        "--phases", type=_phases, default=tuple(Phase), help="only these, by commas"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the summary there, too")
    parser.add_argument("--minutes", type=float, help="begin no round after so long")
    parser.add_argument("--verbose", action="store_true", help="say what each round was")
    return parser.parse_args()


def _phases(text: str) -> tuple[Phase, ...]:
    return tuple(Phase(one.strip()) for one in text.split(","))


if __name__ == "__main__":
    sys.exit(main())
