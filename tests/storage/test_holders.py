"""Cards, accounts, members and finding them, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from pos_loyalty.domain.card import nth_ean13
from pos_loyalty.domain.member import Member
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.engine import Store
from pos_loyalty.storage.faults import FactRefused
from pos_loyalty.storage.records import Card, FoundMember

DAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def enrol(books: Books, account: str, number: str, name: str, **more: Any) -> None:
    """A holder with one card."""
    books.add_account(account, DAY)
    books.add_card(Card(number, account, "named", "active", NOON))
    books.add_member(Member(account, name, joined=DAY, **more), NOON)


def names(store: Store, typed: str, limit: int = 20) -> list[str | None]:
    """Whom a search finds."""
    with store.read() as books:
        return [found.name for found in books.find_members(typed, limit)]


def test_a_card_reads_back_through_its_life(store: Store) -> None:
    """Issued, blocked, replaced by another, registered as a named one."""
    with store.write() as books:
        books.add_account("one", DAY)
        card = Card("2900000000018", "one", "bearer", "active", NOON)
        books.add_card(card)
        assert books.card(card.number) == card
        books.add_card(Card("2900000000025", "one", "bearer", "active", NOON + timedelta(days=1)))
        books.set_card_status(card.number, "blocked")
        books.set_card_status(card.number, "replaced", "2900000000025")
        books.set_card_kind(card.number, "named")
    with store.read() as books:
        assert books.card(card.number) == replace(card, kind="named", status="replaced", replaced_by="2900000000025")
        assert [c.number for c in books.cards_of("one")] == [card.number, "2900000000025"]
        assert books.card("nothing") is None


def test_a_card_number_is_given_out_once(store: Store) -> None:
    """A second card of the same number is refused, and so is one of no account."""
    with store.write() as books:
        books.add_account("one", DAY)
        books.add_card(Card("2900000000018", "one", "bearer", "active", NOON))
    for card in (
        Card("2900000000018", "one", "named", "active", NOON),
        Card("2900000000025", "no", "named", "active", NOON),
    ):
        with pytest.raises(FactRefused), store.write() as books:
            books.add_card(card)


def test_the_highest_card_of_a_range_is_of_that_prefix_and_length(store: Store) -> None:
    """Other prefixes, and longer or shorter numbers that begin alike, are not of the range."""
    with store.write() as books:
        books.add_account("one", DAY)
        for number in (
            nth_ean13("29", 7),
            nth_ean13("29", 41),
            nth_ean13("28", 99),
            nth_ean13("30", 1),
            "29ABC",
            "L12345",
        ):
            books.add_card(Card(number, "one", "bearer", "active", NOON))
        assert books.highest_card("29", 13) == nth_ean13("29", 41)
        assert books.highest_card("27", 13) is None


def test_a_member_reads_back_and_can_be_changed(store: Store) -> None:
    """All that is known of a holder comes back, and a change takes the place of what was there."""
    with store.write() as books:
        books.add_account("friend", DAY)
        books.add_account("ana", date(2020, 2, 29))
        member = Member(
            "ana",
            "Ana Kovač",
            "+387 61 234 567",
            "ana@example.org",
            date(1990, 2, 28),
            "bs",
            date(2020, 2, 29),
            "friend",
        )
        books.add_member(member, NOON)
        assert books.member("ana") == member
        assert books.member("friend") is None
        changed = Member("ana", "Ana Hadžić", joined=date(2020, 2, 29))
        books.update_member(changed)
        assert books.member("ana") == changed
    assert names(store, "hadzic") == ["Ana Hadžić"]
    assert names(store, "kovac") == []
    assert names(store, "4567") == []


def test_an_account_tells_who_holds_it(store: Store) -> None:
    """A named account has its member and the day of joining; a bearer's has none; an unknown one is a fault of the caller."""
    with store.write() as books:
        enrol(books, "ana", "2900000000018", "Ana Kovač")
        books.add_account("nobody", DAY)
        books.add_card(Card("2900000000025", "nobody", "bearer", "active", NOON))
        card, bearer = books.card("2900000000018"), books.card("2900000000025")
        assert card is not None
        assert bearer is not None
        known = books.account("ana", card)
        assert (known.member, known.joined, known.kind) == (Member("ana", "Ana Kovač", joined=DAY), DAY, "named")
        assert (known.standing, known.holdings, known.visits, known.last_visit) == (None, {}, 0, None)
        assert books.account("nobody", bearer).member is None
        with pytest.raises(KeyError):
            books.account("unknown", card)


@pytest.fixture
def crowd(store: Store) -> Store:
    """Holders with names in three alphabets, phones, and one bearer card."""
    people = [
        ("Ana Kovač", "+387 61 234 567"),
        ("Ana Marija Horvat", "061-999-000"),
        ("Anastasia Petrova", None),
        ("Jan van der Ana", None),
        ("Фёдор Ёлкин", "8 (495) 122-45-67"),
        ("أحمد العَلي", None),
        ("Łukasz Żółć", None),
        ("100% Real_Name", None),
    ]
    with store.write() as books:
        for n, (name, phone) in enumerate(people):
            enrol(books, f"account-{n}", nth_ean13("29", n), name, phone=phone)
        books.add_account("bearer", DAY)
        books.add_card(Card(nth_ean13("28", 5), "bearer", "bearer", "blocked", NOON))
    return store


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("kov", ["Ana Kovač"]),
        ("KOVAČ", ["Ana Kovač"]),
        ("ana", ["Ana Kovač", "Ana Marija Horvat", "Jan van der Ana", "Anastasia Petrova"]),
        ("ana k", ["Ana Kovač"]),
        ("k ana", ["Ana Kovač"]),
        ("horvat ana", ["Ana Marija Horvat"]),
        ("ana horvat", ["Ana Marija Horvat"]),
        ("arija", []),
        ("федор", ["Фёдор Ёлкин"]),
        ("ЁЛК", ["Фёдор Ёлкин"]),
        ("احمد", ["أحمد العَلي"]),
        ("zolc luk", ["Łukasz Żółć"]),
        ("4567", ["Фёдор Ёлкин", "Ana Kovač"]),
        ("234567", ["Ana Kovač"]),
        ("1 234 567", ["Ana Kovač"]),
        ("567", []),
        ("999-000", ["Ana Marija Horvat"]),
        ("100% real", ["100% Real_Name"]),
        ("r%l", []),
        ("_", []),
        ("", []),
        ("   ", []),
        ("'; DROP TABLE members; --", []),
    ],
)
def test_a_holder_is_found_by_what_a_cashier_hears(crowd: Store, typed: str, found: list[str]) -> None:
    """The beginning of any word in any order and alphabet, and a phone's last four digits or more."""
    assert names(crowd, typed) == found


def test_a_holder_is_found_by_card_also_a_bearer(crowd: Store) -> None:
    """The whole number or its beginning; a card without a name shows its number and state."""
    with crowd.read() as books:
        assert books.find_members(nth_ean13("28", 5)) == (
            FoundMember("bearer", None, None, nth_ean13("28", 5), "blocked"),
        )
        assert books.find_members("2800000")[0].account == "bearer"
        assert [found.account for found in books.find_members(nth_ean13("29", 1))] == ["account-1"]
        assert len(books.find_members("2900000", limit=3)) == 3


def test_a_search_shows_the_card_that_works(crowd: Store) -> None:
    """Of several cards the newest active one; the newest of all where none is."""
    with crowd.write() as books:
        books.add_card(Card("L000006", "account-0", "named", "active", NOON + timedelta(days=2)))
        assert books.find_members("kovac")[0].card == "L000006"
        books.set_card_status("L000006", "blocked")
        assert books.find_members("kovac")[0].card == nth_ean13("29", 0)
        books.set_card_status(nth_ean13("29", 0), "blocked")
        assert books.find_members("kovac")[0].card == "L000006"


def test_a_search_never_gives_more_than_asked_for(crowd: Store) -> None:
    """A holder two of whose words begin so counts once."""
    with crowd.write() as books:
        for n in range(30):
            enrol(books, f"double-{n:02d}", nth_ean13("29", 100 + n), f"Petar Petrović {n:02d}")
    assert len(names(crowd, "pet", 20)) == 20
    assert len(set(names(crowd, "pet", 100))) == 31


def test_the_quick_search_uses_its_index(sqlite_store: Store) -> None:
    """No search scans the members: its statements look up the words' own index, and the members by their key."""
    from pos_loyalty.storage.search_rows import _with_words

    with sqlite_store.read() as books:
        for others in (0, 2):
            compiled = books._compiled(_with_words(others))
            plan = books.rows(text(f"EXPLAIN QUERY PLAN {compiled.sql.replace('?', '1')}"))
            assert all(row[3].startswith("SEARCH") for row in plan), plan


def test_two_tills_that_come_with_one_new_name_at_once_share_it(postgres_store: Store) -> None:
    """The second waits for the first and finds its row."""
    import threading

    numbers: list[int] = []
    began = threading.Event()

    def other() -> None:
        with postgres_store.write() as books:
            began.set()
            books.lock("till-1")
            numbers.append(books.next_receipt("till-1"))

    with postgres_store.write() as books:
        books.lock("till-1")
        thread = threading.Thread(target=other)
        thread.start()
        began.wait(5)
    thread.join(10)
    assert numbers == [1]
