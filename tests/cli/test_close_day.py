"""`store close-day`: what it prints, what a second run finds, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Shop = Any
Jacket = Callable[..., dict[str, Any]]


def test_what_expired_is_posted_and_said(shop: Shop, jacket: Jacket) -> None:
    """The purse, how much of how many lots, and of how many holders, as JSON; the same day again has nothing left."""
    (sold,) = shop.sell(jacket(at="2020-01-02T10:00:00+01:00"))
    assert sold["earned"][0]["expires"] == "2021-01-16"
    assert shop("store", "close-day", "--day", "2021-01-16", "--json").json["expired"] == []
    closed = shop("store", "close-day", "--day", "2021-01-17", "--json")
    assert closed.status == 0
    assert closed.json == {
        "day": "2021-01-17",
        "expired": [{"purse": "cashback", "lots": 1, "amount": "250.00"}],
        "holders": 1,
        "certificates": "0.00",
        "forgotten": 0,
        "words_forgotten": 0,
    }
    assert shop("store", "close-day", "--json").json["expired"] == []
    assert shop("store", "verify").status == 0
    purses = shop("card", "show", "2900000000018", "--json").json["purses"]
    assert purses["cashback"]["available"] == "0.00"


def test_a_person_reads_it_in_words(shop: Shop, jacket: Jacket) -> None:
    """Without --json each purse is a line with its amount, then how many holders; a second run says that nothing was left."""
    shop.sell(jacket(at="2020-01-02T10:00:00+01:00"))
    first = shop("store", "close-day").out
    assert "cashback: 250.00 expired, of 1 lots." in first
    assert "1 card holder lost it." in first
    assert "Nothing was left that had expired." in shop("store", "close-day").out


def test_a_day_to_come_is_refused(shop: Shop) -> None:
    """What runs out on a day that has not begun can still be spent; a text that is no date is a wrong call."""
    ran = shop("store", "close-day", "--day", "2998-01-01")
    assert ran.status == 1
    assert "can still be spent" in ran.err
    assert shop("store", "close-day", "--day", "soon").status == 2
