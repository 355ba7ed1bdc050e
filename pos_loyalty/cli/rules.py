"""The rules as a run of many sales needs them: the currency to read amounts in, and each revision's clock, looked up once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pos_loyalty.cli.call import shop_time
from pos_loyalty.domain.money import Currency
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.language import Language
from pos_loyalty.till.programmes import current, of_revision
from pos_loyalty.till.register import Register


@dataclass(slots=True)
class Rules:
    """What has been looked up so far. A store keeps one currency for good, and a revision never changes."""

    register: Register
    _currency: Currency | None = None
    _language: Language | None = None
    _revisions: dict[int, Programme] = field(default_factory=dict)

    def currency(self) -> Currency:
        """The store's currency. Refused with programme-missing where no programme was ever activated."""
        if self._currency is None:
            self._currency = current(self.register).programme.currency
        return self._currency

    def revision(self, number: int) -> Programme:
        """The rules of a revision that a sale was made under."""
        programme = self._revisions.get(number)
        if programme is None:
            with self.register.store.read() as books:
                programme = self._revisions[number] = of_revision(books, number)
        return programme

    def language(self, code: str) -> Language:
        """A language that writes amounts in the store's currency."""
        if self._language is None or self._language.code != code:
            self._language = Language(code, self.currency())
        return self._language

    def local(self, naive: datetime) -> datetime:
        """A time without an offset as the shop's clock means it."""
        return shop_time(self.register, naive)
