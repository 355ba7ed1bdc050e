"""Finding holders by two words, e-mail and in the other alphabet, page by page to both sides, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import create_engine, delete, insert, select

from migrations.found_by_0003 import add_words
from pos_loyalty.domain.card import nth_ean13
from pos_loyalty.domain.member import Member
from pos_loyalty.storage.engine import Store
from pos_loyalty.storage.records import Card
from pos_loyalty.storage.search_rows import Candidate, Place
from pos_loyalty.storage.search_words import EVERYBODY, paired, ranges_of, words_of
from pos_loyalty.storage.spelling import settled, spellings
from pos_loyalty.storage.tables import member_words, members

DAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PEOPLE = (
    ("Ana Kovač", "ana.k@example.org"),
    ("Ana Marija Horvat", "Horvat@Example.com"),
    ("Иван Петров", None),
    ("Ivan Petrović", None),
    ("АННА Стоянова", None),
    ("Aнка Йорданова", None),  # the first A is a Latin one
    ("Щерион Жеков", None),
    ("أحمد العلي", None),
    ("Jo Van Der Smith Anders", None),
)


@pytest.fixture
def crowd(store: Store) -> Store:
    """Holders with names in three alphabets."""
    with store.write() as books:
        for n, (name, email) in enumerate(PEOPLE):
            books.add_account(f"account-{n}", DAY)
            books.add_card(Card(nth_ean13("29", n), f"account-{n}", "named", "active", NOON))
            books.add_member(Member(f"account-{n}", name, None, email, joined=DAY), NOON)
    return store


def names(store: Store, typed: str) -> set[str | None]:
    """Whom a search finds."""
    with store.read() as books:
        return {found.name for found in books.find_members(typed)}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("an k", {"Ana Kovač"}),
        ("k an", {"Ana Kovač"}),
        ("marija h", {"Ana Marija Horvat"}),
        ("a m h", {"Ana Marija Horvat"}),
        ("ana x", set()),
        ("smith v", {"Jo Van Der Smith Anders"}),
        ("jo der anders smith", {"Jo Van Der Smith Anders"}),
        ("jo der anders smythe", set()),
        ("ana.k@", {"Ana Kovač"}),
        ("HORVAT@example", {"Ana Marija Horvat"}),
        ("example.com", set()),
        ("ivan p", {"Ivan Petrović", "Иван Петров"}),
        ("иван п", {"Ivan Petrović", "Иван Петров"}),
        ("shterion", {"Щерион Жеков"}),
        ("zhekov", {"Щерион Жеков"}),
        ("AHHA", {"АННА Стоянова"}),
        ("анка", {"Aнка Йорданова"}),
        ("احمد ال", {"أحمد العلي"}),
    ],
)
def test_what_is_typed_finds(crowd: Store, typed: str, found: set[str]) -> None:
    """Two words in any order and cut short, an e-mail's beginning, other alphabets by sound and by shape; nothing else."""
    assert names(crowd, typed) == found


def test_both_spellings_of_a_pair_find_the_same(crowd: Store) -> None:
    """Folded pairs and alphabets give equal hits."""
    for one, other in (("Ivan", "Иван"), ("IVAN PETR", "иван петр"), ("أحمد", "احمد"), ("KOVAČ", "kovac")):
        assert names(crowd, one) == names(crowd, other) != set()


def test_the_words_of_a_holder() -> None:
    """Words, pairs letter by letter in turn, the phone backwards, the e-mail: sorted, each once."""
    assert words_of("Ana Ko", "+387 61", "A@b.org") == ("#16783", "&aknoa", "@a@b.org", "ana", "ko")
    assert paired("jo", "smith") == "&jsom i t h"
    assert settled("aнна") == "анна"
    assert settled("ana") == "ana"
    assert spellings("احمد") == ("احمد",)


def walked(store: Store, most: int, *, backwards: bool) -> list[Candidate]:
    """Everybody, page by page."""
    found: list[Candidate] = []
    place: Place | None = None
    with store.read() as books:
        while page := books.candidates(EVERYBODY, place, most, backwards=backwards):
            found += page
            place = Place(0, page[-1].key, page[-1].account)
    return found


def test_pages_of_any_size_bring_everybody_once_to_both_sides(crowd: Store) -> None:
    """The list forwards is the list backwards turned round, whatever a page holds, in the order of the folded names."""
    forwards = walked(crowd, 2, backwards=False)
    assert len(forwards) == len(PEOPLE)
    assert [one.key for one in forwards] == sorted(one.key for one in forwards)
    assert walked(crowd, 4, backwards=True) == forwards[::-1]


def test_sifted_pages_say_where_they_end(crowd: Store) -> None:
    """The database's sieves look at so many holders and no more, and go on from where that was."""
    with crowd.write() as books:
        books.visited("account-2", DAY)
    with crowd.read() as books:
        place: Place | None = Place(0, "", "")
        found, steps = [], 0
        while place is not None:
            page, place = books.sifted(EVERYBODY, place, {"visits": 1}, 3)
            found += [one.name for one in page]
            steps += 1
        assert found == ["Иван Петров"]
        assert steps == len(PEOPLE) // 4 + 1
        _, range_, *_ = ranges_of("ivan")
        page, end = books.sifted(range_, Place(0, range_.first, ""), {"never": 0}, 50)
        assert ([one.name for one in page], end) == (["Ivan Petrović"], None)


def test_a_store_from_before_is_found_by_the_same(crowd: Store) -> None:
    """The migration adds to the words of an older store exactly what a new one writes."""
    engine = create_engine(
        crowd.where.replace("postgresql://", "postgresql+psycopg://")
        if "://" in crowd.where
        else f"sqlite:///{crowd.where}"
    )
    try:
        with engine.begin() as connection:
            before = connection.execute(select(member_words).order_by(*member_words.c)).all()
            connection.execute(delete(member_words))
            old = [
                {"word": word, "account_id": account}
                for account, folded in connection.execute(select(members.c.account_id, members.c.folded)).all()
                for word in folded.split()
            ]
            connection.execute(insert(member_words), old)
            add_words(connection)
            assert connection.execute(select(member_words).order_by(*member_words.c)).all() == before
    finally:
        engine.dispose()
