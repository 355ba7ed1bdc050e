"""Whether a register may sell now: where its settings want a shift, one must be open."""

from __future__ import annotations

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.storage.books import Books
from pos_loyalty.till.register import Register


def check_shift(books: Books, register: Register) -> None:
    """Refuse with shift-missing where a shift is wanted and none is open; ask once the register is locked."""
    if register.needs_shift and not books.has_open_shift(register.name):
        raise no_shift()


def no_shift() -> Refused:
    """What is refused while no shift is open, and what to do."""
    return Refused(
        "shift-missing",
        Message(N_("No shift is open at this register: count the float and open one (Ctrl+O, or `shift open`).")),
    )
