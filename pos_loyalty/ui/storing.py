"""Keys, scans and writes: what comes in while something is being stored waits, and none of it is lost.

A keyboard-wedge scanner's keys never press a button and never land in a line of input; a write runs in a thread; pressed twice is
once. `TillApp` adds the start, the devices and the end.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from time import monotonic
from typing import Any, TypeVar

from textual import events
from textual.app import App
from textual.message import Message as Event
from textual.message_pump import MessagePump
from textual.timer import Timer
from textual.worker import Worker, WorkerState

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.ui.desk import Desk
from pos_loyalty.ui.devices import Garbled, KeySorter, Read, Sorted, Typed
from pos_loyalty.ui.messages import Scanned, TakeScan, Unread
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.screens.starting import StartingScreen

T = TypeVar("T")

MOST_KEPT = 500
"""Keys and scans that are kept while something is stored: more than anyone types while a disk hangs for a minute."""

LOST_FLIGHT = 0.25
"""Seconds after which a key counts as handled although nothing came back of it."""

_log = logging.getLogger(__name__)


class Stored(Event):
    """A write has ended in its thread: with what it answered, or with why it was refused."""

    def __init__(self, outcome: object, then: Callable[[Any], None], refused: Callable[[Refused], None]) -> None:
        super().__init__()
        self.outcome = outcome
        self.then = then
        self.refused = refused


class StoringApp(App[int], inherit_bindings=False):
    """Sorts keys, hands scans to the screen that is up, and stores."""

    desk: Desk | None

    def __init__(self) -> None:
        super().__init__()
        self._sorter: KeySorter | None = None
        self._hold: Timer | None = None
        self._busy = True
        self._kept: deque[events.Key | Scanned] = deque()
        self._aloft = 0
        self._flights = 0

    # ---- keys and scans -----------------------------------------------------------------------------

    def sort_keys(self, sorter: KeySorter | None) -> None:
        """From here on `sorter` (None: nobody) tells a wedge scanner's keys from a person's."""
        self._sorter = sorter

    async def on_event(self, event: events.Event) -> None:
        """Sort a wedge scanner's keys from a person's, before anything else sees them."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            if self._sorter is None:
                await self._typed(event)
            else:
                await self._settle(self._sorter.key(event, monotonic()))
                self._hold_on()
            return
        if isinstance(event, events.Paste) and not event.is_forwarded and self._is_code(event.text):
            self.post_message(Scanned(event.text.strip()))
            return
        await super().on_event(event)

    def _hold_on(self) -> None:
        """Come back when the keys that are held must be given back."""
        if self._hold is not None:
            self._hold.stop()
            self._hold = None
        deadline = self._sorter.deadline() if self._sorter else None
        if deadline is not None:
            self._hold = self.set_timer(max(deadline - monotonic(), 0.0), self._give_back)

    async def _give_back(self) -> None:
        if self._sorter is not None:
            await self._settle(self._sorter.tick(monotonic()))
            self._hold_on()

    async def _settle(self, outcomes: Iterable[Sorted]) -> None:
        for outcome in outcomes:
            match outcome:
                case Typed(keys):
                    for key in keys:
                        await self._typed(key)
                case Read(code):
                    self.post_message(Scanned(code))
                case Garbled(message):
                    self.post_message(Unread(message))

    async def _typed(self, key: events.Key) -> None:
        """A person's key: kept while something is being stored."""
        if self._must_wait() and not isinstance(self.screen, StartingScreen):
            self._keep(key)
            return
        if isinstance(self.screen, TillScreen):
            self.screen.hush()
        route = [*self.focused.ancestors_with_self] if self.focused else [self.screen]
        await super().on_event(key)
        self._take_off(route)

    def _take_off(self, route: Iterable[MessagePump]) -> None:
        """Follow a key or scan through the queues of all that may handle it; the next one waits until it has landed.

        Each widget has a queue of its own, so without this a key that opens a screen is overtaken by the digits typed after it.
        """
        self._flights += 1
        self._aloft = self._flights
        stops = [stop for stop in route if stop is not self]
        # Twice: the first time round a key finds its action, the second time what that posted (Enter's Submitted) is handled.
        self._fly(self._aloft, [*stops, self, *stops, self])

    def _fly(self, flight: int, stops: list[MessagePump]) -> None:
        while stops:
            if stops.pop(0).call_later(self._fly, flight, stops):
                return
        self.call_later(self._land, flight)

    async def _land(self, flight: int) -> None:
        if self._aloft == flight:
            self._aloft = 0
            await self.go_on()

    def on_scanned(self, event: Scanned) -> None:
        """A scan counts whatever has the focus: the screen that is up takes it."""
        if self._must_wait():
            self._keep(event)
        elif isinstance(self.screen, TillScreen):
            self.screen.post_message(TakeScan(event.code, event.scanner))
            self._take_off([self.screen])

    def on_unread(self, event: Unread) -> None:
        """Say what a scanner sent that is no code."""
        if isinstance(self.screen, TillScreen):
            self.screen.refuse(event.message)

    def _is_code(self, text: str) -> bool:
        """Whether a pasted text is a code that is known here."""
        code = text.strip()
        if self.desk is None or not 4 <= len(code) <= 48 or not code.isprintable() or " " in code:
            return False
        from pos_loyalty.till.scanning import NotRecognised, recognise  # noqa: PLC0415 - the store is loaded by now

        try:
            return not isinstance(recognise(self.desk.register, code), NotRecognised)
        except Refused:
            return False

    def _must_wait(self) -> bool:
        """Whether something is being stored, the key before is being handled, or a screen is not yet there to type into."""
        return self._busy or bool(self._aloft) or (isinstance(self.screen, TillScreen) and not self.screen.is_ready)

    def _keep(self, what: events.Key | Scanned) -> None:
        if len(self._kept) < MOST_KEPT:
            self._kept.append(what)
        if self._aloft:
            # A screen that went away with a callback in its queue takes it along.
            self.set_timer(LOST_FLIGHT, partial(self._land, self._aloft))

    async def _stored_all(self) -> None:
        """What was stored is shown: go on, but without the keys that were to confirm it once more."""
        self._busy = False
        self._kept = deque(what for what in self._kept if not _confirms(what))
        await self.go_on()

    async def go_on(self) -> None:
        """Nothing must wait any more: what was kept is handled now, in its order."""
        while self._kept and not self._must_wait():
            what = self._kept.popleft()
            if isinstance(what, Scanned):
                self.on_scanned(what)
            else:
                await self._typed(what)

    # ---- storing ------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether something is being stored; a second confirmation then does nothing."""
        return self._busy

    @property
    def at_rest(self) -> bool:
        """Whether every key and scan so far has been handled, and nothing is being stored."""
        return not self._kept and not self._must_wait()

    def store(
        self, action: Callable[[], T], then: Callable[[T], None], refused: Callable[[Refused], None] | None = None
    ) -> None:
        """Run a write in a thread; keys and scans wait meanwhile. `then` gets what it answered.

        Nothing happens where something is being stored already: pressed twice is once.
        """
        if self._busy:
            return
        self._busy = True
        if isinstance(self.screen, TillScreen):
            self.screen.tell(N_("Storing…"))
        self.run_worker(
            partial(self._run, action, then, refused or self._refuse), thread=True, exit_on_error=False, group="storing"
        )

    def _run(self, action: Callable[[], T], then: Callable[[T], None], refused: Callable[[Refused], None]) -> None:
        try:
            outcome: object = action()
        except Refused as why:
            outcome = why
        self.post_message(Stored(outcome, then, refused))

    async def on_stored(self, event: Stored) -> None:
        """Go on with what was stored, then with what was kept."""
        if isinstance(self.screen, TillScreen):
            self.screen.hush()
        if isinstance(event.outcome, Refused):
            event.refused(event.outcome)
        else:
            event.then(event.outcome)
        self.call_after_refresh(self._stored_all)

    def _refuse(self, refused: Refused) -> None:
        if isinstance(self.screen, TillScreen):
            self.screen.refuse(refused.message)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A fault of the program in a thread: the till stays up, says so, and the bill is still there."""
        if event.state is not WorkerState.ERROR:
            return
        error = event.worker.error
        _log.error("a fault in the thread %s", event.worker.group, exc_info=error)
        if isinstance(self.screen, TillScreen):
            self.screen.refuse(
                Message(
                    N_(
                        "The program failed ({error}); nothing of it is stored. Try again, or note the bill and restart."
                    ),
                    error=type(error).__name__,
                )
            )
        self.call_after_refresh(self._stored_all)


def _confirms(what: events.Key | Scanned) -> bool:
    """Keys that confirm: one that was pressed before an outcome was shown must not confirm what comes after it."""
    return isinstance(what, events.Key) and what.key in {"enter", "f12"}
