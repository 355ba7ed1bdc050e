"""What was erased is gone: nothing that says who they were is left of a holder whom the store notes as erased; and what was agreed
to is somebody's.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, literal_column, or_, select

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import read_moment
from pos_loyalty.storage.findings import Findings
from pos_loyalty.storage.tables import (
    accounts,
    cards,
    complaints,
    consents,
    entries,
    erasures,
    feedback,
    member_words,
    members,
    notes,
    operators,
    reasons,
    sales,
)

_null: ColumnElement[Any] = literal_column("NULL")
_empty: ColumnElement[Any] = literal_column("''")
_ERASED = (
    select(erasures.c.account_id, accounts.c.id, erasures.c.at)
    .select_from(erasures.outerjoin(accounts, accounts.c.id == erasures.c.account_id))
    .order_by(erasures.c.account_id)
)
_LEFT = {
    table.name: select(table.c.account_id).join(erasures, erasures.c.account_id == table.c.account_id)
    for table in (members, member_words, notes, consents, operators)
}
_LEFT |= {
    "cards": select(cards.c.account_id)
    .join(erasures, erasures.c.account_id == cards.c.account_id)
    .where(cards.c.status == literal_column("'active'")),
    "complaints": select(complaints.c.account_id)
    .join(erasures, erasures.c.account_id == complaints.c.account_id)
    .where(or_(complaints.c.text != _empty, complaints.c.wish.is_not(_null), complaints.c.solution != _empty)),
    "feedback": select(feedback.c.account_id)
    .join(erasures, erasures.c.account_id == feedback.c.account_id)
    .where(feedback.c.text.is_not(_null)),
    "sales": select(sales.c.account_id)
    .join(erasures, erasures.c.account_id == sales.c.account_id)
    .where(or_(sales.c.card.is_not(_null), sales.c.holder.is_not(_null))),
    "reasons": select(entries.c.account_id)
    .select_from(
        erasures.join(entries, entries.c.account_id == erasures.c.account_id).join(
            reasons, reasons.c.entry_id == entries.c.id
        )
    ),
}  # fmt: skip
_CONSENTS = (
    select(consents.c.id, accounts.c.id, consents.c.at)
    .select_from(consents.outerjoin(accounts, accounts.c.id == consents.c.account_id))
    .order_by(consents.c.id)
)


def check_erasures(books: Books, findings: Findings) -> None:
    """No table says anything of an erased holder that erasing takes away."""
    for account, there, at in books.pages(_ERASED):
        findings.count("erasures")
        _is_whole(findings, f"erasure {account}", there, at)
    for table, statement in _LEFT.items():
        for (account,) in books.pages(statement):
            findings.fault(
                f"erasure {account}",
                Message(N_("Its holder was erased, and a row of {table} still says something of them."), table=table),
            )


def check_consents(books: Books, findings: Findings) -> None:
    """Each consent is an account's that is there, and its moment can be read."""
    for id_, there, at in books.pages(_CONSENTS):
        findings.count("consents")
        _is_whole(findings, f"consent {id_}", there, at)


def _is_whole(findings: Findings, place: str, account: str | None, at: str) -> None:
    if account is None:
        findings.fault(place, Message(N_("A row points to a row of {table} that is not there."), table="accounts"))
    try:
        read_moment(at)
    except ValueError:
        findings.fault(place, Message(N_("{text} is no moment and no day."), text=str(at)[:80]))
