"""Rewards, gifts and coupons by JSON: asked for with `take` and `coupons`, kept with `gifts_kept`, answered key by key."""

from __future__ import annotations

import json
from typing import Any

import pytest

ANA = "2900000000018"
Shop = Any
PROGRAMME = """
[programme]
name = "Corner Shop Club"
currency = "EUR"
time_zone = "Europe/Warsaw"

[purse.points]
unit = "points"

[[offer]]
id = "points"
title = "Ten points a euro"
give = { earn = { points = 10 }, every = "1.00" }

[[offer]]
id = "mug"
title = "A mug for 200 points"
costs = { points = 200 }
give = { gift = "MUG" }

[[offer]]
id = "two-off"
title = "2.00 off for 100 points"
costs = { points = 100 }
give = { discount = "2.00" }

[[offer]]
id = "tote"
title = "A tote bag with 60 euros"
needs = { spend = "60.00" }
give = { gift = "TOTE" }

[[offer]]
id = "next-visit"
title = "A coupon for the next visit"
needs = { spend = "40.00" }
give = { coupon = "ten-off", valid = "30 days" }

[[offer]]
id = "ten-off"
title = "Your 10 % coupon"
needs = { coupon = true }
give = { discount = "10%" }
"""


@pytest.fixture
def rewards(shop: Shop) -> Shop:
    """A shop with these offers since February and a catalogue of the gifts."""
    file = shop.folder / "rewards.toml"
    file.write_text(PROGRAMME, encoding="utf-8")
    assert shop("programme", "activate", str(file), "--from", "2026-02-01").status == 0
    goods = shop.folder / "goods.csv"
    goods.write_text(
        "sku,barcode,name,department,price,vat,unit,reduced\n"
        "MUG,,Mug,gifts,8.00,20%,pc,\n"
        "TOTE,,Tote bag,gifts,4.90,20%,pc,\n",
        encoding="utf-8",
    )
    assert shop("catalogue", "import", str(goods)).status == 0
    return shop


def sale(*prices: str, at: str = "2026-11-22T10:15:00+01:00", **more: Any) -> dict[str, Any]:
    lines = [{"name": "Goods", "unit_price": price, "vat": "20%"} for price in prices]
    return {"at": at, "card": ANA, "lines": lines, **more}


def test_a_bill_gives_gifts_and_a_coupon(rewards: Shop) -> None:
    """70.00: the tote bag, and a coupon with a number for the next thirty days, which the card shows too."""
    (answer,) = rewards.sell(sale("70.00"))
    assert answer["gifts"] == [{"offer": "tote", "sku": "TOTE", "name": "Tote bag", "quantity": 1}]
    (coupon,) = answer["coupons"]
    assert coupon == {"offer": "next-visit", "coupon": "ten-off", "number": coupon["number"], "valid": "2026-12-22"}
    assert len(coupon["number"]) == 11
    card = rewards("card", "show", ANA, "--json", "--at", "2026-11-23T10:00:00+01:00").json
    assert card["coupons"] == [coupon]
    late = rewards("card", "show", ANA, "--json", "--at", "2026-12-23T10:00:00+01:00").json
    assert late["coupons"] == []


def test_a_quote_gives_a_coupon_without_a_number(rewards: Shop) -> None:
    """Nothing is stored, so there is no number to keep."""
    (answer,) = rewards("sell", "--quote", stdin=json.dumps(sale("70.00"))).lines
    assert [one["number"] for one in answer["coupons"]] == [None]


def test_rewards_are_taken_and_answered(rewards: Shop) -> None:
    """2.00 off twice and a mug for 400 of 500 points; each says what it cost, the money of it being in the discounts."""
    rewards.sell(sale("50.00"))
    (answer,) = rewards.sell(sale("10.00", "10.00", take=["two-off", "mug", "two-off"]))
    assert answer["discounts"] == [{"offer": "two-off", "amount": "4.00", "lines": ["2.00", "2.00"]}]
    assert answer["spent"] == [
        {"purse": "points", "offer": "mug", "amount": "200", "counts_as": "discount", "lines": ["0.00", "0.00"]},
        {"purse": "points", "offer": "two-off", "amount": "200", "counts_as": "discount", "lines": ["0.00", "0.00"]},
    ]
    assert answer["gifts"] == [{"offer": "mug", "sku": "MUG", "name": "Mug", "quantity": 1}]
    assert answer["due"] == "16.00"
    why = {one["offer"]: one for one in answer["why"]}
    assert (why["mug"]["applied"], why["two-off"]["applied"]) == (True, True)
    assert "for 200" in why["mug"]["reason"]


def test_a_coupon_is_shown_and_used(rewards: Shop) -> None:
    """10 % off with it, once; the same line again answers with the first result."""
    number = rewards.sell(sale("40.00"))[0]["coupons"][0]["number"]
    order = sale("10.00", coupons=[number.lower()], id="0193f5c4-8a00-7000-8000-000000000009")
    first, again, other = rewards.sell(order, order, sale("10.00", coupons=[number]))
    assert first["discounts"] == [{"offer": "ten-off", "amount": "1.00", "lines": ["1.00"]}]
    assert again == first
    assert other["error"]["code"] == "coupon-invalid"
    assert "22" in other["error"]["message"]
    shown = rewards("card", "show", ANA, "--json", "--at", "2026-11-23T10:00:00+01:00").json
    assert shown["coupons"] == []


def test_a_coupon_that_opens_nothing_is_a_warning(rewards: Shop) -> None:
    """There is nothing to take off a bill of nothing: the sale is closed, and the coupon stays."""
    number = rewards.sell(sale("40.00"))[0]["coupons"][0]["number"]
    (answer,) = rewards.sell(sale("0.00", coupons=[number]))
    assert answer["discounts"] == []
    assert number in answer["warnings"][0]


def test_a_return_asks_back_and_restores(rewards: Shop) -> None:
    """The mug's points with the whole bill; the tote bag that is kept costs its 4.90; the coupon is void."""
    rewards.sell(sale("30.00"))
    sold, _ = rewards.sell(sale("70.00", take=["mug"]), sale("1.00"))
    number = sold["coupons"][0]["number"]
    (back,) = rewards.refund({"sale": sold["id"], "at": "2026-11-23T10:00:00+01:00", "gifts_kept": ["tote"]})
    assert back["restored"] == [{"purse": "points", "offer": "mug", "amount": "200"}]
    assert back["asked_back"] == [
        {"offer": "mug", "gift": "MUG", "withheld": "0.00"},
        {"offer": "tote", "gift": "TOTE", "withheld": "4.90"},
        {"offer": "next-visit", "coupon": number},
    ]
    assert (back["withheld"], back["money_back"]) == ("4.90", [{"kind": "cash", "amount": "65.10"}])
    (used,) = rewards.sell(sale("1.00", coupons=[number]))
    assert used["error"]["code"] == "coupon-invalid"
    assert rewards("store", "verify").status == 0


def test_a_coupon_that_was_used_is_not_asked_back(rewards: Shop) -> None:
    """It is left, so the answer to the return does not name it."""
    (sold,) = rewards.sell(sale("40.00"))
    rewards.sell(sale("10.00", coupons=[sold["coupons"][0]["number"]]))
    (back,) = rewards.refund({"sale": sold["id"]})
    assert back["asked_back"] == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"take": ["jug"]}, "offer-invalid"),
        ({"take": ["tote"]}, "offer-invalid"),
        ({"take": ["mug"]}, "balance-too-low"),
        ({"take": ["mug"], "card": None}, "card-needed"),
        ({"take": "mug"}, "request-invalid"),
        ({"take": [1]}, "request-invalid"),
        ({"take": ["mug"] * 1_001}, "request-invalid"),
        ({"coupons": ["C0000000000"]}, "coupon-invalid"),
        ({"coupons": ["\u202e"]}, "coupon-invalid"),
        ({"coupons": [{}]}, "request-invalid"),
        ({"coupons": ["C"] * 101}, "request-invalid"),
    ],
)
def test_what_cannot_be_taken_or_shown_is_refused_by_code(rewards: Shop, more: dict[str, Any], code: str) -> None:
    """Each with its code and a sentence, and nothing is stored."""
    (answer,) = rewards.sell(sale("10.00", **more))
    assert answer["error"]["code"] == code, answer


def test_a_gift_that_was_not_given_cannot_be_kept(rewards: Shop) -> None:
    """The offer is named in the refusal."""
    (sold,) = rewards.sell(sale("10.00"))
    (back,) = rewards.refund({"sale": sold["id"], "gifts_kept": ["tote"]})
    assert back["error"]["code"] == "offer-invalid"
    assert "tote" in back["error"]["message"]
