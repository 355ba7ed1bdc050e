"""Tiers, visits, and the rules: what a holder stands at against what their bills say.

A tier is worked out anew from every bill under the ladder in force on its day. On the day on which the rules changed, and for
rules that were said to hold from a moment already past, a bill may have come before the change: both readings are right then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeAlias

from sqlalchemy import func, literal_column, select

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.programme.reading import read
from pos_loyalty.domain.programme.rules import Programme, Tiers
from pos_loyalty.domain.tier import Spend, Standing, advance_through, replay
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import day_or_none
from pos_loyalty.storage.findings import Findings, paired
from pos_loyalty.storage.records import Revision
from pos_loyalty.storage.tables import accounts, cards, entries, sales, spends

Ladders: TypeAlias = Sequence[tuple[date, Tiers]]

_ACCOUNTS = select(
    accounts.c.id,
    accounts.c.joined,
    accounts.c.tier,
    accounts.c.tier_since,
    accounts.c.tier_kept_until,
    accounts.c.last_visit,
    accounts.c.visits,
).order_by(accounts.c.id)
_BILLS = (
    select(
        entries.c.account_id,
        func.count(sales.c.id),
        func.max(sales.c.day),
        func.max(entries.c.day),
        func.max(sales.c.revision),
    )
    .select_from(entries.outerjoin(sales, sales.c.id == entries.c.id))
    .where(
        entries.c.account_id.is_not(literal_column("NULL")),
        entries.c.kind.in_([literal_column("'sale'"), literal_column("'refund'")]),
    )
    .group_by(entries.c.account_id)
    .order_by(entries.c.account_id)
)
_SPENDS = (
    select(spends.c.account_id, spends.c.day, func.sum(spends.c.amount))
    .group_by(spends.c.account_id, spends.c.day)
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
    revisions = _with_tiers(books)
    with_tiers = {revision.number for revision, _ in revisions}
    readings = list(_readings(revisions))
    spent = paired(books.pages(_ACCOUNTS), _by_account(books.pages(_SPENDS)))
    with_spends = ((account[0], account, days[1] if days else ()) for account, days in spent if account is not None)
    for row, bills in paired(with_spends, books.pages(_BILLS)):
        if row is None:
            continue
        findings.count("accounts")
        account, (_, joined, tier, since, kept_until, last_visit, visits), days = row
        place = f"account {account}"
        _, sold, last_sale, newest, last_revision = bills or (account, 0, None, None, None)
        findings.differs(place, "visits", visits, sold)
        findings.differs(place, "last_visit", last_visit, last_sale)
        if newest is None:
            continue
        if tier is None:
            if last_revision in with_tiers:
                findings.fault(
                    place, Message(N_("No tier is stored, though the last bill was sold under rules with tiers."))
                )
            continue
        standing = Standing(tier, date.fromisoformat(since), day_or_none(kept_until))
        # Closing a day stores a tier that went down without a bill: it is looked at on the day on which it did.
        looked = max(date.fromisoformat(newest), standing.since)
        _check_tier(findings, place, standing, days, readings, date.fromisoformat(joined), looked)


def _check_cards(books: Books, findings: Findings) -> None:
    """The card of every bill is there."""
    for register, number in books.pages(_CARDS_GONE):
        findings.fault(
            f"{register}-{number:06}",
            Message(N_("A row points to a row of {table} that is not there."), table="cards"),
        )


def _check_tier(
    findings: Findings,
    place: str,
    standing: Standing,
    found: Sequence[Spend],
    readings: Sequence[Ladders],
    joined: date,
    newest: date,
) -> None:
    derived = None
    known = {step.id for ladders in readings for _, tiers in ladders for step in tiers.ladder}
    for ladders in readings:
        if not ladders:
            continue
        derived = replay(found, ladders, joined, newest)
        if (
            standing.tier in known
            and derived is not None
            and derived == advance_through(standing, found, ladders, newest)
        ):
            return
    findings.differs(place, "tier", _said(standing), _said(derived))


def _said(standing: Standing | None) -> str | None:
    if standing is None:
        return None
    return f"{standing.tier} {standing.since}..{standing.kept_until or ''}"


def _with_tiers(books: Books) -> list[tuple[Revision, Programme]]:
    """The revisions whose rules have tiers, in the order in which they came into force."""
    found = ((revision, read(revision.text).programme) for revision in books.revisions())
    return [(revision, programme) for revision, programme in found if programme is not None and programme.tiers]


def _readings(revisions: Sequence[tuple[Revision, Programme]]) -> Iterator[Ladders]:
    """The ladders with their first days: as said, as known at the time, and with the day of a change under the rules before."""
    said: list[tuple[date, Tiers]] = []
    known: list[tuple[date, Tiers]] = []
    for revision, programme in revisions:
        if programme.tiers is not None:
            said.append((programme.business_day(revision.active_from), programme.tiers))
            since = max(revision.active_from, revision.activated_at)
            known.append((programme.business_day(since), programme.tiers))
    known.sort(key=itemgetter(0))
    yield said
    yield known
    yield [(first + timedelta(days=1), tiers) for first, tiers in said]
    yield [(first + timedelta(days=1), tiers) for first, tiers in known]


def _by_account(rows: Any) -> Iterator[tuple[str, tuple[Spend, ...]]]:
    for account, days in groupby(rows, key=itemgetter(0)):
        yield account, tuple(Spend(date.fromisoformat(day), int(amount)) for _, day, amount in days if amount)
