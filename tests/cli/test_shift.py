"""`shift` on the real program: opened, moved, read, closed, and its Z report again."""

from __future__ import annotations

import json
from typing import Any

SALE = json.dumps(
    {"lines": [{"name": "Jacket", "department": "clothes", "unit_price": "120.00", "quantity": "1", "vat": "20%"}]}
)


def test_a_shift_from_its_float_to_its_z_report(shop: Any) -> None:
    """Float 100.00, a bill of 120.00 in cash, 20.00 in and 50.00 out: 190.00 expected, 189.50 counted, half a euro missing."""
    opened = shop("shift", "open", "--float", "100.00", "--json").json
    assert (opened["number"], opened["register"], opened["float"]) == (1, "till-1", "100.00")
    assert shop("sell", stdin=SALE + "\n").status == 0
    assert shop("shift", "pay-in", "20.00", "--reason", "coins", "--json").json["expected"] == "240.00"
    paid = shop("shift", "pay-out", "50.00", "--reason", "window cleaner")
    assert "window cleaner" in paid.out
    assert "190.00" in paid.out
    x = shop("shift", "x", "--json").json
    assert (x["kind"], x["bills"], x["gross"], x["drawer"]["expected"]) == ("x", 1, "120.00", "190.00")
    assert x["vat"] == [{"rate": "20%", "net": "100.00", "vat": "20.00"}]
    z = shop("shift", "close", "--counted", "189.50", "--json").json
    assert (z["kind"], z["drawer"]["variance"], len(z["head"])) == ("z", "-0.50", 64)
    assert shop("shift", "show", "1", "--json").json == z
    paper = shop("shift", "show", "1").out
    assert paper.splitlines()[0].strip() == "COPY"
    assert "Z REPORT 1" in paper
    assert z["head"][:16] in paper
    assert shop("store", "verify").status == 0


def test_what_cannot_be_done_is_one_sentence(shop: Any) -> None:
    """Without a shift 1, with a wrong amount 2; twice open 1."""
    for call in (["x"], ["close", "--counted", "1"], ["pay-in", "1", "--reason", "x"], ["show", "3"]):
        ran = shop("shift", *call)
        assert ran.status == 1
        assert ran.err.count("\n") == 1
    assert shop("shift", "open", "--float", "1.234").status == 2
    assert shop("shift", "open", "--float", "-1").status == 2
    assert shop("shift", "open", "--float", "0").status == 0
    again = shop("shift", "open", "--float", "0")
    assert again.status == 1
    assert "Shift 1 is open already" in again.err


def test_a_register_whose_settings_want_a_shift_sells_none_without(shop: Any) -> None:
    """`[register] shift = "required"`: a bill is refused with shift-missing until one is open."""
    config = shop.folder / "till.toml"
    config.write_text('[register]\nshift = "required"\n')
    refused = shop("sell", "--config", str(config), stdin=SALE + "\n")
    assert refused.lines[0]["error"]["code"] == "shift-missing"
    assert shop("shift", "open", "--float", "0", "--config", str(config)).status == 0
    assert shop("sell", "--config", str(config), stdin=SALE + "\n").status == 0
    config.write_text('[register]\nshift = "sometimes"\n')
    assert shop("shift", "x", "--config", str(config)).status == 2
