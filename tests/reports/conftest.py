"""A small shop on either database, with Ana's and Boris's cards."""

from __future__ import annotations

import pytest
from shops import ANA, BORIS, PROGRAMME, Clock, Shop

from pos_loyalty.storage.engine import Store
from pos_loyalty.till import cards
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register


@pytest.fixture
def corner(store: Store) -> Shop:
    """The corner shop on 5 January 2026: basic 5 % off and 1 % back after 14 days, for a year; gold from 500.00."""
    clock = Clock()
    register = Register("till-1", store, clock, lambda: uuid7(clock.now))
    activate(register, PROGRAMME, None, "owner")
    cards.issue(register, ANA)
    cards.issue(register, BORIS)
    return Shop(register, clock, store, "")
