"""What went into purses and came out of them, and what each offer took off bills: the sums of the journal for a period.

Issued, given by hand and given back, less redeemed, expired, taken back and made good, is what all lots of a purse held more at its
end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from pos_loyalty.domain.message import N_
from pos_loyalty.domain.sale import BY_HAND
from pos_loyalty.reports.frame import Figure, Group, Period, Value, report_of_figures
from pos_loyalty.reports.rules import rules_on
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.figure_flow import Flow, flows, forgiven
from pos_loyalty.storage.figure_given import given

CERTIFICATES = Group("certificates", N_("gift certificates"))
_MOVES = tuple(field.name for field in fields(Flow) if field.name != "endings")


def _reckon(books: Books, period: Period) -> Iterator[Value]:
    rules = rules_on(books, period.last)
    for purse, flow in flows(books, period.first, period.last).items():
        unit = rules.units.get(purse, rules.currency)
        for move in _MOVES:
            if amount := getattr(flow, move):
                yield Value(move, amount, rules.currency if move == "withheld" else unit, purse)
    for purse, amount in forgiven(books, period.first, period.last).items():
        yield Value("forgiven", amount, rules.units[purse], purse)
    for offer, what in given(books, period.first, period.last).items():
        if what.discounts:
            yield Value("discounts", what.discounts, rules.currency, offer)


def _of_purse(name: str, title: str, meaning: str, source: str) -> Figure:
    return Figure(name, title, meaning, source, N_("purse"), groups=(CERTIFICATES,))


REPORT = report_of_figures(
    "flow",
    N_("What was earned, spent and lost"),
    (
        _of_purse("issued", N_("Issued"), N_("what holders earned"), N_("postings of issued: debits")),
        _of_purse(
            "adjusted",
            N_("By hand"),
            N_("what was given to holders by hand, less what was taken from them"),
            N_("postings of adjusted: debits less credits, but for what is owed"),
        ),
        _of_purse(
            "redeemed",
            N_("Redeemed"),
            N_("what holders spent on bills and rewards, and tickets that took part in draws"),
            N_("postings of purse: debits outside returns, less what expired, made good a debt or was taken by hand"),
        ),
        _of_purse(
            "restored",
            N_("Given back"),
            N_("what had been spent on goods that came back"),
            N_("postings of purse: credits in returns"),
        ),
        _of_purse(
            "expired",
            N_("Expired"),
            N_("what ran out unspent, on the day on which that was posted"),
            N_("postings of breakage: credits less debits"),
        ),
        _of_purse(
            "taken_back",
            N_("Taken back"),
            N_("what had been earned on goods that came back, and left the holders' lots"),
            N_("postings of purse: debits in returns, less what expired or made good a debt"),
        ),
        _of_purse(
            "made_good",
            N_("Made good"),
            N_("what left holders' lots to pay what they owed to the purse"),
            N_("postings of owed: credits"),
        ),
        _of_purse(
            "owed",
            N_("Owed by holders"),
            N_(
                "what had been earned on goods that came back, or given by mistake, was spent already, and is owed from then on"
            ),
            N_("postings of owed: debits"),
        ),
        _of_purse(
            "withheld",
            N_("Withheld"),
            N_("what had been earned on goods that came back, was spent already, and was kept from the money back"),
            N_("postings of issued: credits, less what was taken back or is owed"),
        ),
        _of_purse(
            "forgiven",
            N_("Forgiven"),
            N_("what had been earned on goods that came back, was spent already, and was left as the shop's cost"),
            N_("returns: what each says that it forgave"),
        ),
        Figure(
            "discounts",
            N_("Discounts"),
            N_("what an offer took off bills, less the part of goods that came back, each on its own day"),
            N_("sales: the discounts of each line; returns: the quantity of each line"),
            N_("offer"),
            groups=(Group(BY_HAND, N_("by hand")),),
        ),
    ),
    _reckon,
)
