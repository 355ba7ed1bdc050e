"""What came into a holder's purses: each in its own unit, from when until when it can be spent, and what of it a debt took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from pos_loyalty.domain.sale import Earned, Owed
from pos_loyalty.language import Language
from pos_loyalty.receipt.parts import purse_name, unbroken
from pos_loyalty.receipt.rows import Row, Text


def earned_rows(
    earned: Sequence[Earned],
    settled: Sequence[Owed],
    day: date,
    opened: Mapping[str, tuple[Row, ...]],
    language: Language,
) -> Iterator[Row]:
    """What was earned on a day, summed by purse and by the days that bound it.

    A sum of several offers names none of them (the till says why) but those in `opened`, which were paid for or needed a coupon.
    """
    together: dict[tuple[str, date, date | None], list[Earned]] = {}
    for one in earned:
        together.setdefault((one.purse, one.available, one.expires), []).append(one)
    owed = {one.purse: one.amount for one in settled}
    for (purse, available, expires), parts in together.items():
        gained = language.signed_units(sum(part.amount for part in parts), purse)
        yield Text(language.text("{purse}: earned", purse=purse_name(purse)), gained)
        for part in parts:
            if len(parts) == 1 or part.offer in opened:
                yield Text(language.say(part.title), indent=2)
                yield from opened.get(part.offer, ())
        when = _when(available if available > day else None, expires, language)
        if when:
            yield Text(when, indent=2)
        if purse in owed:
            yield Text(language.text("towards what was owed"), language.units(-owed.pop(purse), purse), indent=2)


def _when(available: date | None, expires: date | None, language: Language) -> str:
    """From when to when it can be spent; nothing to say where that is from now on for ever."""
    first = unbroken(language.day(available)) if available is not None else ""
    last = unbroken(language.day(expires)) if expires is not None else ""
    if first and last:
        return language.text("to spend from {first} until {last}", first=first, last=last)
    if first:
        return language.text("to spend from {first}", first=first)
    return language.text("to spend until {last}", last=last) if last else ""
