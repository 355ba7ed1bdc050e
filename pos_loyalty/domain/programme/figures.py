"""The numbers of a programme file: amounts, percentages, counts, what a point is worth and what multiplies it.

Amounts and percentages are texts, so that no decimal is ever a float; counts of whole things are bare numbers.
"""

from __future__ import annotations

from collections.abc import Callable

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.money import (
    MAX_MINOR,
    MILLION,
    Currency,
    Millionths,
    Minor,
    parse_decimal,
    parse_rate,
    plain_rate,
)
from pos_loyalty.domain.programme.offers import Every
from pos_loyalty.domain.programme.problems import Wrong, needed, shown

MAX_COUNT = 1_000_000
"""The largest count of anything: more is a slip of the finger."""
MAX_FACTOR = 1_000 * MILLION
"""What anything is multiplied by, at most."""
MAX_WORTH = 1_000_000 * MILLION
"""What one unit of a purse is worth, at most, in millionths of the currency's main unit."""


def amount(money: Currency | None) -> Callable[[object], Minor]:
    """Reads amounts of a currency, from zero up, in minor units; of one not known (None), with up to four decimals."""
    digits = 4 if money is None else money.digits
    finest: int = 10 ** (9 - digits)
    example = "500" if digits == 0 else "500." + "0" * (2 if money is None else digits)

    def read(value: object) -> Minor:
        if not isinstance(value, str):
            raise needed(Message(N_('an amount between quotation marks, like "{example}"'), example=example), value)
        try:
            exact = parse_decimal(value, 9)
        except ValueError:
            raise Wrong(
                Message(N_('"{word}" is not an amount.'), word=shown(value)),
                Message(
                    N_('Write digits with a point before the decimals and nothing else, like "{example}".'),
                    example=example,
                ),
            ) from None
        minor, finer = divmod(exact, finest)
        if exact < 0:
            raise Wrong(Message(N_("An amount cannot be below zero here.")))
        if finer or len(value.partition(".")[2]) > digits:
            raise Wrong(
                Message(
                    N_('"{word}" has more decimals than {currency} has ({digits}).'),
                    word=shown(value),
                    currency="" if money is None else money.code,
                    digits=digits,
                ),
                Message(N_('Write it like "{example}".'), example=example),
            )
        if minor > MAX_MINOR:
            raise Wrong(Message(N_('"{word}" is more than any shop takes.'), word=shown(value)))
        return minor

    return read


def above_zero(read: Callable[[object], Minor]) -> Callable[[object], Minor]:
    """The same amounts without zero."""

    def positive(value: object) -> Minor:
        minor = read(value)
        if minor == 0:
            raise Wrong(Message(N_("This has to be above zero.")))
        return minor

    return positive


def rate(value: object) -> Millionths:
    """A percentage from 0% to 100%, in millionths."""
    if not isinstance(value, str):
        raise needed(Message(N_('a percentage between quotation marks, like "7.5%"')), value)
    try:
        read = parse_rate(value)
    except ValueError:
        raise Wrong(
            Message(N_('"{word}" is not a percentage.'), word=shown(value)),
            Message(N_('Write a number with a percent sign, a point and at most four decimals, like "7.5%".')),
        ) from None
    if not 0 <= read <= MILLION:
        raise Wrong(Message(N_('"{word}" is not between 0% and 100%.'), word=shown(value)))
    return read


def part(value: object) -> Millionths:
    """A percentage above 0%."""
    read = rate(value)
    if read == 0:
        raise Wrong(Message(N_("This has to be above zero.")))
    return read


def share(value: object) -> Millionths:
    """A share of all holders, in hundredths of a percent: they are told apart by ten thousand numbers."""
    read = rate(value)
    if read % 100:
        raise Wrong(
            Message(N_('"{word}" is finer than a hundredth of a percent.'), word=shown(str(value))),
            Message(N_('Write it like "{example}".'), example=plain_rate(max(read // 100, 1) * 100)),
        )
    return read


def count(value: object) -> int:
    """A whole number of things, from 1 up."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise needed(Message(N_("a whole number without quotation marks, like 1")), value)
    if value < 1:
        raise Wrong(Message(N_("This has to be above zero.")))
    if value > MAX_COUNT:
        raise Wrong(Message(N_("More than {limit} is no count that a shop needs."), limit=MAX_COUNT))
    return value


def every(money: Currency | None) -> Callable[[object], Every]:
    """Reads what a step of earning is: "item", or so much paid."""

    def read(value: object) -> Every:
        if value == "item":
            return "item"
        try:
            return above_zero(amount(money))(value)
        except Wrong as wrong:
            raise Wrong(wrong.message, wrong.mend or Message(N_('Write an amount above zero, or "item".'))) from None

    return read


def off(money: Currency | None) -> Callable[[object], tuple[Millionths, Minor]]:
    """Reads a discount: a percentage or an amount above zero, the other of the two being zero."""

    def read(value: object) -> tuple[Millionths, Minor]:
        if not isinstance(value, str):
            raise needed(Message(N_('a percentage like "10%" or an amount, between quotation marks')), value)
        if "%" in value:
            return part(value), 0
        return 0, above_zero(amount(money))(value)

    return read


def worth(value: object) -> Millionths:
    """What a unit is worth, above zero, in millionths of the currency's main unit: finer than its coins, unlike an amount."""
    if not isinstance(value, str):
        raise needed(Message(N_('an amount between quotation marks, like "{example}"'), example="0.01"), value)
    try:
        read = parse_decimal(value, 6)
    except ValueError:
        raise Wrong(
            Message(N_('"{word}" is not an amount with at most six decimals.'), word=shown(value)),
            Message(
                N_('Write digits with a point before the decimals and nothing else, like "{example}".'), example="0.01"
            ),
        ) from None
    if read <= 0:
        raise Wrong(Message(N_("This has to be above zero.")))
    if read > MAX_WORTH:
        raise Wrong(Message(N_('"{word}" is more than any shop takes.'), word=shown(value)))
    return read


def factor(value: object) -> Millionths:
    """What earning is multiplied by, above 1: a whole number, or a text with decimals ("1.5")."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise needed(Message(N_('a whole number like 2, or a text like "1.5"')), value)
    try:
        read = value * MILLION if isinstance(value, int) else parse_decimal(value, 6)
    except ValueError:
        raise Wrong(
            Message(N_('"{word}" is not a number with at most six decimals.'), word=shown(str(value))),
            Message(N_('Write it like 2 or "1.5".')),
        ) from None
    if not MILLION < read <= MAX_FACTOR:
        raise Wrong(
            Message(N_("What multiplies has to be above 1, and at most {limit}."), limit=MAX_FACTOR // MILLION),
            Message(N_("Write 2 to double what is earned.")),
        )
    return read
