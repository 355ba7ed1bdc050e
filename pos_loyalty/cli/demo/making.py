"""The demo shop is made by doing what a shop does: enrolling, selling and taking back through the till's own functions.

So its books are whole, and `store verify` finds nothing. Time and chance are a seed's: on one day it makes one shop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from importlib.resources import files
from itertools import accumulate, islice
from random import Random
from typing import TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from pos_loyalty.cli.batch import seldom_collected
from pos_loyalty.cli.demo.baskets import Shelves
from pos_loyalty.cli.demo.people import DEVOTED, Person, people
from pos_loyalty.cli.demo.together import together
from pos_loyalty.domain.card import CardRanges
from pos_loyalty.domain.operator import Role
from pos_loyalty.domain.programme.reading import read
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.sale import CouponIssued, Tender
from pos_loyalty.storage.engine import Store
from pos_loyalty.till import (
    card_life,
    cards,
    checkout,
    draws,
    goods,
    holders,
    operators,
    programmes,
    recognition,
    returns,
)
from pos_loyalty.till.checkout import Closed, Order, OrderLine
from pos_loyalty.till.holders import Enrolment
from pos_loyalty.till.register import Register

CASHIERS = ("Anna", "Boris", "Zlata")
STAFF: tuple[tuple[str, Role, str], ...] = (
    ("Olga", "owner", "830517"),
    ("Mira", "manager", "4719"),
    ("Anna", "cashier", "3906"),
    ("Boris", "cashier", "6142"),
)
"""Who works there today, with PINs that are no secret; Zlata has left."""
BATCH = 400
"""Actions in one transaction: few enough that progress shows, many enough that syncing the disk costs nothing."""
_NOTES = (
    "Takes her tea without sugar, and likes to be asked how the dog is.",
    "Does not want a bag.",
    "Hears badly on the left.",
    "Orders the cakes for the school: call when the walnut ones are in.",
)
_COMPLAINTS = (
    ("The handle of the mug came off after a week", "another mug", None),
    ("Waited twenty minutes on Saturday", "", None),
    ("The jacket was dearer than on the shelf", "the difference", "gave back the difference"),
)
"""Words, what is wished for, and how it was settled, if it was."""
_OPEN, _CLOSE = 8 * 60, 20 * 60 + 30
_BUSY = (5, 5, 5, 6, 8, 9, 4)
"""How many come on each weekday, in proportion, from Monday on."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How big a demo shop is made, from which seed, and on which day its past ends."""

    cards: int
    days: int
    seed: int
    today: date
    register: str
    range: CardRanges

    @property
    def sales(self) -> int:
        """Sales of the whole time: with the usual numbers some two and a half thousand."""
        return self.cards * self.days * 11 // (10 * 183)


def programme_text(today: date | None = None) -> str:
    """The demo's programme file; its draws close a week before `today`, and two months after it."""
    text = files("pos_loyalty.cli.demo").joinpath("demo.toml").read_text(encoding="utf-8")
    if today is None:
        return text
    over, coming = today - timedelta(days=7), today + timedelta(days=60)
    return text.replace("closes = 2026-09-30", f"closes = {over}").replace("closes = 2026-12-31", f"closes = {coming}")


def goods_text() -> str:
    """The demo's catalogue."""
    return files("pos_loyalty.cli.demo").joinpath("goods.csv").read_text(encoding="utf-8")


def demo_programme() -> Programme:
    """The demo's rules."""
    programme = read(programme_text()).programme
    if programme is None:
        raise ValueError("the demo's own programme has errors")
    return programme


def make(store: Store, plan: Plan, progress: Callable[[int], None]) -> list[Person]:
    """Fill an empty store; the answer is its holders, the n-th (from 1) with the n-th card. `progress` gets percent."""
    maker = _Maker(plan, store)
    steps = maker.steps(progress)
    more = True
    with seldom_collected():
        while more:
            with together(store) as one:
                maker.register = replace(maker.register, store=one)
                more = len(list(islice(steps, BATCH))) == BATCH
    return maker.people


class _Maker:
    """The shop while it is made: its clock, its chance, and what was done so far."""

    def __init__(self, plan: Plan, store: Store) -> None:
        self._plan = plan
        self._random = Random(plan.seed)  # noqa: S311 - a shop that is made up, and the same again from the same seed
        self._zone = ZoneInfo(demo_programme().time_zone)
        self._last = plan.today - timedelta(days=1)
        self._first = self._last - timedelta(days=plan.days - 1)
        self.people = people(self._random, plan.cards, self._first, self._last)
        self._now = self._at(self._first - timedelta(days=700), _OPEN)
        self._coupons: dict[int, list[CouponIssued]] = {}
        self.register = Register(
            plan.register, store, lambda: self._now, self._new_id, plan.range, self._random.randrange
        )

    def steps(self, progress: Callable[[int], None]) -> Iterator[None]:
        """Everything that happened, in the order of time, one action a step."""
        programmes.activate(self.register, programme_text(self._plan.today), None, "owner")
        goods.import_csv(self.register, goods_text())
        items = goods.listed(self.register)
        shelves = Shelves(items)
        events = [*self._joining(), *self._selling(shelves)]
        events.sort(key=lambda event: event[0])
        for number, (moment, act) in enumerate(events):
            self._now = moment
            act()
            if number % 50 == 0:
                progress(number * 100 // len(events))
            yield
        self._now = self._at(self._last, _CLOSE)
        yield from self._in_the_end()
        for name, role, pin in STAFF:
            operators.add(self.register, name, role, pin, "Olga", by_right=False)
            yield
        for number in range(min(90, len(self.people) - 1), len(self.people), 100):
            card_life.block(self.register, self._card(number), "owner")
            yield
        for number in range(min(95, len(self.people) // 2), len(self.people), 500):
            card_life.replace(self.register, self._card(number), "owner")
            yield
        progress(100)

    def _in_the_end(self) -> Iterator[None]:
        """The last evening: a draw that is over is drawn, and what the shop has written down of its holders."""
        with self.register.store.read() as books:
            tickets = books.tickets("luck", self._plan.today - timedelta(days=7))
        if tickets:
            draws.freeze(self.register, "season", "owner")
            yield
            draws.run(self.register, "season", f"{self._random.randrange(10**9):09}", "owner")
            yield
        for number, words in zip(range(0, len(self.people), DEVOTED), _NOTES, strict=False):
            recognition.write_note(self.register, self._account(number), words, self._random.choice(CASHIERS))
            yield
        for number, (words, wish, solution) in zip(range(1, len(self.people), DEVOTED), _COMPLAINTS, strict=False):
            taken = recognition.take_complaint(
                self.register, self._account(number), words, "Anna", wish, self._last + timedelta(days=5)
            )
            if solution:
                recognition.close_complaint(self.register, taken.id, solution, "owner")
            yield

    def _account(self, number: int) -> str:
        return cards.show(self.register, self._card(number)).account

    def _joining(self) -> Iterator[_Event]:
        for number, person in enumerate(self.people):
            yield self._at(person.joined, _OPEN + number % 600), partial(self._enrol, number, person)

    def _enrol(self, number: int, person: Person) -> None:
        card = self._card(number)
        if person.name is None:
            cards.issue(self.register, card, kind="bearer")
            return
        holders.enrol(
            self.register,
            Enrolment(
                name=person.name,
                card=card,
                phone=person.phone,
                email=person.email,
                birthday=person.birthday,
                language=person.language,
                joined=person.joined,
                referred_by=self._friend_of(number),
            ),
        )

    def _friend_of(self, number: int) -> str | None:
        """One in eight was sent by a holder who comes often."""
        sender = number // DEVOTED * DEVOTED
        there = sender != number and self.people[sender].joined < self.people[number].joined
        return self._card(sender) if there and number % 8 == 3 else None

    def _selling(self, shelves: Shelves) -> Iterator[_Event]:
        random = self._random
        days = [self._first + timedelta(days=n) for n in range(self._plan.days)]
        busy = [_BUSY[day.weekday()] for day in days]
        weights = list(accumulate(person.weight for person in self.people))
        for day in sorted(random.choices(days, busy, k=self._plan.sales)):
            number: int | None = random.choices(range(len(self.people)), cum_weights=weights)[0]
            if number is None or self.people[number].joined >= day or random.random() < 0.12:
                number = None
            moment = self._at(day, random.randint(_OPEN, _CLOSE - 1)) + timedelta(seconds=random.randrange(60))
            visit = _Visit()
            yield moment, partial(self._sell, visit, number, shelves)
            if random.random() < 0.03:
                back = moment + timedelta(days=random.randint(1, 20), minutes=random.randint(-60, 60))
                if back.date() <= self._last:
                    yield back, partial(self._take_back, visit)

    def _sell(self, visit: _Visit, number: int | None, shelves: Shelves) -> None:
        random = self._random
        person = None if number is None else self.people[number]
        eager = person is not None and random.random() < person.eager
        lines = shelves.basket(random, person is not None and person.devoted)
        if random.random() < 0.005:
            lines = (*lines, OrderLine(certificate=random.choice((1000, 2500, 5000))))
        elif person is not None and person.devoted and random.random() < 0.01:
            lines = (*lines, OrderLine(club="breakfast"))
        order = Order(
            lines=lines,
            card=None if number is None else self._card(number),
            spend={"cashback": "max"} if eager else {},
            operator=random.choice(CASHIERS),
            coupons=self._coupon_of(number),
        )
        if person is not None and person.devoted and random.random() < 0.1:
            offered = {one.offer for one in checkout.price(self.register, order).offered}
            order = replace(order, take=("mug",) if "mug" in offered else ())
        if random.random() < 0.15:
            order = replace(order, tenders=self._tenders(checkout.price(self.register, order).sale.quote.due))
        visit.closed = checkout.sell(self.register, order)
        if number is not None:
            given = visit.closed.sale.quote.coupons
            self._coupons[number] = [*self._coupons.get(number, []), *(one for one in given if one.number)]

    def _coupon_of(self, number: int | None) -> tuple[str, ...]:
        """The oldest coupon that a holder still has with them; half of them forget it at home."""
        if number is None:
            return ()
        day = self._now.astimezone(self._zone).date()
        held = [one for one in self._coupons.get(number, []) if one.valid is None or one.valid >= day]
        if not held or self._random.random() < 0.5:
            return ()
        self._coupons[number] = held[1:]
        return (str(held[0].number),)

    def _tenders(self, due: int) -> tuple[Tender, ...] | None:
        """By card to the cent, or with a note and change; nothing to pay needs neither."""
        if due <= 0:
            return None
        if self._random.random() < 0.6:
            return (Tender("card", due),)
        return (Tender("cash", -(-due // 1000) * 1000),)

    def _take_back(self, visit: _Visit) -> None:
        """One line of a bill comes back, or all of it."""
        if visit.closed is None:
            return
        quote = visit.closed.sale.quote
        if quote.coupons or quote.certificates or quote.memberships:
            return  # what may have been used meanwhile is not taken back
        lines = quote.lines
        one = self._random.randrange(len(lines))
        some = ((one + 1, lines[one].item.quantity),) if self._random.random() < 0.7 else None
        returns.refund(
            self.register,
            returns.RefundOrder(visit.closed.sale.id, lines=some, operator=self._random.choice(CASHIERS)),
        )

    def _card(self, number: int) -> str:
        return self._plan.range.first.number(number + 1)

    def _at(self, day: date, minute: int) -> datetime:
        return datetime.combine(day, time(minute // 60, minute % 60), self._zone)

    def _new_id(self) -> str:
        """A UUIDv7 of the made-up time whose chance is the seed's."""
        milliseconds = (self._now - _EPOCH) // timedelta(milliseconds=1)
        random = self._random
        value = milliseconds << 80 | 0x7 << 76 | random.getrandbits(12) << 64 | 0b10 << 62 | random.getrandbits(62)
        return str(UUID(int=value))


@dataclass(slots=True)
class _Visit:
    """A sale that is yet to be made; goods of it may come back later."""

    closed: Closed | None = None


_Event: TypeAlias = tuple[datetime, Callable[[], None]]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
