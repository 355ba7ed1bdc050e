"""Clubs that are joined by hand: the owner's word, as an entry of its own in the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pos_loyalty.domain.card import masked
from pos_loyalty.domain.club import begun, by_hand
from pos_loyalty.domain.deed import ClubJoined
from pos_loyalty.domain.ledger import Entry
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.till.checkout import checked_id, digest_of, id_conflict
from pos_loyalty.till.programmes import in_force
from pos_loyalty.till.register import Register
from pos_loyalty.till.standing import locked_card, open_account


@dataclass(frozen=True, slots=True)
class JoinOrder:
    """A club to be joined by hand. `until` None is as long as the programme says."""

    club: str
    card: str
    until: date | None = None
    operator: str = ""
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """A membership that is durable: of which club, for which card (masked), from when until when (None: for good)."""

    club: str
    title: str
    card: str
    since: date
    until: date | None


def join(register: Register, order: JoinOrder) -> Joined:
    """Make a holder a member. Refused with club-invalid, card-unknown, card-blocked, … and nothing stored."""
    action_id = checked_id(order.id) if order.id else register.new_id()
    request = digest_of(order)
    now = register.clock()
    with register.store.write() as books:
        books.lock(register.name)
        rules = in_force(books, now)
        titles = {club.id: club.title for club in rules.programme.clubs}
        done = books.action(action_id) if order.id else None
        if done is not None:
            if done.joined is None or done.request != request:
                raise id_conflict(action_id)
            return _joined(done.joined, titles, order.card)
        day = rules.programme.business_day(now)
        card = locked_card(books, order.card, register.cards, rules.programme)
        on = open_account(books, card, rules, day).account.clubs
        joining = by_hand(order.club, rules.programme.clubs, on, day, order.until)
        membership = begun(joining.club, day, joining.term, on)
        deed = ClubJoined(
            id=action_id,
            account=card.account,
            at=now,
            recorded_at=now,
            day=day,
            operator=order.operator,
            club=joining.club,
            lasts=joining.term if isinstance(joining.term, Duration) else None,
            until=order.until,
            since=membership.since,
            ends=membership.until,
        )
        books.add_joining(deed, request)
        entry = Entry(action_id, "club", now, now, day, order.operator, card.account, ())
        books.post(register.name, entry)
    return _joined(deed, titles, order.card)


def _joined(deed: ClubJoined, titles: dict[str, str], card: str) -> Joined:
    return Joined(deed.club, titles.get(deed.club, deed.club), masked(card), deed.since, deed.ends)
