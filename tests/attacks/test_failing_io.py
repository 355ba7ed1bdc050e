"""Every operation on the disk fails once, as SQLite tests itself: the till says so, and nothing is lost or half stored."""

from __future__ import annotations

import errno
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from unittest.mock import patch

import pytest
from disks import Disk, Room
from scenes import ACTIONS, STORE, Played, attempt, content, copied, outcome, register_on

from pos_loyalty.domain.message import Refused
from pos_loyalty.storage import sqlite
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.engine import Store, open_store
from pos_loyalty.storage.schema import create_store
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
    first: int = 1,
) -> Loop:
    """Play an action again and again, each time with the next operation (by `step`) failing, until none is left to fail.

    `cold` opens the store within the action; `onward` lets everything after fail too. After each fault: acknowledged, the store
    holds all of the action; refused, it holds none of it, and the same action again on the same open store succeeds. A power cut
    right after that loses nothing of it.
    """
    found = Loop()
    before, after = content(base), outcome(base, tmp_path / "expected", action)
    for n in count(first, step):
        room = disk.room({STORE: base})
        path = room.path / STORE
        store: Store | None = None if cold else warm(path)
        room.fail(n, code, onward=onward)
        played, store = _played(store, path, action)
        _, fired = room.heal()
        if not fired:
            assert played.acknowledged
            _close(store, room)
            break
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
    return found


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


WHOLE = 1
"""The step of a loop that leaves no operation out; the short form of a loop takes every third or seventh."""
SHORT = [
    pytest.param("sell", False, False, 5, id="sell-once"),
    pytest.param("sell", False, True, 9, id="sell-from-then-on"),
    pytest.param("sell", True, False, 9, id="open-and-sell-once"),
    pytest.param("refund", False, False, 6, id="refund-once"),
    pytest.param("enrol", False, False, 4, id="enrol-once"),
    pytest.param("import", False, False, 2, id="import-once"),
    pytest.param("activate", False, False, WHOLE, id="activate-once"),
]
SOAK = [
    pytest.param(
        name,
        cold,
        onward,
        WHOLE,
        id=f"{'open-and-' if cold else ''}{name}-{'from-then-on' if onward else 'once'}-all",
        marks=pytest.mark.soak,
    )
    for name in ACTIONS
    for cold in (False, True)
    for onward in (False, True)
]


@pytest.mark.parametrize(("name", "cold", "onward", "step"), [*SHORT, *SOAK])
def test_every_operation_fails(
    disk: Disk, base: Path, tmp_path: Path, name: str, cold: bool, onward: bool, step: int
) -> None:
    """Whichever read, write or sync of an action fails: acknowledged is stored, refused is not, and afterwards it goes on."""
    found = fail_each(disk, base, tmp_path, ACTIONS[name], onward=onward, cold=cold, step=step)
    print(f"\n{name}: {found.faults} faults, {found.refused} refused, {found.survived} survived, {sorted(found.codes)}")
    assert found.wrong == []
    assert found.refused > 5 or name in ("activate", "suspend")


@pytest.mark.parametrize("step", [9, pytest.param(WHOLE, marks=pytest.mark.soak)])
def test_disk_full_at_every_operation(disk: Disk, base: Path, tmp_path: Path, step: int) -> None:
    """The same where the disk says at each operation that it is full, from then on."""
    found = fail_each(disk, base, tmp_path, ACTIONS["sell"], code=errno.ENOSPC, onward=True, step=step)
    assert found.wrong == []
    assert "store-full" in found.codes


@pytest.mark.parametrize("onward", [False, True], ids=["once", "from-then-on"])
@pytest.mark.parametrize("step", [15, pytest.param(WHOLE, marks=pytest.mark.soak)])
def test_emptying_the_log_fails(
    disk: Disk, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int, onward: bool
) -> None:
    """The same while a commit empties the log into the file by itself, and the till empties it when it is idle."""
    settings = [setting for setting in sqlite._SETTINGS if "autocheckpoint" not in setting]
    monkeypatch.setattr(sqlite, "_SETTINGS", (*settings, "PRAGMA wal_autocheckpoint = 2"))

    def sell_and_tidy(register: Register) -> None:
        ACTIONS["sell"](register)
        with suppress(Refused):
            register.store.idle()

    found = fail_each(disk, base, tmp_path, sell_and_tidy, onward=onward, step=step)
    assert found.wrong == []
    assert found.survived, "no operation of emptying the log was failed: the test saw nothing"


@pytest.mark.parametrize("onward", [False, True], ids=["once", "from-then-on"])
@pytest.mark.parametrize("step", [25, pytest.param(WHOLE, marks=pytest.mark.soak)])
def test_making_a_store_fails(disk: Disk, tmp_path: Path, step: int, onward: bool) -> None:
    """Whichever operation fails while a store is made: there is a whole store, or none and nothing in its way."""
    create_store(str(tmp_path / STORE))
    whole = content(tmp_path / STORE)
    n, refused = 1, 0
    while True:
        room = disk.room()
        path = room.path / "shop" / STORE
        room.fail(n, onward=onward)
        made = attempt(lambda path=path: create_store(str(path)))
        _, fired = room.heal()
        if made.acknowledged:
            assert content(path) == whole, f"{n} ({fired})"
        else:
            refused += 1
            assert made.code in SAID | {"store-damaged"}, f"{n} ({fired}): {made}"
            if path.exists():
                assert onward, f"{n} ({fired})"  # a disk that is gone can't take back the name that it would not keep
            else:
                create_store(str(path))
            assert content(path) == whole
        room.drop()
        if not fired:
            break
        n += step
    assert refused > 3


# ---- controls ----


def _acknowledges_what_failed(register: Register) -> None:
    with suppress(Refused):
        ACTIONS["sell"](register)


def _stores_in_two_transactions(register: Register) -> None:
    visits: list[tuple[str, date]] = []
    with patch.object(Books, "visited", lambda self, account, day: visits.append((account, day))):
        ACTIONS["sell"](register)
    with register.store.write() as books:
        for account, day in visits:
            books.visited(account, day)


@pytest.mark.parametrize(
    ("broken", "word"),
    [(_acknowledges_what_failed, "acknowledged and not stored"), (_stores_in_two_transactions, "half stored")],
)
def test_control_broken_writers_are_caught(disk: Disk, base: Path, tmp_path: Path, broken: Action, word: str) -> None:
    """The same loop over a writer that says "done" regardless, and over one that needs two transactions, finds both out."""
    found = fail_each(disk, base, tmp_path, broken, first=62)
    assert any(word in wrong for wrong in found.wrong)
