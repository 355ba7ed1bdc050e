"""Who the holders are: by tier, by how far they have come with the shop, by whether they still come, and by RFM segment.

The stages are the ladder of loyalty as trade has it (prospect, visitor, buyer, client, supporter), each with its own bound
here. All is as on the period's last day, but the new ones, who are those of the period.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import chain

from pos_loyalty.domain.message import N_
from pos_loyalty.domain.tier import Spend, Standing, advance_through, first_standing, held, replay
from pos_loyalty.reports.frame import CANNOT_TELL, DAYS, Figure, Group, Period, Value, report_of_figures
from pos_loyalty.reports.habits import LEAVING, LOST, SHORTEST, STATES
from pos_loyalty.reports.rfm import FIFTHS, SEGMENTS, segment
from pos_loyalty.reports.rules import Rules, rules_on, year_before
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.figure_holders import (
    Bounds,
    Profile,
    everyone,
    moved,
    profiles,
    standing,
    untried,
)

STAGES = (
    Group("prospect", N_("prospects"), N_("have a card and never bought")),
    Group("visitor", N_("visitors"), N_("bought on one day")),
    Group("buyer", N_("buyers"), N_("bought on two days or more")),
    Group(
        "client",
        N_("clients"),
        N_(
            "bought on three days or more, with a usual gap no longer than the shop's, and are neither leaving nor lost"
        ),
    ),
    Group(
        "supporter",
        N_("supporters"),
        N_("bought, and sent a friend who bought; or are in the best fifth by recency, frequency and spend alike"),
    ),
)
NO_TIER = Group("none", N_("no tier"))
RANKED = 5
"""Buyers of a year from whom on fifths are told: with fewer some fifths have nobody."""


_BOUNDS = Bounds(LEAVING, LOST, SHORTEST)


def _reckon(books: Books, period: Period) -> Iterator[Value]:
    rules = rules_on(books, period.last)
    holders, joined = everyone(books, period.first, period.last)
    yield Value("holders", holders)
    yield Value("new", joined)
    for tier, count in _tiers(books, rules, period.last).items():
        yield Value("tier", count, of=tier)
    found = list(profiles(books, period.last, year_before(period.last), _BOUNDS))
    gap = found[0].usual if found else None
    yield Value("usual_gap", CANNOT_TELL if gap is None else gap, DAYS)
    states: Counter[str] = Counter()
    for one in found:
        states[_state(one)] += one.holders
    for group in STATES[:-1] if gap is not None else STATES[-1:]:
        yield Value("state", states[group.name], of=group.name)
    ranked = sum(one.holders for one in found if one.recency)
    if ranked < RANKED:
        yield Value("segment", CANNOT_TELL)
    else:
        yield from _segments(found, rules.currency)
    stages = Counter({"prospect": holders - sum(one.holders for one in found)})
    for one in found:
        stages[_stage(one, tell=ranked >= RANKED)] += one.holders
    for group in STAGES:
        yield Value("stage", stages[group.name], of=group.name)


def _segments(found: list[Profile], money: str) -> Iterator[Value]:
    segments: Counter[str] = Counter()
    worth: Counter[str] = Counter()
    for one in found:
        if one.recency:
            segments[segment(one.recency, one.frequency)] += one.holders
            worth[segment(one.recency, one.frequency)] += one.spent
    for group in SEGMENTS:
        yield Value("segment", segments[group.name], of=group.name)
        yield Value("segment_spend", worth[group.name], money, group.name)


def _state(one: Profile) -> str:
    return ("unknown", "active", "leaving", "lost")[one.state]


def _stage(one: Profile, *, tell: bool) -> str:
    """The furthest stage; the best fifth is told only where fifths are."""
    if one.thanked or (tell and one.best and one.recency == one.frequency == FIFTHS):
        return "supporter"
    if one.visits == 1:
        return "visitor"
    return "client" if one.regular and _state(one) == "active" else "buyer"


def _tiers(books: Books, rules: Rules, day: date) -> Counter[str]:
    """How many holders have which tier. Most have the one that is stored; the others are worked out from their spends."""
    ladders = rules.ladders
    found: Counter[str] = Counter()
    if not ladders:
        found[NO_TIER.name] = everyone(books, day, day)[0]
        return found

    def count(standing: Standing, named: bool, holders: int = 1) -> None:
        found[held(standing, ladders[-1][1], "named" if named else "bearer").id] += holders

    # Whoever has a tier for good, or beyond the day, keeps it under every ladder that has it.
    gone: list[str] = []
    for tier, named, holders in standing(books, day):
        if all(ladder.index(tier) is not None for _, ladder in ladders):
            count(Standing(tier, day, None), named, holders)
        elif tier not in gone:
            gone.append(tier)
    for joined, named, holders in untried(books, day):
        count(first_standing((), ladders, joined, day), named, holders)
    for one in chain(moved(books, day), *(moved(books, day, tier) for tier in gone)):
        spends = [Spend(spent_on, amount, rules.begun[revision]) for revision, spent_on, amount in one.spends]
        there: Standing | None = None
        if one.tier is not None and one.since is not None:
            there = Standing(one.tier, one.since, one.kept_until)
        if there is not None and there.since > day:  # reached since: what was then follows from the sales until then
            there = replay(spends, ladders, one.joined)
        if there is None:
            count(first_standing(spends, ladders, one.joined, day), one.named)
        else:
            count(advance_through(there, spends, ladders, day), one.named)
    return found


_BILLS = N_("sales with a card, and cards added late")
_SPENDS = N_("sales with a card, and qualifying spend less what came back of it")
REPORT = report_of_figures(
    "holders",
    N_("Who the holders are"),
    (
        Figure("holders", N_("Holders"), N_("accounts that had joined by the last day"), N_("accounts")),
        Figure("new", N_("New"), N_("accounts that joined in the period"), N_("accounts")),
        Figure(
            "tier",
            N_("By tier"),
            N_(
                "the tier that the last day began or its last sale ended with; a bearer's is below those for named cards"
            ),
            N_("accounts, and the qualifying spend where a tier had to be worked out for that day"),
            N_("tier"),
            groups=(NO_TIER,),
        ),
        Figure(
            "stage",
            N_("By stage"),
            N_("how far holders have come with the shop; each is counted at the furthest stage"),
            _BILLS,
            N_("stage"),
            groups=STAGES,
        ),
        Figure(
            "usual_gap",
            N_("Usual gap"),
            N_("the days between two visits of a holder, the middle one of all; visits of one day are one"),
            _BILLS,
        ),
        Figure(
            "state",
            N_("Still coming"),
            N_(
                "holders who ever bought, by how long they have been away against their own usual gap (from three visits on, before"
                " that the shop's, and never less than a week)"
            ),
            _BILLS,
            N_("state"),
            groups=STATES,
        ),
        Figure(
            "segment",
            N_("RFM segments"),
            N_(
                "holders who bought in the 12 months to the last day, scored 1 to 5 by the fifth that they are in by their last"
                " visit (recency) and by their days with a visit (frequency)"
            ),
            _SPENDS,
            N_("segment"),
            groups=SEGMENTS,
        ),
        Figure(
            "segment_spend",
            N_("Spend by RFM segment"),
            N_("what they spent in those months on goods that earn, less what came back"),
            _SPENDS,
            N_("segment"),
            groups=SEGMENTS,
        ),
    ),
    _reckon,
)
