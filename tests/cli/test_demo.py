"""The demo shop: made by the till's own functions, whole, the same for the same seed, and never in the place of a real store."""

from __future__ import annotations

import csv
import io
import sqlite3
from datetime import date
from random import Random
from typing import Any

import pytest
from stdnum import ean

from drivers.scan_socket import serve
from pos_loyalty.cli.demo.making import demo_programme, goods_text
from pos_loyalty.cli.demo.names import all_names
from pos_loyalty.cli.demo.stars import TITLES
from pos_loyalty.config import load
from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.member import Account
from pos_loyalty.domain.pricing import quote
from pos_loyalty.domain.programme.offers import AmountOff, EarnRate, EarnUnits, Gift, PercentOff, SetOff
from pos_loyalty.domain.tier import Standing

Program = Any
SMALL = ("demo", "--cards", "60", "--days", "20", "--no-terminal")


def _heads(path: Any) -> list[Any]:
    """The end of every register's chain of hashes: it names all that was ever done."""
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT * FROM registers").fetchall()
    connection.close()
    return found


@pytest.fixture
def demo(program: Program) -> Program:
    """The program with a small demo shop made."""
    ran = program(*SMALL)
    assert ran.status == 0, ran.err
    return program


def test_a_small_demo_verifies_clean(demo: Program) -> None:
    """Everything in a demo shop is as its facts say: sales, returns, spent cashback, blocked and replaced cards."""
    store = str(demo.folder / "data" / "pos-loyalty" / "demo" / "demo.db")
    ran = demo("store", "verify", "--store", store, "--json")
    assert (ran.status, ran.json["faults"]) == (0, [])
    assert ran.json["checked"]["accounts"] == 60
    assert ran.json["checked"]["sales"] == 7
    assert (ran.json["checked"]["notes"], ran.json["checked"]["complaints"]) == (2, 2)


def test_the_demo_programme_shows_the_whole_language() -> None:
    """Every kind of purse and offer, clubs, certificates, draws, a group that is measured; and a jacket still earns 250.00."""
    programme = demo_programme()
    assert {purse.unit for purse in programme.purses} == {"money", "points", "stamps", "tickets"}
    assert {offer.kind for offer in programme.offers} == {"discount", "earning", "multiplier", "gift", "coupon"}
    assert {type(offer.give) for offer in programme.offers} >= {
        AmountOff,
        PercentOff,
        SetOff,
        EarnRate,
        EarnUnits,
        Gift,
    }
    assert any(offer.costs and offer.automatic for offer in programme.offers)
    assert any(offer.referrer for offer in programme.offers)
    assert any(offer.control_group and offer.limit.budget for offer in programme.offers)
    assert programme.clubs
    assert programme.draws
    assert programme.certificates is not None
    account = Account("a", "c", "named", Standing("basic", date(2026, 1, 1), None))
    jacket = quote(
        (LineItem("Jacket", 500_000, sku="JACKET", department="clothes"),), programme, date(2026, 1, 5), account
    )
    assert [one.amount for one in jacket.earned if one.purse == "cashback"] == [25_000]


def test_the_same_seed_makes_the_same_shop(demo: Program) -> None:
    """Two demos of one seed on one day end in the same hashes; another seed does not."""
    paths = [demo.folder / f"{name}.db" for name in ("one", "two", "other")]
    for path, seed in zip(paths, ("7", "7", "8"), strict=True):
        assert demo(*SMALL, "--store", str(path), "--seed", seed).status == 0
    one, two, other = map(_heads, paths)
    assert one == two != other


def test_a_demo_is_used_again_until_it_is_wanted_fresh(demo: Program) -> None:
    """What was sold in the demo stays; --fresh, another seed or another size makes it anew."""
    store = demo.folder / "data" / "pos-loyalty" / "demo" / "demo.db"
    before = _heads(store)
    assert demo("sell", "--store", str(store), stdin='{"lines": [{"sku": "MUG"}]}').status == 0
    sold = _heads(store)
    assert demo(*SMALL).status == 0
    assert _heads(store) == sold != before
    assert demo(*SMALL, "--fresh").status == 0
    assert _heads(store) == before
    assert demo("demo", "--cards", "30", "--days", "5", "--no-terminal").status == 0
    assert _heads(store) != before


def test_a_real_store_is_never_made_a_demo(shop: Program) -> None:
    """A store that no demo made is refused, with or without --fresh; and POS_LOYALTY_STORE is not the demo's."""
    before = shop.store.read_bytes()
    for more in ((), ("--fresh",)):
        ran = shop(*SMALL, "--store", str(shop.store), *more)
        assert (ran.status, ran.err.count("\n")) == (1, 1)
    assert shop(*SMALL).status == 0
    assert shop.store.read_bytes() == before


def test_the_cards_to_try_are_what_they_say(demo: Program) -> None:
    """The printed cards are those of their titles, and how to scan them is said before the terminal opens."""
    out = demo(*SMALL).out
    assert "pos-loyalty scan" in out
    store = str(demo.folder / "data" / "pos-loyalty" / "demo" / "demo.db")

    def number_of(title: str) -> str:
        return next(line.split()[0] for line in out.splitlines() if TITLES[title] in line)

    assert demo("card", "show", number_of("blocked"), "--store", store, "--json").json["status"] == "blocked"
    assert demo("card", "show", number_of("bearer"), "--store", store, "--json").json["kind"] == "bearer"
    assert "check digit" in demo("card", "show", number_of("wrong"), "--store", store).err
    assert "not known" in demo("card", "show", number_of("unknown"), "--store", store).err


def test_the_catalogue_is_sound() -> None:
    """Some 150 goods, each with an EAN-13 of its own with a right check digit, outside the range of cards."""
    rows = list(csv.DictReader(io.StringIO(goods_text())))
    assert len(rows) >= 150
    assert all(ean.is_valid(row["barcode"]) and not row["barcode"].startswith("2") for row in rows)
    assert len({row["barcode"] for row in rows}) == len({row["sku"] for row in rows}) == len(rows)
    assert {"coffee", "bakery", "clothes", "tobacco", "deposits"} <= {row["department"] for row in rows}
    assert next(row for row in rows if row["sku"] == "JACKET")["price"] == "5000.00"


def test_names_are_right_in_every_language() -> None:
    """Each language has some sixty first and last names, and women bear the form of the last name that is theirs."""
    names = {one.language: one for one in all_names()}
    assert set(names) == {"bg", "ru", "pl", "bs", "ar", "en"}
    assert all(len({*one.hers, *one.his}) >= 55 and len(set(one.last)) >= 55 for one in names.values())
    for language, his, hers in (
        ("bg", "Георгиев", "Георгиева"),
        ("bg", "Троянски", "Троянска"),
        ("ru", "Соловьёв", "Соловьёва"),
        ("ru", "Пушкин", "Пушкина"),
        ("ru", "Чайковский", "Чайковская"),
        ("ru", "Шевченко", "Шевченко"),
        ("pl", "Wiśniewski", "Wiśniewska"),
        ("pl", "Nowak", "Nowak"),
        ("bs", "Hodžić", "Hodžić"),
        ("ar", "الحسن", "الحسن"),
    ):
        assert his in names[language].last
        assert names[language].of_woman(his) == hers
    assert all(len(one.pick(Random(1)).split()) == 2 for one in names.values())


def test_scan_reaches_the_running_demo(program: Program) -> None:
    """`scan` hands its codes to the demo in order; without one, or where it takes a code not, it says so in a sentence."""
    ran = program("scan", "2900000000018")
    assert (ran.status, ran.err.count("\n")) == (1, 1)
    assert "pos-loyalty demo" in ran.err
    socket = load({}).demo_socket
    socket.parent.mkdir(parents=True)
    heard: list[str] = []

    def hear(code: str) -> bool:
        heard.append(code)
        return code != "BAD"

    with serve(socket, hear):
        assert program("scan", "2900000000018", "MUG").status == 0
        assert heard == ["2900000000018", "MUG"]
        assert program("scan", "BAD").status == 1
        assert program("scan", "").status == 1
        running = program(*SMALL)
        assert (running.status, running.err.count("\n")) == (1, 1)


@pytest.mark.parametrize("argv", [["--cards", "0"], ["--days", "731"], ["--cards", "100001"], ["--seed", "x"]])
def test_a_demo_of_no_sense_is_refused(program: Program, argv: list[str]) -> None:
    """Numbers outside what a demo can be are a wrong call."""
    assert program("demo", "--no-terminal", *argv).status == 2
