"""How far a holder has come with the shop, told from their own visits alone, so that it can be said of one holder at once.

The report on holders looks at the whole shop as well (its usual gap, its best fifth), and may call somebody a supporter, or no
client, whom this calls a client.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from statistics import median_high
from typing import Literal, TypeAlias, get_args

Stage: TypeAlias = Literal["prospect", "visitor", "buyer", "client", "supporter"]

STAGES: tuple[Stage, ...] = get_args(Stage)
REGULAR = 3
"""Days with a visit from which a holder's own gaps say what is usual."""
SHORTEST_GAP = 7
"""Days: a gap of less than a week is made by a shop's closed days alone."""
PATIENCE = 2
"""So many usual gaps without a visit, and a holder is no client any more."""


def stage_of(days: Sequence[date], today: date, *, sent_a_buyer: bool) -> Stage:
    """A holder's stage by the days with a visit, in order, and whether somebody whom they sent has bought."""
    if not days:
        return "prospect"
    if sent_a_buyer:
        return "supporter"
    if len(days) == 1:
        return "visitor"
    if len(days) < REGULAR:
        return "buyer"
    gap = max(median_high([(later - earlier).days for earlier, later in pairwise(days)]), SHORTEST_GAP)
    return "client" if (today - days[-1]).days <= PATIENCE * gap else "buyer"
