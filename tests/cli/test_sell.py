"""`sell` answers as commands.md says, key by key, and stores what it answered and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

ANA = "2900000000018"
Shop = Any
Jacket = Callable[..., dict[str, Any]]
SALE_KEYS = [
    "id",
    "receipt_number",
    "card",
    "holder",
    "tier",
    "tier_after",
    "gross",
    "discounts",
    "spent",
    "due",
    "paid",
    "rounding",
    "change",
    "vat",
    "earned",
    "gifts",
    "coupons",
    "certificates",
    "balances",
    "why",
    "warnings",
    "receipt",
]


def test_a_jacket_of_5000_earns_250(shop: Shop, jacket: Jacket) -> None:
    """5000.00 with a tier of 5 % cashback earns 250.00, and the receipt says so."""
    (answer,) = shop.sell(jacket())
    (earned,) = answer["earned"]
    assert earned == {
        "purse": "cashback",
        "offer": "tier:basic:cashback",
        "amount": "250.00",
        "lines": ["250.00"],
        "available": "2026-12-04",
        "expires": "2027-12-04",
    }
    assert "+250.00" in answer["receipt"]
    assert all(len(line) <= 42 for line in answer["receipt"].splitlines())


def test_the_answer_has_every_key(shop: Shop, jacket: Jacket) -> None:
    """An answer's keys are the documented ones, in their order, with amounts as texts."""
    (answer,) = shop.sell(jacket(tenders=[{"kind": "cash", "amount": "6000.00"}]))
    assert list(answer) == SALE_KEYS
    receipt = answer.pop("receipt")
    assert answer == {
        "id": "0193f5c4-8a00-7000-8000-000000000001",
        "receipt_number": "till-1-000001",
        "card": "*********0018",
        "holder": "Ana K.",
        "tier": "basic",
        "tier_after": "basic",
        "gross": "5000.00",
        "discounts": [],
        "spent": [],
        "due": "5000.00",
        "paid": "6000.00",
        "rounding": "0.00",
        "change": "1000.00",
        "vat": [{"rate": "20%", "net": "4166.67", "vat": "833.33"}],
        "earned": answer["earned"],
        "gifts": [],
        "coupons": [],
        "certificates": [],
        "balances": {
            "cashback": {
                "available": "0.00",
                "pending": "250.00",
                "owed": "0.00",
                "next_expiry": {"on": "2027-12-04", "amount": "250.00"},
            }
        },
        "why": answer["why"],
        "warnings": [],
    }
    assert "Corner Shop Club" in receipt


def test_every_offer_leaves_a_reason(shop: Shop, jacket: Jacket) -> None:
    """Each offer of the programme is in `why`, applied or not, with its reason."""
    (answer,) = shop.sell(jacket())
    assert {one["offer"]: one["applied"] for one in answer["why"]} == {
        "tier:basic:cashback": True,
        "tier:vip:discount": False,
        "tier:vip:cashback": False,
    }
    assert all(one["reason"] for one in answer["why"])


def test_discounts_spending_and_rounding_are_stated(shop: Shop, jacket: Jacket) -> None:
    """A discount by hand, the tier's discount, cashback spent and rounded cash stand in the answer with each line's part."""
    shop.sell(jacket(id=None, at="2026-06-01T10:00:00+02:00"), jacket(id=None, at="2026-06-02T10:00:00+02:00"))
    (answer,) = shop.sell(
        {
            "at": "2026-07-01T10:00:00+02:00",
            "card": ANA,
            "lines": [
                {"name": "Socks", "unit_price": "6.99", "quantity": "2", "vat": "20%"},
                {"name": "Bread", "unit_price": "1.50", "by_hand": "10%"},
                {"name": "Cigarettes", "department": "tobacco", "unit_price": "3.20"},
            ],
            "spend": {"cashback": "2.02"},
        }
    )
    assert answer["tier"] == "vip"
    assert answer["discounts"] == [
        {"offer": "by_hand", "amount": "0.15", "lines": ["0.00", "0.15", "0.00"]},
        {"offer": "tier:vip:discount", "amount": "1.54", "lines": ["1.40", "0.14", "0.00"]},
    ]
    assert answer["spent"] == [
        {
            "purse": "cashback",
            "offer": None,
            "amount": "2.02",
            "counts_as": "discount",
            "lines": ["1.84", "0.18", "0.00"],
        }
    ]
    assert (answer["gross"], answer["due"], answer["rounding"], answer["paid"]) == ("18.68", "14.97", "-0.02", "14.95")
    assert [one["rate"] for one in answer["vat"]] == ["0%", "20%"]


def test_a_sale_without_a_card_has_nobody(shop: Shop) -> None:
    """Only `lines` is needed; without a card there is no holder, tier or purse."""
    (answer,) = shop.sell({"lines": [{"name": "Bread", "unit_price": "1.50"}]})
    assert [answer[key] for key in ("card", "holder", "tier", "tier_after", "balances", "earned")] == [
        None,
        None,
        None,
        None,
        {},
        [],
    ]
    assert len(answer["id"]) == 36
    assert answer["paid"] == "1.50"


def test_the_same_id_twice_is_once(shop: Shop, jacket: Jacket) -> None:
    """The same id with the same content answers with the first result, byte for byte, and stores nothing."""
    first, again, other = shop.sell(jacket(), jacket(), jacket(operator="boris"))
    assert first == again
    assert other["error"]["code"] == "id-conflict"
    assert other["id"] == first["id"]
    card = shop("card", "show", ANA, "--json").json
    assert (card["visits"], card["purses"]["cashback"]["pending"]) == (1, "250.00")


def test_the_same_id_is_the_same_however_it_is_written(shop: Shop, jacket: Jacket) -> None:
    """A UUID in capitals is the same UUID."""
    first, again = shop.sell(jacket(), jacket(id="0193F5C4-8A00-7000-8000-000000000001"))
    assert first == again


def test_a_quote_stores_nothing(shop: Shop, jacket: Jacket) -> None:
    """--quote answers in the same shape, without a receipt, and the store is as before."""
    before = shop("card", "show", ANA, "--json").json
    ran = shop("sell", "--quote", stdin=json.dumps(jacket()))
    assert ran.status == 0
    (quote,) = ran.lines
    assert list(quote) == SALE_KEYS
    assert (quote["receipt_number"], quote["receipt"], quote["due"]) == (None, None, "5000.00")
    assert quote["earned"][0]["amount"] == "250.00"
    assert shop("card", "show", ANA, "--json").json == before
    (sold,) = shop.sell(jacket())
    assert {**quote, "receipt_number": 0, "receipt": 0} == {**sold, "receipt_number": 0, "receipt": 0}


def test_goods_come_from_the_catalogue(shop: Shop) -> None:
    """A line that has only a SKU takes the rest from the catalogue; what it names itself stays."""
    goods = shop.folder / "goods.csv"
    goods.write_text("sku,name,department,price,vat\nMILK,Milk 1 l,dairy,1.55,20%\n", encoding="utf-8")
    assert shop("catalogue", "import", str(goods)).status == 0
    (answer,) = shop.sell({"lines": [{"sku": "MILK", "quantity": 2}, {"sku": "MILK", "vat": "9%"}]})
    assert answer["gross"] == "4.65"
    assert [one["rate"] for one in answer["vat"]] == ["9%", "20%"]


def test_a_naive_time_is_the_shop_s(shop: Shop, jacket: Jacket) -> None:
    """A time without an offset is on the clock of the programme's time zone."""
    (answer,) = shop.sell(jacket(at="2026-11-20T10:15:00"))
    assert "20 Nov 2026 10:15" in answer["receipt"]


def test_bad_lines_do_not_stop_good_ones(shop: Shop) -> None:
    """Each line is answered in order; a refused one does not stop the next, and the exit status says that there was one."""
    good = json.dumps({"lines": [{"name": "Bread", "unit_price": "1.50"}]}).encode()
    lines = [good, b"{", b"", b"   ", b"\xff\xfe", b"[1]", good, b"null", b'{"lines": []}', good]
    ran = shop("sell", "-", stdin=b"\xef\xbb\xbf" + b"\r\n".join(lines))
    codes = [answer["error"]["code"] if "error" in answer else answer["receipt_number"] for answer in ran.lines]
    assert codes == [
        "till-1-000001",
        "request-invalid",
        "request-invalid",
        "request-invalid",
        "till-1-000002",
        "request-invalid",
        "line-invalid",
        "till-1-000003",
    ]
    assert ran.status == 1
    assert ran.err == ""


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"card": "2900000000025"}, "card-unknown"),
        ({"card": "2900000000019"}, "card-check-digit"),
        ({"card": ""}, "card-unknown"),
        ({"card": 2900000000018}, "request-invalid"),
        ({"coupons": ["X"]}, "coupon-invalid"),
        ({"take": ["mug"]}, "offer-invalid"),
        ({"tenders": [{"kind": "certificate", "amount": "1.00", "number": "1"}]}, "certificate-invalid"),
        ({"tenders": [{"kind": "certificate", "amount": "1.00"}]}, "certificate-invalid"),
        ({"tenders": [{"kind": "certificate", "amount": "1.00", "number": 1}]}, "request-invalid"),
        ({"tenders": [{"kind": "cash", "amount": "1.00", "number": "1"}]}, "request-invalid"),
        ({"tenders": [{"kind": "cheque", "amount": "1.00"}]}, "request-invalid"),
        ({"tenders": [{"kind": "cash", "amount": 5000}]}, "amount-invalid"),
        ({"tenders": [{"kind": "cash", "amount": "5000.001"}]}, "amount-invalid"),
        ({"tenders": [{"kind": "cash", "amount": "0.00"}]}, "amount-invalid"),
        ({"tenders": [{"kind": "cash"}]}, "amount-invalid"),
        ({"tenders": [{"kind": "cash", "amount": "1.00"}]}, "tender-short"),
        ({"tenders": []}, "tender-short"),
        ({"tenders": "cash"}, "request-invalid"),
        ({"spend": {"cashback": "1.00"}}, "balance-too-low"),
        ({"spend": {"cashback": "-1.00"}}, "amount-invalid"),
        ({"spend": {"cashback": "most"}}, "amount-invalid"),
        ({"spend": {"points": "1.00"}}, "purse-unknown"),
        ({"spend": {"cashback": "1.00"}, "card": None}, "card-needed"),
        ({"spend": ["cashback"]}, "request-invalid"),
        ({"id": "42"}, "id-invalid"),
        ({"id": 42}, "request-invalid"),
        ({"at": "yesterday"}, "request-invalid"),
        ({"at": "2026-02-30T10:00:00Z"}, "request-invalid"),
        ({"at": "9999-12-31T23:59:59Z"}, "request-invalid"),
        ({"at": 0}, "request-invalid"),
        ({"operator": "a\u0000b"}, "request-invalid"),
        ({"operator": "a" * 201}, "request-invalid"),
        ({"lines": []}, "line-invalid"),
        ({"lines": None}, "request-invalid"),
        ({"lines": [{}] * 1001}, "line-invalid"),
        ({"lines": {"sku": "A"}}, "request-invalid"),
        ({"lines": ["A"]}, "line-invalid"),
        ({"lines": [{"sku": "NONE"}]}, "line-invalid"),
        ({"lines": [{"certificate": "25.00"}]}, "certificate-invalid"),
        ({"lines": [{"certificate": "25.00", "quantity": "2"}]}, "line-invalid"),
        ({"lines": [{"certificate": 25}]}, "line-invalid"),
        ({"lines": [{"club": "friends"}]}, "club-invalid"),
        ({"lines": [{"name": "A", "unit_price": 5.0}]}, "line-invalid"),
        ({"lines": [{"name": "A", "unit_price": 5}]}, "line-invalid"),
        ({"lines": [{"name": "A", "unit_price": True}]}, "line-invalid"),
        ({"lines": [{"name": "A", "unit_price": "1e3"}]}, "line-invalid"),
        ({"lines": [{"name": "A", "unit_price": "-1.00"}]}, "line-invalid"),
        ({"lines": [{"name": "A", "unit_price": "99999999999999.00"}]}, "line-invalid"),
        ({"lines": [{"name": "A", "unit_price": "1.00", "quantity": "0"}]}, "line-invalid"),
        ({"lines": [{"name": "A", "unit_price": "1.00", "quantity": "-1"}]}, "line-invalid"),
        ({"lines": [{"name": "A", "unit_price": "1.00", "quantity": 1.5}]}, "line-invalid"),
        ({"lines": [{"name": "A", "unit_price": "1.00", "quantity": "0.0000001"}]}, "line-invalid"),
        ({"lines": [{"name": "A", "unit_price": "1.00", "vat": "20"}]}, "line-invalid"),
        ({"lines": [{"name": "A", "unit_price": "1.00", "vat": 20}]}, "line-invalid"),
        ({"lines": [{"name": "A", "unit_price": "1.00", "vat": "101%"}]}, "line-invalid"),
        ({"lines": [{"name": "A", "unit_price": "1.00", "reduced": "yes"}]}, "line-invalid"),
        ({"lines": [{"name": "A", "unit_price": "1.00", "by_hand": "101%"}]}, "line-invalid"),
        ({"lines": [{"name": "A", "unit_price": "1.00", "by_hand": "1.01"}]}, "line-invalid"),
        ({"lines": [{"name": "A", "unit_price": "1.00", "by_hand": 10}]}, "line-invalid"),
        ({"lines": [{"name": "A\u001b[2J", "unit_price": "1.00"}]}, "line-invalid"),
        ({"lines": [{"name": "A", "price": "1.00"}]}, "line-invalid"),
        ({"discount": "5%"}, "request-invalid"),
    ],
)
def test_what_cannot_be_sold_is_refused_by_code(shop: Shop, jacket: Jacket, change: dict[str, Any], code: str) -> None:
    """Each refusal has its code and a sentence, leaves nothing behind, and ends with exit status 1."""
    ran = shop("sell", stdin=json.dumps(jacket(**change)))
    (answer,) = ran.lines
    assert ran.status == 1
    assert list(answer) == ["id", "error"]
    assert list(answer["error"]) == ["code", "message"]
    assert answer["error"]["code"] == code, answer
    assert "{" not in answer["error"]["message"]
    assert shop("card", "show", ANA, "--json").json["visits"] == 0


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"lines": [{"sku": "A", "sku": "B"}]}', "twice"),
        ('{"lines": [{"name": "A", "unit_price": NaN}]}', "NaN"),
        ('{"lines": [{"name": "A", "unit_price": -Infinity}]}', "-Infinity"),
        ('{"lines": [{"name": "A", "unit_price": 1e400}]}', "1e400"),
        ('{"lines": [{"name": "A", "quantity": ' + "9" * 5000 + "}]}", "999"),
        ('{"lines": ' + "[" * 100_000 + "]" * 100_000 + "}", "deep"),
        ('{"operator": "\\ud800", "lines": [{"name": "A", "unit_price": "1.00"}]}', "surrogate"),
        ('{"lines": [{"nmae": "A"}]}', '"name"'),
        ('{"Lines": []}', '"lines"'),
        ('{"a\\u001b[2J": 1}', "\ufffd[2J"),
        ('{"lines": []} x', "not JSON"),
    ],
)
def test_hostile_json_is_one_sentence(shop: Shop, line: str, words: str) -> None:
    """Whatever is written on a line, its answer says what is wrong with it."""
    (answer,) = shop("sell", stdin=line).lines
    assert words in answer["error"]["message"]


def test_a_line_that_is_too_long_is_passed_over(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line past the limit is refused without being kept, and the next one is sold."""
    monkeypatch.setattr("pos_loyalty.cli.json_lines.MAX_LINE", 1_000)
    good = b'{"lines": [{"name": "Bread", "unit_price": "1.50"}]}'
    ran = shop("sell", stdin=b"{" + b" " * 200_000 + b"}\n" + good + b"\n" + b"x" * 1_001 + b"\n" + good)
    assert ["error" in answer for answer in ran.lines] == [True, False, True, False]


def test_blocked_and_replaced_cards_are_told_apart(shop: Shop, jacket: Jacket) -> None:
    """A blocked card and a replaced one are refused each with its own code."""
    shop("card", "issue", "--count", "2")
    shop("card", "block", "2900000000025")
    shop("card", "replace", "2900000000032")
    answers = shop.sell(jacket(id=None, card="2900000000025"), jacket(id=None, card="2900000000032"))
    assert [answer["error"]["code"] for answer in answers] == ["card-blocked", "card-replaced"]


def test_the_register_s_settings_are_used(shop: Shop, jacket: Jacket) -> None:
    """Name, language, shop and operator of the settings file are on the receipt; the JSON stays as it is but for reasons."""
    file = shop.folder / "till.toml"
    file.write_text(
        '[register]\nname = "kasa-2"\nlanguage = "bg"\noperator = "Борис"\n[shop]\nname = "Ъгълът"\n', encoding="utf-8"
    )
    order = jacket()
    del order["operator"]
    (answer,) = shop("sell", "--config", str(file), stdin=json.dumps(order)).lines
    assert answer["receipt_number"] == "kasa-2-000001"
    assert answer["gross"] == "5000.00"
    assert "Ъгълът" in answer["receipt"]
    assert "Борис" in answer["receipt"]


def test_without_a_programme_nothing_is_sold(program: Shop, empty_store: bytes) -> None:
    """A store without a programme refuses each line and says what to do."""
    program.store.write_bytes(empty_store)
    (answer,) = program.sell({"lines": [{"name": "Bread", "unit_price": "1.50"}]})
    assert answer["error"]["code"] == "programme-missing"
    assert "programme activate" in answer["error"]["message"]
