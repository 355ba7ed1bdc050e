"""`store backup` and `store restore` as they are called: what they print, and how they end."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest


def test_there_and_back(shop: Any, jacket: Callable[..., dict[str, Any]]) -> None:
    """A backup is made, a sale more is not lost unasked, and with --force the store is as it was, the replaced one beside it."""
    file = shop.folder / "shop.backup"
    shop.sell(jacket())
    made = shop("store", "backup", str(file))
    assert (made.status, made.err) == (0, "")
    assert str(file) in made.out
    assert "1 entries of the journal" in made.out
    shop.sell(jacket(id="0193f5c4-8a00-7000-8000-000000000002"))
    refused = shop("store", "restore", str(file))
    assert (refused.status, refused.out) == (1, "")
    assert "--force" in refused.err
    assert refused.err.count("\n") == 1
    forced = shop("store", "restore", str(file), "--force")
    assert (forced.status, forced.err) == (0, "")
    (kept,) = shop.folder.glob("store.db.before-restore-*")
    assert str(kept) in forced.out
    assert shop("store", "verify").status == 0
    assert "till-1-000002" in shop.sell(jacket(id="0193f5c4-8a00-7000-8000-000000000003"))[0]["receipt_number"]


def test_facts_as_json(shop: Any, jacket: Callable[..., dict[str, Any]]) -> None:
    """--json says where, how large, how far; a restore also where the replaced store is."""
    file = shop.folder / "shop.backup"
    shop.sell(jacket())
    made = shop("store", "backup", str(file), "--json").json
    assert made == {
        "store": str(shop.store),
        "file": str(file),
        "bytes": file.stat().st_size,
        "entries": 1,
        "newest": made["newest"],
    }
    assert datetime.fromisoformat(made["newest"]).utcoffset() is not None
    put = shop("store", "restore", str(file), "--json").json
    assert {key: put[key] for key in made} == made
    assert Path(put["kept"]).is_file()
    elsewhere = shop("store", "restore", str(file), "--json", "--store", str(shop.folder / "new.db")).json
    assert elsewhere["kept"] is None


def test_backup_replaces_only_if_asked(shop: Any) -> None:
    """A file that is there stays without --force."""
    file = shop.folder / "shop.backup"
    file.write_text("mine")
    ran = shop("store", "backup", str(file))
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert file.read_text() == "mine"
    assert shop("store", "backup", str(file), "--force").status == 0
    assert "No sale is in it yet." in shop("store", "backup", str(file), "--force").out


@pytest.mark.parametrize("verb", ["backup", "restore"])
@pytest.mark.parametrize("file", ["", "/dev/null", "/no/such/folder/b", ".", "/no/\udcff/b", "x" * 300])
def test_what_is_no_file_is_one_sentence(shop: Any, verb: str, file: str) -> None:
    """Whatever stands in the place of FILE, it is refused in a sentence and the store is untouched."""
    before = shop.store.read_bytes()
    ran = shop("store", verb, file)
    assert ran.status in (1, 2)
    assert (ran.out, ran.err.count("\n")) == ("", 1)
    assert shop.store.read_bytes() == before


def test_a_name_in_another_encoding(shop: Any) -> None:
    """A file's name that is no UTF-8 is a name like any other."""
    assert shop("store", "backup", str(shop.folder / "\udce9t\udce9")).status == 0
    assert (
        shop("store", "restore", str(shop.folder / "\udce9t\udce9"), "--store", str(shop.folder / "\udcff")).status == 0
    )


@pytest.mark.parametrize("verb", ["backup", "restore"])
def test_calls(shop: Any, verb: str) -> None:
    """--help says what it does; a call without FILE is a wrong one."""
    assert "FILE" in shop("store", verb, "--help").out
    assert shop("store", verb).status == 2


@pytest.mark.parametrize("verb", ["backup", "restore"])
def test_postgresql_is_told_its_own_way(shop: Any, verb: str) -> None:
    """A store on a server has programs of its own."""
    ran = shop("store", verb, str(shop.folder / "b"), "--store", "postgresql://shop@localhost/shop")
    assert (ran.status, ran.err.count("\n")) == (1, 1)
    assert "pg_dump" in ran.err


def test_faulty_backup_is_said(shop: Any, jacket: Callable[..., dict[str, Any]]) -> None:
    """A backup whose figures differ is refused, with the first fault and their number."""
    import sqlite3
    from contextlib import closing

    file = shop.folder / "shop.backup"
    shop.sell(jacket())
    shop("store", "backup", str(file))
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE balances SET held = held + 100")
        db.commit()
    ran = shop("store", "restore", str(file), "--force")
    assert ran.status == 1
    assert "the first at" in ran.err
    assert json.loads(shop("store", "verify", "--json").out)["faults"] == []
