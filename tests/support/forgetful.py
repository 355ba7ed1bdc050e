"""A file system in memory that forgets what was not synced, fails when told to, and runs full: what the attacks sell on.

Run as `forgetful.py MOUNTPOINT`, with orders as JSON lines on stdin and an answer to each on stdout (`disks.py` is the other end).

Each folder at the top is a room with a fate of its own. A file has a content as processes see it and a durable one; fsync makes
the first into the second. A name (made, moved, removed) is durable once its folder was synced, as POSIX has it and no better.
A cut freezes a room: from that moment every call fails, and what is durable is what a new machine would find. With a seed, each
sector of 512 bytes that was written and not synced, and each name, survives or not by chance: writes are torn and reordered.
A sync that is told to fail forgets what it should have kept, as Linux does, while reads still show it.

What is not modelled: sectors that rot or land elsewhere, and a disk that says it has synced and has not.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import random
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import mfusepy

SECTOR = 512
BLOCK = 4096
SHARED = "-shm"
"""The end of the names of SQLite's shared memory. The kernel pages it in and out when it likes, and a page that cannot be read
is a SIGBUS and no error, so its pages are neither counted nor failed; growing it is."""


@dataclass(eq=False)
class Node:
    """A file or folder. `pending` is what was done to a file since its last sync: (offset, bytes), or (length, None)."""

    folder: bool
    view: bytearray = field(default_factory=bytearray)
    durable: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def do(self, offset: int, data: bytes | None) -> None:
        apply(self.view, offset, data)
        self.pending.append((offset, data))

    def sync(self) -> None:
        for offset, data in self.pending:
            apply(self.durable, offset, data)
        self.pending.clear()

    def after_cut(self, chance: random.Random | None) -> bytes:
        """The content that a new machine would find."""
        found = bytearray(self.durable)
        for offset, data in self.pending if chance else ():
            for piece_offset, piece in sectors(offset, data):
                if chance is not None and chance.random() < 0.5:
                    apply(found, piece_offset, piece)
        return bytes(found)


def apply(content: bytearray, offset: int, data: bytes | None) -> None:
    """Write at an offset, or (None) cut or stretch to a length."""
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    if data is None:
        del content[offset:]
    else:
        content[offset : offset + len(data)] = data


def sectors(offset: int, data: bytes | None) -> Iterator[tuple[int, bytes | None]]:
    """A write as the sectors that it is made of."""
    if data is None:
        yield offset, None
        return
    start = 0
    while start < len(data):
        end = min(len(data), (offset + start) // SECTOR * SECTOR + SECTOR - offset)
        yield offset + start, data[start:end]
        start = end


@dataclass(eq=False)
class Room:
    """One folder at the top: its names as seen and as durable, what is to go wrong in it, and what has been counted."""

    names: dict[str, Node]
    durable: dict[str, Node]
    frozen: bool = False
    readonly: bool = False
    limit: int | None = None
    seen: int = 0
    kinds: tuple[str, ...] = ()
    at: int = 0
    code: int = 0
    onward: bool = False
    cut: bool = False
    fired: str = ""

    def meet(self, kind: str, path: str) -> None:
        """Count an operation, and fail where it is its turn."""
        if self.frozen:
            raise OSError(errno.EIO, "frozen")
        if kind not in self.kinds:
            return
        self.seen += 1
        if self.at and (self.seen == self.at or (self.onward and self.seen > self.at)):
            self.fired = self.fired or f"{kind} {PurePosixPath(path).name}"
            self.frozen = self.cut
            raise OSError(self.code, "injected")

    def used(self) -> int:
        return sum(len(node.view) for node in set(self.names.values()))


class Forgetful(mfusepy.Operations):
    """What the kernel asks of it. Names are paths; open files go by the number of their node."""

    use_ns = True

    def __init__(self) -> None:
        self.guard = threading.Lock()
        self.rooms: dict[str, Room] = {}
        self.open_nodes: dict[int, tuple[Node, Room, str]] = {}
        self.open_folders: dict[int, str] = {}
        self.last_handle = 0
        self.ready: Callable[[], None] = lambda: None

    # ---- names ----

    def _room(self, path: str) -> Room:
        room = self.rooms.get(PurePosixPath(path).parts[1] if path != "/" else "")
        if room is None:
            raise OSError(errno.ENOENT, path)
        return room

    def _node(self, path: str) -> Node:
        node = self._room(path).names.get(path)
        if node is None:
            raise OSError(errno.ENOENT, path)
        return node

    def _at(self, path: str | None, fi: Any) -> tuple[Node, Room, str]:
        if fi is not None and fi.fh in self.open_nodes:
            return self.open_nodes[fi.fh]
        if path is None:
            raise OSError(errno.EBADF, "no handle")
        return self._node(path), self._room(path), path

    def _changeable(self, room: Room) -> None:
        if room.readonly:
            raise OSError(errno.EROFS, "read-only")

    def init_with_config(self, conn_info: Any, config_3: Any) -> None:
        config_3.nullpath_ok = 1
        config_3.hard_remove = 1
        self.ready()

    def getattr(self, path: str | None, fh: Any = None) -> dict[str, Any]:
        with self.guard:
            if path == "/":
                return {"st_mode": stat.S_IFDIR | 0o755, "st_nlink": 2}
            node, _, _ = self._at(path, fh)
            kind = stat.S_IFDIR | 0o755 if node.folder else stat.S_IFREG | 0o644
            return {
                "st_mode": kind,
                "st_nlink": 1,
                "st_size": len(node.view),
                "st_uid": os.getuid(),
                "st_gid": os.getgid(),
            }

    def access(self, path: str, amode: int) -> int:
        with self.guard:
            if path != "/" and self._node(path) and amode & os.W_OK:
                self._changeable(self._room(path))
        return 0

    def opendir(self, path: str) -> int:
        with self.guard:
            self.last_handle += 1
            self.open_folders[self.last_handle] = path
            return self.last_handle

    def releasedir(self, path: str | None, fh: int) -> int:
        with self.guard:
            self.open_folders.pop(fh, None)
        return 0

    def readdir(self, path: str | None, fh: int) -> list[str]:
        with self.guard:
            path = self.open_folders[fh]
            if path == "/":
                return [".", "..", *self.rooms]
            inside = [PurePosixPath(name) for name in self._room(path).names]
            return [".", "..", *(name.name for name in inside if str(name.parent) == path)]

    def mkdir(self, path: str, mode: int) -> int:
        with self.guard:
            room = self._room(path)
            self._changeable(room)
            room.meet("create", path)
            room.names[path] = Node(folder=True)
        return 0

    def _opened(self, path: str, fi: Any, node: Node) -> int:
        self.last_handle += 1
        fi.fh = self.last_handle
        self.open_nodes[fi.fh] = (node, self._room(path), path)
        fi.direct_io = not path.endswith(
            SHARED
        )  # every read and write comes here, none is answered by the kernel's cache
        return 0

    def create(self, path: str, mode: int, fi: Any = None) -> int:
        with self.guard:
            room = self._room(path)
            self._changeable(room)
            room.meet("create", path)
            node = room.names.setdefault(path, Node(folder=False))
            return self._opened(path, fi, node)

    def open(self, path: str, fi: Any) -> int:
        with self.guard:
            room = self._room(path)
            node = self._node(path)
            if fi.flags & os.O_ACCMODE != os.O_RDONLY:
                self._changeable(room)
            room.meet("open", path)
            return self._opened(path, fi, node)

    def release(self, path: str | None, fh: Any) -> int:
        with self.guard:
            self.open_nodes.pop(fh.fh, None)
        return 0

    def unlink(self, path: str) -> int:
        with self.guard:
            room = self._room(path)
            self._changeable(room)
            self._node(path)
            room.meet("remove", path)
            del room.names[path]
        return 0

    def rename(self, old: str, new: str) -> int:
        with self.guard:
            room = self._room(old)
            self._changeable(room)
            node = self._node(old)
            room.meet("link", new)
            room.names[new] = node
            del room.names[old]
        return 0

    def link(self, target: str, source: str) -> int:
        with self.guard:
            room = self._room(source)
            self._changeable(room)
            node = self._node(source)
            room.meet("link", target)
            room.names[target] = node
        return 0

    def chmod(self, path: str, mode: int) -> int:
        return 0

    def chown(self, path: str, uid: int, gid: int) -> int:
        return 0

    def utimens(self, path: str, times: Any = None) -> int:
        return 0

    def statfs(self, path: str) -> dict[str, int]:
        with self.guard:
            room = self.rooms.get(PurePosixPath(path).parts[1]) if path != "/" else None
            total, used = 1 << 30, 0
            if room is not None and room.limit is not None:
                total, used = room.limit, room.used()
            free = max(0, total - used) // BLOCK
            sizes = {"f_bsize": BLOCK, "f_frsize": BLOCK, "f_blocks": total // BLOCK, "f_bfree": free, "f_bavail": free}
            return {**sizes, "f_files": 1 << 20, "f_ffree": 1 << 20, "f_namemax": 255}

    # ---- contents ----

    def read(self, path: str | None, size: int, offset: int, fh: Any) -> bytes:
        with self.guard:
            node, room, name = self._at(path, fh)
            if not name.endswith(SHARED):
                room.meet("read", name)
            return bytes(node.view[offset : offset + size])

    def write(self, path: str | None, data: bytes, offset: int, fh: Any) -> int:
        with self.guard:
            node, room, name = self._at(path, fh)
            if name.endswith(SHARED) and len(data) >= BLOCK:
                node.do(offset, data)
                return len(data)
            room.meet("write", name)
            data = data[: self._fitting(room, node, offset + len(data)) - offset]
            if not data:
                raise OSError(errno.ENOSPC, "full")
            node.do(offset, data)
            return len(data)

    def truncate(self, path: str | None, length: int, fh: Any = None) -> int:
        with self.guard:
            node, room, name = self._at(path, fh)
            self._changeable(room)
            room.meet("resize", name)
            if self._fitting(room, node, length) < length:
                raise OSError(errno.ENOSPC, "full")
            node.do(length, None)
        return 0

    def _fitting(self, room: Room, node: Node, end: int) -> int:
        """How far a file may reach that is to reach `end`."""
        if room.limit is None or end <= len(node.view):
            return end
        return min(end, len(node.view) + max(0, room.limit - room.used()))

    def fsync(self, path: str | None, datasync: int, fh: Any) -> int:
        with self.guard:
            node, room, name = self._at(path, fh)
            try:
                room.meet("sync", name)
            except OSError:
                if not room.frozen:
                    node.pending.clear()
                raise
            node.sync()
        return 0

    def fsyncdir(self, path: str | None, datasync: int, fh: int) -> int:
        with self.guard:
            path = self.open_folders[fh]
            room = self._room(path)
            room.meet("sync", path)
            for name in {*room.names, *room.durable}:
                if str(PurePosixPath(name).parent) == path:
                    take(room.durable, name, room.names.get(name))
        return 0

    # ---- orders ----

    def order(self, order: dict[str, Any]) -> dict[str, Any]:
        with self.guard:
            name = f"/{order['room']}"
            if order["do"] == "load":
                return self._load(name, {file: Path(place) for file, place in order["files"].items()})
            room = self.rooms[name[1:]]
            if order["do"] == "set":
                for key, value in order["values"].items():
                    setattr(room, key, value)
            elif order["do"] == "cut":
                room.frozen = True
                return self._survivors(room, name, Path(order["to"]), order["seed"])
            elif order["do"] == "drop":
                del self.rooms[name[1:]]
            return {"seen": room.seen, "fired": room.fired, "used": room.used(), "frozen": room.frozen}

    def _load(self, name: str, files: dict[str, Path]) -> dict[str, Any]:
        names = {name: Node(folder=True)}
        for file, place in files.items():
            content = place.read_bytes()
            names[f"{name}/{file}"] = Node(False, bytearray(content), bytearray(content))
        self.rooms[name[1:]] = Room(names, dict(names))
        return {}

    def _survivors(self, room: Room, top: str, to: Path, seed: int | None) -> dict[str, Any]:
        """Write what a new machine would find into a real folder."""
        chance = None if seed is None else random.Random(seed)
        found = dict(room.durable)
        for name in sorted({*room.names, *room.durable}) if chance else ():
            if chance is not None and chance.random() < 0.5:
                take(found, name, room.names.get(name))
        found[top] = room.names[top]
        for name in sorted(found):
            place = to / PurePosixPath(name).relative_to(top)
            if any(str(parent) not in found for parent in PurePosixPath(name).parents[:-1]):
                continue
            if found[name].folder:
                place.mkdir(parents=True, exist_ok=True)
            elif not name.endswith(SHARED):
                place.write_bytes(found[name].after_cut(chance))
        return {"pending": sum(len(node.pending) for node in set(room.names.values()))}


def take(names: dict[str, Node], name: str, node: Node | None) -> None:
    """Make a name stand for a node, or for none."""
    if node is None:
        names.pop(name, None)
    else:
        names[name] = node


class Mounted(mfusepy.FUSE):
    """mfusepy 3.1 drops the open file of a truncate; an ftruncate has no other name for it."""

    def truncate_fuse_3(self, path: bytes | None, length: int, fip: Any) -> int:
        self.operations.truncate(path.decode() if path else None, length, fip.contents if fip else None)
        return 0


def main(mountpoint: str) -> None:
    disk = Forgetful()

    def answer() -> None:
        for line in sys.stdin:
            print(json.dumps(disk.order(json.loads(line))), flush=True)
        os._exit(0)

    def ready() -> None:
        print("{}", flush=True)
        threading.Thread(target=answer, daemon=True).start()

    disk.ready = ready
    with contextlib.suppress(RuntimeError):
        Mounted(
            disk,
            mountpoint,
            raw_fi=True,
            foreground=True,
            nothreads=True,
            attr_timeout=0,
            entry_timeout=0,
            fsname="forgetful",
        )


if __name__ == "__main__":
    main(sys.argv[1])
