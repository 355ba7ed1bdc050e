"""Holders taken over from a file, on both kinds of database: cards and balances, every bad row, and the same file once more."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date

import pytest
from shops import PROGRAMME, Clock, Shop

from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till import cards
from pos_loyalty.till.adjusting import adjust, undo
from pos_loyalty.till.card_life import replace
from pos_loyalty.till.consents import consents_of
from pos_loyalty.till.holder_page import entries_of
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register
from pos_loyalty.till.transfer.holders import AT_ONCE, Outcome, Wish, Words, take_in
from pos_loyalty.till.transfer.tables import BadRow

WORDS = Words("Opening balance", "Agreed before")
POINTS = PROGRAMME + '\n[purse.points]\nunit = "points"\n'
FILE = """cards;name;phone;birthday;kind;blocked;replaced;joined;consent;cashback;cashback:expires;cashback:owed;points
2900000000018;Ana Kovač;+359 888 123;31.12.1990;;;;2.1.2020;mailing;12,50 3,00;2026-12-31 never;;100
2900000000025 2900000000032 2900000000049;Борис;;;;2900000000025;2900000000032:2900000000049;;;;;4,00;
2900000000056;;;;bearer;;;;;1,00;;;
;No Card;;;;;;;;;;;7
"""


@pytest.fixture
def shop(store_url: str) -> Iterator[Shop]:
    """An empty shop with a programme, on each kind of database."""
    clock = Clock()
    store = open_store(store_url)
    register = Register(name="till-1", store=store, clock=clock, new_id=lambda: uuid7(clock.now))
    activate(register, POINTS, None, "owner")
    yield Shop(register, clock, store, "")
    store.close()


def taken(shop: Shop, text: str, **more: bool) -> tuple[Outcome, list[tuple[int, str]]]:
    """What came of a file, and its bad rows."""
    bad: list[BadRow] = []
    outcome = take_in(shop.register, io.BytesIO(text.encode()), Wish("anna", WORDS, **more), bad.append)
    return outcome, [(row.line, row.message.template) for row in bad]


def whole(shop: Shop) -> None:
    assert [fault.place for fault in verify_store(shop.store).faults] == []


def test_holders_cards_and_balances(shop: Shop) -> None:
    """Everything that a row says is there; what is held stands in lots of its own, what is owed is owed, all as journal entries."""
    outcome, bad = taken(shop, FILE)
    assert bad == []
    assert (outcome.rows, outcome.taken, outcome.cards) == (4, 4, 5)
    assert (outcome.balances, outcome.owed) == ({"cashback": 1650, "points": 107}, {"cashback": 400})
    ana = cards.show(shop.register, "2900000000018")
    assert ana.member is not None
    assert (ana.member.name, ana.member.phone, ana.member.birthday) == ("Ana Kovač", "+359888123", date(1990, 12, 31))
    assert ana.joined == date(2020, 1, 2)
    assert [(lot.amount, lot.expires) for lot in ana.purses["cashback"].lots] == [
        (1250, date(2026, 12, 31)),
        (300, None),
    ]
    assert ana.purses["points"].balance.available == 100
    assert [stand.given for stand in consents_of(shop.register, ana.account)] == [True, False]
    boris = [cards.show(shop.register, f"29000000000{n}") for n in ("25", "32", "49")]
    assert [card.status for card in boris] == ["blocked", "replaced", "active"]
    assert len({card.account for card in boris}) == 1
    assert boris[0].purses["cashback"].balance.owed == 400
    bearer = cards.show(shop.register, "2900000000056")
    assert (bearer.kind, bearer.member, bearer.purses["cashback"].lots[0].expires) == ("bearer", None, date(2027, 1, 5))
    lines = entries_of(shop.register, ana.account, None, 10)
    assert [(line.kind, line.words) for line in lines] == [("adjustment", "Opening balance")] * 3
    whole(shop)


def test_the_same_file_once_more_takes_nothing_in(shop: Shop) -> None:
    """Rows are known again by their content, whatever happened since; a row that says something else of a card is a bad one."""
    taken(shop, FILE)
    with shop.store.read() as books:
        before = books.how_many("entries")
    shop.sell(5000, "2900000000018")
    replace(shop.register, "2900000000018", "anna")
    again, bad = taken(shop, FILE)
    assert (again.taken, again.there, bad) == (0, 4, [])
    other, bad = taken(shop, FILE.replace("12,50", "99,50"))
    assert (other.taken, other.there) == (0, 3)
    assert [line for line, _ in bad] == [2]
    with shop.store.read() as books:
        assert books.how_many("entries") == before + 1
    whole(shop)


def test_an_import_that_breaks_off_goes_on_where_it_stood(shop: Shop) -> None:
    """What was stored until then is whole; the same file takes in the rest, and nobody twice."""
    text = "name;card;points\n" + "".join(f"Holder {n};NR-{n:05};{n + 1}\n" for n in range(250))

    class BrokenOff(Exception):
        pass

    def told(stage: str, done: int, total: int) -> None:
        assert 0 < done <= total == len(text)
        if stage == "storing":
            raise BrokenOff

    wish = Wish("anna", WORDS)
    with pytest.raises(BrokenOff):
        take_in(shop.register, io.BytesIO(text.encode()), wish, lambda _: None, told)
    with shop.store.read() as books:
        assert books.how_many("accounts") == AT_ONCE
    whole(shop)
    outcome, bad = taken(shop, text)
    assert (outcome.taken, outcome.there, bad) == (250 - AT_ONCE, AT_ONCE, [])
    with shop.store.read() as books:
        assert books.how_many("accounts") == books.how_many("entries") == 250
    whole(shop)


BAD = """name;card;kind;phone;email;birthday;blocked;replaced;consent;points;points:expires;cashback
;;;;;;;;;5;;
Ana;2900000000019;;;;;;;;;;
Ana;2900000000018;bearer;;;;;;;;;
Ana;2900000000018;;12;;;;;;;;
Ana;2900000000018;;;nobody;;;;;;;
Ana;2900000000018;;;;31/12/1990;;;;;;
Ana;2900000000018;;;;;2900000000025;;;;;
Ana;2900000000018;;;;;;2900000000018:2900000000018;;;;
Ana;2900000000018;;;;;;;spying;;;
Ana;2900000000018;;;;;;;;1.5;;
Ana;2900000000018;;;;;;;;-3;;
Ana;2900000000018;;;;;;;;5;2020-01-01;
Ana;2900000000018;;;;;;;;;2027-01-01;
Ana;2900000000018;;;;;;;;;;1.250
Ana;2900000000018;;;;;;;;1 2 3;2027-01-01 2027-01-02;
;2900000000018;;+359888;;;;;;;;
;2900000000018;;;;;;;mailing;;;
Ana;2900000000018;;;;;;;;;;
Bo;2900000000018;;;;;;;;;;
Cy;;;;;;;;;;;
Cy;;;;;;;;;;;
"""


def test_a_dry_run_says_every_bad_row_and_stores_nothing(shop: Shop) -> None:
    """Each with its line; what would be taken in is counted, and without --skip-bad nothing is where one row is bad."""
    outcome, bad = taken(shop, BAD, dry=True)
    assert [line for line, _ in bad] == [*range(2, 19), 20, 22]
    assert len({template for _, template in bad}) == len(bad)
    assert (outcome.rows, outcome.taken, outcome.bad) == (21, 2, 19)
    outcome, _ = taken(shop, BAD)
    assert (outcome.taken, outcome.bad) == (0, 19)
    with shop.store.read() as books:
        assert books.how_many("accounts") == 0
        assert books.how_many("audit") == 1  # the programme's


def test_bad_rows_are_put_aside_as_they_stand(shop: Shop) -> None:
    """The good ones are taken in; the others make a file that needs only to be mended."""
    mend = io.BytesIO()
    text = "имя".encode("cp1251")
    data = b"name;points\n" + text + b";5\n" + text + b";five\nBo;6\n"
    wish = Wish("anna", WORDS, skip_bad=True, mend=mend, encoding="cp1251")
    outcome = take_in(shop.register, io.BytesIO(data), wish, lambda _: None)
    assert (outcome.taken, outcome.bad) == (2, 1)
    assert mend.getvalue() == b"name;points\r\n" + text + b";five\r\n"
    mended = io.BytesIO(mend.getvalue().replace(b"five", b"7"))
    assert take_in(shop.register, mended, wish, lambda _: None).taken == 1


def test_a_card_used_elsewhere_meanwhile_is_said(shop: Shop) -> None:
    """Between checking and storing another till handed the card out: that row is refused, the others are stored."""
    text = "name;card\nAna;2900000000018\nBo;2900000000025\n"
    said: list[int] = []

    def told(stage: str, done: int, total: int) -> None:
        if stage == "checking":
            cards.issue(shop.register, "2900000000018")

    outcome = take_in(
        shop.register, io.BytesIO(text.encode()), Wish("anna", WORDS), lambda row: said.append(row.line), told
    )
    assert (outcome.taken, outcome.bad, said) == (1, 1, [2])
    whole(shop)


@pytest.mark.parametrize("head", ["name;wage", "points", "name;name", ""])
def test_columns_that_cannot_be(shop: Shop, head: str) -> None:
    """An unknown column, neither a name nor a card, one twice, none at all: the file is refused as a whole."""
    with pytest.raises(Refused) as caught:
        taken(shop, f"{head}\n1;2\n")
    assert caught.value.code == "table-invalid"


def test_a_debt_taken_over_is_made_good_and_not_undone(shop: Shop) -> None:
    """Units given to who owes go to the debt first; the opening entry itself is refused to be undone, and says what to do."""
    taken(shop, "card;cashback:owed\n2900000000018;5,00\n")
    account = cards.show(shop.register, "2900000000018").account
    (line,) = entries_of(shop.register, account, None, 10)
    with pytest.raises(Refused) as caught:
        undo(shop.register, line.id, "a mistake", "anna")
    assert caught.value.code == "undo-invalid"
    adjust(shop.register, account, "cashback", 700, "made good", "anna")
    balance = cards.show(shop.register, "2900000000018").purses["cashback"].balance
    assert (balance.available, balance.owed) == (200, 0)
    whole(shop)
