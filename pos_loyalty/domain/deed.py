"""What else is done for a holder than selling and taking back, and must be remembered for good: each is an entry of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from pos_loyalty.domain.card import CardKind
from pos_loyalty.domain.club import Joining, Term
from pos_loyalty.domain.ledger import Draw
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.sale import Earned, Owed, Quote, ReferrerEarned, Sale


@dataclass(frozen=True, slots=True)
class ClubJoined:
    """A membership given by hand: it lasts so long, or until a last day that was named, or (neither) for good.

    `since` and `ends` are what that came to when it was given.
    """

    id: str
    account: str
    at: datetime
    recorded_at: datetime
    day: date
    operator: str
    club: str
    lasts: Duration | None
    until: date | None
    since: date
    ends: date | None

    @property
    def term(self) -> Term:
        """How long it lasts."""
        return self.lasts if self.until is None else self.until

    @property
    def joining(self) -> Joining:
        """What it counts as."""
        return Joining(self.club, self.day, self.id, "hand", self.term)


@dataclass(frozen=True, slots=True)
class LateCard:
    """A card that was added to a closed bill: whose it is, and what they earned on what was really paid. `card` is masked.

    `used` and `held_out` are offers, as in a quote; `settled` is what of the earned units made good a debt at once.
    """

    id: str
    sale: str
    account: str
    card: str
    kind: CardKind
    at: datetime
    recorded_at: datetime
    day: date
    operator: str
    earned: tuple[Earned, ...]
    qualifying: int
    used: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ()
    referrer: tuple[ReferrerEarned, ...] = ()
    settled: tuple[Owed, ...] = ()

    def earnings(self, sale: Sale) -> Quote:
        """What it counts for the offers: the bill's quote as if nothing but these earnings stood in it."""
        return replace(
            sale.quote,
            discounts=(),
            gifts=(),
            earned=self.earned,
            referrer=self.referrer,
            used=self.used,
            held_out=self.held_out,
        )


@dataclass(frozen=True, slots=True)
class Merge:
    """Two records joined into one: `other` became part of `account`, with all that it held and owed. `settled` is what of the
    one's lots made good the other's debts.
    """

    id: str
    account: str
    other: str
    at: datetime
    recorded_at: datetime
    day: date
    operator: str
    allowed_by: str | None = None
    settled: tuple[Owed, ...] = ()


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Units given to a purse by hand (`amount` above zero) or taken from it (below), for a complaint or another reason, in words
    that stand elsewhere.

    What was given could be spent from `available` until `expires`; `draws` are the lots that it was taken from. `undoes` is the
    adjustment that this one takes back, `owed` what the holder owes of it since it was spent, `excused` what had expired of it.
    """

    id: str
    account: str
    at: datetime
    recorded_at: datetime
    day: date
    operator: str
    purse: str
    amount: Minor
    allowed_by: str | None = None
    complaint: str | None = None
    available: date | None = None
    expires: date | None = None
    draws: tuple[Draw, ...] = ()
    settled: Minor = 0
    undoes: str | None = None
    owed: Minor = 0
    excused: tuple[Draw, ...] = ()


def with_late_card(sale: Sale, late: LateCard | None) -> Sale:
    """A bill as a return finds it: the holder's whose card was added, with what they earned. None is as it was sold."""
    if late is None:
        return sale
    quote = replace(
        sale.quote,
        earned=late.earned,
        qualifying=late.qualifying,
        used=(*sale.quote.used, *late.used),
        held_out=(*sale.quote.held_out, *late.held_out),
        referrer=late.referrer,
    )
    return replace(sale, account=late.account, card=late.card, kind=late.kind, quote=quote)
