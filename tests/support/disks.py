"""Disks that can be cut, failed and filled: the test's end of the forgetful file system."""

from __future__ import annotations

import errno
import itertools
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KINDS = ("open", "create", "read", "write", "resize", "sync", "remove", "link")
"""All that a file system is asked to do and that can go wrong there."""
PATIENCE = 30
"""Seconds to wait for an answer that takes milliseconds."""


def why_not() -> str | None:
    """Why there is no forgetful file system on this machine; None where there is one."""
    if not sys.platform.startswith("linux"):
        return "the forgetful file system needs Linux"
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        return "the forgetful file system needs /dev/fuse, readable and writable"
    if shutil.which("fusermount3") is None:
        return "the forgetful file system needs fusermount3 (the package fuse3)"
    try:
        import mfusepy  # noqa: F401
    except ImportError:
        return "the forgetful file system needs mfusepy (pip install .[test])"
    except OSError as error:
        return f"the forgetful file system needs libfuse3 ({error})"
    return None


@dataclass(frozen=True)
class Room:
    """A folder of the forgetful disk, with a fate of its own."""

    disk: Disk
    name: str

    @property
    def path(self) -> Path:
        return self.disk.mountpoint / self.name

    def fail(self, at: int, code: int = errno.EIO, *, onward: bool = False, kinds: tuple[str, ...] = KINDS) -> None:
        """Let the `at`-th operation of these kinds from now fail, and with `onward` all after it. 0 only counts."""
        self._set(kinds=kinds, at=at, code=code, onward=onward, cut=False, seen=0, fired="")

    def heal(self) -> tuple[int, str]:
        """Let nothing fail any more: how many operations there were, and which was the first to fail ("" for none)."""
        answer = self._set(kinds=(), at=0)
        return answer["seen"], answer["fired"]

    def cut_at(self, at: int) -> None:
        """Let the power go just before the `at`-th operation from now."""
        self._set(kinds=KINDS, at=at, code=errno.EIO, onward=True, cut=True, seen=0, fired="")

    def cut(self, to: Path, seed: int | None = None) -> None:
        """Let the power go now (if it has not), and put what a new machine would find into a folder."""
        to.mkdir(parents=True, exist_ok=True)
        self.disk.order(do="cut", room=self.name, to=str(to), seed=seed)

    def limit(self, size: int | None) -> None:
        """Make the disk as small as that many bytes, or (None) as large as need be."""
        self._set(limit=size)

    def readonly(self, on: bool) -> None:
        """Refuse every change, as a disk mounted read-only does."""
        self._set(readonly=on)

    def frozen(self) -> bool:
        """Whether the power has gone."""
        gone: bool = self._set()["frozen"]
        return gone

    def used(self) -> int:
        """Bytes in all files."""
        size: int = self._set()["used"]
        return size

    def drop(self) -> None:
        """Forget the room."""
        self.disk.order(do="drop", room=self.name)

    def _set(self, **values: object) -> dict[str, Any]:
        return self.disk.order(do="set", room=self.name, values=values)


class Disk:
    """The mounted file system and the process that is it."""

    def __init__(self, mountpoint: Path) -> None:
        self.mountpoint = mountpoint
        self._numbers = itertools.count(1)
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("forgetful.py")), str(mountpoint)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def room(self, files: Mapping[str, Path] | None = None) -> Room:
        """A new folder that holds copies of these files, all of them durable."""
        room = Room(self, f"room{next(self._numbers)}")
        places = {name: str(place) for name, place in (files or {}).items()}
        self.order(do="load", room=room.name, files=places)
        return room

    def order(self, **order: object) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        there, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        line = self.process.stdout.readline() if there else ""
        if not line:
            raise OSError("the forgetful file system has died, or it does not answer")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def forgetful_disk() -> Iterator[Disk]:
    """A mounted forgetful file system, gone afterwards."""
    mountpoint = Path(tempfile.mkdtemp(prefix="pl-disk-"))
    disk = Disk(mountpoint)
    try:
        yield disk
    finally:
        disk.process.kill()
        disk.process.communicate()
        subprocess.run(["fusermount3", "-u", "-z", str(mountpoint)], check=False, capture_output=True)
        with suppress(OSError):
            mountpoint.rmdir()
