"""A loyalty programme as immutable values: what a holder can have, who they are, and what a sale gives.

A `Programme` that exists has been checked by `reading`; everything that computes takes it as it is.
What a sale gives stands in `offers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from pos_loyalty.domain.money import Currency, Millionths, Minor
from pos_loyalty.domain.programme.duration import NO_TIME, Duration
from pos_loyalty.domain.programme.offers import Offer

PurseUnit: TypeAlias = Literal["money", "points", "stamps", "tickets"]
OwnCard: TypeAlias = Literal["allow", "warn", "refuse"]
CountsAs: TypeAlias = Literal["discount", "tender"]
WhenSpent: TypeAlias = Literal["owe", "withhold", "forgive"]
StepDown: TypeAlias = Literal["one", "to-fit", "never"]


Lifetime: TypeAlias = "Duration | Literal['end of year'] | None"
"""How long a lot lives from the day that it became available, that last day included; None is for ever."""
Window: TypeAlias = "Duration | Literal['calendar year', 'lifetime']"


@dataclass(frozen=True, slots=True)
class Spend:
    """How a purse may be spent: at least `minimum` at once, at most `up_to` of what is to be paid, as a discount or a tender.
    `minimum` is in the purse's units: minor units of money, or whole points.
    """

    minimum: Minor = 0
    up_to: Millionths = 1_000_000
    counts_as: CountsAs = "discount"


@dataclass(frozen=True, slots=True)
class Purse:
    """What a holder can have, in money or in units of its own. `worth` lets units pay like money: millionths of the currency's main
    unit for each (0.01 is 10,000); without it only offers that cost them use them.
    """

    id: str
    hold: Duration = NO_TIME
    expires: Lifetime = None
    spend: Spend = Spend()
    unit: PurseUnit = "money"
    worth: Millionths | None = None

    @property
    def pays(self) -> bool:
        """Whether it can be spent like money."""
        return self.unit == "money" or self.worth is not None

    def value(self, units: int, currency: Currency) -> Minor:
        """What so many units pay, in minor units: money itself, or their product with `worth`, rounded down."""
        if self.unit == "money":
            return units
        scale: int = 10**currency.digits
        return units * (self.worth or 0) * scale // 1_000_000

    def units_for(self, value: Minor, currency: Currency) -> int:
        """The fewest units that pay at least `value` minor units."""
        if self.unit == "money":
            return value
        each = (self.worth or 0) * 10**currency.digits
        return -(-value * 1_000_000 // each) if each else 0

    def available_on(self, earned: date) -> date:
        """The first day on which what was earned on `earned` can be spent."""
        return self.hold.after(earned)

    def expires_on(self, available: date) -> date | None:
        """The last day, included, of what became available on `available`; None if it never expires."""
        if self.expires is None:
            return None
        if self.expires == "end of year":
            return date(available.year, 12, 31)
        return self.expires.after(available)


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of the ladder: reached by `spend` within the window; `named_only` keeps bearer cards below it."""

    id: str
    name: str
    spend: Minor
    discount: Millionths = 0
    cashback: Millionths = 0
    named_only: bool = False


@dataclass(frozen=True, slots=True)
class Tiers:
    """The ladder, lowest first (every card starts there), and whose spend counts for how long."""

    ladder: tuple[Tier, ...]
    window: Window = "lifetime"
    kept_for: Duration = NO_TIME
    step_down: StepDown = "one"

    def index(self, tier_id: str | None) -> int | None:
        """Where a tier stands on the ladder; None if it is not on it."""
        for i, tier in enumerate(self.ladder):
            if tier.id == tier_id:
                return i
        return None

    def fitting(self, spend: Minor) -> int:
        """The highest step that so much qualifying spend carries."""
        return max((i for i, tier in enumerate(self.ladder) if tier.spend <= spend), default=0)


@dataclass(frozen=True, slots=True)
class Exclude:
    """Goods that are only paid for: all that is named must hold; what is left out does not restrict."""

    departments: frozenset[str] = frozenset()
    skus: frozenset[str] = frozenset()
    reduced: bool | None = None

    def covers(self, department: str, sku: str, reduced: bool) -> bool:
        """Whether goods of this department and SKU are only paid for."""
        return (
            (not self.departments or department in self.departments)
            and (not self.skus or sku in self.skus)
            and (self.reduced is None or reduced == self.reduced)
        )


@dataclass(frozen=True, slots=True)
class Club:
    """A club of holders: joined by `spend` (minor units) `within` so long, by a `fee` sold at the till, or by hand; it lasts so
    long (None: for good).
    """

    id: str
    title: str
    spend: Minor | None = None
    within: Duration | None = None
    fee: Minor | None = None
    lasts: Duration | None = None


@dataclass(frozen=True, slots=True)
class GiftCertificates:
    """Which gift certificates are sold: of these amounts (none named: of any), paid with until they expire (None: for ever)."""

    expires: Duration | None = None
    amounts: tuple[Minor, ...] = ()


@dataclass(frozen=True, slots=True)
class Draw:
    """A prize draw among the tickets of a purse: until `closes`, included, one prize after another."""

    id: str
    title: str
    purse: str
    closes: date
    prizes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guard:
    """What is watched at the till: bills of one card a day past which a manager is asked (None: not counted), what happens to a
    cashier's own card, and how long a forgotten card may be added to a closed bill (seconds).
    """

    bills_per_card_per_day: int | None = None
    own_card: OwnCard = "allow"
    late_card: int = 0


@dataclass(frozen=True, slots=True)
class Partners:
    """The shops that honour one another's purse, by the name of each."""

    purse: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Returns:
    """How a return is settled: what was earned and spent since is owed, withheld or forgiven; what is restored lives so long."""

    when_spent: WhenSpent = "owe"
    restored_for: Duration = NO_TIME


@dataclass(frozen=True, slots=True)
class Programme:
    """The rules of one revision. All dates are business dates: a day runs from `day_starts` in `time_zone`."""

    name: str
    currency: Currency
    time_zone: str
    day_starts: time = time(0)
    maximum_discount: Millionths = 1_000_000
    cash_rounding: Minor = 1
    exclude: tuple[Exclude, ...] = ()
    purses: tuple[Purse, ...] = ()
    tiers: Tiers | None = None
    offers: tuple[Offer, ...] = ()
    returns: Returns = Returns()
    clubs: tuple[Club, ...] = ()
    certificates: GiftCertificates | None = None
    draws: tuple[Draw, ...] = ()
    guard: Guard = Guard()
    partners: Partners | None = None

    def local(self, at: datetime) -> datetime:
        """The shop's wall clock at a moment."""
        return at.astimezone(_zone(self.time_zone))

    def business_day(self, at: datetime) -> date:
        """The business date of a moment."""
        local = self.local(at)
        day = local.date()
        return day if local.time() >= self.day_starts else day - timedelta(days=1)

    def purse(self, purse_id: str) -> Purse | None:
        """The purse of that id, if the programme has it."""
        return next((purse for purse in self.purses if purse.id == purse_id), None)

    def is_excluded(self, department: str, sku: str, reduced: bool) -> bool:
        """Whether goods are only paid for: no offer, no purse, no spend that counts."""
        return any(rule.covers(department, sku, reduced) for rule in self.exclude)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
