"""Printers for tests: one that prints everything and keeps it, and one that fails until it is mended."""

from collections.abc import Callable, Sequence

from drivers.drawer import Drawer
from drivers.printer_errors import PrinterError
from drivers.printing import Printed, no_more, nothing
from drivers.status import Status


class RecorderPrinter:
    """A printer for tests: it prints everything, and keeps it in `jobs`; `kicks` counts the drawer's openings,
    and `status` is how it is."""

    name = "recorder"

    def __init__(self) -> None:
        self.jobs: list[bytes] = []
        self.kicks = 0
        self.status: Status | None = Status(None, paper_low=False)

    def send(
        self,
        data: bytes,
        *,
        ends: Sequence[int] = (),
        begins: Callable[[], None] = nothing,
        between: Callable[[], bytes] = no_more,
    ) -> Printed:
        begins()
        for _ in ends:
            self.kicks += bool(between())
        self.jobs.append(data)
        return Printed(confirmed=True)

    def kick(self, drawer: Drawer) -> None:
        self.kicks += 1

    def look(self) -> Status | None:
        return self.status


class BrokenPrinter:
    """A printer for tests: it fails with `error` until `mend`, then prints like a recorder; `tries`
    counts."""

    name = "broken"

    def __init__(self, error: PrinterError) -> None:
        self.jobs: list[bytes] = []
        self.tries = 0
        self._error: PrinterError | None = error

    def mend(self) -> None:
        """From now on it prints."""
        self._error = None

    def send(
        self,
        data: bytes,
        *,
        ends: Sequence[int] = (),
        begins: Callable[[], None] = nothing,
        between: Callable[[], bytes] = no_more,
    ) -> Printed:
        self.tries += 1
        if self._error is not None:
            if not self._error.nothing_sent:
                begins()
            raise self._error
        begins()
        self.jobs.append(data)
        return Printed(confirmed=True)

    def kick(self, drawer: Drawer) -> None:
        if self._error is not None:
            raise self._error

    def look(self) -> Status | None:
        if self._error is not None:
            raise self._error
        return Status(None, paper_low=False)
