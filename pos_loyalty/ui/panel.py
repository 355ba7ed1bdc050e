"""What stands beside the basket: who this is, what the cashier should say to them, what they have and can spend here, what this
bill gives, and the nearest of what is missing. The most important comes first: on a small screen the rest is behind F2.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from pos_loyalty.domain.card import masked
from pos_loyalty.domain.sale import Quote, Why
from pos_loyalty.till.cards import CardView, PurseView
from pos_loyalty.till.checkout import Priced
from pos_loyalty.ui.desk import Desk
from pos_loyalty.ui.widgets.rows import Row
from pos_loyalty.ui.wording import offer_title, until, worded

if TYPE_CHECKING:
    from pos_loyalty.domain.programme.rules import Programme

BIRTHDAY_DAYS = 7
"""Days before and after a birthday on which the cashier is reminded of it."""
EXPIRES_SOON = 30
"""Days before its end within which it is said that an amount runs out; F2 has the days of all."""
AWAY_DAYS = 30
"""Days without a purchase after which the holder is welcomed back: who comes every month has not been away."""
MOST_MISSING = 3
_EASIEST = {"money": 0, "items": 1, "units": 2}


def holder_rows(desk: Desk, view: CardView | None, priced: Priced | None, today: date) -> Iterator[Row]:
    """The panel's rows, the most important first."""
    text = desk.language.text
    if view is None:
        yield Row(text("No card"), style="strong")
        yield Row(
            text("Scan it at any time before paying. F2 finds a holder, F9 makes a new one."), style="dim", lines=4
        )
        if priced is not None:
            yield from _given_rows(desk, priced.sale.quote)
            yield from _bill_rows(desk, priced.sale.quote)
        return
    yield from _who(desk, view)
    yield from _to_say(desk, view, today)
    if priced is not None and priced.offered:
        rewards = desk.language.plural("A reward can be taken", "{n} rewards can be taken", len(priced.offered))
        yield Row(f"F10 {rewards}", style="good")
    yield from _purses(desk, view, priced, today, money=True)
    missing = _missing_rows(desk, priced.sale.quote) if priced is not None else []
    yield from missing[:1]
    if priced is not None:
        yield from _given_rows(desk, priced.sale.quote)
    yield from _purses(desk, view, priced, today, money=False)
    yield from _more_of_them(desk, view)
    if priced is not None:
        yield from _bill_rows(desk, priced.sale.quote)
    yield from missing[1:]


def _who(desk: Desk, view: CardView) -> Iterator[Row]:
    text = desk.language.text
    name = view.member.name if view.member else text("Bearer card, no name yet")
    yield Row(name, style="strong", lines=2)
    number = text("card {number}", number=masked(view.number).replace("*", "")[-4:].rjust(5, "*"))
    if view.tier is None:
        yield Row(number)
        return
    yield Row(view.tier.name, number)
    if view.tier.next is not None:
        yield Row(text("To reach {tier}", tier=view.tier.next.tier.name), desk.money(view.tier.next.missing), indent=1)


def _to_say(desk: Desk, view: CardView, today: date) -> Iterator[Row]:
    """What is to be said to them at once: a prize that waits, a complaint, their birthday, that they are new or were away."""
    text = desk.language.text
    for prize in view.prizes:
        yield Row("★ " + text("Won: {prize}", prize=prize.prize), style="good", lines=2)
    for complaint in view.known.complaints:
        yield Row("! " + text("Complaint: {words}", words=complaint.text), style="warn", lines=2)
    birthday = _birthday(view, today)
    if birthday is not None:
        yield Row(_birthday_text(desk, birthday), style="good")
    if view.visits == 0:
        yield Row(text("First visit"), style="good")
        if view.known.sent_by:
            yield Row(text("sent by {name}", name=view.known.sent_by), indent=1)
    elif view.last_visit is not None and (today - view.last_visit).days >= AWAY_DAYS:
        days = (today - view.last_visit).days
        yield Row(desk.language.plural("Back after a day", "Back after {n} days", days), style="good")


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


def _purses(desk: Desk, view: CardView, priced: Priced | None, today: date, *, money: bool) -> Iterator[Row]:
    for purse, held in view.purses.items():
        if desk.is_money(purse) == money:
            yield from _purse(desk, purse, held, priced, today)


def _purse(desk: Desk, purse: str, held: PurseView, priced: Priced | None, today: date) -> Iterator[Row]:
    """What they have; of a purse that holds nothing and owes nothing, no word where it is not money."""
    text, units, balance = desk.language.text, desk.language.units, held.balance
    if not desk.is_money(purse) and not (balance.available or balance.pending or balance.owed):
        return
    yield Row(desk.purse(purse), worded(desk, balance.available, purse), style="strong")
    may = priced.spendable.get(purse) if priced else None
    if may is not None and may.possible != balance.available:
        yield Row(text("to spend on this bill"), units(may.possible, purse), indent=1)
    if balance.pending:
        yield Row(text("to come"), units(balance.pending, purse), indent=1)
    if balance.owed:
        yield Row(text("owed by the holder"), units(balance.owed, purse), style="warn", indent=1)
    ends = balance.next_expiry
    if ends is not None and balance.expiring and (ends - today).days <= EXPIRES_SOON:
        yield Row("! " + text("until {day}", day=ends), units(balance.expiring, purse), style="warn", indent=1)


def _more_of_them(desk: Desk, view: CardView) -> Iterator[Row]:
    """Clubs, coupons in their pocket, what they like, and what the shop has written down of them."""
    text = desk.language.text
    for club, last in view.clubs.items():
        yield Row(desk.club(club), until(desk, last), lines=2)
    for coupon in view.coupons:
        yield Row(offer_title(desk, coupon.coupon), until(desk, coupon.valid), lines=2)
    if view.known.favourites:
        names = ", ".join(one.name for one in view.known.favourites)
        yield Row("♥ " + text("Likes {goods}", goods=names), lines=2)
    if view.known.note is not None:
        yield Row("✎ " + view.known.note.text, lines=2)


def _given_rows(desk: Desk, quote: Quote) -> Iterator[Row]:
    """What this bill gives beside what comes off it: along, for the next time, and earned, each purse in its own unit."""
    text = desk.language.text
    for gift in quote.gifts:
        name = gift.name if gift.quantity == 1 else f"{desk.language.number(gift.quantity)} × {gift.name}"
        yield Row("+ " + text("along: {gift}", gift=name), style="good", lines=2)
    for coupon in quote.coupons:
        yield Row("+ " + text("coupon: {title}", title=offer_title(desk, coupon.coupon)), style="good")
    sums: dict[str, int] = {}
    for earned in quote.earned:
        sums[earned.purse] = sums.get(earned.purse, 0) + earned.amount
    if sums:
        earns = ", ".join(worded(desk, amount, purse, signed=True) for purse, amount in sums.items())
        yield Row(text("earns {what}", what=earns), style="good", lines=3)


def _bill_rows(desk: Desk, quote: Quote) -> Iterator[Row]:
    """What comes off this bill, and what it costs."""
    if not quote.discounts:
        return
    text, say = desk.language.text, desk.language.say
    yield Row(text("This bill"), style="strong")
    for discount in quote.discounts:
        yield Row(say(discount.title), desk.language.signed(-discount.amount), indent=1)
    for spent in quote.spent:
        if spent.offer is not None:
            yield Row(text("costs"), worded(desk, spent.amount, spent.purse), indent=1)


def nearness(why: Why) -> tuple[int, int]:
    """Sorts what is missing: what can be bought here first, the least of it first; what nothing alone would bring comes last."""
    return (_EASIEST[why.short_of], why.short) if why.short_of is not None else (len(_EASIEST), 0)


def _missing_rows(desk: Desk, quote: Quote) -> list[Row]:
    """The nearest steps to more. How far it is to the next tier stands with the tier; F2 and F11 have every reason."""
    near = sorted((why for why in quote.why if why.short), key=nearness)
    told = dict.fromkeys(desk.language.say(why.reason) for why in near)
    return [Row("○ " + reason, style="dim", lines=2) for reason in list(told)[:MOST_MISSING]]


def reason_rows(desk: Desk, quote: Quote, programme: Programme | None = None) -> Iterator[Row]:
    """Every offer that was looked at: what applied and how much, then what is missing, the nearest first, then the rest.

    `programme` are the rules that priced it (None: those in force).
    """
    say = desk.language.say
    applied = dict.fromkeys(say(why.reason) for why in quote.why if why.applied)
    for reason in applied:
        yield Row("✓ " + reason, style="good", indent=1, lines=3)
    near = sorted((why for why in quote.why if why.short and not why.applied), key=nearness)
    for reason in dict.fromkeys(say(why.reason) for why in near):
        yield Row("○ " + reason, indent=1, lines=3)
    for why in quote.why:
        if not why.applied and not why.short:
            yield Row(f"○ {offer_title(desk, why.offer, programme)}: {say(why.reason)}", style="dim", indent=1, lines=3)


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
        if spent.offer is not None:
            continue  # what a reward cost pays nothing
        yield Row(text("From {purse}", purse=desk.purse(spent.purse)), money(-sum(spent.lines)), style="good")
