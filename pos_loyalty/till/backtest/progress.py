"""How far a backtest is, for whoever waits: its parts put together, and about how long it will take still."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from pos_loyalty.domain.message import N_, Message

OFTEN = 0.2
"""Seconds between two looks: more often nobody reads it."""
ENOUGH = 3
"""Per cent from which on the rest can be guessed from what was done."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done, how much of it, and about how long it will take still (None: too early to say)."""

    name: Message
    percent: int
    left: Message | None


class Stopwatch:
    """Takes what `Told` is told."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._parts: dict[str, tuple[int, int]] = {}

    def told(self, stage: str, done: int, total: int) -> Progress:
        """So much of a part is done: what is to be shown now. The two replays run side by side and are one part here."""
        now = self._clock()
        if stage != "reading" and "reading" in self._parts:
            self._parts.clear()
            self._began = now
        self._parts[stage] = (done, total)
        done, total = (sum(column) for column in zip(*self._parts.values(), strict=True))
        percent = 100 * done // total if total else 0
        left = None
        if percent >= ENOUGH:
            seconds = int((now - self._began) * (total - done) / done) + 1
            left = Message(N_("about {seconds} s left"), seconds=seconds)
        name = N_("Reading what was sold") if stage == "reading" else N_("Replaying the sales")
        return Progress(Message(name), percent, left)
