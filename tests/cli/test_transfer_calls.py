"""`member import` and `export` as a shop calls them: what they say, their exit status, and what is left where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

Shop = Any
HEAD = "name;card;cashback;birthday\n"
GOOD = "Борис Петров;2900000000025;12,50;31.12.1990\n"
BAD = "Bo;2900000000026;1;\nCy;2900000000032;1.250;\n"


def file_of(shop: Shop, text: str | bytes, name: str = "holders.csv") -> Path:
    file: Path = shop.folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def test_a_dry_run_names_every_bad_row(shop: Shop) -> None:
    """Line by line on standard error, with a summary; exit status 1, and nobody is stored."""
    file = file_of(shop, HEAD + GOOD + BAD)
    ran = shop("member", "import", str(file), "--dry-run")
    assert ran.status == 1
    assert [line.split(": ")[0] for line in ran.err.splitlines()] == [f"{file}:3", f"{file}:4"]
    assert "Would be taken in: 1 holders with 1 cards. Nothing is stored." in ran.out
    assert "utf-8, with a semicolon" in ran.out
    assert shop("member", "show", "2900000000025").status == 1


def test_all_rows_or_none_or_the_good_ones(shop: Shop) -> None:
    """With a bad row nothing is stored; --skip-bad stores the rest and puts the bad ones, as they are, into a file."""
    file = file_of(shop, HEAD + GOOD + BAD)
    ran = shop("member", "import", str(file))
    assert (ran.status, "Nothing was taken in" in ran.out) == (1, True)
    assert shop("member", "show", "2900000000025").status == 1
    ran = shop("member", "import", str(file), "--skip-bad", "--json")
    assert (ran.status, ran.json["taken"], ran.json["bad"], ran.json["balances"]) == (1, 1, 2, {"cashback": "12.50"})
    assert [one["line"] for one in ran.json["problems"]] == [3, 4]
    rest = shop.folder / "holders.csv.bad.csv"
    assert rest.read_text(encoding="utf-8").splitlines() == [HEAD.strip(), *BAD.splitlines()]
    assert oct(rest.stat().st_mode)[-3:] == "600"
    assert shop("card", "show", "2900000000025", "--json").json["purses"]["cashback"]["available"] == "12.50"
    again = shop("member", "import", str(file), "--skip-bad")
    assert (again.status, again.err.count("\n")) == (1, 1)
    assert "choose another name" in again.err
    file_of(shop, HEAD + GOOD)
    ran = shop("member", "import", str(file), "--skip-bad", "--bad-rows", str(shop.folder / "none.csv"), "--json")
    assert (ran.status, ran.json["there"], ran.json["taken"]) == (0, 1, 0)
    assert not (shop.folder / "none.csv").exists()
    assert shop("store", "verify").status == 0


def test_standard_input_and_other_encodings(shop: Shop) -> None:
    """`-` is standard input; a code page is recognized by its words, and can be named."""
    ran = shop("member", "import", "-", "--json", stdin=(HEAD + GOOD).encode("cp1251"))
    assert (ran.status, ran.json["encoding"], ran.json["taken"]) == (0, "cp1251", 1)
    ran = shop("member", "import", "-", "--json", "--encoding", "koi8-r", stdin="name\nМария\n".encode("koi8-r"))
    assert (ran.status, ran.json["encoding"]) == (0, "koi8-r")
    assert "Мария" in shop("member", "find", "мария").out


def test_files_that_are_none_are_one_sentence(shop: Shop) -> None:
    """A file that is not there, a folder, noise, an unknown column: one sentence, and nothing is stored."""
    noise = file_of(shop, bytes(range(256)) * 40, "noise.bin")
    wrong = file_of(shop, "name,wage\nAna,5\n", "wrong.csv")
    for argv, status in (
        ((str(shop.folder / "none.csv"),), 2),
        ((str(shop.folder),), 2),
        ((str(noise),), 1),
        ((str(wrong),), 1),
        ((str(wrong), "--encoding", "rot13"), 1),
    ):
        ran = shop("member", "import", *argv)
        assert (ran.status, ran.out, ran.err.count("\n")) == (status, "", 1), ran.err


def test_everything_is_handed_out_and_taken_in_elsewhere(shop: Shop, jacket: Any) -> None:
    """A folder and a .zip; a second time, or where there is no such place, it is refused and nothing is left."""
    shop.sell(jacket())
    target = shop.folder / "out"
    ran = shop("export", str(target), "--json")
    assert (ran.status, ran.json["rows"]["sales"], ran.json["rows"]["holders"]) == (0, 1, 1)
    assert "It names people" in shop("export", str(shop.folder / "out.zip")).out
    for name in (str(target), str(shop.folder / "no" / "where")):
        ran = shop("export", name)
        assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    other = ("--store", str(shop.folder / "other.db"))
    assert shop("store", "create", *other).status == 0
    assert shop("programme", "activate", str(target / "programme" / "0001.toml"), *other).status == 0
    assert shop("member", "import", str(target / "holders.csv"), "--json", *other).json["taken"] == 1
    card = shop("card", "show", "2900000000018", "--json", *other).json
    assert (card["holder"], card["purses"]["cashback"]["pending"]) == ("Ana Kovač", "250.00")
    assert not [path for path in shop.folder.iterdir() if path.name.endswith(".part")]


def test_a_catalogue_is_tried_first_and_comes_back(shop: Shop) -> None:
    """--dry-run stores nothing; what was handed out is taken in as it was, formulas' apostrophes off; code pages are recognized."""
    file = file_of(shop, "sku;name;price;vat\nЧАЙ;=Чай;1,50;20%\nКАФЕ;Кафе;2.25;9%\n".encode("cp1251"), "goods.csv")
    ran = shop("catalogue", "import", str(file), "--dry-run")
    assert (ran.status, "cp1251" in ran.out, shop("catalogue", "show", "--json").json) == (0, True, [])
    assert shop("catalogue", "import", str(file)).status == 0
    before = shop("catalogue", "show", "--json").json
    assert [(one["name"], one["price"]) for one in before] == [("Кафе", "2.25"), ("=Чай", "1.50")]
    assert shop("export", str(shop.folder / "out")).status == 0
    other = ("--store", str(shop.folder / "other.db"))
    assert shop("store", "create", *other).status == 0
    assert shop("catalogue", "import", str(shop.folder / "out" / "catalogue.csv"), *other).status == 0
    assert shop("catalogue", "show", "--json", *other).json == before


def test_past_sales_are_history(shop: Shop) -> None:
    """`sell --history` checks first with --dry-run, then stores all bills or none; tiers count them and purses do not move."""
    file = file_of(shop, "day;card;name;price\n1.3.2026;2900000000018;Coat;12000,00\n", "sales.csv")
    ran = shop("sell", str(file), "--history", "--dry-run")
    assert (ran.status, "Would be taken in: 1 bills" in ran.out) == (0, True)
    assert shop("card", "show", "2900000000018", "--json").json["visits"] == 0
    assert shop("sell", str(file), "--history").status == 0
    card = shop("card", "show", "2900000000018", "--json").json
    assert (card["visits"], card["tier"]["id"], card["purses"]["cashback"]["pending"]) == (1, "vip", "0.00")
    for options in (("--dry-run",), ("--encoding", "cp1251"), ("--history", "--quote")):
        ran = shop("sell", str(file), *options)
        assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    wrong = file_of(shop, "day;name;price\n3/1/2026;Coat;1\n", "wrong.csv")
    ran = shop("sell", str(wrong), "--history")
    assert (ran.status, ran.err.count("\n")) == (1, 1)
    assert shop("store", "verify").status == 0
