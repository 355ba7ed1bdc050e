"""Who is in which club, and until when: a function of dated spends and joinings, and of the rules in force on their days.

Nothing that was joined is lost when the programme changes, and after a return a holder is in the clubs that they would be in had
the goods never been bought: both follow from working it out anew, so memberships by spend are stored nowhere.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Literal, TypeAlias

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import MILLION, Millionths, Minor
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.rules import Club
from pos_loyalty.domain.sale import MembershipSold, Sale
from pos_loyalty.domain.tier import Spend

Term: TypeAlias = Duration | date | None
"""How long a joining lasts: so long, until a day (included), or for good."""
ClubRules: TypeAlias = Sequence[tuple[date, tuple[Club, ...]]]
"""The clubs of each revision with its first business day, oldest first; the first counts for all days before it too."""
Clubs: TypeAlias = Mapping[str, date | None]
"""The clubs that a holder is in on a day, each with its last day (None: for good)."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Joining:
    """A membership that was paid for or given by hand on a day, by an entry of the journal."""

    club: str
    day: date
    entry: str
    by: Literal["fee", "hand"]
    term: Term


@dataclass(frozen=True, slots=True)
class Membership:
    """In a club from one day to another, both included (None: for good)."""

    club: str
    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether it holds on that day."""
        return self.since <= day and (self.until is None or day <= self.until)


def memberships(spends: Sequence[Spend], rules: ClubRules, joinings: Iterable[Joining]) -> tuple[Membership, ...]:
    """Every membership that a holder ever had: by spend first, then each joining in its order, from the end of what it prolongs."""
    found = _by_spend(spends, rules)
    for joining in sorted(joinings, key=lambda one: (one.day, one.entry)):
        known = [one for one in found if one.club == joining.club and one.since <= joining.day]
        on = clubs_on(known, joining.day)
        found.append(begun(joining.club, joining.day, joining.term, on))
    return tuple(found)


def begun(club: str, day: date, term: Term, on: Clubs) -> Membership:
    """A membership joined on a day by who is in the clubs `on` it: one that lasts so long prolongs from their end."""
    end = on.get(club)
    if club in on and end is None:
        return Membership(club, day, None)
    since = day if end is None or isinstance(term, date) else end + _ONE_DAY
    match term:
        case Duration():
            return Membership(club, since, term.after(day if end is None else end))
        case _:
            return Membership(club, since, term)


def clubs_on(found: Iterable[Membership], day: date) -> dict[str, date | None]:
    """The clubs that hold on a day, each until the last day that memberships reach without a day between them."""
    by_club: dict[str, list[Membership]] = {}
    for one in sorted(found, key=lambda one: one.since):
        by_club.setdefault(one.club, []).append(one)
    clubs: dict[str, date | None] = {}
    for club, own in by_club.items():
        if not any(one.covers(day) for one in own):
            continue
        end: date | None = day
        for one in own:
            if end is not None and one.since <= end + _ONE_DAY and (one.until is None or one.until > end):
                end = one.until
        clubs[club] = end
    return clubs


def sold(lines: Sequence[LineItem], clubs: Sequence[Club], on: Clubs | None, day: date) -> tuple[MembershipSold, ...]:
    """The memberships that a bill sells, to a holder who is in the clubs `on` that day (None: no card).

    Refused with club-invalid (not known, not for a fee, a member for good already), card-needed, amount-invalid or line-invalid.
    """
    found: list[MembershipSold] = []
    for number, item in enumerate(lines, 1):
        if item.club is None:
            continue
        club = sold_for_a_fee(item.club, clubs)
        if on is None:
            raise Refused("card-needed", Message(N_("A membership is the holder's: scan the card first.")))
        if item.unit_price != club.fee:
            raise Refused(
                "amount-invalid",
                Message(
                    N_("Line {number}: {club} is sold at the fee that the programme names."),
                    number=number,
                    club=club.title,
                ),
            )
        if item.quantity != MILLION or any(one.club == club.id for one in found):
            raise Refused(
                "line-invalid",
                Message(N_("Line {number}: a bill sells one membership of {club}."), number=number, club=club.title),
            )
        _not_for_good(club, on)
        joined = begun(club.id, day, club.lasts, on)
        found.append(MembershipSold(number, club.id, joined.since, joined.until, club.lasts))
    return tuple(found)


def known(club_id: str, clubs: Sequence[Club]) -> Club:
    """The club of that id; refused with club-invalid where the programme has none."""
    club = next((club for club in clubs if club.id == club_id), None)
    if club is None:
        raise Refused("club-invalid", Message(N_("The programme has no club {club}: look at its id."), club=club_id))
    return club


def sold_for_a_fee(club_id: str, clubs: Sequence[Club]) -> Club:
    """The club of that id, which is sold at the till; refused with club-invalid where it is not."""
    club = known(club_id, clubs)
    if club.fee is None:
        raise Refused(
            "club-invalid",
            Message(N_("{club} is not joined for a fee: the programme says how."), club=club.title),
        )
    return club


def by_hand(club_id: str, clubs: Sequence[Club], on: Clubs, day: date, until: date | None) -> Joining:
    """The joining of a club by hand (its entry is still to be named). `until` None is as long as the programme says.

    Refused with club-invalid where it is not known, is joined in another way, or the holder is in it as long already.
    """
    club = known(club_id, clubs)
    if club.fee is not None or club.spend is not None:
        raise Refused(
            "club-invalid",
            Message(N_("{club} is not joined by hand: the programme says how."), club=club.title),
        )
    _not_for_good(club, on)
    if until is not None and until < day:
        raise Refused("club-invalid", Message(N_("The last day {day} has passed already."), day=until))
    end = on.get(club.id)
    if until is not None and end is not None and until <= end:
        raise Refused(
            "club-invalid",
            Message(N_("The holder is in {club} until {day} already."), club=club.title, day=end),
        )
    return Joining(club.id, day, "", "hand", club.lasts if until is None else until)


def check_back(sale: Sale, wanted: Mapping[int, Millionths]) -> None:
    """Refuse (line-invalid) that a part of a membership comes back."""
    for one in sale.quote.memberships:
        if one.line in wanted and wanted[one.line] != MILLION:
            raise Refused("line-invalid", Message(N_("Line {number}: a membership comes back whole."), number=one.line))


def _not_for_good(club: Club, on: Clubs) -> None:
    if club.id in on and on[club.id] is None:
        raise Refused("club-invalid", Message(N_("The holder is in {club} for good already."), club=club.title))


def _by_spend(spends: Sequence[Spend], rules: ClubRules) -> list[Membership]:
    """A holder joins on a day on which something was bought that counts, once the window carries the spend, and not while in it."""
    ids = dict.fromkeys(club.id for _, clubs in rules for club in clubs if club.spend is not None)
    if not ids:
        return []
    carried = _Carried(spends)
    firsts = [first for first, _ in rules]
    found: list[Membership] = []
    for club_id in ids:
        by_rules = [next((club for club in clubs if club.id == club_id), None) for _, clubs in rules]
        until: date | None = date.min
        for n, day in enumerate(carried.bought):
            if until is None:
                break
            if day <= until:
                continue
            club = by_rules[max(bisect_right(firsts, day) - 1, 0)]
            if club is None or club.spend is None or carried.at_most(club.within)[n] < club.spend:
                continue
            if carried.after(day, club.within) < club.spend:
                continue
            until = None if club.lasts is None else club.lasts.after(day)
            found.append(Membership(club_id, day, until))
    return found


class _Carried:
    """What any window carries at the end of a day, after one pass over the spends: a holder of years has thousands of them."""

    def __init__(self, spends: Sequence[Spend]) -> None:
        net: dict[date, Minor] = {}
        for spend in spends:
            net[spend.day] = net.get(spend.day, 0) + spend.amount
        self.days = sorted(net)
        self.bought = [day for day in self.days if net[day] > 0]
        self.sums = [0, *accumulate(net[day] for day in self.days)]
        self._bought_sums = [0, *accumulate(net[day] for day in self.bought)]
        self._at_most: dict[Duration | None, list[Minor]] = {}

    def at_most(self, within: Duration | None) -> list[Minor]:
        """More than a window can carry at the end of each day on which something was bought: a look that costs no calendar."""
        known = self._at_most.get(within)
        if known is None:
            known = self._at_most[within] = []
            reach = timedelta.max if within is None else timedelta(days=within.longest_days)
            sums, begin = self._bought_sums, 0
            for n, day in enumerate(self.bought, 1):
                while day - self.bought[begin] >= reach:
                    begin += 1
                known.append(sums[n] - sums[begin])
        return known

    def after(self, day: date, within: Duration | None) -> Minor:
        begin = 0 if within is None else bisect_left(self.days, within.first_before(day))
        return self.sums[bisect_right(self.days, day)] - self.sums[begin]
