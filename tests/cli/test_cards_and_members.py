"""`card` and `member`: cards handed out and shown key by key, holders enrolled and found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from stdnum import ean

ANA = "2900000000018"
Shop = Any
Jacket = Callable[..., dict[str, Any]]


def test_cards_are_issued_in_a_row(shop: Shop) -> None:
    """`card issue` hands out the next free numbers with right check digits; --json says their kind."""
    ran = shop("card", "issue", "--count", "3")
    numbers = ran.out.split()
    assert numbers == ["2900000000025", "2900000000032", "2900000000049"]
    assert all(ean.is_valid(number) for number in numbers)
    one = shop("card", "issue", "--bearer", "--json")
    assert one.json == [{"number": "2900000000056", "kind": "bearer"}]
    own = shop("card", "issue", "--number", "L000013", "--json")
    assert own.json == [{"number": "L000013", "kind": "named"}]


@pytest.mark.parametrize(
    "argv",
    [
        ["--number", ANA],
        ["--number", "2900000000019"],
        ["--number", "a b"],
        ["--number", "2900000000025", "--count", "2"],
        ["--count", "0"],
        ["--count", "100001"],
    ],
)
def test_a_card_that_cannot_be_issued_is_one_sentence(shop: Shop, argv: list[str]) -> None:
    """A taken number, a wrong check digit, a shape that no card has, or too many at once: exit status 1 and a sentence."""
    ran = shop("card", "issue", *argv)
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)


def test_show_has_every_documented_key(shop: Shop, jacket: Jacket) -> None:
    """`card show --json` has exactly the documented keys, with lots, tier and what is missing to the next."""
    (sold,) = shop.sell(jacket())
    view = shop("card", "show", ANA, "--json", "--at", "2026-12-10").json
    account = view.pop("account")
    assert len(account) == 36
    assert view == {
        "number": ANA,
        "status": "active",
        "kind": "named",
        "holder": "Ana Kovač",
        "tier": {
            "id": "basic",
            "name": "Basic",
            "since": "2026-01-02",
            "kept_until": None,
            "spend": "5000.00",
            "next": {"id": "vip", "missing": "5000.00"},
        },
        "purses": {
            "cashback": {
                "available": "250.00",
                "pending": "0.00",
                "owed": "0.00",
                "lots": [
                    {
                        "amount": "250.00",
                        "available": "2026-12-04",
                        "expires": "2027-12-04",
                        "sale": sold["id"],
                        "offer": "tier:basic:cashback",
                    }
                ],
            }
        },
        "clubs": [],
        "coupons": [],
        "prizes": [],
        "last_visit": "2026-11-20",
        "visits": 1,
    }


def test_a_card_is_shown_as_of_a_time(shop: Shop, jacket: Jacket) -> None:
    """--at says what the card says on another day: pending before the fortnight is over, gone after a year."""
    shop.sell(jacket())

    def balance(at: str) -> tuple[str, str]:
        cashback = shop("card", "show", ANA, "--json", "--at", at).json["purses"]["cashback"]
        return cashback["available"], cashback["pending"]

    assert balance("2026-12-03T23:59:00+01:00") == ("0.00", "250.00")
    assert balance("2026-12-04") == ("250.00", "0.00")
    assert balance("2027-12-05") == ("0.00", "0.00")


def test_a_card_is_readable_without_json(shop: Shop, jacket: Jacket) -> None:
    """Without --json a person reads the card, its holder, tier and purse."""
    shop.sell(jacket())
    out = shop("card", "show", ANA, "--at", "2026-12-10").out
    for words in (ANA, "Ana Kovač", "Basic", "5,000.00 more to VIP", "250.00 to spend"):
        assert words in out


def test_a_card_is_blocked_unblocked_and_replaced(shop: Shop, jacket: Jacket) -> None:
    """Blocking and unblocking change the status; a replacement opens the same account, and the old card never again."""
    shop.sell(jacket())
    assert shop("card", "block", ANA, "--json").json["status"] == "blocked"
    again = shop("card", "block", ANA)
    assert (again.status, again.err.count("\n")) == (1, 1)
    assert shop("card", "unblock", ANA).status == 0
    new = shop("card", "replace", ANA, "--json").json
    old = shop("card", "show", ANA, "--json").json
    assert (new["status"], old["status"]) == ("active", "replaced")
    assert new["account"] == old["account"]
    assert new["purses"] == old["purses"]
    assert shop("card", "unblock", ANA).status == 1
    named = shop("card", "replace", new["number"], "L000013")
    assert "L000013" in named.out


def test_an_unknown_card_is_one_sentence(shop: Shop) -> None:
    """A card that nobody has, or with a wrong check digit, is refused in a sentence of its own."""
    unknown, wrong = shop("card", "show", "2900000000995"), shop("card", "show", "2900000000019")
    assert (unknown.status, wrong.status) == (1, 1)
    assert "not known" in unknown.err
    assert "check digit" in wrong.err


def test_a_member_is_enrolled_and_found(shop: Shop) -> None:
    """`member add` takes every field, and `find` meets the holder by name in their script, by phone and by card."""
    added = shop(
        "member",
        "add",
        "--name",
        "فاطمة الحسن",
        "--card",
        "2900000000025",
        "--birthday",
        "1990-02-28",
        "--phone",
        "+359 88 123 4567",
        "--email",
        "fatima@example.com",
        "--language",
        "ar",
        "--referred-by",
        ANA,
        "--joined",
        "2026-03-01",
        "--json",
    )
    assert added.status == 0
    member = added.json
    assert list(member) == [
        "account",
        "name",
        "cards",
        "phone",
        "email",
        "birthday",
        "language",
        "referred_by",
        "joined",
    ]
    assert member["cards"] == [{"number": "2900000000025", "kind": "named", "status": "active"}]
    assert (member["phone"], member["birthday"], member["joined"]) == ("+359881234567", "1990-02-28", "2026-03-01")
    for text in ("فاطمة", "1234567", "2900000000025"):
        (found,) = shop("member", "find", text, "--json").json
        assert found["account"] == member["account"]
    shown = shop("member", "show", "2900000000025", "--json").json
    assert shown["card"]["holder"] == "فاطمة الحسن"
    assert {**shown, "card": 0} == {**member, "card": 0}
    assert "فاطمة الحسن" in shop("member", "show", "2900000000025").out
    assert "2900000000025" in shop("member", "find", "فاطمة").out


def test_a_member_without_a_card_is_shown_by_account(shop: Shop) -> None:
    """A holder who took no card yet has no card to show."""
    member = shop("member", "add", "--name", "Jan Nowak", "--json").json
    assert shop("member", "show", member["account"], "--json").json["card"] is None
    assert "Jan Nowak" in shop("member", "show", member["account"]).out


def test_nobody_found_is_an_answer(shop: Shop) -> None:
    """A search without a result says so, in JSON as an empty list; to show a holder who is not there is refused."""
    found = shop("member", "find", "Zzz")
    assert (found.status, found.out.count("\n")) == (0, 1)
    ran = shop("member", "find", "Zzz", "--json")
    assert (ran.status, ran.json) == (0, [])
    assert shop("member", "show", "2900000000995").status == 1


@pytest.mark.parametrize(
    ("argv", "status"),
    [
        (["--name", ""], 1),
        (["--name", "A", "--phone", "call me"], 1),
        (["--name", "A", "--birthday", "31.12.1990"], 2),
        (["--name", "A", "--birthday", "2999-01-01"], 1),
        (["--name", "A", "--card", ANA], 1),
        (["--card", "2900000000025"], 2),
    ],
)
def test_a_wrong_field_is_one_sentence(shop: Shop, argv: list[str], status: int) -> None:
    """What is refused ends with 1, a call that cannot be understood with 2; nothing is stored of either."""
    ran = shop("member", "add", *argv)
    assert (ran.status, ran.out, ran.err.count("\n")) == (status, "", 1)
    assert shop("member", "find", "A", "--json").json == shop("member", "find", "Ana", "--json").json


def test_a_bearer_card_is_registered_by_a_member(shop: Shop) -> None:
    """A card issued before gets its holder, and is a named card from then on."""
    shop("card", "issue", "--number", "2900000000025", "--bearer")
    assert shop("card", "show", "2900000000025", "--json").json["kind"] == "bearer"
    shop("member", "add", "--name", "Jan Nowak", "--card", "2900000000025")
    assert shop("card", "show", "2900000000025", "--json").json["kind"] == "named"
