"""What a sale gives, as values: an offer is for whom, on what, when, needing how much, at what cost, giving what, how often.

Every part that is left out restricts nothing; parts that are named hold together. A tier's own discount and cashback are offers
like any other, so pricing and earning know only these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal, TypeAlias

from pos_loyalty.domain.card import CardKind
from pos_loyalty.domain.money import Millionths, Minor
from pos_loyalty.domain.programme.duration import Duration

Every: TypeAlias = Minor | Literal["item"]
"""For each so much paid, or for each item on which something is paid."""


@dataclass(frozen=True, slots=True)
class Goods:
    """Which lines are meant: all that is named must hold."""

    departments: frozenset[str] = frozenset()
    skus: frozenset[str] = frozenset()
    except_departments: frozenset[str] = frozenset()
    except_skus: frozenset[str] = frozenset()
    reduced: bool | None = None

    def covers(self, department: str, sku: str, reduced: bool) -> bool:
        """Whether goods of this department and SKU are meant."""
        return (
            (not self.departments or department in self.departments)
            and (not self.skus or sku in self.skus)
            and department not in self.except_departments
            and sku not in self.except_skus
            and (self.reduced is None or reduced == self.reduced)
        )


@dataclass(frozen=True, slots=True)
class Bought:
    """Who bought such goods in at least so many sales (and kept them), within so long (None: ever)."""

    goods: Goods
    times: int = 1
    within: Duration | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom an offer is for; `everyone` opens it to bills without a card."""

    everyone: bool = False
    tiers: frozenset[str] = frozenset()
    clubs: frozenset[str] = frozenset()
    cards: CardKind | None = None
    birthday_within: Duration | None = None
    not_seen_for: Duration | None = None
    first_visit: bool = False
    referred: bool = False
    bought: Bought | None = None


@dataclass(frozen=True, slots=True)
class When:
    """On which business days (Monday is 0) and at which hours of the clock: the end is not counted, and one before its beginning is
    of the next morning. `until` is the last day, included.
    """

    weekdays: frozenset[int] = frozenset()
    hours: tuple[time, time] | None = None
    first: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be there: so much left on the offer's lines (minor units), so many items of them, a coupon for the offer."""

    spend: Minor = 0
    items: int = 0
    coupon: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """How often: sets, times or steps `a_bill`; sales of `each` holder `within` so long; `total` of all; a `budget` in minor units;
    and of the friends of `each_referrer`.
    """

    a_bill: int | None = None
    each: int | None = None
    within: Duration | None = None
    each_referrer: int | None = None
    total: int | None = None
    budget: Minor | None = None


@dataclass(frozen=True, slots=True)
class PercentOff:
    """A percentage off what is left of each line, or off the `items` dearest items alone."""

    rate: Millionths
    items: int | None = None


@dataclass(frozen=True, slots=True)
class AmountOff:
    """An amount off, split over the lines in proportion to what is left of each."""

    amount: Minor


@dataclass(frozen=True, slots=True)
class SetOff:
    """Of every `of` items, filled with the dearest first, `free` are free; or the set costs `price`."""

    of: int
    free: int = 0
    price: Minor | None = None


@dataclass(frozen=True, slots=True)
class Gift:
    """Goods given along, by SKU."""

    sku: str


@dataclass(frozen=True, slots=True)
class CouponGiven:
    """A personal coupon for another offer, valid so long."""

    offer: str
    valid: Duration | None = None


@dataclass(frozen=True, slots=True)
class EarnRate:
    """A percentage of what is paid, into a money purse."""

    purse: str
    rate: Millionths


@dataclass(frozen=True, slots=True)
class EarnUnits:
    """Units of purses: once a bill, or for `every` so much paid, or item."""

    units: Mapping[str, int]
    every: Every | None = None


@dataclass(frozen=True, slots=True)
class Multiply:
    """What the other offers earn into a purse, times a factor in millionths."""

    factors: Mapping[str, Millionths]


Give: TypeAlias = PercentOff | AmountOff | SetOff | Gift | CouponGiven | EarnRate | EarnUnits | Multiply
Kind: TypeAlias = Literal["discount", "earning", "multiplier", "gift", "coupon"]


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer. `costs` are units by purse (it is a reward then), `automatic` takes it without being asked; of one `group` only
    the best for the customer is taken; `control_group` is the share of holders (millionths) that is counted and gets nothing.
    `tier` names the tier whose own it is; `referrer` is what the holder who sent this one gets, in units by purse; where it is all
    that is given, `give` is None.
    """

    id: str
    title: str
    give: Give | None
    audience: Audience = Audience()
    goods: Goods | None = None
    when: When = When()
    needs: Needs = Needs()
    costs: Mapping[str, int] = field(default_factory=dict)
    limit: Limit = Limit()
    referrer: Mapping[str, int] = field(default_factory=dict)
    group: str | None = None
    automatic: bool = False
    control_group: Millionths = 0
    tier: str | None = None

    @property
    def kind(self) -> Kind:
        """What sort of thing it gives: a group holds one kind."""
        match self.give:
            case PercentOff() | AmountOff() | SetOff():
                return "discount"
            case Gift():
                return "gift"
            case CouponGiven():
                return "coupon"
            case Multiply():
                return "multiplier"
            case _:
                return "earning"
