"""Gift certificates by JSON: sold, paid with, given back to and shown, with amounts as text and numbers shown whole only once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

PROGRAMME = """
[programme]
name = "Corner Shop Club"
currency = "EUR"
time_zone = "Europe/Warsaw"

[gift_certificate]
expires = "24 months"

[returns]
restored_for = "30 days"
"""
GOODS = {"name": "Goods", "unit_price": "30.00", "vat": "20%"}
AT = "2026-11-22T10:15:00+01:00"


@pytest.fixture
def shop(program: Any, empty_store: bytes, tmp_path: Path) -> Any:
    """The program on a store whose programme sells certificates."""
    program.store.write_bytes(empty_store)
    file = tmp_path / "programme.toml"
    file.write_text(PROGRAMME, encoding="utf-8")
    assert program("programme", "activate", str(file), "--from", "2026-01-01").status == 0
    return program


def sold(shop: Any, amount: str = "25.00") -> tuple[str, Any]:
    (answer,) = shop.sell({"at": AT, "lines": [{"certificate": amount}]})
    return answer["certificates"][0]["number"], answer


def tender(number: str, amount: str) -> dict[str, str]:
    return {"kind": "certificate", "number": number, "amount": amount}


def test_a_certificate_sold_is_answered_with_its_number(shop: Any) -> None:
    """25.00 until the same day in 24 months; its VAT is 0 %, and a quote has no number yet."""
    number, answer = sold(shop)
    assert answer["certificates"] == [{"number": number, "amount": "25.00", "expires": "2028-11-22"}]
    assert (answer["gross"], answer["due"], answer["earned"]) == ("25.00", "25.00", [])
    assert answer["vat"] == [{"rate": "0%", "net": "25.00", "vat": "0.00"}]
    quoted = shop("sell", "--quote", stdin='{"lines": [{"certificate": "5.00"}]}').lines[0]
    assert [(one["number"], one["amount"]) for one in quoted["certificates"]] == [(None, "5.00")]


def test_the_paper_has_the_number_whole_where_it_is_sold_and_masked_where_it_pays(shop: Any) -> None:
    """Who finds a receipt of goods cannot spend what is left; it says how much that is."""
    number, answer = sold(shop)
    assert number in answer["receipt"]
    (paid,) = shop.sell(
        {"at": AT, "lines": [GOODS], "tenders": [tender(number, "10.00"), {"kind": "cash", "amount": "20.00"}]}
    )
    assert number not in paid["receipt"]
    assert f"***********{number[-4:]}" in paid["receipt"]
    assert "15.00" in paid["receipt"]


def test_what_is_on_it_is_shown_with_all_that_moved_it(shop: Any) -> None:
    """25.00 less 10.00 paid and given back; shown as facts, by a number typed small."""
    number, _ = sold(shop)
    sale = {"id": "0193f5c4-8a00-7000-8000-000000000001", "at": AT, "lines": [GOODS]}
    shop.sell(sale | {"tenders": [tender(number, "10.00"), {"kind": "cash", "amount": "20.00"}]})
    (back,) = shop.refund({"sale": sale["id"], "at": AT})
    assert back["money_back"] == [
        {"kind": "certificate", "amount": "10.00", "number": f"***********{number[-4:]}"},
        {"kind": "cash", "amount": "20.00"},
    ]
    assert number not in back["receipt"]
    day = "2026-11-22"
    assert shop("certificate", "show", number.lower(), "--json", "--at", AT).json == {
        "number": number,
        "amount": "25.00",
        "left": "25.00",
        "expires": "2028-11-22",
        "status": "valid",
        "sold": [{"receipt_number": "till-1-000001", "day": day, "amount": "25.00"}],
        "paid": [{"receipt_number": "till-1-000002", "day": day, "amount": "10.00"}],
        "given_back": [{"receipt_number": "till-1-000003", "day": day, "amount": "10.00"}],
        "returned": [],
        "expired": [],
    }


def test_nothing_is_said_to_be_left_that_cannot_be_spent(shop: Any) -> None:
    """On its last day 25.00, on the day after nothing; one that came back is void, and holds nothing either."""
    number, answer = sold(shop)
    for at, left, status in (("2028-11-22", "25.00", "valid"), ("2028-11-23", "0.00", "expired")):
        found = shop("certificate", "show", number, "--json", "--at", at).json
        assert (found["left"], found["status"]) == (left, status)
    (back,) = shop.refund({"sale": answer["id"], "at": AT})
    assert back["money_back"] == [{"kind": "cash", "amount": "25.00"}]
    found = shop("certificate", "show", number, "--json", "--at", AT).json
    assert (found["left"], found["status"], len(found["returned"])) == ("0.00", "void", 1)


def test_a_person_reads_it_line_by_line(shop: Any) -> None:
    """Its number, what is left of what, its last day, and each bill."""
    number, _ = sold(shop)
    shop.sell({"at": AT, "lines": [GOODS], "tenders": [tender(number, "25.00"), {"kind": "card", "amount": "5.00"}]})
    out = shop("certificate", "show", number, "--at", AT).out.splitlines()
    assert out[0] == f"Certificate {number}: spent"
    assert out[1] == "0.00 of 25.00 is left"
    assert [line.split(": ")[1] for line in out[3:]] == [
        "sold on till-1-000001, +25.00",
        "paid on till-1-000002, -25.00",
    ]


def test_refusals_say_what_is_on_it(shop: Any) -> None:
    """More than is on it, one that is not known, one that has paid; what is stored does not change."""
    number, answer = sold(shop)
    cash = {"kind": "cash", "amount": "30.00"}
    too_much, unknown = shop.sell(
        {"at": AT, "lines": [GOODS], "tenders": [tender(number, "25.01"), cash]},
        {"at": AT, "lines": [GOODS], "tenders": [tender("G00000000005724", "1.00"), cash]},
    )
    assert too_much["error"]["code"] == "balance-too-low"
    assert "25.00" in too_much["error"]["message"]
    assert unknown["error"]["code"] == "certificate-invalid"
    shop.sell({"at": AT, "lines": [GOODS], "tenders": [tender(number, "0.01"), cash]})
    (kept,) = shop.refund({"sale": answer["id"], "at": AT})
    assert kept["error"]["code"] == "certificate-invalid"
    assert "24.99" in kept["error"]["message"]
    ran = shop("certificate", "show", "G00000000005725")
    assert (ran.status, ran.err.count("\n")) == (1, 1)
    assert "check digit" in ran.err
    assert shop("store", "verify").status == 0
