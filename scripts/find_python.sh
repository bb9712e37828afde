#!/bin/sh
# Prints a Python that is new enough for Seamline; the first argument, when given, must be one.
set -eu

new_enough() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null
}

if [ -n "${1:-}" ]; then
    if new_enough "$1"; then
        echo "$1"
        exit 0
    fi
    echo "“$1” is not a Python from 3.11 to 3.14. Name another one: make run PYTHON=python3.12" >&2
    exit 1
fi

for name in python3 python3.13 python3.12 python3.11 python3.14 python; do
    if command -v "$name" >/dev/null && new_enough "$name"; then
        echo "$name"
        exit 0
    fi
done

echo "No Python from 3.11 to 3.14 was found. Install one, then name it: make run PYTHON=/path/to/python3.12" >&2
exit 1
