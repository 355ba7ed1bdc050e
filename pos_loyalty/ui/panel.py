"""What stands beside the basket: who this is, what they have and can spend here, what this bill earns, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pos_loyalty.domain.card import masked
from pos_loyalty.domain.ledger import Balance
from pos_loyalty.domain.sale import Quote
from pos_loyalty.till.cards import CardView
from pos_loyalty.till.checkout import Priced
from pos_loyalty.ui.desk import Desk
from pos_loyalty.ui.widgets.rows import Row

BIRTHDAY_DAYS = 7
"""Days before and after a birthday on which the cashier is reminded of it."""
EXPIRES_SOON = 30
"""Days before its end within which an amount is marked as running out soon."""
MOST_MISSING = 3


def holder_rows(desk: Desk, view: CardView | None, priced: Priced | None, today: date) -> Iterator[Row]:
    """The panel's rows, the most important first."""
    text = desk.language.text
    if view is None:
        yield Row(text("No card"), style="strong")
        yield Row(
            text("Scan it at any time before paying. F2 finds a holder, F9 makes a new one."), style="dim", lines=4
        )
        if priced is not None:
            yield from _bill_rows(desk, priced.sale.quote, None)
        return
    yield from _who(desk, view, today)
    yield from _purses(desk, view, priced, today)
    if priced is not None:
        yield from _bill_rows(desk, priced.sale.quote, view)


def _who(desk: Desk, view: CardView, today: date) -> Iterator[Row]:
    text = desk.language.text
    name = view.member.name if view.member else text("Bearer card, no name yet")
    yield Row(name, style="strong", lines=2)
    number = text("card {number}", number=masked(view.number).replace("*", "")[-4:].rjust(5, "*"))
    if view.tier is None:
        yield Row(number)
    else:
        yield Row(view.tier.name, number)
        if view.tier.next is not None:
            yield Row(
                text("To reach {tier}", tier=view.tier.next.tier.name), desk.money(view.tier.next.missing), indent=1
            )
    birthday = _birthday(view, today)
    if birthday is not None:
        yield Row(_birthday_text(desk, birthday), style="good")
    if view.visits == 0:
        yield Row(text("First visit"), style="good")


def _birthday(view: CardView, today: date) -> int | None:
    """Days until the holder's birthday (below zero: since it), within a week either side; None otherwise."""
    born = view.member.birthday if view.member else None
    if born is None:
        return None
    for year in (today.year - 1, today.year, today.year + 1):
        day = date(year, 2, 28) if (born.month, born.day) == (2, 29) else date(year, born.month, born.day)
        if abs((day - today).days) <= BIRTHDAY_DAYS:
            return (day - today).days
    return None


def _birthday_text(desk: Desk, days: int) -> str:
    if days == 0:
        return "★ " + desk.language.text("Birthday today!")
    if days > 0:
        return "★ " + desk.language.plural("Birthday tomorrow", "Birthday in {n} days", days)
    return "★ " + desk.language.plural("Birthday was yesterday", "Birthday was {n} days ago", -days)


def _purses(desk: Desk, view: CardView, priced: Priced | None, today: date) -> Iterator[Row]:
    for purse, held in view.purses.items():
        yield from _purse(desk, purse, held.balance, priced, today)


def _purse(desk: Desk, purse: str, balance: Balance, priced: Priced | None, today: date) -> Iterator[Row]:
    text, units = desk.language.text, desk.language.units
    yield Row(desk.purse(purse), units(balance.available, purse), style="strong")
    may = priced.spendable.get(purse) if priced else None
    if may is not None and balance.available:
        yield Row(text("to spend on this bill"), units(may.possible, purse), indent=1)
    if balance.pending:
        yield Row(text("to come"), units(balance.pending, purse), indent=1)
    if balance.owed:
        yield Row(text("owed by the holder"), units(balance.owed, purse), style="warn", indent=1)
    if balance.next_expiry is not None and balance.expiring:
        soon = (balance.next_expiry - today).days <= EXPIRES_SOON
        mark = "! " if soon else ""
        yield Row(
            mark + text("until {day}", day=balance.next_expiry),
            units(balance.expiring, purse),
            style="warn" if soon else "",
            indent=1,
        )


def _bill_rows(desk: Desk, quote: Quote, view: CardView | None) -> Iterator[Row]:
    text, say = desk.language.text, desk.language.say
    yield Row(text("This bill"), style="strong")
    for discount in quote.discounts:
        yield Row(say(discount.title), desk.language.signed(-discount.amount), indent=1)
    for earned in quote.earned:
        gained = desk.language.signed_units(earned.amount, earned.purse)
        yield Row(text("earns"), gained, style="good", indent=1)
    if view is None:
        return
    # How far it is to the next tier stands with the tier; the holder's page has every reason.
    missing = [say(why.reason) for why in quote.why if not why.applied and not why.offer.startswith("tier:")]
    for reason in list(dict.fromkeys(missing))[:MOST_MISSING]:
        yield Row("○ " + reason, style="dim", lines=2)


def reason_rows(desk: Desk, quote: Quote) -> Iterator[Row]:
    """Every offer that was looked at for this bill: applied and how much, or not and what is missing."""
    yield Row(desk.language.text("Offers on this bill"), style="strong")
    told = dict.fromkeys((why.applied, desk.language.say(why.reason)) for why in quote.why)
    for applied, reason in told:
        mark, style = ("✓ ", "good") if applied else ("○ ", "dim")
        yield Row(mark + reason, style=style, indent=1, lines=3)


def sum_rows(desk: Desk, quote: Quote | None) -> Iterator[Row]:
    """From the goods to what is due: what stands beside the big figure."""
    if quote is None:
        return
    text, money = desk.language.text, desk.language.signed
    pieces = len(quote.lines)
    off = sum(discount.amount for discount in quote.discounts)
    yield Row(desk.language.plural("One line", "{n} lines", pieces), desk.money(quote.gross))
    if off:
        yield Row(text("Discounts"), money(-off), style="good")
    for spent in quote.spent:
        yield Row(text("From {purse}", purse=desk.purse(spent.purse)), money(-sum(spent.lines)), style="good")
