"""A file gets its name only when it is whole and durable: it is made as a draft beside its place, and nothing half stands there."""

from __future__ import annotations

import errno
import glob
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType

from pos_loyalty.storage.sqlite import sync_folder

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows: drafts of processes that were killed stay
    fcntl = None

BESIDE = ("", "-wal", "-shm", "-journal")
"""A store's file and what SQLite keeps beside it, by the ends of their names."""
ERRNO = {
    errno.ENOSPC: "store-full",
    errno.EDQUOT: "store-full",
    errno.EROFS: "store-readonly",
    errno.EACCES: "store-readonly",
    errno.EPERM: "store-readonly",
}
"""What the system's errors mean at a store; every other one: store-unreachable."""


@contextmanager
def draft_beside(place: Path, mode: int = 0o666) -> Iterator[Path]:
    """A new, empty file in the folder of a place, gone at the end unless it was given its name. OSError where none can be made.

    Its maker holds a lock on it as long as it lives, so drafts that killed processes left there are known, and go first.
    """
    _sweep(place)
    draft = place.with_name(f".{place.name}.{secrets.token_hex(4)}.draft")
    held = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)
    try:
        with suppress(OSError):  # a file system without such locks, where no draft is ever swept either
            _lock(held)
        yield draft
    finally:
        os.close(held)
        _remove(draft)


def put_in_place(draft: Path, place: Path, *, over: bool = False) -> None:
    """Give a finished draft its name, durably; over another file's only if that is wanted (else FileExistsError)."""
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
    if over:
        os.replace(draft, place)
        sync_folder(place)
        return
    give_name(draft, place)
    try:
        sync_folder(place)
    except OSError:
        place.unlink()
        raise


def give_name(file: Path, place: Path) -> None:
    """Give a file another name that no file has yet (FileExistsError); where files can have two, it keeps its own as well."""
    try:
        os.link(file, place)
    except FileExistsError:
        raise
    except OSError:
        # A file system without links: only here could another program's file of that very moment be lost.
        if place.exists():
            raise FileExistsError(place) from None
        os.replace(file, place)


def make_folder(folder: Path) -> None:
    """Make a folder, and those that it stands in, durably."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for place in missing:
        sync_folder(place)


def _sweep(place: Path) -> None:
    if fcntl is None:
        return
    for name in glob.glob(f".{glob.escape(place.name)}.????????.draft", root_dir=place.parent, include_hidden=True):
        left = place.with_name(name)
        with suppress(OSError):
            held = os.open(left, os.O_RDWR)
            try:
                _lock(held)
                _remove(left)
            finally:
                os.close(held)


def _lock(held: int) -> None:
    if fcntl is not None:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _remove(draft: Path) -> None:
    for suffix in BESIDE:
        with suppress(OSError):
            os.unlink(f"{draft}{suffix}")
