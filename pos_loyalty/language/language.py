"""What one reader sees: sentences in their language, and amounts, rates, quantities and dates as it writes them.

Formatting is plain integer work, so that a screen that repaints on every scan does not wait for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from pos_loyalty.domain.message import Amount, Message, Rate, Value
from pos_loyalty.domain.money import Currency, Millionths, Minor
from pos_loyalty.language.symbols import RIGHT_TO_LEFT, currency_sign, symbols_of
from pos_loyalty.language.wording import Wording, fill, wording_of

MONEY = "money"
"""The unit of a purse that holds the programme's currency."""


class Language:
    """One reader's language and the programme's currency, in which amounts without a unit of their own are written.

    `purses` is the unit that each purse is kept in: a currency's code, or one of its own; a purse that is not there holds money.

    `code` is one of `LANGUAGES` (LanguageUnknown otherwise); `wording` replaces the shipped catalogue.
    """

    __slots__ = ("_group", "_scales", "_symbols", "_wording", "code", "currency", "purses", "rtl")

    def __init__(
        self,
        code: str = "en",
        currency: Currency | None = None,
        *,
        purses: Mapping[str, str] = MappingProxyType({}),
        wording: Wording | None = None,
    ) -> None:
        self._symbols = symbols_of(code)
        self._wording = wording or wording_of(code)
        self._group = self._symbols.group
        self._scales: dict[str | None, int] = {}
        self.code = code
        self.currency = currency
        self.purses = purses
        self.rtl = code in RIGHT_TO_LEFT

    def __repr__(self) -> str:
        return f"Language({self.code!r}, {self.currency!r})"

    def in_currency(self, currency: Currency) -> Language:
        """The same language for amounts of another currency: an old sale is told in its own."""
        if currency == self.currency:
            return self
        return Language(self.code, currency, purses=self.purses, wording=self._wording)

    def text(self, template: str, /, **values: Value) -> str:
        """A sentence in this language, filled with values that are written as this language writes them."""
        translated = self._wording.template(template)
        return fill(translated, self._written(values)) if values or "{" in translated else translated

    def plural(self, one: str, many: str, n: int, /, **values: Value) -> str:
        """A sentence in the form that this language uses for the number `n`, which fills {n}."""
        return fill(self._wording.plural_template(one, many, n), {"n": self.number(n), **self._written(values)})

    def say(self, message: Message) -> str:
        """A message of the domain as a sentence in this language."""
        return self.text(message.template, **message.values)

    def number(self, n: int) -> str:
        """A whole number with its thousands grouped."""
        text = f"{abs(n):,}".replace(",", self._group)
        return self._symbols.minus + text if n < 0 else text

    def amount(self, minor: Minor, unit: str | None = None, *, symbol: bool = False) -> str:
        """Minor units of a currency, or whole units of a purse that is not money.

        `unit` is an ISO 4217 code or a purse's unit; left out, or "money", it is the programme's currency, and a ValueError where
        this language was made without one. `symbol` adds the currency's sign, or the unit's name.
        """
        digits = self._scales.get(unit)
        if digits is None:
            digits = self._scales[unit] = self._digits(unit)
        size = -minor if minor < 0 else minor
        if digits:
            scale = 10**digits
            whole, part = divmod(size, scale)
            text = f"{whole:,}".replace(",", self._group) if whole > 999 else str(whole)
            text = f"{text}{self._symbols.decimal}{part:0{digits}d}"
        else:
            text = f"{size:,}".replace(",", self._group)
        if symbol:
            text = self._with_sign(text, unit)
        return self._symbols.minus + text if minor < 0 else text

    def signed(self, minor: Minor, unit: str | None = None, *, symbol: bool = False) -> str:
        """An amount that says which way it goes: "+47.50", "-250.00"; nothing has no sign."""
        text = self.amount(minor, unit, symbol=symbol)
        return self._symbols.plus + text if minor > 0 else text

    def units(self, n: int, purse: str) -> str:
        """So much of a purse: money as an amount, anything else as a whole number."""
        return self.amount(n, self.purses.get(purse))

    def signed_units(self, n: int, purse: str) -> str:
        """So much of a purse, saying which way it goes: "+52"; nothing has no sign."""
        return self.signed(n, self.purses.get(purse))

    def holds_money(self, purse: str) -> bool:
        """Whether a purse holds money, or else whole units of its own."""
        unit = self.purses.get(purse, MONEY)
        return unit == MONEY or _is_currency(unit)

    def decimals(self, purse: str) -> int:
        """How many decimals an amount of a purse can have."""
        return self._digits(self.purses.get(purse))

    def rate(self, millionths: Millionths) -> str:
        """A percentage without trailing zeros: 75,000 is "7.5%" in English."""
        before, after = self._symbols.percent
        text = f"{before}{self._decimal(abs(millionths), 4)}{after}"
        return self._symbols.minus + text if millionths < 0 else text

    def quantity(self, millionths: Millionths) -> str:
        """A quantity without trailing zeros: 1,500,000 is "1.5" in English."""
        text = self._decimal(abs(millionths), 6)
        return self._symbols.minus + text if millionths < 0 else text

    def day(self, day: date) -> str:
        """A date in this language's short form, the year in full."""
        return self._symbols.write_day(day)

    def clock(self, at: datetime) -> str:
        """Hours and minutes of a moment, as its own time zone has them."""
        return f"{at.hour:02}:{at.minute:02}"

    def moment(self, at: datetime) -> str:
        """Date and time of a moment, as its own time zone has them; the caller brings it to the shop's."""
        return f"{self._symbols.write_day(at)} {self.clock(at)}"

    def _written(self, values: dict[str, Value]) -> dict[str, str]:
        return {name: self._value(value) for name, value in values.items()}

    def _value(self, value: Value) -> str:
        match value:
            case str():
                return value
            case Message():
                return self.say(value)
            case Amount(minor, unit):
                return self.amount(minor, unit)
            case Rate(millionths):
                return self.rate(millionths)
            case datetime():
                return self.moment(value)
            case date():
                return self.day(value)
            case _:
                return self.number(value)

    def _decimal(self, value: int, digits: int) -> str:
        whole, part = divmod(value, 10**digits)
        fraction = f"{part:0{digits}d}".rstrip("0")
        text = f"{whole:,}".replace(",", self._group)
        return f"{text}{self._symbols.decimal}{fraction}" if fraction else text

    def _digits(self, unit: str | None) -> int:
        if unit is None or unit == MONEY:
            if self.currency is None:
                raise ValueError("an amount of money was asked of a language that was made without a currency")
            return self.currency.digits
        return Currency.of(unit).digits if _is_currency(unit) else 0

    def _with_sign(self, text: str, unit: str | None) -> str:
        name = self.currency.code if self.currency is not None and unit in (None, MONEY) else str(unit)
        if not _is_currency(name):
            return f"{text}\xa0{name}"
        before, after = self._symbols.money
        sign = currency_sign(self.code, name)
        # An ISO code in the place of a sign keeps a space between itself and the digits.
        before = before.format(f"{sign}\xa0" if sign[-1].isalpha() and not before.endswith("\xa0") else sign)
        return f"{before}{text}{after.format(sign)}"


def _is_currency(unit: str) -> bool:
    return len(unit) == 3 and unit.isascii() and unit.isalpha() and unit.isupper()
