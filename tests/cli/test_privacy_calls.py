"""`member consent`, `export` and `erase`, the lists to act on, and the limits of `store close-day`, as a shell sees them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

Shop = Any
Jacket = Callable[..., dict[str, Any]]
ANA, EVA = "2900000000018", "2900000000025"
LISTS = ("birthdays", "absent", "near-tier", "expiring", "complaints", "winners")


@pytest.fixture
def pair(shop: Shop, jacket: Jacket) -> Shop:
    """Ana, who agreed to nothing, and Eva, who agreed to be written to; both were born tomorrow and bought a jacket each."""
    born = (date.today() + timedelta(days=1)).replace(year=1988 if (date.today() + timedelta(1)).day == 29 else 1990)
    added = shop(
        "member", "add", "--name", "Eva Ø", "--card", EVA, "--email", "eva@example.com", "--phone", "+48555666777",
        "--birthday", born.isoformat(), "--language", "pl", "--consent", "mailing", "--joined", "2026-01-02",
    )  # fmt: skip
    assert added.status == 0, added.err
    shop.sell(jacket(), jacket(id="0193f5c4-8a00-7000-8000-000000000002", card=EVA))
    return shop


def test_a_consent_is_given_shown_and_taken_back(pair: Shop) -> None:
    """With its wording and moment; a purpose that is not there is refused, both at once is a wrong call."""
    said = pair("member", "consent", EVA, "--json").json["consents"]
    assert [(one["purpose"], one["given"]) for one in said] == [("mailing", True), ("profile", False)]
    assert said[0]["wording"].startswith("I agree that the shop sends me offers")
    assert pair("member", "consent", EVA, "--take-back", "mailing").status == 0
    assert "taken back on" in pair("member", "consent", EVA).out
    assert pair("member", "consent", EVA, "--give", "horoscope").status == 1
    assert pair("member", "consent", EVA, "--give", "mailing", "--take-back", "mailing").status == 2
    assert pair("member", "add", "--name", "Ida", "--consent", "horoscope").status == 1


def test_lists_reach_only_those_who_agreed(pair: Shop) -> None:
    """Both are close to a tier; Eva's e-mail is in JSON and CSV, Ana's name and phone are in neither."""
    rows = pair("report", "near-tier", "--json").json["rows"]
    assert [(row["consent"], row["name"], row["email"]) for row in rows if row["consent"] == "yes"] == [
        ("yes", "Eva Ø", "eva@example.com")
    ]
    assert [(row["name"], row["phone"], row["missing"]) for row in rows if row["consent"] == "no"] == [
        (None, None, "5000.00")
    ]
    ran = pair("report", "near-tier", "--csv", "-")
    assert list(csv.reader(ran.out.splitlines())) == [
        ["name", "email", "phone", "language", "tier", "next", "missing"],
        ["Eva Ø", "eva@example.com", "+48555666777", "pl", "Basic", "VIP", "5000.00"],
    ]
    file = pair.folder / "list.csv"
    said = pair("report", "birthdays", "--csv", str(file))
    assert "1 rows are written" in said.out
    assert "Eva Ø,eva@example.com" in file.read_text(encoding="utf-8")


def test_every_list_answers_in_words_and_in_json(pair: Shop) -> None:
    """Each by its name, with a number of its own where it takes one; Ana's name is on none of them."""
    for name in LISTS:
        assert pair("report", name, "--json").json["report"] == name
        said = pair("report", name)
        assert (said.status, said.err) == (0, "")
        assert "Ana" not in said.out
    assert "Eva Ø" in pair("report", "birthdays", "--number", "3").out
    assert pair("report", "winners", "--number", "3").status == 2
    assert pair("report", "absent", "--number", "0").status == 2
    assert pair("report", "absent", "--from", "2026-02-01", "--until", "2026-01-01").status == 2


def test_all_that_is_held_is_printed_or_written(pair: Shop) -> None:
    """One JSON document; a file is new and only its owner's, and one that is there is not touched."""
    held = json.loads(pair("member", "export", EVA).out)
    assert held["person"][0]["name"] == "Eva Ø"
    file = pair.folder / "eva.json"
    assert pair("member", "export", EVA, "--file", str(file)).status == 0
    assert json.loads(file.read_text(encoding="utf-8"))["sales"][0]["card"] == EVA
    assert file.stat().st_mode & 0o777 == 0o600
    assert pair("member", "export", EVA, "--file", str(file)).status == 1
    nobody = pair.folder / "nobody.json"
    assert pair("member", "export", "29", "--file", str(nobody)).status == 1
    assert not nobody.exists()


def test_erasing_says_first_what_goes_and_then_does_it(pair: Shop) -> None:
    """Without --yes nothing happens; with it the name is found no more, the store verifies, and a second time is refused."""
    told = pair("member", "erase", EVA)
    assert "250.00 will be written off" in told.out
    assert "with --yes" in told.out
    assert "Eva" in pair("member", "show", EVA).out
    done = pair("member", "erase", EVA, "--yes", "--json").json
    assert (done["erased"], done["written_off"], done["sales"]) == (True, {"cashback": "250.00"}, 1)
    assert pair("member", "find", "Eva").out == "No card holder was found.\n"
    assert pair("store", "verify").status == 0
    assert pair("member", "erase", EVA, "--yes").status == 1
    assert json.loads(pair("member", "export", EVA).out)["person"] == []


def test_closing_a_day_forgets_what_the_settings_say(pair: Shop) -> None:
    """Who joined in January and never came goes after a month; who holds something stays."""
    assert pair("member", "add", "--name", "Ida", "--joined", "2026-01-03").status == 0
    settings = pair.folder / "till.toml"
    settings.write_text('[privacy]\nforget_after = "1 month"\nwords_after = "2 years"\n', encoding="utf-8")
    assert pair("store", "close-day", "--json").json["forgotten"] == 0
    closed = pair("store", "close-day", "--config", str(settings), "--json").json
    assert (closed["forgotten"], closed["words_forgotten"]) == (1, 0)
    assert "No card holder" in pair("member", "find", "Ida").out
    assert "Eva" in pair("member", "find", "Eva").out
    settings.write_text('[privacy]\nforget_after = "0 days"\n', encoding="utf-8")
    assert pair("store", "close-day", "--config", str(settings)).status == 2
