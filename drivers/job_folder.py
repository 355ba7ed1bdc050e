"""Promise: a job that was put into the folder is there after any end of the program or of the power, and what stands there of it
is never better than the truth: that it was begun is on the disk before its first byte leaves.

One file a job; a second, empty one beside it says that it was begun. A job is written under another name, synced and renamed, so
that it is whole or is not there; it goes before its mark does. Each step is synced before the next, and none trusts the disk to
keep two names in step: of a file that is moved, some disks keep neither. A second program is kept out by a lock.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drivers.reasons import Reason, because

_LOCK: Final = "lock"
_JOB, _BEGUN, _PART, _BAD = ".job", ".begun", ".part", ".bad"
_NUMBER: Final = re.compile(r"[0-9]{8,}", re.ASCII)
LONGEST_HEAD: Final = 1_000_000
"""Bytes of a file's first line: an id, a title, and where its commands end."""


@dataclass(frozen=True, slots=True)
class KeptJob:
    """A job as it was put there. `number` is its place in the order; `ends` as in `Printer.send`; `begun`: it may be on paper."""

    number: int
    id: str
    title: str
    data: bytes
    ends: tuple[int, ...]
    begun: bool


def open_folder(path: Path) -> tuple["JobFolder | None", Reason | None]:
    """The folder, or why there is none: then what waits is lost if the program ends."""
    try:
        return JobFolder(path), None
    except BlockingIOError:
        return None, because("spool.in_use", folder=path)
    except OSError as error:
        return None, because("spool.not_kept", detail=error.strerror or type(error).__name__)


class JobFolder:
    """The jobs of one printer on the disk. All of it raises OSError where the disk does not do its part."""

    def __init__(self, path: Path) -> None:
        """Make the folder where it is not there. BlockingIOError where another program uses it."""
        self.path = path
        path.mkdir(parents=True, exist_ok=True, mode=0o700)  # receipts hold names
        self._lock = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._lock)
        except OSError:
            os.close(self._lock)
            raise
        self._last = max((*self._numbers(_JOB), *self._numbers(_BEGUN)), default=0)

    def read(self) -> tuple[tuple[KeptJob, ...], int]:
        """The jobs in order, and how many files were none: these are put aside under another name."""
        for left in self.path.glob(f"*{_PART}"):
            left.unlink()  # never acknowledged
        jobs: list[KeptJob] = []
        bad = 0
        numbers, begun = sorted(self._numbers(_JOB)), set(self._numbers(_BEGUN))
        for number in numbers:
            file = self._file(number, _JOB)
            try:
                jobs.append(_read(number, file, begun=number in begun))
            except (ValueError, RecursionError):
                file.rename(file.with_name(file.name + _BAD))
                bad += 1
        for number in begun.difference(numbers):
            self._file(number, _BEGUN).unlink()  # its job is done
        return tuple(jobs), bad

    def add(self, id: str, title: str, data: bytes, ends: tuple[int, ...]) -> int:
        """Keep a job; its number."""
        number = self._last + 1
        part = self.path / f"{number:08d}{_PART}"
        head = json.dumps({"id": id, "title": title, "size": len(data), "ends": ends}, ensure_ascii=False)
        try:
            with _new_file(part) as file:
                _write_all(file, head.encode() + b"\n" + data)
                os.fsync(file)
            os.rename(part, self._file(number, _JOB))
        except OSError:
            part.unlink(missing_ok=True)
            raise
        self._last = number
        self._sync()
        return number

    def begin(self, number: int) -> None:
        """From now on it may be on paper."""
        with _new_file(self._file(number, _BEGUN)):
            pass
        self._sync()

    def rewind(self, number: int) -> None:
        """Nothing of it is on paper: nothing was sent, or a person has looked and wants it."""
        if self._file(number, _BEGUN).exists():
            self._file(number, _BEGUN).unlink()
            self._sync()

    def remove(self, number: int) -> None:
        """It is done, or nobody wants it."""
        self._file(number, _JOB).unlink(missing_ok=True)
        self._sync()  # a mark that went first would leave a job behind that seems new
        self._file(number, _BEGUN).unlink(missing_ok=True)

    def close(self) -> None:
        """Let another program have it."""
        os.close(self._lock)

    def _file(self, number: int, kind: str) -> Path:
        return self.path / f"{number:08d}{kind}"

    def _numbers(self, kind: str) -> Iterator[int]:
        for file in self.path.glob(f"*{kind}"):
            if _NUMBER.fullmatch(file.stem):
                yield int(file.stem)

    def _sync(self) -> None:
        """Names are on the disk only once their folder is."""
        if sys.platform == "win32":
            return
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _lock(number: int) -> None:
    if sys.platform != "win32":
        import fcntl  # noqa: PLC0415 - not there on Windows

        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def _new_file(path: Path) -> Iterator[int]:
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        yield number
    finally:
        os.close(number)


def _write_all(number: int, data: bytes) -> None:
    done = 0
    while done < len(data):
        done += os.write(number, data[done:])


def _read(number: int, file: Path, *, begun: bool) -> KeptJob:
    """ValueError where the file is no job."""
    head, newline, data = file.read_bytes().partition(b"\n")
    if not newline or len(head) > LONGEST_HEAD:
        raise ValueError(file)
    found = json.loads(head)
    match found:
        case {"id": str(id_), "title": str(title), "size": int(size), "ends": [*ends]} if size == len(data) and all(
            isinstance(end, int) and 0 < end <= size for end in ends
        ):
            return KeptJob(number, id_, title, data, tuple(ends), begun)
    raise ValueError(file)
