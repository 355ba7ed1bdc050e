"""A backup is a whole store of one moment, made while others sell; a restore loses nothing unasked, and is all or nothing."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scenes import ACTIONS, NOW, STORE, attempt, column, content, faults, make_base, opened, play, register_on
from shops import ANA

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.message import Refused
from pos_loyalty.language import Language
from pos_loyalty.storage import backup as backup_module
from pos_loyalty.storage import placing
from pos_loyalty.storage import restore as restore_module
from pos_loyalty.storage.backup import Backup, backup_store
from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.restore import restore_store
from pos_loyalty.storage.schema import create_store
from pos_loyalty.till import card_life
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import sell

SELLER = Path(__file__).parent.parent / "support" / "seller.py"
AT = datetime(2026, 11, 22, 13, 15, tzinfo=UTC)
KEPT = f"{STORE}.before-restore-20261122-131500"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a history, made once and only ever copied."""
    path = tmp_path_factory.mktemp("made") / STORE
    make_base(path)
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    """A store with a history."""
    return Path(shutil.copy(made, tmp_path / STORE))


@pytest.fixture
def taken(path: Path, tmp_path: Path) -> Path:
    """A backup of that store."""
    file = tmp_path / "backups" / "shop.backup"
    file.parent.mkdir()
    backup_store(str(path), file)
    return file


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    assert "{" not in Language().say(caught.value.message)
    return caught.value.code


def restore(path: Path, file: Path, *, force: bool = False) -> Backup:
    return restore_store(str(path), file, AT, force=force)


def sell_more(path: Path, count: int = 1) -> None:
    with opened(path) as store:
        register = register_on(store, first_id=50_000)
        for _ in range(count):
            sell(register, Bill(register.new_id(), (LineItem("Goods", 500),), ANA).order("anna"))


# ---- backup ----


def test_backup_is_the_store(path: Path, tmp_path: Path) -> None:
    """Every row of the store stands in its backup, which verifies and needs no file beside it."""
    file = tmp_path / "shop.backup"
    found = backup_store(str(path), file)
    assert (found.file, found.size) == (file, file.stat().st_size)
    assert found.entries == len(column(path, "SELECT id FROM entries"))
    assert content(file) == content(path)
    assert faults(file) == []
    assert sorted(os.listdir(tmp_path)) == ["shop.backup", STORE]


def test_backup_of_an_empty_store(tmp_path: Path) -> None:
    """A store without a sale is a store."""
    create_store(str(tmp_path / STORE))
    found = backup_store(str(tmp_path / STORE), tmp_path / "b")
    assert (found.entries, found.newest) == (0, None)


def test_backup_holds_what_is_still_in_the_log(path: Path, tmp_path: Path) -> None:
    """A sale that lies in the write-ahead log of an open till is in the backup."""
    with opened(path) as store:
        assert play(store, ACTIONS["sell"]).acknowledged
        assert Path(f"{path}-wal").stat().st_size > 0
        backup_store(str(path), tmp_path / "b")
        assert column(tmp_path / "b", "SELECT id FROM sales") == column(path, "SELECT id FROM sales")


def test_backup_while_another_process_sells(path: Path, tmp_path: Path) -> None:
    """Three backups while a till sells without a pause: each holds every sale acknowledged before it began, and verifies."""
    with selling(path) as acknowledged:
        for n in range(3):
            while len(acknowledged()) < 20 * (n + 1):
                time.sleep(0.01)
            before = set(acknowledged())
            file = tmp_path / f"backup-{n}"
            backup_store(str(path), file)
            after = set(acknowledged())
            assert before <= column(file, "SELECT id FROM sales")
            assert faults(file) == []
            assert len(after) > len(before), "nothing was sold meanwhile: the test saw no selling"


def test_control_copying_the_file_while_another_process_sells_loses_sales(path: Path, tmp_path: Path) -> None:
    """The same look at a plain copy of the file finds acknowledged sales missing: they lie in the log."""
    with selling(path) as acknowledged:
        while len(acknowledged()) < 20:
            time.sleep(0.01)
        before = set(acknowledged())
        shutil.copyfile(path, tmp_path / "copy")
        assert not before <= column(tmp_path / "copy", "SELECT id FROM sales")


class selling:
    """Another process sells on the store; gives a function to the ids that it has acknowledged so far."""

    def __init__(self, path: Path) -> None:
        self._out = path.with_name("acknowledged")
        self._path = path

    def __enter__(self) -> Callable[[], list[str]]:
        with self._out.open("wb") as out:
            self._process = subprocess.Popen([sys.executable, str(SELLER), str(self._path), ANA], stdout=out)
        return self._acknowledged

    def _acknowledged(self) -> list[str]:
        assert self._process.poll() is None, "the process that sells has ended"
        return [line for line in self._out.read_text().split("\n")[:-1] if line]

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()


def test_existing_file_is_replaced_only_if_asked(path: Path, taken: Path) -> None:
    """A backup never takes the place of a file unasked, and then only when the new one is whole."""
    before = taken.read_bytes()
    sell_more(path)
    assert code_of(lambda: backup_store(str(path), taken)) == "backup-exists"
    assert taken.read_bytes() == before
    backup_store(str(path), taken, over=True)
    assert content(taken) == content(path)


def test_what_is_no_place_for_a_backup(path: Path, tmp_path: Path) -> None:
    """The store itself by any name, its log, a folder, a device, a folder that is not there, another store in use."""
    (tmp_path / "link").symlink_to(path)
    os.link(path, tmp_path / "hard")
    for name in (STORE, "link", "hard", f"{STORE}-wal"):
        assert code_of(lambda name=name: backup_store(str(path), tmp_path / name, over=True)) == "backup-itself"
    (tmp_path / "hard").unlink()
    assert code_of(lambda: backup_store(str(path), tmp_path, over=True)) == "backup-exists"
    assert code_of(lambda: backup_store(str(path), Path(os.devnull), over=True)) == "backup-exists"
    assert code_of(lambda: backup_store(str(path), tmp_path / "not" / "there")) == "backup-folder"
    other = tmp_path / "other.db"
    create_store(str(other))
    with opened(other) as store, store.write():
        assert code_of(lambda: backup_store(str(path), other, over=True)) == "backup-in-use"
    assert faults(path) == []


def test_postgresql_has_its_own_way(postgres_store: object, emptied_postgres_url: str, taken: Path) -> None:
    """Both verbs say that pg_dump and pg_restore are for that."""
    assert code_of(lambda: backup_store(emptied_postgres_url, taken)) == "backup-server"
    assert code_of(lambda: restore_store(emptied_postgres_url, taken, AT)) == "backup-server"


def test_backup_is_as_private_as_the_store(path: Path, tmp_path: Path) -> None:
    """A backup holds names and phones: whoever may not read the store may not read it either, not even as a draft."""
    path.chmod(0o600)
    seen = []
    backup_store(
        str(path),
        tmp_path / "b",
        progress=lambda *_: seen.extend(stat.S_IMODE(one.stat().st_mode) for one in tmp_path.glob(".b.*")),
    )
    assert seen
    assert {*seen, stat.S_IMODE((tmp_path / "b").stat().st_mode)} == {0o600}


def test_damaged_store_makes_no_backup(path: Path, taken: Path) -> None:
    """A store with a broken page is refused, and the good backup of before stays, even with --force."""
    before = taken.read_bytes()
    with path.open("rb+") as file:
        file.seek(4096 * 3)
        file.write(os.urandom(4096 * 4))
    assert code_of(lambda: backup_store(str(path), taken, over=True)) == "store-damaged"
    assert taken.read_bytes() == before
    assert os.listdir(taken.parent) == [taken.name]


def test_no_backup_of_what_is_no_store(tmp_path: Path) -> None:
    """The store's own refusals come through: missing, and something else."""
    assert code_of(lambda: backup_store(str(tmp_path / "none"), tmp_path / "b")) == "store-missing"
    (tmp_path / "text").write_text("no store")
    assert code_of(lambda: backup_store(str(tmp_path / "text"), tmp_path / "b")) == "store-unknown"
    assert not (tmp_path / "b").exists()


@pytest.mark.skipif(os.geteuid() == 0 or sys.platform != "linux", reason="root writes everywhere")
def test_read_only_folder(path: Path, tmp_path: Path) -> None:
    """A folder that may not be written is said, and nothing is left."""
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    assert code_of(lambda: backup_store(str(path), folder / "b")) == "store-readonly"
    assert os.listdir(folder) == []


@pytest.mark.parametrize("step", range(1, 9))
def test_disk_that_fails_at_any_step_leaves_nothing(
    path: Path, taken: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Whichever call to the system fails for want of room, nothing half stands under the name, and nothing else is left."""
    old = content(taken)
    calls = 0

    def failing(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            nonlocal calls
            calls += 1
            if calls == step:
                raise OSError(28, "No space left on device")
            return real(*arguments, **named)

        return call

    for module, names in ((backup_module.os, ("fdatasync", "chown")), (placing.os, ("open", "fsync", "replace"))):
        for name in names:
            monkeypatch.setattr(module, name, failing(getattr(os, name)))
    played = attempt(lambda: backup_store(str(path), taken, over=True))
    monkeypatch.undo()
    assert played.acknowledged is (calls < step), "a call that failed was overlooked, or a backup without one refused"
    if not played.acknowledged:
        assert played.code == "store-full"
        assert content(taken) in (old, content(path))
    assert os.listdir(taken.parent) == [taken.name]
    assert faults(taken) == []


def test_killed_in_the_middle(path: Path, tmp_path: Path) -> None:
    """A backup that is killed leaves nothing under the final name; the next one clears away what it left."""
    folder = tmp_path / "backups"
    folder.mkdir()
    script = (
        "import sys, os, signal; from pathlib import Path; from pos_loyalty.storage import backup; backup.PAGES = 5\n"
        "backup.backup_store(sys.argv[1], Path(sys.argv[2]),"
        " progress=lambda what, n: n > 40 and os.kill(os.getpid(), signal.SIGKILL))"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(path), str(folder / "b")], check=False)
    assert killed.returncode == -signal.SIGKILL
    (left,) = os.listdir(folder)
    assert left.endswith(".draft")
    assert backup_store(str(path), folder / "b").entries > 0
    assert os.listdir(folder) == ["b"]


# ---- restore ----


def test_restore_brings_the_store_back(path: Path, taken: Path) -> None:
    """After a restore the store is what it was at the backup, sells on, and the replaced one stands beside it."""
    was, newer = content(path), None
    sell_more(path, 3)
    newer = content(path)
    assert code_of(lambda: restore(path, taken)) == "store-ahead"
    assert content(path) == newer
    found = restore(path, taken, force=True)
    assert found.kept == path.with_name(KEPT)
    assert (content(path), content(path.with_name(KEPT))) == (was, newer)
    sell_more(path)
    assert faults(path) == []
    assert restore(path, path.with_name(KEPT), force=True).kept == path.with_name(f"{KEPT}-2")
    assert content(path) == newer


def test_restore_where_nothing_is(taken: Path, tmp_path: Path) -> None:
    """On a new machine the backup becomes the store, folders and all."""
    new = tmp_path / "new" / "till" / STORE
    assert restore(new, taken).kept is None
    assert faults(new) == []
    assert os.listdir(new.parent) == [STORE]


def test_restore_from_a_place_that_cannot_be_written(path: Path, taken: Path, tmp_path: Path) -> None:
    """A backup is only read: nothing is made beside it, also where it was copied by hand and is in the log's mode still."""
    shutil.copy(path, taken.with_name("plain"))
    before = {name: (taken.parent / name).stat().st_mtime_ns for name in os.listdir(taken.parent)}
    for name in before:
        restore(tmp_path / f"from-{name}", taken.parent / name)
    assert {name: (taken.parent / name).stat().st_mtime_ns for name in os.listdir(taken.parent)} == before


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_nothing_is_lost_unasked(path: Path, taken: Path, action: str) -> None:
    """Whatever a till did since the backup, a restore without --force is refused, and the store is as it was."""
    with opened(path) as store:
        assert play(store, ACTIONS[action]).acknowledged
    now = content(path)
    assert code_of(lambda: restore(path, taken)) == "store-ahead"
    assert content(path) == now
    assert sorted(os.listdir(path.parent)) == ["backups", STORE]


def test_a_blocked_card_is_not_unblocked_unasked(path: Path, taken: Path) -> None:
    """A row that only changed counts as well."""
    with opened(path) as store:
        card_life.block(register_on(store), ANA)
    assert code_of(lambda: restore(path, taken)) == "store-ahead"


def test_backup_that_holds_all_needs_no_force(path: Path, taken: Path) -> None:
    """A store that has nothing of its own since is replaced without a word, and kept all the same."""
    assert restore(path, taken).kept == path.with_name(KEPT)


def test_store_that_is_open_is_not_replaced(path: Path, taken: Path) -> None:
    """While another process has the store open, even with nothing to write, a restore is refused; the till sells on."""
    with selling(path) as acknowledged:
        while len(acknowledged()) < 5:
            time.sleep(0.01)
        assert code_of(lambda: restore(path, taken, force=True)) == "store-open"
        before = len(acknowledged())
        while len(acknowledged()) < before + 5:
            time.sleep(0.01)
    assert not path.with_name(KEPT).exists()
    assert faults(path) == []


def test_idle_till_keeps_the_store(path: Path, taken: Path) -> None:
    """A till that only showed a card has the store open."""
    script = "import sys; from pos_loyalty.storage import engine; s = engine.open_store(sys.argv[1]); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as till:
        assert till.stdout is not None
        till.stdout.readline()
        assert code_of(lambda: restore(path, taken, force=True)) == "store-open"
        till.communicate("\n")
    assert restore(path, taken).kept is not None


def test_till_that_starts_during_a_restore_opens_what_was_put_in_place(
    path: Path, taken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever opens the file while the store is held waits, and then reads and sells on the new store, not on the one set aside."""
    sell_more(path, 3)
    script = (
        "import sys, sqlite3; sys.path.insert(0, sys.argv[3])\n"
        "real = sqlite3.connect\n"
        "def noted(*a, **k):\n"
        "    connection = real(*a, **k)\n"
        "    print('opened', file=sys.stderr, flush=True)\n"
        "    return connection\n"
        "sqlite3.connect = noted\n"
        "from scenes import play, register_on, ACTIONS\n"
        "from pos_loyalty.storage.engine import open_store\n"
        "from pos_loyalty.till.cards import show\n"
        "store = open_store(sys.argv[1])\n"
        "print(show(register_on(store), sys.argv[2]).visits, play(store, ACTIONS['sell']).acknowledged)\n"
    )
    command = [sys.executable, "-c", script, str(path), ANA, str(SELLER.parent)]
    tills = []

    def set_aside(*arguments: Any, **named: Any) -> Path | None:
        till = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        tills.append(till)
        assert till.stderr is not None
        assert till.stderr.readline() == "opened\n"  # the old file; reading it has to wait
        time.sleep(0.3)
        assert till.poll() is None
        return real(*arguments, **named)

    real = restore_module._set_aside
    monkeypatch.setattr(restore_module, "_set_aside", set_aside)
    kept = restore(path, taken, force=True).kept
    (till,) = tills
    said, _ = till.communicate(timeout=60)
    assert kept is not None
    (visits,) = column(taken, f"SELECT visits FROM accounts JOIN cards ON account_id = id WHERE number = '{ANA}'")  # noqa: S608
    assert said.split() == [visits, "True"]
    assert len(column(path, "SELECT id FROM sales")) == len(column(taken, "SELECT id FROM sales")) + 1
    assert len(column(kept, "SELECT id FROM sales")) == len(column(taken, "SELECT id FROM sales")) + 3
    assert faults(path) == faults(kept) == []


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "store-newer"),
        ("UPDATE alembic_version SET version_num = '0000'", "store-older"),
        ("DROP TABLE alembic_version", "store-unknown"),
        ("UPDATE balances SET held = held + 1", "backup-faulty"),
        ("DROP TRIGGER IF EXISTS entries_final; DROP TABLE suspended", "backup-faulty"),
    ],
)
def test_backup_that_does_not_verify_is_refused(path: Path, taken: Path, harm: str, code: str) -> None:
    """Another schema, or figures that are not what their facts say: nothing is put in place, with --force or without."""
    with closing(sqlite3.connect(taken)) as db:
        db.executescript(harm)
    now = content(path)
    for force in (False, True):
        assert code_of(lambda force=force: restore(path, taken, force=force)) == code
    assert content(path) == now
    assert sorted(os.listdir(path.parent)) == ["backups", STORE]


def test_faults_are_said_with_the_first_and_how_many(path: Path, taken: Path) -> None:
    """The sentence names the place of the first fault."""
    with closing(sqlite3.connect(taken)) as db:
        db.executescript("UPDATE balances SET held = held + 1")
    with pytest.raises(Refused) as caught:
        restore(path, taken)
    said = Language().say(caught.value.message)
    assert re.search(r"take an older backup\. Faults: \d+, the first at \S.*: .+\.$", said), said


def test_what_is_no_backup(path: Path, taken: Path, tmp_path: Path) -> None:
    """Nothing there, a text, a torn file, the store itself."""
    assert code_of(lambda: restore(path, tmp_path / "none")) == "backup-missing"
    (tmp_path / "text").write_text("no store")
    assert code_of(lambda: restore(path, tmp_path / "text")) == "store-unknown"
    assert code_of(lambda: restore(path, path)) == "backup-itself"
    assert code_of(lambda: restore(path, tmp_path)) == "store-unknown"
    torn = tmp_path / "torn"
    torn.write_bytes(taken.read_bytes()[: 4096 * 5])
    assert code_of(lambda: restore(path, torn)) in ("store-damaged", "backup-faulty", "store-unknown")
    assert faults(path) == []


@pytest.mark.parametrize("harm", ["torn", "head", "page", "garbage"])
def test_damaged_store_is_replaced_only_if_asked_and_kept(path: Path, taken: Path, harm: str) -> None:
    """What cannot be read might hold anything: it needs --force, and is kept as it is, log and all."""
    was = content(path)
    data = bytearray(path.read_bytes())
    match harm:
        case "torn":
            del data[4096 * 2 :]
        case "head":
            data[:100] = bytes(100)
        case "page":
            data[4096:] = bytes(len(data) - 4096)
        case "garbage":
            data = bytearray(os.urandom(9_000))
    path.write_bytes(data)
    Path(f"{path}-wal").write_bytes(b"a log of it")
    assert code_of(lambda: restore(path, taken)) == "store-unreadable"
    assert restore(path, taken, force=True).kept is not None
    assert content(path) == was
    assert faults(path) == []


def test_stray_log_is_not_played_into_the_store(path: Path, taken: Path, tmp_path: Path) -> None:
    """A log whose store is gone is moved away: SQLite would take it for the new store's own."""
    was = content(path)
    with opened(path) as store:
        assert play(store, ACTIONS["sell"]).acknowledged
        stray = Path(f"{path}-wal").read_bytes()
    path.unlink()
    Path(f"{path}-wal").write_bytes(stray)
    restore(path, taken)
    assert content(path) == was
    assert path.with_name(f"{KEPT}-wal").read_bytes() == stray


@pytest.mark.parametrize("stride", [4, pytest.param(1, marks=pytest.mark.soak)])
def test_restore_that_is_killed_is_all_or_nothing(path: Path, taken: Path, stride: int) -> None:
    """Killed at any call that names a file, a restore leaves the store as it was or as the backup is, whole, under its name."""
    sell_more(path, 2)
    old, new = content(path), content(taken)
    script = (
        "import sys, os, signal; from pathlib import Path; from datetime import datetime\n"
        "from pos_loyalty.storage import restore\n"
        "left = int(sys.argv[3])\n"
        "def dying(real):\n"
        "    def call(*a, **k):\n"
        "        global left\n"
        "        left -= 1\n"
        "        if left == 0: os.kill(os.getpid(), signal.SIGKILL)\n"
        "        return real(*a, **k)\n"
        "    return call\n"
        "for name in 'open link replace unlink fsync fdatasync chown'.split(): setattr(os, name, dying(getattr(os, name)))\n"
        "restore.restore_store(sys.argv[1], Path(sys.argv[2]), datetime.now(), force=True)"
    )
    outcomes = []
    start = path.read_bytes()
    for step in range(1, 60, stride):
        for one in path.parent.glob("*store.db*"):
            one.unlink()
        path.write_bytes(start)
        ended = subprocess.run([sys.executable, "-c", script, str(path), str(taken), str(step)], check=False)
        found = content(path)
        assert found in (old, new), step
        assert faults(path) == []
        outcomes.append(found == new)
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL
    assert outcomes[0] is False
    assert outcomes[-1] is True
    assert len(outcomes) >= 5


def test_refused_restore_leaves_the_store_in_its_mode(path: Path, taken: Path) -> None:
    """A store that was held and let go is in write-ahead mode again, and two processes may have it open."""
    sell_more(path)
    assert code_of(lambda: restore(path, taken)) == "store-ahead"
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_progress_is_told(path: Path, taken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copying counts to a hundred, verifying says what it looks at."""
    monkeypatch.setattr(backup_module, "PAGES", 5)
    told: list[tuple[str, int]] = []
    restore_store(str(path), taken, AT, progress=lambda what, n: told.append((what, n)))
    copied = [n for what, n in told if what == "copied"]
    assert copied == sorted(copied)
    assert len(copied) > 3
    assert copied[-1] == 100
    assert {"entries", "lots", "sales"} <= {what for what, _ in told}


def test_restored_store_goes_on_numbering(path: Path, taken: Path) -> None:
    """The next sale after a restore takes the number after the last one of the backup, and the chain stays whole."""
    restore(path, taken)
    with closing(open_store(str(path))) as store:
        register = register_on(store, NOW, 90_000)
        closed = sell(register, Bill(register.new_id(), (LineItem("Goods", 500),), ANA).order("anna"))
    assert closed.sale.number == len(column(taken, "SELECT id FROM sales UNION SELECT id FROM refunds")) + 1
    assert faults(path) == []
