"""A full disk, one that cannot be written, a store that is held, a file that is broken: one sentence each, and no sale lost."""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from disks import Disk, Room
from scenes import NOW, STORE, Played, attempt, column, copied, faults, register_on
from shops import ANA

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.message import Refused
from pos_loyalty.storage import sqlite
from pos_loyalty.storage.engine import Store, open_store
from pos_loyalty.till import cards
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.register import Register

MEGABYTE = 1_000_000


def _sell(register: Register) -> tuple[Played, str]:
    bill = Bill(register.new_id(), tuple(LineItem(f"Goods {n}", 100 * n) for n in range(1, 6)), ANA)
    return attempt(lambda: sell(register, bill.order("anna"))), bill.id


def _stored(room: Room, tmp_path: Path) -> set[str]:
    """The sales that a new machine would find after a power cut, in a store that is whole."""
    room.cut(tmp_path / "after")
    look = copied(tmp_path / "after", tmp_path / "look")
    assert faults(look) == []
    return column(look, "SELECT id FROM sales")


@pytest.mark.parametrize("size", [2, pytest.param(4, marks=pytest.mark.soak)])
def test_full_disk(disk: Disk, base: Path, tmp_path: Path, size: int) -> None:
    """Sales go on until the disk is full; then each is refused with one sentence, and once there is room they go on again.

    Showing a card needs no room, and emptying the log at an idle moment gives some back: the till may go on by itself.
    """
    room = disk.room({STORE: base})
    room.limit(size * MEGABYTE)
    store = open_store(str(room.path / STORE))
    register = register_on(store, first_id=70_000)
    acknowledged, refused = [], []
    while len(refused) < 20:
        played, bill = _sell(register)
        if played.acknowledged:
            acknowledged.append(bill)
        else:
            refused.append((bill, played))
    assert len(acknowledged) > 10
    assert {played.code for _, played in refused} == {"store-full"}
    assert "free some room" in refused[0][1].sentence
    assert cards.show(register, ANA).number == ANA
    room.limit(None)
    for _ in range(5):
        played, bill = _sell(register)
        assert played.acknowledged, played
        acknowledged.append(bill)
    stored = _stored(room, tmp_path)
    assert set(acknowledged) <= stored
    assert not {bill for bill, _ in refused} & stored
    _close(store, room)


def test_control_disk_with_room_refuses_nothing(disk: Disk, base: Path) -> None:
    """The same sales on the same disk without a limit are all acknowledged: it was the limit that refused them."""
    room = disk.room({STORE: base})
    store = open_store(str(room.path / STORE))
    register = register_on(store, first_id=70_000)
    assert all(_sell(register)[0].acknowledged for _ in range(60))
    _close(store, room)


def test_folder_that_turns_read_only(disk: Disk, base: Path, tmp_path: Path) -> None:
    """A disk that is remounted read-only while the till sells: refused with one sentence, and it goes on once it can be written."""
    room = disk.room({STORE: base})
    room.readonly(True)
    store: Store | None = None
    with suppress(Refused):
        store = open_store(str(room.path / STORE))
    if store is None:
        refusal = attempt(lambda: open_store(str(room.path / STORE)))
        assert refusal.code in ("store-readonly", "store-unreachable")
        room.readonly(False)
        store = open_store(str(room.path / STORE))
    register = register_on(store, first_id=70_000)
    room.readonly(True)
    played, lost = _sell(register)
    assert not played.acknowledged
    assert played.code in ("store-readonly", "store-unreachable")
    assert "check" in played.sentence
    room.readonly(False)
    played, kept = _sell(register)
    assert played.acknowledged, played
    stored = _stored(room, tmp_path)
    assert kept in stored
    assert lost not in stored
    _close(store, room)


def test_locked_store(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another program holds the store the till says that it is busy; cards can be shown, and it sells once it is let go."""
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.2)
    path = tmp_path / STORE
    path.write_bytes(base.read_bytes())
    with closing(open_store(str(path))) as store:
        register = register_on(store, first_id=70_000)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            played, _ = _sell(register)
            assert (played.acknowledged, played.code) == (False, "store-busy")
            assert cards.show(register, ANA, NOW).number == ANA
            other.execute("COMMIT")
        assert _sell(register)[0].acknowledged


def _half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _without_pages(content: bytes) -> bytes:
    chance = random.Random(4)
    found = bytearray(content)
    for _ in range(20):
        page = chance.randrange(1, len(content) // 4096) * 4096
        found[page : page + 4096] = chance.randbytes(4096)
    return bytes(found)


@pytest.mark.parametrize(
    ("broken", "codes"),
    [
        (lambda content: b"", {"store-unknown"}),
        (lambda content: b"PK\x03\x04" + content[4:], {"store-unknown"}),
        (lambda content: content[:100], {"store-damaged", "store-unknown"}),
        (_half, {"store-damaged", "store-unknown"}),
        (lambda content: content[:4096] + bytes(len(content) - 4096), {"store-damaged", "store-unknown"}),
        (_without_pages, {"store-damaged"}),
    ],
    ids=["empty", "other-head", "only-its-head", "half", "zeros", "foreign-pages"],
)
def test_broken_file(base: Path, tmp_path: Path, broken: object, codes: set[str]) -> None:
    """A file that is no store any more, or half of one, is refused with one sentence, when it is opened or at the first sale."""
    assert callable(broken)
    path = tmp_path / STORE
    path.write_bytes(broken(base.read_bytes()))

    def act() -> None:
        with closing(open_store(str(path))) as store:
            register = register_on(store, first_id=70_000)
            cards.show(register, ANA, NOW)
            sell(register, Bill(register.new_id(), (LineItem("Tea", 350),), ANA).order("anna"))

    played = attempt(act)
    assert played.code in codes
    assert str(path) in played.sentence


def _close(store: Store, room: Room) -> None:
    with suppress(Refused):
        store.close()
    room.drop()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="whoever is root may write everywhere")
def test_folder_without_rights(base: Path, tmp_path: Path) -> None:
    """A store in a folder that this user may not write to is refused with one sentence about rights."""
    folder = tmp_path / "locked"
    folder.mkdir()
    (folder / STORE).write_bytes(base.read_bytes())
    folder.chmod(0o555)
    try:
        refused = attempt(lambda: _sell(register_on(open_store(str(folder / STORE)))))
    finally:
        folder.chmod(0o755)
    assert refused.code == "store-readonly"
