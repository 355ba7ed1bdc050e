"""What a receipt says of a whole programme: rewards, gifts, coupons, memberships and every purse, sold and given back."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import zxingcpp
from rich.cells import cell_len
from rich_bill import FIRST, Rich, rich_bill
from shops import ANA

from pos_loyalty.domain.ledger import Balance
from pos_loyalty.domain.message import Message
from pos_loyalty.domain.money import MILLION, Currency
from pos_loyalty.domain.sale import (
    AskedBack,
    CouponIssued,
    CouponUsed,
    Earned,
    MembershipSold,
    Owed,
    PurseShare,
    ReferrerBack,
    ReferrerEarned,
)
from pos_loyalty.language import LANGUAGES, Language
from pos_loyalty.receipt import (
    PROFILES,
    Barcode,
    Receipt,
    as_escpos,
    as_picture,
    as_text,
    late_card_slip,
    sale_receipt,
)
from pos_loyalty.storage.engine import Store
from pos_loyalty.till.checkout import Order, sell
from pos_loyalty.till.late_card import LateOrder, add_card

GOLDEN = Path(__file__).parent / "golden"
EUR = Currency.of("EUR")
JACKET, COFFEE, CERTIFICATE = 2, 1, 4


@pytest.fixture
def rich(sqlite_store: Store) -> Rich:
    """Two bills of Ana's, of which the second has everything."""
    return rich_bill(sqlite_store)


def compare(name: str, text: str) -> None:
    """Hold a receipt against its file; WRITE_GOLDEN=1 writes the files instead, to be read before they are committed."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def squeezed(receipt: Receipt) -> list[str]:
    """The lines of a receipt without the spaces between words and amounts."""
    return [" ".join(line.split()) for line in as_text(receipt, 48).splitlines()]


def after(lines: list[str], line: str, count: int) -> list[str]:
    """So many lines below a line that is there once."""
    assert lines.count(line) == 1, (line, lines)
    index = lines.index(line) + 1
    return lines[index : index + count]


# ---- the whole of it ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_a_rich_bill_is_stated_whole(rich: Rich, columns: int) -> None:
    """Gifts, rewards with what they cost, a coupon used and one given, points spent, a membership, certificates, all purses."""
    compare(f"rich-{columns}", as_text(rich.receipt(), columns))


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_a_rich_return_is_stated_whole(rich: Rich, columns: int) -> None:
    """A jacket back without its tote bag, then all the rest without its mug."""
    first = rich.back((JACKET, MILLION), gifts_kept=("tote",))
    second = rich.back(gifts_kept=("mug",))
    compare(f"rich-return-{columns}", as_text(rich.back_receipt(first), columns))
    compare(f"rich-returned-{columns}", as_text(rich.back_receipt(second), columns))


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_rich_bill_is_stated_whole_in_every_language(rich: Rich, code: str) -> None:
    """The same rows, the same figures and the same barcodes as in English, within the narrowest paper."""
    refund = rich.back((JACKET, MILLION), gifts_kept=("tote",))
    for receipt, english, points in (
        (rich.receipt(code), rich.receipt(), 1565),
        (rich.back_receipt(refund, code), rich.back_receipt(refund), -1505),
    ):
        assert [type(row) for row in receipt.rows] == [type(row) for row in english.rows]
        assert [row for row in receipt.rows if isinstance(row, Barcode)] == [
            row for row in english.rows if isinstance(row, Barcode)
        ]
        assert max(map(cell_len, as_text(receipt, 32).splitlines())) <= 32
        text = as_text(receipt, 42)
        assert "C4242424262" in text
        assert "{" not in text
        assert rich.language(code).signed_units(points, "points").replace("\N{NO-BREAK SPACE}", " ") in text


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", ["default", "58mm", "graphic-58mm"])
def test_every_number_can_be_scanned_from_the_paper(rich: Rich, code: str, name: str) -> None:
    """The receipt's, the new coupon's and the sold certificate's, as Code 128 in reading order, each in letters below."""
    receipt = rich.receipt(code)
    numbers = ["C4242424262", "G00004242424270", "till-1-000002"]
    found = zxingcpp.read_barcodes(as_picture(receipt, PROFILES[name]), formats=zxingcpp.BarcodeFormat.Code128)
    assert [one.text for one in sorted(found, key=lambda one: one.position.top_left.y)] == numbers
    lines = as_text(receipt, 32).splitlines()
    assert [line.strip() for line in lines if line.strip() in numbers] == numbers


@pytest.mark.parametrize("name", list(PROFILES))
def test_a_rich_bill_goes_to_every_printer(rich: Rich, name: str) -> None:
    """As one job that ends with the cut or the feed, in English and from right to left."""
    for code in ("en", "ar"):
        job = as_escpos(rich.receipt(code), PROFILES[name])
        assert job.startswith(b"\x1b@")
        assert job.endswith(b"\x1dV\x42\x00" if PROFILES[name].cutter else b"\x1bd\x05")


# ---- the sale ----------------------------------------------------------------------------------------------------------


def test_a_reward_says_what_it_cost(rich: Rich) -> None:
    """Money off, gifts and earnings that were paid for name the units; what cost nothing has no such line."""
    lines = squeezed(rich.receipt())
    assert after(lines, "The tenth coffee is free -2.74", 1) == ["for 9 stamps"]
    assert after(lines, "Gift: Mug", 2) == ["A mug for 200 points", "for 200 points"]
    assert after(lines, "Gift: Saucer", 2) == ["A saucer for 50 points and 1 stamp", "for 50 points and 1 stamp"]
    assert after(lines, "Two tickets for 30 points", 1) == ["for 30 points"]
    assert after(lines, "Gift: Tote bag", 2) == ["A tote bag with 60 euros", "-" * 48]


def test_several_gifts_of_one_reward_are_counted(rich: Rich) -> None:
    """A reward that was taken twice gives two."""
    (gift, *_) = rich.sale.quote.gifts
    sale = replace(rich.sale, quote=replace(rich.sale.quote, gifts=(replace(gift, quantity=2),)))
    assert "Gift: 2 x Mug" in squeezed(rich.receipt(sale=sale))


def test_a_coupon_that_was_used_stands_at_what_it_opened(rich: Rich) -> None:
    """At money off, at a gift, at an earning that is summed with others, and at a coupon that it was exchanged for."""
    assert after(squeezed(rich.receipt()), "Your 10 % coupon -18.09", 1) == ["with coupon C4242424243"]
    for offer, title in (
        ("tote", "A tote bag with 60 euros"),
        ("visit", "Five points for dropping in"),
        ("next-visit", "A coupon for the next visit"),
    ):
        quote = replace(rich.sale.quote, coupons_used=(CouponUsed(offer, "C0000000000"),))
        lines = squeezed(rich.receipt(sale=replace(rich.sale, quote=quote)))
        assert after(lines, title, 1) == ["with coupon C0000000000"]


def test_points_that_pay_are_told_as_points_and_as_money(rich: Rich) -> None:
    """Whether they lower the price or pay it; cashback is money already, and said once."""
    lines = squeezed(rich.receipt())
    assert lines.index("Paid from Points: 150 -1.50") < lines.index("Price 203.50")
    assert after(lines, "Price 203.50", 1) == ["Paid from Cashback -1.62"]
    tendered = tuple(replace(one, counts_as="tender") for one in rich.sale.quote.spent)
    lines = squeezed(rich.receipt(sale=replace(rich.sale, quote=replace(rich.sale.quote, spent=tendered))))
    assert after(lines, "Price 205.00", 2) == ["Paid from Cashback -1.62", "Paid from Points: 150 -1.50"]


def test_what_was_earned_is_summed_by_purse_in_its_own_unit(rich: Rich) -> None:
    """Money with cents, all else without; two offers into one purse are one sum, with one pair of days."""
    earned = {purse: sum(one.amount for one in rich.sale.quote.earned if one.purse == purse) for purse in rich.units}
    assert earned == {"cashback": 922, "points": 1565, "coffee": 2, "new-year": 5}
    lines = squeezed(rich.receipt())
    assert after(lines, "Cashback: earned +9.22", 1) == ["to spend from 6 Dec 2026 until 6 Dec 2027"]
    assert after(lines, "Points: earned +1,565", 1) == ["to spend until 22 Nov 2028"]
    assert after(lines, "Coffee: earned +2", 2) == ["A stamp for every coffee", "New year: earned +5"]


def test_earnings_with_days_of_their_own_are_not_summed(rich: Rich) -> None:
    """A sum that could be spent from two days on would say neither."""
    one, two = (
        Earned("points", offer, Message("{title}", title=offer), 10, (10,), date(2026, 12, day), None)
        for offer, day in (("a", 1), ("b", 2))
    )
    sale = replace(rich.sale, quote=replace(rich.sale.quote, earned=(one, two)))
    lines = squeezed(rich.receipt(sale=sale))
    assert lines.count("Points: earned +10") == 2
    assert {"to spend from 1 Dec 2026", "to spend from 2 Dec 2026"} < set(lines)


def test_what_made_good_a_debt_is_said_where_it_was_earned(rich: Rich) -> None:
    """1,565 points came in, of which 100 made good what was owed: the balance is 100 lower than the sum."""
    lines = squeezed(rich.receipt(sale=replace(rich.sale, settled=(Owed("points", 100),))))
    assert after(lines, "Points: earned +1,565", 2) == ["to spend until 22 Nov 2028", "towards what was owed -100"]


def test_the_balance_of_every_purse_is_stated(rich: Rich) -> None:
    """What is there now, what is to come, what is owed, and what runs out next; stamps and tickets are no money."""
    lines = squeezed(rich.receipt())
    assert after(lines, "Cashback: to spend 0.00", 2) == ["to come 9.22", "runs out after 6 Dec 2027 9.22"]
    assert after(lines, "Points: available 1,680", 1) == ["runs out after 1 Nov 2028 115"]
    assert after(lines, "Coffee: available 2", 1) == ["New year: available 6"]
    sale = replace(rich.sale, balances=(Balance("coffee", 3, 4, 5, date(2027, 1, 31), 3),))
    assert after(squeezed(rich.receipt(sale=sale)), "Coffee: available 3", 3) == [
        "to come 4",
        "owed 5",
        "runs out after 31 Jan 2027 3",
    ]


def test_a_coupon_says_what_it_gives_and_until_when(rich: Rich) -> None:
    """By the title of the offer that it opens; one of an old bill, which does not say, by the title of who gave it."""
    lines = squeezed(rich.receipt())
    assert after(lines, "Coupon: Your 10 % coupon", 3) == [
        "A coupon for the next visit",
        "to use until 22 Dec 2026",
        "C4242424262",
    ]
    old = CouponIssued("next-visit", Message("{title}", title="A coupon"), "ten-off", "C0000000000")
    lines = squeezed(rich.receipt(sale=replace(rich.sale, quote=replace(rich.sale.quote, coupons=(old,)))))
    assert after(lines, "Coupon: A coupon", 1) == ["C0000000000"]


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        (date(2026, 11, 22), date(2027, 11, 22), "member until 22 Nov 2027"),
        (date(2027, 3, 2), date(2028, 3, 1), "member from 2 Mar 2027 until 1 Mar 2028"),
        (date(2026, 11, 22), None, "member for good"),
    ],
)
def test_a_membership_says_how_long_it_lasts(rich: Rich, since: date, until: date | None, words: str) -> None:
    """With its first day where it prolongs one that is still on; for good where the programme ends it never."""
    sold = MembershipSold(5, "friends", since, until)
    lines = squeezed(rich.receipt(sale=replace(rich.sale, quote=replace(rich.sale.quote, memberships=(sold,)))))
    assert after(lines, "Friends of the shop 20.00", 1) == [words]


def test_a_tier_that_was_reached_is_said(rich: Rich) -> None:
    """Ana was Gold when the bill was opened, and is VIP now that it counts."""
    assert after(squeezed(rich.receipt()), "From now on: VIP!", 1) == ["Tier VIP"]


def test_the_thanks_are_by_name_and_on_one_line(rich: Rich) -> None:
    """The short name; a name longer than the narrowest paper is thanked without it, and so is nobody where none is known."""

    def thanks(holder: str | None) -> list[str]:
        receipt = sale_receipt(rich.sale, holder, rich.shop, rich.language("en"), local=rich.programme.local)
        return [line for line in squeezed(receipt) if line.startswith("Thank you")]

    assert thanks("Ana Kovač") == ["Thank you, Ana K.!"]
    assert thanks("Wolfeschlegelsteinhausen Bergerdorff") == ["Thank you!"]
    assert thanks("漢字漢字漢字漢字漢字") == ["Thank you, 漢字漢字漢字漢字漢字!"]
    assert thanks("漢字漢字漢字漢字漢字漢") == ["Thank you!"]
    assert thanks("Wolfgang Bergerdorff") == ["Thank you, Wolfgang B.!"]
    assert thanks(None) == []


def test_what_a_referrer_was_given_is_not_on_the_friends_receipt(rich: Rich) -> None:
    """Neither what they earned nor what a return took from them: it is another's purse."""
    theirs = Earned("points", "friend", Message("Secret"), 50, (50,), rich.sale.day, None)
    sale = replace(rich.sale, quote=replace(rich.sale.quote, referrer=(ReferrerEarned("other", theirs),)))
    assert rich.receipt(sale=sale) == rich.receipt()
    back = rich.back((JACKET, MILLION))
    taken = ReferrerBack("other", (PurseShare("points", "friend", 50),), (Owed("points", 7),))
    assert rich.back_receipt(replace(back, referrer=taken)) == rich.back_receipt(back)


def test_a_bill_without_any_of_it_says_nothing_of_it(rich: Rich) -> None:
    """A bill of goods alone has no line of gifts, coupons, rewards or thanks."""
    quote = replace(
        rich.sale.quote,
        discounts=(),
        spent=(),
        earned=(),
        gifts=(),
        coupons=(),
        coupons_used=(),
        certificates=(),
        memberships=(),
    )
    sale = replace(rich.sale, account=None, card=None, quote=quote, balances=())
    text = as_text(sale_receipt(sale, None, rich.shop, Language("en", EUR), local=rich.programme.local))
    assert not any(word in text for word in ("Gift:", "oupon", "for ", "member", "Thank", "available", "Paid from"))


# ---- the return --------------------------------------------------------------------------------------------------------


def test_money_kept_for_gifts_is_told_from_money_kept_for_earnings(rich: Rich) -> None:
    """A tote bag of 5.00 that stays, and 0.20 of cashback that was spent: two lines, which make what is withheld."""
    back = rich.back((JACKET, MILLION), gifts_kept=("tote",))
    assert back.withheld == 500
    lines = squeezed(rich.back_receipt(back))
    assert "Kept for the gift: Tote bag -5.00" in lines
    assert not any("is spent" in line for line in lines)
    lines = squeezed(rich.back_receipt(replace(back, withheld=520)))
    assert after(lines, "Kept for what was earned and is spent -0.20", 1) == ["Kept for the gift: Tote bag -5.00"]


def test_a_return_says_what_became_of_gifts_and_coupons(rich: Rich) -> None:
    """Back, kept for its units or without money enough, void, usable again; a coupon that another bill used is left unsaid."""
    back = rich.back()
    lines = squeezed(rich.back_receipt(back))
    assert after(lines, "Gift back: Mug", 4) == [
        "Gift back: Saucer",
        "Gift back: Tote bag",
        "Coupon void C4242424262",
        "Coupon usable again C4242424243",
    ]
    kept = (
        AskedBack("mug", gift="MUG", kept=True),
        AskedBack("next-visit", coupon="C4242424262", kept=True),
    )
    lines = squeezed(rich.back_receipt(replace(back, asked_back=kept, coupons_back=())))
    assert "Gift kept: Mug" in lines
    assert not any("oupon" in line for line in lines)


def test_a_certificate_that_came_back_is_void_and_masked(rich: Rich) -> None:
    """By the last of its number, at its line."""
    lines = squeezed(rich.back_receipt(rich.back((CERTIFICATE, MILLION))))
    assert after(lines, "Gift certificate 25.00", 1) == ["void: ***********4270"]
    assert not any("G00004242424270" in line for line in lines)


def test_certificates_that_money_went_back_to_say_what_is_on_them(rich: Rich) -> None:
    """Ten had been paid with it: fifty are on it again."""
    lines = squeezed(rich.back_receipt(rich.back((JACKET, MILLION))))
    assert after(lines, "Gift certificate 10.00", 3) == [
        "***********4256",
        "left on it 50.00",
        "to spend until 1 Nov 2028",
    ]


def test_a_return_sums_by_purse(rich: Rich) -> None:
    """Points come back that paid and that rewards cost, and go that several offers had earned: one line each way."""
    back = rich.back()
    points = [share for share in back.restored if share.purse == "points"]
    assert len(points) > 1
    lines = squeezed(rich.back_receipt(back))
    assert f"Points: given back +{sum(share.amount for share in points)}" in lines
    assert sum(line.startswith("Points: given back") for line in lines) == 1
    assert sum(line.startswith("Points: taken back") for line in lines) == 1


def test_a_return_says_what_went_towards_a_debt_and_what_is_owed(rich: Rich) -> None:
    """In each purse's own unit: stamps owed are no money."""
    back = replace(
        rich.back((COFFEE, MILLION)),
        settled=(Owed("points", 40),),
        owed=(Owed("coffee", 1),),
        forgiven=(Owed("cashback", 5),),
    )
    lines = squeezed(rich.back_receipt(back))
    assert {"Points: towards what was owed -40", "Coffee: owed now 1", "Cashback: not asked back 0.05"} < set(lines)


def test_no_one_is_thanked_for_a_return(rich: Rich) -> None:
    """The thanks are for a purchase."""
    assert not any(line.startswith("Thank you") for line in squeezed(rich.back_receipt(rich.back())))


# ---- the late card -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [32, 42])
def test_a_card_that_was_added_late_gets_a_slip(rich: Rich, columns: int) -> None:
    """Which bill, whose card, and what was earned in each purse; nothing of the bill itself, whose receipt stands."""
    sale = sell(rich.register, Order(FIRST, operator="anna")).sale
    late = add_card(rich.register, LateOrder(sale.receipt_number, ANA, "anna"))
    slip = late_card_slip(late, sale, "Ana Kovač", rich.shop, rich.language("en"), local=rich.programme.local)
    compare(f"late-card-{columns}", as_text(slip, columns))
    owing = replace(late, settled=(Owed("points", 100),))
    slip = late_card_slip(owing, sale, None, rich.shop, rich.language("ar"), local=rich.programme.local)
    assert slip.rtl
    assert rich.language("ar").units(-100, "points") in as_text(slip, columns)
    assert max(map(cell_len, as_text(slip, columns).splitlines())) <= columns
