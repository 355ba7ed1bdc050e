"""Promise: jobs are printed in the order in which they came, in the background, and none is printed twice
unless a person says so.

A job that failed before a byte of it was sent waits and is tried again. One that failed later may be on
paper, in part or whole, or come out when the roll is changed: it is *uncertain*, and only `retry` or `drop`
goes on, for no program can see the paper. The jobs behind it wait too: a printer that was interrupted within
a picture would take the next receipt for the rest of it, and the person who looks at the paper must find the
last receipt on top.

`put`, `retry`, `drop` and `held` never wait for the printer. Events come from the spool's own thread.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from drivers.printer import Printer
from drivers.printer_errors import PrinterError
from drivers.reasons import Reason, because

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


@dataclass(frozen=True, slots=True)
class JobPrinted:
    """The printer took the job; `confirmed` and `paper_low` as in `Printed`."""

    id: str
    confirmed: bool
    paper_low: bool


@dataclass(frozen=True, slots=True)
class JobWaiting:
    """Nothing of it was printed; it is tried again by itself. Told once per reason."""

    id: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class JobUncertain:
    """It may be on paper. A person looks, and then says `retry` or `drop`."""

    id: str
    reason: Reason


JobEvent = JobPrinted | JobWaiting | JobUncertain


class SpoolRefused(Exception):
    """The spool does not take the job (`spool.full`, `spool.too_big`, `spool.closed`); `reason` has the
    code."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.sentence)
        self.reason = reason


State = Literal["new", "waiting", "uncertain"]


@dataclass(slots=True)
class _Job:
    id: str
    data: bytes
    state: State = "new"
    reason: Reason | None = None


class Spool:
    """Prints in the background on one printer."""

    def __init__(
        self, printer: Printer, on_event: Callable[[JobEvent], None], *, retry_after: float = RETRY_AFTER
    ) -> None:
        """`on_event` is called in the spool's thread and must not block; `retry_after` in seconds."""
        self._printer = printer
        self._on_event = on_event
        self._retry_after = retry_after
        self._jobs: deque[_Job] = deque()
        self._done: deque[str] = deque(maxlen=REMEMBERED)
        self._changed = threading.Condition()
        self._again = False  # try the first job now
        self._sending: _Job | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="spool", daemon=True)
        self._thread.start()

    def put(self, job_id: str, data: bytes) -> None:
        """Have a job printed. An id that is held or was done lately is not taken again. SpoolRefused past a
        limit or after `close`."""
        if len(data) > LARGEST_JOB:
            raise SpoolRefused(because("spool.too_big", limit=LARGEST_JOB))
        with self._changed:
            if self._closing:
                raise SpoolRefused(because("spool.closed"))
            if job_id in self._done or any(job.id == job_id for job in self._jobs):
                return
            if len(self._jobs) >= MOST_JOBS:
                raise SpoolRefused(because("spool.full", limit=MOST_JOBS))
            self._jobs.append(_Job(job_id, data))
            self._changed.notify_all()

    def retry(self, job_id: str) -> bool:
        """A person has looked: print it (again). Also hurries a job that waits. False where it is not
        held."""
        with self._changed:
            job = self._find(job_id)
            if job is None:
                return False
            if job.state == "uncertain":
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
            return True

    def held(self) -> tuple[JobWaiting | JobUncertain, ...]:
        """The jobs that are not printed yet, in order, with why."""
        with self._changed:
            return tuple(self._describe(index, job) for index, job in enumerate(self._jobs))

    def close(self, wait: float = CLOSE_WAIT) -> tuple[str, ...]:
        """End the spool after the job on the wire, at most `wait` seconds; the ids that were not printed."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(wait)
        with self._changed:
            return tuple(job.id for job in self._jobs)

    def _find(self, job_id: str) -> _Job | None:
        return next((job for job in self._jobs if job.id == job_id), None)

    def _describe(self, index: int, job: _Job) -> JobWaiting | JobUncertain:
        if job.state == "uncertain" and job.reason is not None:
            return JobUncertain(job.id, job.reason)
        ahead = self._jobs[index - 1].id if index else job.id
        return JobWaiting(job.id, job.reason or because("spool.behind", ahead=ahead))

    def _run(self) -> None:
        while (job := self._next()) is not None:
            try:
                printed = self._printer.send(job.data)
            except PrinterError as error:
                event = self._failed(job, error)
            else:
                event = self._printed(job, printed.confirmed, printed.paper_low)
            if event is not None:
                self._on_event(event)

    def _next(self) -> _Job | None:
        """Wait for a job that may be sent now; None at the end."""
        with self._changed:
            while not self._closing:
                first = self._jobs[0] if self._jobs else None
                if first is None or first.state == "uncertain":
                    self._changed.wait()
                elif first.state == "new" or self._again:
                    self._again = False
                    self._sending = first
                    return first
                elif not self._changed.wait(self._retry_after):
                    self._again = True
            return None

    def _printed(self, job: _Job, confirmed: bool, paper_low: bool) -> JobEvent:
        with self._changed:
            self._sending = None
            self._jobs.remove(job)
            self._done.append(job.id)
        return JobPrinted(job.id, confirmed, paper_low)

    def _failed(self, job: _Job, error: PrinterError) -> JobEvent | None:
        with self._changed:
            self._sending = None
            told = job.reason == error.reason and error.nothing_sent
            job.reason = error.reason
            job.state = "waiting" if error.nothing_sent else "uncertain"
        if not error.nothing_sent:
            return JobUncertain(job.id, error.reason)
        return None if told else JobWaiting(job.id, error.reason)
