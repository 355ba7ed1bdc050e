"""Prize draws: the tickets that take part, the list as it was published, its seed, and who won what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, bindparam, case, func, insert, literal_column, or_, select, update

from pos_loyalty.storage.facts import moment, read_moment
from pos_loyalty.storage.journal_rows import JournalRows
from pos_loyalty.storage.records import FrozenDraw, HeldTickets, Prize
from pos_loyalty.storage.statements import Row
from pos_loyalty.storage.tables import cards, draws, entries, lots, merges, postings, prizes, sales

_nothing: ColumnElement[int] = literal_column("0")
_no_day: ColumnElement[None] = literal_column("NULL")
# What moved from another account was earned when that lot was filled; only what was given by hand comes from no sale.
_filled_on = case(
    (lots.c.parent.is_(_no_day), entries.c.day),
    else_=func.substr(lots.c.filled_at, literal_column("1"), literal_column("10")),
)
_earned_on = func.coalesce(sales.c.day, _filled_on)
_TICKETS = (
    select(
        lots.c.id,
        func.coalesce(merges.c.into_id, lots.c.account_id),
        lots.c.remaining,
        lots.c.expired,
        sales.c.register,
        sales.c.number,
    )
    .select_from(
        lots.join(entries, entries.c.id == lots.c.entry_id)
        .outerjoin(sales, sales.c.id == lots.c.sale)
        .outerjoin(merges, merges.c.account_id == lots.c.account_id)
    )
    .where(
        lots.c.purse == bindparam("purse_"),
        or_(lots.c.remaining > _nothing, lots.c.expired > _nothing),
        or_(lots.c.expires.is_(_no_day), lots.c.expires >= bindparam("closes")),
        _earned_on <= bindparam("closes"),
    )
    .order_by(lots.c.id)
)
_USE_LAPSED = update(lots).where(lots.c.id == bindparam("lot")).values(expired=lots.c.expired - bindparam("tickets"))
# The card that opens an account comes last: an active one after those that no longer do, the newest after those before it.
_CARDS = select(cards.c.account_id, cards.c.number).order_by(
    case((cards.c.status == literal_column("'active'"), literal_column("1")), else_=_nothing),
    cards.c.issued_at,
    cards.c.number,
)
_ACCOUNTS = select(postings.c.holder).distinct().where(postings.c.entry_id == bindparam("entry"))
_ADD = insert(draws)
_DRAW = select(
    draws.c.draw,
    draws.c.entry_id,
    draws.c.title,
    draws.c.digest,
    draws.c.list,
    draws.c.seed,
    draws.c.drawn_at,
    draws.c.drawn_by,
).where(draws.c.draw == bindparam("draw_"))
_DRAW_LOCKED = _DRAW.with_for_update()
_RUN = (
    update(draws)
    .where(draws.c.draw == bindparam("draw_"))
    .values(seed=bindparam("seed_"), drawn_at=bindparam("at"), drawn_by=bindparam("by"))
)
_ADD_PRIZE = insert(prizes)
_PRIZE = select(
    prizes.c.draw,
    draws.c.title,
    prizes.c.place,
    prizes.c.prize,
    prizes.c.ticket,
    prizes.c.account_id,
    prizes.c.handed_at,
    prizes.c.handed_by,
).join(draws, draws.c.draw == prizes.c.draw)
_WAITING = _PRIZE.where(prizes.c.account_id == bindparam("account"), prizes.c.handed_at.is_(_no_day)).order_by(
    draws.c.drawn_at, prizes.c.draw, prizes.c.place
)
_PRIZES = _PRIZE.where(prizes.c.draw == bindparam("draw_")).order_by(prizes.c.place)
_ONE_LOCKED = _PRIZE.where(prizes.c.draw == bindparam("draw_"), prizes.c.place == bindparam("place_")).with_for_update(
    of=prizes
)
_HAND_OUT = (
    update(prizes)
    .where(prizes.c.draw == bindparam("draw_"), prizes.c.place == bindparam("place_"))
    .values(handed_at=bindparam("at"), handed_by=bindparam("by"))
)


class DrawRows(JournalRows):
    """The prize draws."""

    __slots__ = ()

    def tickets(self, purse: str, closes: date) -> tuple[HeldTickets, ...]:
        """The tickets of a purse that were earned and still alive on the day that a draw closes, by lot."""
        rows = self.rows(_TICKETS, purse_=purse, closes=closes.isoformat())
        return tuple(
            HeldTickets(lot, account, held, lapsed, None if number is None else (register, number))
            for lot, account, held, lapsed, register, number in rows
        )

    def opening_cards(self) -> dict[str, str]:
        """The number of the card that opens each account, or did last."""
        return dict(self.pages(_CARDS))

    def freeze_draw(self, frozen: FrozenDraw, lapsed: Iterable[tuple[str, int]]) -> None:
        """Store a published list, after the entry that used its tickets up; `lapsed` (lot, tickets) had expired meanwhile."""
        self.run_many(_USE_LAPSED, [{"lot": lot, "tickets": tickets} for lot, tickets in lapsed])
        self.run(
            _ADD,
            draw=frozen.draw,
            entry_id=frozen.entry,
            title=frozen.title,
            digest=frozen.digest,
            list=frozen.text,
            seed=None,
            drawn_at=None,
            drawn_by=None,
        )

    def frozen_draw(self, draw: str, *, locked: bool = False) -> FrozenDraw | None:
        """A draw whose list was published; `locked` until the transaction ends."""
        row = self.row(_DRAW_LOCKED if locked else _DRAW, draw_=draw)
        return None if row is None else _frozen(row)

    def accounts_in(self, entry: str) -> tuple[str, ...]:
        """The accounts whose tickets the entry of a draw used up."""
        return tuple(holder for (holder,) in self.rows(_ACCOUNTS, entry=entry))

    def run_draw(self, draw: str, seed: str, at: datetime, operator: str, won: Iterable[Prize]) -> None:
        """Store what a draw's seed was, and who won."""
        self.run(_RUN, draw_=draw, seed_=seed, at=moment(at), by=operator)
        rows = [
            {
                "draw": one.draw,
                "place": one.place,
                "prize": one.prize,
                "ticket": one.ticket,
                "account_id": one.account,
                "handed_at": None,
                "handed_by": None,
            }
            for one in won
        ]
        self.run_many(_ADD_PRIZE, rows)

    def prizes(self, draw: str) -> tuple[Prize, ...]:
        """All that was won in a draw, by place."""
        return tuple(map(_prize, self.rows(_PRIZES, draw_=draw)))

    def prizes_waiting(self, account: str) -> tuple[Prize, ...]:
        """What a holder has won and not been given yet, the oldest first."""
        return tuple(map(_prize, self.rows(_WAITING, account=account)))

    def prize(self, draw: str, place: int) -> Prize | None:
        """One prize of a draw, locked until the transaction ends."""
        row = self.row(_ONE_LOCKED, draw_=draw, place_=place)
        return None if row is None else _prize(row)

    def hand_out(self, draw: str, place: int, at: datetime, operator: str) -> None:
        """Store that a prize is with its winner."""
        self.run(_HAND_OUT, draw_=draw, place_=place, at=moment(at), by=operator)


def _frozen(row: Row) -> FrozenDraw:
    draw, entry, title, digest, text, seed, drawn_at, drawn_by = row
    return FrozenDraw(draw, entry, title, digest, text, seed, drawn_at and read_moment(drawn_at), drawn_by)


def _prize(row: Row) -> Prize:
    draw, title, place, prize, ticket, account, handed_at, handed_by = row
    return Prize(draw, title, place, prize, ticket, account, handed_at and read_moment(handed_at), handed_by)
