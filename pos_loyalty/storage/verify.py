"""Deriving everything in a store anew from its facts, and saying where what is stored differs.

It reads in streams, so that years of sales need no more memory than a day, and each part in a transaction of its own, so that one
that a damaged file cuts short does not keep the others from being looked at. What is wrong is a value, never an exception.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import text as sql

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.engine import Store
from pos_loyalty.storage.faults import FactRefused
from pos_loyalty.storage.findings import Fault, Findings, Progress
from pos_loyalty.storage.verify_adjustments import check_adjustments
from pos_loyalty.storage.verify_audit import check_audit
from pos_loyalty.storage.verify_bills import check_bills, check_receipts, check_spends
from pos_loyalty.storage.verify_card_orders import check_card_orders
from pos_loyalty.storage.verify_certificates import check_certificates
from pos_loyalty.storage.verify_chain import check_chain, check_strays
from pos_loyalty.storage.verify_clubs import check_clubs
from pos_loyalty.storage.verify_copies import check_balances, check_lots
from pos_loyalty.storage.verify_coupons import check_coupons
from pos_loyalty.storage.verify_draws import check_draws
from pos_loyalty.storage.verify_erasures import check_consents, check_erasures
from pos_loyalty.storage.verify_holders import check_accounts, check_revisions
from pos_loyalty.storage.verify_late_cards import check_late_cards
from pos_loyalty.storage.verify_laws import check_postgresql_laws, check_sqlite_laws
from pos_loyalty.storage.verify_merges import check_merges
from pos_loyalty.storage.verify_offers import check_totals
from pos_loyalty.storage.verify_partners import check_partners
from pos_loyalty.storage.verify_recognition import check_words
from pos_loyalty.storage.verify_search import check_search
from pos_loyalty.storage.verify_shifts import check_shifts

_INTEGRITY = sql("PRAGMA integrity_check(1000)")
_FOREIGN_KEYS = sql("PRAGMA foreign_key_check")

# Values of a damaged row can be of any type: what comparing, adding or reading them raises is a finding like any other.
_UNREADABLE = (Refused, FactRefused, TypeError, ValueError, OverflowError, KeyError)


@dataclass(frozen=True, slots=True)
class Verification:
    """How many of each kind were looked at, and every fault that was found; none is a whole store."""

    checked: dict[str, int]
    faults: tuple[Fault, ...]


def verify_store(store: Store, progress: Progress | None = None) -> Verification:
    """Check every entry, lot, balance, bill, receipt number, tier and counter of a store against its facts.

    `progress` is told what is being looked at and how many so far. Selling may go on meanwhile.
    """
    findings = Findings(progress)
    parts: list[tuple[str, Callable[[Books, Findings], None]]] = [
        ("revisions", check_revisions),
        ("entries", check_chain),
        ("postings", check_strays),
        ("lots", check_lots),
        ("balances", check_balances),
        ("merges", check_merges),
        ("sales", check_bills),
        ("spends", check_spends),
        ("late cards", check_late_cards),
        ("adjustments", check_adjustments),
        ("receipts", check_receipts),
        ("certificates", check_certificates),
        ("offers", check_totals),
        ("partners", check_partners),
        ("memberships", check_clubs),
        ("coupons", check_coupons),
        ("draws", check_draws),
        ("shifts", check_shifts),
        ("audit", check_audit),
        ("notes", check_words),
        ("consents", check_consents),
        ("erasures", check_erasures),
        ("search", check_search),
        ("card orders", check_card_orders),
        ("accounts", check_accounts),
    ]
    if store.kind == "sqlite":
        parts = [("file", _check_file), ("laws", check_sqlite_laws), *parts]
    else:
        parts.insert(0, ("laws", check_postgresql_laws))
    for name, check in parts:
        findings.checked.setdefault(name, 0)
        try:
            with store.read() as books:
                check(books, findings)
        except _UNREADABLE as error:
            reason = error.message if isinstance(error, Refused) else Message("{error}", error=str(error))
            findings.fault(name, Message(N_("They cannot all be read. {reason}"), reason=reason))
        if progress is not None:
            progress(name, findings.checked[name])
    return Verification(findings.checked, tuple(findings.faults))


def _check_file(books: Books, findings: Findings) -> None:
    """SQLite's own look at every page and index, and at every key that points to another row."""
    for (said,) in books.pages(_INTEGRITY):
        findings.count("file")
        if said != "ok":
            findings.fault("file", Message(N_("SQLite says: {words}"), words=str(said)))
    for table, _, parent, _ in books.pages(_FOREIGN_KEYS):
        findings.fault(
            f"{table}", Message(N_("A row points to a row of {table} that is not there."), table=str(parent))
        )
