"""`report`, and partners on the command line: each register sells for its own member, and who owes whom is printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

ANA = "2900000000018"
Shop = Any
Jacket = Callable[..., dict[str, Any]]
PARTNERS = '\n[partners]\npurse = "cashback"\nmembers = ["corner-shop", "fit-club"]\n'


@pytest.fixture
def coalition(shop: Shop) -> Shop:
    """The example shop whose purse two partners honour, with settings for a register of each."""
    file = shop.folder / "partners.toml"
    file.write_text(shop("programme", "show").out + PARTNERS, encoding="utf-8")
    assert shop("programme", "activate", str(file), "--from", "2026-01-02").status == 0
    for register, member in (("till-1", "corner-shop"), ("till-2", "fit-club"), ("till-3", "bakery")):
        text = f'[register]\nname = "{register}"\n[shop]\nmember = "{member}"\n'
        (shop.folder / f"{member}.toml").write_text(text, encoding="utf-8")
    return shop


def at(shop: Shop, member: str, **order: Any) -> dict[str, Any]:
    """One sale at a register of a member."""
    ran = shop("--config", str(shop.folder / f"{member}.toml"), "sell", stdin=json.dumps(order))
    answer: dict[str, Any] = ran.lines[0]
    return answer


def bought(coalition: Shop, jacket: Jacket) -> dict[str, Any]:
    """250.00 are earned at the corner shop, and 100.00 of them spent at the club."""
    lines = jacket()["lines"]
    at(coalition, "corner-shop", at="2026-03-02T10:00:00+01:00", card=ANA, lines=lines)
    return at(
        coalition,
        "fit-club",
        at="2026-04-02T10:00:00+02:00",
        card=ANA,
        lines=lines,
        spend={"cashback": "100.00"},
    )


def test_who_owes_whom(coalition: Shop, jacket: Jacket) -> None:
    """The issuer owes the acceptor what was spent there of its lots, in the period of that day alone."""
    assert bought(coalition, jacket)["spent"][0]["amount"] == "100.00"
    row = {
        "debtor": "corner-shop",
        "creditor": "fit-club",
        "owed": "100.00",
        "owed_back": "0.00",
        "net": "100.00",
    }
    whole = coalition("report", "settlement", "--json").json
    assert whole == {"report": "settlement", "from": None, "until": None, "rows": [row]}
    day = coalition("report", "settlement", "--from", "2026-04-02", "--until", "2026-04-02", "--json").json
    assert day == {"report": "settlement", "from": "2026-04-02", "until": "2026-04-02", "rows": [row]}
    assert coalition("report", "settlement", "--until", "2026-04-01", "--json").json["rows"] == []
    assert coalition("store", "verify").status == 0


def test_a_table_for_people_and_csv_for_spreadsheets(coalition: Shop, jacket: Jacket) -> None:
    """The table says below it what each column means; CSV has the columns' names and plain decimals, in a file or on the screen."""
    bought(coalition, jacket)
    table = coalition("report", "settlement").out.splitlines()
    assert table[2].split() == ["corner-shop", "fit-club", "100.00", "0.00", "100.00"]
    assert any(line.startswith("To pay: ") for line in table)
    text = "debtor,creditor,owed,owed_back,net\ncorner-shop,fit-club,100.00,0.00,100.00\n"
    assert coalition("report", "settlement", "--csv", "-").out == text
    file = coalition.folder / "settlement.csv"
    assert str(file) in coalition("report", "settlement", "--csv", str(file)).out
    assert file.read_text(encoding="utf-8") == text
    nowhere = coalition("report", "settlement", "--csv", str(coalition.folder / "no" / "such.csv"))
    assert nowhere.status == 1
    assert "such.csv" in nowhere.err


def test_a_picture_to_print(coalition: Shop, jacket: Jacket) -> None:
    """Pages of A4 beside CSV or alone, in place of what was there; the table is not printed then, and JSON still is."""
    bought(coalition, jacket)
    file = coalition.folder / "liability.png"
    file.write_bytes(b"old")
    period = ("--from", "2026-03-01", "--until", "2026-03-31")
    ran = coalition("report", "liability", *period, "--png", str(file))
    assert ran.out == f"The report is written to {file}.\n"
    assert file.read_bytes().startswith(b"\x89PNG")
    first = file.read_bytes()
    table = coalition.folder / "liability.csv"
    both = coalition("report", "liability", *period, "--png", str(file), "--csv", str(table), "--json")
    assert both.json["report"] == "liability"
    assert file.read_bytes() == first
    assert table.read_text(encoding="utf-8").startswith("figure,of,by,unit,now,before\nowed,")
    nowhere = coalition("report", "settlement", "--png", str(coalition.folder / "no" / "such.png"))
    assert nowhere.status == 1
    assert "There is no such folder" in nowhere.err


def test_reports_are_listed_and_others_are_not_known(shop: Shop) -> None:
    """Without a name the reports are listed; a name that is none is a wrong call that says which there are."""
    assert "settlement" in shop("report").out
    assert "liability" in [one["name"] for one in shop("report", "--json").json]
    wrong = shop("report", "gossip")
    assert wrong.status == 2
    assert "settlement" in wrong.err
    assert shop("report", "settlement", "--from", "2026-02-01", "--until", "2026-01-01").status == 2
    assert "nothing to report" in shop("report", "settlement").out


def test_a_register_sells_for_a_member_that_is_listed(coalition: Shop, jacket: Jacket) -> None:
    """Where partners honour one purse, a register that names another member is refused and told which key to set; one that names
    none sells, but spends nothing that a partner issued.
    """
    refused = at(coalition, "bakery", **jacket())
    bought(coalition, jacket)
    (sold,) = coalition.sell(jacket(at="2026-05-02T10:00:00+02:00"))
    assert "error" not in sold
    (spending,) = coalition.sell({**jacket(at="2026-05-03T10:00:00+02:00", spend={"cashback": "10.00"}), "id": None})
    for answer in (refused, spending):
        assert answer["error"]["code"] == "partner-unknown"
        assert "`member` under [shop]" in answer["error"]["message"]


def test_goods_come_back_where_they_were_sold(coalition: Shop, jacket: Jacket) -> None:
    """Another member does not take them back; the seller does, and then nobody owes anything."""
    sale = bought(coalition, jacket)["receipt_number"]

    def back(member: str) -> Any:
        return coalition(
            "--config",
            str(coalition.folder / f"{member}.toml"),
            "refund",
            stdin=f'{{"sale": "{sale}", "at": "2026-04-03T10:00:00+02:00"}}',
        ).lines[0]

    refused = back("corner-shop")
    assert refused["error"]["code"] == "partner-other"
    assert "fit-club" in refused["error"]["message"]
    assert back("fit-club")["restored"] == [{"purse": "cashback", "offer": None, "amount": "100.00"}]
    assert coalition("report", "settlement", "--json").json["rows"][0]["net"] == "0.00"
    assert coalition("store", "verify").status == 0


def test_figures_beside_the_period_before(shop: Shop, jacket: Jacket) -> None:
    """A report of figures names both periods, says what each figure is, and writes money, shares and sentences as such."""
    (sold,) = shop.sell(jacket(at="2026-03-02T10:00:00+01:00"))
    asked = ("report", "visits", "--from", "2026-03-01", "--until", "2026-03-31")
    answer = shop(*asked, "--json").json
    assert (answer["from"], answer["until"]) == ("2026-03-01", "2026-03-31")
    assert answer["before"] == {"from": "2026-02-01", "until": "2026-02-28"}
    rows = {(row["figure"], row["of"]): row for row in answer["rows"]}
    assert rows["turnover", "with"] == {
        "figure": "turnover",
        "of": "with",
        "by": "",
        "unit": "EUR",
        "now": sold["due"],
        "before": "0.00",
    }
    assert rows["visits", "with"]["now"] == 1
    assert rows["best_fifth", ""]["now"] == "can't tell yet"
    described = {figure["name"]: figure for figure in answer["figures"]}
    assert set(described) == {row["figure"] for row in answer["rows"]}
    assert all(figure["meaning"] and figure["source"] for figure in described.values())
    table = shop(*asked).out
    assert f"{int(sold['due'][:-3]):,}.00" in table
    assert f"= {described['turnover']['meaning']}" in table
    retention = shop("report", "retention", "--until", "2026-03-31", "--csv", "-").out.splitlines()
    assert retention[0] == "figure,of,by,unit,now,before"
    assert "retained,2026-03,00,%,100%," in retention


def test_every_report_answers_in_every_way(shop: Shop, jacket: Jacket) -> None:
    """Each report of the list can be printed, and asked for as JSON and CSV; one with nothing before it is a wrong call."""
    shop.sell(jacket())
    for listed in shop("report", "--json").json:
        name = listed["name"]
        assert shop("report", name).status == 0
        assert shop("report", name, "--json").json["report"] == name
        assert shop("report", name, "--csv", "-").out.startswith(("figure,of,by", "debtor,", "cashier,", "name,email,"))
    nothing = shop("report", "flow", "--from", "0001-01-02", "--until", "2026-01-01")
    assert nothing.status == 2
    assert "before" in nothing.err
