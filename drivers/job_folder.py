"""Promise: a job that was put into the folder is there after any end of the program or of the power, and what stands there of it
is never better than the truth: that it was begun is on the disk before its first byte leaves.

One file a job, whose name ends in its state: `new` (nothing of it was sent) or `begun` (it may be on paper). Files are written
under another name, synced and renamed, so that a job is whole or is not there. A second program is kept out by a lock.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from drivers.reasons import Reason, because

_LOCK: Final = "lock"
_PART: Final = ".part"
_BAD: Final = ".bad"
_States = Literal["new", "begun"]
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
        self._last = max((number for number, _ in self._files()), default=0)

    def read(self) -> tuple[tuple[KeptJob, ...], int]:
        """The jobs in order, and how many files were none: these are put aside under another name."""
        for left in self.path.glob(f"*{_PART}"):
            left.unlink()  # never acknowledged
        jobs: list[KeptJob] = []
        bad = 0
        for number, file in sorted(self._files()):
            try:
                jobs.append(_read(number, file))
            except (ValueError, RecursionError):
                file.rename(file.with_name(file.name + _BAD))
                bad += 1
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
            os.rename(part, self._file(number, "new"))
        except OSError:
            part.unlink(missing_ok=True)
            raise
        self._last = number
        self._sync()
        return number

    def begin(self, number: int) -> None:
        """From now on it may be on paper."""
        begun = self._file(number, "begun")
        if not begun.exists():
            os.rename(self._file(number, "new"), begun)
        self._sync()

    def rewind(self, number: int) -> None:
        """Nothing of it is on paper: nothing was sent, or a person has looked and wants it."""
        if self._file(number, "begun").exists():
            os.rename(self._file(number, "begun"), self._file(number, "new"))
            self._sync()

    def remove(self, number: int) -> None:
        """It is done, or nobody wants it."""
        for state in ("new", "begun"):
            self._file(number, state).unlink(missing_ok=True)
        self._sync()

    def close(self) -> None:
        """Let another program have it."""
        os.close(self._lock)

    def _file(self, number: int, state: _States) -> Path:
        return self.path / f"{number:08d}.{state}"

    def _files(self) -> Iterator[tuple[int, Path]]:
        for file in self.path.iterdir():
            if file.suffix in (".new", ".begun") and file.stem.isascii() and file.stem.isdecimal():
                yield int(file.stem), file

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


def _read(number: int, file: Path) -> KeptJob:
    """ValueError where the file is no job."""
    head, newline, data = file.read_bytes().partition(b"\n")
    if not newline or len(head) > LONGEST_HEAD:
        raise ValueError(file)
    found = json.loads(head)
    match found:
        case {"id": str(id_), "title": str(title), "size": int(size), "ends": [*ends]} if size == len(data) and all(
            isinstance(end, int) and 0 < end <= size for end in ends
        ):
            return KeptJob(number, id_, title, data, tuple(ends), file.suffix == ".begun")
    raise ValueError(file)
