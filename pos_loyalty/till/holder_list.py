"""The list of card holders: searched, filtered, and read a screen at a time to either side, however many there are.

A look goes on step by step, each a short read of so many candidates; so whoever asked can show what was found meanwhile, and break
it off. Who has two words that fit is listed once. Without words the list has every holder with a name, in the order of names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from pos_loyalty.domain.card import CardKind, CardStatus
from pos_loyalty.domain.member import Account
from pos_loyalty.domain.stage import REGULAR, Stage, stage_of
from pos_loyalty.domain.tier import Standing, held
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import day_or_none
from pos_loyalty.storage.search_rows import Candidate, Place, met_first
from pos_loyalty.storage.search_words import EVERYBODY, Range, ranges_of
from pos_loyalty.till.programmes import InForce, in_force
from pos_loyalty.till.register import Register
from pos_loyalty.till.standing import clubs_of, standing_on

STEP = 1_000
"""Holders that one step looks at where there are filters: a few milliseconds."""
LEAST_VISITS: dict[Stage, int] = {"visitor": 1, "buyer": 2, "client": REGULAR, "supporter": 1}


@dataclass(frozen=True, slots=True)
class Filters:
    """What holders of the list must be, all at once; None does not restrict. Days count back from today's business day.

    `away_for`: not seen for at least so many days (who never bought was never seen). `seen_within`: seen on one of the last so many
    days. `purse` holds at least `at_least` of its units, what is still to come included.
    """

    tier: str | None = None
    club: str | None = None
    stage: Stage | None = None
    away_for: int | None = None
    seen_within: int | None = None
    purse: str | None = None
    at_least: int | None = None
    birth_month: int | None = None


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Line:
    """One holder of the list, and where they stand in it. `held` is what the purse that was asked for holds."""

    place: Place
    account: str
    name: str | None
    phone: str | None
    card: str | None
    status: CardStatus | None
    tier: str | None
    last_visit: date | None
    visits: int
    held: int


@dataclass(slots=True)
class Look:
    """A look through the list from a place on (None: from its beginning, or backwards from its end) for so many lines.

    `lines` is what was found so far, in the order of the list; `looked` is how many holders were looked at; `ended` says that the
    list has no more on this side.
    """

    register: Register
    text: str
    filters: Filters
    place: Place | None
    most: int
    purse: str
    backwards: bool = False
    lines: list[Line] = field(default_factory=list)
    looked: int = 0
    ended: bool = False

    @property
    def done(self) -> bool:
        """Whether there is nothing more to look for."""
        return self.ended or len(self.lines) >= self.most

    def step(self) -> None:
        """Look at the next candidates: some hundreds where there are filters, else as many as are still wanted."""
        if self.done:
            return
        ranges = ranges_of(self.text) if self.text.strip() else (EVERYBODY,)
        if not ranges:
            self.ended = True
            return
        at = self.place.range if self.place else (len(ranges) - 1 if self.backwards else 0)
        now = self.register.clock()
        with self.register.store.read() as books:
            rules = in_force(books, now)
            sieve = _Sieve(books, rules, rules.programme.business_day(now), self.filters)
            while not self.done:
                range_ = ranges[at]
                start = self.place or Place(at, range_.end if self.backwards else range_.first, "")
                page, ends = self._page(books, range_, start, sieve)
                for candidate in page:
                    self.place = Place(at, candidate.key, candidate.account)
                    if not sieve.keeps(candidate):
                        continue
                    if range_ is not EVERYBODY:
                        numbers = tuple(card.number for card in books.cards_of(candidate.account))
                        if not met_first(candidate, at, ranges, numbers):
                            continue
                    self._found(_line(books, sieve, self.place, candidate, self.purse, of_cards=range_.of == "cards"))
                    if len(self.lines) == self.most:
                        return
                if ends is not None:
                    self.place = ends
                    return
                at += -1 if self.backwards else 1
                if not 0 <= at < len(ranges):
                    self.ended = True
                    return
                self.place = Place(at, ranges[at].end if self.backwards else ranges[at].first, "")

    def _page(self, books: Books, range_: Range, start: Place, sieve: _Sieve) -> tuple[list[Candidate], Place | None]:
        """The next candidates, and where they end; None where the range ends with them."""
        if self.filters != NO_FILTERS:
            page, ends = books.sifted(range_, start, sieve.sieves, STEP, backwards=self.backwards)
            self.looked += STEP if ends is not None else len(page)
            return page, ends
        wanted = self.most + 1
        page = books.candidates(range_, start, wanted, backwards=self.backwards)
        self.looked += len(page)
        last = page[-1] if len(page) == wanted else None
        return page, None if last is None else Place(start.range, last.key, last.account)

    def _found(self, line: Line) -> None:
        if self.backwards:
            self.lines.insert(0, line)
        else:
            self.lines.append(line)


class _Sieve:
    """Whether a candidate is what the filters ask for; what is cheap to see is looked at first."""

    def __init__(self, books: Books, rules: InForce, day: date, filters: Filters) -> None:
        self.books, self.rules, self.day, self.filters = books, rules, day, filters
        self.sieves = self._sieves()

    def _sieves(self) -> dict[str, str | int]:
        """What of the filters the database sees by itself."""
        filters, day = self.filters, self.day
        sieves: dict[str, str | int] = {}
        if filters.birth_month is not None:
            sieves["month"] = f"{filters.birth_month:02}"
        if filters.away_for is not None:
            sieves["gone"] = _back(day, filters.away_for)
        if filters.seen_within is not None:
            sieves["seen"] = _back(day, filters.seen_within - 1)
        if filters.stage == "prospect":
            sieves["never"] = 0
        elif filters.stage is not None:
            sieves["visits"] = LEAST_VISITS[filters.stage]
        if filters.tier is not None and len(self.rules.ladders) == 1:
            sieves |= {"tier": filters.tier, "today": day.isoformat()}
        if filters.purse is not None and filters.at_least is not None:
            sieves |= {"purse": filters.purse, "least": filters.at_least}
        return sieves

    def keeps(self, one: Candidate) -> bool:
        """Whether what the database can't see holds too."""
        filters = self.filters
        if filters.tier is not None and self.tier(one) != filters.tier:
            return False
        if filters.stage is not None and self.stage(one) != filters.stage:
            return False
        return filters.club is None or filters.club in clubs_of(self.books, one.account, self.rules, self.day)

    def tier(self, one: Candidate) -> str | None:
        """The tier that a holder has today, also where no sale has stored it yet."""
        tiers = self.rules.programme.tiers
        if tiers is None:
            return None
        kind: CardKind = "named" if one.name is not None else "bearer"
        standing: Standing | None = None
        if one.tier is not None and one.tier_since is not None:
            standing = Standing(one.tier, date.fromisoformat(one.tier_since), day_or_none(one.tier_kept_until))
        kept = standing is not None and (standing.kept_until is None or standing.kept_until >= self.day)
        if standing is None or not kept or len(self.rules.ladders) > 1:
            account = Account(one.account, "", kind, standing, joined=date.fromisoformat(one.joined))
            spends = self.books.spends(one.account) if one.visits else ()
            standing = standing_on(account, spends, self.rules, self.day)
        return None if standing is None else held(standing, tiers, kind).id

    def stage(self, one: Candidate) -> Stage:
        """How far they have come by their own visits."""
        if not one.visits:
            return "prospect"
        # A card that was added late counts as a visit; the sale's row does not name its holder.
        known = {one.last_visit} if one.last_visit else set()
        for account in self.books.joined_into(one.account):
            known.update(self.books.days_with_a_sale(account))
        days = [date.fromisoformat(day) for day in sorted(known)]
        return stage_of(days, self.day, sent_a_buyer=self.books.sent_a_buyer(one.account))


def how_many(register: Register) -> int:
    """How many holders the whole list has."""
    with register.store.read() as books:
        return books.how_many_members()


def _line(books: Books, sieve: _Sieve, place: Place, one: Candidate, purse: str, *, of_cards: bool) -> Line:
    # Found by a card's number it is that card which is shown.
    by_number = books.card(one.key) if of_cards else None
    shown = books.shown_number(one.account) if by_number is None else (by_number.number, by_number.status)
    return Line(
        place,
        one.account,
        one.name,
        one.phone,
        None if shown is None else shown[0],
        None if shown is None else shown[1],
        sieve.tier(one),
        day_or_none(one.last_visit),
        one.visits,
        books.held(one.account, purse) if purse else 0,
    )


def _back(day: date, days: int) -> str:
    """The day so many days before, as the store writes it; the first of the calendar where that is too far."""
    return (day - timedelta(days=min(days, day.toordinal() - 1))).isoformat()
