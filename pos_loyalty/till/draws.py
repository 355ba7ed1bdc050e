"""Prize draws: the list of tickets is frozen and published first, drawn with a seed that came after it, and the prizes handed out.

Freezing uses the tickets up in one entry of the journal, so that the list can be made anew from facts, nothing that happens later
changes it, and the next draw on the same purse starts without them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pos_loyalty.domain.bookkeeping import draw_postings
from pos_loyalty.domain.card import masked
from pos_loyalty.domain.draw import (
    ANY_SEED,
    CAUSE,
    MAX_TICKETS,
    NOTHING,
    Checked,
    Drawing,
    Ticket,
    TicketList,
    digest_of,
    drawn_text,
    holder_name,
    list_text,
    read_list,
    seed_fault,
    winners_of,
)
from pos_loyalty.domain.ledger import Entry
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.programme.rules import Draw, Programme
from pos_loyalty.domain.sale import receipt_number
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import moment
from pos_loyalty.storage.records import FrozenDraw, HeldTickets, Prize
from pos_loyalty.till.programmes import in_force, of_revision
from pos_loyalty.till.register import Register


def published(register: Register, draw_id: str) -> FrozenDraw | None:
    """A draw whose list was published; None before."""
    with register.store.read() as books:
        return books.frozen_draw(draw_id)


def text_of(frozen: FrozenDraw) -> str:
    """What is published of a draw: its list, and once it was run the seed and the winners."""
    if frozen.seed is None or frozen.drawn_at is None:
        return frozen.text
    tickets = read_list(frozen.text)
    winners = winners_of(frozen.draw, frozen.digest, frozen.seed, tickets.prizes, tickets.tickets)
    return drawn_text(frozen.text, frozen.digest, Drawing(moment(frozen.drawn_at), frozen.seed), winners)


def freeze(register: Register, draw_id: str, operator: str, seed_from: str | None = None) -> FrozenDraw:
    """Take every ticket that takes part out of its purse, and store the list that is published. It does not change any more.

    `seed_from` says which public number the seed will be. Refused with draw-unknown, draw-open until its last day is over,
    draw-order, draw-empty, draw-too-large, draw-frozen, draw-seed.
    """
    fault = seed_fault(seed_from) if seed_from is not None else None
    if fault is not None:
        raise Refused("draw-seed", fault)
    now = register.clock()
    with register.store.write() as books:
        books.lock(register.name)
        draw, programme = _drawn_by(books, register, draw_id)
        day = programme.business_day(now)
        if day <= draw.closes:
            raise Refused(
                "draw-open",
                Message(
                    N_("Draw {draw} takes tickets until the end of {day}: publish its list after that."),
                    draw=draw.id,
                    day=draw.closes,
                ),
            )
        held = _locked_tickets(books, draw)
        if (
            books.frozen_draw(draw.id) is not None
        ):  # asked once the tickets are locked: another till may have been first
            raise _frozen_before(draw.id)
        _in_order(books, draw, programme)
        count = sum(lot.held + lot.lapsed for lot in held)
        if not held:
            raise Refused(
                "draw-empty",
                Message(N_("Nobody holds a ticket for draw {draw}: there is nothing to draw."), draw=draw.id),
            )
        if count > MAX_TICKETS:
            raise Refused(
                "draw-too-large",
                Message(
                    N_("Draw {draw} has {count} tickets, more than the {limit} that a list can hold."),
                    draw=draw.id,
                    count=count,
                    limit=MAX_TICKETS,
                ),
            )
        tickets = TicketList(
            draw=draw.id,
            title=draw.title,
            closes=draw.closes,
            frozen=moment(now),
            prizes=draw.prizes,
            tickets=tuple(_tickets(draw.id, held, books.opening_cards())),
            seed_from=seed_from or ANY_SEED,
        )
        taken = [(lot.account, lot.lot, lot.held, lot.lapsed) for lot in held]
        entry = Entry(
            id=register.new_id(),
            kind="adjustment",
            at=now,
            recorded_at=now,
            day=day,
            operator=operator,
            holder=None,
            postings=draw_postings(draw.purse, f"{CAUSE}{draw.id}", taken),
        )
        books.post(register.name, entry)
        text = list_text(tickets)
        frozen = FrozenDraw(draw.id, entry.id, draw.title, digest_of(text), text)
        books.freeze_draw(frozen, [(lot.lot, lot.lapsed) for lot in held if lot.lapsed])
    return frozen


def run(register: Register, draw_id: str, seed: str, operator: str) -> FrozenDraw:
    """Draw the prizes among the tickets of the published list, once and for good.

    Refused with draw-unknown, draw-not-frozen before the list is published, draw-done when it was drawn, draw-seed.
    """
    fault = seed_fault(seed)
    if fault is not None:
        raise Refused("draw-seed", fault)
    now = register.clock()
    with register.store.write() as books:
        books.lock(register.name)
        frozen = books.frozen_draw(draw_id, locked=True)
        if frozen is None:
            _drawn_by(books, register, draw_id)
            raise Refused(
                "draw-not-frozen",
                Message(
                    N_(
                        "The list of draw {draw} is not published yet: do so with `pos-loyalty draw run {draw}`,"
                        " and take a seed that nobody could know by then."
                    ),
                    draw=draw_id,
                ),
            )
        if frozen.seed is not None:
            raise Refused(
                "draw-done", Message(N_("Draw {draw} was drawn, with the seed {seed}."), draw=draw_id, seed=frozen.seed)
            )
        tickets = read_list(frozen.text)
        winners = winners_of(draw_id, frozen.digest, seed, tickets.prizes, tickets.tickets)
        accounts = {holder_name(draw_id, account): account for account in books.accounts_in(frozen.entry)}
        won = [
            Prize(
                draw_id, frozen.title, one.place, one.prize, one.ticket.number, books.whose(accounts[one.ticket.holder])
            )
            for one in winners
            if one.ticket is not None
        ]
        books.run_draw(draw_id, seed, now, operator, won)
        drawn = books.frozen_draw(draw_id)
    if drawn is None:
        raise KeyError(draw_id)
    return drawn


def compare(books: Books, checked: Checked) -> Message | None:
    """Why a published text is not that of this store; None where it is. The list alone is its too, once it was drawn."""
    draw = checked.tickets.draw
    frozen = books.frozen_draw(draw)
    if frozen is None:
        return Message(N_("This store has published no draw {draw}."), draw=draw)
    if frozen.digest != checked.digest:
        return Message(
            N_("The list is not the one that this store published: that one's digest is {digest}."),
            digest=frozen.digest,
        )
    if checked.drawing is None:
        return None
    if frozen.seed is None or frozen.drawn_at is None:
        return Message(N_("In this store draw {draw} was not drawn yet."), draw=draw)
    if checked.drawing.seed != frozen.seed:
        return Message(N_("In this store draw {draw} was drawn with the seed {seed}."), draw=draw, seed=frozen.seed)
    if checked.drawing.at != moment(frozen.drawn_at):
        return Message(N_("In this store draw {draw} was drawn at another time than the file says."), draw=draw)
    return None


def against_store(register: Register, checked: Checked) -> Message | None:
    """`compare` with the register's store."""
    with register.store.read() as books:
        return compare(books, checked)


def prizes_of(books: Books, account: str) -> tuple[Prize, ...]:
    """What a holder has won and was not given yet, the oldest first: what the till tells them at their next scan."""
    return books.prizes_waiting(account)


def hand_out(register: Register, draw_id: str, place: int, operator: str) -> Prize:
    """Mark a prize as being with its winner. Refused with prize-unknown, or prize-handed-out when it was."""
    now = register.clock()
    with register.store.write() as books:
        books.lock(register.name)
        prize = books.prize(draw_id, place)
        if prize is None:
            raise Refused(
                "prize-unknown",
                Message(N_("Nobody has won prize {place} of draw {draw}."), place=place, draw=draw_id),
            )
        if prize.handed_at is not None:
            raise Refused(
                "prize-handed-out",
                Message(
                    N_("Prize {place} of draw {draw}, {prize}, was handed out on {day} by {operator}."),
                    place=place,
                    draw=draw_id,
                    prize=prize.prize,
                    day=in_force(books, now).programme.business_day(prize.handed_at),
                    operator=prize.handed_by or "",
                ),
            )
        books.hand_out(draw_id, place, now, operator)
        return books.prize(draw_id, place) or prize


def _drawn_by(books: Books, register: Register, draw_id: str) -> tuple[Draw, Programme]:
    """A draw as the rules in force have it, or the newest revision before them that had it; and that revision."""
    rules = in_force(books, register.clock())
    for revision in reversed(rules.begun):
        programme = of_revision(books, revision.number)
        for draw in programme.draws:
            if draw.id == draw_id:
                return draw, programme
    known = ", ".join(draw.id for draw in rules.programme.draws)
    if not known:
        raise Refused("draw-unknown", Message(N_("The programme has no draw: write a [[draw]] into it.")))
    raise Refused(
        "draw-unknown", Message(N_("The programme has no draw {draw}; it has {known}."), draw=draw_id, known=known)
    )


def _locked_tickets(books: Books, draw: Draw) -> tuple[HeldTickets, ...]:
    """The tickets that take part, with their holders locked: what is read is what is taken."""
    locked: set[str] = set()
    while True:
        held = books.tickets(draw.purse, draw.closes)
        others = {lot.account for lot in held} - locked
        if not others:
            return held
        for account in sorted(others):
            books.lock_account(account)
        locked |= others


def _in_order(books: Books, draw: Draw, programme: Programme) -> None:
    """Refuse to take tickets that an earlier draw on the same purse still has a right to."""
    for earlier in programme.draws:
        if (
            earlier.purse == draw.purse
            and earlier.closes < draw.closes
            and books.frozen_draw(earlier.id) is None
            and books.tickets(earlier.purse, earlier.closes)
        ):
            raise Refused(
                "draw-order",
                Message(
                    N_(
                        "Draw {earlier} closed before draw {draw} and has tickets of the same purse: publish its list first."
                    ),
                    earlier=earlier.id,
                    draw=draw.id,
                ),
            )


def _tickets(draw_id: str, held: Sequence[HeldTickets], cards: Mapping[str, str]) -> Iterator[Ticket]:
    number = 0
    for lot in held:
        holder = holder_name(draw_id, lot.account)
        card = masked(cards[lot.account]) if lot.account in cards else NOTHING
        receipt = receipt_number(*lot.receipt) if lot.receipt else NOTHING
        for _ in range(lot.held + lot.lapsed):
            number += 1
            yield Ticket(number, holder, card, receipt)


def _frozen_before(draw_id: str) -> Refused:
    return Refused(
        "draw-frozen",
        Message(
            N_("The list of draw {draw} is published already and does not change; a new draw needs an id of its own."),
            draw=draw_id,
        ),
    )
