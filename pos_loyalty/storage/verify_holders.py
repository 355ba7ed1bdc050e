"""Tiers, visits, and the rules: what a holder stands at against what their bills say.

A tier is worked out anew from every bill, each under the ladders begun by its own revision. One thing is not on record:
whether rules that begin before a bill's own, but were activated later, were known to that bill; there alone two tiers can be right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Any, TypeAlias

from sqlalchemy import func, literal_column, select

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.programme.reading import read
from pos_loyalty.domain.programme.rules import Tiers
from pos_loyalty.domain.tier import Spend, Standing, replay
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import day_or_none
from pos_loyalty.storage.findings import Findings, paired
from pos_loyalty.storage.tables import accounts, cards, deeds, entries, merges, refunds, sales, spends

Ladder: TypeAlias = tuple[int, tuple[date, Tiers] | None]
"""A revision's number, and its ladder with the day on which it came into force, where it has one."""
Sold: TypeAlias = Sequence[tuple[int, Spend]]
"""A holder's spends, each with the number of the revision that its sales were priced by."""

_ACCOUNTS = select(
    accounts.c.id,
    accounts.c.joined,
    accounts.c.tier,
    accounts.c.tier_since,
    accounts.c.tier_kept_until,
    accounts.c.last_visit,
    accounts.c.visits,
).order_by(accounts.c.id)
# Whose an entry is now, also where its account became part of another.
_now = func.coalesce(merges.c.into_id, entries.c.account_id)
_BILLS = (
    select(
        _now,
        func.count(sales.c.id),
        func.max(sales.c.day),
    )
    .select_from(
        entries.outerjoin(deeds, deeds.c.id == entries.c.id)
        .outerjoin(sales, sales.c.id == func.coalesce(deeds.c.sale_id, entries.c.id))
        .outerjoin(merges, merges.c.account_id == entries.c.account_id)
    )
    .where(
        entries.c.account_id.is_not(literal_column("NULL")),
        entries.c.kind.in_([literal_column(f"'{kind}'") for kind in ("sale", "refund", "late-card")]),
    )
    .group_by(_now)
    .order_by(_now)
)
# What came back counts against the sale that it came from, on its day and under its revision.
_SPENDS = (
    select(spends.c.account_id, sales.c.revision, spends.c.day, spends.c.amount)
    .select_from(
        spends.outerjoin(refunds, refunds.c.id == spends.c.entry_id)
        .outerjoin(deeds, deeds.c.id == spends.c.entry_id)
        .join(sales, sales.c.id == func.coalesce(refunds.c.sale_id, deeds.c.sale_id, spends.c.entry_id))
    )
    .order_by(spends.c.account_id, spends.c.day)
)
# Bills whose card was never handed out: its number was changed since, for erasing a holder blanks both.
_CARDS_GONE = (
    select(sales.c.register, sales.c.number)
    .select_from(sales.outerjoin(cards, cards.c.number == sales.c.card))
    .where(sales.c.card.is_not(literal_column("NULL")), cards.c.number.is_(literal_column("NULL")))
)


def check_revisions(books: Books, findings: Findings) -> None:
    """Each programme's text is the one that was activated, and can still be read."""
    for revision in books.revisions_anew():
        findings.count("revisions")
        place = f"revision {revision.number}"
        digest = hashlib.sha256(revision.text.encode()).hexdigest()
        findings.differs(place, "digest", revision.digest, digest)
        if read(revision.text).programme is None:
            findings.fault(place, Message(N_("Its programme cannot be read.")))


def check_accounts(books: Books, findings: Findings) -> None:
    """Each holder's visits and tier, from their bills, whose cards are there."""
    _check_cards(books, findings)
    ladders = _ladders(books)
    spent = paired(books.pages(_ACCOUNTS), _by_account(books.pages(_SPENDS)))
    with_spends = ((account[0], account, sold[1] if sold else ()) for account, sold in spent if account is not None)
    for row, bills in paired(with_spends, books.pages(_BILLS)):
        if row is None:
            continue
        findings.count("accounts")
        account, (_, joined, tier, since, kept_until, last_visit, visits), sold = row
        place = f"account {account}"
        _, number, last_sale = bills or (account, 0, None)
        findings.differs(place, "visits", visits, number)
        findings.differs(place, "last_visit", last_visit, last_sale)
        standing = None if tier is None else Standing(tier, date.fromisoformat(since), day_or_none(kept_until))
        right = _standings(sold, ladders, date.fromisoformat(joined))
        if standing not in right:
            findings.differs(place, "tier", _said(standing), _said(right[0]))


def _check_cards(books: Books, findings: Findings) -> None:
    """The card of every bill is there."""
    for register, number in books.pages(_CARDS_GONE):
        findings.fault(
            f"{register}-{number:06}",
            Message(N_("A row points to a row of {table} that is not there."), table="cards"),
        )


def _standings(sold: Sold, ladders: Sequence[Ladder], joined: date) -> list[Standing | None]:
    """What the sales make of a holder by all rules; then by fewer, where some that begin before a sale's may have come after it."""
    own = {number for number, _ in sold}
    last = max(
        own, default=0
    )  # numbers are given in the order of activation: these were all known when the tier was stored
    before = [number for n, (number, _) in enumerate(ladders) if own & {later for later, _ in ladders[n:]}]
    unsure = sorted((number for number in before if number > last), reverse=True)
    found: list[Standing | None] = []
    for until in (*unsure, last):
        known = [(number, ladder) for number, ladder in ladders if number <= until]
        begun = dict(zip((n for n, _ in known), accumulate(ladder is not None for _, ladder in known), strict=True))
        spends_ = [replace(spend, begun=begun.get(number, 0)) for number, spend in sold]
        found.append(replay(spends_, [ladder for _, ladder in known if ladder is not None], joined))
    return found


def _said(standing: Standing | None) -> str | None:
    if standing is None:
        return None
    return f"{standing.tier} {standing.since}..{standing.kept_until or ''}"


def _ladders(books: Books) -> list[Ladder]:
    """Every revision in the order in which they come into force; rules that cannot be read have no ladder."""
    found: list[Ladder] = []
    for revision in books.revisions():
        programme = read(revision.text).programme
        if programme is None or programme.tiers is None:
            found.append((revision.number, None))
        else:
            found.append((revision.number, (programme.business_day(revision.active_from), programme.tiers)))
    return found


def _by_account(rows: Any) -> Iterator[tuple[str, Sold]]:
    for account, group in groupby(rows, key=itemgetter(0)):
        yield account, tuple((number, Spend(date.fromisoformat(day), int(amount))) for _, number, day, amount in group)
