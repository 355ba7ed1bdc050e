"""Clubs, referrals and the guard on a real store: each leaves facts that a return takes back and a check derives anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime

import pytest
from shops import ANA, BORIS, Shop

from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.money import MILLION
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till.cards import issue, show
from pos_loyalty.till.checkout import Closed, Order, OrderLine, price, sell
from pos_loyalty.till.clubs import JoinOrder, join
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.returns import RefundOrder, refund

CLARA, DANA = "2900000000032", "2900000000049"
PROGRAMME = """
[programme]
name = "Corner Shop Club"
currency = "EUR"
time_zone = "Europe/Sofia"

[purse.points]
unit = "points"
worth = "0.01"
expires = "30 days"

[purse.cashback]
unit = "money"

[[club]]
id = "friends"
title = "Friends"
join = { spend = "300.00", within = "3 months" }
lasts = "12 months"

[[club]]
id = "gourmet"
title = "Gourmet"
join = { fee = "20.00" }
lasts = "12 months"

[[club]]
id = "staff"
title = "Staff"
join = { by_hand = true }

[[offer]]
id = "friends-off"
title = "Friends"
for = { clubs = ["friends", "gourmet", "staff"] }
give = { discount = "10%" }

[[offer]]
id = "coffee-lover"
title = "Coffee lovers"
for = { bought = { departments = ["coffee"], times = 2, within = "30 days" } }
give = { discount = "2.00" }
limit = { each = 1 }

[[offer]]
id = "friend"
title = "Welcome"
for = { referred = true, first_visit = true }
give = { earn = { cashback = "5.00" }, referrer = { points = 50 } }
limit = { each_referrer = 2 }

[guard]
bills_per_card_per_day = 3
own_card = "OWN_CARD"
"""


@pytest.fixture
def club_shop(make_shop: Callable[..., Shop]) -> Shop:
    """A register with Ana, and Boris, Clara and Dana whom she sent."""
    shop = make_shop(PROGRAMME.replace("OWN_CARD", "warn"))
    enrol(shop.register, Enrolment("Ana Kovač", ANA))
    for name, card in (("Boris", BORIS), ("Clara", CLARA), ("Dana", DANA)):
        enrol(shop.register, Enrolment(name, card, referred_by=ANA))
    return shop


def ring(shop: Shop, *amounts: int, card: str | None = BORIS, fee: str | None = None, **more: object) -> Closed:
    """Close a bill of coffee at these prices, and a membership at its fee."""
    lines = [OrderLine(name="Coffee", department="coffee", unit_price=amount, vat=200_000) for amount in amounts]
    if fee is not None:
        lines.append(OrderLine(club=fee))
    named = {"operator": "anna", "id": shop.register.new_id(), **more}
    return sell(shop.register, Order(tuple(lines), card=card, **named))  # type: ignore[arg-type]


def back(shop: Shop, closed: Closed, lines: tuple[tuple[int, int], ...] | None = None) -> None:
    refund(shop.register, RefundOrder(closed.sale.id, lines=lines))


def clubs(shop: Shop, card: str = BORIS) -> dict[str, date | None]:
    return dict(show(shop.register, card).clubs)


def points(shop: Shop, card: str = ANA) -> tuple[int, int]:
    """What a holder has in points, and owes."""
    held = show(shop.register, card).purses["points"].balance
    return held.available, held.owed


def off(closed: Closed) -> list[str]:
    return [discount.offer for discount in closed.sale.quote.discounts]


def whole(shop: Shop) -> None:
    assert verify_store(shop.store).faults == ()


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


# ---- clubs ----


def test_spending_enough_makes_a_friend_from_the_next_sale_on(club_shop: Shop) -> None:
    """The bill that reaches 300.00 is not yet a friend's, the next one is; its return makes it as if never bought."""
    first = ring(club_shop, 30_000)
    assert (off(first), clubs(club_shop)) == ([], {"friends": date(2027, 1, 5)})
    second = ring(club_shop, 1_000)
    assert off(second) == ["friends-off"]
    back(club_shop, first)
    assert clubs(club_shop) == {}
    assert off(ring(club_shop, 1_000)) == []
    whole(club_shop)


def test_a_fee_is_only_paid_for_and_opens_the_club(club_shop: Shop) -> None:
    """20.00 without VAT, nothing earned on it, a member for a year; paid again, a year from its end; given back, one less."""
    first = ring(club_shop, 1_000, fee="gourmet")
    line = first.sale.quote.lines[1]
    assert (line.paid, line.vat, line.earning, line.excluded) == (2_000, 0, 0, True)
    assert first.sale.quote.qualifying == 1_000
    assert clubs(club_shop) == {"gourmet": date(2027, 1, 5)}
    club_shop.clock.forward(days=100)
    second = ring(club_shop, 1_000, fee="gourmet")
    assert off(second) == ["friends-off"]
    assert second.sale.quote.memberships[0].since == date(2027, 1, 6)
    assert clubs(club_shop) == {"gourmet": date(2028, 1, 5)}
    back(club_shop, first, ((2, MILLION),))
    assert clubs(club_shop) == {"gourmet": date(2027, 4, 15)}
    back(club_shop, second)
    assert clubs(club_shop) == {}
    whole(club_shop)


def test_a_part_of_a_membership_does_not_come_back(club_shop: Shop) -> None:
    """Half a membership is refused, and the rest of the bill comes back without it."""
    sold = ring(club_shop, 1_000, fee="gourmet")
    assert code(lambda: back(club_shop, sold, ((2, MILLION // 2),))) == "line-invalid"
    back(club_shop, sold, ((1, MILLION),))
    assert clubs(club_shop) == {"gourmet": date(2027, 1, 5)}


def test_a_club_is_joined_by_hand_once(club_shop: Shop) -> None:
    """Its own entry in the journal, idempotent by its id; for good is for good, and a named day is the last."""
    order = JoinOrder("staff", BORIS, date(2026, 6, 30), "owner", club_shop.register.new_id())
    joined = join(club_shop.register, order)
    assert (joined.since, joined.until, joined.card) == (date(2026, 1, 5), date(2026, 6, 30), "*********0025")
    assert join(club_shop.register, order) == joined
    assert code(lambda: join(club_shop.register, JoinOrder("staff", ANA, id=order.id))) == "id-conflict"
    assert clubs(club_shop) == {"staff": date(2026, 6, 30)}
    assert off(ring(club_shop, 1_000)) == ["friends-off"]
    join(club_shop.register, JoinOrder("staff", BORIS))
    assert clubs(club_shop) == {"staff": None}
    assert club_shop.store_value("SELECT count(*) FROM entries WHERE kind = 'club'") == 2
    whole(club_shop)


def test_a_programme_without_the_club_leaves_who_is_in_it(club_shop: Shop) -> None:
    """Joined by spend, by fee and by hand: all three stay when the next programme has no such club."""
    ring(club_shop, 30_000, fee="gourmet")
    join(club_shop.register, JoinOrder("staff", BORIS))
    before = clubs(club_shop)
    assert set(before) == {"friends", "gourmet", "staff"}
    club_shop.clock.forward(days=2)
    activate(club_shop.register, PROGRAMME[: PROGRAMME.index("[[club]]")], None, "owner")
    assert clubs(club_shop) == before


def test_a_sale_of_an_earlier_day_counts_on_its_day(club_shop: Shop) -> None:
    """Rung up later, dated three months back with the 200.00 that were missing: a friend since the day that reached it."""
    ring(club_shop, 10_000)
    ring(club_shop, 20_000, at=datetime(2025, 12, 1, 10, tzinfo=UTC))
    assert clubs(club_shop) == {"friends": date(2027, 1, 5)}


# ---- what was bought ----


def test_only_what_was_kept_counts_as_bought(club_shop: Shop) -> None:
    """Two sales of coffee open the offer for the third; one of them given back, it is closed again; thirty days on too."""
    first, _ = ring(club_shop, 500, 500), ring(club_shop, 500, card=ANA)
    club_shop.clock.forward(days=1)
    ring(club_shop, 500)
    order = Order((OrderLine(name="Tea", unit_price=1_000),), card=BORIS)

    def offered() -> bool:
        return "coffee-lover" in [one.offer for one in price(club_shop.register, order).sale.quote.discounts]

    assert offered()
    back(club_shop, first, ((1, MILLION),))
    assert offered(), "one coffee of that sale was kept"
    back(club_shop, first)
    assert not offered()
    ring(club_shop, 500)
    assert offered()
    club_shop.clock.forward(days=29)
    assert offered()
    club_shop.clock.forward(days=1)
    assert not offered()
    whole(club_shop)


def test_a_limit_holds_where_the_goods_were_bought_too(club_shop: Shop) -> None:
    """`each = 1` of an offer for who bought something is looked up although history opens it."""
    for _ in range(2):
        ring(club_shop, 500)
        club_shop.clock.forward(days=1)
    assert [off(ring(club_shop, 1_000)), off(ring(club_shop, 1_000))] == [["coffee-lover"], []]
    whole(club_shop)


# ---- referrals ----


def test_who_sent_friends_is_thanked_for_so_many(club_shop: Shop) -> None:
    """Boris' and Clara's first bills give Ana 50 points each; Dana still earns hers, and Ana nothing more."""
    bills = [ring(club_shop, 1_000, card=card) for card in (BORIS, CLARA, DANA)]
    assert [one.sale.quote.earned[0].amount for one in bills] == [500, 500, 500]
    assert points(club_shop) == (100, 0)
    whole(club_shop)


def test_a_friend_who_gave_all_back_is_not_counted(club_shop: Shop) -> None:
    """Boris' bill comes back whole: Ana's points go, and Dana's first bill is within the two again."""
    first = ring(club_shop, 1_000, card=BORIS)
    ring(club_shop, 1_000, card=CLARA)
    back(club_shop, first)
    assert points(club_shop) == (50, 0)
    ring(club_shop, 1_000, card=DANA)
    assert points(club_shop) == (100, 0)
    whole(club_shop)


def test_what_the_referrer_spent_is_owed_and_made_good(club_shop: Shop) -> None:
    """Ana spends her 50 points and the friend gives the goods back: she owes 50, which the next friend's 50 make good."""
    first = ring(club_shop, 1_000, card=BORIS)
    ring(club_shop, 1_000, card=ANA, spend={"points": 50})
    back(club_shop, first)
    assert points(club_shop) == (0, 50)
    whole(club_shop)
    ring(club_shop, 1_000, card=CLARA)
    assert points(club_shop) == (0, 0)
    whole(club_shop)


def test_what_the_referrer_lost_by_expiring_is_not_asked_for(club_shop: Shop) -> None:
    """The points run out unspent, and then the goods come back: nothing is owed, and the lot says what it lost."""
    first = ring(club_shop, 1_000, card=BORIS)
    club_shop.clock.forward(days=31)
    back(club_shop, first)
    assert points(club_shop) == (0, 0)
    assert club_shop.store_value("SELECT count(*) FROM entries WHERE kind = 'expiry'") == 1
    whole(club_shop)


def test_nobody_sends_themselves(club_shop: Shop) -> None:
    """A card that was handed out and has no holder yet cannot be the card of who sent that holder."""
    (number,) = issue(club_shop.register, "2900000000070")
    assert code(lambda: enrol(club_shop.register, Enrolment("Eve", number, referred_by=number))) == "member-invalid"
    assert show(club_shop.register, number).member is None


# ---- the guard ----


def test_a_card_has_so_many_bills_a_day(club_shop: Shop) -> None:
    """The fourth of a day is priced with a warning, refused when closed, and let through by name; the next day begins anew."""
    for _ in range(3):
        assert ring(club_shop, 100).sale.warnings == ()
    order = Order((OrderLine(name="Tea", unit_price=100),), card=BORIS)
    assert len(price(club_shop.register, order).sale.warnings) == 1
    assert code(lambda: sell(club_shop.register, order)) == "guard"
    assert ring(club_shop, 100, card=None).sale.warnings == ()
    (warning,) = ring(club_shop, 100, allowed_by="Maria").sale.warnings
    assert "Maria" in str(warning)
    club_shop.clock.forward(days=1)
    assert ring(club_shop, 100).sale.warnings == ()


@pytest.mark.parametrize("operator", ["ana kovac", " Ana  KOVAČ ", ANA])
def test_a_cashier_s_own_card_is_warned_of(club_shop: Shop, operator: str) -> None:
    """By the holder's whole name, whatever the case and accents, or by the number of the card."""
    (warning,) = ring(club_shop, 100, card=ANA, operator=operator).sale.warnings
    assert operator.strip() in str(warning)
    for other in ("Ana", "anna", ""):
        assert ring(club_shop, 100, card=BORIS, operator=other).sale.warnings == ()
        club_shop.clock.forward(days=1)


def test_a_cashier_s_own_card_is_refused_or_allowed(make_shop: Callable[..., Shop]) -> None:
    """As the programme says; refused, the bill is not even priced with it."""
    shop = make_shop(PROGRAMME.replace("OWN_CARD", "refuse"))
    enrol(shop.register, Enrolment("Ana Kovač", ANA))
    assert code(lambda: ring(shop, 100, card=ANA, operator="Ana Kovač")) == "own-card"
    assert ring(shop, 100, card=ANA, operator="Anna").sale.account is not None
    shop.clock.forward(days=1)
    activate(shop.register, PROGRAMME.replace("OWN_CARD", "allow"), None, "owner")
    assert ring(shop, 100, card=ANA, operator="Ana Kovač").sale.warnings == ()


# ---- what is copied ----


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE purchases SET kept = kept + 1",
        "UPDATE purchases SET sku = 'OTHER'",
        "DELETE FROM purchases",
        "UPDATE memberships SET term = NULL WHERE joined_by = 'fee'",
        "UPDATE memberships SET day = '2025-01-01' WHERE joined_by = 'hand'",
        "UPDATE memberships SET ended_by = NULL",
        "DELETE FROM memberships WHERE joined_by = 'hand'",
        "UPDATE referrals SET uses = 2",
        "DELETE FROM referrals",
        "INSERT INTO referrals (referrer, offer, account_id, entry_id, uses)"
        " SELECT referred_by, 'other', account_id, (SELECT min(id) FROM sales), 1 FROM members WHERE referred_by NOT NULL",
        "INSERT INTO memberships (entry_id, club, account_id, joined_by, day)"
        " SELECT min(id), 'staff', account_id, 'hand', '2026-01-05' FROM sales",
    ],
)
def test_a_copy_that_was_changed_is_found(club_shop: Shop, change: str) -> None:
    """Goods bought, memberships and referrals are derived anew from bills and deeds."""
    sold = ring(club_shop, 1_000, fee="gourmet")
    back(club_shop, sold, ((2, MILLION),))
    join(club_shop.register, JoinOrder("staff", BORIS))
    whole(club_shop)
    with closing(sqlite3.connect(club_shop.path)) as db:
        assert db.execute(change).rowcount
        db.commit()
    assert verify_store(club_shop.store).faults


@pytest.mark.parametrize("change", ["UPDATE deeds SET facts = '{}'", "DELETE FROM deeds"])
def test_a_deed_is_final(club_shop: Shop, change: str) -> None:
    """What the owner's word was cannot be changed or taken out."""
    join(club_shop.register, JoinOrder("staff", BORIS))
    with closing(sqlite3.connect(club_shop.path)) as db, pytest.raises(sqlite3.IntegrityError, match="fact-is-final"):
        db.execute(change)
