"""What holders say: whether they are content and would recommend the shop, what they complained of, and how it was answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from statistics import median_high

from pos_loyalty.domain.message import N_
from pos_loyalty.domain.money import MILLION, half_up
from pos_loyalty.reports.frame import CANNOT_TELL, DAYS, RATE, Figure, Group, Period, Value, report_of_figures
from pos_loyalty.reports.rules import Rules, rules_on
from pos_loyalty.reports.scores import Score, net_promoters, share
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.figure_voices import answers, complaints

PROMOTES, DETRACTS, CONTENT = 9, 6, 4
"""From 9 on somebody promotes the shop, up to 6 they advise against it (Reichheld); from 4 of 5 on they are content."""
_ONE_DAY = timedelta(days=1)

_GROUPS = (
    Group("promoters", N_("promoters"), N_("answered 9 or 10")),
    Group("passives", N_("neither"), N_("answered 7 or 8")),
    Group("detractors", N_("detractors"), N_("answered 0 to 6")),
)


def _reckon(books: Books, period: Period) -> Iterator[Value]:
    said = answers(books, period.first, period.last)
    answered = said.recommendation.total()
    promoters = sum(count for score, count in said.recommendation.items() if score >= PROMOTES)
    detractors = sum(count for score, count in said.recommendation.items() if score <= DETRACTS)
    for group, count in zip(_GROUPS, (promoters, answered - promoters - detractors, detractors), strict=True):
        yield Value("recommend", count, of=group.name)
    yield from _scored("nps", net_promoters(promoters, detractors, answered))
    rated = said.satisfaction.total()
    content = sum(count for score, count in said.satisfaction.items() if score >= CONTENT)
    yield Value("rated", rated)
    yield from _scored("csat", share(content, rated))
    yield from _complaints(books, period, rules_on(books, period.last))


def _scored(name: str, score: Score | None) -> Iterator[Value]:
    yield Value(name, CANNOT_TELL if score is None else score.value, RATE)
    if score is not None:
        yield Value(f"{name}_low", score.low, RATE)
        yield Value(f"{name}_high", score.high, RATE)


def _complaints(books: Books, period: Period, rules: Rules) -> Iterator[Value]:
    begin, until = rules.begins(period.first), rules.begins(period.last + _ONE_DAY)
    opened = closed = waiting = overdue = due = kept = 0
    took: list[int] = []
    for one in complaints(books, period.first, begin, until):
        opened += one.opened >= begin
        done = one.closed is not None and one.closed < until
        waiting += not done
        if one.closed is not None and begin <= one.closed < until:
            closed += 1
            took.append(max(0, (one.closed - one.opened) // _ONE_DAY))
        if one.promised is not None and one.promised <= period.last:
            overdue += not done
            if one.promised >= period.first:
                due += 1
                kept += one.closed is not None and one.closed < rules.begins(one.promised + _ONE_DAY)
    yield Value("opened", opened)
    yield Value("closed", closed)
    yield Value("waiting", waiting)
    yield Value("overdue", overdue)
    yield Value("solved_in", median_high(took) if took else CANNOT_TELL, DAYS)
    yield Value("promised", due)
    yield Value("kept", half_up(kept * MILLION, due) if due else CANNOT_TELL, RATE)


_FEEDBACK = N_("feedback of those days")
_COMPLAINED = N_("complaints: when each was made and closed, and until when an answer was promised")
_BOUND = N_("where the truth lies in 95 of 100 such samples: not below this")
REPORT = report_of_figures(
    "voices",
    N_("What holders say"),
    (
        Figure(
            "recommend",
            N_("Would recommend the shop"),
            N_("answers from 0 to 10 to whether they would recommend the shop"),
            _FEEDBACK,
            N_("answer"),
            groups=_GROUPS,
        ),
        Figure(
            "nps",
            N_("Net promoter score"),
            N_(
                "the share of promoters less the share of detractors among all who answered (Reichheld, 2003); told from 30 answers"
                " on"
            ),
            _FEEDBACK,
        ),
        Figure("nps_low", N_("Net promoter score, at least"), _BOUND, _FEEDBACK),
        Figure(
            "nps_high",
            N_("Net promoter score, at most"),
            N_("where the truth lies in 95 of 100 such samples: not above this"),
            _FEEDBACK,
        ),
        Figure("rated", N_("Said how content they are"), N_("answers from 1 to 5"), _FEEDBACK),
        Figure(
            "csat",
            N_("Content"),
            N_("the share of 4 and 5 among the answers from 1 to 5 (CSAT); told from 30 answers on"),
            _FEEDBACK,
        ),
        Figure("csat_low", N_("Content, at least"), _BOUND, _FEEDBACK),
        Figure(
            "csat_high",
            N_("Content, at most"),
            N_("where the truth lies in 95 of 100 such samples: not above this"),
            _FEEDBACK,
        ),
        Figure("opened", N_("Complaints made"), N_("complaints that were made in the period"), _COMPLAINED),
        Figure("closed", N_("Complaints closed"), N_("complaints that were closed in the period"), _COMPLAINED),
        Figure("waiting", N_("Complaints open"), N_("complaints that were open at the end of the period"), _COMPLAINED),
        Figure(
            "overdue",
            N_("Complaints overdue"),
            N_("of these, those whose answer had been promised for the last day or before"),
            _COMPLAINED,
        ),
        Figure(
            "solved_in",
            N_("Time to solve"),
            N_(
                "whole days from a complaint to its solution, the middle one of those closed in the period (of an even number the"
                " longer)"
            ),
            _COMPLAINED,
        ),
        Figure(
            "promised",
            N_("Promises due"),
            N_("complaints whose answer was promised for a day of the period"),
            _COMPLAINED,
        ),
        Figure(
            "kept",
            N_("Promises kept"),
            N_("of these, the share that was closed by the end of the day that was promised"),
            _COMPLAINED,
        ),
    ),
    _reckon,
)
