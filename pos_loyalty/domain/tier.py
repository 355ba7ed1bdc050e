"""Where a holder stands on the ladder of tiers, worked out from their qualifying spend alone.

The standing is a function of the sales, net of what came back, each with its day and the ladder that it was sold under: in
whatever order they came, and whatever rules were activated since. After a return it becomes what it would be had the goods never
been bought. Only a sale raises it, under its own ladder; only the start of a business day lowers it, under the ladder of that day.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate

from pos_loyalty.domain.card import CardKind
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.rules import Tier, Tiers

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spend:
    """Qualifying spend of one sale on its business day, net of what came back, in minor units.

    `begun` is how many ladders had come into force by the rules that it was sold under; only `replay` asks for it.
    """

    day: date
    amount: Minor
    begun: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """A tier held since a day; `kept_until` is the last day on which it is kept whatever the window carries (None: for good)."""

    tier: str
    since: date
    kept_until: date | None


@dataclass(frozen=True, slots=True)
class Next:
    """The next tier up, and how much qualifying spend is missing to it today."""

    tier: Tier
    missing: Minor


def window_spend(spends: Sequence[Spend], tiers: Tiers, day: date) -> Minor:
    """The spend that counts on a day. In a rolling window a sale counts until the day before its date comes round again."""
    match tiers.window:
        case "lifetime":
            return sum(spend.amount for spend in spends if spend.day <= day)
        case "calendar year":
            return sum(spend.amount for spend in spends if spend.day <= day and spend.day.year == day.year)
        case Duration() as length:
            first = length.first_before(day)
            return sum(spend.amount for spend in spends if first <= spend.day <= day)


def start(tiers: Tiers, day: date) -> Standing:
    """The standing of a new card: the first tier, for good."""
    return Standing(tiers.ladder[0].id, day, None)


def advance(
    standing: Standing, spends: Sequence[Spend], tiers: Tiers, today: date, since: date | None = None
) -> Standing:
    """The standing at the start of a later day with no sale in between: past `kept_until`, a tier that the window no longer
    carries steps down, and the lower one is kept as long again. A tier that the ladder no longer has becomes the one that fits.

    `since` is the first day of this ladder: it lowers nobody on a day before (None: it was always in force).
    """
    return _advanced(standing, _Carried(spends, tiers), tiers, today, since)


def advance_through(
    standing: Standing, spends: Sequence[Spend], ladders: Sequence[tuple[date, Tiers]], today: date
) -> Standing:
    """As `advance`, with each day under the ladder that was in force on it. `ladders` as for `replay`."""
    carried = [_Carried(spends, tiers) for _, tiers in ladders]
    return _through(standing, carried, ladders, standing.since, today)


def after_sale(standing: Standing, spends: Sequence[Spend], tiers: Tiers, day: date) -> Standing:
    """The standing after a sale that `spends` already holds: the highest tier that the window carries, if it is a higher one.

    A day on which nothing was bought that counts raises nobody, so that goods all given back were never bought.
    """
    if sum(spend.amount for spend in spends if spend.day == day) <= 0:
        return standing
    return _raised(standing, tiers, window_spend(spends, tiers, day), day)


def replay(spends: Sequence[Spend], ladders: Sequence[tuple[date, Tiers]], joined: date) -> Standing | None:
    """The standing after the last sale, worked out anew from every one: step by step as if each had come in the order of its day
    and ladder. None where no ladder had begun by any of them.

    `ladders` holds each ladder with its first day, in the order in which they came into force, as far as they are known. A sale
    knows those that had begun by its own rules; the first counts for all before it too.
    """
    bought = _bought((spend.day, spend.begun, spend.amount) for spend in spends)
    if not any(begun for _, begun, _ in bought):
        return None
    return _replayed(bought, spends, ladders, joined)


def first_standing(
    spends: Sequence[Spend], ladders: Sequence[tuple[date, Tiers]], joined: date, today: date
) -> Standing:
    """The standing at the start of a day of a holder who has bought nothing since there are ladders: what was bought before
    counts under the first of them. `ladders`, which is not empty, as for `replay`.
    """
    bought = _bought((spend.day, 0, spend.amount) for spend in spends)
    standing = _replayed(bought, spends, ladders, joined)
    if standing is None:
        standing = start(ladder_on(ladders, min(joined, today)), joined)
    return advance_through(standing, spends, ladders, today)


def ladder_on(ladders: Sequence[tuple[date, Tiers]], day: date) -> Tiers:
    """The ladder in force on a day, or the first one where none was yet."""
    return next((tiers for first, tiers in reversed(ladders) if first <= day), ladders[0][1])


def held(standing: Standing, tiers: Tiers, kind: CardKind) -> Tier:
    """The tier whose offers apply: the standing's own, but a bearer card stays below the tiers for named cards only."""
    index = tiers.index(standing.tier) or 0
    while index > 0 and kind == "bearer" and tiers.ladder[index].named_only:
        index -= 1
    return tiers.ladder[index]


def next_up(tier: Tier, spends: Sequence[Spend], tiers: Tiers, kind: CardKind, day: date) -> Next | None:
    """The next tier that this holder can reach, and what is missing to it; None at the top."""
    index = tiers.index(tier.id)
    if index is None:
        return None
    higher = next((t for t in tiers.ladder[index + 1 :] if kind == "named" or not t.named_only), None)
    if higher is None:
        return None
    return Next(higher, max(higher.spend - window_spend(spends, tiers, day), 0))


class _Carried:
    """What a ladder's window carries on any day, after one pass over the spends: a holder of years has a thousand of them.

    The pass waits until it is asked, since on most days no tier can change.
    """

    def __init__(self, spends: Sequence[Spend], tiers: Tiers) -> None:
        self.spends = spends
        self.tiers = tiers

    @cached_property
    def ordered(self) -> list[Spend]:
        return sorted(self.spends, key=lambda spend: spend.day)

    @cached_property
    def days(self) -> list[date]:
        return [spend.day for spend in self.ordered]

    @cached_property
    def sums(self) -> list[Minor]:
        return [0, *accumulate(spend.amount for spend in self.ordered)]

    @cached_property
    def ends(self) -> list[date]:
        """The first day on which each no longer counts, in order too: a later day never comes round sooner."""
        window = self.tiers.window
        return [window.after(day) for day in self.days] if isinstance(window, Duration) else []

    def before(self, day: date) -> Minor:
        """The spend that counts at the start of a day."""
        end = bisect_left(self.days, day)
        match self.tiers.window:
            case "lifetime":
                begin = 0
            case "calendar year":
                begin = bisect_left(self.days, date(day.year, 1, 1))
            case Duration():
                begin = bisect_right(self.ends, day)
        return self.sums[end] - self.sums[begin]

    def losses(self, first: date, last: date) -> list[date]:
        """`first`, and the days after it until `last` at whose start the window can have come to carry less."""
        match self.tiers.window:
            case "lifetime":
                days: Iterable[date] = ()
            case "calendar year":
                days = [date(year, 1, 1) for year in range(first.year + 1, last.year + 1)]
            case Duration():
                days = sorted(set(self.ends[bisect_right(self.ends, first) : bisect_right(self.ends, last)]))
        return [first, *days]


def _bought(spends: Iterable[tuple[date, int, Minor]]) -> list[tuple[date, int, Minor]]:
    """What was bought and kept, by day and ladders begun, in their order."""
    net: dict[tuple[date, int], Minor] = {}
    for day, begun, amount in spends:
        net[day, begun] = net.get((day, begun), 0) + amount
    return sorted((day, begun, amount) for (day, begun), amount in net.items() if amount > 0)


def _replayed(
    bought: Sequence[tuple[date, int, Minor]],
    spends: Sequence[Spend],
    ladders: Sequence[tuple[date, Tiers]],
    joined: date,
) -> Standing | None:
    """`replay` of `_bought`; None where that is nothing."""
    carried = [_Carried(spends, tiers) for _, tiers in ladders]
    standing: Standing | None = None
    looked, under, of_day = date.min, 0, 0
    for day, begun, amount in bought:
        known = max(begun, 1)
        if standing is None:
            standing = start(ladder_on(ladders[:known], min(joined, day)), joined)
        # Under the same ladders the days until the last sale come to the same again; a new one may look back on some of them.
        begin = max(standing.since, looked) if known == under else standing.since
        standing = _through(standing, carried[:known], ladders[:known], begin, day)
        of_day = amount + (of_day if day == looked else 0)
        standing = _raised(standing, ladders[known - 1][1], carried[known - 1].before(day) + of_day, day)
        looked, under = day, known
    return standing


def _advanced(standing: Standing, carried: _Carried, tiers: Tiers, today: date, since: date | None) -> Standing:
    index = tiers.index(standing.tier)
    if index is None:
        day = today if since is None else since
        index = tiers.fitting(carried.before(day))
        standing = _reached(tiers, index, day)
    if tiers.step_down == "never":
        return standing
    while index > 0 and standing.kept_until is not None:
        first = standing.kept_until + _ONE_DAY
        if since is not None:
            first = max(first, since)
        if first > today:
            break
        threshold = tiers.ladder[index].spend
        falls = next((day for day in carried.losses(first, today) if carried.before(day) < threshold), None)
        if falls is None:
            break
        index = index - 1 if tiers.step_down == "one" else tiers.fitting(carried.before(falls))
        standing = _reached(tiers, index, falls)
    return standing


def _through(
    standing: Standing,
    carried: Sequence[_Carried],
    ladders: Sequence[tuple[date, Tiers]],
    begin: date,
    today: date,
) -> Standing:
    """Advance over the days from `begin` to `today`, each under its own ladder."""
    for n, (first, tiers) in enumerate(ladders):
        since = begin if n == 0 else max(begin, first)
        last = today if n + 1 == len(ladders) else min(today, ladders[n + 1][0] - _ONE_DAY)
        if since <= last:
            standing = _advanced(standing, carried[n], tiers, last, since)
    return standing


def _raised(standing: Standing, tiers: Tiers, spend: Minor, day: date) -> Standing:
    fitting = tiers.fitting(spend)
    index = tiers.index(standing.tier)
    return _reached(tiers, fitting, day) if index is None or fitting > index else standing


def _reached(tiers: Tiers, index: int, day: date) -> Standing:
    if index == 0 or tiers.step_down == "never":
        return Standing(tiers.ladder[index].id, day, None)
    return Standing(tiers.ladder[index].id, day, tiers.kept_for.after(day))
