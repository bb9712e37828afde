"""One life of a workspace, lived by the real program in processes of their own.

Everything that is secret in it is a marker, so that what the program leaves behind can be searched.
"""

from __future__ import annotations

import json
import os
import random
import signal
import struct
import subprocess
import sys
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from tests.peers.mastodon import MastodonServer
from tests.security.homes import Home

PASSPHRASE, NEXT = "first marsh heron", "second marsh heron"
NAME = "quillmarten"
_WITHIN_S = 30.0

# Writes a draft and a note as the console does, then stands still in the middle of a transaction.
_WRITER = """
import sys
from pathlib import Path
from app import logging_setup
logging_setup.configure()
from app.container import open_container
container = open_container(Path(sys.argv[1]))
services = container.services
from app.domain.replies import Written
from app.domain.views import QueueName, QueueRef
[case] = {row.case for row in services.queues.page(QueueRef(QueueName.ALL)).result().rows}
services.replies.save_draft(case, Written(text=sys.argv[2])).result()
def stand_still(tx):
    tx.conn.exec_driver_sql("UPDATE draft SET text = text || ' and more'")
    print("ready", flush=True)
    import time
    time.sleep(60)  # until it is killed
    raise ValueError(sys.argv[2])
container.workspace.write(stand_still)
import time
time.sleep(60)
"""
_FAULT = """
import sys
from pathlib import Path
from app import logging_setup
logging_setup.configure()
from app.container import opened
with opened(Path(sys.argv[1])) as container:
    container.services.search.find(sys.argv[2]).result()
    raise RuntimeError(f"could not show {sys.argv[2]}")
"""


@dataclass
class Story:
    """``markers`` by name; ``said`` is what the runs wrote on their standard error."""

    home: Home
    markers: dict[str, bytes]
    picture: Path
    said: list[str] = field(default_factory=list)


def live(home: Home, given: Path, server: MastodonServer, mask: int = 0) -> Story:
    """Live it; ``given`` is a folder outside of the home for what a person brings along."""
    brand, customer = server.person("halden"), server.person(NAME)
    story = Story(home, _markers(brand.token), given / "picture.png")
    words = {name: text.decode() for name, text in story.markers.items() if name != "picture"}
    story.picture.write_bytes(_png(story.markers["picture"]))
    customer.post(f"@{brand.username} {words['message']}")
    home.variables["SEAMLINE_PASSPHRASE"] = PASSPHRASE

    def run(*arguments: str, stdin: str = "") -> str:
        done = home.ok(*arguments, stdin=stdin, mask=mask)
        story.said.append(done.err)
        return done.out

    connect = ("account", "add", "mastodon", "--server", server.url, "--token-stdin")
    run(*connect, stdin=brand.token)
    run("sync", "--once")
    [row] = json.loads(run("queue", "--json"))  # to a pipe, not to a file
    assert words["message"] in row["snippet"]
    case = row["ref"]
    run("note", case, words["note"])
    attached = ("--attach", str(story.picture), "--alt", words["description"])
    run("reply", case, "--text", words["reply"], *attached)
    run("search", words["message"])
    run("listen", "add", json.loads(run("account", "--json"))[0]["handle"], words["query"])
    run("backup")
    run("backup", str(home.folder / "elsewhere" / "mine.db"))
    for number in (signal.SIGSEGV, signal.SIGKILL):
        _die(story, words["draft"], number, mask)
    fault = home.python("-c", _FAULT, str(home.workspace), words["message"], mask=mask)
    assert fault.status == 1
    story.said.append(fault.err)
    _look(story, mask)
    run("restore")
    run("rekey", stdin=f"{NEXT}\n")
    home.variables["SEAMLINE_PASSPHRASE"] = NEXT
    _die(story, words["draft"], signal.SIGKILL, mask)  # leaves a journal with the last word
    (home.folder / "state").mkdir(exist_ok=True)
    (home.folder / "state" / "errors.log").write_text("\n".join(story.said), "utf-8")
    return story


def _markers(token: str) -> dict[str, bytes]:
    texts = {
        "token": token,
        "message": "plumstone parcel über wintergreen",
        "name": NAME,
        "note": "note of the tanager and the kiln",
        "reply": "reply about the saffron gasket",
        "draft": "draft of the hollow juniper",
        "description": "photograph of a cracked samovar",
        "query": "basalt teakettle",
    }
    picture = random.Random(7).randbytes(3000)
    return {name: text.encode() for name, text in texts.items()} | {"picture": picture}


def _die(story: Story, draft: str, number: signal.Signals, mask: int) -> None:
    """The program dies in the middle of a transaction, of a fault of its own or of a kill."""
    home = story.home
    log = home.folder / "tmp" / f"dying-{number.name}.log"
    with log.open("ab") as errors:
        dying = subprocess.Popen(
            [sys.executable, "-B", "-c", _WRITER, str(home.workspace), draft],
            cwd=home.folder / "elsewhere",
            env=home.environment(),
            stdout=subprocess.PIPE,
            stderr=errors,
            umask=mask,
        )
        assert dying.stdout is not None
        try:
            said = dying.stdout.readline()
            os.kill(dying.pid, number if said == b"ready\n" else signal.SIGKILL)
        finally:
            dying.stdout.close()
            dying.wait(_WITHIN_S)
    assert said == b"ready\n", log.read_text("utf-8")
    assert dying.returncode == -number


def _look(story: Story, mask: int) -> None:
    """The console paints it all, and writes what Qt writes."""
    done = story.home.seamline("--quit-after-first-paint", mask=mask)
    assert done.status == 0, done.err
    story.said.append(done.err)


def _png(pixels: bytes) -> bytes:
    """A picture of 100 by 10 whose pixels are stored as they are."""
    rows = b"".join(b"\0" + pixels[at : at + 300] for at in range(0, 3000, 300))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 100, 10, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(rows, 0))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")
