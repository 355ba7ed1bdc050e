"""Where a verb's answers go: facts to standard output, sentences about faults to standard error, and both survive a closed pipe.

JSON is UTF-8 whatever the terminal's encoding is; text that the terminal cannot show is shown by its code, never a fault.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from functools import cached_property
from typing import BinaryIO, TextIO


class Output:
    """Standard output and standard error as they are when the program starts."""

    def __init__(self, out: TextIO | None, err: TextIO | None) -> None:
        """None is a stream that was closed before the program began: what goes there is lost, as its caller wants it."""
        out = open(os.devnull, "w", encoding="utf-8") if out is None else out  # noqa: SIM115 - for as long as the program runs
        err = open(os.devnull, "w", encoding="utf-8") if err is None else err  # noqa: SIM115
        self._out = out
        self._err = err
        self._bytes: BinaryIO = out.buffer
        self._showing = False
        for stream in (out, err):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(errors="backslashreplace")

    @cached_property
    def _encode(self) -> Callable[[object], bytes]:
        from msgspec.json import encode  # noqa: PLC0415 - the terminal opens without it

        return encode

    def line(self, text: str = "") -> None:
        """One line for a person."""
        self._out.write(f"{text}\n")

    def text(self, text: str) -> None:
        """Text as it is."""
        self._out.write(text)

    def exact(self, text: str) -> None:
        """Text in UTF-8 with its own line ends, whatever the terminal's are: what is redirected to a file has the same hash."""
        self._out.flush()
        self._bytes.write(text.encode())

    def json(self, facts: object) -> None:
        """One JSON value on a line of its own."""
        self._out.flush()
        self._bytes.write(self._encode(facts) + b"\n")

    def answer(self, facts: object) -> None:
        """One JSON value on a line of its own, with the reader at once."""
        self.line_of(self._encode(facts))

    def line_of(self, json: bytes) -> None:
        """A JSON value that is encoded already, likewise."""
        self._bytes.write(json + b"\n")
        self._bytes.flush()

    @property
    def is_shared(self) -> bool:
        """Whether another process of this program can write there too: it is a file, a pipe or a terminal of the system's."""
        try:
            self._bytes.fileno()
        except OSError:  # what stands in for one in memory
            return False
        return hasattr(os, "fork")

    def flush(self) -> None:
        """Hand everything on; OSError where it cannot be."""
        self._out.flush()

    def fault(self, sentence: str) -> None:
        """One sentence on standard error; if nobody can read that either, there is nobody left to tell."""
        with contextlib.suppress(OSError, ValueError):
            self._end_progress()
            self._err.write(f"{sentence}\n")
            self._err.flush()

    def progress(self, text: str) -> None:
        """A line on standard error that the next one takes the place of; only where a person watches."""
        if not self._err.isatty():
            return
        with contextlib.suppress(OSError):
            self._err.write(f"\r\x1b[K{text}")
            self._err.flush()
            self._showing = True

    def _end_progress(self) -> None:
        if self._showing:
            self._err.write("\r\x1b[K")
            self._showing = False

    def end_progress(self) -> None:
        """Take the progress line away."""
        with contextlib.suppress(OSError):
            self._end_progress()
            self._err.flush()

    def give_up(self) -> None:
        """Let go of a standard output that nobody reads, so that the interpreter does not complain about it at its end."""
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._out.fileno())
            os.close(nowhere)
