"""What a holder is recognised by, at a register on a real store: favourites, notes, complaints, who sent them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any

import pytest
from shops import ANA, BORIS, Shop

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.money import MILLION
from pos_loyalty.storage.engine import Store
from pos_loyalty.storage.records import CatalogueItem, Complaint, Note
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.cards import CardView
from pos_loyalty.till.checkout import Closed, sell
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.recognition import Favourite, close_complaint, forget_words, take_complaint, write_note
from pos_loyalty.till.returns import RefundOrder, refund
from pos_loyalty.till.showing import opened


@pytest.fixture
def ana(shop: Shop) -> CardView:
    """A shop where Ana has a card."""
    enrol(shop.register, Enrolment("Ana Kovač", card=ANA))
    return opened(shop.register, ANA)


def bill(shop: Shop, *skus: str, card: str = ANA) -> Closed:
    """A bill of one piece each, at 2.00."""
    departments = {"CIGARETTES": "tobacco"}
    lines = tuple(LineItem(sku.title(), 200, sku=sku, department=departments.get(sku, "food")) for sku in skus)
    return sell(shop.register, Bill(shop.register.new_id(), lines, card).order("anna"))


def favourites(shop: Shop) -> list[tuple[str, int]]:
    """What Ana's card says that she likes."""
    return [(one.name, one.times) for one in opened(shop.register, ANA).known.favourites]


def test_favourites_are_the_three_goods_kept_most_often(shop: Shop, ana: CardView) -> None:
    """Counted by sales and not by pieces, the later bought first on a tie; what was bought once is no favourite."""
    for skus in (("TEA", "RICE", "SALT"), ("TEA", "RICE", "OIL"), ("TEA", "SALT", "SOAP"), ("OIL",)):
        bill(shop, *skus)
        shop.clock.forward(days=1)
    assert favourites(shop) == [("Tea", 3), ("Oil", 2), ("Salt", 2)]


def test_a_favourite_is_called_as_the_catalogue_calls_it_now(shop: Shop, ana: CardView) -> None:
    """The catalogue's name, and that of the last bill for goods that it does not have."""
    bill(shop, "TEA", "RICE")
    bill(shop, "TEA", "RICE")
    with shop.store.write() as books:
        books.put_items([CatalogueItem("TEA", "Green tea 20 bags", "food", 2 * MILLION)])
    assert {name for name, _ in favourites(shop)} == {"Green tea 20 bags", "Rice"}


def test_what_came_back_or_is_only_paid_for_is_no_favourite(shop: Shop, ana: CardView) -> None:
    """Goods that were given back were not kept; cigarettes are excluded from the programme."""
    bill(shop, "TEA", "CIGARETTES")
    back = bill(shop, "TEA", "CIGARETTES")
    assert favourites(shop) == [("Tea", 2)]
    refund(shop.register, RefundOrder(back.sale.id, operator="anna"))
    assert favourites(shop) == []


def test_favourites_are_of_the_last_year(shop: Shop, ana: CardView) -> None:
    """A sale counts until the day before its date comes round again."""
    bill(shop, "TEA")
    bill(shop, "TEA")
    shop.clock.now = datetime(2027, 1, 4, 10, 0, tzinfo=UTC)
    assert favourites(shop) == [("Tea", 2)]
    shop.clock.forward(days=1)
    assert favourites(shop) == []


def test_a_note_is_written_changed_and_taken_away(shop: Shop, ana: CardView) -> None:
    """One note a holder, on one line, with its day and who wrote it; an empty one takes it away."""
    assert ana.known.note is None
    write_note(shop.register, ana.account, "  likes her coffee\n black ", "anna")
    assert opened(shop.register, ANA).known.note == Note("likes her coffee black", shop.clock.now, "anna")
    shop.clock.forward(days=1)
    write_note(shop.register, ana.account, "moved away", "boris")
    assert opened(shop.register, ANA).known.note == Note("moved away", shop.clock.now, "boris")
    assert write_note(shop.register, ana.account, " ", "boris") is None
    assert opened(shop.register, ANA).known.note is None


def test_a_complaint_is_open_until_it_is_closed(shop: Shop, ana: CardView) -> None:
    """The oldest first, with wish and promised day; closed once, by whom and how, it is not shown any more."""
    first = take_complaint(shop.register, ana.account, "The mug leaks", "anna", "another one", date(2026, 1, 12))
    assert first == Complaint(
        first.id, ana.account, shop.clock.now, "anna", "The mug leaks", "another one", date(2026, 1, 12)
    )
    shop.clock.forward(minutes=1)
    second = take_complaint(shop.register, ana.account, "Waited too long", "anna")
    assert opened(shop.register, ANA).known.complaints == (first, second)
    shop.clock.forward(days=1)
    closed = close_complaint(shop.register, first.id, "given another mug", "boris")
    assert (closed.closed_at, closed.closed_by, closed.solution) == (shop.clock.now, "boris", "given another mug")
    assert opened(shop.register, ANA).known.complaints == (second,)
    with pytest.raises(Refused) as again:
        close_complaint(shop.register, first.id, "twice", "anna")
    assert again.value.code == "complaint-closed"


@pytest.mark.parametrize(
    ("do", "code"),
    [
        (lambda register, account: write_note(register, account, "x" * 501, "anna"), "words-invalid"),
        (lambda register, account: write_note(register, account, "\x1b[2J", "anna"), "words-invalid"),
        (lambda register, account: take_complaint(register, account, " ", "anna"), "words-invalid"),
        (
            lambda register, account: take_complaint(register, account, "late", "anna", promised=date(2026, 1, 4)),
            "words-invalid",
        ),
        (lambda register, account: close_complaint(register, "nothing", " ", "anna"), "words-invalid"),
        (lambda register, account: close_complaint(register, "nothing", "done", "anna"), "complaint-unknown"),
    ],
)
def test_words_that_say_nothing_are_refused(shop: Shop, ana: CardView, do: Any, code: str) -> None:
    """Too long, empty, not to be shown, promised for yesterday, of no complaint: refused, and nothing is stored."""
    with pytest.raises(Refused) as refused:
        do(shop.register, ana.account)
    assert refused.value.code == code
    assert opened(shop.register, ANA).known == ana.known


def test_who_sent_a_holder_is_shown_by_a_short_name(shop: Shop, ana: CardView) -> None:
    """Boris was sent by Ana Kovač: "Ana K."; nobody sent Ana."""
    enrol(shop.register, Enrolment("Boris Petrov", card=BORIS, referred_by=ANA))
    assert (ana.known.sent_by, opened(shop.register, BORIS).known.sent_by) == (None, "Ana K.")


def test_all_words_about_a_holder_can_be_taken_away(shop: Shop, ana: CardView) -> None:
    """Notes go with the holder, and so does what complaints say: that there were two stays, closed. Another holder's words stay."""
    enrol(shop.register, Enrolment("Boris", card=BORIS))
    boris = opened(shop.register, BORIS).account
    for account in (ana.account, boris):
        write_note(shop.register, account, "a note", "anna")
        close_complaint(shop.register, take_complaint(shop.register, account, "one", "anna").id, "done", "anna")
        take_complaint(shop.register, account, "two", "anna")
    with shop.store.write() as books:
        forget_words(books, ana.account, shop.clock(), "owner")
    assert shop.store_values("SELECT account_id FROM notes") == [boris]
    said = "SELECT account_id || ':' || text || coalesce(solution, '-') FROM complaints"
    assert set(shop.store_values(said)) == {f"{ana.account}:", f"{boris}:onedone", f"{boris}:two-"}
    found = verify_store(shop.store)
    assert (found.faults, found.checked["notes"], found.checked["complaints"]) == ((), 1, 4)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("UPDATE notes SET at = 'soon'", "note"),
        ("UPDATE notes SET account_id = 'nobody'", "note"),
        ("UPDATE complaints SET account_id = 'nobody'", "complaint"),
        ("UPDATE complaints SET opened_at = ''", "complaint"),
        ("UPDATE complaints SET promised = 'in May'", "complaint"),
    ],
)
def test_words_changed_past_the_program_are_found(shop: Shop, ana: CardView, change: str, place: str) -> None:
    """Whose a note or complaint is, and when it was: what cannot be is a fault of the store."""
    write_note(shop.register, ana.account, "a note", "anna")
    take_complaint(shop.register, ana.account, "one", "anna", promised=date(2026, 1, 5))
    assert verify_store(shop.store).faults == ()
    with closing(sqlite3.connect(shop.path)) as db:
        assert db.execute(change).rowcount == 1
        db.commit()
    assert place in {fault.place.split()[0] for fault in verify_store(shop.store).faults}


def test_the_words_are_kept_alike_on_both_databases(store: Store) -> None:
    """A note and a complaint are read back as they were written, changed and closed, on SQLite and on PostgreSQL."""
    now = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
    account, one = "0190a000-0000-7000-8000-000000000001", "0190a000-0000-7000-8000-000000000002"
    with store.write() as books:
        books.add_account(account, now.date())
        books.set_note(account, Note("first", now, "anna"))
        books.set_note(account, Note("second", now, "anna"))
        books.add_complaint(Complaint(one, account, now, "anna", "late", None, date(2026, 2, 1)))
    with store.write() as books:
        assert books.note(account) == Note("second", now, "anna")
        (complaint,) = books.open_complaints(account)
        assert books.complaint(one) == complaint == Complaint(one, account, now, "anna", "late", None, date(2026, 2, 1))
        books.close_complaint(one, now, "boris", "said sorry")
    with store.write() as books:
        assert books.open_complaints(account) == ()
        assert books.most_kept(account, now.date(), now.date(), 1) == []
        forget_words(books, account, now, "owner")
    with store.write() as books:
        assert books.note(account) is None
        left = books.complaint(one)
        assert left is not None
        assert (left.text, left.wish, left.solution, left.closed_by) == ("", None, "", "boris")


def test_a_favourite_names_its_goods(shop: Shop, ana: CardView) -> None:
    """SKU, name and on how many sales."""
    bill(shop, "TEA")
    bill(shop, "TEA", "TEA")
    assert opened(shop.register, ANA).known.favourites == (Favourite("TEA", "Tea", 2),)
