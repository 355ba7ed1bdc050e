"""What docs/programme.md tells a shop owner is what the program does."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.ledger import Holding, Lot
from pos_loyalty.domain.member import Account
from pos_loyalty.domain.money import MILLION, part_of, plain
from pos_loyalty.domain.pricing import quote
from pos_loyalty.domain.programme.later import LATER
from pos_loyalty.domain.programme.reading import TABLES, read
from pos_loyalty.domain.tier import Standing

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "programme.md").read_text(encoding="utf-8")


def test_the_bill_on_the_page_is_the_bill_that_is_computed() -> None:
    """Every figure of the worked example is what pricing makes of the example programme."""
    programme = read((DOCS / "programme-example.toml").read_text(encoding="utf-8")).programme
    assert programme is not None
    lot = Lot("lot", "cashback", 1000, 1000, date(2026, 5, 1), date(2027, 5, 1), datetime(2026, 4, 17, tzinfo=UTC))
    account = Account(
        "account",
        "card",
        "named",
        Standing("basic", date(2026, 1, 1), None),
        {"cashback": Holding("cashback", (lot,))},
    )
    vat = 200_000
    lines = (
        LineItem("bread", 235, department="food", vat=vat),
        LineItem("olive oil", 1290, department="food", vat=vat),
        LineItem("tobacco, excluded", 600, department="tobacco", vat=vat),
    )
    bill = quote(lines, programme, date(2026, 6, 1), account, {"cashback": 500})
    for line in bill.lines:
        figures = (line.gross, line.discount, line.spent, line.paid)
        assert f"| {line.item.name} | {' | '.join(plain(figure, 2) for figure in figures)} |" in PAGE
    assert (bill.gross, bill.due) == (2125, 1548)
    assert [(line.net, line.vat) for line in bill.vat] == [(1290, 258)]
    (earned,) = bill.earned
    assert (earned.amount, earned.lines, earned.available) == (9, (1, 8, 0), date(2026, 6, 15))
    assert bill.qualifying == 948


def test_the_mugs_on_the_page_come_back_to_the_cent() -> None:
    """Piece by piece comes to the same as all at once."""
    back: list[int] = []
    for piece in (1, 2, 3):
        back.append(part_of(1000, piece * MILLION, 3 * MILLION, sum(back)))
    assert back == [333, 334, 333]


def test_the_page_names_every_table() -> None:
    """An owner finds each table that works, and each that is refused."""
    known = set(re.findall(r"\[+([a-z_]+)[\].]", PAGE))
    assert known >= {*TABLES, *(row for row in LATER if "." not in row)}
