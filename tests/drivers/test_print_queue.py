"""What waits at the printer is there after any end of the program, and nothing is printed twice by itself."""

from __future__ import annotations

import errno
import os
import queue
import subprocess
import sys
from pathlib import Path

import job_writer
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.job_folder import JobFolder, KeptJob, open_folder
from drivers.printer_errors import printer_error
from drivers.printer_twins import BrokenPrinter, RecorderPrinter
from drivers.queue_events import JobPrinted, JobUncertain, JobWaiting, QueueTrouble, SpoolEvent
from drivers.spool import Spool

PATIENCE = 10.0


@pytest.fixture
def events() -> queue.Queue[SpoolEvent]:
    """What the spool says."""
    return queue.Queue()


def broken(*, nothing_sent: bool) -> BrokenPrinter:
    return BrokenPrinter(printer_error("printer.paper_out", "kitchen", nothing_sent=nothing_sent))


def test_what_waits_is_printed_by_the_next_start(tmp_path: Path, events: queue.Queue[SpoolEvent]) -> None:
    """Two receipts wait for paper, the till is left and started again with paper: both come, in order, once."""
    spool = Spool(broken(nothing_sent=True), events.put, retry_after=3600, folder=JobFolder(tmp_path))
    spool.put("r1", b"one\ntwo", title="till-1-000001", ends=(3,))
    spool.put("r2", b"\x00\xff\n\n")
    assert isinstance(events.get(timeout=PATIENCE), JobWaiting)
    assert spool.close() == ("r1", "r2")
    printer = RecorderPrinter()
    again = Spool(printer, events.put, folder=JobFolder(tmp_path))
    assert [events.get(timeout=PATIENCE) for _ in range(2)] == [
        JobPrinted("r1", confirmed=True, paper_low=False),
        JobPrinted("r2", confirmed=True, paper_low=False),
    ]
    again.close()
    assert printer.jobs == [b"one\ntwo", b"\x00\xff\n\n"]
    assert [file.name for file in tmp_path.iterdir()] == ["lock"]


def test_what_was_begun_waits_for_a_person_after_a_restart(tmp_path: Path, events: queue.Queue[SpoolEvent]) -> None:
    """The program ended within a receipt: it is uncertain with its title, the one behind it waits; the person's word is kept."""
    spool = Spool(broken(nothing_sent=False), events.put, folder=JobFolder(tmp_path))
    spool.put("r1", b"1", title="till-1-000001")
    assert isinstance(events.get(timeout=PATIENCE), JobUncertain)
    spool.put("r2", b"2")
    spool.close()
    printer = RecorderPrinter()
    again = Spool(printer, events.put, folder=JobFolder(tmp_path))
    first, second = again.held()
    assert isinstance(first, JobUncertain)
    assert (first.id, first.title, first.reason.code) == ("r1", "till-1-000001", "spool.cut_short")
    assert isinstance(second, JobWaiting)
    assert printer.jobs == []
    assert again.drop("r1")
    assert events.get(timeout=PATIENCE) == JobPrinted("r2", confirmed=True, paper_low=False)
    again.close()
    assert JobFolder(tmp_path).read() == ((), 0)


def test_a_persons_word_outlives_the_program(tmp_path: Path, events: queue.Queue[SpoolEvent]) -> None:
    """Who has looked and wants it printed is not asked again by the next start."""
    spool = Spool(broken(nothing_sent=False), events.put, folder=JobFolder(tmp_path))
    spool.put("r1", b"1")
    events.get(timeout=PATIENCE)
    spool._printer = broken(nothing_sent=True)
    assert spool.retry("r1")
    assert isinstance(events.get(timeout=PATIENCE), JobWaiting)
    spool.close()
    (kept,), _ = JobFolder(tmp_path).read()
    assert not kept.begun


def _run(folder: Path, paper: Path, step: int, *jobs: str) -> tuple[list[str], bool]:
    done = subprocess.run(
        [sys.executable, job_writer.__file__, str(folder), str(paper), str(step), *jobs],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    assert done.returncode in (0, -9), done.stderr
    return done.stdout.splitlines(), done.returncode != 0


def test_killed_between_any_two_steps(tmp_path: Path) -> None:
    """The queue is killed before each thing that it does to the disk or the paper, and started again: no receipt is on paper twice
    by itself, and none that was acknowledged is lost: it is on paper, or a person is asked.
    """
    killed = True
    step = 0
    while killed:
        step += 1
        folder, paper = tmp_path / f"queue{step}", tmp_path / f"paper{step}"
        said, killed = _run(folder, paper, step, "r1", "r2")
        put = [line.split()[1] for line in said if line.startswith("put ")]
        said_again, died = _run(folder, paper, 0)
        assert not died
        asked = [line.split()[1] for line in said_again if line.startswith("held ") and line.endswith("Uncertain")]
        waits = [line.split()[1] for line in said_again if line.startswith("held ") and line.endswith("Waiting")]
        lines = paper.read_text().split("\n") if paper.exists() else []
        for job in put:
            assert lines.count(job) <= 1, f"killed at step {step}: {lines}"
            assert lines.count(job) == 1 or job in asked + waits, f"killed at step {step}: {job} is lost"
        assert not waits or asked
        assert all(line in ("", "r1", "r2") for line in lines) or asked, f"killed at step {step}: {lines}"
    assert step > 30


def test_a_full_disk_costs_the_queue_its_memory_and_not_the_receipt(
    tmp_path: Path, events: queue.Queue[SpoolEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job that cannot be kept is printed all the same; one sentence says what is lost, and what to do."""
    folder = JobFolder(tmp_path)

    def full(number: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    printer = RecorderPrinter()
    spool = Spool(printer, events.put, folder=folder)
    with monkeypatch.context() as patch:
        patch.setattr("drivers.job_folder.os.write", full)
        spool.put("r1", b"1")
    trouble = events.get(timeout=PATIENCE)
    assert isinstance(trouble, QueueTrouble)
    assert trouble.reason.sentence.endswith("(No space left on device); make room on the disk.")
    assert events.get(timeout=PATIENCE) == JobPrinted("r1", confirmed=True, paper_low=False)
    spool.close()
    assert [file.name for file in tmp_path.iterdir()] == ["lock"]


def test_what_cannot_be_written_down_as_begun_does_not_begin(
    tmp_path: Path, events: queue.Queue[SpoolEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a disk that has turned read-only the receipt waits, for after a restart it would be printed again; then it goes on."""
    folder = JobFolder(tmp_path)
    printer = RecorderPrinter()
    real = os.open

    def refuse(path: os.PathLike[str], flags: int, mode: int = 0o777) -> int:
        if str(path).endswith(".begun"):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return real(path, flags, mode)

    with monkeypatch.context() as patch:
        patch.setattr("drivers.job_folder.os.open", refuse)
        spool = Spool(printer, events.put, retry_after=0.01, folder=folder)
        spool.put("r1", b"1")
        waiting = events.get(timeout=PATIENCE)
        assert isinstance(waiting, JobWaiting)
        assert waiting.reason.code == "spool.disk"
        assert printer.jobs == []
    assert events.get(timeout=PATIENCE) == JobPrinted("r1", confirmed=True, paper_low=False)
    spool.close()


def test_a_second_program_keeps_out(tmp_path: Path) -> None:
    """Two tills never print one queue."""
    folder = JobFolder(tmp_path)
    none, why = open_folder(tmp_path)
    assert none is None
    assert why is not None
    assert why.code == "spool.in_use"
    folder.close()
    again, why = open_folder(tmp_path)
    assert again is not None
    assert why is None
    again.close()


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    """The till prints without it."""
    (tmp_path / "file").touch()
    none, why = open_folder(tmp_path / "file" / "queue")
    assert none is None
    assert why is not None
    assert why.sentence.endswith("(Not a directory); make room on the disk.")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 300), st.binary(max_size=3))
def test_whatever_lies_in_the_folder(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, at: int, put: bytes
) -> None:
    """A file that is no job, or that a bad disk has changed, is put aside and counted; the others are read."""
    path = tmp_path_factory.mktemp("queue")
    folder = JobFolder(path)
    folder.add("good", "till-1-000001", b"data\n", (2, 5))
    changed = path / "00000002.job"
    folder.add("other", "", b"some data", ())
    whole = changed.read_bytes()
    changed.write_bytes(whole[:at] + put + whole[at + len(put) :])
    (path / "00000003.job").write_bytes(junk)
    (path / "00000009.begun").touch()
    jobs, bad = folder.read()
    assert jobs[0] == KeptJob(1, "good", "till-1-000001", b"data\n", (2, 5), begun=False)
    assert len(jobs) + bad == 3
    assert folder.read() == (jobs, 0)
    folder.close()


def test_a_queue_full_of_junk_is_told(tmp_path: Path, events: queue.Queue[SpoolEvent]) -> None:
    """The till starts, says how many jobs could not be read and where they lie."""
    (tmp_path / "00000001.job").write_bytes(b"[" * 100_000)
    (tmp_path / "00000002.part").write_bytes(b"half")
    spool = Spool(RecorderPrinter(), events.put, folder=JobFolder(tmp_path))
    trouble = events.get(timeout=PATIENCE)
    assert isinstance(trouble, QueueTrouble)
    assert trouble.reason.sentence.startswith("1 jobs in the printer's queue cannot be read")
    spool.close()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["00000001.job.bad", "lock"]
