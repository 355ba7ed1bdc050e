"""`programme`, `catalogue` and `store`: the files that a shop runs on, checked, taken in and verified."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

ANA = "2900000000018"
Shop = Any
Jacket = Callable[..., dict[str, Any]]

WRONG = """
[programme]
nmae = "Club"
currency = "EURO"
time_zone = "Europe/Sofia"
[[tier]]
id = "basic"
name = "Basic"
spend = "0.00"
cashback = 5
"""
DOUBTFUL = """
[programme]
name = "Club"
currency = "EUR"
time_zone = "Europe/Sofia"
[purse.cashback]
unit = "money"
"""


def test_check_says_everything_at_once(program: Shop) -> None:
    """Every problem is a line with its place, field and sentence; --json has the same; errors end with exit status 1."""
    file = program.folder / "wrong.toml"
    file.write_text(WRONG, encoding="utf-8")
    ran = program("programme", "check", str(file))
    assert ran.status == 1
    assert f"{file}:3: error: programme.nmae" in ran.out
    assert 'Did you mean "name"?' in ran.out
    found = program("programme", "check", str(file), "--json")
    assert found.status == 1
    assert not found.json["usable"]
    assert {"line": 4, "field": "programme.currency", "severity": "error"}.items() <= found.json["problems"][2].items()
    assert all(list(one) == ["line", "field", "severity", "message"] for one in found.json["problems"])


def test_warnings_alone_keep_nothing_from_being_used(program: Shop) -> None:
    """A file that is only doubtful is said so and ends with exit status 0."""
    file = program.folder / "doubtful.toml"
    file.write_text(DOUBTFUL, encoding="utf-8")
    ran = program("programme", "check", str(file))
    assert ran.status == 0
    assert "warning" in ran.out
    assert program("programme", "check", str(file), "--json").json["usable"]


def test_a_programme_is_activated_shown_and_listed(shop: Shop) -> None:
    """A revision is in force from the start of a business day on; before it, the one before is; history has both."""
    text = DOUBTFUL.replace("Club", "New Club")
    file = shop.folder / "new.toml"
    file.write_text(text, encoding="utf-8")
    made = shop("programme", "activate", str(file), "--from", "2026-12-01", "--json").json
    assert made["number"] == 2
    assert made["active_from"] == "2026-11-30T22:00:00+00:00"
    assert shop("programme", "show", "--at", "2026-12-01T00:00:00").out == text
    assert "Corner Shop Club" in shop("programme", "show", "--at", "2026-11-30T23:59:00+02:00").out
    history = shop("programme", "history", "--json").json
    assert [one["number"] for one in history] == [1, 2]
    assert shop("programme", "show", "--at", "2026-12-02", "--json").json["digest"] == history[1]["digest"]
    assert "New Club" in shop("programme", "history").out


def test_a_date_is_its_business_day(shop: Shop, jacket: Jacket) -> None:
    """Where a business day begins at four, --from and --at with a date mean four o'clock, not midnight."""
    file = shop.folder / "late.toml"
    programme = shop("programme", "show").out.replace("currency =", 'day_starts = "04:00"\ncurrency =')
    file.write_text(programme, encoding="utf-8")
    made = shop("programme", "activate", str(file), "--from", "2026-02-01", "--json").json
    assert made["active_from"] == "2026-02-01T03:00:00+00:00"
    shop.sell(jacket())
    for at, available in (("2026-12-03", "0.00"), ("2026-12-04", "250.00"), ("2026-12-04T03:59:00", "0.00")):
        assert shop("card", "show", ANA, "--json", "--at", at).json["purses"]["cashback"]["available"] == available


def test_a_wrong_programme_is_not_activated(shop: Shop) -> None:
    """A file with errors, or in another currency than the books are kept in, changes nothing."""
    file = shop.folder / "wrong.toml"
    file.write_text(WRONG, encoding="utf-8")
    assert shop("programme", "activate", str(file)).status == 1
    file.write_text(DOUBTFUL.replace("EUR", "USD"), encoding="utf-8")
    assert shop("programme", "activate", str(file)).status == 1
    assert len(shop("programme", "history", "--json").json) == 1
    assert shop("programme", "activate", str(file), "--from", "soon").status == 2


def test_the_example_programme_can_be_activated(shop: Shop) -> None:
    """The demo's own programme has neither an error nor a doubt."""
    from pos_loyalty.cli.demo.making import programme_text

    file = shop.folder / "demo.toml"
    file.write_text(programme_text(), encoding="utf-8")
    assert shop("programme", "check", str(file), "--json").json == {"usable": True, "problems": []}


def test_a_catalogue_is_taken_in_whole_or_not_at_all(shop: Shop) -> None:
    """Good rows are listed and found afterwards; with one wrong row nothing is taken in, and each wrong row is named."""
    file = shop.folder / "goods.csv"
    file.write_text("sku,name,price,vat\nMILK,Milk 1 l,1.55,20%\nTEA,Чай,,20%\n", encoding="utf-8")
    assert shop("catalogue", "import", str(file), "--json").json == {"taken": 2, "problems": [], "encoding": "utf-8"}
    listed = shop("catalogue", "show", "--json").json
    assert [(one["sku"], one["price"], one["vat"]) for one in listed] == [("MILK", "1.55", "20%"), ("TEA", None, "20%")]
    assert [one["sku"] for one in shop("catalogue", "show", "чай", "--json").json] == ["TEA"]
    assert "Milk" in shop("catalogue", "show").out
    assert shop("catalogue", "show", "zzz", "--json").json == []
    file.write_text("sku,name,price\nEGGS,Eggs,2.99\nBREAD,Bread,1.2.3\n,,9\n", encoding="utf-8")
    ran = shop("catalogue", "import", str(file))
    assert ran.status == 1
    assert f"{file}:3:" in ran.err
    assert f"{file}:4:" in ran.err
    assert len(shop("catalogue", "show", "--json").json) == 2


def test_a_catalogue_comes_from_standard_input_too(shop: Shop) -> None:
    """`-` is standard input."""
    assert shop("catalogue", "import", "-", stdin="sku;name\nA;Б\n").status == 0


def test_a_store_is_made_once(program: Shop) -> None:
    """`store create` makes the store that the call names; a second time it is refused and the first stays."""
    ran = program("store", "create")
    assert ran.status == 0
    assert str(program.store) in ran.out
    before = program.store.read_bytes()
    again = program("store", "create")
    assert (again.status, again.err.count("\n")) == (1, 1)
    assert program.store.read_bytes() == before
    assert program("store", "upgrade").status == 0
    assert program("store", "upgrade", "--json").json["from"] == program("store", "upgrade", "--json").json["to"]


def test_a_missing_store_says_how_to_make_one(program: Shop) -> None:
    """Every verb on a store that is not there says which command makes it."""
    for argv in (
        (),
        ("sell",),
        ("card", "show", ANA),
        ("store", "verify"),
        ("member", "find", "A"),
        ("programme", "show"),
    ):
        ran = program(*argv)
        assert (ran.status, ran.err.count("\n")) == (1, 1)
        assert "store create" in ran.err


def test_verify_says_what_it_checked(shop: Shop, jacket: Jacket) -> None:
    """A whole store verifies clean, with how much of each was looked at."""
    shop.sell(jacket(), jacket(id=None))
    shop.refund({"sale": "till-1-000002"})
    ran = shop("store", "verify", "--json")
    assert (ran.status, ran.json["faults"]) == (0, [])
    assert (ran.json["checked"]["sales"], ran.json["checked"]["accounts"]) == (2, 1)
    assert shop("store", "verify").out.count("\n") > 5


def test_verify_names_the_place_of_a_fault(shop: Shop, jacket: Jacket) -> None:
    """A balance that somebody changed by hand is found with its place, and the exit status is 1."""
    shop.sell(jacket())
    with sqlite3.connect(shop.store) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE balances SET held = held + 1")
    connection.close()
    ran = shop("store", "verify", "--json")
    assert ran.status == 1
    assert ran.json["faults"]
    assert all(one["place"] and one["message"] for one in ran.json["faults"])
    assert shop("store", "verify").status == 1
    assert json.dumps(ran.json)
