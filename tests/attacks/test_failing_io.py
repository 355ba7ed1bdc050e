"""Every operation on the disk fails once, as SQLite tests itself: the till says so, and nothing is lost or half stored."""

from __future__ import annotations

import errno
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from disks import Disk, Room
from scenes import ACTIONS, STORE, Played, attempt, content, copied, outcome, register_on

from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.engine import Store, open_store
from pos_loyalty.till.register import Register

Action = Callable[[Register], object]

SAID = {"store-unreachable", "store-full", "store-readonly"}
"""What may be said of a disk that fails: to look at the disk, its room or its rights. That the store is damaged would be wrong."""


@dataclass
class Loop:
    """What a loop over all operations of an action has found."""

    faults: int = 0
    survived: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)


def fail_each(
    disk: Disk,
    base: Path,
    tmp_path: Path,
    action: Action,
    *,
    code: int = errno.EIO,
    onward: bool = False,
    cold: bool = False,
    step: int = 1,
) -> Loop:
    """Play an action again and again, each time with the next operation failing, until none is left to fail.

    `cold` opens the store within the action; `onward` lets everything after fail too. After each fault: acknowledged, the store holds
    all of the action; refused, it holds none of it, and the same action again on the same open store succeeds. A power cut right
    after that loses nothing of it.
    """
    found = Loop()
    before, after = content(base), outcome(base, tmp_path / "expected", action)
    n = 0
    while True:
        n += step if n else 1
        room = disk.room({STORE: base})
        path = room.path / STORE
        store: Store | None = None if cold else warm(path)
        room.fail(n, code, onward=onward)
        played, store = _played(store, path, action)
        _, fired = room.heal()
        if not fired:
            assert played.acknowledged
            _close(store, room)
            return found
        found.faults += 1
        here = f"{n} ({fired}): "
        held = content(path)
        if played.acknowledged:
            found.survived += 1
            if held != after:
                found.wrong.append(f"{here}acknowledged and not stored")
        else:
            found.refused += 1
            found.codes.add(played.code)
            if held != before:
                found.wrong.append(f"{here}refused and {'stored' if held == after else 'half stored'}")
            if (
                played.code not in SAID | ({"store-damaged"} if fired.startswith("read") else set())
                or not played.sentence
            ):
                found.wrong.append(f"{here}said {played.code}")
            again, store = _played(store, path, action)
            if not again.acknowledged or content(path) != after:
                found.wrong.append(f"{here}then again: {again}")
        image = tmp_path / f"cut{n}"
        room.cut(image)
        if content(copied(image, tmp_path / f"look{n}")) != after:
            found.wrong.append(f"{here}lost by a power cut after it")
        _close(store, room)


def warm(path: Path) -> Store:
    """An open store that has read and written already."""
    store = open_store(str(path))
    with store.read() as books:
        books.revisions()
    with suppress(_Undone), store.write() as books:
        books.lock("till-9")
        raise _Undone
    return store


class _Undone(Exception):
    """Undoes a transaction."""


def _played(store: Store | None, path: Path, action: Action) -> tuple[Played, Store | None]:
    """The action on an open store, or on one that is opened for it."""
    held = [store] if store else []

    def act() -> None:
        if not held:
            held.append(open_store(str(path)))
        action(register_on(held[0]))

    return attempt(act), held[0] if held else None


def _close(store: Store | None, room: Room) -> None:
    if store is not None:
        with suppress(Refused):
            store.close()
    room.drop()


SHORT = [("sell", False), ("refund", False), ("enrol", False), ("import", False), ("activate", False), ("sell", True)]


@pytest.mark.parametrize("onward", [False, True], ids=["once", "from-then-on"])
@pytest.mark.parametrize(("name", "cold"), SHORT)
def test_every_operation_fails(disk: Disk, base: Path, tmp_path: Path, name: str, cold: bool, onward: bool) -> None:
    found = fail_each(disk, base, tmp_path, ACTIONS[name], onward=onward, cold=cold)
    print(name, cold, onward, found.faults, found.survived, found.refused, found.codes)
    print(*found.wrong, sep=chr(10))
    assert found.wrong == []
