"""What docs/programme.md tells a shop owner is what the program does."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from programme_checks import HEAD, said

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.ledger import Holding, Lot
from pos_loyalty.domain.member import Account
from pos_loyalty.domain.money import MILLION, part_of, plain
from pos_loyalty.domain.pricing import quote
from pos_loyalty.domain.programme.give_reading import BESIDE, WAYS
from pos_loyalty.domain.programme.offer_reading import HOLDER, KEYS
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
    cashback, visit = bill.earned
    assert (cashback.amount, cashback.lines, cashback.available) == (9, (1, 8, 0), date(2026, 6, 15))
    assert (visit.offer, visit.amount, visit.lines) == ("visit", 5, (1, 4, 0))
    assert bill.qualifying == 948


def test_the_mugs_on_the_page_come_back_to_the_cent() -> None:
    """Piece by piece comes to the same as all at once."""
    back: list[int] = []
    for piece in (1, 2, 3):
        back.append(part_of(1000, piece * MILLION, 3 * MILLION, sum(back)))
    assert back == [333, 334, 333]


def test_the_page_names_every_table_and_every_key_of_an_offer() -> None:
    """An owner finds each word that can stand in a file."""
    assert set(re.findall(r"\[+([a-z_]+)[\].]", PAGE)) >= set(TABLES)
    written = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"(?<!`)`([^`]+)`", PAGE))))
    assert written >= {*KEYS, *WAYS, *BESIDE, *HOLDER, "a_bill", "each_referrer", "total", "budget", "except_skus"}


SHOP = (
    HEAD
    + """[purse.cashback]
unit = "money"
expires = "never"
[purse.points]
unit = "points"
[[tier]]
id = "gold"
name = "Gold"
spend = "0"
[[tier]]
id = "vip"
name = "VIP"
spend = "5"
[[club]]
id = "friends"
title = "F"
join = { by_hand = true }
[[offer]]
id = "ten-off"
title = "T"
needs = { coupon = true }
give = { discount = "10%" }
[[offer]]
id = "shown"
title = "S"
"""
)
GIFT = 'give = { gift = "MUG" }\n'


def rows(key: str) -> list[str]:
    """The snippets in the table of the page's section about a key of offers."""
    section = PAGE.partition(f"### `{key}`")[2].partition("\n#")[0]
    return [
        snippet
        for row in re.findall(r"^\| (.*?) \|", section, re.MULTILINE)
        for snippet in re.findall("`([^`]+)`", row)
    ]


@pytest.mark.parametrize(
    "text",
    [
        *(f"give = {give}\n" for give in rows("give")),
        *(f"{GIFT}for = {{ {words} }}\n" for words in rows("for")),
        *(f"{GIFT}when = {{ {words} }}\n" for words in rows("when")),
        *(f"{GIFT}limit = {{ each = 1, {words} }}\n" for words in rows("limit") if not words.startswith("each")),
        'give = { earn = { points = 5 }, every = "item" }\n',
        'give = { earn = { points = 5 }, every = "100.00" }\n',
        "give = { earn = { points = 5 }, referrer = { points = 50 } }\nfor = { referred = true }\n",
        "give = { referrer = { points = 50 } }\nfor = { referred = true }\n",
        'give = { multiply = { cashback = "1.5" } }\n',
        "needs = { spend = '60.00', items = 3, coupon = true }\n" + GIFT,
        "costs = { points = 200 }\n" + GIFT,
    ],
)
def test_every_snippet_on_the_page_can_stand_in_a_file(text: str) -> None:
    """What an owner copies from a table of the page is read without an error."""
    errors = [problem for problem in read(SHOP + text).problems if problem.severity == "error"]
    assert [said(problem.message) for problem in errors] == []
