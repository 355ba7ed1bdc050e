"""`sell` and `refund` under the example programme: what a whole programme gives, in the order in which it was reckoned."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parents[2] / "docs"
ANA = "2900000000018"
Shop = Any


@pytest.fixture
def shop(program: Any, empty_store: bytes) -> Shop:
    """The example programme in force since 2026, and one named card."""
    program.store.write_bytes(empty_store)
    assert program("programme", "activate", str(DOCS / "programme-example.toml"), "--from", "2026-01-01").status == 0
    assert program("member", "add", "--name", "Ana Kovač", "--card", ANA, "--joined", "2026-01-02").status == 0
    return program


def order(at: str, *lines: tuple[str, str, str, str], **more: Any) -> dict[str, Any]:
    """A sale of lines (name, department, price, quantity) to ana."""
    named = [
        {"sku": name.upper(), "name": name, "department": department, "unit_price": price, "quantity": n, "vat": "20%"}
        for name, department, price, n in lines
    ]
    return {"at": at, "card": ANA, "lines": named, **more}


JACKET = ("jacket", "clothes", "5000.00", "1")
COFFEE = ("coffee", "coffee", "2.50", "2")


def earned(answer: Any) -> list[tuple[str, str, str]]:
    return [(one["offer"], one["purse"], one["amount"]) for one in answer["earned"]]


def reasons(answer: Any) -> dict[str, tuple[bool, str]]:
    return {one["offer"]: (one["applied"], one["reason"]) for one in answer["why"]}


def test_the_jacket_under_the_example(shop: Shop) -> None:
    """5 % off, 1 % cashback, a point for every 100 and five for dropping in: 52 points, written as whole points everywhere."""
    (answer,) = shop.sell(order("2026-11-22T10:15:00+01:00", JACKET))
    assert answer["discounts"] == [{"offer": "tier:basic:discount", "amount": "250.00", "lines": ["250.00"]}]
    assert answer["due"] == "4750.00"
    assert earned(answer) == [
        ("tier:basic:cashback", "cashback", "47.50"),
        ("points", "points", "47"),
        ("visit", "points", "5"),
    ]
    assert answer["earned"][1]["lines"] == ["47"]
    assert answer["balances"]["points"] == {
        "available": "52",
        "pending": "0",
        "owed": "0",
        "next_expiry": {"on": "2028-11-22", "amount": "52"},
    }
    assert "Points: earned" in answer["receipt"]
    assert "+52\n" in answer["receipt"]
    assert "0.47" not in answer["receipt"]
    said = reasons(answer)
    assert said["points"] == (True, "A point for every 100 spent: 47 points earned")
    assert said["come-back"] == (False, "For holders who stayed away; this one is new.")
    assert said["ten-off"][0] is False
    shown = shop("card", "show", ANA, "--json").json["purses"]["points"]
    assert (shown["available"], [lot["amount"] for lot in shown["lots"]]) == ("52", ["47", "5"])
    assert "points: 52 to spend, 0 pending, 0 owed" in shop("card", "show", ANA).out


def test_points_are_asked_for_as_points_and_come_back_as_points(shop: Shop) -> None:
    """50 points pay 0.50 of two coffees; they earn two stamps, and nothing more for dropping in on the same day."""
    at = "2026-11-22T15:00:00+01:00"
    sold, coffee = shop.sell(
        order("2026-11-22T10:15:00+01:00", JACKET), order(at, COFFEE, spend={"points": "50"}, card=ANA)
    )
    assert sold["tier_after"] == coffee["tier"] == "vip"
    assert coffee["discounts"] == [{"offer": "tier:vip:discount", "amount": "1.00", "lines": ["1.00"]}]
    assert coffee["spent"] == [
        {"purse": "points", "offer": None, "amount": "50", "counts_as": "discount", "lines": ["0.50"]}
    ]
    assert coffee["due"] == "3.50"
    assert earned(coffee) == [("tier:vip:cashback", "cashback", "0.17"), ("coffee-stamp", "coffee", "2")]
    assert reasons(coffee)["visit"] == (False, "The holder has had it as often as it can be had.")
    (back,) = shop.refund({"sale": coffee["id"], "at": at})
    assert back["restored"] == [{"purse": "points", "offer": None, "amount": "50"}]
    assert back["taken_back"] == [
        {"purse": "cashback", "offer": "tier:vip:cashback", "amount": "0.17"},
        {"purse": "coffee", "offer": "coffee-stamp", "amount": "2"},
    ]
    assert back["balances"]["points"]["available"] == "52"
    assert "Points: given back" in back["receipt"]
    assert shop("store", "verify").status == 0


def test_half_a_point_is_refused(shop: Shop) -> None:
    """An amount of points has no decimals; the sale is not made."""
    (answer,) = shop.sell(order("2026-11-22T10:15:00+01:00", COFFEE, spend={"points": "0.50"}))
    assert answer["error"]["code"] == "amount-invalid"


def test_a_quote_is_what_the_sale_will_be(shop: Shop) -> None:
    """The same figures and reasons, and nothing stored."""
    asked = order("2026-11-22T10:15:00+01:00", JACKET, COFFEE)
    (quoted,) = shop("sell", "--quote", stdin=json.dumps(asked)).lines
    (sold,) = shop.sell(asked)
    for key in ("discounts", "spent", "due", "vat", "earned", "why", "balances", "tier_after"):
        assert quoted[key] == sold[key], key
