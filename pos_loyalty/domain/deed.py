"""What else is done for a holder than selling and taking back, and must be remembered for good: each is an entry of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pos_loyalty.domain.club import Joining, Term
from pos_loyalty.domain.programme.duration import Duration


@dataclass(frozen=True, slots=True)
class ClubJoined:
    """A membership given by hand: it lasts so long, or until a last day that was named, or (neither) for good.

    `since` and `ends` are what that came to when it was given.
    """

    id: str
    account: str
    at: datetime
    recorded_at: datetime
    day: date
    operator: str
    club: str
    lasts: Duration | None
    until: date | None
    since: date
    ends: date | None

    @property
    def term(self) -> Term:
        """How long it lasts."""
        return self.lasts if self.until is None else self.until

    @property
    def joining(self) -> Joining:
        """What it counts as."""
        return Joining(self.club, self.day, self.id, "hand", self.term)
