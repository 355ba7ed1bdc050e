"""Who the holders are: by tier, by how far they have come with the shop, by whether they still come, and by RFM segment.

The stages are the ladder of loyalty as trade has it (prospect, visitor, buyer, client, supporter), each with its own bound
here. All is as on the period's last day, but the new ones, who are those of the period.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from pos_loyalty.domain.message import N_
from pos_loyalty.domain.tier import Spend, Standing, advance_through, first_standing, held, replay
from pos_loyalty.reports.frame import CANNOT_TELL, DAYS, Figure, Group, Period, Value, report_of_figures
from pos_loyalty.reports.habits import OWN_HABIT, STATES, middle_of, state, usual_gap
from pos_loyalty.reports.rfm import FIFTHS, SEGMENTS, scores, segment
from pos_loyalty.reports.rules import Rules, rules_on, year_before
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import day_or_none
from pos_loyalty.storage.figure_visits import Seen, holders

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


@dataclass(frozen=True, slots=True)
class _Habit:
    """What is kept of a holder until the shop's own gap is known; days as ordinals."""

    account: str
    visits: int
    last: int
    gap: int | None
    visits_of_year: int
    spent: int


def _reckon(books: Books, period: Period) -> Iterator[Value]:
    rules = rules_on(books, period.last)
    year = year_before(period.last)
    day = period.last.toordinal()
    ordinals: dict[str, int] = {}
    gaps: Counter[int] = Counter()
    tiers: Counter[str] = Counter()
    habits: list[_Habit] = []
    thanked: set[str] = set()
    standings = _Tiers(books, rules, period.last)
    everyone = prospects = joined = 0
    for seen in holders(books, period.last, year):
        everyone += 1
        joined += period.first.isoformat() <= seen.joined <= period.last.isoformat()
        tiers[standings.of(seen)] += 1
        if not seen.days:
            prospects += 1
            continue
        if seen.referred_by is not None:
            thanked.add(seen.referred_by)
        days = [
            ordinals.get(text) or ordinals.setdefault(text, date.fromisoformat(text).toordinal()) for text in seen.days
        ]
        own = [later - earlier for earlier, later in pairwise(days)]
        gaps.update(own)
        of_year = sum(visit >= year.toordinal() for visit in days)
        gap = usual_gap(own) if len(days) >= OWN_HABIT else None
        habits.append(_Habit(seen.account, len(days), days[-1], gap, of_year, seen.spent))
    yield Value("holders", everyone)
    yield Value("new", joined)
    for tier, count in tiers.items():
        yield Value("tier", count, of=tier)
    shops = middle_of(gaps)
    yield Value("usual_gap", CANNOT_TELL if shops is None else shops, DAYS)
    states = Counter(state(day - one.last, one.gap or shops) for one in habits)
    for group in STATES[:-1] if shops is not None else STATES[-1:]:
        yield Value("state", states[group.name], of=group.name)
    ranked = [one for one in habits if one.visits_of_year]
    best: set[str] = set()
    if len(ranked) < RANKED:
        yield Value("segment", CANNOT_TELL)
    else:
        recency = scores([one.last for one in ranked])
        frequency = scores([one.visits_of_year for one in ranked])
        money = scores([one.spent for one in ranked])
        segments: Counter[str] = Counter()
        worth: Counter[str] = Counter()
        for one, r, f, m in zip(ranked, recency, frequency, money, strict=True):
            segments[segment(r, f)] += 1
            worth[segment(r, f)] += one.spent
            if r == f == m == FIFTHS:
                best.add(one.account)
        for group in SEGMENTS:
            yield Value("segment", segments[group.name], of=group.name)
            yield Value("segment_spend", worth[group.name], rules.currency, group.name)
    stages = Counter(_stage(one, day, shops, one.account in thanked or one.account in best) for one in habits)
    stages["prospect"] = prospects
    for group in STAGES:
        yield Value("stage", stages[group.name], of=group.name)


def _stage(one: _Habit, day: int, shops: int | None, supports: bool) -> str:
    if supports:
        return "supporter"
    if one.visits == 1:
        return "visitor"
    regular = one.gap is not None and shops is not None and one.gap <= shops
    return "client" if regular and state(day - one.last, one.gap) == "active" else "buyer"


class _Tiers:
    """The tiers of holders on a day. Most have the one that is stored; the others are worked out from their spends."""

    def __init__(self, books: Books, rules: Rules, day: date) -> None:
        self.books = books
        self.rules = rules
        self.day = day
        self._without_spends: dict[str, Standing] = {}

    def of(self, seen: Seen) -> str:
        """The tier whose offers apply to a holder, or that there is none."""
        ladders, day = self.rules.ladders, self.day
        if not ladders:
            return NO_TIER.name
        standing: Standing | None = None
        if seen.tier is not None and seen.since is not None:
            standing = Standing(seen.tier, date.fromisoformat(seen.since), day_or_none(seen.kept_until))
        if (
            standing is not None and standing.since > day
        ):  # reached since: what was then follows from the sales until then
            standing = replay(self._spends(seen), ladders, date.fromisoformat(seen.joined))
        if standing is None:
            standing = self._first(seen)
        elif len(ladders) > 1 or (standing.kept_until is not None and standing.kept_until < day):
            standing = advance_through(standing, self._spends(seen), ladders, day)
        return held(standing, ladders[-1][1], "named" if seen.named else "bearer").id

    def _first(self, seen: Seen) -> Standing:
        joined = date.fromisoformat(seen.joined)
        if seen.days:
            return first_standing(self._spends(seen), self.rules.ladders, joined, self.day)
        known = self._without_spends.get(seen.joined)
        if known is None:
            known = self._without_spends[seen.joined] = first_standing((), self.rules.ladders, joined, self.day)
        return known

    def _spends(self, seen: Seen) -> list[Spend]:
        """Qualifying spend until the day, each with the ladders begun by its own revision."""
        found = self.books.spends_by_revision(seen.account)
        begun = self.rules.begun
        return [replace(spend, begun=begun[number]) for number, spend in found if spend.day <= self.day]


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
