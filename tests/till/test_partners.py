"""Partners at the till: what is earned at one and spent at another, and who owes whom for it, at two registers on one store."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest
from shops import ANA, BORIS, PROGRAMME, Clock, Shop

from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.partners import Settlement, netted
from pos_loyalty.domain.reversal import left_to_return
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till import cards
from pos_loyalty.till.checkout import Closed
from pos_loyalty.till.closing import close_day
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.returns import RefundOrder, refund

PARTNERS = '[partners]\npurse = "cashback"\nmembers = ["corner-shop", "fit-club", "health-food"]\n'
COALITION = PROGRAMME + PARTNERS


@pytest.fixture
def members(make_shop: Callable[..., Shop]) -> tuple[Shop, Shop, Shop]:
    """A register of each of three partners on one store, with one clock; Ana and Boris have cards."""
    clock = Clock()
    shops = []
    for n, member in enumerate(("corner-shop", "fit-club", "health-food"), 1):
        shop = make_shop(COALITION, f"till-{n}", clock)
        shops.append(replace(shop, register=replace(shop.register, shop=member)))
    cards.issue(shops[0].register, ANA)
    cards.issue(shops[0].register, BORIS)
    return shops[0], shops[1], shops[2]


def settlement(shop: Shop, first: date = date.min, last: date = date.max) -> list[tuple[str, str, int]]:
    """Who owes whom how much, without those who are even."""
    with shop.store.read() as books:
        return [(row.debtor, row.creditor, row.net) for row in netted(books.claims(first, last)) if row.net]


def whole(shop: Shop) -> bool:
    """Whether the store is as its facts say."""
    return [f"{one.place} {one.what.values}" for one in verify_store(shop.store).faults] == []


def accounts(shop: Shop, closed_id: str) -> dict[str, int]:
    """The accounts of an entry that are of partners."""
    rows = shop.store_values(
        "SELECT entry_id || ' ' || account || ' ' || amount FROM postings WHERE account LIKE '%:%:%'"
    )
    found = (str(row).split() for row in rows)
    return {account: int(amount) for entry, account, amount in found if entry == closed_id}


def spent_at_the_club(members: tuple[Shop, Shop, Shop]) -> tuple[Closed, Closed]:
    """9.50 are earned at the corner shop, and 5.00 of them spent at the club."""
    corner, club, _ = members
    earned = corner.sell(100_000, ANA)
    corner.clock.forward(days=20)
    return earned, club.sell(10_000, ANA, {"cashback": 500})


def test_spent_at_another_partner(members: tuple[Shop, Shop, Shop]) -> None:
    """The entry names issuer and acceptor, and the report says that the one owes the other what was spent."""
    corner, club, _ = members
    earned, spent = spent_at_the_club(members)
    assert (earned.sale.shop, spent.sale.shop) == ("corner-shop", "fit-club")
    assert accounts(corner, earned.sale.id) == {"issued:cashback:corner-shop": 950}
    assert accounts(club, spent.sale.id) == {
        "issued:cashback:fit-club": sum(part.amount for part in spent.sale.quote.earned),
        "issuer:corner-shop:fit-club": -500,
        "acceptor:fit-club:corner-shop": 500,
    }
    assert settlement(corner) == [("corner-shop", "fit-club", 500)]
    assert settlement(corner, last=earned.sale.day) == []
    assert settlement(corner, spent.sale.day, spent.sale.day) == [("corner-shop", "fit-club", 500)]
    assert whole(corner)


def test_spent_where_it_was_earned(members: tuple[Shop, Shop, Shop]) -> None:
    """A shop owes itself nothing."""
    corner, *_ = members
    corner.sell(100_000, ANA)
    corner.clock.forward(days=20)
    corner.sell(10_000, ANA, {"cashback": 500})
    assert settlement(corner) == []
    assert whole(corner)


def test_what_comes_back_is_no_longer_owed(members: tuple[Shop, Shop, Shop]) -> None:
    """Returned piece by piece, the claim is gone to the cent; the part that was given back was issued by whom it always was."""
    corner, club, food = members
    _, spent = spent_at_the_club(members)
    for third in (333_333, 333_333, 333_334):
        refund(club.register, RefundOrder(spent.sale.id, lines=((1, third),)))
    assert settlement(corner) == []
    food.sell(10_000, ANA, {"cashback": 500})
    assert settlement(corner) == [("corner-shop", "health-food", 500)]
    assert whole(corner)


def test_given_back_with_a_longer_life_it_keeps_its_issuer(members: tuple[Shop, Shop, Shop]) -> None:
    """A part given back as a lot of its own, because the old one was nearly over, is still the issuer's."""
    corner, club, food = members
    corner.sell(100_000, ANA)
    corner.clock.forward(days=375)
    spent = club.sell(10_000, ANA, {"cashback": 500})
    refund(club.register, RefundOrder(spent.sale.id))
    corner.clock.forward(days=25)
    food.sell(10_000, ANA, {"cashback": 500})
    assert settlement(corner) == [("corner-shop", "health-food", 500)]
    assert whole(corner)


def test_what_expires_stays_with_its_issuer(members: tuple[Shop, Shop, Shop]) -> None:
    """Nobody owes anything for units that nobody spent: they are the breakage of who issued them, whichever till posts it."""
    corner, club, _ = members
    corner.sell(10_000, ANA)
    corner.sell(10_000, BORIS)
    corner.clock.forward(days=400)
    club.sell(10_000, ANA)
    close_day(club.register, None, "owner", lambda _: None)
    lost = "SELECT amount FROM postings WHERE account = 'breakage:cashback:corner-shop'"
    assert corner.store_values(lost) == [-95, -95]
    assert settlement(corner) == []
    assert whole(corner)


def test_a_debt_taken_from_anothers_lot(members: tuple[Shop, Shop, Shop]) -> None:
    """Units that the corner shop had issued and the club was paid with are taken, when the goods come back, from lots of the club
    and of the health food shop: these owe them to the corner shop, as that owes its own to the club.
    """
    corner, club, food = members
    earned, first = spent_at_the_club(members)
    second = club.sell(10_000, ANA, {"cashback": 450})
    food.sell(100_000, ANA)
    refund(corner.register, RefundOrder(earned.sale.id))
    of_club = sum(part.amount for closed in (first, second) for part in closed.sale.quote.earned)
    rest = 950 - of_club
    assert rest > 0
    assert settlement(corner) == [("corner-shop", "fit-club", rest), ("health-food", "corner-shop", rest)]
    assert whole(corner)


def test_a_debt_made_good_later_goes_to_whom_it_is_owed(members: tuple[Shop, Shop, Shop]) -> None:
    """What the holder owes to the corner shop is made good by what is earned at the health food shop: that owes it then."""
    corner, club, food = members
    earned, spent = spent_at_the_club(members)
    club.sell(10_000, ANA, {"cashback": 450})
    back = refund(corner.register, RefundOrder(earned.sale.id)).refund
    owed = sum(one.amount for one in back.owed)
    assert owed > 0
    from_club = sum(one.amount for one in back.taken_back)
    assert ("fit-club", "corner-shop") not in [row[:2] for row in settlement(corner)]
    assert settlement(corner) == [("corner-shop", "fit-club", 950 - from_club)]
    closed = food.sell(200_000, ANA)
    assert [one.amount for one in closed.sale.settled] == [owed]
    assert ("health-food", "corner-shop", owed) in settlement(corner)
    assert spent.sale.account is not None
    with corner.store.read() as books:
        assert books.owed_to(spent.sale.account, "cashback") == {}
    assert whole(corner)


def test_lots_from_before_there_were_partners_are_nobodys_claim(make_shop: Callable[..., Shop]) -> None:
    """What a shop gave before it had partners names no issuer: spending it makes nobody owe anything."""
    shop = make_shop()
    cards.issue(shop.register, ANA)
    before = shop.sell(100_000, ANA)
    activate(shop.register, COALITION, None, "owner")
    shop.clock.forward(days=20)
    club = replace(shop, register=replace(shop.register, shop="fit-club"))
    closed = club.sell(10_000, ANA, {"cashback": 500})
    assert accounts(shop, closed.sale.id).keys() == {"issued:cashback:fit-club"}
    refund(club.register, RefundOrder(before.sale.id))
    assert settlement(shop) == []
    assert whole(shop)


def test_a_register_of_another_partner_sells_nothing(members: tuple[Shop, Shop, Shop]) -> None:
    """A register that names a member who is not listed is refused and told the key to set."""
    corner, *_ = members
    stranger = replace(corner, register=replace(corner.register, shop="bakery"))
    with pytest.raises(Refused) as refused:
        stranger.sell(10_000, ANA)
    assert refused.value.code == "partner-unknown"
    assert "corner-shop, fit-club, health-food" in refused.value.message.values.values()


def test_a_register_of_nobody_sells_but_takes_nothing_of_partners(members: tuple[Shop, Shop, Shop]) -> None:
    """Without a member sales go on, and what they earn is nobody's; what a partner issued cannot be spent there, nor its goods
    come back: no claim is lost. The shop's own name, written as an id, is a member too.
    """
    corner, *_ = members
    nobody = replace(corner, register=replace(corner.register, shop=None))
    sold = corner.sell(100_000, ANA)
    assert nobody.sell(100_000, BORIS).sale.shop is None
    corner.clock.forward(days=20)
    with pytest.raises(Refused) as refused:
        nobody.sell(10_000, ANA, {"cashback": 500})
    assert refused.value.code == "partner-unknown"
    with pytest.raises(Refused) as refused:
        refund(nobody.register, RefundOrder(sold.sale.id))
    assert refused.value.code == "partner-other"
    assert nobody.sell(10_000, BORIS, {"cashback": 500}).sale.shop is None
    called = replace(corner, register=replace(corner.register, shop=None, shop_name="Fit Club"))
    assert called.sell(10_000, ANA, {"cashback": 500}).sale.shop == "fit-club"
    assert settlement(corner) == [("corner-shop", "fit-club", 500)]
    assert whole(corner)


def test_another_partner_does_not_take_goods_back(members: tuple[Shop, Shop, Shop]) -> None:
    """The money and the VAT of a sale are the seller's: its goods come back there."""
    corner, club, _ = members
    sold = corner.sell(10_000, ANA)
    with pytest.raises(Refused) as refused:
        refund(club.register, RefundOrder(sold.sale.id))
    assert refused.value.code == "partner-other"
    assert refund(corner.register, RefundOrder(sold.sale.id)).refund.shop == "corner-shop"


def test_a_changed_claim_is_found(members: tuple[Shop, Shop, Shop]) -> None:
    """verify says of an entry whose claim is another than its bill and lots make it that it is so."""
    corner, *_ = members
    _, spent = spent_at_the_club(members)
    with closing(sqlite3.connect(corner.path)) as db:
        db.execute("DROP TRIGGER postings_final_update")
        for account in ("issuer:corner-shop:fit-club", "acceptor:fit-club:corner-shop"):
            db.execute("UPDATE postings SET amount = amount * 2 WHERE account = ?", (account,))
        db.commit()
    places = {(one.place, one.what.values.get("name")) for one in verify_store(corner.store).faults}
    assert {(f"entry {spent.sale.id}", "issuer"), (f"entry {spent.sale.id}", "acceptor")} <= places


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_bought_and_brought_back_partners_come_out_even(
    members: tuple[Shop, Shop, Shop], seed: int
) -> None:
    """After random sales, spendings, returns and closed days: what all owe is what all are owed; each partner's claims are what was
    spent of others' lots, as the lots and bills themselves say; and the store verifies.
    """
    rng = random.Random(seed)
    sold: list[tuple[Shop, Closed]] = []
    for _ in range(45):
        members[0].clock.forward(days=rng.choice((0, 1, 5, 15, 40)))
        shop = rng.choice(members)
        if sold and rng.random() < 0.3:
            seller, closed = rng.choice(sold)
            with seller.store.read() as books:
                (left,) = left_to_return(closed.sale, books.refunds_of(closed.sale.id))
            if left:
                part = rng.choice((left, rng.randrange(1, left + 1)))
                word = rng.choice((None, "withhold", "forgive"))
                refund(seller.register, RefundOrder(closed.sale.id, lines=((1, part),), when_spent=word))
        elif rng.random() < 0.1:
            close_day(shop.register, None, "owner", lambda _: None)
        else:
            spend = {"cashback": rng.choice((100, 250, 900))} if rng.random() < 0.6 else None
            try:
                sold.append((shop, shop.sell(rng.randrange(1_000, 90_000), rng.choice((ANA, BORIS)), spend)))
            except Refused as refused:
                assert refused.code in {"balance-too-low", "limit-reached"}  # noqa: PT017
    store = members[0]
    assert store.store_value("SELECT sum(amount) FROM postings WHERE account LIKE 'issuer:%'") == -store.store_value(
        "SELECT sum(amount) FROM postings WHERE account LIKE 'acceptor:%'"
    )
    with store.store.read() as books:
        claims = books.claims(date.min, date.max)
    assert claims == _by_hand(store)
    rows = netted(claims)
    due = dict.fromkeys(("corner-shop", "fit-club", "health-food"), 0)
    for row in rows:
        assert row == Settlement(row.debtor, row.creditor, row.owed, row.owed_back)
        assert row.net >= 0
        due[row.debtor] -= row.net
        due[row.creditor] += row.net
    assert sum(due.values()) == 0
    assert any(row.net for row in rows)
    assert whole(store)


def _by_hand(shop: Shop) -> dict[tuple[str, str], int]:
    """Who owes whom, from the other end: a partner is owed by an issuer what left the issuer's lots in the partner's own bills.

    It reads which lots the bills' postings drew on, whose register the lot's sale and the bill were at, and, for what made good a
    debt, to whom that was: nothing of what partners' accounts say.
    """
    member = {"till-1": "corner-shop", "till-2": "fit-club", "till-3": "health-food"}
    rows = shop.store_values(
        "SELECT e.register || '|' || s.register || '|' || p.amount || '|' || coalesce(o.account, '') FROM postings p"
        " JOIN entries e ON e.id = p.entry_id JOIN lots l ON l.id = p.lot JOIN entries s ON s.id = l.sale"
        " LEFT JOIN postings o ON o.entry_id = p.entry_id AND o.n = p.n + 1 AND o.account LIKE 'owed:%' AND o.amount = -p.amount"
        " WHERE p.account LIKE 'purse:%' AND e.kind <> 'expiry' AND NOT (l.entry_id = p.entry_id AND l.parent IS NULL"
        " AND p.amount < 0)"
    )
    claims: dict[tuple[str, str], int] = {}
    for bill, issuer, amount, owed in (str(row).split("|") for row in rows):
        acceptor = owed.rpartition(":")[2] if owed else member[bill]
        if member[issuer] != acceptor:
            pair = member[issuer], acceptor
            claims[pair] = claims.get(pair, 0) + int(amount)
    return claims
