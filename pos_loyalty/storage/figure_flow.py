"""What went into purses and out of them in a period, as the journal's postings say.

The postings of a kind of entry are summed by account and sign; what each sum means follows from `domain.bookkeeping`:
debits of a purse outside returns are what was spent, expired or made good a debt, debits in returns what was taken back.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from sqlalchemy import text as sql

from pos_loyalty.storage.facts import read_refund
from pos_loyalty.storage.statements import Transaction

_Key: TypeAlias = tuple[str, bool, bool]
"""The root of an account, whether of returns, and whether debits."""

_SUMS = sql(
    """
    SELECT kind, account, unit, debit, sum(amount), count(*)
    FROM (
        SELECT e.kind AS kind, p.account AS account, p.unit AS unit, p.amount AS amount,
            CASE WHEN p.amount > 0 THEN 1 ELSE 0 END AS debit
        FROM entries e JOIN postings p ON p.entry_id = e.id
        WHERE e.day >= :first AND e.day <= :last
            AND (p.account >= 'purse:' AND p.account < 'purse;' OR p.account >= 'issued:' AND p.account < 'issued;'
                OR p.account >= 'adjusted:' AND p.account < 'adjusted;'
                OR p.account >= 'owed:' AND p.account < 'owed;' OR p.account >= 'breakage:' AND p.account < 'breakage;')
    ) moved
    GROUP BY kind, account, unit, debit
    """
)
# What a return forgave left no posting: it stands in the return alone.
_FORGAVE = sql(
    """
    SELECT r.facts FROM refunds r
    WHERE r.day >= :first AND r.day <= :last AND r.facts LIKE '%"forgiven":[{%'
    ORDER BY r.register, r.number
    """
)


@dataclass(frozen=True, slots=True)
class Flow:
    """What moved in one purse, in its units: issued, adjusted and restored less all that went out is what its lots hold more.

    `adjusted` was given by hand, less what was taken so from lots; `made_good` left lots to pay a debt. `withheld` is in minor
    units of money. `endings` counts spendings and expiries of lots.
    """

    issued: int
    adjusted: int
    redeemed: int
    restored: int
    expired: int
    taken_back: int
    made_good: int
    owed: int
    withheld: int
    endings: int


def flows(books: Transaction, first: date, last: date) -> dict[str, Flow]:
    """What moved in each purse on these business days, both included; "certificates" has the expiry of gift certificates."""
    sums: dict[str, Counter[_Key]] = {}
    counts: Counter[str] = Counter()
    for kind, account, _unit, debit, amount, count in books.rows(_SUMS, first=first.isoformat(), last=last.isoformat()):
        root, purse, *_ = account.split(":")  # what is behind a second colon is the partner
        if kind == "merge":  # what moves from one record to the other is nothing in sum; the rest made good a debt
            if root == "purse":
                sums.setdefault(purse, Counter())["owed", False, False] += int(amount)
                sums[purse]["purse", False, True] += int(amount)
            continue
        side: _Key = (root, kind == "refund", bool(debit))
        sums.setdefault(purse, Counter())[side] += abs(int(amount))
        if root == "purse" and debit and kind != "refund":
            counts[purse] += int(count)
    return {purse: _flow(side, counts[purse]) for purse, side in sorted(sums.items())}


def _flow(side: Counter[_Key], endings: int) -> Flow:
    def net(root: str, refund: bool) -> int:
        return side[root, refund, True] - side[root, refund, False]

    def left(refund: bool) -> int:
        """What left the lots for another reason than to make good a debt or by expiring."""
        went = side["purse", refund, True] - side["owed", refund, False] + net("breakage", refund)
        return went if refund else went - by_hand

    # Of what was taken by hand, all but what is owed since it was spent came out of lots.
    by_hand = side["adjusted", False, False] - side["owed", False, True]
    issued = side["issued", False, True] + side["issued", True, True]
    owed = side["owed", False, True] + side["owed", True, True]
    taken_back = left(True)
    return Flow(
        issued=issued,
        adjusted=side["adjusted", False, True] - by_hand,
        redeemed=left(False),
        restored=side["purse", True, False] - side["issued", True, True],
        expired=-net("breakage", False) - net("breakage", True),
        taken_back=taken_back,
        made_good=side["owed", False, False] + side["owed", True, False],
        owed=owed,
        # All that earning costs no more, less what came out of lots or is owed: money of the return paid for it.
        withheld=side["issued", False, False] + side["issued", True, False] - taken_back - side["owed", True, True],
        endings=endings,
    )


def forgiven(books: Transaction, first: date, last: date) -> dict[str, int]:
    """What returns of these business days left with holders as the shop's cost, by purse in its units."""
    sums: Counter[str] = Counter()
    for (facts,) in books.pages(_FORGAVE, first=first.isoformat(), last=last.isoformat()):
        for part in read_refund(facts).forgiven:
            sums[part.purse] += part.amount
    return dict(sorted(sums.items()))
