"""Notes and complaints: words that no fact says, so they are only looked at for what can be read, and for whose they are."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import day_or_none, read_moment
from pos_loyalty.storage.findings import Findings
from pos_loyalty.storage.tables import accounts, complaints, notes

_NOTES = (
    select(notes.c.account_id, accounts.c.id, notes.c.at)
    .select_from(notes.outerjoin(accounts, accounts.c.id == notes.c.account_id))
    .order_by(notes.c.account_id)
)
_COMPLAINTS = (
    select(
        complaints.c.id,
        accounts.c.id,
        complaints.c.opened_at,
        complaints.c.promised,
        complaints.c.closed_at,
        complaints.c.closed_by,
        complaints.c.solution,
    )
    .select_from(complaints.outerjoin(accounts, accounts.c.id == complaints.c.account_id))
    .order_by(complaints.c.id)
)


def check_words(books: Books, findings: Findings) -> None:
    """Each note and complaint is an account's that is there, and its moments and days can be read."""
    for account, there, at in books.pages(_NOTES):
        findings.count("notes")
        place = f"note {account}"
        _owned(findings, place, there)
        _read(findings, place, at, read_moment)
    for id_, there, opened_at, promised, closed_at, closed_by, solution in books.pages(_COMPLAINTS):
        findings.count("complaints")
        place = f"complaint {id_}"
        _owned(findings, place, there)
        _read(findings, place, opened_at, read_moment)
        _read(findings, place, promised, day_or_none)
        if closed_at is not None:
            _read(findings, place, closed_at, read_moment)
        if not (closed_at is None) == (closed_by is None) == (solution is None):
            findings.fault(place, Message(N_("It is neither open nor closed.")))


def _owned(findings: Findings, place: str, account: str | None) -> None:
    if account is None:
        findings.fault(place, Message(N_("A row points to a row of {table} that is not there."), table="accounts"))


def _read(findings: Findings, place: str, text: str | None, reader: Callable[[str], object]) -> None:
    if text is None:
        return
    try:
        reader(text)
    except ValueError:
        findings.fault(place, Message(N_("{text} is no moment and no day."), text=text[:80]))
