"""`refund` answers as commands.md says: what goes back, to whom, and what is owed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

ANA = "2900000000018"
Shop = Any
Jacket = Callable[..., dict[str, Any]]
REFUND_KEYS = [
    "id",
    "receipt_number",
    "sale",
    "lines",
    "money_back",
    "rounding",
    "restored",
    "taken_back",
    "owed",
    "withheld",
    "forgiven",
    "asked_back",
    "vat",
    "balances",
    "tier_after",
    "receipt",
]


def _two_shirts(shop: Shop) -> dict[str, Any]:
    (sold,) = shop.sell(
        {
            "at": "2026-11-20T10:00:00+01:00",
            "card": ANA,
            "lines": [{"sku": "SHIRT", "name": "Shirt", "unit_price": "39.00", "quantity": "2", "vat": "20%"}],
        }
    )
    return dict(sold)


def test_a_whole_return_answers_every_key(shop: Shop, jacket: Jacket) -> None:
    """Without lines all comes back: the money, the VAT, and what was earned."""
    (sold,) = shop.sell(jacket())
    (back,) = shop.refund({"id": "0193f5c4-8a00-7000-8000-00000000000a", "sale": "till-1-000001", "gifts_kept": []})
    assert list(back) == REFUND_KEYS
    receipt = back.pop("receipt")
    assert back == {
        "id": "0193f5c4-8a00-7000-8000-00000000000a",
        "receipt_number": "till-1-000002",
        "sale": sold["id"],
        "lines": [{"line": 1, "quantity": "1", "paid": "5000.00", "vat": "833.33"}],
        "money_back": [{"kind": "cash", "amount": "5000.00"}],
        "rounding": "0.00",
        "restored": [],
        "taken_back": [{"purse": "cashback", "offer": "tier:basic:cashback", "amount": "250.00"}],
        "owed": [],
        "withheld": "0.00",
        "forgiven": [],
        "asked_back": [],
        "vat": [{"rate": "20%", "net": "4166.67", "vat": "833.33"}],
        "balances": {"cashback": {"available": "0.00", "pending": "0.00", "owed": "0.00", "next_expiry": None}},
        "tier_after": "basic",
    }
    assert "till-1-000001" in receipt
    assert "-250.00" in receipt


def test_piece_by_piece_comes_to_the_same(shop: Shop) -> None:
    """One of two comes back, then the other; a third was never sold and is refused with what is left."""
    sold = _two_shirts(shop)
    one = {"sale": sold["id"], "lines": [{"line": 1, "quantity": "1"}]}
    first, second, third = shop.refund(one, one, one)
    assert [back["money_back"][0]["amount"] for back in (first, second)] == ["39.00", "39.00"]
    assert [back["taken_back"][0]["amount"] for back in (first, second)] == ["1.95", "1.95"]
    assert third["error"]["code"] == "line-invalid"


def test_what_was_spent_is_owed_withheld_or_forgiven(shop: Shop, jacket: Jacket) -> None:
    """Cashback of goods that come back after it was spent follows `when_spent`, and each is left out where it is nothing."""
    shop.sell(jacket(at="2026-06-01T10:00:00+02:00"))
    shop.sell(
        jacket(
            id=None,
            at="2026-07-01T10:00:00+02:00",
            spend={"cashback": "max"},
            tenders=None,
            lines=[{"name": "Cigarettes", "unit_price": "400.00"}],
        )
    )
    asked = {"sale": "till-1-000001", "at": "2026-07-02T10:00:00+02:00"}

    def previewed(when: str) -> dict[str, Any]:
        ran = shop("refund", "--quote", stdin=json.dumps({**asked, "when_spent": when}))
        assert ran.status == 0
        return dict(ran.lines[0])

    owe, withhold, forgive = previewed("owe"), previewed("withhold"), previewed("forgive")
    assert owe["taken_back"] == [{"purse": "cashback", "offer": "tier:basic:cashback", "amount": "7.50"}]
    assert owe["owed"] == [{"purse": "cashback", "amount": "242.50"}]
    assert (owe["withheld"], owe["forgiven"]) == ("0.00", [])
    assert (withhold["withheld"], withhold["owed"]) == ("250.00", [])
    assert forgive["forgiven"] == [{"purse": "cashback", "amount": "250.00"}]
    assert (forgive["withheld"], forgive["owed"]) == ("0.00", [])
    assert [one["receipt_number"] for one in (owe, withhold, forgive)] == [None] * 3
    (back,) = shop.refund({**asked, "when_spent": "withhold"})
    assert {**back, "id": None, "receipt": None, "receipt_number": None} == withhold


def test_a_preview_stores_nothing(shop: Shop) -> None:
    """--quote says what would come back; afterwards all of it can still come back."""
    _two_shirts(shop)
    before = shop("card", "show", ANA, "--json").json
    ran = shop("refund", "--quote", stdin='{"sale": "till-1-000001"}')
    assert ran.lines[0]["money_back"] == [{"kind": "cash", "amount": "78.00"}]
    assert ran.lines[0]["receipt"] is None
    assert shop("card", "show", ANA, "--json").json == before


def test_the_same_return_twice_is_once(shop: Shop) -> None:
    """The same id with the same content answers with the first result; with other content, or a sale's id, it is refused."""
    sold = _two_shirts(shop)
    order = {
        "id": "0193f5c4-8a00-7000-8000-00000000000b",
        "sale": "till-1-000001",
        "lines": [{"line": 1, "quantity": "1"}],
    }
    first, again, other, taken = shop.refund(order, order, {**order, "operator": "boris"}, {**order, "id": sold["id"]})
    assert first == again
    assert [one["error"]["code"] for one in (other, taken)] == ["id-conflict", "id-conflict"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sale": "till-1-000099"}, "sale-unknown"),
        ({"sale": None}, "request-invalid"),
        ({"sale": 1}, "request-invalid"),
        ({"lines": [{"line": 2, "quantity": "1"}]}, "line-invalid"),
        ({"lines": [{"line": 0, "quantity": "1"}]}, "line-invalid"),
        ({"lines": [{"line": 1, "quantity": "3"}]}, "line-invalid"),
        ({"lines": [{"line": 1, "quantity": "0"}]}, "request-invalid"),
        ({"lines": [{"line": 1}]}, "request-invalid"),
        ({"lines": [{"line": "1", "quantity": "1"}]}, "request-invalid"),
        ({"lines": [{"line": 1.0, "quantity": "1"}]}, "request-invalid"),
        ({"lines": []}, "line-invalid"),
        ({"when_spent": "later"}, "request-invalid"),
        ({"gifts_kept": "mug"}, "request-invalid"),
        ({"gifts": []}, "request-invalid"),
        ({"id": "x"}, "id-invalid"),
    ],
)
def test_what_cannot_come_back_is_refused_by_code(shop: Shop, change: dict[str, Any], code: str) -> None:
    """Each refusal has its code and a sentence, and the goods can still come back."""
    _two_shirts(shop)
    ran = shop("refund", stdin=json.dumps({"sale": "till-1-000001", **change}))
    assert ran.status == 1
    assert ran.lines[0]["error"]["code"] == code, ran.out
    (back,) = shop.refund({"sale": "till-1-000001"})
    assert back["receipt_number"] == "till-1-000002"
