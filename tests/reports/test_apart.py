"""Reports in a process of their own: the same rows, the same refusals, and an end when nobody wants them any more."""

from __future__ import annotations

import sys
import threading
from datetime import date
from pathlib import Path

import pytest
from histories import History
from shops import ANA, Shop

from pos_loyalty.domain.message import Refused
from pos_loyalty.reports import NAMES, apart, named
from pos_loyalty.reports.apart import CalledOff, run_apart
from pos_loyalty.reports.frame import Period
from pos_loyalty.storage.analytics import installed

JANUARY = Period(date(2026, 1, 1), date(2026, 1, 31))
needs_engine = pytest.mark.skipif(not installed(), reason="pos-loyalty[analytics] is not installed")


@pytest.fixture
def address(corner: Shop) -> str:
    """The store's address with its password, as a register's settings hold it."""
    database = corner.store.database
    if hasattr(database, "url"):
        return str(database.url.set(drivername="postgresql").render_as_string(hide_password=False))
    return corner.store.where


def test_the_rows_are_those_of_this_process(corner: Shop, address: str) -> None:
    """Rows, with their sentences, cross from the other process as they are; it is heard of while it works."""
    corner.sell(10_000, ANA)
    told: list[tuple[str, int]] = []
    for name in ("visits", "settlement"):
        found = run_apart(address, name, JANUARY, lambda what, n: told.append((what, n)), engine="sqlite")
        with corner.store.read() as books:
            assert found == list(named(name).rows(books, JANUARY))
    assert {what for what, _ in told} <= {apart.SECONDS}


def test_a_refusal_crosses_too(tmp_path: Path) -> None:
    """What `open_store` says of a store that is not there is said here; a report that is none is a fault of the caller's."""
    with pytest.raises(Refused) as refused:
        run_apart(str(tmp_path / "none.db"), "visits", JANUARY)
    assert refused.value.code == "store-missing"
    with pytest.raises(KeyError):
        run_apart(str(tmp_path / "none.db"), "gossip", JANUARY)


def test_a_report_can_be_called_off(address: str) -> None:
    """Once the flag is set no rows come, and the process is gone."""
    stop = threading.Event()
    stop.set()
    with pytest.raises(CalledOff):
        run_apart(address, "holders", JANUARY, stop=stop)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_a_process_that_ends_early_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that the system ended is a refusal that says what to do; one that failed is a fault with its own words."""
    stand_in = tmp_path / "python"
    for script, kind, said in (
        ("kill -9 $$", Refused, "report-ended"),
        ("echo broken >&2; exit 3", RuntimeError, "broken"),
    ):
        stand_in.write_text(f"#!/bin/sh\n{script}\n")
        stand_in.chmod(0o755)
        monkeypatch.setattr(apart.sys, "executable", str(stand_in))
        with pytest.raises(kind, match=said):
            run_apart(str(tmp_path / "shop.db"), "visits", JANUARY)


@needs_engine
@pytest.mark.parametrize("seed", [3, 11])
def test_both_engines_answer_alike(seed: int, tmp_path: Path) -> None:
    """Every report of figures has the same rows by SQLite and by the analytics engine, after a random history; no copy is left."""
    history = History(seed, tmp_path)
    history.run(40)
    address = history.store.where
    days = sorted({sale.day for sale in history.sales})
    period = Period(days[len(days) // 2], days[-1])
    history.store.close()
    for name in NAMES:
        asked = period if name != "settlement" else Period()
        assert run_apart(address, name, asked, engine="duckdb") == run_apart(address, name, asked, engine="sqlite"), (
            name
        )
    assert not list(tmp_path.rglob(".figures-*"))


@needs_engine
def test_a_copy_is_made_while_selling(corner: Shop, address: str) -> None:
    """The engine answers on a store that a till has open and sells on, and no sale is lost by it; a server's store is refused."""
    if corner.store.kind != "sqlite":
        with pytest.raises(Refused) as refused:
            run_apart(address, "visits", JANUARY, engine="duckdb")
        assert refused.value.code == "engine-store"
        return
    for bills in (1, 2, 3):
        corner.sell(10_000, ANA)
        found = run_apart(address, "visits", JANUARY, engine="duckdb")
        with corner.store.read() as books:
            assert found == named("visits").rows(books, JANUARY)
        assert found[0] == ("visits", "with", "", "", bills, 0)
