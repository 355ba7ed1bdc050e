"""Days, clocks and rounding as the second witness reckons them: from the words of the programme, with none of the till's code.

Written to be simple and slow where the till is quick: fractions, loops over days, and Bulgaria's clock by the rule of the law.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

Rules = Mapping[str, Any]
"""One revision as plain values; see `habits.programme`."""
Length = tuple[int, str]
"""So many days, months or years."""


def sofia(at: datetime) -> datetime:
    """The wall clock in Sofia: two hours ahead of UTC, three from the last Sunday of March to that of October, at 01:00 UTC."""
    at = at.astimezone(UTC)
    changes = [datetime.combine(_last_sunday(at.year, month), datetime.min.time(), UTC) for month in (3, 10)]
    begin, end = (change + timedelta(hours=1) for change in changes)
    return at.replace(tzinfo=None) + timedelta(hours=3 if begin <= at < end else 2)


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, calendar.monthrange(year, month)[1])
    return last - timedelta(days=(last.weekday() + 1) % 7)


def business_day(rules: Rules, at: datetime) -> date:
    """The date of the business day: what the wall clock shows before the day starts is still the day before."""
    local = sofia(at)
    minutes = local.hour * 60 + local.minute
    return local.date() if minutes >= rules["day_starts"] else local.date() - timedelta(days=1)


@lru_cache(maxsize=100_000)
def later(day: date, length: Length) -> date:
    """The same day so long later; months keep the day or take the month's last."""
    count, unit = length
    if unit == "days":
        return day + timedelta(days=count)
    month = day.month - 1 + count * (12 if unit == "years" else 1)
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def nearest(value: Fraction) -> int:
    """To the nearest whole number, a half away from zero."""
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


def shares(amount: int, weights: Sequence[int]) -> list[int]:
    """An amount in proportion to the weights, by largest remainder, the earlier one first."""
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    if amount < 0:
        return [-part for part in shares(-amount, weights)]
    exact = [Fraction(amount * weight, total) for weight in weights]
    parts = [part.numerator // part.denominator for part in exact]
    order = sorted(range(len(weights)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: amount - sum(parts)]:
        parts[i] += 1
    return parts


# ---- tiers: every day looked at, one after the other ------------------------------------------------------------------

Ladders = Sequence[tuple[date, Rules]]
Standing = dict[str, Any]
"""`tier` (its id), `since`, and `kept` (the last day on which it is kept whatever was bought; None: for good)."""


def window(rules: Rules, spends: Mapping[date, int], today: date, until: date) -> int:
    """What counts on a day of what was bought up to `until`, that day included."""
    kind = rules["window"]
    total = 0
    for day, amount in spends.items():
        if day > until:
            continue
        if (
            kind == "lifetime"
            or (kind == "calendar year" and day.year == today.year)
            or (isinstance(kind, tuple) and today < later(day, kind))
        ):
            total += amount
    return total


def ladder_of(ladders: Ladders, day: date) -> Rules:
    """The rules whose tiers hold on a day: the last that began by then, or the first."""
    found = ladders[0][1]
    for first, rules in ladders:
        if first <= day:
            found = rules
    return found


def index_of(rules: Rules, tier: str) -> int | None:
    return next((i for i, step in enumerate(rules["tiers"]) if step["id"] == tier), None)


def fits(rules: Rules, amount: int) -> int:
    return max(i for i, step in enumerate(rules["tiers"]) if step["spend"] <= amount)


def reached(rules: Rules, index: int, day: date) -> Standing:
    for_good = index == 0 or rules["step_down"] == "never"
    kept = None if for_good else later(day, rules["kept_for"])
    return {"tier": rules["tiers"][index]["id"], "since": day, "kept": kept}


def at_start_of(day: date, standing: Standing, spends: Mapping[date, int], ladders: Ladders) -> Standing:
    """What the start of one business day does to a standing: only there does anybody go down."""
    rules = ladder_of(ladders, day)
    index = index_of(rules, standing["tier"])
    if index is None:
        index = fits(rules, window(rules, spends, day, day - timedelta(days=1)))
        standing = reached(rules, index, day)
    if rules["step_down"] == "never" or index == 0 or standing["kept"] is None or standing["kept"] >= day:
        return standing
    carried = window(rules, spends, day, day - timedelta(days=1))
    if carried >= rules["tiers"][index]["spend"]:
        return standing
    return reached(rules, index - 1 if rules["step_down"] == "one" else fits(rules, carried), day)


def raised(rules: Rules, standing: Standing, spends: Mapping[date, int], day: date) -> Standing:
    """What goods bought on a day do to a standing: they raise it, or leave it."""
    if spends.get(day, 0) <= 0:
        return standing
    index, fit = index_of(rules, standing["tier"]), fits(rules, window(rules, spends, day, day))
    return reached(rules, fit, day) if index is None or fit > index else standing


def lived_through(
    standing: Standing, spends: Mapping[date, int], ladders: Ladders, first: date, last: date
) -> Standing:
    """A standing after the start of every day from `first` to `last`."""
    day = first
    while day <= last:
        standing = at_start_of(day, standing, spends, ladders)
        day += timedelta(days=1)
    return standing


def new_card(joined: date, ladders: Ladders, day: date) -> Standing:
    """Where a card stands that was never used until a day: at the first tier, for good."""
    return {"tier": ladder_of(ladders, min(joined, day))["tiers"][0]["id"], "since": joined, "kept": None}


def one_after_another(joined: date, sold: Sequence[tuple[date, int, Ladders]]) -> Standing | None:
    """A standing after the last of these sales, as if they had come in this order: day, amount, and the ladders begun by then."""
    standing: Standing | None = None
    spends: dict[date, int] = {}
    for day, amount, ladders in sold:
        standing = standing or new_card(joined, ladders, day)
        standing = lived_through(standing, spends, ladders, standing["since"], day)
        spends[day] = spends.get(day, 0) + amount
        standing = raised(ladders[-1][1], standing, spends, day)
    return standing
