"""The power goes while a receipt is put into the printer's queue, printed or taken out: none is lost, none is printed twice."""

from __future__ import annotations

from pathlib import Path

from disks import Disk, Room

from drivers.job_folder import JobFolder

DATA = b"a receipt\n" * 500


class NeverSyncs(JobFolder):
    """A queue that trusts the disk to keep names."""

    def _sync(self) -> None:
        pass


def _live(room: Room, kind: type[JobFolder]) -> tuple[set[str], set[str], set[str]]:
    """Put three receipts, print two and drop one, until the power goes: those put, those on paper, those to be removed."""
    put: set[str] = set()
    paper: set[str] = set()
    removed: set[str] = set()
    numbers: dict[str, int] = {}
    try:
        folder = kind(room.path)
        try:
            for job in ("r1", "r2", "r3"):
                numbers[job] = folder.add(job, job, DATA, (10,))
                put.add(job)
            for job in ("r1", "r2"):
                folder.begin(numbers[job])
                paper.add(job)  # its first byte leaves only now
                removed.add(job)
                folder.remove(numbers[job])
            removed.add("r3")
            folder.remove(numbers["r3"])
        finally:
            folder.close()
    except OSError:
        assert room.frozen(), "it failed by itself"
    return put, paper, removed


def _cut_everywhere(
    disk: Disk, tmp_path: Path, kind: type[JobFolder], seeds: tuple[int | None, ...]
) -> tuple[set[str], int]:
    """Let the power go before every operation, with names that survive by chance under each seed: what was broken, and how many
    operations there are.
    """
    broken: set[str] = set()
    at = 0
    for seed in seeds:
        at = 0
        gone = True
        while gone:
            at += 1
            room = disk.room()
            room.cut_at(at)
            put, paper, removed = _live(room, kind)
            gone = room.frozen()
            after = tmp_path / f"after{at}-{seed}"
            room.cut(after, seed=seed)
            room.drop()
            folder = JobFolder(after)
            jobs, bad = folder.read()
            folder.close()
            there = {job.id: job for job in jobs}
            if bad:
                broken.add("unreadable")
            if not put - removed <= set(there):
                broken.add("lost")
            if any(not there[job].begun for job in paper & set(there)):
                broken.add("printed twice")
            if any(job.data != DATA or job.ends != (10,) for job in jobs):
                broken.add("changed")
    return broken, at


def test_the_power_goes_at_every_operation(disk: Disk, tmp_path: Path) -> None:
    """What was acknowledged is there, whole; what is on paper is there as begun, or not at all; nothing unreadable is there."""
    broken, operations = _cut_everywhere(disk, tmp_path, JobFolder, (None, *range(10)))
    assert broken == set()
    assert operations > 20


def test_a_queue_that_never_syncs_is_caught(disk: Disk, tmp_path: Path) -> None:
    """The control: without its syncs receipts are lost, and others would be printed a second time."""
    broken, _ = _cut_everywhere(disk, tmp_path, NeverSyncs, (None, *range(10)))
    assert {"lost", "printed twice"} <= broken
