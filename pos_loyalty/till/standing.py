"""What a holder stands at: the card that opens an account, its tier today, its purses, and how receipts state them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pos_loyalty.domain.card import CardRanges, fault_of, look_of, masked
from pos_loyalty.domain.club import Clubs, clubs_on, memberships
from pos_loyalty.domain.ledger import Balance, Holding, balance
from pos_loyalty.domain.member import Account
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.programme.rules import Programme, Tiers
from pos_loyalty.domain.sale import TierState
from pos_loyalty.domain.tier import (
    Spend,
    Standing,
    advance_through,
    after_sale,
    first_standing,
    held,
    next_up,
    replay,
)
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.records import Card
from pos_loyalty.till.programmes import InForce, begins_after, ladders, ladders_begun


@dataclass(frozen=True, slots=True)
class Opened:
    """An account that a card opened, as it stands on a day, and the dated spends that its tier rests on. `stored` is the standing
    that the store keeps: that after the last sale.
    """

    account: Account
    spends: tuple[Spend, ...]
    stored: Standing | None


def card_that_opens(books: Books, number: str, cards: CardRanges) -> Card:
    """The card of that number, if it opens its account.

    Refused with card-unknown, card-check-digit, card-blocked or card-replaced, saying what to do.
    """
    card = books.card(number)
    shown = masked(number)
    if card is None:
        if fault_of(number) == "check-digit" or look_of(number, cards) == "wrong-check-digit":
            raise Refused(
                "card-check-digit",
                Message(N_("Card {card} has a wrong check digit: scan it again, or type it anew."), card=shown),
            )
        raise Refused(
            "card-unknown",
            Message(N_("Card {card} is not known here: it may be of another shop, or not handed out yet."), card=shown),
        )
    if card.status == "blocked":
        raise Refused(
            "card-blocked",
            Message(N_("Card {card} is blocked: sell without it, or have it unblocked or replaced."), card=shown),
        )
    if card.status == "replaced":
        raise Refused(
            "card-replaced",
            Message(
                N_("Card {card} was replaced by {new}: ask the holder for that one."),
                card=shown,
                new=masked(card.replaced_by or ""),
            ),
        )
    return card


def locked_card(books: Books, number: str, cards: CardRanges, programme: Programme) -> Card:
    """As `card_that_opens`, with the accounts locked that a bill of its holder can change.

    It is read again then: while this till waited, another one may have blocked it, or joined its holder's records.
    """
    card = card_that_opens(books, number, cards)
    while True:
        books.lock(None, *touched(books, card.account, programme))
        again = card_that_opens(books, number, cards)
        if again.account == card.account:
            return again
        card = again


def touched(books: Books, account: str, programme: Programme) -> set[str]:
    """The accounts that a bill of this holder can change: theirs, and that of who sent them."""
    sent_by = books.referrer_of(account) if any(offer.referrer for offer in programme.offers) else None
    return {account} if sent_by is None else {account, sent_by}


def refuse_erased(books: Books, account: str) -> None:
    """Refuse with member-erased what would open the account of a holder who was erased."""
    if books.is_erased(account):
        raise Refused(
            "member-erased",
            Message(N_("The holder of this account was erased for good: hand out a new card with a new account.")),
        )


def open_account(books: Books, card: Card, rules: InForce, day: date) -> Opened:
    """The account of a card with its tier as of the start of that business day, and the clubs that it is in."""
    account = books.account(card.account, card)
    stored = account.standing
    spends = books.spends(card.account)
    standing = standing_on(account, spends, rules, day)
    clubs = _clubs(books, account.id, spends, rules, day)
    if clubs or standing != stored:
        account = replace(account, standing=standing, clubs=clubs)
    return Opened(account, spends, stored)


def clubs_of(books: Books, account: str, rules: InForce, day: date) -> Clubs:
    """The clubs that a holder is in on a day, each with its last day (None: for good)."""
    return _clubs(books, account, books.spends(account), rules, day) if rules.clubs else {}


def _clubs(books: Books, account: str, spends: Sequence[Spend], rules: InForce, day: date) -> Clubs:
    if not rules.clubs:
        return {}
    return clubs_on(memberships(spends, rules.clubs, books.joinings(account)), day)


def standing_on(account: Account, spends: Sequence[Spend], rules: InForce, day: date) -> Standing | None:
    """The standing at the start of a business day, by that after the last sale.

    Every day since the standing was reached counts under the ladder that was in force on it; None before the first ladder.

    Rules without tiers leave the standing to the ladder before them, so that a holder has it again when tiers come back.
    """
    if not rules.ladders:
        return None
    if account.standing is None:
        return first_standing(spends, rules.ladders, account.joined or day, day)
    return advance_through(account.standing, spends, rules.ladders, day)


def standing_after(books: Books, opened: Opened, rules: InForce, bought: Spend) -> Standing | None:
    """The standing to be stored once a sale counts, which is what `worked_out_anew` says; None before the first ladder."""
    account, day = opened.account, bought.day
    if account.standing is None and not ladders(rules.revisions):
        return None
    if account.standing is not None and _comes_last(opened.spends, rules, day):
        return after_sale(account.standing, (*opened.spends, bought), rules.ladders[-1][1], day)
    return worked_out_anew(books, account, (rules.number, bought))


def worked_out_anew(books: Books, account: Account, change: tuple[int, Spend] | None = None) -> Standing | None:
    """The standing after the holder's last sale, each under the ladders begun by its own revision; None before the first ladder.

    `change` is what now comes to a revision's spends: a sale, or below zero what came back of one; None where nothing does.
    """
    revisions = books.revisions()
    begun = ladders_begun(revisions)
    sold = books.spends_by_revision(account.id)
    if change is not None:
        sold = (*sold, change)
    spends = [replace(spend, begun=begun[number]) for number, spend in sold]
    return replay(spends, ladders(revisions), account.joined or min((spend.day for spend in spends), default=date.min))


def _comes_last(spends: Sequence[Spend], rules: InForce, day: date) -> bool:
    """Whether a sale is one step on from the standing: none of a later day or later rules is known, and no rules that begin before
    others were activated after them, which may be after the standing was stored too.
    """
    newest = max((spend.day for spend in spends), default=date.min)
    numbers = [revision.number for revision in rules.revisions]
    return (
        newest <= day
        and numbers == sorted(numbers)
        and (newest < day or all(begins_after(later, day) for later in rules.revisions[len(rules.begun) :]))
    )


def tier_state(
    account: Account, standing: Standing | None, spends: Sequence[Spend], tiers: Tiers | None, day: date
) -> TierState | None:
    """A tier as a receipt states it: its name, and how far it is to the next."""
    if tiers is None or standing is None:
        return None
    tier = held(standing, tiers, account.kind)
    higher = next_up(tier, spends, tiers, account.kind, day)
    if higher is None:
        return TierState(tier.id, tier.name)
    return TierState(tier.id, tier.name, higher.tier.name, higher.missing)


def balances(programme: Programme, holdings: Mapping[str, Holding], day: date) -> tuple[Balance, ...]:
    """Every purse of the programme, and any other that still holds or owes something."""
    purses = [purse.id for purse in programme.purses]
    purses += [purse for purse, held_ in holdings.items() if purse not in purses and (held_.lots or held_.owed)]
    return tuple(balance(holdings.get(purse) or Holding(purse), day) for purse in purses)
