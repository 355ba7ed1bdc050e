"""What the customer reads on their display of two lines, from what lies on the counter. Never a name: the whole queue reads it.

Amounts stand at the end of a line and are whole; words give way. Where the register speaks Arabic, which no such display can show,
the words are English.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from pos_loyalty.language import Language
from pos_loyalty.ui.wording import worded

if TYPE_CHECKING:
    from pos_loyalty.till.cards import CardView
    from pos_loyalty.till.receipts import Issued
    from pos_loyalty.ui.counter import Counter
    from pos_loyalty.ui.desk import Desk

COLUMNS = 20


@dataclass(frozen=True, slots=True)
class TwoLines:
    """Two lines, each with what belongs to its end; `middle`: words alone, in the middle."""

    upper: str = ""
    upper_end: str = ""
    lower: str = ""
    lower_end: str = ""
    middle: bool = False


def idle(shop: str) -> TwoLines:
    """Nobody is being served: whose shop it is."""
    upper, lower, *_ = [*wrap(shop, COLUMNS, max_lines=2, placeholder=""), "", ""]
    return TwoLines(upper, "", lower, "", middle=True)


def ringing(desk: Desk, counter: Counter) -> TwoLines:
    """The sale: the line that was rung up last with its price, and the total; a card alone with what is on it."""
    quote = counter.quote
    if quote is None or not quote.lines:
        return idle(desk.shop.name) if counter.view is None else _holder(desk, counter.view)
    chosen = quote.lines[min(counter.line, len(quote.lines) - 1)]
    words = _words(desk)
    name = chosen.item.name
    if chosen.item.certificate:
        name = words.text(name)
    return TwoLines(name, desk.money(chosen.gross), words.text("Total"), desk.money(quote.due))


def paying(desk: Desk, counter: Counter) -> TwoLines:
    """Before the money is taken: the holder's tier and balance, and what is due; then what was given, and what is left."""
    words, quote = _words(desk), counter.quote
    due = quote.due if quote is not None else 0
    if counter.given:
        given = sum(tender.amount for tender in counter.tenders)
        left = counter.counted().left
        return TwoLines(words.text("Given"), desk.money(given), words.text("Left to pay"), desk.money(left))
    above = _holder(desk, counter.view) if counter.view is not None else TwoLines()
    return TwoLines(above.upper, above.upper_end, words.text("To pay"), desk.money(due))


def closed(desk: Desk, issued: Issued) -> TwoLines:
    """The bill is closed: what was given, and the change; of a return what is given back."""
    words = _words(desk)
    if issued.refund is not None:
        back = sum(tender.amount for tender in issued.refund.money_back)
        return TwoLines(words.text("Return"), "", words.text("Given back"), desk.money(back))
    settlement = issued.sale.settlement
    return TwoLines(
        words.text("Given"), desk.money(settlement.paid), words.text("Change"), desk.money(settlement.change)
    )


def _holder(desk: Desk, view: CardView) -> TwoLines:
    """Their tier, and what their purse holds: money before points."""
    words = _words(desk)
    purses = sorted(view.purses, key=lambda purse: not desk.is_money(purse))
    amount = worded(desk, view.purses[purses[0]].balance.available, purses[0]) if purses else ""
    tier = view.tier.name if view.tier is not None else ""
    return TwoLines(tier or (words.text("Balance") if amount else ""), amount, words.text("Welcome!"))


def _words(desk: Desk) -> Language:
    """The language of its words."""
    language = desk.language
    return Language("en", language.currency, purses=language.purses) if language.rtl else language
