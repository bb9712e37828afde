"""A door in front of a server, which can be shut: what a laptop without a network meets."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

_PIECE = 65_536


class Gate:
    """Hands on what comes to ``url`` to a port of this machine, while it is open.

    Shut, nobody listens at its address, and what was being said is cut in the middle.
    """

    def __init__(self, behind: int) -> None:
        self._behind = behind
        self._lock = threading.Lock()
        self._ends: set[socket.socket] = set()
        self._is_open = True
        self._door = _listening(0)
        self._port: int = self._door.getsockname()[1]
        self._let_in(self._door)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def shut(self) -> None:
        """Returns when nobody listens any more and every connection is cut."""
        with self._lock:
            self._is_open = False
            ends, self._ends = self._ends, set()
        _hang_up(self._door)
        for end in ends:
            _hang_up(end)

    def open(self) -> None:
        """Listen again at the same address."""
        self._is_open = True
        self._door = _listening(self._port)
        self._let_in(self._door)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.shut()

    def _let_in(self, door: socket.socket) -> None:
        threading.Thread(target=self._answer, args=(door,), daemon=True).start()

    def _answer(self, door: socket.socket) -> None:
        with suppress(OSError):  # the door was shut
            while True:
                outside, _ = door.accept()
                self._join(outside)

    def _join(self, outside: socket.socket) -> None:
        try:
            inside = socket.create_connection(("127.0.0.1", self._behind))
        except OSError:
            outside.close()
            return
        with self._lock:
            if self._is_open:
                self._ends |= {outside, inside}
            else:  # it came in while the door was being shut
                for end in (outside, inside):
                    _hang_up(end)
                return
        for source, target in ((outside, inside), (inside, outside)):
            threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                target.sendall(piece)
        for end in (source, target):
            with self._lock:
                self._ends.discard(end)
            _hang_up(end)


def _listening(port: int) -> socket.socket:
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind(("127.0.0.1", port))
    door.listen()
    return door


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):  # it may be gone already
        end.shutdown(socket.SHUT_RDWR)
    end.close()
