"""For whom an offer is by what they did before: bought, came, were sent, joined; and what its reason says is missing."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from pos_loyalty.domain.audience import Known, Scene, missing
from pos_loyalty.domain.member import Account, Member
from pos_loyalty.domain.money import Currency
from pos_loyalty.domain.programme.offers import Audience, Bought, Goods, Offer, PercentOff
from pos_loyalty.domain.programme.rules import Club, Programme

DAY = date(2026, 11, 22)
COFFEE = Bought(Goods(departments=frozenset({"coffee"}), skus=frozenset({"BEANS"})), times=3)
CLUBS = (
    Club("friends", "Friends of the shop", spend=30_000),
    Club("gourmet", "Gourmets", fee=2_000),
    Club("staff", "Staff"),
)


def keeps(audience: Audience, known: Known | None = None, **account: Any) -> str | None:
    """What keeps a holder from an offer for such an audience."""
    offer = Offer("x", "X", PercentOff(100_000), audience)
    programme = Programme("Shop", Currency.of("EUR"), "UTC", offers=(offer,), clubs=CLUBS)
    holder = Account("boris", "2900000000025", "named", None, **account)
    said = missing(offer, Scene(programme, DAY, time(12), holder, None, known or Known()))
    return None if said is None else str(said)


@pytest.mark.parametrize(("times", "word"), [(0, "0"), (2, "2"), (3, None), (4, None)])
def test_who_bought_often_enough(times: int, word: str | None) -> None:
    """Three sales are asked for: fewer say how many there were."""
    said = keeps(Audience(bought=COFFEE), Known(bought={"x": times}))
    assert (said is None) == (word is None)
    assert word is None or (said is not None and word in said and "BEANS" in said)


def test_the_first_visit() -> None:
    """Only who never had a bill."""
    assert keeps(Audience(first_visit=True)) is None
    assert keeps(Audience(first_visit=True), visits=1) is not None


def test_who_was_sent() -> None:
    """Only whom another holder sent; a bearer was sent by nobody."""
    audience = Audience(referred=True)
    assert keeps(audience) is not None
    assert keeps(audience, member=Member("boris", "Boris")) is not None
    assert keeps(audience, member=Member("boris", "Boris", referred_by="ana")) is None


@pytest.mark.parametrize(
    ("club", "words"),
    [("friends", ("Friends of the shop", "30000")), ("gourmet", ("Gourmets", "2000")), ("staff", ("Staff",))],
)
def test_members_of_a_club(club: str, words: tuple[str, ...]) -> None:
    """Who is in any of the clubs; another one is told how it is joined."""
    audience = Audience(clubs=frozenset({club}))
    assert keeps(audience, clubs={club: DAY}) is None
    assert keeps(audience, clubs={club: None}) is None
    said = keeps(audience, clubs={"another": None}) or ""
    assert all(word in said for word in words), said


def test_nobody_without_a_card() -> None:
    """No history is anybody's where no card was shown."""
    offer = Offer("x", "X", PercentOff(100_000), Audience(first_visit=True))
    programme = Programme("Shop", Currency.of("EUR"), "UTC", offers=(offer,))
    assert missing(offer, Scene(programme, DAY, time(12), None, None)) is not None
