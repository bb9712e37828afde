"""``make bench``: one line of JSON a measure."""

from __future__ import annotations

from benchmarks import pulling, scrolling


def main() -> None:
    pulling.run()
    scrolling.run()


if __name__ == "__main__":
    main()
