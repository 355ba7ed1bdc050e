"""A screen that asks reports: each runs in a process of its own behind a thread; the seconds are shown, and Esc breaks off."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any, TypeVar

from textual.message import Message as Event
from textual.timer import Timer

from pos_loyalty.domain.message import Refused
from pos_loyalty.reports.apart import CalledOff, Rows, run_apart
from pos_loyalty.reports.frame import Period
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.widgets.rows import Row
from pos_loyalty.ui.widgets.rows import Rows as Lines

R = TypeVar("R")
T = TypeVar("T")

LOOK = 0.2
"""Seconds between two looks at how far it is."""


class Run:
    """One asking: how far it is, and whether it was broken off. `step` and `ask` are called from its thread."""

    def __init__(self, address: str) -> None:
        self.stop = threading.Event()
        self.began = monotonic()
        self.done = 0
        self.all = 1
        self._address = address

    def step(self, done: int, of: int) -> None:
        """So many of so many questions are answered."""
        self.done, self.all = done, of

    def ask(self, name: str, period: Period) -> Rows:
        """The rows of a report. Refused; CalledOff where it was broken off."""
        if self.stop.is_set():
            raise CalledOff
        return run_apart(self._address, name, period, stop=self.stop)


class Reckoned(Event):
    """A run has ended: with its answer, with why it was refused, or with neither."""

    def __init__(self, run: Run, outcome: object, then: Callable[[Any], None] | None) -> None:
        super().__init__()
        self.run = run
        self.outcome = outcome
        self.then = then


class Figuring(TillScreen[R]):
    """Asks one thing at a time; what is asked next takes the place of what was asked before."""

    _run: Run | None = None
    _watch: Timer | None = None
    _progress = ""
    period = Period()
    """What it shows figures of; one without an end until the first is asked for."""

    @property
    def reckoning(self) -> bool:
        """Whether an answer is waited for."""
        return self._run is not None

    def reckon(self, work: Callable[[Run], T], then: Callable[[T], None]) -> None:
        """Let `work` ask in a thread, and hand what it answers to `then`."""
        self.break_off()
        self._run = run = Run(self.desk.register.store.database.address)
        self.till.run_worker(
            partial(self._work, run, work, then), thread=True, exit_on_error=False, group="figures", name="figures"
        )
        if self._watch is None:
            self._watch = self.set_interval(LOOK, self._look)
        self._look()

    def _work(self, run: Run, work: Callable[[Run], T], then: Callable[[T], None]) -> None:
        ended = Reckoned(run, None, None)
        try:
            answer = work(run)
            ended = Reckoned(run, answer, then)
        except Refused as refused:
            ended = Reckoned(run, refused, None)
        except CalledOff:
            pass
        finally:
            self.post_message(ended)

    def on_reckoned(self, event: Reckoned) -> None:
        """Show the answer, unless something else was asked meanwhile."""
        if event.run is not self._run:
            return
        self._end()
        if isinstance(event.outcome, Refused):
            self.refuse(event.outcome.message)
        elif event.then is not None:
            event.then(event.outcome)

    def _end(self) -> None:
        self._run = None
        if self._watch is not None:
            self._watch.stop()
            self._watch = None
        self.show_progress("")

    def break_off(self) -> None:
        """Wait for it no longer."""
        if self._run is not None:
            self._run.stop.set()
            self._end()

    def _look(self) -> None:
        run = self._run
        if run is None:
            return
        seconds = int(monotonic() - run.began)
        if run.all > 1:
            self.show_progress(
                self.text(
                    "Reckoning {done} of {all}, {seconds} s; Esc ends it",
                    done=run.done + 1,
                    all=run.all,
                    seconds=seconds,
                )
            )
        else:
            self.show_progress(self.text("Reckoning, {seconds} s; Esc ends it", seconds=seconds))

    def show_progress(self, words: str) -> None:
        """How far what is asked for is, or, once it has ended, which two periods are shown."""
        self._progress = words
        row = Row(words, style="warn") if words else Row(self._dates(), style="strong", lines=2)
        self.query_one("#progress", Lines).show([row])

    def _dates(self) -> str:
        if self.period == Period():
            return ""
        before = self.period.before()
        return self.text(
            "{first} to {last}, before: {before_first} to {before_last}",
            first=self.period.first,
            last=self.period.last,
            before_first=before.first,
            before_last=before.last,
        )

    def action_back(self) -> None:
        """Break off what is asked for; else go back."""
        if self._run is None:
            self.dismiss(None)
            return
        self.break_off()
        self.tell("Broken off. Esc once more goes back.")

    def on_unmount(self) -> None:
        """Nobody waits any more."""
        if self._run is not None:
            self._run.stop.set()
