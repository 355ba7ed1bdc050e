"""The power goes, or the disk runs full, anywhere in a backup or a restore: what stands under the name is whole, old or new."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from disks import Disk, Room
from scenes import ACTIONS, NOW, attempt, content, faults, opened, play

from pos_loyalty.domain.message import Refused
from pos_loyalty.storage import placing
from pos_loyalty.storage.backup import backup_store
from pos_loyalty.storage.restore import restore_store

SHOP, BACKUP = "shop.db", "shop.backup"


@pytest.fixture(scope="module")
def files(base: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A store that has sold one bill more than its last backup, and that backup."""
    folder = tmp_path_factory.mktemp("files")
    backup_store(str(base), folder / BACKUP)
    (folder / SHOP).write_bytes(base.read_bytes())
    with opened(folder / SHOP) as store:
        assert play(store, ACTIONS["sell"]).acknowledged
    return {SHOP: folder / SHOP, BACKUP: folder / BACKUP}


def back_up(room: Room) -> object:
    return backup_store(str(room.path / SHOP), room.path / BACKUP, over=True)


def put_back(room: Room) -> object:
    return restore_store(str(room.path / SHOP), room.path / BACKUP, NOW, force=True)


@pytest.mark.parametrize(("act", "name"), [(back_up, BACKUP), (put_back, SHOP)], ids=["backup", "restore"])
@pytest.mark.parametrize(("stride", "seeds"), [(5, 1), pytest.param(1, 4, marks=pytest.mark.soak)])
def test_cut_at_any_operation(
    disk: Disk,
    files: dict[str, Path],
    tmp_path: Path,
    act: Callable[[Room], object],
    name: str,
    stride: int,
    seeds: int,
) -> None:
    """Wherever the power goes, a whole backup or store stands under the name; once it was said to be done, the new one."""
    held = {which: content(path) for which, path in files.items()}
    other = held[SHOP if name == BACKUP else BACKUP]
    seen = set()
    for n in count(1, stride):
        room = disk.room(files)
        room.cut_at(n)
        played = attempt(lambda room=room: act(room))
        frozen = room.frozen()
        for seed in (None, *range(seeds)):
            image = tmp_path / f"cut{n}-{seed}"
            room.cut(image, seed)
            found = content(image / name)
            assert found == other or (found == held[name] and not played.acknowledged), f"{n}, {seed}"
            seen.add((played.acknowledged, found == other))
        room.drop()
        if not frozen:
            assert faults(image / name) == []
            break
    assert {(False, False), (True, True)} <= seen


def test_control_backup_whose_pages_were_not_synced_is_lost(
    disk: Disk, files: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a sync before it gets its name, a backup that was said to be made is found torn after a cut: the test sees it."""
    monkeypatch.setattr("os.fsync", lambda _: None)
    monkeypatch.setattr("os.fdatasync", lambda _: None)
    monkeypatch.setattr(placing, "sync_folder", lambda _: None)
    room = disk.room(files)
    played = attempt(lambda: back_up(room))
    monkeypatch.undo()
    assert played.acknowledged
    room.cut(tmp_path / "after")
    assert content(tmp_path / "after" / BACKUP) != content(files[SHOP])
    room.drop()


@pytest.mark.parametrize(("act", "name"), [(back_up, BACKUP), (put_back, SHOP)], ids=["backup", "restore"])
def test_disk_that_runs_full(
    disk: Disk, files: dict[str, Path], tmp_path: Path, act: Callable[[Room], object], name: str
) -> None:
    """With any room that is too small it is refused as such, what stood there stands, and nothing else takes up the room."""
    room = disk.room(files)
    used = room.used()
    for more in (40_000, 100_000, 230_000):
        room.limit(used + more)
        with pytest.raises(Refused) as caught:
            act(room)
        assert caught.value.code == "store-full"
        names = {place.name for place in room.path.iterdir()}
        assert names <= {BACKUP, SHOP, f"{SHOP}-wal", f"{SHOP}-shm"}
    room.limit(None)
    act(room)
    room.cut(tmp_path / "after")
    assert content(tmp_path / "after" / name) == content(files[SHOP if name == BACKUP else BACKUP])
    with suppress(Refused):
        room.drop()
