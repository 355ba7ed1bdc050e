"""Sales and refunds come back from a store exactly as they went in, and move what follows from them."""

from __future__ import annotations

import threading
import time
from datetime import date, timedelta
from typing import Any

import pytest

from pos_loyalty.domain.ledger import Draw, Posting
from pos_loyalty.domain.tier import Spend, Standing
from pos_loyalty.storage.faults import FactRefused


def test_a_sale_reads_back_as_it_was_written_by_id_and_by_receipt_number(shop: Any) -> None:
    """Every figure, reason and moment of a sale is the same after storing it; its holder's short name stands beside it."""
    account = shop.holder()
    sale = shop.sell(account)
    with shop.store.read() as books:
        assert books.sale(sale.id) == (sale, "Ana K.")
        assert books.sale("till-1-000001") == (sale, "Ana K.")
        assert books.sale("till-1-000002") is None
        assert books.sale("nonsense") is None


def test_a_sale_fills_one_lot_and_the_balance_is_what_its_postings_say(shop: Any) -> None:
    """100.00 paid earns 10.00 into one lot; the account holds it, and the spend that counts is 100.00 on that day."""
    account = shop.holder()
    shop.sell(account)
    with shop.store.read() as books:
        card = books.card("2900000000018")
        known = books.account(account, card)
        assert [lot.remaining for lot in known.holding("cashback").lots] == [1_000]
        assert books.spends(account) == (Spend(date(2026, 11, 22), 10_000),)
        assert (known.visits, known.last_visit) == (1, date(2026, 11, 22))
        assert books.balance(account, "cashback") == (1_000, 0)


def test_spending_draws_on_the_lots_that_it_names(shop: Any) -> None:
    """4.00 of the 10.00 lot leaves 6.00 in it, beside the new sale's own 9.60."""
    account = shop.holder()
    first = shop.sell(account)
    second = shop.sell(account, draws=[Draw(f"{first.id}/1", 400)])
    with shop.store.read() as books:
        lots = books.lots([f"{first.id}/1", f"{second.id}/1", "none/1"])
        assert {lot.id: lot.remaining for lot in lots.values()} == {f"{first.id}/1": 600, f"{second.id}/1": 960}
        assert books.balance(account, "cashback") == (1_560, 0)


def test_a_return_takes_back_what_it_earned_restores_what_was_spent_and_owes_the_rest(shop: Any) -> None:
    """The first lot's 4.00 is spent when its sale comes back: 6.00 leave the lot and 4.00 are owed. Then the spending's sale
    comes back as well, and its 4.00 live on in a lot of their own that knows its parent and the sale that had earned it."""
    account = shop.holder()
    first = shop.sell(account)
    second = shop.sell(account, draws=[Draw(f"{first.id}/1", 400)])
    refund = shop.refund(first)
    back = shop.refund(second)
    with shop.store.read() as books:
        assert books.refund(refund.id) == (refund, "Ana K.")
        assert books.refund("till-1-000003") == (refund, "Ana K.")
        assert books.refunds_of(first.id) == (refund,)
        family = books.lots_of_sale(account, first.id)
        assert [(lot.id, lot.remaining, lot.parent, lot.sale) for lot in family] == [
            (f"{first.id}/1", 0, None, first.id),
            (f"{back.id}/1", 400, f"{first.id}/1", first.id),
        ]
        assert books.balance(account, "cashback") == (400, 400)
        assert books.account(account, books.card("2900000000018")).holding("cashback").owed == 400
        assert books.spends(account) == ()


def test_what_expired_is_told_apart_from_what_was_spent_and_can_be_excused(shop: Any) -> None:
    """A year and a day later the lot's 10.00 are gone and known to have expired; a return of its sale excuses 6.00 of them."""
    account = shop.holder()
    sale = shop.sell(account)
    shop.now += timedelta(days=365)
    assert shop.expire(account) == 0
    shop.now += timedelta(days=1)
    assert shop.expire(account) == 1_000
    assert shop.expire(account) == 0
    with shop.store.read() as books:
        lot = books.lots([f"{sale.id}/1"])[f"{sale.id}/1"]
    assert (lot.remaining, lot.expired) == (0, 1_000)
    shop.refund(sale, (Draw(lot.id, 600),))
    with shop.store.read() as books:
        assert books.lots([lot.id])[lot.id].expired == 400


def test_an_action_is_known_by_its_id_and_tells_what_it_answered(shop: Any) -> None:
    """The same id again finds the first answer and its request's digest; an id that nobody used finds nothing."""
    account = shop.holder()
    sale = shop.sell(account)
    refund = shop.refund(sale)
    with shop.store.read() as books:
        assert books.action("019b0000-0000-7000-8000-999999999999") is None
        recorded = books.action(sale.id)
        assert (recorded.kind, recorded.request, recorded.sale, recorded.holder) == ("sale", "a" * 64, sale, "Ana K.")
        recorded = books.action(refund.id)
        assert (recorded.kind, recorded.request, recorded.refund) == ("refund", "b" * 64, refund)


def test_a_sale_without_a_card_touches_no_holder(shop: Any) -> None:
    """It is stored, numbered and chained like any other, and no balance exists after it."""
    sale = shop.sell()
    with shop.store.read() as books:
        assert books.sale(sale.id) == (sale, None)
        assert books.action(sale.id).holder is None


def test_receipt_numbers_have_no_gap_even_when_a_sale_fails(shop: Any) -> None:
    """A number that was handed out in a transaction that failed is handed out again; each register counts on its own."""
    shop.sell()
    seen = []

    def fails() -> None:
        with shop.store.write() as books:
            seen.append(books.next_receipt("till-1"))
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        fails()
    assert seen == [2]
    assert shop.sell().number == 2
    shop.register = "till-2"
    assert shop.sell().number == 1


def test_a_transaction_that_fails_leaves_nothing(shop: Any) -> None:
    """A sale whose block raises after everything was written is not there, nor its lot, balance, spend or visit."""
    account = shop.holder()
    made = []

    def interrupted() -> None:
        with shop.store.write() as books:
            made.append(shop.sale(books, account))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    sale = made[0]
    with shop.store.read() as books:
        assert books.sale(sale.id) is None
        assert books.lots([f"{sale.id}/1"]) == {}
        assert books.balance(account, "cashback") == (0, 0)
        assert books.spends(account) == ()
        assert books.account(account, books.card("2900000000018")).visits == 0


def test_a_lot_cannot_give_more_than_it_holds(shop: Any) -> None:
    """Spending 10.01 from a lot of 10.00 is refused by the store itself, and nothing of that sale stays."""
    account = shop.holder()
    first = shop.sell(account)
    with pytest.raises(FactRefused):
        shop.sell(account, draws=[Draw(f"{first.id}/1", 1_001)])
    with shop.store.read() as books:
        assert books.lots([f"{first.id}/1"])[f"{first.id}/1"].remaining == 1_000
        assert books.sale("till-1-000002") is None


def test_one_holder_cannot_draw_on_the_lot_of_another(shop: Any) -> None:
    """A posting that names somebody else's lot is refused."""
    theirs = shop.sell(shop.holder())
    mine = shop.holder("2900000000025", "Petra")
    with pytest.raises(FactRefused, match="lot-of-another-holder"):
        shop.sell(mine, draws=[Draw(f"{theirs.id}/1", 100)])


def test_an_entry_of_a_sale_needs_its_bill(shop: Any) -> None:
    """A sale's entry cannot be posted without the sale: the hash covers both."""
    entry = shop.entry("sale", shop.id(), None, [Posting("a", "EUR", 1), Posting("b", "EUR", -1)])
    with pytest.raises(FactRefused, match="entry-without-bill"), shop.store.write() as books:
        books.post("till-1", entry)


def test_an_adjustment_is_an_entry_without_a_bill(shop: Any) -> None:
    """It is found by its id, and corrects the entry that it names."""
    sale = shop.sell()
    entry = shop.entry("adjustment", shop.id(), None, [Posting("a", "EUR", 1), Posting("b", "EUR", -1)])
    with shop.store.write() as books:
        books.post("till-1", entry)
    with shop.store.read() as books:
        assert books.action(entry.id).kind == "adjustment"
        assert books.action(sale.id).kind == "sale"


def test_a_standing_is_stored_and_taken_back(shop: Any) -> None:
    """A tier with its days comes back as it was set; None clears it."""
    account = shop.holder()
    standing = Standing("vip", date(2026, 11, 22), date(2027, 11, 22))
    with shop.store.write() as books:
        books.set_standing(account, standing)
    with shop.store.read() as books:
        assert books.account(account, books.card("2900000000018")).standing == standing
    with shop.store.write() as books:
        books.set_standing(account, None)
    with shop.store.read() as books:
        assert books.account(account, books.card("2900000000018")).standing is None


def test_a_visit_of_an_earlier_day_does_not_turn_the_last_visit_back(shop: Any) -> None:
    """A clock that jumps back counts the visit and keeps the newest day."""
    account = shop.holder()
    with shop.store.write() as books:
        books.visited(account, date(2026, 11, 22))
        books.visited(account, date(2026, 11, 1))
    with shop.store.read() as books:
        known = books.account(account, books.card("2900000000018"))
    assert (known.visits, known.last_visit) == (2, date(2026, 11, 22))


def test_who_takes_goods_back_keeps_the_other_tills_from_that_sale(shop: Any) -> None:
    """Without a card there is no account to lock, and the same goods must not come back at two tills at once."""
    sale = shop.sell()
    order: list[str] = []

    def second() -> None:
        with shop.store.write() as books:
            books.lock_sale(sale.id)
            order.append("second")

    with shop.store.write() as books:
        books.lock_sale(sale.id)
        waiting = threading.Thread(target=second)
        waiting.start()
        time.sleep(0.2)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]
