"""``make fuzz``: a million inputs for everything that reads what comes from outside.

``--inputs N``, ``--seed S``, ``--only NAME`` (again and again), ``--engine atheris|random``. Each
target runs in a process of its own; an error, or an input that takes longer than ten seconds, ends
it, is printed with the seed, and leaves the input under ``.cache/fuzz``.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

from tests.fuzz.targets import TARGETS

LIMIT_S = 10
"""What a single input may take."""
_LONGEST = 2_048
_FINDS = Path(".cache/fuzz")
_COUNTED = re.compile(r"(?:stat::number_of_executed_units:|DONE_INPUTS)\s+(\d+)")


def main(arguments: list[str]) -> int:
    """The exit status: 0 when no target found anything."""
    options = _options(arguments)
    if options.run:
        _run_one(options.run, options.inputs, options.seed, options.engine)
    seed = options.seed or random.SystemRandom().randrange(1, 2**31)
    if options.engine == "random":
        print("atheris has no wheel for this Python here: inputs are drawn without its guidance.")
    print(f"seed {seed}; {options.inputs:,} inputs; {options.engine}", flush=True)
    chosen = {name: share for name, (_, share) in TARGETS.items() if name in options.only}
    begun, total, failed = time.monotonic(), 0, 0
    for name, share in chosen.items():
        inputs = -(-options.inputs * share // sum(chosen.values()))
        started = time.monotonic()
        done, words = _in_a_process(name, inputs, seed, options.engine)
        total += done
        found = "" if not words and done >= inputs else "  FOUND SOMETHING"
        failed += bool(found)
        print(f"{name:24} {done:>9,} inputs {time.monotonic() - started:7.1f} s{found}", flush=True)
        if found:
            print(words, flush=True)
    spent = time.monotonic() - begun
    print(f"{total:,} inputs in {spent:.0f} s, {failed} targets with a find, seed {seed}")
    return 1 if failed else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", action="append", choices=list(TARGETS), default=[])
    parser.add_argument("--run", choices=list(TARGETS), help=argparse.SUPPRESS)
    has_atheris = importlib.util.find_spec("atheris") is not None
    parser.add_argument(
        "--engine", choices=("atheris", "random"), default="atheris" if has_atheris else "random"
    )
    options = parser.parse_args(arguments)
    options.only = options.only or list(TARGETS)
    return options


def _in_a_process(name: str, inputs: int, seed: int, engine: str) -> tuple[int, str]:
    """How many inputs a target took, and what it said when it did not take them all."""
    command = [
        sys.executable, "-B", "-m", "tests.fuzz",
        "--run", name, "--inputs", str(inputs), "--seed", str(seed), "--engine", engine,
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    ended = subprocess.run(command, capture_output=True, check=False, env=environment)
    said = (ended.stdout + ended.stderr).decode("utf-8", "replace")
    counts = [int(count) for count in _COUNTED.findall(said)]
    return max(counts, default=0), "" if ended.returncode == 0 else said[-4_000:]


def _run_one(name: str, inputs: int, seed: int, engine: str) -> NoReturn:
    """Feed one target in this process; ends it."""
    _FINDS.mkdir(parents=True, exist_ok=True)
    if engine == "atheris":
        _with_atheris(name, inputs, seed)
    _with_chance(name, inputs, seed)
    sys.exit(0)


def _with_atheris(name: str, inputs: int, seed: int) -> NoReturn:
    import atheris

    # Only what is already imported can be followed: the readers, and what they are made of.
    for module in list(sys.modules):
        if module.startswith("app."):
            sys.modules.pop(module)
    sys.modules.pop("tests.fuzz.targets", None)
    with atheris.instrument_imports(include=["app"], enable_loader_override=False):
        targets = importlib.import_module("tests.fuzz.targets")
    prefix = str(_FINDS / name.replace(" ", "-")) + "-"
    flags = [
        f"-runs={inputs}", f"-seed={seed}", f"-max_len={_LONGEST}", f"-timeout={LIMIT_S}",
        f"-artifact_prefix={prefix}", "-print_final_stats=1", "-verbosity=0", "-len_control=20",
        "-rss_limit_mb=2048",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *flags], targets.TARGETS[name][0])
    atheris.Fuzz()
    sys.exit(0)


def _with_chance(name: str, inputs: int, seed: int) -> None:
    """Seeded random bytes of every length, some of them printable."""
    dice = random.Random(f"{seed} {name}")
    target = TARGETS[name][0]
    signal.signal(signal.SIGALRM, _too_long)
    for number in range(inputs):
        data = dice.randbytes(int(_LONGEST ** dice.random()))
        if dice.random() < 0.3:
            data = bytes(32 + byte % 95 for byte in data)
        signal.alarm(LIMIT_S)
        try:
            target(data)
        except BaseException:
            (_FINDS / f"{name.replace(' ', '-')}-{seed}-{number}").write_bytes(data)
            print("DONE_INPUTS", number)
            raise
    signal.alarm(0)
    print("DONE_INPUTS", inputs)


def _too_long(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise TimeoutError(f"one input took more than {LIMIT_S} s")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
