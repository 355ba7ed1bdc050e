"""Words that the panel and the holder's page share: how much of a purse, until when, and what an offer or club is called."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pos_loyalty.domain.message import Rate
from pos_loyalty.domain.programme.offers import EarnRate, PercentOff

if TYPE_CHECKING:
    from pos_loyalty.domain.programme.rules import Programme
    from pos_loyalty.ui.desk import Desk


def worded(desk: Desk, n: int, purse: str, *, signed: bool = False) -> str:
    """So much of a purse, each in its own unit: "47.50", "152 points", "One stamp"; `signed` says which way it goes."""
    language = desk.language
    amount = language.signed_units(n, purse) if signed else language.units(n, purse)
    kept = desk.programme.purse(purse)
    match kept.unit if kept else None:
        case "points":
            words = language.plural("{amount} point", "{amount} points", n, amount=amount)
        case "stamps":
            words = language.plural("{amount} stamp", "{amount} stamps", n, amount=amount)
        case "tickets":
            words = language.plural("{amount} ticket", "{amount} tickets", n, amount=amount)
        case _:
            return amount
    return words


def until(desk: Desk, last: date | None) -> str:
    """The last day of something; nothing where it has none."""
    return "" if last is None else desk.language.text("until {day}", day=last)


def offer_title(desk: Desk, offer_id: str, programme: Programme | None = None) -> str:
    """An offer as the customer knows it, of the rules in force or those of an old bill; its id where they have it no more."""
    offers = (programme or desk.programme).offers
    offer = next((offer for offer in offers if offer.id == offer_id), None)
    if offer is None:
        return offer_id
    match offer.give:
        case PercentOff(rate) if offer.tier is not None:
            return f"{offer.title} {desk.language.rate(rate)}"
        case EarnRate(_, rate) if offer.tier is not None:
            return desk.language.text("{tier} {rate} cashback", tier=offer.title, rate=Rate(rate))
        case _:
            return offer.title
