"""The card holder, and the account that cards are keys to, as far as a bill needs to know them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pos_loyalty.domain.card import CardKind
from pos_loyalty.domain.ledger import Holding
from pos_loyalty.domain.tier import Standing


@dataclass(frozen=True, slots=True)
class Member:
    """Who a holder is. Only the name is needed; a bearer card has no member until it is registered."""

    account: str
    name: str
    phone: str | None = None
    email: str | None = None
    birthday: date | None = None
    language: str | None = None
    joined: date | None = None
    referred_by: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """All that is known of a holder when a bill is priced: standing, purses, the card that opened it, who they are, and the clubs
    that they are in that day, each with its last day (None: for good).
    """

    id: str
    card: str
    kind: CardKind
    standing: Standing | None
    holdings: dict[str, Holding] = field(default_factory=dict)
    member: Member | None = None
    joined: date | None = None
    last_visit: date | None = None
    visits: int = 0
    clubs: Mapping[str, date | None] = field(default_factory=dict)

    @property
    def referrer(self) -> str | None:
        """The account of who sent this holder."""
        return self.member.referred_by if self.member else None

    def holding(self, purse: str) -> Holding:
        """What the holder has in a purse; an empty one where nothing ever was."""
        return self.holdings.get(purse) or Holding(purse)


def short_name(name: str) -> str:
    """The name as paper shows it: the first word and the initial of the last ("Ana Kovač" is "Ana K.")."""
    words = name.split()
    if len(words) < 2:
        return name.strip()
    return f"{words[0]} {words[-1][0]}."
