"""The rehearsal before the first customer: it runs what a scan runs, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from shops import ANA, Shop

from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.statements import Row, Statement, Transaction, Value
from pos_loyalty.till import card_life, cards
from pos_loyalty.till.checkout import Order, OrderLine, price
from pos_loyalty.till.goods import import_csv
from pos_loyalty.till.rehearsal import rehearse

GOODS = "sku,name,price,vat\nGIFT,A gift without a price,,20%\nTEA,Tea,3.50,20%\n"


def test_a_rehearsal_asks_of_a_card_and_goods_and_stores_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the first bill asks the store has been asked by then, and not a byte of the store is another."""
    import_csv(shop.register, GOODS)
    cards.issue(shop.register, ANA)
    asked: set[object] = set()
    row, rows = Transaction.row, Transaction.rows

    def noting_row(self: Transaction, statement: Statement, **values: Value) -> Row | None:
        asked.add(statement)
        return row(self, statement, **values)

    def noting_rows(self: Transaction, statement: Statement, **values: Value) -> list[Row]:
        asked.add(statement)
        return rows(self, statement, **values)

    monkeypatch.setattr(Transaction, "row", noting_row)
    monkeypatch.setattr(Transaction, "rows", noting_rows)
    shop.store.idle()
    before = Path(shop.path).read_bytes()
    rehearse(shop.register)
    shop.store.idle()
    assert Path(shop.path).read_bytes() == before
    known = set(asked)
    price(shop.register, Order((OrderLine(sku="TEA"),), card=ANA))
    assert asked == known


def test_a_store_without_goods_and_cards_has_nothing_to_rehearse(shop: Shop) -> None:
    """A shop that has only just begun opens its till all the same."""
    rehearse(shop.register)


def test_a_blocked_card_is_refused_in_a_rehearsal_too(shop: Shop) -> None:
    """Who rehearses hears of it, and nothing else happens."""
    import_csv(shop.register, GOODS)
    cards.issue(shop.register, ANA)
    card_life.block(shop.register, ANA)
    with pytest.raises(Refused, match="card-blocked"):
        rehearse(shop.register)
