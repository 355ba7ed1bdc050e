"""The power goes: where what was not synced is forgotten, nothing that was acknowledged is lost, and nothing is half there."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from disks import Disk
from scenes import ACTIONS, STORE, attempt, column, content, copied, faults, files_of, outcome, register_on
from shops import ANA

from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.schema import create_store

SELLER = Path(__file__).parent.parent / "support" / "power_seller.py"
STORED = {
    "sale": "SELECT id FROM sales",
    "refund": "SELECT id FROM refunds",
    "member": "SELECT account_id FROM members",
}


@dataclass
class Cuts:
    """What a row of power cuts has done."""

    acknowledged: int = 0
    lost: int = 0
    with_loss: int = 0
    not_asked_for: int = 0
    broken: list[str] = field(default_factory=list)
    said: set[str] = field(default_factory=set)


def cut_again_and_again(disk: Disk, base: Path, tmp_path: Path, cuts: int, synchronous: str, *, torn: bool) -> Cuts:
    """Sell on one store in one process after the other, each until the power goes in the middle of some operation on the disk.

    `torn`: after every other cut a part of what was not synced is there all the same, sector by sector.
    """
    found = Cuts()
    chance = random.Random(cuts)
    image = {STORE: base}
    here = {kind: column(base, sql) for kind, sql in STORED.items()}
    for n in range(cuts):
        room = disk.room(image)
        room.cut_at(chance.randrange(10, 4_000))
        command = [sys.executable, str(SELLER), str(room.path / STORE), ANA, str((n + 1) * 1_000_000), synchronous]
        seller = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=120, check=True)
        said = [line.split() for line in seller.stdout.splitlines()]
        found.said |= {code for word, code in said if word == "refused"}
        after = tmp_path / f"after{n}"
        room.cut(after, seed=n if torn and n % 2 else None)
        room.drop()
        image = files_of(after)
        look = copied(after, tmp_path / f"look{n}")
        lost = 0
        for kind, sql in STORED.items():
            done = {name for word, name in said if word == kind}
            found.acknowledged += len(done)
            stored = column(look, sql)
            lost += len((here[kind] | done) - stored)
            found.not_asked_for += len(stored - here[kind] - done)
            here[kind] = stored
        found.lost += lost
        found.with_loss += lost > 0
        found.broken += faults(look)
    return found


@pytest.mark.parametrize("cuts", [8, pytest.param(60, marks=pytest.mark.soak)])
def test_power_cuts_lose_nothing(disk: Disk, base: Path, tmp_path: Path, cuts: int) -> None:
    """However often the power goes, every sale, refund and holder that was acknowledged is there, and the books are whole."""
    found = cut_again_and_again(disk, base, tmp_path, cuts, "FULL", torn=True)
    print(f"\n{cuts} cuts at FULL: {found}")
    assert found.acknowledged >= 5 * cuts, "too little was sold: the test saw nothing"
    assert found.lost == 0
    assert found.broken == []
    assert found.not_asked_for <= cuts
    assert found.said <= {"store-unreachable", "store-damaged"}


@pytest.mark.parametrize("cuts", [4, pytest.param(60, marks=pytest.mark.soak)])
def test_control_without_full_synchronisation_sales_are_lost(disk: Disk, base: Path, tmp_path: Path, cuts: int) -> None:
    """The same test sees sales lost where SQLite is told synchronous = NORMAL; even then nothing is half there."""
    found = cut_again_and_again(disk, base, tmp_path, cuts, "NORMAL", torn=False)
    print(f"\n{cuts} cuts at NORMAL: {found}")
    assert found.acknowledged >= 5 * cuts
    assert found.lost > 0
    assert found.broken == []


@pytest.mark.parametrize("name", ["sell", pytest.param("refund", marks=pytest.mark.soak), "enrol", "import"])
@pytest.mark.parametrize("seeds", [1, pytest.param(8, marks=pytest.mark.soak)])
def test_cut_before_every_operation(disk: Disk, base: Path, tmp_path: Path, name: str, seeds: int) -> None:
    """Wherever in an action the power goes, the store is as it was before or as it is after; acknowledged, it is after.

    With a seed, a part of what was not synced is there all the same.
    """
    before, after = content(base), outcome(base, tmp_path / "expected", ACTIONS[name])
    seen = set()
    for n in count(1, 1 if seeds > 1 else 3):
        room = disk.room({STORE: base})
        store = open_store(str(room.path / STORE))
        room.cut_at(n)
        played = attempt(lambda store=store: ACTIONS[name](register_on(store)))
        frozen = room.frozen()
        for seed in (None, *range(seeds)):
            image = tmp_path / f"cut{n}-{seed}"
            room.cut(image, seed)
            held = content(image / STORE)
            assert held == after or (held == before and not played.acknowledged), f"{n}, {seed}"
            seen.add((played.acknowledged, held == after))
        with suppress(Refused):
            store.close()
        room.drop()
        if not frozen:
            break
    assert {(False, False), (True, True)} <= seen


@pytest.mark.parametrize("seeds", [1, pytest.param(4, marks=pytest.mark.soak)])
def test_cut_while_a_store_is_made(disk: Disk, tmp_path: Path, seeds: int) -> None:
    """Wherever the power goes while a store is made, there is a whole store, or none; once it was said to be made, it is there."""
    create_store(str(tmp_path / STORE))
    whole = content(tmp_path / STORE)
    seen = set()
    for n in count(1, 1 if seeds > 1 else 17):
        room = disk.room()
        room.cut_at(n)
        made = attempt(lambda path=room.path: create_store(str(path / "shop" / "till" / STORE)))
        frozen = room.frozen()
        for seed in (None, *range(seeds)):
            image = tmp_path / f"cut{n}-{seed}"
            room.cut(image, seed)
            place = image / "shop" / "till" / STORE
            assert place.exists() or not made.acknowledged, f"{n}, {seed}"
            assert not place.exists() or content(place) == whole, f"{n}, {seed}"
            seen.add(made.acknowledged)
        room.drop()
        if not frozen:
            break
    assert seen == {False, True}


def test_control_a_name_that_was_not_synced_is_lost(disk: Disk, tmp_path: Path) -> None:
    """The file system forgets a file whose bytes were synced and whose folder was not, and keeps it once that was synced, too."""
    room = disk.room()
    for name, folder_too in (("kept", True), ("lost", False)):
        folder = room.path / name
        folder.mkdir()
        sync(room.path)
        with (folder / "file").open("wb") as file:
            file.write(b"bytes")
            file.flush()
            sync(folder / "file")
        if folder_too:
            sync(folder)
    room.cut(tmp_path / "after")
    assert (tmp_path / "after" / "kept" / "file").read_bytes() == b"bytes"
    assert list((tmp_path / "after" / "lost").iterdir()) == []


def sync(place: Path) -> None:
    """Make a file or a folder durable."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
