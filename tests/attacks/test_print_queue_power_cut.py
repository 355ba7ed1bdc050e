"""The power goes while a receipt is put into the printer's queue, printed or taken out: none is lost, none is printed twice."""

from __future__ import annotations

from pathlib import Path

from disks import Disk, Room

from drivers.job_folder import JobFolder

DATA = b"a receipt\n" * 500


def _live(room: Room) -> tuple[set[str], set[str], set[str]]:
    """Put three receipts, print two and drop one, until the power goes: those put, those on paper, those to be removed."""
    put: set[str] = set()
    paper: set[str] = set()
    removed: set[str] = set()
    numbers: dict[str, int] = {}
    try:
        folder = JobFolder(room.path)
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


def test_the_power_goes_at_every_operation(disk: Disk, tmp_path: Path) -> None:
    """What was acknowledged is there, whole; what is on paper is there as begun, or not at all; nothing unreadable is there."""
    for seed in (None, *range(10)):
        at = 0
        gone = True
        while gone:
            at += 1
            room = disk.room()
            room.cut_at(at)
            put, paper, removed = _live(room)
            gone = room.frozen()
            after = tmp_path / f"after{at}-{seed}"
            room.cut(after, seed=seed)
            room.drop()
            folder = JobFolder(after)
            jobs, bad = folder.read()
            folder.close()
            there = {job.id: job for job in jobs}
            where = f"the power went before operation {at}, {seed}"
            assert not bad, where
            assert put - removed <= set(there), where
            assert all(there[job].begun for job in paper & set(there)), where
            assert all(job.data == DATA and job.ends == (10,) for job in jobs), where
        assert at > 20
