"""Who used which offer and on which bills, and whom its control group kept from it: what is needed to say what it brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text as sql

from pos_loyalty.domain.money import Minor
from pos_loyalty.storage.statements import Transaction

_USED = sql(
    """
    SELECT offer, sum(uses), count(DISTINCT CASE WHEN uses > 0 THEN account_id END), sum(held_out)
    FROM offer_uses WHERE day >= :first AND day <= :last GROUP BY offer
    """
)
# A card that came late has uses of its own: its bill is the sale that it was added to. Those of returns are left out here.
_WITH = sql(
    """
    SELECT b.offer, sum(-p.amount)
    FROM (
        SELECT DISTINCT u.offer AS offer, CASE WHEN d.sale_id IS NULL THEN u.entry_id ELSE d.sale_id END AS sale
        FROM offer_uses u LEFT JOIN deeds d ON d.id = u.entry_id
        WHERE u.day >= :first AND u.day <= :last AND u.uses > 0
    ) b JOIN postings p ON p.entry_id = b.sale
    WHERE p.account = 'sales' OR p.account >= 'vat:' AND p.account < 'vat;'
    GROUP BY b.offer
    """
)
_BACK = sql(
    """
    SELECT b.offer, sum(p.amount)
    FROM (
        SELECT DISTINCT u.offer AS offer, r.id AS refund
        FROM offer_uses u LEFT JOIN deeds d ON d.id = u.entry_id
            JOIN refunds r ON r.sale_id = CASE WHEN d.sale_id IS NULL THEN u.entry_id ELSE d.sale_id END
        WHERE u.day >= :first AND u.day <= :last AND u.uses > 0 AND r.day <= :last
    ) b JOIN postings p ON p.entry_id = b.refund
    WHERE p.account = 'sales' OR p.account >= 'vat:' AND p.account < 'vat;'
    GROUP BY b.offer
    """
)
_MET = sql(
    """
    SELECT met.account_id, met.held_out, coalesce(sum(s.amount), 0)
    FROM (
        SELECT account_id, min(day) AS since, max(held_out) AS held_out
        FROM offer_uses
        WHERE offer = :offer AND account_id IS NOT NULL AND (uses > 0 OR held_out > 0) AND day <= :last
        GROUP BY account_id
        HAVING min(day) >= :first AND max(held_out) <> max(CASE WHEN uses > 0 THEN 1 ELSE 0 END)
    ) met LEFT JOIN spends s ON s.account_id = met.account_id AND s.day >= met.since AND s.day <= :last
    GROUP BY met.account_id, met.held_out
    """
)


@dataclass(frozen=True, slots=True)
class Used:
    """Bills on which an offer gave something, less those that came back whole; how many holders' they were; and on how many bills
    it was held out. `sold` is what those bills came to, less what came back of them until the period's end, in minor units.
    """

    bills: int
    holders: int
    held_out: int
    sold: Minor


def used(books: Transaction, first: date, last: date) -> dict[str, Used]:
    """What each offer was used for on these business days, both included."""
    days = {"first": first.isoformat(), "last": last.isoformat()}
    sold = {offer: int(amount) for offer, amount in books.rows(_WITH, **days)}
    for offer, amount in books.rows(_BACK, **days):
        sold[offer] = sold.get(offer, 0) - int(amount)
    return {
        offer: Used(int(bills), int(holders), int(held_out), sold.get(offer, 0))
        for offer, bills, holders, held_out in books.rows(_USED, **days)
    }


def spent_since_met(books: Transaction, offer: str, first: date, last: date) -> tuple[list[Minor], list[Minor]]:
    """Of the holders who met an offer for the first time on these days: what each spent from then on until `last`.

    First of those who had it, then of those held out. Whom two revisions put into both is left out.
    """
    found: tuple[list[Minor], list[Minor]] = ([], [])
    rows = books.rows(_MET, offer=offer, first=first.isoformat(), last=last.isoformat())
    for _, held_out, amount in rows:
        found[int(held_out)].append(int(amount))
    return found
