"""Where a holder stands on the ladder of tiers, worked out from their qualifying spend alone.

The standing is a function of the dated spends, net of what came back, and of the ladders in force: after a return it becomes
what it would be had the goods never been bought. Only a sale raises it; only the start of a business day lowers it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pos_loyalty.domain.card import CardKind
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.programme.rules import Duration, Tier, Tiers


@dataclass(frozen=True, slots=True)
class Spend:
    """Qualifying spend of one sale on its business day, net of what came back, in minor units."""

    day: date
    amount: Minor


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
            return sum(spend.amount for spend in spends if spend.day <= day < length.after(spend.day))


def start(tiers: Tiers, day: date) -> Standing:
    """The standing of a new card: the first tier, for good."""
    return Standing(tiers.ladder[0].id, day, None)


def advance(standing: Standing, spends: Sequence[Spend], tiers: Tiers, today: date) -> Standing:
    """The standing on a later day with no sale in between: past `kept_until`, a tier that the window no longer carries steps
    down, and the lower one is kept as long again. A tier that the ladder no longer has becomes the one that fits.
    """
    index = tiers.index(standing.tier)
    if index is None:
        return _reached(tiers, tiers.fitting(window_spend(spends, tiers, today)), today)
    if tiers.step_down == "never":
        return standing
    while index > 0 and standing.kept_until is not None:
        threshold = tiers.ladder[index].spend
        first = standing.kept_until + timedelta(days=1)
        falls = next(
            (
                day
                for day in _days_to_look_at(spends, tiers, first, today)
                if window_spend(spends, tiers, day) < threshold
            ),
            None,
        )
        if falls is None:
            break
        index = (
            index - 1 if tiers.step_down == "one" else min(index - 1, tiers.fitting(window_spend(spends, tiers, falls)))
        )
        standing = _reached(tiers, index, falls)
    return standing


def after_sale(standing: Standing, spends: Sequence[Spend], tiers: Tiers, day: date) -> Standing:
    """The standing after a sale that `spends` already holds: the highest tier that the window carries, if it is a higher one."""
    fitting = tiers.fitting(window_spend(spends, tiers, day))
    index = tiers.index(standing.tier)
    if index is None or fitting > index:
        return _reached(tiers, fitting, day)
    return standing


def replay(
    spends: Sequence[Spend], ladders: Sequence[tuple[date, Tiers]], joined: date, today: date
) -> Standing | None:
    """The standing today, worked out anew from every sale under the ladder in force on its day.

    `ladders` holds each ladder with its first day, oldest first; the first counts for all days before it too.
    """
    if not ladders:
        return None
    standing: Standing | None = None
    ordered = sorted(spends, key=lambda spend: spend.day)
    days = sorted(
        {spend.day for spend in ordered} | {first for first, _ in ladders[1:] if first > joined} | {joined, today}
    )
    for day in days:
        if day > today:
            break
        tiers = ladder_on(ladders, day)
        if standing is None:
            standing = start(tiers, joined)
        known = [spend for spend in ordered if spend.day < day]
        standing = advance(standing, known, tiers, day)
        if any(spend.day == day for spend in ordered):
            known = [spend for spend in ordered if spend.day <= day]
            standing = after_sale(standing, known, tiers, day)
    return standing


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
    if index is None or index + 1 >= len(tiers.ladder):
        return None
    higher = tiers.ladder[index + 1]
    if kind == "bearer" and higher.named_only:
        return None
    return Next(higher, max(higher.spend - window_spend(spends, tiers, day), 0))


def _reached(tiers: Tiers, index: int, day: date) -> Standing:
    if index == 0 or tiers.step_down == "never":
        return Standing(tiers.ladder[index].id, day, None)
    return Standing(tiers.ladder[index].id, day, tiers.kept_for.after(day))


def _days_to_look_at(spends: Sequence[Spend], tiers: Tiers, first: date, today: date) -> list[date]:
    """The days from `first` on, today included, at whose start the window's spend can have become less."""
    if first > today:
        return []
    match tiers.window:
        case "lifetime":
            days: set[date] = set()
        case "calendar year":
            days = {date(year, 1, 1) for year in range(first.year + 1, today.year + 1)}
        case Duration() as length:
            days = {length.after(spend.day) for spend in spends}
    return [first, *sorted(day for day in days if first < day <= today)]
