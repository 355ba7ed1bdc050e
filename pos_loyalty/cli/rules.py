"""The rules as a run of many sales needs them: the currency to read amounts in, and each revision's clock, looked up once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pos_loyalty.cli.answers import Units
from pos_loyalty.cli.call import shop_time
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.language import Language
from pos_loyalty.till.programmes import InForce, current, of_revision
from pos_loyalty.till.register import Register


@dataclass(slots=True)
class Rules:
    """What has been looked up so far. A store keeps one currency for good, and a revision never changes."""

    register: Register
    _current: InForce | None = None
    _units: Units | None = None
    _language: Language | None = None
    _revisions: dict[int, Programme] = field(default_factory=dict)

    def units(self) -> Units:
        """How amounts are written in answers."""
        if self._units is None:
            self._units = Units(self._known().programme.currency, self._known().units)
        return self._units

    def digits(self, purse: str | None = None) -> int:
        """The decimals of an amount of a purse; of money where none is named, and for a purse that no revision has.

        Refused with programme-missing where no programme was ever activated.
        """
        rules = self._known()
        currency = rules.programme.currency
        return currency.digits if purse is None or rules.units.get(purse, currency.code) == currency.code else 0

    def _known(self) -> InForce:
        if self._current is None:
            self._current = current(self.register)
        return self._current

    def revision(self, number: int) -> Programme:
        """The rules of a revision that a sale was made under."""
        programme = self._revisions.get(number)
        if programme is None:
            with self.register.store.read() as books:
                programme = self._revisions[number] = of_revision(books, number)
            self._current = self._units = self._language = None  # it may bring a purse that was not there before
        return programme

    def language(self, code: str) -> Language:
        """A language that writes amounts in the store's currency."""
        if self._language is None or self._language.code != code:
            rules = self._known()
            self._language = Language(code, rules.programme.currency, purses=rules.units)
        return self._language

    def local(self, naive: datetime) -> datetime:
        """A time without an offset as the shop's clock means it."""
        return shop_time(self.register, naive)
