"""Jobs are printed once, in order, in the background."""

import queue
import threading
from collections.abc import Callable, Sequence

import pytest

from drivers.drawer import Drawer
from drivers.printer_errors import PrinterError, printer_error
from drivers.printer_twins import BrokenPrinter, RecorderPrinter
from drivers.printing import Printed, no_more, nothing
from drivers.queue_events import PrinterSeen
from drivers.spool import (
    LARGEST_JOB,
    MOST_JOBS,
    JobEvent,
    JobPrinted,
    JobUncertain,
    JobWaiting,
    Spool,
    SpoolRefused,
)
from drivers.status import Status

PATIENCE = 10.0


def trouble(code: str = "printer.paper_out", *, nothing_sent: bool) -> PrinterError:
    """An error of a printer."""
    return printer_error(code, "kitchen", nothing_sent=nothing_sent)


class SlowPrinter:
    """Prints when it is let."""

    name = "slow"

    def __init__(self) -> None:
        self.go = threading.Event()
        self.started = threading.Event()
        self.jobs: list[bytes] = []

    def send(
        self,
        data: bytes,
        *,
        ends: Sequence[int] = (),
        begins: Callable[[], None] = nothing,
        between: Callable[[], bytes] = no_more,
    ) -> Printed:
        self.started.set()
        begins()
        assert self.go.wait(PATIENCE)
        self.jobs.append(data)
        return Printed(confirmed=False, paper_low=True)

    def kick(self, drawer: Drawer) -> None:
        raise AssertionError("nobody asked for the drawer")

    def look(self) -> Status | None:
        raise AssertionError("nobody asked how it is")


@pytest.fixture
def events() -> queue.Queue[JobEvent]:
    """What the spool says."""
    return queue.Queue()


def test_jobs_are_printed_in_order(events: queue.Queue[JobEvent]) -> None:
    """Ten jobs come out as they went in, each told once."""
    printer = RecorderPrinter()
    spool = Spool(printer, events.put)
    for number in range(10):
        spool.put(f"r{number}", str(number).encode())
    told = [events.get(timeout=PATIENCE) for _ in range(10)]
    assert told == [JobPrinted(f"r{number}", confirmed=True, paper_low=False) for number in range(10)]
    assert b"".join(printer.jobs) == b"0123456789"
    assert spool.close() == ()


def test_putting_never_waits_for_the_printer(events: queue.Queue[JobEvent]) -> None:
    """While the printer is stuck, jobs are taken, shown, and one behind it may be dropped, but not the one on
    the wire."""
    printer = SlowPrinter()
    spool = Spool(printer, events.put)
    spool.put("r1", b"1")
    assert printer.started.wait(PATIENCE)
    spool.put("r2", b"2")
    spool.put("r3", b"3")
    assert [job.id for job in spool.held()] == ["r1", "r2", "r3"]
    assert spool.held()[1].reason.sentence == "The job waits for the one before it, r1."
    assert not spool.drop("r1")
    assert spool.drop("r2")
    assert not spool.drop("r2")
    printer.go.set()
    assert events.get(timeout=PATIENCE) == JobPrinted("r1", confirmed=False, paper_low=True)
    assert events.get(timeout=PATIENCE) == PrinterSeen(None, paper_low=True)
    assert events.get(timeout=PATIENCE) == JobPrinted("r3", confirmed=False, paper_low=True)
    spool.close()
    assert printer.jobs == [b"1", b"3"]


def test_the_same_id_twice_is_once(events: queue.Queue[JobEvent]) -> None:
    """An id that is held, was printed or was dropped is not taken again."""
    printer = BrokenPrinter(trouble(nothing_sent=True))
    spool = Spool(printer, events.put, retry_after=0.01)
    spool.put("r1", b"1")
    spool.put("r1", b"1")
    assert isinstance(events.get(timeout=PATIENCE), JobWaiting)
    printer.mend()
    assert isinstance(events.get(timeout=PATIENCE), JobPrinted)
    spool.put("r1", b"1")
    spool.put("r2", b"2")
    assert events.get(timeout=PATIENCE) == JobPrinted("r2", confirmed=True, paper_low=False)
    spool.close()
    assert printer.jobs == [b"1", b"2"]


def test_a_job_of_which_nothing_was_sent_is_tried_again_by_itself(events: queue.Queue[JobEvent]) -> None:
    """No paper: told once, tried until there is some, then printed once."""
    printer = BrokenPrinter(trouble(nothing_sent=True))
    spool = Spool(printer, events.put, retry_after=0.01)
    spool.put("r1", b"1")
    waiting = events.get(timeout=PATIENCE)
    assert waiting == JobWaiting("r1", trouble(nothing_sent=True).reason)
    assert spool.held() == (waiting,)
    while printer.tries < 4:
        threading.Event().wait(0.005)
    assert events.empty()
    printer.mend()
    assert events.get(timeout=PATIENCE) == JobPrinted("r1", confirmed=True, paper_low=False)
    assert printer.jobs == [b"1"]
    spool.close()


def test_an_uncertain_job_waits_for_a_person_and_so_do_those_behind_it(events: queue.Queue[JobEvent]) -> None:
    """It is not tried again by itself, and the next receipt does not go over it; `retry` prints both."""
    printer = BrokenPrinter(trouble("printer.cut_off", nothing_sent=False))
    spool = Spool(printer, events.put, retry_after=0.01)
    spool.put("r1", b"1")
    assert isinstance(events.get(timeout=PATIENCE), JobUncertain)
    spool.put("r2", b"2")
    threading.Event().wait(0.1)
    assert printer.tries == 1
    assert [type(job) for job in spool.held()] == [JobUncertain, JobWaiting]
    printer.mend()
    assert spool.retry("r1")
    assert [events.get(timeout=PATIENCE).id for _ in range(2)] == ["r1", "r2"]
    assert printer.jobs == [b"1", b"2"]
    assert not spool.retry("r1")
    spool.close()


def test_dropping_an_uncertain_job_lets_the_next_one_go(events: queue.Queue[JobEvent]) -> None:
    """The person found the receipt on the paper: it is not printed again, and the next one is."""
    printer = BrokenPrinter(trouble(nothing_sent=False))
    spool = Spool(printer, events.put)
    spool.put("r1", b"1")
    events.get(timeout=PATIENCE)
    spool.put("r2", b"2")
    printer.mend()
    assert spool.drop("r1")
    assert events.get(timeout=PATIENCE) == JobPrinted("r2", confirmed=True, paper_low=False)
    assert printer.jobs == [b"2"]
    spool.close()


def test_a_retry_that_fails_before_it_began_says_so(events: queue.Queue[JobEvent]) -> None:
    """After a person's word the job waits like any other, and is told as waiting, even for the same
    reason."""
    first, then = trouble(nothing_sent=False), trouble(nothing_sent=True)
    printer = BrokenPrinter(first)
    spool = Spool(printer, events.put, retry_after=0.01)
    spool.put("r1", b"1")
    assert isinstance(events.get(timeout=PATIENCE), JobUncertain)
    printer._error = then
    spool.retry("r1")
    assert isinstance(events.get(timeout=PATIENCE), JobWaiting)
    assert spool.close() == ("r1",)


def test_a_retry_hurries_a_job_that_waits(events: queue.Queue[JobEvent]) -> None:
    """The roll is changed and the person says so: nobody waits for the next try."""
    printer = BrokenPrinter(trouble(nothing_sent=True))
    spool = Spool(printer, events.put, retry_after=3600)
    spool.put("r1", b"1")
    events.get(timeout=PATIENCE)
    printer.mend()
    assert spool.retry("r1")
    assert isinstance(events.get(timeout=PATIENCE), JobPrinted)
    spool.close()


def test_the_limits_are_errors_of_their_own(events: queue.Queue[JobEvent]) -> None:
    """Too big a job and too many jobs are refused with a sentence, and hold nothing up."""
    printer = BrokenPrinter(trouble(nothing_sent=False))
    spool = Spool(printer, events.put)
    with pytest.raises(SpoolRefused, match="no receipt"):
        spool.put("big", b"x" * (LARGEST_JOB + 1))
    for number in range(MOST_JOBS):
        spool.put(f"r{number}", b"x")
    with pytest.raises(SpoolRefused, match="wait already"):
        spool.put("one too many", b"x")
    assert len(spool.close()) == MOST_JOBS


def test_close_ends_promptly_and_names_what_was_not_printed(events: queue.Queue[JobEvent]) -> None:
    """A long pause between tries does not hold the end of the program up."""
    spool = Spool(BrokenPrinter(trouble(nothing_sent=True)), events.put, retry_after=3600)
    spool.put("r1", b"1")
    events.get(timeout=PATIENCE)
    assert spool.close() == ("r1",)
    assert not spool._thread.is_alive()
    with pytest.raises(SpoolRefused, match="no longer"):
        spool.put("r2", b"2")
