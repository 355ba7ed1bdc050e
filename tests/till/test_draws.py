"""A prize draw at the till: its list is published when its last day is over and stays, it is drawn once, and winners are told."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from shops import ANA, BORIS, PROGRAMME, Clock, Shop

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.draw import check, digest_of, list_text, read_list, winners_of
from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.engine import Store
from pos_loyalty.storage.records import FrozenDraw
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till import cards
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import price
from pos_loyalty.till.draws import against_store, freeze, hand_out, published, run, text_of
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register
from pos_loyalty.till.returns import RefundOrder, refund

CLARA = "2900000000032"
DRAWS = """
[purse.tickets]
unit = "tickets"
expires = "end of year"

[[offer]]
id = "ticket"
title = "A ticket for every 50 euros"
give = { earn = { tickets = 1 }, every = "50.00" }

[[draw]]
id = "new-year"
title = "New Year draw"
purse = "tickets"
closes = 2026-12-31
prizes = ["Gift basket", "Mug"]

[[draw]]
id = "second"
title = "Second draw"
purse = "tickets"
closes = 2027-06-30
prizes = ["Mug"]
"""
RULES = PROGRAMME.replace('discount = "5%"\n', "").replace("[returns]", DRAWS + "[returns]")
NEW_YEAR = datetime(2027, 1, 2, 9, tzinfo=UTC)


@pytest.fixture
def fair(make_shop: Callable[..., Shop]) -> Shop:
    """Ana with three tickets of two sales, Boris with two; on the closing day, before its end."""
    shop = make_shop(RULES)
    for name, card in (("Ana Kovač", ANA), ("Boris Petrov", BORIS), ("Clara Novak", CLARA)):
        enrol(shop.register, Enrolment(name, card))
    shop.sell(10_000, ANA)
    shop.sell(10_000, BORIS)
    shop.clock.now = datetime(2026, 12, 31, 12, tzinfo=UTC)
    shop.sell(5_000, ANA)
    return shop


def refused(action: Callable[..., object], *args: object, **named: object) -> str:
    """The code that an action is refused with."""
    with pytest.raises(Refused) as raised:
        action(*args, **named)
    return raised.value.code


def tickets(shop: Shop, card: str) -> int:
    """What a card's purse of tickets holds, in all."""
    held = cards.show(shop.register, card).purses["tickets"].balance
    return held.available + held.pending


def receipts(frozen: FrozenDraw) -> list[str]:
    """The receipts of a published list, ticket by ticket."""
    return [ticket.receipt for ticket in read_list(frozen.text).tickets]


def whole(shop: Shop) -> None:
    """Everything in the store is what its facts say."""
    assert verify_store(shop.store).faults == ()


def test_the_list_is_refused_until_the_closing_day_is_over(fair: Shop) -> None:
    """On the closing day, and until its last minute at the shop's own clock, tickets still come in."""
    assert refused(freeze, fair.register, "new-year", "owner") == "draw-open"
    fair.clock.now = datetime(2026, 12, 31, 21, 59, tzinfo=UTC)
    assert refused(freeze, fair.register, "new-year", "owner") == "draw-open"
    fair.clock.now = datetime(2026, 12, 31, 22, 0, tzinfo=UTC)  # midnight in Sofia
    freeze(fair.register, "new-year", "owner")


def test_the_list_has_every_ticket_with_its_receipt_and_no_name(fair: Shop) -> None:
    """Three of Ana's and two of Boris's, one line each; neither a name nor a full card number nor an account is in it."""
    fair.clock.now = NEW_YEAR
    account = cards.show(fair.register, ANA).account
    frozen = freeze(fair.register, "new-year", "owner", "the Lotto numbers of 5 January")
    read = read_list(frozen.text)
    assert receipts(frozen) == ["till-1-000001"] * 2 + ["till-1-000002"] * 2 + ["till-1-000003"]
    assert [ticket.card[-4:] for ticket in read.tickets] == ["0018", "0018", "0025", "0025", "0018"]
    assert len({ticket.holder for ticket in read.tickets}) == 2
    assert read.tickets[0].holder == read.tickets[4].holder
    assert (read.prizes, read.seed_from) == (("Gift basket", "Mug"), "the Lotto numbers of 5 January")
    for secret in ("Ana", "Kov", ANA, BORIS, account):
        assert secret not in frozen.text
    assert frozen.digest == hashlib.sha256(frozen.text.encode()).hexdigest()
    whole(fair)


def test_tickets_that_were_bought_later_wait_for_the_next_draw(fair: Shop) -> None:
    """Sold after the closing day, before or after the list is published: in the purse still, and in no list but the next one's."""
    fair.clock.now = NEW_YEAR
    fair.sell(5_000, ANA)
    frozen = freeze(fair.register, "new-year", "owner")
    fair.sell(5_000, BORIS)
    assert len(receipts(frozen)) == 5
    assert (tickets(fair, ANA), tickets(fair, BORIS)) == (1, 1)
    assert published(fair.register, "new-year") == frozen
    fair.clock.now = datetime(2027, 7, 1, 9, tzinfo=UTC)
    assert receipts(freeze(fair.register, "second", "owner")) == ["till-1-000004", "till-1-000005"]
    whole(fair)


def test_tickets_that_came_back_do_not_count(fair: Shop) -> None:
    """A sale returned before the list is published: its tickets are out, those of other sales stay."""
    refund(fair.register, RefundOrder("till-1-000002"))
    fair.clock.now = NEW_YEAR
    assert receipts(freeze(fair.register, "new-year", "owner")) == ["till-1-000001"] * 2 + ["till-1-000003"]
    whole(fair)


def test_a_ticket_that_lived_on_the_closing_day_counts_whatever_was_scanned_since(fair: Shop) -> None:
    """Tickets run out with the closing day: a card that was scanned in the new year has lost them, and they take part."""
    fair.clock.now = NEW_YEAR
    fair.sell(1_000, ANA)
    assert fair.store_value("SELECT sum(expired) FROM lots WHERE purse = 'tickets'") == 3
    frozen = freeze(fair.register, "new-year", "owner")
    assert len(receipts(frozen)) == 5
    assert fair.store_value("SELECT sum(expired) FROM lots WHERE purse = 'tickets'") == 0
    assert fair.store_value("SELECT sum(amount) FROM postings WHERE account = 'breakage:tickets'") == 0
    assert fair.store_value("SELECT sum(amount) FROM postings WHERE account = 'redeemed:tickets'") == -5
    whole(fair)


def test_a_ticket_that_ran_out_before_the_closing_day_does_not_count(fair: Shop) -> None:
    """A ticket of 2 January that lives a month is over long before 30 June, whether its card was scanned since or not."""
    fair.clock.now = NEW_YEAR
    freeze(fair.register, "new-year", "owner")
    activate(fair.register, RULES.replace("end of year", "1 months"), None, "owner")
    fair.sell(5_000, ANA)
    fair.clock.now = datetime(2027, 7, 1, 9, tzinfo=UTC)
    assert refused(freeze, fair.register, "second", "owner") == "draw-empty"
    whole(fair)


def test_an_earlier_draw_on_the_same_purse_comes_first(fair: Shop) -> None:
    """The later one would use up the tickets of the earlier one: refused until that one's list is published."""
    fair.clock.now = datetime(2027, 7, 1, 9, tzinfo=UTC)
    fair.sell(5_000, CLARA)
    assert refused(freeze, fair.register, "second", "owner") == "draw-order"
    freeze(fair.register, "new-year", "owner")
    assert refused(freeze, fair.register, "second", "owner") == "draw-empty"


def test_a_list_is_published_once(fair: Shop) -> None:
    """The second time is refused, and so is a draw that nobody knows, or a seed that is none."""
    fair.clock.now = NEW_YEAR
    assert refused(run, fair.register, "new-year", "7", "owner") == "draw-not-frozen"
    freeze(fair.register, "new-year", "owner")
    assert refused(freeze, fair.register, "new-year", "owner") == "draw-frozen"
    assert refused(freeze, fair.register, "old-year", "owner") == "draw-unknown"
    assert refused(run, fair.register, "old-year", "7", "owner") == "draw-unknown"
    for seed in ("", " ", "7 ", "7\n", "7" * 201):
        assert refused(run, fair.register, "new-year", seed, "owner") == "draw-seed"


def test_a_programme_without_draws_has_none(shop: Shop) -> None:
    """Refused, with what to do."""
    assert refused(freeze, shop.register, "new-year", "owner") == "draw-unknown"


def test_a_draw_is_found_after_the_rules_have_changed(fair: Shop) -> None:
    """New rules of January without the draw: the revision that had it still says how it is drawn."""
    fair.clock.now = NEW_YEAR
    activate(fair.register, PROGRAMME, None, "owner")
    assert len(receipts(freeze(fair.register, "new-year", "owner"))) == 5
    whole(fair)


def test_it_is_drawn_once_and_the_winners_are_those_that_the_published_text_gives(fair: Shop) -> None:
    """Two prizes, two holders, each wins one; the text checks by itself and against the store; drawing again is refused."""
    fair.clock.now = NEW_YEAR
    frozen = freeze(fair.register, "new-year", "owner")
    assert against_store(fair.register, check(frozen.text)) is None
    fair.clock.forward(days=3)
    drawn = run(fair.register, "new-year", "3 14 15 92 65 35", "owner")
    checked = check(text_of(drawn))
    assert checked.differences == ()
    assert against_store(fair.register, checked) is None
    assert against_store(fair.register, check(frozen.text)) is None
    assert {winner.ticket.card[-4:] for winner in checked.winners if winner.ticket} == {"0018", "0025"}
    assert refused(run, fair.register, "new-year", "1", "owner") == "draw-done"
    assert published(fair.register, "new-year") == drawn
    assert drawn.text == frozen.text
    whole(fair)


def test_another_text_is_not_that_of_the_store(fair: Shop) -> None:
    """A list with another ticket, a result before the draw, one with another seed or another time: each is said."""
    fair.clock.now = NEW_YEAR
    frozen = freeze(fair.register, "new-year", "owner")
    forged = frozen.text + "Drawn\nat: 2027-01-02T09:00:00.000Z\ndigest: \nseed: 1\n"
    said = {
        str(against_store(fair.register, check(text)))
        for text in (frozen.text.replace("000003", "000004"), frozen.text.replace("draw: new-year", "draw: x"), forged)
    }
    run(fair.register, "new-year", "2", "owner")
    text = text_of(published(fair.register, "new-year") or frozen)
    said |= {
        str(against_store(fair.register, check(other))) for other in (forged, text.replace("at: 2027", "at: 2026"))
    }
    assert len(said) == 5
    assert "None" not in said


def test_the_till_tells_a_winner_until_the_prize_is_handed_out(fair: Shop) -> None:
    """On the card and on an open bill, to the winner alone; handed out once, by whom and when, and then no more."""
    fair.clock.now = NEW_YEAR
    freeze(fair.register, "new-year", "owner")
    run(fair.register, "new-year", "7", "owner")
    for card in (ANA, BORIS):
        (won,) = cards.show(fair.register, card).prizes
        assert (won.draw, won.title) == ("new-year", "New Year draw")
        bill = Bill(fair.register.new_id(), (LineItem(name="Soap", unit_price=100),), card)
        assert price(fair.register, bill.order("anna")).prizes == (won,)
        assert hand_out(fair.register, won.draw, won.place, "anna").handed_by == "anna"
        assert cards.show(fair.register, card).prizes == ()
        assert refused(hand_out, fair.register, won.draw, won.place, "anna") == "prize-handed-out"
    assert cards.show(fair.register, CLARA).prizes == ()
    assert refused(hand_out, fair.register, "new-year", 3, "anna") == "prize-unknown"
    whole(fair)


def test_with_fewer_holders_than_prizes_the_rest_is_not_won(fair: Shop) -> None:
    """Boris took all back: Ana wins one prize with one of her three tickets, and nobody the other."""
    refund(fair.register, RefundOrder("till-1-000002"))
    fair.clock.now = NEW_YEAR
    freeze(fair.register, "new-year", "owner")
    drawn = run(fair.register, "new-year", "7", "owner")
    assert text_of(drawn).endswith("winner 2: -\n")
    assert [won.place for won in cards.show(fair.register, ANA).prizes] == [1]
    whole(fair)


def test_goods_that_come_back_after_the_list_owe_their_tickets(fair: Shop) -> None:
    """The list stays; the ticket that took part is owed to the purse and comes off the next that is earned."""
    fair.clock.now = NEW_YEAR
    frozen = freeze(fair.register, "new-year", "owner")
    back = refund(fair.register, RefundOrder("till-1-000003")).refund
    assert [(owed.purse, owed.amount) for owed in back.owed] == [("tickets", 1)]
    assert published(fair.register, "new-year") == frozen
    fair.sell(10_000, ANA)
    assert tickets(fair, ANA) == 1
    whole(fair)


CHANGES = {
    "who won": "UPDATE prizes SET account_id = (SELECT account_id FROM cards WHERE number = '2900000000032') WHERE place = 1",
    "the ticket that won": "UPDATE prizes SET ticket = ticket % 5 + 1 WHERE place = 2",
    "what was won": "UPDATE prizes SET prize = 'Car' WHERE place = 2",
    "a prize taken away": "DELETE FROM prizes WHERE place = 1",
    "a prize added": "INSERT INTO prizes SELECT draw, 3, prize, ticket, account_id, NULL, NULL FROM prizes WHERE place = 1",
    "the digest": "UPDATE draws SET digest = replace(digest, substr(digest, 1, 1), 'x')",
    "the title": "UPDATE draws SET title = 'Old Year draw'",
    "a ticket": "UPDATE draws SET list = replace(list, '0018 till-1-000003', '0018 till-1-000002')",
    "the list cut short": "UPDATE draws SET list = substr(list, 1, length(list) - 50)",
    "the list's rule": "UPDATE draws SET list = replace(list, 'A holder wins once', 'A holder wins twice')",
    "no list at all": "UPDATE draws SET list = ''",
    "no draw at all": "DELETE FROM prizes; DELETE FROM draws",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_was_changed_in_a_draw_is_found(fair: Shop, change: str) -> None:
    """Whatever is changed of a draw in the store, `store verify` names the place: the draw, a prize, or the entry left alone."""
    fair.clock.now = NEW_YEAR
    frozen = freeze(fair.register, "new-year", "owner")
    run(fair.register, "new-year", "7", "owner")
    whole(fair)
    with closing(sqlite3.connect(fair.path)) as db:
        db.executescript(change)
    places = {fault.place for fault in verify_store(fair.store).faults}
    assert places
    assert all(place.startswith("draw new-year") or place == f"entry {frozen.entry}" for place in places)


def test_a_seed_that_gives_other_winners_is_found(fair: Shop) -> None:
    """The stored winners do not follow from another seed."""
    fair.clock.now = NEW_YEAR
    freeze(fair.register, "new-year", "owner")
    drawn = run(fair.register, "new-year", "0", "owner")
    read = read_list(drawn.text)
    others = (
        seed
        for seed in map(str, range(1, 1_000))
        if winners_of("new-year", drawn.digest, seed, read.prizes, read.tickets)
        != winners_of("new-year", drawn.digest, "0", read.prizes, read.tickets)
    )
    with closing(sqlite3.connect(fair.path)) as db, db:
        assert db.execute("UPDATE draws SET seed = ?", (next(others),)).rowcount
    places = {fault.place for fault in verify_store(fair.store).faults}
    assert places
    assert all(place.startswith("draw new-year prize") for place in places)


def test_a_list_made_anew_with_its_digest_is_found_too(fair: Shop) -> None:
    """Somebody who gives a ticket to another, and makes digest, winners and all anew, cannot change the journal's entry."""
    fair.clock.now = NEW_YEAR
    frozen = freeze(fair.register, "new-year", "owner")
    read = read_list(frozen.text)
    moved = replace(read.tickets[1], holder=read.tickets[2].holder)
    text = list_text(replace(read, tickets=(read.tickets[0], moved, *read.tickets[2:])))
    with closing(sqlite3.connect(fair.path)) as db, db:
        assert db.execute("UPDATE draws SET list = ?, digest = ?", (text, digest_of(text))).rowcount
    (fault,) = verify_store(fair.store).faults
    assert (fault.place, fault.what.values) == ("draw new-year", {"ticket": 2})


def test_two_tills_publish_draw_and_hand_out_once(store: Store) -> None:
    """At the same moment on one store of either kind: each step is one till's, and the other is told so."""
    clock = Clock()
    tills = [Shop(Register(name, store, clock, lambda: uuid7(clock.now)), clock, store, "") for name in ("a", "b")]
    activate(tills[0].register, RULES, None, "owner")
    for name, card in (("Ana Kovač", ANA), ("Boris Petrov", BORIS)):
        enrol(tills[0].register, Enrolment(name, card))
        tills[1].sell(10_000, card)
    clock.now = NEW_YEAR
    tills[0].sell(1_000, ANA)
    steps: dict[str, Callable[[Register], object]] = {
        "draw-frozen": lambda register: freeze(register, "new-year", register.name),
        "draw-done": lambda register: run(register, "new-year", f"seed of {register.name}", register.name),
        "prize-handed-out": lambda register: hand_out(register, "new-year", 1, register.name),
    }
    for code, step in steps.items():
        assert sorted(at_once(step, [till.register for till in tills])) == sorted(["done", code])
        whole(tills[0])
    drawn = published(tills[0].register, "new-year")
    assert drawn is not None
    assert len(receipts(drawn)) == 4
    assert against_store(tills[1].register, check(text_of(drawn))) is None


def at_once(step: Callable[[Register], object], registers: list[Register]) -> list[str]:
    """What came of one action at several registers at the same moment: done, or the code that it was refused with."""
    together, came = Barrier(len(registers)), list[str]()

    def take(register: Register) -> None:
        together.wait()
        try:
            step(register)
        except Refused as error:
            came.append(error.code)
        else:
            came.append("done")

    threads = [Thread(target=take, args=(register,)) for register in registers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came
