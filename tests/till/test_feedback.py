"""What customers say of a bill, and the complaints of all holders, on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from shops import ANA, PROGRAMME, Clock, Shop

from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.engine import Store
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till.feedback import (
    Said,
    closed_complaints,
    feedback_on,
    give_feedback,
    holder_of,
    is_overdue,
    open_complaints,
)
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.late_card import LateOrder, add_card
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.recognition import close_complaint, forget_words, take_complaint
from pos_loyalty.till.register import Register


@pytest.fixture
def shop(store: Store) -> Shop:
    """A shop with Ana's card, where a card may come late."""
    clock = Clock()
    register = Register("till-1", store, clock, lambda: uuid7(clock.now))
    activate(register, PROGRAMME + '\n[guard]\nlate_card = "10 minutes"\n', None, "owner")
    enrol(register, Enrolment("Ana Kovač", card=ANA))
    return Shop(register, clock, store, "")


def account_of(shop: Shop) -> str:
    with shop.store.read() as books:
        card = books.card(ANA)
    assert card is not None
    return card.account


def test_both_figures_and_words_are_one_feedback(shop: Shop) -> None:
    """Each is put beside the others, and in the place of what was said before; empty words take the words away."""
    sale = shop.sell(1_000, ANA).sale
    give_feedback(shop.register, sale.receipt_number, Said(satisfaction=5), "anna")
    give_feedback(shop.register, sale.id, Said(recommendation=0), "anna")
    give_feedback(shop.register, sale.id, Said(words="  a  long queue "), "anna")
    given = give_feedback(shop.register, sale.id, Said(satisfaction=2), "boris")
    assert given == feedback_on(shop.register, sale.id)
    assert (given.satisfaction, given.recommendation, given.text, given.operator) == (2, 0, "a long queue", "boris")
    assert (given.account, given.day) == (account_of(shop), date(2026, 1, 5))
    assert give_feedback(shop.register, sale.id, Said(words=""), "anna").text is None
    assert verify_store(shop.store).faults == ()


def test_without_a_card_it_is_kept_with_the_sale(shop: Shop) -> None:
    """Nobody's, until a card comes late; then what is said is that holder's."""
    sale = shop.sell(1_000).sale
    assert give_feedback(shop.register, sale.id, Said(satisfaction=4), "anna").account is None
    assert holder_of(shop.register, sale.id) is None
    add_card(shop.register, LateOrder(sale.id, ANA, "anna"))
    assert holder_of(shop.register, sale.id) == account_of(shop)
    assert give_feedback(shop.register, sale.id, Said(recommendation=10), "anna").account == account_of(shop)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Said(satisfaction=0), "feedback-invalid"),
        (Said(satisfaction=6), "feedback-invalid"),
        (Said(recommendation=11), "feedback-invalid"),
        (Said(recommendation=-1), "feedback-invalid"),
        (Said(words="x" * 1_001), "words-invalid"),
    ],
)
def test_what_is_no_feedback_is_refused(shop: Shop, said: Said, code: str) -> None:
    """Figures outside of their scale, and words that are too long; nothing is kept."""
    sale = shop.sell(1_000).sale
    with pytest.raises(Refused) as refused:
        give_feedback(shop.register, sale.id, said, "anna")
    assert refused.value.code == code
    assert feedback_on(shop.register, sale.id) is None
    with pytest.raises(Refused) as refused:
        give_feedback(shop.register, "till-1-000009", Said(satisfaction=1), "anna")
    assert refused.value.code == "sale-unknown"


def test_erasing_a_holder_keeps_the_figure_and_nothing_else(shop: Shop) -> None:
    """That somebody was content stays, as nobody's and without words."""
    sale = shop.sell(1_000, ANA).sale
    give_feedback(shop.register, sale.id, Said(4, 9, "ask for Ana"), "anna")
    with shop.store.write() as books:
        forget_words(books, account_of(shop), shop.clock.now, "anna")
    left = feedback_on(shop.register, sale.id)
    assert left is not None
    assert (left.account, left.text, left.satisfaction, left.recommendation) == (None, None, 4, 9)


def test_complaints_are_listed_overdue_first_and_closed_ones_last_first(shop: Shop) -> None:
    """By the day that was promised, those without one last; closed ones page on from where the list before ended."""
    account, register = account_of(shop), shop.register
    take_complaint(register, account, "no day", "anna")
    later = take_complaint(register, account, "later", "anna", promised=date(2026, 1, 20))
    soon = take_complaint(register, account, "soon", "anna", "a mug", date(2026, 1, 6))
    shop.clock.forward(days=3)
    found = open_complaints(register)
    assert [held.complaint.text for held in found] == ["soon", "later", "no day"]
    assert [is_overdue(held, date(2026, 1, 8)) for held in found] == [True, False, False]
    assert {held.holder for held in found} == {"Ana Kovač"}
    close_complaint(register, later.id, "said sorry", "boris")
    shop.clock.forward(minutes=1)
    close_complaint(register, soon.id, "gave a mug", "boris")
    closed = closed_complaints(register)
    assert [held.complaint.solution for held in closed] == ["gave a mug", "said sorry"]
    last = closed[0].complaint
    assert last.closed_at is not None
    assert [held.complaint.solution for held in closed_complaints(register, (last.closed_at, last.id))] == [
        "said sorry"
    ]
    assert [held.complaint.text for held in open_complaints(register)] == ["no day"]


def test_the_lists_go_by_an_index(sqlite_store: Store) -> None:
    """Open and closed complaints are found without reading all that there ever were."""
    asked: list[str] = []
    with sqlite_store.read() as books:
        connection = books._cursor.connection  # type: ignore[attr-defined]
        connection.set_trace_callback(asked.append)
        books.all_open_complaints(10)
        books.closed_complaints(None, 10)
        plans = [
            row[-1] for one in asked if "complaints" in one for row in connection.execute(f"EXPLAIN QUERY PLAN {one}")
        ]
    for index in ("ix_complaints_open", "ix_complaints_closed_at"):
        assert sum(f"USING INDEX {index}" in plan for plan in plans) == 1
