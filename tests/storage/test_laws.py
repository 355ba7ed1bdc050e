"""The laws of money as the databases keep them: each is broken here on purpose, past the books, and refused."""

# ruff: noqa: S608 - the names of tables and columns that are put into statements here stand in this file
from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import text

from pos_loyalty.storage.faults import FactRefused
from pos_loyalty.storage.tables import metadata

FINAL = {
    "revisions": "text",
    "entries": "operator",
    "postings": "amount",
    "lots": "amount",
    "sales": "due",
    "refunds": "facts",
}


def change(shop: Any, sql: str, **values: str | int | None) -> int:
    """Run one statement in a transaction of its own, as any program could."""
    with shop.store.write() as books:
        count: int = books.run(text(sql), **values)
    return count


@pytest.fixture
def sold(shop: Any) -> Any:
    """A shop with a sale, its return, and a second sale."""
    account = shop.holder()
    shop.refund(shop.sell(account))
    shop.sell(account)
    return shop


@pytest.mark.parametrize(("table", "column"), FINAL.items())
def test_a_fact_cannot_be_edited(sold: Any, table: str, column: str) -> None:
    """Not one column of a fact can be given another value, and not even its own again."""
    with pytest.raises(FactRefused, match="fact-is-final"):
        change(sold, f"UPDATE {table} SET {column} = {column}")


@pytest.mark.parametrize("table", FINAL)
def test_a_fact_cannot_be_deleted(sold: Any, table: str) -> None:
    """Nor can its row go."""
    with pytest.raises(FactRefused, match="fact-is-final"):
        change(sold, f"DELETE FROM {table}")


@pytest.mark.parametrize("table", ["lots", "sales"])
def test_every_column_is_final_but_those_that_the_law_names(sold: Any, table: str) -> None:
    """A lot's `remaining` and `expired` follow its postings, and a sale's `card` and `holder` may be blanked; nothing else."""
    free = {"lots": {"remaining", "expired"}, "sales": {"card", "holder"}}[table]
    for column in set(metadata.tables[table].columns.keys()) - free:
        with pytest.raises(FactRefused, match="fact-is-final"):
            change(sold, f"UPDATE {table} SET {column} = {column}")
    for column in free:
        assert change(sold, f"UPDATE {table} SET {column} = {column}")


def test_who_a_holder_was_can_be_blanked_and_nobody_else_put_there(sold: Any) -> None:
    """Erasing works once and for good: the name and the card go, and no other name or card takes their place."""
    for column in ("card", "holder"):
        with pytest.raises(FactRefused, match="fact-is-final"):
            change(sold, f"UPDATE sales SET {column} = 'Petra'")
        assert change(sold, f"UPDATE sales SET {column} = NULL") == 2
        with pytest.raises(FactRefused, match="fact-is-final"):
            change(sold, f"UPDATE sales SET {column} = 'Petra'")


def test_postgresql_tables_of_facts_cannot_be_emptied_at_once(postgres_url: str) -> None:
    """TRUNCATE is no way around the law."""
    import psycopg

    with psycopg.connect(postgres_url) as connection:
        for table in FINAL:
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="fact-is-final"):
                connection.execute(f"TRUNCATE {table} CASCADE")
            connection.rollback()


def _copy(shop: Any, table: str, **other: str | int) -> None:
    """Insert the first row of a table again, with other values in some columns."""
    columns = list(metadata.tables[table].columns.keys())
    values = [repr(other[c]) if c in other else c for c in columns]
    change(shop, f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} LIMIT 1")


def test_an_entry_that_does_not_balance_is_refused(sold: Any) -> None:
    """Postings of 1 and -2 in one unit cannot be sealed; of 1 and -1 in two units neither; then nothing of them is left."""
    new = sold.id()
    posting = "INSERT INTO postings (entry_id, n, account, unit, amount) VALUES (:entry, :n, 'a', :unit, :amount)"
    entry = (
        "INSERT INTO entries (id, register, seq, kind, at, recorded_at, day, operator, previous, hash)"
        " SELECT :entry, name, last_entry + 1, 'adjustment', 'a', 'a', 'a', 'anna', head, 'h' FROM registers"
    )

    def write(*rows: tuple[str, int]) -> None:
        with sold.store.write() as books:
            for n, (unit, amount) in enumerate(rows):
                books.run(text(posting), entry=new, n=n, unit=unit, amount=amount)
            books.run(text(entry), entry=new)

    with pytest.raises(FactRefused, match="entry-unbalanced"):
        write(("EUR", 1), ("EUR", -2))
    with pytest.raises(FactRefused, match="entry-unbalanced"):
        write(("EUR", 1), ("points", -1))
    write(("EUR", 1), ("EUR", -1))
    with pytest.raises(FactRefused, match="posting-too-late"):
        change(sold, posting, entry=new, n=2, unit="EUR", amount=0)


def test_postings_without_an_entry_cannot_stay(sold: Any) -> None:
    """A posting whose entry never comes makes the whole transaction fail at its end."""
    with pytest.raises(FactRefused):
        change(
            sold,
            "INSERT INTO postings (entry_id, n, account, unit, amount) VALUES (:entry, 1, 'a', 'EUR', 0)",
            entry=sold.id(),
        )


def test_a_register_counts_its_entries_without_a_gap(sold: Any) -> None:
    """After the third comes the fourth: not the fifth, not the third again, and not one of no register."""
    for seq in (5, 3, 0):
        with pytest.raises(FactRefused, match="entry-out-of-order"):
            _copy(sold, "entries", id=sold.id(), seq=seq)


def test_an_entry_must_name_the_hash_before_it(sold: Any) -> None:
    """The fourth entry with the first one's `previous` breaks the chain."""
    with pytest.raises(FactRefused, match="chain-broken"):
        _copy(sold, "entries", id=sold.id(), seq=4, previous="0" * 64)


def test_a_bill_or_lot_cannot_be_added_to_a_sealed_entry(sold: Any) -> None:
    """What the entry's hash does not cover cannot come in behind it."""
    with sold.store.read() as books:
        refund = books.row(text("SELECT id FROM refunds"))[0]
        sale = books.row(text("SELECT id FROM sales"))[0]
    with pytest.raises(FactRefused, match="lot-too-late"):
        _copy(sold, "lots", id=f"{sale}/9")
    with pytest.raises(FactRefused, match="sale-too-late"):
        _copy(sold, "sales", id=refund, number=77)
    with pytest.raises(FactRefused, match="refund-too-late"):
        _copy(sold, "refunds", id=sale, number=77)


def test_a_receipt_number_is_used_once(sold: Any) -> None:
    """A second sale with the number of the first is refused, though its id is new."""
    with pytest.raises(FactRefused, match="receipt-number-taken"):
        _copy(sold, "sales", id=sold.id())
    with pytest.raises(FactRefused, match="receipt-number-taken"):
        _copy(sold, "refunds", id=sold.id())


def test_replacing_is_no_way_around_the_law(sqlite_shop: Any, tmp_path: Any) -> None:
    """SQLite's INSERT OR REPLACE deletes without a word from delete triggers, even from a program with no settings of ours."""
    sqlite_shop.refund(sqlite_shop.sell(sqlite_shop.holder()))
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        for table in FINAL:
            with pytest.raises(sqlite3.IntegrityError, match=r"final|late|taken"):
                connection.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
            connection.rollback()


def test_a_balance_and_a_lot_never_fall_below_nothing(sold: Any) -> None:
    """The stored copies hold at zero, and a lot holds no more than what filled it."""
    for wrong in (
        "UPDATE lots SET remaining = -1",
        "UPDATE lots SET remaining = amount + 1",
        "UPDATE lots SET expired = -1",
        "UPDATE balances SET held = -1",
        "UPDATE balances SET owed = -1",
    ):
        with pytest.raises(FactRefused):
            change(sold, wrong)


def test_a_card_has_an_account_a_kind_and_a_state(sold: Any) -> None:
    """No card of nobody, of another kind, or in a state that the table of its life does not have."""
    for wrong in (
        "UPDATE cards SET account_id = 'nobody'",
        "UPDATE cards SET kind = 'golden'",
        "UPDATE cards SET status = 'lost'",
    ):
        with pytest.raises(FactRefused):
            change(sold, wrong)
