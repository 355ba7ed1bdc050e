"""The drawer's shift: opened with a float, moved by pay-ins and pay-outs, read (X) and closed with what was counted (Z).

Each action is one transaction, so a till that dies in the middle leaves the shift as it was. Its sales are those of the register's
journal between two entries: the journal is numbered without gaps, so none is counted twice and none is left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import MAX_MINOR, Minor
from pos_loyalty.domain.shift import DrawerMove, Shift, ShiftReport
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import moment, read_moment
from pos_loyalty.storage.figure_shift import shift_report
from pos_loyalty.till.audit import note
from pos_loyalty.till.operators import permit
from pos_loyalty.till.programmes import in_force
from pos_loyalty.till.register import Register
from pos_loyalty.till.shift_needed import no_shift

MAX_REASON = 200
"""Characters of why money went in or out; the table has room for no more."""


@dataclass(frozen=True, slots=True)
class DrawerNow:
    """What a register's drawer is about now: its open shift (None: there is none), its moves, and the last shift's number."""

    shift: Shift | None
    moves: tuple[DrawerMove, ...]
    last: int


def drawer_now(register: Register) -> DrawerNow:
    """The open shift of a register and what moved in its drawer beside the sales."""
    with register.store.read() as books:
        shift = books.open_shift(register.name)
        return DrawerNow(shift, books.moves(shift.id) if shift else (), books.last_shift(register.name))


def open_shift(register: Register, opening_float: Minor, operator: str) -> Shift:
    """Open the register's next shift with so much in its drawer. Refused with shift-open or amount-invalid."""
    _check(opening_float)
    now = register.clock()
    with register.store.write() as books:
        books.lock(register.name)
        found = books.open_shift(register.name)
        if found is not None:
            raise Refused(
                "shift-open",
                Message(
                    N_("Shift {number} is open already, since {operator} opened it: close it first."),
                    number=found.number,
                    operator=found.opened_by,
                ),
            )
        in_force(books, now)  # without a programme there is no currency to count in
        last, _ = books.journal_head(register.name)
        number = books.last_shift(register.name) + 1
        shift = Shift(register.new_id(), register.name, number, now, operator, opening_float, last + 1)
        books.add_shift(shift)
        note(books, register, operator, "shift-open", subject=_name(shift), float=str(opening_float))
    return shift


def x_report(register: Register, operator: str) -> ShiftReport:
    """What the open shift has come to by now; nothing is stored. Refused with shift-missing."""
    with register.store.read() as books:
        shift = _open(books, register)
        return _report(books, register, shift, operator)


def close_shift(register: Register, counted: Minor, operator: str) -> ShiftReport:
    """Close the open shift with what was counted in its drawer: the Z report. Refused with shift-missing or amount-invalid."""
    _check(counted)
    with register.store.write() as books:
        books.lock(register.name)
        shift = _open(books, register)
        report = _report(books, register, shift, operator, counted)
        books.close_shift(shift.id, report.at, report)
        figures = {"expected": str(report.drawer.expected), "counted": str(counted)}
        note(books, register, operator, "shift-close", subject=_name(shift), **figures)
    return report


def z_report(register: Register, number: int) -> ShiftReport:
    """The Z report of a closed shift, as it was. Refused with shift-unknown."""
    with register.store.read() as books:
        found = books.shift(register.name, number)
    if found is None or found.report is None:
        raise Refused(
            "shift-unknown", Message(N_("This register has closed no shift of the number {number}."), number=number)
        )
    return found.report


def closed_shifts(register: Register, before: int | None = None) -> tuple[Shift, ...]:
    """The last twenty closed shifts of a register, the newest first; or those before a number."""
    with register.store.read() as books:
        return books.closed_shifts(register.name) if before is None else books.closed_shifts(register.name, before)


def pay(
    register: Register,
    amount: Minor,
    reason: str,
    operator: str,
    *,
    allowed_by: str | None = None,
    id: str | None = None,
) -> DrawerMove:
    """Put cash into the drawer (above zero) or take it out (below). The same id twice is once.

    Refused with shift-missing, amount-invalid, words-invalid, and drawer-short where more is taken out than should be in it.
    """
    if not amount:
        raise Refused("amount-invalid", Message(N_("Say how much went into the drawer, or out of it.")))
    _check(abs(amount))
    words = _words(reason)
    if not words:
        raise Refused("words-invalid", Message(N_("Say in a few words what the money was for.")))
    move = DrawerMove(id or register.new_id(), register.clock(), operator, amount, words, allowed_by)
    with register.store.write() as books:
        books.lock(register.name)
        done = books.drawer_move(move.id)
        if done is not None:
            return done
        permit(books, "drawer", operator, allowed_by)
        shift = _open(books, register)
        if amount < 0:
            held = _report(books, register, shift, operator).drawer.expected
            if held + amount < 0:
                raise Refused(
                    "drawer-short", Message(N_("There is less than that in the drawer: count it, and pay in first."))
                )
        books.add_move(shift.id, move)
        action = "pay-in" if amount > 0 else "pay-out"
        note(books, register, operator, action, subject=_name(shift), allowed_by=allowed_by, amount=str(abs(amount)))
    return move


def drawer_opened(register: Register, operator: str, reason: str = "", *, allowed_by: str | None = None) -> None:
    """Keep that the drawer was opened without a sale, in its shift where one is open."""
    words = _words(reason)
    with register.store.write() as books:
        books.lock(register.name)
        permit(books, "drawer", operator, allowed_by)
        shift = books.open_shift(register.name)
        if shift is not None:
            move = DrawerMove(register.new_id(), register.clock(), operator, 0, words, allowed_by)
            books.add_move(shift.id, move)
        detail: Mapping[str, str] = {"reason": words} if words else {}
        note(
            books,
            register,
            operator,
            "drawer-open",
            subject=_name(shift) if shift else None,
            allowed_by=allowed_by,
            **detail,
        )


def _open(books: Books, register: Register) -> Shift:
    shift = books.open_shift(register.name)
    if shift is None:
        raise no_shift()
    return shift


def _report(books: Books, register: Register, shift: Shift, operator: str, counted: Minor | None = None) -> ShiftReport:
    now = read_moment(moment(register.clock()))  # as the store writes it, so that the report can be worked out anew
    currency = in_force(books, now).programme.currency.code
    until = books.journal_head(register.name)
    return shift_report(books, shift, books.moves(shift.id), currency, until, now, operator, counted)


def _name(shift: Shift) -> str:
    return f"{shift.register}/{shift.number}"


def _check(amount: Minor) -> None:
    if not 0 <= amount <= MAX_MINOR:
        raise Refused("amount-invalid", Message(N_("That is no amount that a drawer can hold.")))


def _words(text: str) -> str:
    tidy = " ".join(text.split())[: MAX_REASON + 1]
    if len(tidy) > MAX_REASON or any(unicodedata.category(ch) in {"Cc", "Cs", "Co"} for ch in tidy):
        raise Refused(
            "words-invalid", Message(N_("Write the reason in at most {limit} plain characters."), limit=MAX_REASON)
        )
    return tidy
