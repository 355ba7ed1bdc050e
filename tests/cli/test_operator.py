"""`operator`: who works here, from the command line."""

from __future__ import annotations

import io
from typing import Any, get_args

import pytest

from pos_loyalty.cli.arguments import ROLES
from pos_loyalty.domain.operator import Role

Program = Any


def test_operators_are_added_listed_and_changed(shop: Program) -> None:
    """The PIN comes through standard input, and is answered nowhere."""
    added = shop("operator", "add", "--name", "Olga", "--role", "owner", "--pin-stdin", "--json", stdin="830517\n")
    assert added.json == {"name": "Olga", "role": "owner", "active": True, "account": None, "locked_until": None}
    plain = shop("operator", "add", "--name", "Anna", "--role", "cashier", "--pin-stdin", stdin="3906\n")
    assert plain.out == "Anna is a cashier here now, and signs in with the PIN.\n"
    changed = shop("operator", "change", "anna", "--role", "manager", "--active", "no")
    assert changed.out == "Anna: manager, works here no longer\n"
    assert shop("operator", "list").out == "Anna: manager, works here no longer\nOlga: owner\n"
    assert [one["name"] for one in shop("operator", "list", "--json").json] == ["Anna", "Olga"]
    card = shop("operator", "change", "Anna", "--active", "yes", "--card", "2900000000018", "--json").json
    assert card["account"] is not None
    assert shop("operator", "change", "Anna", "--card", "none", "--json").json["account"] is None


@pytest.mark.parametrize(
    ("argv", "stdin", "said"),
    [
        (("add", "--name", "Anna", "--role", "cashier", "--pin-stdin"), "3906\n", "is the owner"),
        (("add", "--name", "Olga", "--role", "owner", "--pin-stdin"), "1234\n", "counts up or down"),
        (("add", "--name", "Olga", "--role", "owner", "--pin-stdin"), "", "4 to 12 digits"),
        (("change", "Zed", "--role", "cashier"), "", "no operator called Zed"),
    ],
)
def test_what_is_refused_says_why_in_one_sentence(shop: Program, argv: tuple[str, ...], stdin: str, said: str) -> None:
    """Exit status 1, nothing stored, and the PIN is not repeated."""
    ran = shop("operator", *argv, stdin=stdin)
    assert (ran.status, ran.out) == (1, "")
    assert said in ran.err
    assert not stdin.strip() or stdin.strip() not in ran.err
    assert shop("operator", "list", "--json").json == []


def test_a_pin_is_no_part_of_a_call(shop: Program) -> None:
    """An argument would stand in the shell's history; through a pipe it must be said that it comes there."""
    assert shop("operator", "add", "--name", "Olga", "--role", "owner", "--pin", "830517").status == 2
    piped = shop("operator", "add", "--name", "Olga", "--role", "owner", stdin="830517\n")
    assert piped.status == 2
    assert "--pin-stdin" in piped.err
    nothing = shop("operator", "change", "Olga")
    assert nothing.status == 2
    assert "--role" in nothing.err


def test_a_person_types_the_pin_twice(shop: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for without echo; two that differ change nothing."""

    class Keyboard(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("io.TextIOWrapper", Keyboard)
    typed = iter(["830517", "830518", "830517", "830517"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    differ = shop("operator", "add", "--name", "Olga", "--role", "owner")
    assert differ.status == 2
    assert "differ" in differ.err
    assert shop("operator", "add", "--name", "Olga", "--role", "owner").status == 0


def test_a_known_cashiers_sale_with_a_discount_by_hand_is_refused(shop: Program, jacket: Any) -> None:
    """Line by line, with the code that --help lists."""
    shop("operator", "add", "--name", "Olga", "--role", "owner", "--pin-stdin", stdin="830517\n")
    shop("operator", "add", "--name", "anna", "--role", "cashier", "--pin-stdin", stdin="3906\n")
    order = jacket()
    order["operator"] = "anna"
    order["lines"][0]["by_hand"] = "10%"
    (refused,) = shop.sell(order)
    assert refused["error"]["code"] == "right-missing"
    order["operator"] = "Olga"
    (sold,) = shop.sell(order)
    assert sold["due"] == "4500.00"


def test_the_roles_of_the_call_are_those_of_the_shop() -> None:
    """The parser repeats them, so that --help loads nothing."""
    assert get_args(Role) == ROLES
