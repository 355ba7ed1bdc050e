"""Wording answers in a process of its own, so that the next sale is closed meanwhile.

A bill is on its way to its answer only once it is durable. Answers come in the order of their lines, each with its reader at once.
Should the process that sells be killed, those that it had handed over are still written.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, Pipe
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pos_loyalty.cli.output import Output

Worded = Callable[[bytes], bytes]
"""Makes an answer of what was handed over."""

_READY, _TO_WORD = b"=", b"?"


class Writer:
    """The other end of the process that words answers."""

    def __init__(self, ears: Connection, child: int) -> None:
        self._ears = ears
        self._child: int | None = child

    def answer(self, line: bytes) -> None:
        """Write a line as it is, in its turn. OSError where answers cannot be written any more."""
        self._send(_READY + line)

    def word(self, facts: bytes) -> None:
        """Word these facts and write them, in their turn. OSError likewise."""
        self._send(_TO_WORD + facts)

    def _send(self, data: bytes) -> None:
        try:
            self._ears.send_bytes(data)
        except BrokenPipeError:
            self.close()
            raise  # it ended without a word of why

    def close(self) -> None:
        """Wait until all is written. OSError where it could not be."""
        child, self._child = self._child, None
        if child is None:
            return
        self._ears.close()
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == errno.EPIPE:
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
        if code:
            raise OSError(code, os.strerror(code)) if code > 0 else OSError(errno.EIO, os.strerror(errno.EIO))


@contextmanager
def writing(out: Output, worded: Callable[[], Worded]) -> Iterator[Writer]:
    """A process that writes to `out` for as long as the block lasts; `worded` makes there what words the answers.

    To be begun before the store is opened: a process must not inherit an open one.
    """
    out.flush()
    mouth, ears = Pipe(duplex=False)
    child = os.fork()
    if child == 0:
        ears.close()
        status = errno.EIO
        try:
            status = _write(out, worded, mouth)
        except BaseException:  # noqa: BLE001 - told as any fault is, and kept off the stack that this process is a copy of
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(status)
    mouth.close()
    writer = Writer(ears, child)
    try:
        yield writer
    finally:
        writer.close()


def _write(out: Output, worded: Callable[[], Worded], mouth: Connection) -> int:
    """All that the process does; its exit status is the system's number of what went wrong."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who breaks off wants the answers to what is stored
    word = worded()
    try:
        while True:
            try:
                data = mouth.recv_bytes()
            except EOFError:
                return 0
            out.line_of(word(data[1:]) if data[:1] == _TO_WORD else data[1:])
    except OSError as error:
        return error.errno or errno.EIO
