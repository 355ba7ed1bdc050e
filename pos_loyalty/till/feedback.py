"""What a customer says of a bill in two keys, with a card or without one; and the complaints of all holders.

A bill has one feedback at most: what is said later of the same bill is put beside, or in the place of, what was said before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.records import Feedback, HeldComplaint
from pos_loyalty.till.audit import note
from pos_loyalty.till.programmes import in_force
from pos_loyalty.till.recognition import MAX_COMPLAINT, tidied
from pos_loyalty.till.register import Register

SATISFACTION = range(1, 6)
RECOMMENDATION = range(11)
MOST_OPEN = 500
"""Open complaints in a list: a shop with more has no use for the rest before these are settled."""
PAGE = 50
"""Closed complaints in a list at a time."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a bill; what is None leaves what was said before. Empty words take them away."""

    satisfaction: int | None = None
    recommendation: int | None = None
    words: str | None = None


def give_feedback(register: Register, sale: str, said: Said, operator: str) -> Feedback:
    """Keep what the customer of a bill (its id or receipt number) says.

    Refused with sale-unknown, feedback-invalid, and words-invalid.
    """
    if said.satisfaction is not None and said.satisfaction not in SATISFACTION:
        raise Refused("feedback-invalid", Message(N_("How content they were is a figure from 1 to 5.")))
    if said.recommendation is not None and said.recommendation not in RECOMMENDATION:
        raise Refused(
            "feedback-invalid", Message(N_("Whether they would recommend the shop is a figure from 0 to 10."))
        )
    words = None if said.words is None else tidied(said.words, MAX_COMPLAINT)
    now = register.clock()
    with register.store.write() as books:
        found = books.sale(sale)
        if found is None:
            raise Refused(
                "sale-unknown",
                Message(N_("There is no receipt {number} here: look at its number, or scan its barcode."), number=sale),
            )
        bill = books.corrected(found[0])
        books.lock_sale(bill.id)
        before = books.feedback(bill.id)
        day = in_force(books, now).programme.business_day(now)
        kept = before or Feedback(bill.id, bill.account, now, day, operator)
        kept = replace(
            kept,
            account=bill.account,
            operator=operator,
            satisfaction=kept.satisfaction if said.satisfaction is None else said.satisfaction,
            recommendation=kept.recommendation if said.recommendation is None else said.recommendation,
            text=kept.text if words is None else (words or None),
        )
        if before is None:
            books.add_feedback(kept)
        else:
            books.change_feedback(kept)
        note(books, register, operator, "feedback", account=bill.account, subject=bill.receipt_number)
    return kept


def feedback_on(register: Register, sale: str) -> Feedback | None:
    """What was said of a bill, by its id."""
    with register.store.read() as books:
        return books.feedback(sale)


def holder_of(register: Register, sale: str) -> str | None:
    """The account whose a bill is in the end: a card may have been added to it late."""
    with register.store.read() as books:
        return _holder(books, sale)


def _holder(books: Books, sale: str) -> str | None:
    found = books.sale(sale)
    return None if found is None else books.corrected(found[0]).account


def open_complaints(register: Register) -> tuple[HeldComplaint, ...]:
    """The open complaints of all holders: overdue ones first, then by the day that was promised, then the others."""
    with register.store.read() as books:
        return books.all_open_complaints(MOST_OPEN)


def closed_complaints(register: Register, before: tuple[datetime, str] | None = None) -> tuple[HeldComplaint, ...]:
    """The complaints that were closed, the last ones first; or those before one of that moment and id."""
    with register.store.read() as books:
        return books.closed_complaints(before, PAGE)


def is_overdue(held: HeldComplaint, today: date) -> bool:
    """Whether the day that was promised has passed without an answer."""
    complaint = held.complaint
    return complaint.closed_at is None and complaint.promised is not None and complaint.promised < today
