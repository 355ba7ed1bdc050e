"""What offers take off the lines of a bill: measured on the lines as they stand, never past the maximum discount.

What a line cannot take is not moved to another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from pos_loyalty.domain.counter import Counter
from pos_loyalty.domain.money import MILLION, Millionths, Minor, half_up, split, split_exactly
from pos_loyalty.domain.programme.offers import AmountOff, Offer, PercentOff, SetOff


@dataclass(frozen=True, slots=True)
class Piece:
    """One item of a line, and what it costs now."""

    line: int
    price: Fraction


def measure(offer: Offer, counter: Counter, lines: Sequence[int], cap: Millionths) -> tuple[Minor, ...]:
    """What a discount takes off each line of the bill, were it taken now; `lines` are those that it is on."""
    parts = [0] * len(counter.items)
    match offer.give:
        case PercentOff(rate, None):
            for i in lines:
                parts[i] = min(half_up(counter.left[i] * rate, MILLION), counter.room(i, cap))
        case PercentOff(rate, items):
            for i, count in _dearest(counter, lines, items or 0).items():
                taken = half_up(counter.left[i] * count * rate, counter.pieces[i] * MILLION)
                parts[i] = min(taken, counter.room(i, cap))
        case AmountOff(amount):
            left = [counter.left[i] for i in lines]
            for i, part in zip(lines, split(min(amount, sum(left)), left), strict=True):
                parts[i] = min(part, counter.room(i, cap))
        case SetOff() as sets:
            _sets(sets, offer.limit.a_bill, counter, lines, cap, parts)
        case _:
            raise ValueError(f"offer {offer.id} is no discount")
    return tuple(parts)


def held_to(parts: tuple[Minor, ...], most: Minor) -> tuple[Minor, ...]:
    """The same discount, no more than `most` in all: the last to draw on a budget gets what is left of it."""
    return parts if sum(parts) <= most else tuple(split(most, parts))


def _pieces(counter: Counter, lines: Sequence[int]) -> list[Piece]:
    """Every item of these lines, the dearest first, in the order of lines where they cost the same."""
    found = [Piece(i, counter.price(i)) for i in lines for _ in range(counter.pieces[i])]
    found.sort(key=lambda piece: (-piece.price, piece.line))
    return found


def _dearest(counter: Counter, lines: Sequence[int], count: int) -> dict[int, int]:
    """How many of the `count` dearest items lie on each line."""
    taken: dict[int, int] = {}
    for i in sorted(lines, key=lambda i: (-counter.price(i), i)):
        part = min(count, counter.pieces[i])
        if part:
            taken[i] = part
            count -= part
    return taken


def _sets(
    sets: SetOff, most: int | None, counter: Counter, lines: Sequence[int], cap: Millionths, parts: list[Minor]
) -> None:
    """Fill sets with the dearest items first; what each saves, half up and held to the cap over its items, is split over them."""
    if sets.of == 1:
        _single(sets, most, counter, lines, cap, parts)
        return
    pieces = _pieces(counter, [i for i in lines if counter.items[i].unit == "pc"])
    full = len(pieces) // sets.of
    for n in range(full if most is None else min(full, most)):
        members = pieces[n * sets.of : (n + 1) * sets.of]
        saved = (
            sum((piece.price for piece in members[sets.of - sets.free :]), Fraction())
            if sets.price is None
            else sum((piece.price for piece in members), Fraction()) - sets.price
        )
        amount = min(_half_up(saved), _room(counter, members, cap))
        if amount <= 0:
            continue
        members.sort(key=lambda piece: piece.line)
        for piece, part in zip(members, split_exactly(amount, [piece.price for piece in members]), strict=True):
            parts[piece.line] += part


def _single(
    sets: SetOff, most: int | None, counter: Counter, lines: Sequence[int], cap: Millionths, parts: list[Minor]
) -> None:
    """A price for each item, or for each unit of what is weighed or measured: a holder's price."""
    wanted = sets.price or 0
    for i in lines:
        if counter.items[i].unit != "pc":
            saved = Fraction(counter.left[i]) - Fraction(wanted * counter.items[i].quantity, MILLION)
            parts[i] = max(min(_half_up(saved), counter.room(i, cap)), 0)
    left = most
    for piece in _pieces(counter, [i for i in lines if counter.items[i].unit == "pc"]):
        if left == 0:
            break
        amount = min(_half_up(piece.price - wanted), _room(counter, [piece], cap))
        if amount > 0:
            parts[piece.line] += amount
            left = None if left is None else left - 1


def _room(counter: Counter, members: Sequence[Piece], cap: Millionths) -> Minor:
    """What may still come off a set: the cap of its items' gross, less what came off them before, rounded down."""
    gross = sum((Fraction(counter.gross[p.line], counter.pieces[p.line]) for p in members), Fraction())
    left = sum((piece.price for piece in members), Fraction())
    room = gross * cap / MILLION - (gross - left)
    return room.numerator // room.denominator


def _half_up(amount: Fraction) -> Minor:
    return half_up(amount.numerator, amount.denominator)
