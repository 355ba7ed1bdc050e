"""What offers take off the lines of a bill: measured on the lines as they stand, never past the maximum discount.

What a line cannot take is not moved to another.
"""

from __future__ import annotations

from collections.abc import Sequence

from pos_loyalty.domain.counter import Counter
from pos_loyalty.domain.money import MILLION, Millionths, Minor, half_up, split
from pos_loyalty.domain.programme.offers import AmountOff, Offer, PercentOff, SetOff


def measure(
    offer: Offer, counter: Counter, lines: Sequence[int], cap: Millionths, times: int | None = None
) -> tuple[Minor, ...]:
    """What a discount takes off each line of the bill, were it taken now; `lines` are those that it is on.

    One that costs something is taken so many `times`, all at once: on so many times its items, its amount or its sets.
    """
    parts = [0] * len(counter.items)
    match offer.give:
        case PercentOff(rate, None):
            for i in lines:
                parts[i] = min(half_up(counter.left[i] * rate, MILLION), counter.room(i, cap))
        case PercentOff(rate, items):
            for i, count in _dearest(counter, lines, (items or 0) * (times or 1)).items():
                taken = half_up(counter.left[i] * count * rate, counter.pieces[i] * MILLION)
                parts[i] = min(taken, counter.room(i, cap))
        case AmountOff(amount):
            left = [counter.left[i] for i in lines]
            for i, part in zip(lines, split(min(amount * (times or 1), sum(left)), left), strict=True):
                parts[i] = min(part, counter.room(i, cap))
        case SetOff() as sets:
            if sets.of > 1:
                _sets(sets, offer.limit.a_bill if times is None else times, counter, lines, cap, parts)
            elif times is None:
                _single(sets, offer.limit.a_bill, counter, lines, cap, parts)
            else:
                _paid_singles(sets, times, counter, lines, parts)
        case _:
            raise ValueError(f"offer {offer.id} is no discount")
    return tuple(parts)


def most_times(offer: Offer, counter: Counter, lines: Sequence[int]) -> int:
    """How often a discount that costs something can be taken so that each time takes something off, maximum or not."""
    match offer.give:
        case PercentOff(_, None):
            return 1 if any(measure(offer, counter, lines, MILLION)) else 0
        case PercentOff(_, items):
            priced = sum(counter.pieces[i] for i in lines if counter.left[i] > 0)
            return -(-priced // (items or 1)) if any(measure(offer, counter, lines, MILLION)) else 0
        case AmountOff(amount):
            return -(-sum(counter.left[i] for i in lines) // amount)
        case SetOff() as sets:
            unmeasured = [0] * len(counter.items)
            if sets.of == 1:
                return _paid_singles(sets, sum(counter.pieces), counter, lines, unmeasured)
            return _sets(sets, None, counter, lines, MILLION, unmeasured)
        case _:
            raise ValueError(f"offer {offer.id} is no discount")


def to_fill_a_set(offer: Offer, counter: Counter, lines: Sequence[int]) -> int:
    """How many more pieces fill the first set of a bill that has begun one, priced as those that are there; 0 where a set would
    save nothing, or none is begun.
    """
    pieces = [i for i in lines if counter.items[i].unit == "pc" and counter.pieces[i]]
    match offer.give:
        case SetOff() as sets if sets.of > 1 and pieces:
            there = sum(counter.pieces[i] for i in pieces)
            dearest = max(counter.price(i) for i in pieces)
            saves = sets.price is None or dearest * sets.of > sets.price * counter.scale
            return max(sets.of - there, 0) if saves and dearest > 0 else 0
        case _:
            return 0


def held_to(parts: tuple[Minor, ...], most: Minor) -> tuple[Minor, ...]:
    """The same discount, no more than `most` in all: the last to draw on a budget gets what is left of it."""
    return parts if sum(parts) <= most else tuple(split(most, parts))


def _dearest_first(counter: Counter, lines: Sequence[int]) -> list[int]:
    """These lines, that of the dearest items first, in their own order where items cost the same."""
    return sorted(lines, key=lambda i: (-counter.price(i), i))


def _dearest(counter: Counter, lines: Sequence[int], count: int) -> dict[int, int]:
    """How many of the `count` dearest items lie on each line."""
    taken: dict[int, int] = {}
    for i in _dearest_first(counter, lines):
        part = min(count, counter.pieces[i])
        if part:
            taken[i] = part
            count -= part
    return taken


def _sets(
    sets: SetOff, most: int | None, counter: Counter, lines: Sequence[int], cap: Millionths, parts: list[Minor]
) -> int:
    """Fill sets with the dearest items first; what each saves, half up and held to the cap over its items, is split over them.

    Sets that lie on one line save all the same, so they are reckoned once: a thousand pieces cost no more than three.
    The answer is how many of the sets save something.
    """
    saving = 0
    begun: list[int] = []  # the items of a set that is not full yet, each by its line
    for i in _dearest_first(counter, [i for i in lines if counter.items[i].unit == "pc"]):
        count = counter.pieces[i]
        while count and most != 0:
            full = 0 if begun else count // sets.of
            if full:
                full = full if most is None else min(full, most)
                each = _saved(sets, counter, [i] * sets.of, cap)
                parts[i] += full * each
                saving += full if each else 0
                count -= full * sets.of
                most = None if most is None else most - full
                continue
            added = min(sets.of - len(begun), count)
            begun += [i] * added
            count -= added
            if len(begun) < sets.of:
                break
            amount = _saved(sets, counter, begun, cap)
            begun.sort()
            if amount:
                for line, part in zip(begun, split(amount, [counter.price(line) for line in begun]), strict=True):
                    parts[line] += part
                saving += 1
            begun = []
            most = None if most is None else most - 1
    return saving


def _saved(sets: SetOff, counter: Counter, members: Sequence[int], cap: Millionths) -> Minor:
    """What a full set saves, its items by their lines, the dearest first; nothing where its items cost less than its price."""
    prices = [counter.price(line) for line in members]
    saved = sum(prices[sets.of - sets.free :]) if sets.price is None else sum(prices) - sets.price * counter.scale
    return max(min(half_up(saved, counter.scale), _room(counter, members, cap)), 0)


def _paid_singles(sets: SetOff, most: int, counter: Counter, lines: Sequence[int], parts: list[Minor]) -> int:
    """A price for at most so many items, each of them paid for: on how many it saves something. What is weighed is one item."""
    found = 0
    for i in _dearest_first(counter, lines):
        by_unit = counter.items[i].unit != "pc"
        each = _by_unit(sets, counter, i) if by_unit else _saved(sets, counter, [i], MILLION)
        count = min(1 if by_unit else counter.pieces[i], most - found) if each > 0 else 0
        parts[i] += each * count
        found += count
    return found


def _single(
    sets: SetOff, most: int | None, counter: Counter, lines: Sequence[int], cap: Millionths, parts: list[Minor]
) -> None:
    """A price for each item, or for each unit of what is weighed or measured: a holder's price."""
    for i in lines:
        if counter.items[i].unit != "pc":
            parts[i] = max(min(_by_unit(sets, counter, i), counter.room(i, cap)), 0)
    for i in _dearest_first(counter, [i for i in lines if counter.items[i].unit == "pc"]):
        each = _saved(sets, counter, [i], cap)
        count = counter.pieces[i] if most is None else min(counter.pieces[i], most)
        if each:
            parts[i] += each * count
            most = None if most is None else most - count


def _by_unit(sets: SetOff, counter: Counter, index: int) -> Minor:
    """What a price for a unit saves on a line that is weighed or measured; below zero where the line costs less."""
    return half_up(counter.left[index] * MILLION - (sets.price or 0) * counter.items[index].quantity, MILLION)


def _room(counter: Counter, members: Sequence[int], cap: Millionths) -> Minor:
    """What may still come off a set: the cap of its items' gross, less what came off them before, rounded down."""
    gross = sum(counter.gross_price(line) for line in members)
    left = sum(counter.price(line) for line in members)
    return (gross * cap - (gross - left) * MILLION) // (counter.scale * MILLION)
