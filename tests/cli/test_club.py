"""`club join`, and memberships sold and shown as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

CLUBS = """
[[club]]
id = "staff"
title = "Staff"
join = { by_hand = true }
lasts = "12 months"

[[club]]
id = "gourmet"
title = "Gourmet"
join = { fee = "20.00" }

[[offer]]
id = "members"
title = "Members"
for = { clubs = ["staff", "gourmet"] }
give = { discount = "10%" }
"""
ANA = "2900000000018"


@pytest.fixture
def club_shop(shop: Any) -> Any:
    """The shop, with a club joined by hand and one joined for a fee."""
    shown = shop("programme", "show").out
    file = shop.folder / "clubs.toml"
    file.write_text(shown + CLUBS, encoding="utf-8")
    assert shop("programme", "activate", str(file), "--from", "2026-01-02").status == 0
    return shop


def clubs(shop: Any) -> Any:
    return shop("card", "show", ANA, "--json").json["clubs"]


def test_a_holder_is_made_a_member(club_shop: Any) -> None:
    """Until the day that was named, in JSON; then on for as long as the programme says, in words."""
    joined = club_shop("club", "join", "staff", ANA, "--until", "2099-12-31", "--json")
    assert joined.status == 0, joined.err
    assert joined.json["until"] == "2099-12-31"
    assert (joined.json["club"], joined.json["card"]) == ("staff", "*********0018")
    assert clubs(club_shop) == [{"id": "staff", "until": "2099-12-31"}]
    again = club_shop("club", "join", "staff", ANA)
    assert (again.status, "2100" in again.out) == (0, True)
    assert clubs(club_shop) == [{"id": "staff", "until": "2100-12-31"}]


@pytest.mark.parametrize(
    "call",
    [
        ("nobody", ANA),
        ("gourmet", ANA),
        ("staff", "2900000009998"),
        ("staff", ANA, "--until", "2020-01-01"),
    ],
)
def test_what_cannot_be_joined_is_a_sentence(club_shop: Any, call: tuple[str, ...]) -> None:
    """An unknown club, one that is sold, an unknown card, a day that has passed: exit status 1, and nothing is stored."""
    ran = club_shop("club", "join", *call)
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert clubs(club_shop) == []


def test_a_membership_is_sold(club_shop: Any) -> None:
    """A line with its club alone costs the fee, without VAT; the card says so, for good, and a second one is refused."""
    (sold,) = club_shop.sell({"card": ANA, "lines": [{"club": "gourmet"}]})
    assert (sold["gross"], sold["due"], sold["earned"]) == ("20.00", "20.00", [])
    assert sold["vat"] == [{"rate": "0%", "net": "20.00", "vat": "0.00"}]
    assert clubs(club_shop) == [{"id": "gourmet", "until": None}]
    (twice,) = club_shop.sell({"card": ANA, "lines": [{"club": "gourmet"}]})
    assert twice["error"]["code"] == "club-invalid"
    (back,) = club_shop.refund({"sale": sold["id"]})
    assert back["money_back"] == [{"kind": "cash", "amount": "20.00"}]
    assert clubs(club_shop) == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"club": "staff"}, "club-invalid"),
        ({"club": "gourmet", "unit_price": "19.00"}, "amount-invalid"),
        ({"club": "gourmet", "unit_price": "20.00", "quantity": "1"}, None),
        ({"club": "gourmet", "sku": "TEA"}, "line-invalid"),
        ({"club": "gourmet", "by_hand": "10%"}, "line-invalid"),
        ({"club": 7}, "line-invalid"),
    ],
)
def test_what_a_membership_s_line_can_say(club_shop: Any, line: dict[str, Any], code: str | None) -> None:
    """Its fee if need be; nothing that goods have."""
    (said,) = club_shop.sell({"card": ANA, "lines": [line]})
    assert said.get("error", {}).get("code") == code, json.dumps(said)
