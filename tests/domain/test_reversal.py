"""Returns: piece by piece comes to the cent to the same as all at once, and everything goes back where it came from."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from bills import (
    AT_ONCE,
    CASHBACK,
    DAY,
    Ledger,
    days,
    eur,
    goods,
    lot,
    programme,
    random_lines,
    random_programme,
    random_tenders,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_loyalty.domain.message import Message, Refused
from pos_loyalty.domain.money import MILLION
from pos_loyalty.domain.programme.offers import EarnRate, Offer
from pos_loyalty.domain.programme.rules import Purse, Spend
from pos_loyalty.domain.reversal import left_to_return, wanted_back
from pos_loyalty.domain.sale import Owed, PurseShare, Refund, Tender, VatLine

CASHBACK_OFFER = "tier:basic:cashback"


def shop(cashback: str = "10", purse: Purse = AT_ONCE, **more: Any) -> Ledger:
    return Ledger(programme(cashback=cashback, purses=(purse,), **({"restored_for": days(30)} | more)))


def pieces(*quantities: str) -> list[list[tuple[int, int]]]:
    """Returns of line 1, in pieces."""
    return [[(1, int(quantity) * MILLION)] for quantity in quantities]


def money(refund: Refund) -> dict[str, int]:
    return {tender.kind: tender.amount for tender in refund.money_back}


# ---- figures ----


def test_the_jacket_comes_back_whole() -> None:
    """4750.00 of cash, its VAT of 791.67, and the 47.50 that it earned."""
    ledger = Ledger(programme("5", "1"))
    sale = ledger.sell(DAY, [goods("5000.00")])
    refund = ledger.refund(sale, DAY)
    assert refund.money_back == (Tender("cash", eur("4750.00")),)
    assert refund.vat == (VatLine(200_000, eur("3958.33"), eur("791.67")),)
    assert refund.taken_back == (PurseShare("cashback", CASHBACK_OFFER, eur("47.50")),)
    assert (refund.owed, refund.forgiven, refund.withheld, refund.restored) == ((), (), 0, ())
    assert ledger.holdings()["cashback"].lots == ()


def test_each_figure_goes_back_half_up_less_what_went_before() -> None:
    """Three for 1.00, one by one: 0.33, 0.34 (0.67 less 0.33), 0.33; the VAT of 0.17 as 0.06, 0.05, 0.06."""
    ledger = Ledger(programme())
    sale = ledger.sell(DAY, [goods("1.00", "3", by_hand="2.00")])
    back = [ledger.refund(sale, DAY, piece) for piece in pieces("1", "1", "1")]
    assert [money(refund) for refund in back] == [{"cash": 33}, {"cash": 34}, {"cash": 33}]
    assert [refund.lines[0].vat for refund in back] == [6, 5, 6]


def test_earned_back_telescopes_per_line() -> None:
    """73.00 earn 0.73 at 1 %, of which 0.70 is the part of one line and 0.03 of the other: each part goes back with its line."""
    ledger = shop("1")
    sale = ledger.sell(DAY, [goods("10.00", "7"), goods("1.00", "3")])
    assert sale.quote.earned[0].lines == (70, 3)
    first = ledger.refund(sale, DAY, [(2, 2 * MILLION)])
    assert first.taken_back == (PurseShare("cashback", CASHBACK_OFFER, 2),)
    second = ledger.refund(sale, DAY, [(2, MILLION), (1, 3 * MILLION)])
    assert second.taken_back == (PurseShare("cashback", CASHBACK_OFFER, 31),)


def test_part_of_a_kilogram_comes_back() -> None:
    """0.4 of 1.234 kg at 9.99: 12.33 x 0.4 / 1.234, half up, is 4.00."""
    ledger = Ledger(programme())
    sale = ledger.sell(DAY, [goods("9.99", "1.234", unit="kg")])
    assert sale.quote.due == eur("12.33")
    assert money(ledger.refund(sale, DAY, [(1, 400_000)])) == {"cash": eur("4.00")}


# ---- where the money goes ----


def test_money_goes_to_certificate_card_other_cash_each_until_it_has_its_own() -> None:
    """100.00 paid as 10 + 20 + 30 + 40: pieces of 25.00 fill the certificate first, then the card, and cash last."""
    ledger = Ledger(programme())
    tenders = [
        Tender("cash", eur("50")),
        Tender("other", eur("30")),
        Tender("card", eur("20")),
        Tender("certificate", eur("10"), "G1"),
    ]
    sale = ledger.sell(DAY, [goods("25.00", "4")], tenders=tenders)
    assert sale.settlement.change == eur("10.00")
    back = [money(ledger.refund(sale, DAY, piece)) for piece in pieces("1", "1", "1", "1")]
    assert back == [
        {"certificate": eur("10"), "card": eur("15")},
        {"card": eur("5"), "other": eur("20")},
        {"other": eur("10"), "cash": eur("15")},
        {"cash": eur("25")},
    ]


def test_cash_is_rounded_in_sum_over_the_returns() -> None:
    """Two of 2.49, paid 5.00 for 4.98 in steps of 0.05: 2.50 and 2.50 come back, not 2.50 and 2.45."""
    ledger = Ledger(programme(cash_rounding=5))
    sale = ledger.sell(DAY, [goods("2.49", "2")])
    assert sale.settlement.rounding == 2
    back = [ledger.refund(sale, DAY, piece) for piece in pieces("1", "1")]
    assert [(money(refund), refund.rounding) for refund in back] == [({"cash": 250}, 1), ({"cash": 250}, 1)]
    assert ledger.total("rounding") == 0


def test_what_was_paid_by_card_is_not_rounded() -> None:
    """The card gets its 4.98 to the cent."""
    ledger = Ledger(programme(cash_rounding=5))
    sale = ledger.sell(DAY, [goods("2.49", "2")], tenders=[Tender("card", 498)])
    assert [money(ledger.refund(sale, DAY, piece)) for piece in pieces("1", "1")] == [{"card": 249}, {"card": 249}]


def test_a_deposit_line_given_back_is_paid_in_cash() -> None:
    """Goods of 1.00 with 0.25 for an empty bottle, 0.75 by card; who takes the bottle again pays 0.25 in cash."""
    for order in ([1, 2], [2, 1]):
        ledger = Ledger(programme())
        bottle = goods("-0.25", department="deposits", vat="0")
        sale = ledger.sell(DAY, [goods("1.00"), bottle], tenders=[Tender("card", 75)])
        back = {line: money(ledger.refund(sale, DAY, [(line, MILLION)])) for line in order}
        assert back == {1: {"card": 75, "cash": 25}, 2: {"cash": -25}}
        assert (ledger.total("tender:card"), ledger.total("tender:cash")) == (0, 0)


# ---- what purses paid ----


def spent_from_two_lots(**more: Any) -> tuple[Ledger, Any]:
    """4.00 of a bill of four pieces came from a lot of 3.00 that ends soon, then 1.00 of one that ends late."""
    ledger = shop("0", **more)
    ledger.give(lot(amount="3.00", expires=DAY + timedelta(days=10), id="soon"))
    ledger.give(lot(amount="5.00", expires=DAY + timedelta(days=100), id="late"))
    sale = ledger.sell(DAY, [goods("2.50", "4")], {"cashback": eur("4.00")})
    assert [(draw.lot, draw.amount) for draw in sale.quote.spent[0].draws] == [("soon", 300), ("late", 100)]
    return ledger, sale


def test_restored_to_the_very_lots_last_drawn_first() -> None:
    """The first piece goes back to the lot that was drawn on last, the others to the one before."""
    ledger, sale = spent_from_two_lots(restored_for=days(5))
    held = []
    for piece in pieces("1", "1", "2"):
        refund = ledger.refund(sale, DAY, piece)
        assert money(refund) == {"cash": eur("1.50") * piece[0][1] // MILLION}
        held.append({each.id: each.remaining for each in ledger.lots().values()})
    assert held == [{"soon": 0, "late": 500}, {"soon": 100, "late": 500}, {"soon": 300, "late": 500}]


def test_only_the_part_given_back_lives_longer() -> None:
    """Restored for 30 days: 1.00 returns to the late lot; 3.00 of the soon one lives on as a lot to the thirtieth day."""
    ledger, sale = spent_from_two_lots()
    refund = ledger.refund(sale, DAY)
    assert refund.restored == (PurseShare("cashback", None, 400),)
    lots = ledger.lots()
    assert (lots["soon"].remaining, lots["late"].remaining) == (0, 500)
    (longer,) = [each for each in lots.values() if each.parent == "soon"]
    assert (longer.remaining, longer.available, longer.expires) == (300, DAY, DAY + timedelta(days=30))


def test_a_lot_that_ends_on_the_last_day_of_restored_for_lives_long_enough() -> None:
    """At least so long is long enough: no lot of its own on the day itself, one on the day after."""
    for later, longer in ((0, False), (1, True)):
        ledger, sale = spent_from_two_lots(restored_for=days(10))
        ledger.refund(sale, DAY + timedelta(days=later))
        assert any(each.parent for each in ledger.lots().values()) == longer


def test_what_has_lapsed_meanwhile_is_given_back_alive() -> None:
    """Spent from a lot that has since ended: what the return gives back can be spent, what lapsed unspent stays lost."""
    ledger = shop("0")
    ledger.give(lot(amount="3.00", expires=DAY, id="soon"))
    sale = ledger.sell(DAY, [goods("10.00")], {"cashback": eur("2.00")})
    later = DAY + timedelta(days=200)
    ledger.refund(sale, later)
    assert ledger.total("breakage:cashback") == -eur("1.00")
    assert ledger.holdings()["cashback"].available(later + timedelta(days=30)) == eur("2.00")
    assert ledger.holdings()["cashback"].available(later + timedelta(days=31)) == 0


def test_a_bill_returned_whole_before_anything_was_spent_leaves_the_purse_as_before() -> None:
    """Lots, debts and accounts are what they were, but for what a tender rounded."""
    ledger, sale = spent_from_two_lots(restored_for=days(0))
    ledger.refund(sale, DAY)
    lots = ledger.lots()
    assert (lots["soon"].remaining, lots["late"].remaining, len(lots)) == (300, 500, 2)
    for account in ("sales", "vat:", "tender:", "redeemed:cashback", "rounding"):
        assert ledger.total(account) == 0


def test_two_purses_that_pay_as_tender_on_one_line_balance_piece_by_piece() -> None:
    """Each purse is given back half a cent rounded up, and the books of that return still balance."""
    tender = Spend(counts_as="tender")
    ledger = Ledger(programme(purses=(Purse("cashback", spend=tender), Purse("bonus", spend=tender))))
    ledger.give(lot("cashback", "0.01"))
    ledger.give(lot("bonus", "0.01"))
    sale = ledger.sell(DAY, [goods("1.00", "2")], {"cashback": "max", "bonus": "max"})
    first = ledger.refund(sale, DAY, [(1, MILLION)])
    assert [share.amount for share in first.restored] == [1, 1]
    assert first.lines[0].spent_as_tender == 2
    second = ledger.refund(sale, DAY)
    assert second.restored == ()
    assert ledger.total("sales") + ledger.total("vat:") == 0


# ---- what was earned ----


def half_spent(when_spent: str, others: str | None = None) -> tuple[Ledger, Any]:
    """A sale of 4 x 25.00 earned 10.00, of which 6.00 was spent on another bill; in the purse is the rest, and maybe `others`."""
    ledger = shop(when_spent=when_spent)
    sale = ledger.sell(DAY, [goods("25.00", "4", department="food")])
    ledger.rules = replace(ledger.rules, offers=())
    ledger.sell(DAY, [goods("6.00")], {"cashback": eur("6.00")})
    if others is not None:
        ledger.give(lot(amount=others, available=DAY, expires=DAY + timedelta(days=3), id="other"))
    assert ledger.lots()["sale-1/1"].remaining == eur("4.00")
    return ledger, sale


def test_owe_takes_what_the_lot_still_holds_and_the_rest_is_owed() -> None:
    """10.00 earned, 4.00 left: 4.00 is taken back, 6.00 owed, all the money is given."""
    ledger, sale = half_spent("owe")
    refund = ledger.refund(sale, DAY)
    assert refund.taken_back == (PurseShare("cashback", CASHBACK_OFFER, 400),)
    assert refund.owed == (Owed("cashback", 600),)
    assert money(refund) == {"cash": eur("100.00")}
    assert ledger.holdings()["cashback"].owed == 600


def test_owe_takes_at_once_from_what_else_the_purse_holds() -> None:
    """Of the 6.00 that were spent 5.00 come from another lot, 1.00 is owed, and what comes in next makes it good."""
    ledger, sale = half_spent("owe", others="5.00")
    refund = ledger.refund(sale, DAY)
    assert refund.taken_back == (PurseShare("cashback", CASHBACK_OFFER, 900),)
    assert refund.owed == (Owed("cashback", 100),)
    ledger.rules = programme(cashback="10", purses=(AT_ONCE,))
    next_ = ledger.sell(DAY, [goods("30.00")])
    assert next_.settled == (Owed("cashback", 100),)
    held = ledger.holdings()["cashback"]
    assert (held.owed, held.available(DAY)) == (0, 200)


def test_owe_takes_soonest_expiring_first_and_pending_last() -> None:
    """Three other lots: the one that ends first, then the later one, and only then the one that cannot be spent yet."""
    ledger, sale = half_spent("owe")
    ledger.give(lot(amount="2.00", available=DAY + timedelta(days=5), expires=DAY + timedelta(days=6), id="pending"))
    ledger.give(lot(amount="3.00", available=DAY, id="endless"))
    ledger.give(lot(amount="2.00", available=DAY, expires=DAY + timedelta(days=30), id="soon"))
    ledger.refund(sale, DAY)
    lots = ledger.lots()
    assert {each: lots[each].remaining for each in ("soon", "endless", "pending")} == {
        "soon": 0,
        "endless": 0,
        "pending": 100,
    }


def test_a_debt_is_made_good_by_what_a_return_gives_back() -> None:
    """6.00 owed; the bill that they were spent on comes back too: the 6.00 restored pay the debt."""
    ledger, sale = half_spent("owe")
    ledger.refund(sale, DAY)
    refund = ledger.refund(ledger.sales["sale-2"], DAY)
    assert refund.restored == (PurseShare("cashback", None, 600),)
    assert refund.settled == (Owed("cashback", 600),)
    held = ledger.holdings()["cashback"]
    assert (held.owed, held.available(DAY)) == (0, 0)


def test_withhold_takes_what_was_spent_from_the_money() -> None:
    """6.00 of the 100.00 stay in the till, and the other lots of the purse stay whole."""
    ledger, sale = half_spent("withhold", others="5.00")
    refund = ledger.refund(sale, DAY)
    assert (refund.withheld, refund.owed, money(refund)) == (600, (), {"cash": eur("94.00")})
    assert ledger.holdings()["cashback"].available(DAY) == 500


def test_withhold_never_takes_more_than_the_money_of_this_return_and_owes_the_rest() -> None:
    """A bill of 4.00 that earned 4.00, all spent: the 1.00 of one line is all that is kept for that line's 1.00."""
    ledger = shop("100", when_spent="withhold")
    sale = ledger.sell(DAY, [goods("1.00"), goods("3.00")])
    assert sale.quote.earned[0].amount == 400
    ledger.rules = replace(ledger.rules, offers=())
    ledger.sell(DAY, [goods("4.00")], {"cashback": "max"})
    assert ledger.holdings()["cashback"].available(DAY) == 0
    refund = ledger.refund(sale, DAY, [(1, MILLION)])
    assert (refund.withheld, refund.money_back, refund.owed) == (100, (), ())


def test_what_the_money_cannot_cover_is_owed() -> None:
    """A bill that two offers made earn more than it cost: 1.00 back, 2.00 to be taken: 1.00 withheld, 1.00 owed."""
    double = Offer("double", "Double", EarnRate("cashback", MILLION))
    ledger = Ledger(programme(cashback="100", purses=(AT_ONCE,), extra=(double,), when_spent="withhold"))
    sale = ledger.sell(DAY, [goods("1.00")])
    ledger.rules = replace(ledger.rules, offers=())
    ledger.sell(DAY, [goods("2.00")], {"cashback": "max"})
    refund = ledger.refund(sale, DAY)
    assert (refund.withheld, refund.money_back, refund.owed) == (100, (), (Owed("cashback", 100),))
    ledger.withheld = 100
    ledger.check(DAY)


def test_a_cent_is_withheld_from_a_cent() -> None:
    """Two offers, of which one has nothing to take back from this line: the money of the line covers the other whole."""
    small = Offer("small", "Small", EarnRate("cashback", MILLION // 100))
    rules = programme(cashback="100", purses=(AT_ONCE,), when_spent="withhold", extra=(small,))
    ledger = Ledger(replace(rules, offers=rules.offers[::-1]))
    sale = ledger.sell(DAY, [goods("0.01"), goods("1.00")])
    assert [earned.lines for earned in sale.quote.earned] == [(0, 1), (1, 100)]
    ledger.rules = replace(ledger.rules, offers=())
    ledger.sell(DAY, [goods("1.02")], {"cashback": "max"})
    refund = ledger.refund(sale, DAY, [(1, MILLION)])
    assert (refund.withheld, refund.money_back, refund.owed) == (1, (), ())


def test_forgive_leaves_what_was_spent() -> None:
    """4.00 is taken from the lot; the 6.00 spent are the shop's cost, and nothing else is touched."""
    ledger, sale = half_spent("forgive", others="5.00")
    refund = ledger.refund(sale, DAY)
    assert (refund.forgiven, refund.owed, refund.withheld) == ((Owed("cashback", 600),), (), 0)
    assert money(refund) == {"cash": eur("100.00")}
    assert ledger.holdings()["cashback"].available(DAY) == 500


@pytest.mark.parametrize("when_spent", ["owe", "withhold", "forgive"])
def test_what_expired_is_not_asked_for(when_spent: str) -> None:
    """10.00 earned, 6.00 spent, 4.00 lapsed: a quarter and another quarter (5.00) excuse the 4.00 first, only 1.00 is asked for."""
    ledger, sale = half_spent(when_spent)
    later = DAY + timedelta(days=366)
    back = [ledger.refund(sale, later, piece) for piece in pieces("1", "1", "2")]
    asked = [sum(o.amount for o in (*refund.owed, *refund.forgiven)) + refund.withheld for refund in back]
    assert asked == [0, 100, 500]
    assert [sum(draw.amount for draw in refund.excused) for refund in back] == [250, 150, 0]
    assert ledger.total("breakage:cashback") == -400


def test_a_pending_lot_is_taken_back_like_any_other() -> None:
    """What was earned and cannot be spent yet goes first of all: it is still there."""
    ledger = Ledger(programme(cashback="10", purses=(CASHBACK,)))
    sale = ledger.sell(DAY, [goods("50.00")])
    assert ledger.refund(sale, DAY).taken_back == (PurseShare("cashback", CASHBACK_OFFER, 500),)


def test_what_made_a_debt_good_counts_as_spent() -> None:
    """6.00 owed, the next bill earns 10.00 and pays the debt: returned, it has 4.00 and owes 6.00 again."""
    ledger, sale = half_spent("owe")
    ledger.refund(sale, DAY)
    ledger.rules = programme(cashback="10", purses=(AT_ONCE,))
    next_ = ledger.sell(DAY, [goods("100.00")])
    assert next_.settled == (Owed("cashback", 600),)
    refund = ledger.refund(next_, DAY)
    assert (refund.taken_back[0].amount, refund.owed) == (400, (Owed("cashback", 600),))
    ledger.check(DAY)


def test_what_lives_on_after_a_return_is_still_of_the_lot_that_earned_it() -> None:
    """Earned, spent, given back as a longer lot: when the earning bill comes back it is taken from there, and nothing is owed."""
    ledger = shop(purse=Purse("cashback", expires=days(3)))
    sale = ledger.sell(DAY, [goods("100.00")])
    ledger.rules = replace(ledger.rules, offers=())
    spent = ledger.sell(DAY, [goods("10.00")], {"cashback": "max"})
    later = DAY + timedelta(days=20)
    ledger.refund(spent, later)
    refund = ledger.refund(sale, later)
    assert (refund.taken_back, refund.owed) == ((PurseShare("cashback", CASHBACK_OFFER, 1_000),), ())


def test_a_return_may_have_its_own_word() -> None:
    """The programme says owe, the cashier forgive."""
    ledger, sale = half_spent("owe")
    assert ledger.refund(sale, DAY, when_spent="forgive").forgiven == (Owed("cashback", 600),)


def test_a_bill_without_a_card_gives_back_money_alone() -> None:
    """No purse is touched, and no spend stops counting."""
    ledger = shop()
    sale = replace(ledger.sell(DAY, [goods("100.00", department="tobacco")]), account=None)
    back = ledger.reckon(sale, DAY, None, "refund")
    assert (back.qualifying, back.holdings["cashback"].lots, back.money_back) == (
        0,
        (),
        (Tender("cash", eur("100.00")),),
    )


def test_spend_that_stops_counting_is_what_the_lines_earned_on() -> None:
    """Half of a bill of 100.00, of which a purse paid 20.00: 40.00 of the 80.00 no longer counts."""
    ledger = shop("0")
    ledger.give(lot(amount="20.00"))
    sale = ledger.sell(DAY, [goods("50.00", "2")], {"cashback": "max"})
    assert sale.quote.qualifying == eur("80.00")
    assert ledger.reckon(sale, DAY, pieces("1")[0], "refund").qualifying == eur("40.00")


# ---- what may come back ----


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ([(3, MILLION)], "no line 3"),
        ([(0, MILLION)], "no line 0"),
        ([(1, 2 * MILLION + 1)], "2 is left to come back, not 2.000001"),
        ([(1, 0)], "2 is left"),
        ([(1, -MILLION)], "2 is left"),
        ([(1, MILLION), (1, MILLION)], "named twice"),
        ([], "Nothing was named"),
    ],
)
def test_what_was_not_sold_cannot_come_back(asked: list[tuple[int, int]], said: str) -> None:
    """It is refused with what is left, and nothing of it happens."""
    ledger = Ledger(programme())
    sale = ledger.sell(DAY, [goods("1.00", "3"), goods("2.00")])
    ledger.refund(sale, DAY, pieces("1")[0])
    with pytest.raises(Refused) as refused:
        wanted_back(sale, ledger.refunds[sale.id], asked)
    assert refused.value.code == "line-invalid"
    assert said in filled(refused.value.message)


def test_what_is_all_back_cannot_come_back_again() -> None:
    """A second return of everything is refused."""
    ledger = Ledger(programme())
    sale = ledger.sell(DAY, [goods("1.00", "3")])
    ledger.refund(sale, DAY)
    assert left_to_return(sale, ledger.refunds[sale.id]) == [0]
    with pytest.raises(Refused, match="already come back"):
        ledger.refund(sale, DAY)


def filled(message: Message) -> str:
    return message.template.format(**message.values)


# ---- piece by piece ----


@dataclass
class Came:
    """What came back of a bill in all, and how the holder stands then."""

    money: Counter[str]
    rounding: int
    vat: Counter[int]
    net: Counter[int]
    restored: Counter[str]
    taken_or_owed: Counter[str]
    excused: int
    forgiven: Counter[str]
    earning: int
    held: dict[str, int]


def came(ledger: Ledger, sale_id: str, day: date) -> Came:
    refunds = ledger.refunds[sale_id]
    total: Came = Came(Counter(), 0, Counter(), Counter(), Counter(), Counter(), 0, Counter(), 0, {})
    for refund in refunds:
        for tender in refund.money_back:
            total.money[tender.number or tender.kind] += tender.amount
        total.rounding += refund.rounding
        for stated in refund.vat:
            total.vat[stated.rate] += stated.vat
            total.net[stated.rate] += stated.net
        for share in refund.restored:
            total.restored[share.purse] += share.amount
        for part in (*refund.taken_back, *refund.owed):
            total.taken_or_owed[part.purse] += part.amount
        for part in refund.forgiven:
            total.forgiven[part.purse] += part.amount
        total.excused += sum(draw.amount for draw in refund.excused)
        total.earning += sum(line.earning for line in refund.lines)
    for purse, holding in ledger.holdings().items():
        total.held[purse] = holding.available(day) + holding.pending(day) - holding.owed
    for name in ("money", "vat", "net", "restored", "taken_or_owed", "forgiven"):
        setattr(total, name, Counter({key: value for key, value in getattr(total, name).items() if value}))
    return total


def piecewise_is_at_once(seed: int) -> None:
    """A random bill in a random history, returned at once and in random pieces."""
    rng = random.Random(seed)
    ledger = Ledger(random_programme(rng, when_spent=rng.choice(("owe", "forgive"))))
    day = DAY
    for purse in ("cashback", "bonus"):
        for n in range(rng.randrange(3)):
            ends = rng.choice((None, day + timedelta(days=rng.randrange(40))))
            ledger.give(lot(purse, f"{rng.randrange(1, 3_000) / 100:.2f}", expires=ends, id=f"{purse}-{n}"))
    lines = random_lines(rng)
    asks = {purse: "max" for purse in ("cashback", "bonus") if rng.random() < 0.6}
    try:
        due = ledger.fork().sell(day, lines, asks).quote.due
    except Refused:
        return
    sale = ledger.sell(day, lines, asks, random_tenders(rng, due))
    day += timedelta(days=rng.choice((0, 1, 14, 40)))
    for _ in range(rng.randrange(3)):
        ledger.sell(
            day, [goods("20.00", department="tobacco"), goods(rng.choice(("0.50", "9.00")))], {"cashback": "max"}
        )
    day += timedelta(days=rng.choice((0, 1, 14, 400)))

    whole, bit_by_bit = ledger.fork(), ledger
    whole.refund(sale, day)
    whole.check(day)
    while any(left := left_to_return(sale, bit_by_bit.refunds[sale.id])):
        asked = [
            (n, rest if rng.random() < 0.4 else rng.randrange(1, rest + 1)) for n, rest in enumerate(left, 1) if rest
        ]
        rng.shuffle(asked)
        bit_by_bit.refund(sale, day, asked[: rng.randrange(1, len(asked) + 1)])
        bit_by_bit.check(day)
    assert came(bit_by_bit, sale.id, day) == came(whole, sale.id, day)
    back = came(whole, sale.id, day)
    assert sum(back.money.values()) == sale.quote.due + back.rounding
    assert back.vat == Counter({stated.rate: stated.vat for stated in sale.quote.vat if stated.vat})
    assert back.earning == sale.quote.qualifying
    assert back.restored == Counter({spent.purse: spent.amount for spent in sale.quote.spent})


@settings(max_examples=250, deadline=None)
@given(seed=st.integers(0, 2**64))
def test_piece_by_piece_comes_to_the_same_as_all_at_once(seed: int) -> None:
    """Money by tender, rounding, VAT, what purses get and lose, what is forgiven: to the cent, whatever the pieces."""
    piecewise_is_at_once(seed)


@pytest.mark.soak
def test_ten_thousand_bills_piece_by_piece() -> None:
    """The same over ten thousand bills."""
    for seed in range(10_000):
        piecewise_is_at_once(seed)
