"""A process that has a store open keeps its locks, whatever else it asks of the file."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.schema import create_store

_OTHER = """
import sys
from pos_loyalty.storage.engine import open_store
store = open_store(sys.argv[1])
with store.read() as books:
    print(books.row(__import__("sqlalchemy").text("SELECT count(*) FROM registers"))[0])
store.close()
"""


def other_process(path: str) -> int:
    """Another process opens the store, counts, and closes it."""
    done = subprocess.run([sys.executable, "-c", _OTHER, path], capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_opening_a_store_twice_keeps_its_log(tmp_path: Path) -> None:
    """A second look at an open store drops no lock: another process that ends leaves the log, and sees what comes later."""
    path = str(tmp_path / "shop.db")
    create_store(path)
    with closing(open_store(path)) as store:
        with store.write() as books:
            books.run(text("INSERT INTO registers (name) VALUES ('till-1')"))
        open_store(path).close()
        store.database.check_there()
        assert other_process(path) == 1
        assert Path(f"{path}-wal").exists()
        with store.write() as books:
            books.run(text("INSERT INTO registers (name) VALUES ('till-2')"))
        assert other_process(path) == 2
    assert other_process(path) == 2
