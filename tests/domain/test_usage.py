"""What a bill counts for its offers, what counts of history, and for which offers history is asked at all."""

from __future__ import annotations

from datetime import date, time

import pytest
from bills import DAY, days, goods, months
from written import TIER, ana, bill, rules

from pos_loyalty.domain.audience import Scene
from pos_loyalty.domain.pricing import tier_of
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.usage import Use, counted, first_day, given_back, limited, uses_of

TEN = 'give = { discount = "10%" }'


def test_a_bill_counts_once_for_each_offer_and_what_it_gave_in_money() -> None:
    """0.50 off, 9 cents of cashback, and 5 points at 0.01; stamps are worth nothing; who is held out is counted apart."""
    programme = rules(
        {
            "gone": f"{TEN}\nwhen = {{ until = 2020-01-01 }}",
            "held": f'{TEN}\ncontrol_group = "90%"',
            "points": "give = { earn = { points = 5, coffee = 2 } }",
        },
        TIER,
    )
    priced = bill(programme, goods("10.00"))
    counts = (
        Use("held", 0, 0, 1),
        Use("points", 1, 5),
        Use("tier:basic:cashback", 1, 9),
        Use("tier:basic:discount", 1, 50),
    )
    assert uses_of(priced, programme) == counts
    assert given_back(priced, programme, priced.used) == tuple(
        Use(use.offer, -1, -use.given) for use in counts if use.uses
    )
    assert given_back(priced, programme, ()) == ()


@pytest.mark.parametrize(
    ("within", "used", "counts"),
    [
        (None, date(1999, 1, 1), True),
        (days(1), DAY, True),  # "1 day": on the same day
        (days(1), date(2026, 11, 21), False),
        (days(300), date(2026, 1, 27), True),  # 299 days ago
        (days(300), date(2026, 1, 26), False),
        (months(1), date(2026, 10, 23), True),
        (months(1), date(2026, 10, 22), False),
        (Duration(1, "year"), date(2025, 11, 23), True),
        (Duration(1, "year"), date(2025, 11, 22), False),
        (days(1), date(2026, 11, 23), True),  # a sale that was rung up before this one, of a later time
    ],
)
def test_sales_less_than_that_long_ago(within: Duration | None, used: date, counts: bool) -> None:
    """On 22 November 2026; and no day that counts is left out when history is read from the first one on."""
    assert counted([(used, 1)], within, DAY) == (1 if counts else 0)
    assert not counts or first_day(within, DAY) <= used


def scene(programme: Programme, **named: object) -> Scene:
    account = ana(**named)
    return Scene(programme, DAY, time(12), account, tier_of(account, programme))


def test_history_is_asked_only_for_limits_of_offers_that_could_apply() -> None:
    """Not where there is no limit, a limit of a bill alone, another weekday, or no holder whose uses could be counted."""
    each = 'limit = { each = 1, within = "1 day" }'
    programme = rules(
        {
            "free": TEN,
            "bill": "give = { free = 1, of = 3 }\nlimit = { a_bill = 1 }",
            "monday": f'when = {{ weekdays = ["mon"] }}\n{TEN}\n{each}',
            "each": f"for = {{ everyone = true }}\n{TEN}\n{each}",
            "total": f"for = {{ everyone = true }}\n{TEN}\nlimit = {{ total = 5 }}",
            "budget": f'{TEN}\nlimit = {{ budget = "5.00" }}',
        },
        TIER,
    )
    assert [offer.id for offer in limited(scene(programme))] == ["each", "total", "budget"]
    nobody = Scene(programme, DAY, time(12), None, None)
    assert [offer.id for offer in limited(nobody)] == ["total"]
