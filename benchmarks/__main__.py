"""``make bench``: one line of JSON a measure."""

from __future__ import annotations

from benchmarks import pulling


def main() -> None:
    pulling.run()


if __name__ == "__main__":
    main()
