"""`card merge`, `member change`, `member adjust` and `member undo`: what each answers, and whom the audit list names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

ANA, BORIS = "2900000000018", "2900000000025"
Shop = Any
Jacket = Callable[..., dict[str, Any]]


def test_two_cards_become_keys_to_one_record(shop: Shop, jacket: Jacket) -> None:
    """`card merge KEEP OTHER` names the record that stays and the one that is part of it; a second time is refused."""
    shop("card", "issue", "--number", BORIS)
    shop.sell(jacket())
    done = shop("card", "merge", BORIS, ANA, "--operator", "boss", "--json").json
    views = [shop("card", "show", number, "--json").json for number in (ANA, BORIS)]
    assert {view["account"] for view in views} == {done["account"]} != {done["joined"]}
    assert views[0]["purses"] == views[1]["purses"]
    again = shop("card", "merge", BORIS, ANA)
    assert (again.status, again.out, again.err.count("\n")) == (1, "", 1)
    assert shop("store", "verify").status == 0


def test_units_are_given_taken_and_given_back(shop: Shop) -> None:
    """`member adjust` answers with the entry that `member undo` takes; an amount below zero is taken, too much is refused."""
    given = shop("member", "adjust", ANA, "cashback", "12.50", "--reason", "A long wait", "--json").json
    assert (given["purse"], given["amount"], given["owed"]) == ("cashback", "12.50", "0.00")
    taken = shop("member", "adjust", ANA, "cashback", "-2.50", "--reason", "Too much", "--json").json
    assert taken["amount"] == "-2.50"
    more = shop("member", "adjust", ANA, "cashback", "-10.01", "--reason", "Too much")
    assert (more.status, more.out) == (1, "")
    assert "10.00" in more.err
    undone = shop("member", "undo", given["id"], "--reason", "The wrong card", "--json").json
    assert (undone["amount"], undone["owed"], undone["undoes"]) == ("-12.50", "2.50", given["id"])
    said = shop("member", "adjust", ANA, "cashback", "5.00", "--reason", "Sorry")
    assert (said.status, "5.00" in said.out) == (0, True)
    assert shop("store", "verify").status == 0


def test_who_a_holder_is_changes_field_by_field(shop: Shop) -> None:
    """`member change` changes what is named, and an empty value takes a field away; the rest stays."""
    shop("member", "add", "--name", "Boris", "--card", BORIS, "--phone", "+359881234567", "--birthday", "1990-02-28")
    changed = shop("member", "change", BORIS, "--name", "Boris Ivanov", "--phone", "", "--json").json
    assert (changed["name"], changed["phone"], changed["birthday"]) == ("Boris Ivanov", None, "1990-02-28")
    assert shop("member", "change", BORIS, "--birthday", "", "--json").json["birthday"] is None
    wrong = shop("member", "change", BORIS, "--email", "x")
    assert (wrong.status, wrong.out, wrong.err.count("\n")) == (1, "", 1)


def test_a_replacement_is_undone_and_a_card_added(shop: Shop) -> None:
    """`card bring-back` makes the old number the holder's again, and `card add` gives the account one more."""
    account = shop("card", "show", ANA, "--json").json["account"]
    new = shop("card", "replace", ANA, "--operator", "boss", "--json").json["number"]
    assert shop("card", "bring-back", ANA, "--json").json["status"] == "active"
    assert shop("card", "show", new, "--json").json["status"] == "replaced"
    added = shop("card", "add", ANA, "--json").json
    assert (added["account"], added["status"]) == (account, "active")
