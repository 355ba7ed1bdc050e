"""The list of holders and the page of one, as the till reads them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from shops import ANA, BORIS, Shop

from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.stage import stage_of
from pos_loyalty.till.adjusting import adjust, undo
from pos_loyalty.till.cards import show
from pos_loyalty.till.holder_list import NO_FILTERS, Filters, Look
from pos_loyalty.till.holder_page import bill_of, entries_of, page
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.joining import merge


@pytest.fixture
def pair(shop: Shop) -> Shop:
    """Two holders; Ana has bought twice on one day, and sent Boris."""
    enrol(shop.register, Enrolment("Ana Kovač", card=ANA, birthday=date(1990, 1, 8)))
    enrol(shop.register, Enrolment("Boris Anić", card=BORIS, referred_by=ANA))
    shop.sell(10_000, ANA)
    shop.sell(5_000, ANA)
    return shop


def listed(shop: Shop, filters: Filters = NO_FILTERS, text: str = "", *, backwards: bool = False) -> list[str | None]:
    """The names of a look to its end."""
    look = Look(shop.register, text, filters, None, 50, "cashback", backwards)
    while not look.done:
        look.step()
    return [line.name for line in look.lines]


def test_the_page_has_every_entry_with_its_bill(pair: Shop) -> None:
    """Newest first, a page at a time: the receipt's number, what changed in which purse, and the reason of an adjustment."""
    account = show(pair.register, ANA).account
    done = adjust(pair.register, account, "cashback", 300, "sorry", "anna")
    newest = entries_of(pair.register, account, None, 2)
    assert [(one.kind, bill_of(one), one.words) for one in newest] == [
        ("adjustment", None, "sorry"),
        ("sale", "till-1-000002", None),
    ]
    assert [(change.purse, change.held, change.owed) for change in newest[0].changes] == [("cashback", 300, 0)]
    (oldest,) = entries_of(pair.register, account, newest[-1], 2)
    assert bill_of(oldest) == "till-1-000001"
    undo(pair.register, done.id, "a slip", "anna")
    back, first, *_ = entries_of(pair.register, account, None, 4)
    assert (back.corrects, back.words, first.undone_by) == (done.id, "a slip", back.id)


def test_a_joined_record_brings_its_entries_along(pair: Shop) -> None:
    """The bills of both stand on the page of the one that stays, which moves nothing for the holder."""
    pair.sell(2_000, BORIS)
    ana, boris = show(pair.register, ANA).account, show(pair.register, BORIS).account
    merge(pair.register, ana, boris, "anna")
    entries = entries_of(pair.register, ana, None, 10)
    assert [entry.kind for entry in entries] == ["merge", "sale", "sale", "sale"]
    assert entries[0].changes == ()
    assert page(pair.register, number=BORIS).joined == (boris,)
    assert page(pair.register, number=BORIS) == replace(
        page(pair.register, account=ana), view=show(pair.register, BORIS)
    )
    assert listed(pair) == ["Ana Kovač"]


def test_a_holder_without_a_card_has_a_page(pair: Shop) -> None:
    """Who was enrolled before a card was at hand; an account that is not there is refused."""
    holder = enrol(pair.register, Enrolment("No Card"))
    found = page(pair.register, account=holder.member.account)
    assert (found.cards, found.view.number) == ((), "")
    assert found.view.member == holder.member
    for wrong in ({"account": "nobody"}, {"number": "2900000000056"}):
        with pytest.raises(Refused):
            page(pair.register, **wrong)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(tier="basic"), ["Ana Kovač", "Boris Anić"]),
        (Filters(tier="gold"), []),
        (Filters(stage="visitor"), ["Ana Kovač"]),
        (Filters(stage="prospect"), ["Boris Anić"]),
        (Filters(seen_within=1), ["Ana Kovač"]),
        (Filters(away_for=1), []),
        (Filters(away_for=0, birth_month=1), ["Ana Kovač"]),
        (Filters(birth_month=2), []),
        (Filters(purse="cashback", at_least=1), ["Ana Kovač"]),
        (Filters(purse="cashback", at_least=10_000), []),
        (Filters(club="friends"), []),
    ],
)
def test_filters_keep_who_is_so(pair: Shop, filters: Filters, found: list[str]) -> None:
    """Each filter alone, to both sides, and joined with words."""
    assert listed(pair, filters) == found
    assert listed(pair, filters, backwards=True) == found
    assert listed(pair, filters, "bor") == [name for name in found if name.startswith("Boris")]


def test_a_friend_who_bought_makes_a_supporter(pair: Shop) -> None:
    """Ana sent Boris: once he has bought, she is one."""
    assert listed(pair, Filters(stage="supporter")) == []
    pair.sell(1_000, BORIS)
    assert listed(pair, Filters(stage="supporter")) == ["Ana Kovač"]


def test_who_has_two_words_that_fit_is_listed_once(pair: Shop) -> None:
    """ "an" is the beginning of two names of one holder: one line, whichever way the list is read."""
    enrol(pair.register, Enrolment("Ana Anić Ančić"))
    assert sorted(map(str, listed(pair, text="an"))) == ["Ana Anić Ančić", "Ana Kovač", "Boris Anić"]
    assert listed(pair, text="an", backwards=True) == listed(pair, text="an")


@pytest.mark.parametrize(
    ("days", "today", "sent", "stage"),
    [
        ([], 1, True, "prospect"),
        ([1], 9, False, "visitor"),
        ([1], 9, True, "supporter"),
        ([1, 2], 9, False, "buyer"),
        ([1, 5, 9], 23, False, "client"),
        ([1, 5, 9], 24, False, "buyer"),
    ],
)
def test_stages_follow_from_ones_own_visits(days: list[int], today: int, sent: bool, stage: str) -> None:
    """A client is away no longer than twice the usual gap, which is a week at least."""
    found = stage_of([date(2026, 1, day) for day in days], date(2026, 1, today), sent_a_buyer=sent)
    assert found == stage
