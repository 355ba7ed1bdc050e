"""Cards that were added to a closed bill: each against its entry, the bill without a card, and what it made count."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, func, select

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import UNREADABLE, moment, read_late_card, read_sale
from pos_loyalty.storage.findings import Findings
from pos_loyalty.storage.tables import deeds, entries, merges, sales, spends
from pos_loyalty.storage.verify_offers import StoredUses

_LATE_CARDS = (
    select(
        deeds.c.id,
        deeds.c.facts,
        sales.c.facts,
        spends.c.amount,
        deeds.c.sale_id,
        deeds.c.account_id,
        entries.c.corrects,
        entries.c.account_id,
        entries.c.at,
        entries.c.recorded_at,
        entries.c.day,
        entries.c.operator,
        entries.c.kind,
    )
    .select_from(
        deeds.join(sales, sales.c.id == deeds.c.sale_id)
        .join(entries, entries.c.id == deeds.c.id)
        .outerjoin(merges, merges.c.account_id == deeds.c.account_id)
        .outerjoin(
            spends,
            and_(
                spends.c.account_id == func.coalesce(merges.c.into_id, deeds.c.account_id),
                spends.c.day == sales.c.day,
                spends.c.entry_id == deeds.c.id,
            ),
        )
    )
    .order_by(deeds.c.id)
)


def check_late_cards(books: Books, findings: Findings) -> None:
    """Each card that was added late says what its columns, its entry, its spend and its offers' counters say."""
    uses = StoredUses.of_late_cards(books)
    for row in books.pages(_LATE_CARDS):
        findings.count("late cards")
        _check(findings, uses, *row)


def _check(
    findings: Findings, uses: StoredUses, deed_id: str, facts: str, sale_facts: str, spend: int | None, *row: Any
) -> None:
    place = f"entry {deed_id}"
    try:
        late, sale = read_late_card(facts), read_sale(sale_facts)
    except UNREADABLE as error:
        findings.fault(place, Message(N_("Its deed cannot be read: {error}"), error=str(error)))
        return
    said = (
        late.sale,
        late.account,
        late.sale,
        late.account,
        moment(late.at),
        moment(late.recorded_at),
        late.day.isoformat(),
        late.operator,
        "late-card",
    )
    names = ("sale_id", "account_id", "corrects", "account_id", "at", "recorded_at", "day", "operator", "kind")
    for name, stored, derived in zip(names, row, said, strict=True):
        findings.differs(place, name, stored, derived)
    findings.differs(place, "id", late.id, deed_id)
    findings.differs(place, "spend", spend or 0, late.qualifying)
    if sale.account is not None:
        findings.fault(place, Message(N_("Its sale has a card of its own.")))
    uses.check_late_card(findings, place, late, sale)
