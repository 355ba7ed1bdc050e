"""Past sales rung up again under other rules, by the till's own actions, on a store that is thrown away.

Each entry has its own id, register, time and operator again, so that under the rules that it was made under the same comes out to
the cent; lots and shares have the same names too. Numbers that are drawn by chance are others, but the same ones every time.

Records are joined, purses adjusted and holders erased when they were; draws are not held again, so that only the past has them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from pos_loyalty.domain.card import CardKind, masked
from pos_loyalty.domain.deed import Adjustment, Merge
from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.programme.rules import Programme, WhenSpent
from pos_loyalty.domain.sale import Refund, Sale
from pos_loyalty.storage.facts import read_adjustment, read_joined, read_late_card, read_merge, read_refund, read_sale
from pos_loyalty.storage.past import Happened, Past, add_people, give_card
from pos_loyalty.storage.records import Card
from pos_loyalty.storage.scratch import Scratch
from pos_loyalty.till.backtest.outcome import Replayed, Tally
from pos_loyalty.till.backtest.records import adjust_again, write_off_again
from pos_loyalty.till.backtest.wishes import ALLOWED_BY, granted, wish_of
from pos_loyalty.till.clubs import JoinOrder, join
from pos_loyalty.till.joining import merge
from pos_loyalty.till.late_card import LateOrder, add_card
from pos_loyalty.till.register import Register
from pos_loyalty.till.returns import RefundOrder, refund

TOLD_EVERY = 100


class Replay:
    """One run through the past. `rules` are the revisions that the past was made under, by number; `first` is the day from which on
    it is counted.
    """

    def __init__(self, store: Scratch, past: Past, rules: Mapping[int, Programme], first: date) -> None:
        self.store = store
        self.past = past
        self.rules = rules
        self.first = first
        self.done = Replayed()
        self._now = datetime.min.replace(tzinfo=UTC)
        self._ids = 0
        chance = random.Random(1)  # noqa: S311 - nobody pays with these numbers, and they must be the same every time
        self._register = Register("", store, lambda: self._now, self._new_id, new_secret=chance.randrange)
        self._registers: dict[tuple[str, str | None], Register] = {}
        self._cards: dict[str, Card] = {}
        self._people = past.people()
        self._person = next(self._people, None)
        self._coupons: dict[str, str] = {}
        self._certificates: dict[str, str] = {}
        self._gifts: dict[tuple[str, str], Minor] = {}
        self._missing: set[str] = set()

    def _new_id(self) -> str:
        """An id of this replay's own, in order: for expiries, whose own are of no matter."""
        self._ids += 1
        return f"00000000-0000-7000-8000-{self._ids:012x}"

    def run(self, told: Callable[[int], None]) -> Replayed:
        """Everything, in order; `told` is how many entries are done, now and then."""
        for number, happened in enumerate(self.past.entries(), 1):
            self._meet_people(happened.turn)
            self._now = happened.recorded_at
            self._replay(happened)
            if number % TOLD_EVERY == 0:
                told(number)
        self._meet_people(None)
        with self.store.write() as books:
            for account in sorted(self.past.erased()):
                books.take_person_out(account)
        return self.done

    def _replay(self, happened: Happened) -> None:
        facts = happened.facts
        match happened.kind:
            case "sale" if facts is not None:
                self._sell(happened, read_sale(facts))
            case "refund" if facts is not None:
                self._refund(happened, read_refund(facts))
            case "late-card" if facts is not None:
                self._late_card(happened, facts)
            case "club" if facts is not None:
                self._join(happened, facts)
            case "merge" if facts is not None:
                self._merge(happened, read_merge(facts))
            case "adjustment" if facts is not None:
                self._adjust(happened, read_adjustment(facts))
            case "erasure" if happened.account is not None:
                with self.store.write() as books:
                    write_off_again(books, self._at(happened.register), happened.account)
            case _:
                self.done.others += happened.day >= self.first

    # ---- who ----------------------------------------------------------------------------------------

    def _meet_people(self, turn: str | None) -> None:
        """Give names to the holders that gave theirs by then (None: all that are left)."""
        found: list[tuple[Any, ...]] = []
        while self._person is not None and (turn is None or self._person[0] <= turn):
            found.append(self._person[1])
            self._person = next(self._people, None)
        if found:
            with self.store.write() as books:
                add_people(books, found)

    def _card(self, account: str, number: str | None, mask: str | None, kind: CardKind | None) -> str:
        """The card of an account that a bill was rung up with, opening it as the kind that it was then; one of its other cards, or
        one made up, where the number is not known any more.
        """
        card = self._known_card(account, number, mask)
        if kind is not None and card.kind != kind:
            with self.store.write() as books:
                books.set_card_kind(card.number, kind)
            card = self._cards[card.number] = Card(card.number, account, kind, "active", card.issued_at)
        return card.number

    def _known_card(self, account: str, number: str | None, mask: str | None) -> Card:
        if number is not None and number in self._cards and self._cards[number].account == account:
            return self._cards[number]
        with self.store.write() as books:
            there = books.card(number) if number is not None else None
            if there is None:
                own = books.cards_of(account)
                there = next((card for card in own if masked(card.number) == mask), own[0] if own else None)
            if there is None:
                there = Card(account.replace("-", "").upper(), account, "named", "active", self._now)
                books.add_card(there)
            elif there.account != account:
                give_card(books, there.number, account)
                there = replace(there, account=account)
        self._cards[there.number] = there
        return there

    def _at(self, name: str, shop: str | None = None) -> Register:
        register = self._registers.get((name, shop))
        if register is None:
            own = self._register
            register = self._registers[name, shop] = Register(
                name, own.store, own.clock, own.new_id, own.cards, own.new_secret, shop
            )
        return register

    # ---- what happened ------------------------------------------------------------------------------

    def _sell(self, happened: Happened, sale: Sale) -> None:
        card = self._card(sale.account, happened.card, sale.card, sale.kind) if sale.account is not None else None
        wish = wish_of(sale, self.rules[sale.revision], card, self._coupons, self._certificates)
        try:
            closed, whole = granted(self._at(sale.register, sale.shop), wish)
        except Refused as refused:
            if refused.code.startswith("store-"):
                raise
            self._refused_bill(sale, refused)
            return
        new = closed.sale
        self._remember(sale, new)
        if sale.day < self.first:
            return
        self.done.bills += 1
        self.done.refusals.short += not whole
        if new.account is not None:
            tally = self.done.tallies.setdefault(new.account, Tally())
            tally.paid += new.quote.due
            tally.gifts += sum(gift.value for gift in new.quote.gifts)

    def _remember(self, old: Sale, new: Sale) -> None:
        """Which numbers of this replay stand for those of then: coupons by their offer, in order, certificates by their line."""
        given: dict[str, list[str]] = {}
        for coupon in new.quote.coupons:
            given.setdefault(coupon.coupon, []).append(str(coupon.number))
        for coupon in old.quote.coupons:
            if coupon.number is not None and given.get(coupon.coupon):
                self._coupons[coupon.number] = given[coupon.coupon].pop(0)
        sold = {one.line: one.number for one in new.quote.certificates}
        for one in old.quote.certificates:
            if one.number is not None and (number := sold.get(one.line)) is not None:
                self._certificates[one.number] = number
        for gift in new.quote.gifts:
            self._gifts[new.id, gift.offer] = gift.value

    def _refused_bill(self, sale: Sale, refused: Refused) -> None:
        self._missing.add(sale.id)
        if sale.day < self.first:
            return
        refusals = self.done.refusals
        refusals.bills[refused.code] += 1
        refusals.reasons.setdefault(refused.code, (sale.receipt_number, refused.message))
        if sale.account is not None:
            self.done.hurt.add(sale.account)

    def _skips(self, sale: str, day: date, account: str | None) -> bool:
        """Whether something is about a bill that was refused."""
        if sale not in self._missing:
            return False
        self.done.refusals.skipped += day >= self.first
        if account is not None:
            self.done.hurt.add(account)
        return True

    def _refund(self, happened: Happened, back: Refund) -> None:
        if self._skips(back.sale, back.day, back.account):
            return
        kept = tuple(
            dict.fromkeys(
                asked.offer for asked in back.asked_back if asked.kept and (back.sale, asked.offer) in self._gifts
            )
        )
        order = RefundOrder(
            back.sale,
            id=back.id,
            at=back.at,
            lines=tuple((line.line, line.quantity) for line in back.lines),
            when_spent=self._when_spent(back, happened.elsewhere),
            operator=back.operator,
            gifts_kept=kept,
        )
        self._unless_refused(happened, back.account, lambda: self._returned(happened.register, back, order))

    def _returned(self, register: str, back: Refund, order: RefundOrder) -> None:
        new = refund(self._at(register, back.shop), order).refund
        if new.account is None or back.day < self.first:
            return
        tally = self.done.tallies.setdefault(new.account, Tally())
        tally.paid -= sum(line.paid for line in new.lines) - new.withheld
        for asked in new.asked_back:
            if asked.gift is not None and not asked.kept:
                tally.gifts -= self._gifts.get((new.sale, asked.offer), 0)

    def _when_spent(self, back: Refund, elsewhere: int) -> WhenSpent | None:
        """What the cashier chose for what was spent already; None where it is what the sale's rules say, or made no difference."""
        chosen: WhenSpent | None = None
        if back.forgiven:
            chosen = "forgive"
        elif back.withheld > sum(asked.withheld for asked in back.asked_back):
            chosen = "withhold"
        elif back.owed or elsewhere > sum(part.amount for part in back.settled):
            chosen = "owe"
        return None if chosen == self.rules[back.revision].returns.when_spent else chosen

    def _late_card(self, happened: Happened, facts: str) -> None:
        late = read_late_card(facts)
        if self._skips(late.sale, late.day, late.account):
            return
        card = self._card(late.account, None, late.card, late.kind)
        order = LateOrder(late.sale, card, late.operator, late.id, allowed_by=ALLOWED_BY)
        self._unless_refused(happened, late.account, partial(add_card, self._at(happened.register), order))

    def _join(self, happened: Happened, facts: str) -> None:
        joined = read_joined(facts)
        card = self._card(joined.account, None, None, None)
        order = JoinOrder(joined.club, card, joined.until, joined.operator, joined.id)
        self._unless_refused(happened, joined.account, partial(join, self._at(happened.register), order))

    def _merge(self, happened: Happened, deed: Merge) -> None:
        keep, other = deed.account, deed.other
        merge(self._at(happened.register), keep, other, deed.operator, id=deed.id)
        done = self.done
        if (gone := done.tallies.pop(other, None)) is not None:
            tally = done.tallies.setdefault(keep, Tally())
            tally.paid += gone.paid
            tally.gifts += gone.gifts
        if other in done.hurt:
            done.hurt.remove(other)
            done.hurt.add(keep)

    def _adjust(self, happened: Happened, deed: Adjustment) -> None:
        if deed.undoes is not None and self._skips(deed.undoes, deed.day, deed.account):
            return

        def adjusted() -> None:
            whole = adjust_again(self._at(happened.register), deed, self.rules.values())
            self.done.refusals.short += not whole and deed.day >= self.first

        if not self._unless_refused(happened, deed.account, adjusted):
            self._missing.add(deed.id)

    def _unless_refused(self, happened: Happened, account: str | None, action: Callable[[], object]) -> bool:
        """Do it, or count why it is refused; whether it was done. The store's own troubles end the replay."""
        try:
            action()
        except Refused as refused:
            if refused.code.startswith("store-"):
                raise
            if happened.day >= self.first:
                self.done.refusals.others[refused.code] += 1
                self.done.refusals.other_reasons.setdefault(refused.code, refused.message)
            if account is not None:
                self.done.hurt.add(account)
            return False
        return True
