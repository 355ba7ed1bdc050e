"""Promise: jobs are printed in the order in which they came, in the background, and none is printed twice
unless a person says so; with a folder (`drivers.job_folder`) that holds over any end of the program too, and
none is lost.

A job that failed before a byte of it was sent waits and is tried again. One that failed later may be on
paper, in part or whole, or come out when the roll is changed: it is *uncertain*, and only `retry` or `drop`
goes on, for no program can see the paper. So is one that was begun when the program ended. The jobs behind it
wait too: a printer that was interrupted within a picture would take the next receipt for the rest of it, and
the person who looks at the paper must find the last receipt on top.

The drawer waits for none of them. A disk that fails costs what the folder is for, and is told; what is not
written down as begun does not begin.

`put` waits for the disk alone; `kick` and `held` for nothing. Events come from the spool's own thread, or from
the one that called.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Literal

from drivers.drawer import Drawer
from drivers.held_jobs import HeldJob, SpoolRefused, taken_up
from drivers.job_folder import JobFolder
from drivers.printer_errors import PrinterError, printer_error
from drivers.printing import Printed, Printer
from drivers.queue_events import (
    DrawerStuck,
    JobEvent,
    JobPrinted,
    JobUncertain,
    JobWaiting,
    QueueTrouble,
    SpoolEvent,
)
from drivers.reasons import Reason, because
from drivers.status import Status
from drivers.watch import Watch

__all__ = ["JobEvent", "JobPrinted", "JobUncertain", "JobWaiting", "Spool", "SpoolRefused"]

RETRY_AFTER: Final = 2.0
"""Seconds between tries: shorter than it takes to close a cover and look up."""

MOST_JOBS: Final = 500
"""Jobs that wait: a day's receipts of one register. Whoever has not looked by then will not print them any
more."""

LARGEST_JOB: Final = 4 * 1024 * 1024
"""Bytes in one job: a raster receipt of two metres is half a megabyte."""

REMEMBERED: Final = 1000
"""Ids of jobs done that are known again, so that the same id twice is once."""

CLOSE_WAIT: Final = 5.0
"""Seconds that `close` waits for the job on the wire; the thread ends with the program in any case."""


Errand = Literal["kick", "look"]


class Spool:
    """Prints in the background on one printer."""

    def __init__(
        self,
        printer: Printer,
        on_event: Callable[[SpoolEvent], None],
        *,
        retry_after: float = RETRY_AFTER,
        folder: JobFolder | None = None,
        drawer: Drawer | None = None,
        look_every: float | None = None,
    ) -> None:
        """`on_event` must not block; `retry_after` and `look_every` in seconds: without the second nobody looks how the printer
        is between the jobs. The jobs in the `folder` are taken up, and it is closed with the spool.
        """
        self._printer = printer
        self._on_event = on_event
        self._retry_after = retry_after
        self._folder = folder
        self._drawer = drawer or Drawer()
        self._jobs: deque[HeldJob] = deque()
        self._done: deque[str] = deque(maxlen=REMEMBERED)
        self._putting = threading.Lock()
        self._changed = threading.Condition()
        self._again = False  # try the first job now
        self._retry_at = 0.0
        self._watch = Watch(printer.name, self._drawer, look_every, time.monotonic())
        self._kick = False
        self._sending: HeldJob | None = None
        self._closing = False
        self._take_up()
        self._thread = threading.Thread(target=self._run, name="spool", daemon=True)
        self._thread.start()

    def _take_up(self) -> None:
        """What an earlier run of the program has left."""
        if self._folder is None:
            return
        try:
            kept, bad = self._folder.read()
        except OSError as error:
            self._on_event(QueueTrouble(because("spool.not_kept", detail=_said(error))))
            return
        self._jobs.extend(taken_up(job) for job in kept)
        if bad:
            self._on_event(QueueTrouble(because("spool.unreadable", count=bad, folder=self._folder.path)))

    def put(self, job_id: str, data: bytes, *, title: str = "", ends: tuple[int, ...] = ()) -> None:
        """Have a job printed. An id that is held or was done lately is not taken again; `title` is what a person
        calls it, `ends` as in `Printer.send`. SpoolRefused past a limit or after `close`."""
        if len(data) > LARGEST_JOB:
            raise SpoolRefused(because("spool.too_big", limit=LARGEST_JOB))
        with self._putting:
            with self._changed:
                if self._closing:
                    raise SpoolRefused(because("spool.closed"))
                if job_id in self._done or self._find(job_id) is not None:
                    return
                if len(self._jobs) >= MOST_JOBS:
                    raise SpoolRefused(because("spool.full", limit=MOST_JOBS))
            job = HeldJob(job_id, data, title, ends)
            self._keep(job)
            with self._changed:
                self._jobs.append(job)
                self._changed.notify_all()

    def _keep(self, job: HeldJob) -> None:
        if self._folder is None:
            return
        try:
            job.kept = self._folder.add(job.id, job.title, job.data, job.ends)
        except OSError as error:
            self._on_event(QueueTrouble(because("spool.not_kept", detail=_said(error))))

    def kick(self) -> None:
        """Open the drawer, before anything that waits."""
        with self._changed:
            self._kick = True
            self._changed.notify_all()

    def retry(self, job_id: str) -> bool:
        """A person has looked: print it (again). Also hurries a job that waits. False where it is not
        held."""
        with self._changed:
            job = self._find(job_id)
            if job is None:
                return False
            if job.state == "uncertain":
                if self._folder is not None and job.kept is not None:
                    with suppress(OSError):  # then it is asked for again after a restart
                        self._folder.rewind(job.kept)
                job.state, job.reason = "waiting", None
            self._again = True
            self._changed.notify_all()
            return True

    def drop(self, job_id: str) -> bool:
        """A person has looked: do not print it. False where it is not held, or is on the wire just now."""
        with self._changed:
            job = self._find(job_id)
            if job is None or job is self._sending:
                return False
            self._jobs.remove(job)
            self._done.append(job_id)
            self._changed.notify_all()
        self._forget(job)
        return True

    def held(self) -> tuple[JobWaiting | JobUncertain, ...]:
        """The jobs that are not printed yet, in order, with why."""
        with self._changed:
            ahead = [job.id for job in self._jobs]
            return tuple(job.described(before) for job, before in zip(self._jobs, [*ahead[:1], *ahead], strict=False))

    def close(self, wait: float = CLOSE_WAIT) -> tuple[str, ...]:
        """End the spool after the job on the wire, at most `wait` seconds; the ids that were not printed."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(wait)
        if self._folder is not None and not self._thread.is_alive():
            self._folder.close()
            self._folder = None
        with self._changed:
            return tuple(job.id for job in self._jobs)

    def _find(self, job_id: str) -> HeldJob | None:
        return next((job for job in self._jobs if job.id == job_id), None)

    # ---- the spool's thread -------------------------------------------------------------------------

    def _run(self) -> None:
        while (errand := self._next()) is not None:
            match errand:
                case "kick":
                    self._open_drawer()
                case "look":
                    self._look()
                case job:
                    self._print(job)

    def _next(self) -> HeldJob | Errand | None:
        """Wait for something to do; None at the end."""
        with self._changed:
            while not self._closing:
                if self._kick:
                    self._kick = False
                    return "kick"
                first, now = self._jobs[0] if self._jobs else None, time.monotonic()
                look_at = self._watch.look_at
                due = [] if look_at is None else [look_at]
                if first is not None and first.state != "uncertain":
                    if first.state == "new" or self._again or now >= self._retry_at:
                        self._again = False
                        self._sending = first
                        return first
                    due.append(self._retry_at)
                if look_at is not None and now >= look_at:
                    return "look"
                self._changed.wait(min(due) - now if due else None)
            return None

    def _print(self, job: HeldJob) -> None:
        try:
            printed = self._printer.send(
                job.data, ends=job.ends, begins=lambda: self._begin(job), between=self._pulse_wanted
            )
        except PrinterError as error:
            self._failed(job, error)
        else:
            self._printed(job, printed)

    def _begin(self, job: HeldJob) -> None:
        """Write down that it begins; where that cannot be, it does not begin."""
        if self._folder is None or job.kept is None:
            return
        try:
            self._folder.begin(job.kept)
        except OSError as error:
            raise printer_error("spool.disk", "", nothing_sent=True, detail=_said(error)) from error

    def _pulse_wanted(self) -> bytes:
        with self._changed:
            wanted, self._kick = self._kick, False
        return self._drawer.pulse() if wanted else b""

    def _printed(self, job: HeldJob, printed: Printed) -> None:
        self._forget(job)
        with self._changed:
            self._sending = None
            self._jobs.remove(job)
            self._done.append(job.id)
            self._watch.drawer_moved(time.monotonic())
            seen = self._watch.printed(printed.paper_low)
        self._on_event(JobPrinted(job.id, printed.confirmed, printed.paper_low))
        if seen is not None:
            self._on_event(seen)

    def _failed(self, job: HeldJob, error: PrinterError) -> None:
        if error.nothing_sent and self._folder is not None and job.kept is not None:
            with suppress(OSError):  # then it is asked for after a restart
                self._folder.rewind(job.kept)
        with self._changed:
            self._sending = None
            told = job.reason == error.reason and error.nothing_sent
            job.reason = error.reason
            job.state = "waiting" if error.nothing_sent else "uncertain"
            self._retry_at = time.monotonic() + self._retry_after
        if not error.nothing_sent:
            self._on_event(JobUncertain(job.id, error.reason, job.title))
        elif not told:
            self._on_event(JobWaiting(job.id, error.reason, job.title))

    def _forget(self, job: HeldJob) -> None:
        """It is printed, or nobody wants it."""
        if self._folder is None or job.kept is None:
            return
        try:
            self._folder.remove(job.kept)
        except OSError as error:
            self._on_event(QueueTrouble(because("spool.not_removed", detail=_said(error))))

    # ---- the drawer, and how the printer is ----------------------------------------------------------

    def _open_drawer(self) -> None:
        try:
            self._printer.kick(self._drawer)
        except PrinterError as error:
            self._on_event(DrawerStuck(error.reason))
        with self._changed:
            self._watch.drawer_moved(time.monotonic())

    def _look(self) -> None:
        """Ask the printer how it is, and tell it where that has changed."""
        trouble: Reason | None = None
        status: Status | None = None
        try:
            status = self._printer.look()
        except PrinterError as error:
            trouble = error.reason
        now = time.monotonic()
        with self._changed:
            seen = self._watch.looked(status, trouble, now)
        if seen is not None:
            self._on_event(seen)


def _said(error: OSError) -> str:
    return error.strerror or type(error).__name__
