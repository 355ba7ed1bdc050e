"""Lists to act on, on both databases: who is on them, in which order, and that nobody is read whom a page does not show."""

from __future__ import annotations

from datetime import date

import pytest
from shops import PROGRAMME, Clock, Shop

from pos_loyalty.domain.consent import purpose_of
from pos_loyalty.reports import LISTS, acting, listed
from pos_loyalty.reports.acting import rows_of
from pos_loyalty.storage import list_rows
from pos_loyalty.storage.engine import Store
from pos_loyalty.storage.statements import Compiled
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till.cards import issue, show
from pos_loyalty.till.consents import give_consent, take_back_consent
from pos_loyalty.till.erasing import erase
from pos_loyalty.till.held import export_held
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.recognition import close_complaint, take_complaint
from pos_loyalty.till.register import Register


@pytest.fixture
def corner(store: Store) -> Shop:
    """A register with the example programme, on SQLite and on PostgreSQL."""
    clock = Clock()
    register = Register("till-1", store, clock, lambda: uuid7(clock.now))
    activate(register, PROGRAMME, None, "owner")
    return Shop(register, clock, store, "")


def someone(shop: Shop, name: str, born: date | None = None) -> tuple[str, str]:
    """A new holder: account and card."""
    (card,) = issue(shop.register)
    return enrol(shop.register, Enrolment(name, card=card, birthday=born)).member.account, card


def on(shop: Shop, name: str, number: int | None = None) -> list[tuple[object, ...]]:
    """The rows of a list today: short name and the list's own cells."""
    one = listed(name)
    with shop.store.read() as books:
        return [
            (books.person(found.account).name, *found.cells)
            for found in rows_of(books, one, one.ask(today(shop), number))
        ]


def today(shop: Shop) -> date:
    return shop.clock.now.date()


@pytest.fixture(params=[1, 2, 500])
def paged(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a page is, a list is the same."""
    monkeypatch.setattr(acting, "PAGE", request.param)


def test_birthdays_of_the_coming_days(corner: Shop, paged: None) -> None:
    """Of this week in the order of the days, over the turn of a month; 29 February is on the 28th where there is none."""
    for name, born in (
        ("Late", date(1990, 3, 5)),
        ("Leap", date(1992, 2, 29)),
        ("Same", date(1970, 2, 28)),
        ("Old", date(1931, 3, 3)),
        ("Past", date(1990, 2, 25)),
    ):
        someone(corner, name, born)
    someone(corner, "Nobody knows")
    corner.clock.now = corner.clock.now.replace(month=2, day=26)
    first, second, *rest = on(corner, "birthdays")
    assert {first, second} == {("Leap", date(2026, 2, 28), 34), ("Same", date(2026, 2, 28), 56)}
    assert rest == [("Old", date(2026, 3, 3), 95)]
    assert [row[0] for row in on(corner, "birthdays", 8)][2:] == ["Old", "Late"]
    assert sorted(row[0] for row in on(corner, "birthdays", 3_660)) == ["Late", "Leap", "Old", "Past", "Same"]
    corner.clock.now = corner.clock.now.replace(year=2028, day=29)
    assert [row[:2] for row in on(corner, "birthdays", 1)] == [("Leap", date(2028, 2, 29))]


def test_who_stays_away(corner: Shop, paged: None) -> None:
    """From so many days on, the latest first; who never came is on no such list."""
    someone(corner, "Never")
    for name, days in (("First", 10), ("Second", 10), ("Third", 30), ("Again", 0)):
        _, card = someone(corner, name)
        corner.sell(1_000, card)
        corner.sell(1_000, card)
        corner.clock.forward(days=days)
    assert [(name, days, visits) for name, _, days, visits in on(corner, "absent", 40)] == [
        ("Second", 40, 2),
        ("First", 50, 2),
    ]
    assert [row[0] for row in on(corner, "absent", 30)] == ["Third", "Second", "First"]
    assert [row[0] for row in on(corner, "absent", 0)] == ["Again", "Third", "Second", "First"]


def test_what_runs_out(corner: Shop, paged: None) -> None:
    """By last day and holder, in the units of its purse; what runs out later or is spent is not on it."""
    _, one = someone(corner, "One")
    _, two = someone(corner, "Two")
    corner.sell(10_000, one)
    corner.sell(30_000, one)
    corner.sell(20_000, two)
    corner.clock.forward(days=3)
    corner.sell(20_000, two)
    with corner.store.read() as books:
        account = books.card(two)
        assert account is not None
        last = max(lot.expires for lots in books.open_lots(account.account).values() for lot in lots if lot.expires)
    corner.clock.now = corner.clock.now.replace(year=2027)
    days = (last - today(corner)).days
    rows = on(corner, "expiring", days)
    assert sorted(rows) == [("One", "cashback", 380, rows[0][3]), ("Two", "cashback", 190, rows[0][3])]
    assert sorted(row[0] for row in on(corner, "expiring", days + 1)) == ["One", "Two", "Two"]
    assert on(corner, "expiring", days + 1)[-1] == ("Two", "cashback", 190, last)


def test_who_is_close_to_a_tier(corner: Shop) -> None:
    """What their own card says that is missing, the least first, and no more than were asked for."""
    cards = {}
    for name, spent in (("A", 49_000), ("B", 10_000), ("C", 52_000), ("D", 300_000), ("E", 5_000)):
        _, cards[name] = someone(corner, name)
        corner.sell(spent, cards[name])
    someone(corner, "Nothing spent")
    rows = on(corner, "near-tier")
    views = {name: show(corner.register, card).tier for name, card in cards.items()}
    wanted = sorted(
        (view.next.missing, name, view.name, view.next.tier.name)
        for name, view in views.items()
        if view is not None and view.next is not None
    )
    assert [(missing, name, tier, up) for name, tier, up, missing in rows] == wanted
    assert len(wanted) == 4
    assert on(corner, "near-tier", 2) == rows[:2]
    corner.clock.forward(days=800)
    assert on(corner, "near-tier") == []


def test_open_complaints_and_who_answers_first(corner: Shop) -> None:
    """Overdue before promised before unpromised; a closed one is on no list."""
    account, _ = someone(corner, "Ana")
    register = corner.register
    take_complaint(register, account, "no promise", "anna")
    take_complaint(register, account, "later", "anna", promised=date(2026, 2, 1))
    take_complaint(register, account, "soon", "anna", promised=date(2026, 1, 6))
    done = take_complaint(register, account, "done", "anna", promised=date(2026, 1, 6))
    close_complaint(register, done.id, "sorry", "anna")
    corner.clock.forward(days=3)
    assert [(promised, overdue, words) for _, promised, overdue, _, words in on(corner, "complaints")] == [
        (date(2026, 1, 6), 2, "soon"),
        (date(2026, 2, 1), None, "later"),
        (None, None, "no promise"),
    ]


def test_who_may_be_written_to_is_what_they_said_last(corner: Shop) -> None:
    """Never asked, given, taken back; and an erased holder is nobody any more, on both databases, with the store whole."""
    account, card = someone(corner, "Ana", date(1990, 1, 6))
    corner.sell(5_000, card)
    wording = purpose_of("mailing").wording

    def may_write() -> bool:
        with corner.store.read() as books:
            return books.person(account).may_write

    assert not may_write()
    give_consent(corner.register, account, "mailing", wording, "anna")
    assert may_write()
    give_consent(corner.register, account, "profile", wording, "anna")
    take_back_consent(corner.register, account, "mailing", wording, "anna")
    assert not may_write()
    pieces: list[str] = []
    assert export_held(corner.register, card, "owner", pieces.append) > 10
    assert erase(corner.register, card, "owner").written_off == {"cashback": 47}
    assert on(corner, "birthdays") == []
    with corner.store.read() as books:
        person = books.person(account)
        assert (person.name, person.may_write) == (None, False)
        assert books.member(account) is None
    assert [fault.what.template for fault in verify_store(corner.store).faults] == []


def test_every_list_is_named_and_has_words() -> None:
    """Each by its name, with a title and a meaning for each column, and only words are kept in."""
    for name in LISTS:
        one = listed(name)
        assert one.name == name
        assert all(column.title and column.meaning for column in one.columns)
        assert set(one.kept_in) <= {"words"}


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("_BORN", "ix_members_birthday"),
        ("_ABSENT", "ix_accounts_last_visit"),
        ("_EXPIRING", "ix_lots_expires"),
        ("_OPEN", "ix_complaints_open"),
    ],
)
def test_a_list_is_found_by_an_index(sqlite_store: Store, statement: str, index: str) -> None:
    """SQLite's own plan: no list reads all holders, lots or complaints for a page."""
    query: Compiled = sqlite_store._compiled(getattr(list_rows, statement))
    with sqlite_store.read() as books:
        books._cursor.execute(f"EXPLAIN QUERY PLAN {query.sql}", (None,) * query.sql.count("?"))
        plan = "\n".join(str(row[-1]) for row in books._cursor.fetchall())
    assert index in plan, plan


def test_a_bearer_has_a_card_and_no_name(corner: Shop) -> None:
    """A bearer's row has a card and no name."""
    (card,) = issue(corner.register, kind="bearer")
    corner.sell(1_000, card)
    corner.clock.forward(days=100)
    one = listed("absent")
    with corner.store.read() as books:
        (found,) = rows_of(books, one, one.ask(today(corner)))
        person = books.person(found.account)
    assert (person.name, person.card, person.may_write) == (None, card, False)
