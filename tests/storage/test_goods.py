"""The catalogue and bills put aside, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.dialects import sqlite

from pos_loyalty.storage.engine import Store
from pos_loyalty.storage.records import CatalogueItem, Revision, SuspendedBill
from pos_loyalty.storage.statements import compiler
from pos_loyalty.storage.tables import lots

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
JACKET = CatalogueItem("JACKET", "Winter jacket", "clothes", 500_000, 200_000, "pc", True, "5901234123457")


def test_goods_read_back_by_sku_and_barcode(store: Store) -> None:
    """Every field comes back; a gift may have no price; what is not there is None."""
    gift = CatalogueItem("MUG", "Mug")
    with store.write() as books:
        assert books.put_items([JACKET, gift]) == 2
    with store.read() as books:
        assert books.item("JACKET") == JACKET
        assert books.item("5901234123457") == JACKET
        assert books.item("MUG") == gift
        assert books.item("jacket") is None
        assert books.item("") is None


def test_goods_are_put_in_place_of_what_they_were(store: Store) -> None:
    """The same SKU again changes its goods; a barcode goes over to who names it last."""
    coat = CatalogueItem("COAT", "Coat", barcode=JACKET.barcode)
    with store.write() as books:
        books.put_items([JACKET])
        books.put_items([replace(JACKET, price=1, name="Jacket")])
        assert books.item("JACKET") == replace(JACKET, price=1, name="Jacket")
        books.put_items([coat])
        assert books.item(str(JACKET.barcode)) == coat
        jacket = books.item("JACKET")
        assert jacket is not None
        assert jacket.barcode is None


def test_a_barcode_wins_over_a_sku_of_the_same_digits(store: Store) -> None:
    """A scan is a barcode first."""
    with store.write() as books:
        books.put_items(
            [CatalogueItem("4006381333931", "By number"), CatalogueItem("PEN", "Pen", barcode="4006381333931")]
        )
        found = books.item("4006381333931")
    assert found is not None
    assert found.sku == "PEN"


def test_goods_are_found_by_what_a_cashier_types(store: Store) -> None:
    """A barcode or SKU exactly, then the beginning of a SKU, of a name, of any word of it; each once."""
    with store.write() as books:
        books.put_items(
            [
                JACKET,
                CatalogueItem("JAM-1", "Śliwka jam"),
                CatalogueItem("JAM-2", "Raspberry jam 50%_"),
                CatalogueItem("TEA", "Jasmine tea"),
            ]
        )

        def skus(typed: str, limit: int = 20) -> list[str]:
            return [item.sku for item in books.find_items(typed, limit)]

        assert skus("JAM-2") == ["JAM-2"]
        assert skus("JA") == ["JACKET", "JAM-1", "JAM-2", "TEA"]
        assert skus("jam") == ["JAM-2", "JAM-1"]
        assert skus("sliw") == ["JAM-1"]
        assert skus("winter jack") == ["JACKET"]
        assert skus("5901234123457") == ["JACKET"]
        assert skus("JA", 2) == ["JACKET", "JAM-1"]
        assert skus("%") == []
        assert skus("") == []
        assert skus("acket") == []


def test_the_catalogue_comes_page_by_page(store: Store) -> None:
    """By SKU, past the one that the page before ended with."""
    with store.write() as books:
        books.put_items(CatalogueItem(f"SKU-{n:03d}", f"Goods {n}") for n in range(25))
    with store.read() as books:
        pages: list[str] = []
        while page := books.items(pages[-1] if pages else "", 10):
            pages += [item.sku for item in page]
    assert pages == [f"SKU-{n:03d}" for n in range(25)]


def test_a_bill_put_aside_is_taken_out_once(store: Store) -> None:
    """It waits with its label at its register, the newest first; who takes it out is the only one who has it."""
    first = SuspendedBill("a", "till-1", NOON, "anna", "forgot the wallet", '{"lines": []}')
    second = SuspendedBill("b", "till-2", NOON + timedelta(minutes=1), "petra", "Кофе", "[]")
    with store.write() as books:
        books.suspend(first)
        books.suspend(second)
    with store.read() as books:
        assert books.suspended() == (second, first)
        assert books.suspended("till-1") == (first,)
    with store.write() as books:
        assert books.recall("a") == first
        assert books.recall("a") is None
    with store.read() as books:
        assert books.suspended() == (second,)


def test_revisions_come_in_the_order_in_which_they_hold(store: Any) -> None:
    """By the moment from which they are in force, and by number within one moment."""
    digest = "0" * 64
    third, second, first = (
        Revision(3, NOON, NOON, "owner", digest, "three"),
        Revision(2, NOON + timedelta(days=1), NOON, "owner", digest, "two"),
        Revision(1, NOON, NOON - timedelta(days=1), "owner", digest, "one"),
    )
    with store.write() as books:
        for revision in (first, second, third):
            books.add_revision(revision)
        assert books.revisions() == (first, third, second)
        assert books.revision(2) == second
        assert books.revision(9) is None


def test_a_constant_of_a_statement_has_its_value() -> None:
    """What is bound in the statement itself needs no value when it runs; what is named does."""
    compiled = compiler(sqlite.dialect())(select(lots.c.id).where(lots.c.id == bindparam("lot")).limit(7))
    assert compiled.in_order({"lot": "x/1"}) == ("x/1", 7, 0)
    with pytest.raises(KeyError):
        compiled.in_order({})
