"""Making, opening and upgrading a store: what goes wrong is one sentence with a stable code, never half a store."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pos_loyalty.domain.message import Refused
from pos_loyalty.storage import postgres, schema
from pos_loyalty.storage import sqlite as sqlite_module
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.engine import SCHEMA, Store, database_at, open_store
from pos_loyalty.storage.schema import create_store, upgrade_store


def code_of(action: Any, *values: Any) -> str:
    """The code with which an action is refused; its sentence names the store."""
    with pytest.raises(Refused) as refusal:
        action(*values)
    assert refusal.value.message.values["where"]
    return refusal.value.code


def use(store: Store) -> None:
    """A small write."""
    with store.write() as books:
        books.add_account("somebody", date(2026, 11, 22))


def accounts_in(books: Books) -> int:
    """How many accounts there are."""
    row = books.row(text("SELECT count(*) FROM accounts"))
    assert row is not None
    return int(row[0])


def test_a_store_is_named_by_a_path_or_an_address(tmp_path: Path) -> None:
    """A path, sqlite:///PATH, and the three spellings of PostgreSQL; a password is in no sentence."""
    path = tmp_path / "shop.db"
    assert database_at(str(path)).where == str(path)
    assert database_at(f"sqlite:///{path}").where == str(path)
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        assert database_at(f"{scheme}://anna:secret@db.example/shop").where == "postgresql://anna:***@db.example/shop"


@pytest.mark.parametrize("url", ["", ":memory:", "sqlite://", "mysql://db/shop", "postgresql://db", "://", "x://["])
def test_what_names_no_store_is_refused(url: str) -> None:
    """No store in memory, of another kind, or of no name."""
    assert code_of(open_store, url) == "store-url"


def test_a_made_store_opens_and_is_there_once(tmp_path: Path) -> None:
    """Its folder is made as well; a second time is refused and changes nothing; nothing but the file is left in the folder."""
    path = tmp_path / "new" / "folder" / "shop #1 100%.db"
    create_store(str(path))
    store = open_store(str(path))
    use(store)
    store.close()
    before = path.read_bytes()
    assert code_of(create_store, str(path)) == "store-exists"
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_postgresql_store_is_made_once(postgres_url: str) -> None:
    """A database that has tables is not made into a store again."""
    assert code_of(create_store, postgres_url) == "store-exists"


def test_a_create_that_fails_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the migrations fail half-way, neither a store nor a draft of one is left."""

    def fails(connection: Any) -> None:
        connection.exec_driver_sql("CREATE TABLE half (a)")
        raise KeyboardInterrupt

    monkeypatch.setattr(schema, "_migrate", fails)
    with pytest.raises(KeyboardInterrupt):
        create_store(str(tmp_path / "shop.db"))
    assert list(tmp_path.iterdir()) == []


def test_a_create_that_fails_leaves_an_empty_database(
    postgres_url: str, postgres_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In PostgreSQL the tables of half a store are rolled back with the rest."""
    import psycopg

    empty = postgres_server("bare")
    with psycopg.connect(postgres_server("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE bare")
        try:
            assert code_of(open_store, empty) == "store-missing"
            assert code_of(upgrade_store, empty) == "store-missing"
            whole = schema._migrate

            def fails(connection: Any) -> None:
                whole(connection)
                raise KeyboardInterrupt

            monkeypatch.setattr(schema, "_migrate", fails)
            with pytest.raises(KeyboardInterrupt):
                create_store(empty)
            with psycopg.connect(empty) as there:
                assert there.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
            monkeypatch.undo()
            create_store(empty)
            open_store(empty).close()
        finally:
            connection.execute("DROP DATABASE bare WITH (FORCE)")


def test_a_store_that_is_not_there_is_missing(tmp_path: Path, postgres_server: Any) -> None:
    """No file, no folder, no database: the sentence says how to make one, and nothing is made by looking."""
    for path in (tmp_path / "no.db", tmp_path / "no" / "no.db"):
        assert code_of(open_store, str(path)) == "store-missing"
        assert code_of(upgrade_store, str(path)) == "store-missing"
    assert list(tmp_path.iterdir()) == []
    assert code_of(open_store, postgres_server("no_such_database")) == "store-missing"


def test_another_file_is_no_store(tmp_path: Path) -> None:
    """A text, an empty file, a folder, and an SQLite file of another program are told apart from a store, and left alone."""
    (tmp_path / "text").write_text("receipts\n" * 100)
    (tmp_path / "empty").touch()
    (tmp_path / "folder").mkdir()
    with closing(sqlite3.connect(tmp_path / "other")) as connection:
        connection.execute("CREATE TABLE songs (name)")
    for name in ("text", "empty", "folder", "other"):
        assert code_of(open_store, str(tmp_path / name)) == "store-unknown"
        assert code_of(upgrade_store, str(tmp_path / name)) == "store-unknown"
        assert code_of(create_store, str(tmp_path / name)) == "store-exists"
    assert (tmp_path / "empty").read_bytes() == b""


def set_version(url: str, version: str) -> None:
    """Pretend that the store was made by another version."""
    store = Store(database_at(url))
    with store.write() as books:
        books.run(text("UPDATE alembic_version SET version_num = :v"), v=version)
    store.close()


@pytest.mark.parametrize(
    ("version", "opening", "upgrading"),
    [("9999", "store-newer", "store-newer"), ("4b1d", "store-unknown", "store-unknown"), ("0000", "store-older", None)],
)
def test_a_store_of_another_version_is_refused(
    store_url: str, version: str, opening: str, upgrading: str | None
) -> None:
    """A newer one needs the newer program; one of no known version is not touched; an older one asks for an upgrade."""
    set_version(store_url, version)
    assert code_of(open_store, store_url) == opening
    if upgrading:
        assert code_of(upgrade_store, store_url) == upgrading


def test_upgrading_a_store_of_this_version_changes_nothing(store_url: str) -> None:
    """It says from where to where, which is the same."""
    assert upgrade_store(store_url) == (SCHEMA, SCHEMA)
    open_store(store_url).close()


def test_a_damaged_file_is_said_to_be_damaged(sqlite_url: str, tmp_path: Path) -> None:
    """With its pages overwritten behind the header, reading says store-damaged; cut short likewise."""
    path = tmp_path / "store.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\x99" * (len(whole) - 4096))
    assert code_of(open_store, sqlite_url) == "store-damaged"
    path.write_bytes(whole[:4096])
    assert code_of(open_store, sqlite_url) == "store-damaged"
    path.write_bytes(whole[:100])
    assert code_of(open_store, sqlite_url) in ("store-damaged", "store-unknown")


def test_a_store_that_another_program_writes_to_is_busy(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer waits its time and then says store-busy; reading goes on all the while; afterwards writing works."""
    monkeypatch.setattr(sqlite_module, "BUSY_SECONDS", 0.05)
    store = open_store(sqlite_url)
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert code_of(use, store) == "store-busy"
        with store.read() as books:
            assert books.revisions() == ()
        other.execute("ROLLBACK")
    use(store)
    store.close()


def test_a_row_that_another_till_holds_makes_a_till_busy(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL waits for a locked row no longer than the till's limit."""
    monkeypatch.setattr(postgres, "LOCK_SECONDS", 0.05)
    first, second = open_store(postgres_url), open_store(postgres_url)
    with first.write() as books:
        books.lock("till-1")
    with first.write() as books:
        books.lock("till-1")

        def lock_too() -> None:
            with second.write() as others:
                others.lock("till-1")

        assert code_of(lock_too) == "store-busy"
    lock_too()
    first.close()
    second.close()


def test_a_database_that_is_not_there_cannot_be_reached() -> None:
    """A server that nobody runs."""
    assert code_of(open_store, "postgresql://nobody@127.0.0.1:1/shop") == "store-unreachable"


def test_a_till_outlives_its_server_s_restart(postgres_url: str, postgres_server: Any) -> None:
    """Connections that the server has cut are replaced: one action may fail, the next works."""
    import psycopg

    store = open_store(postgres_url)
    use(store)
    with psycopg.connect(postgres_server("postgres"), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [postgres_url.split("?", maxsplit=1)[0].rsplit("/", 1)[1]],
        )

    def again() -> None:
        with store.write() as books:
            books.add_account("another", date(2026, 11, 22))

    assert code_of(again) == "store-unreachable"
    again()
    store.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB of its own."""
    folder = tmp_path / "small"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"no file system can be mounted here: {made.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_refuses_a_sale_and_keeps_the_others(small_disk: Path, empty_store: bytes) -> None:
    """Every action that was answered before the disk was full is there, and after some room is made the next one works."""
    path = small_disk / "store.db"
    path.write_bytes(empty_store)
    store = open_store(str(path))
    done = 0

    def one_more() -> None:
        with store.write() as books:
            books.add_account(f"{done:036d}", date(2026, 11, 22))

    def until_it_is_full() -> None:
        nonlocal done
        while done < 100_000:
            one_more()
            done += 1

    assert code_of(until_it_is_full) == "store-full"
    assert code_of(one_more) == "store-full"
    store.close()
    kept = open_store(str(path))
    with kept.read() as books:
        assert accounts_in(books) == done
    kept.close()


def test_making_a_store_on_a_full_disk_leaves_nothing(small_disk: Path) -> None:
    """The draft goes, and the refusal says that the disk is full."""
    (small_disk / "ballast").write_bytes(b"x" * 1_900_000)
    assert code_of(create_store, str(small_disk / "shop.db")) == "store-full"
    assert [path.name for path in small_disk.iterdir()] == ["ballast"]


READ_ONLY = """
import os, sys
from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.schema import create_store
os.setgid(65534), os.setuid(65534)
for action in (open_store, lambda where: create_store(where + ".new")):
    try:
        action(sys.argv[1])
        print("done")
    except Refused as refusal:
        print(refusal.code)
"""


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can become a user without rights")
def test_a_folder_without_the_right_to_write_is_read_only(empty_store: bytes) -> None:
    """A user who may read the file and not write beside it is told so, on opening and on making."""
    folder = Path(tempfile.mkdtemp(prefix="pl-read-only-"))
    try:
        path = folder / "store.db"
        path.write_bytes(empty_store)
        folder.chmod(stat.S_IRUSR | stat.S_IXUSR | stat.S_IROTH | stat.S_IXOTH)
        ran = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(path)], capture_output=True, text=True, check=False, cwd="/"
        )
        assert ran.stdout.split() == ["store-readonly", "store-readonly"], ran.stderr
    finally:
        shutil.rmtree(folder)


def test_opening_does_not_load_the_migrations(sqlite_url: str) -> None:
    """The till's start pays for no Alembic, no driver of a database that it does not use, and no unit of work."""
    code = (
        "import sys; from pos_loyalty.storage.engine import open_store; open_store(sys.argv[1]).close();"
        " unused = ('alembic', 'psycopg', 'sqlalchemy.orm', 'sqlalchemy.dialects.postgresql');"
        " print([name for name in unused if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code, sqlite_url], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_sqlite_is_set_to_survive_a_power_cut(sqlite_store: Store) -> None:
    """Write-ahead log, a full sync at every commit, foreign keys checked; a reader can write nothing."""
    with sqlite_store.write() as books:
        settings = {
            name: books.row(text(f"PRAGMA {name}"))[0]  # type: ignore[index]
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}
    with pytest.raises(Refused, match="store-readonly"), sqlite_store.read() as books:
        books.add_account("somebody", date(2026, 11, 22))


def test_a_reader_of_postgresql_can_write_nothing(postgres_store: Store) -> None:
    """A transaction from `read` is read-only at the server."""
    with pytest.raises(Refused, match="store-readonly"), postgres_store.read() as books:
        books.add_account("somebody", date(2026, 11, 22))


def test_idle_empties_the_log_and_costs_nothing_when_nothing_was_written(sqlite_store: Store, tmp_path: Path) -> None:
    """After a write the pages go into the file; what was in the log is in the file alone then."""

    def in_the_file_alone() -> int:
        alone = tmp_path / "copy.db"
        alone.write_bytes((tmp_path / "store.db").read_bytes())
        copy = open_store(str(alone))
        with copy.read() as books:
            count = accounts_in(books)
        copy.close()
        return count

    use(sqlite_store)
    assert in_the_file_alone() == 0
    sqlite_store.idle()
    assert in_the_file_alone() == 1
    sqlite_store.idle()


def test_the_log_is_bounded_even_when_a_till_is_never_idle(sqlite_store: Store, tmp_path: Path) -> None:
    """Past its number of pages the log is emptied by the next commit, and begins anew."""
    pages = sqlite_module.WAL_PAGES
    for n in range(6):
        with sqlite_store.write() as books:
            for m in range(6_000):
                books.add_account(f"{n:018d}{m:018d}", date(2026, 11, 22))
    assert (tmp_path / "store.db-wal").stat().st_size < 2 * pages * 4_096


def test_a_reader_sees_one_moment_while_a_writer_works(store: Store) -> None:
    """What another thread commits meanwhile is not seen half-way; a new read sees it; reads stand inside one another."""
    with store.read() as books:
        assert accounts_in(books) == 0
        writer = threading.Thread(target=use, args=(store,))
        writer.start()
        writer.join()
        assert accounts_in(books) == 0
        with store.read() as newer:
            assert accounts_in(newer) == 1
