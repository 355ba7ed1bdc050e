"""What each offer brought: who used it, what it cost, what the bills with it came to, and its lift against the group kept from it.

The lift compares holders who met the offer for the first time in the period, some of whom had it and some of whom its control group
held out. Who is held out follows from the account alone, and until they met it both were treated alike, so that what they
spent from then on differs by chance and by the offer.
"""

from __future__ import annotations

from collections.abc import Iterator

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.reports.frame import CANNOT_TELL, Figure, Period, Value, report_of_figures
from pos_loyalty.reports.lift import Lift, lift
from pos_loyalty.reports.rules import Rules, rules_on
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.figure_given import Given, given
from pos_loyalty.storage.figure_offers import spent_since_met, used

BROUGHT_MORE = Message(N_("holders who had it spent more"))
BROUGHT_LESS = Message(N_("holders who had it spent less"))


def _reckon(books: Books, period: Period) -> Iterator[Value]:
    first, last = period.first, period.last
    rules = rules_on(books, last)
    money = rules.currency
    uses = used(books, first, last)
    for offer, use in uses.items():
        yield Value("bills", use.bills, of=offer)
        yield Value("used_by", use.holders, of=offer)
        yield Value("sales_with", use.sold, money, offer)
    for offer, what in given(books, first, last).items():
        earned = _worth(what, rules)
        yield Value("cost", what.discounts + earned + what.gifts, money, offer)
        for name, amount in (("discounts", what.discounts), ("earned", earned), ("gifts", what.gifts)):
            if amount:
                yield Value(name, amount, money, offer)
    controlled = {offer.id for offer in rules.programme.offers if offer.control_group}
    for offer in sorted(controlled | {offer for offer, use in uses.items() if use.held_out}):
        had, held_out = spent_since_met(books, offer, first, last)
        yield Value("met", len(had), of=offer)
        yield Value("held_out", len(held_out), of=offer)
        found = lift(had, held_out)
        if found is not None:
            yield Value("lift", found.difference, money, offer)
            yield Value("lift_low", found.low, money, offer)
            yield Value("lift_high", found.high, money, offer)
        yield Value("verdict", verdict(found), of=offer)


def verdict(found: Lift | None) -> Message:
    """What a lift says, in words: nothing where nobody could tell it from chance."""
    if found is None or found.low <= 0 <= found.high:
        return CANNOT_TELL
    return BROUGHT_MORE if found.low > 0 else BROUGHT_LESS


def _worth(what: Given, rules: Rules) -> int:
    """What was earned as money: at the worth that it had under the rules of its sale."""
    worth = 0
    for (revision, purse_id), units in what.earned.items():
        programme = rules.of_revision[revision]
        purse = programme.purse(purse_id)
        if purse is not None:
            worth += purse.value(units, programme.currency)
    return worth


_USES = N_("the uses that bills counted for their offers, and postings of sales and vat")
_FACTS = N_("sales and cards added late: the parts of each line; returns: the quantity of each line")
_GROUPS = N_("the first use, or first time held out, of each holder, and qualifying spend from that day on")
_OFFER = N_("offer")
REPORT = report_of_figures(
    "offers",
    N_("What each offer brought"),
    (
        Figure(
            "bills",
            N_("Bills"),
            N_("bills on which it gave something, without those that came back whole"),
            _USES,
            _OFFER,
        ),
        Figure("used_by", N_("Used by"), N_("holders on whose bills it gave something"), _USES, _OFFER),
        Figure(
            "sales_with",
            N_("Sales with it"),
            N_("what those bills came to, VAT included, less what came back of them until the last day"),
            _USES,
            _OFFER,
        ),
        Figure(
            "cost",
            N_("Cost"),
            N_(
                "discounts, what was earned at its worth in money, and gifts at their catalogue price; less what came back"
            ),
            _FACTS,
            _OFFER,
        ),
        Figure(
            "discounts",
            N_("Discounts"),
            N_("what it took off bills, less the part of goods that came back"),
            _FACTS,
            _OFFER,
        ),
        Figure(
            "earned",
            N_("Earned"),
            N_("what holders and who sent them earned by it, less the part of goods that came back"),
            _FACTS,
            _OFFER,
        ),
        Figure(
            "gifts",
            N_("Gifts"),
            N_("gifts at their catalogue price, less those that came back or were paid for then"),
            _FACTS,
            _OFFER,
        ),
        Figure("met", N_("Had it first"), N_("holders who had it for the first time in the period"), _GROUPS, _OFFER),
        Figure(
            "held_out",
            N_("Held out"),
            N_("holders who would have had it for the first time in the period, were they not in its control group"),
            _GROUPS,
            _OFFER,
        ),
        Figure(
            "lift",
            N_("Lift per holder"),
            N_(
                "what a holder who had it spent on goods that earn, from that day to the last, more than one who was held out, on"
                " average; told from 30 holders in each group on"
            ),
            _GROUPS,
            _OFFER,
        ),
        Figure(
            "lift_low",
            N_("Lift, at least"),
            N_("the lower bound of its 95 % confidence interval (Welch)"),
            _GROUPS,
            _OFFER,
        ),
        Figure(
            "lift_high",
            N_("Lift, at most"),
            N_("the upper bound of its 95 % confidence interval (Welch)"),
            _GROUPS,
            _OFFER,
        ),
        Figure(
            "verdict",
            N_("What it says"),
            N_(
                "whether that interval is on one side of nothing; if it is not, or the holders are too few, nobody can tell yet"
            ),
            _GROUPS,
            _OFFER,
        ),
    ),
    _reckon,
)
