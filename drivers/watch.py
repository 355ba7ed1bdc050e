"""Promise: how a printer is between its jobs is told when it changes, without false alarms and without asking one that never
answers over and over. Pure: what was seen and what time it is come as arguments.

One look in vain says nothing, for another till may be printing just then; two do.
"""

from typing import Final

from drivers.drawer import Drawer
from drivers.queue_events import PrinterSeen
from drivers.reasons import Reason, because
from drivers.status import Status

LOOK_AGAIN: Final = 2.0
"""Seconds to the second look after one in vain: longer than another till's short receipt takes."""

LOOK_AT_DRAWER: Final = 1.0
"""Seconds between looks while the drawer stands open, and from its pulse to the first."""


class Watch:
    """When to look next (`look_at`, monotonic seconds; None: not again), and what has changed."""

    def __init__(self, printer: str, drawer: Drawer, every: float | None, now: float) -> None:
        """`every`: seconds between looks; None: nobody looks."""
        self.look_at = None if every is None else now
        self._printer = printer
        self._drawer = drawer
        self._every = every or 0.0
        self._vain = 0
        self._seen = PrinterSeen(None)

    def looked(self, status: Status | None, trouble: Reason | None, now: float) -> PrinterSeen | None:
        """A look's outcome: the printer's answer, or why it could not be asked; neither, where it does not answer."""
        if status is not None:
            self._vain = 0
            trouble = because(status.trouble, printer=self._printer) if status.trouble else None
            seen = PrinterSeen(trouble, status.paper_low, self._drawer.is_open(status))
            self.look_at = now + (LOOK_AT_DRAWER if seen.drawer_open else self._every)
            return self._changed(seen)
        self._vain += 1
        if self._vain == 1:
            self.look_at = now + min(LOOK_AGAIN, self._every)
            return None
        self.look_at = now + self._every if trouble is not None else None
        return self._changed(PrinterSeen(trouble))

    def printed(self, paper_low: bool) -> PrinterSeen | None:
        """A job came out: it is well."""
        return self._changed(PrinterSeen(None, paper_low, self._seen.drawer_open))

    def drawer_moved(self, now: float) -> None:
        """The drawer may be open: look soon, where it has a switch and the printer answers."""
        if self.look_at is not None and self._drawer.open_level is not None:
            self.look_at = min(self.look_at, now + LOOK_AT_DRAWER)

    def _changed(self, seen: PrinterSeen) -> PrinterSeen | None:
        if seen == self._seen:
            return None
        self._seen = seen
        return seen
