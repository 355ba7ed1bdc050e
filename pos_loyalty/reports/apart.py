"""A report is reckoned in a process of its own, at a lower priority, so that the till's sales and keys never wait for it.

    rows = run_apart(url, "holders", Period(first, last), on_progress, stop=event)

The process ends with whoever asked: it watches the pipe that it was asked through. It is also the only place where the analytics
engine may be loaded, since that brings another SQLite library (`storage.analytics`).
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import IO, BinaryIO, Literal, Protocol, TypeAlias

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.reports import HEAVY, named
from pos_loyalty.reports.frame import Cell, Period
from pos_loyalty.storage.analytics import analysed, worth_it
from pos_loyalty.storage.engine import Store, open_store
from pos_loyalty.storage.findings import Progress

SECONDS = "seconds"
"""What `on_progress` is told to count while a report is reckoned."""
TICK = 0.1
"""Seconds between two signs of life, and so until a report that is called off has ended."""
NICE = 10
"""How far the process steps back behind the till's where both want the same core (POSIX niceness)."""

Rows: TypeAlias = list[tuple[Cell, ...]]
Engine: TypeAlias = Literal["auto", "sqlite", "duckdb"]


class CalledOff(Exception):
    """Whoever asked for a report called it off before it was done."""


class Flag(Protocol):
    """What says that a report is called off: a `threading.Event`, or anything like it."""

    def is_set(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Asked:
    url: str
    name: str
    period: Period
    engine: Engine


def run_apart(
    url: str,
    name: str,
    period: Period,
    on_progress: Progress | None = None,
    *,
    stop: Flag | None = None,
    engine: Engine = "auto",
) -> Rows:
    """The rows of the report `name` for a period, from the store at `url`; waits for them, so call it from a worker thread.

    `on_progress("seconds", n)` is called from this thread about ten times a second with the whole seconds so far. Set `stop`
    (a `threading.Event`) from any thread to call it off: CalledOff is raised then, within a fifth of a second. `engine`: "sqlite"
    has the store's own database reckon, "duckdb" the analytics engine, "auto" the engine where it is installed and worth it.
    Raises KeyError for an unknown name, Refused for all that `open_store` and the report refuse, and Refused("report-ended")
    where the process was ended from outside; RuntimeError with its words for a fault of the program.
    """
    named(name)
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(  # noqa: S603 - this same program
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=told,
            start_new_session=True,  # a Ctrl+C at the terminal is the till's to answer
        )
        assert process.stdin is not None  # noqa: S101 - both are pipes, as was asked for above
        assert process.stdout is not None  # noqa: S101
        try:
            pickle.dump(_Asked(url, name, period, engine), process.stdin)
            process.stdin.flush()
            return _followed(process.stdout, on_progress, stop)
        except (EOFError, BrokenPipeError):
            process.wait()
            told.seek(0)
            words = told.read().decode(errors="replace").strip()
            if words and process.returncode > 0:
                raise RuntimeError(words) from None
            raise Refused(
                "report-ended",
                Message(
                    N_("The report was ended before it was done, perhaps for want of memory: ask for a shorter period.")
                ),
            ) from None
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
            with suppress(BrokenPipeError):  # what it did not read any more
                process.stdin.close()


def _followed(answers: IO[bytes], on_progress: Progress | None, stop: Flag | None) -> Rows:
    while True:
        kind, *rest = pickle.load(answers)  # noqa: S301 - of a process that was started here
        if stop is not None and stop.is_set():
            raise CalledOff
        if kind == "rows":
            return list(rest[0])
        if kind == "refused":
            raise rest[0]
        if on_progress is not None:
            on_progress(*rest)


class _Answers:
    """The pipe to whoever asked: signs of life from one thread, the answer from another."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()

    def tell(self, *frame: object) -> None:
        with self._lock:
            pickle.dump(frame, self._pipe)
            self._pipe.flush()


def by_engine(store: Store, name: str, engine: Engine) -> bool:
    """Whether the analytics engine is to answer a report; only ever in a process of its own."""
    return engine == "duckdb" or (engine == "auto" and name in HEAVY and worth_it(store))


def reckoned(asked: _Asked) -> Rows:
    """The rows, in this process."""
    report = named(asked.name)
    with closing(open_store(asked.url)) as store:
        if by_engine(store, asked.name, asked.engine):
            with analysed(store) as books:
                return list(report.rows(books, asked.period))
        with store.read() as books:
            return list(report.rows(books, asked.period))


def main() -> None:
    """Answer the one question on the standard input; end at once when whoever asked is gone."""
    asked: _Asked = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
    answers = _Answers(sys.stdout.buffer)
    if hasattr(os, "nice"):
        os.nice(NICE)
    threading.Thread(target=_end_with, args=(sys.stdin.buffer,), daemon=True).start()
    threading.Thread(target=_show_life, args=(answers,), daemon=True).start()
    try:
        rows = reckoned(asked)
    except Refused as refused:
        answers.tell("refused", refused)
        return
    answers.tell("rows", rows)


def _end_with(pipe: BinaryIO) -> None:
    pipe.read()
    os._exit(1)


def _show_life(answers: _Answers) -> None:
    began = time.monotonic()
    while True:
        time.sleep(TICK)
        try:
            answers.tell("progress", SECONDS, int(time.monotonic() - began))
        except OSError:
            os._exit(1)


if __name__ == "__main__":
    main()
