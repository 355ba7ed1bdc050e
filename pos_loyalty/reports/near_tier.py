"""Who misses least to the next tier, of those who spent anything that counts in its window.

There is no index for it: the spends of the window are read once, and only who can be among the nearest is worked out as the till
would.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from datetime import date

from pos_loyalty.domain.card import CardKind
from pos_loyalty.domain.message import N_
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.rules import Tiers
from pos_loyalty.domain.tier import Next, Standing, advance_through, first_standing, held, next_up
from pos_loyalty.reports.acting import ActList, Ask, Found, Key, report_of
from pos_loyalty.reports.frame import Column
from pos_loyalty.reports.rules import Rules, rules_on
from pos_loyalty.storage.books import Books


def _page(books: Books, ask: Ask, after: Key, most: int) -> Sequence[Found]:
    rules = rules_on(books, ask.today)
    tiers = rules.programme.tiers
    if after or tiers is None or not rules.ladders or ask.nearest < 1:
        return ()
    # Nearest first out of the heap's far end: what is kept is never more than was asked for.
    kept: list[tuple[int, str, Next, str]] = []
    for account, least in _candidates(books, tiers, ask.today):
        if len(kept) == ask.nearest and least >= -kept[0][0]:
            continue
        found = _next(books, rules, tiers, account, ask.today)
        if found is None or found[1].missing == 0:
            continue
        heapq.heappush(kept, (-found[1].missing, account, found[1], found[0]))
        if len(kept) > ask.nearest:
            heapq.heappop(kept)
    return [
        Found(account, (account,), (tier, up.tier.name, up.missing))
        for _, account, up, tier in sorted(kept, key=lambda one: (-one[0], one[1]))
    ]


def _candidates(books: Books, tiers: Tiers, today: date) -> Iterator[tuple[str, int]]:
    """Everybody who spent in the window below some tier, with the least that they can be missing to the next one."""
    match tiers.window:
        case Duration() as length:
            first = length.first_before(today)
        case "calendar year":
            first = date(today.year, 1, 1)
        case "lifetime":
            first = date.min
    steps = [tier.spend for tier in tiers.ladder]
    for account, spent in books.spent_between(first, today, max(steps)):
        yield account, min(step - spent for step in steps if step > spent)


def _next(books: Books, rules: Rules, tiers: Tiers, account: str, today: date) -> tuple[str, Next] | None:
    """The tier of a holder today and the next one, as their card would show them."""
    if books.is_erased(account):
        return None
    tier, since, kept_until, joined, named = books.stands(account)
    spends = books.spends(account)
    if tier is None or since is None:
        standing = first_standing(spends, rules.ladders, joined, today)
    else:
        standing = advance_through(Standing(tier, since, kept_until), spends, rules.ladders, today)
    kind: CardKind = "named" if named else "bearer"
    now = held(standing, tiers, kind)
    up = next_up(now, spends, tiers, kind, today)
    return None if up is None else (now.name, up)


LIST = ActList(
    "near-tier",
    N_("Close to a tier"),
    N_("who misses least to the next tier"),
    (
        Column("tier", N_("Tier"), N_("the tier that they have")),
        Column("next", N_("Next"), N_("the next tier that they can reach")),
        Column("missing", N_("Missing"), N_("how much they must still spend on goods that count"), "money"),
    ),
    _page,
    nearest=100,
)
REPORT = report_of(LIST)
