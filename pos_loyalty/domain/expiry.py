"""What runs out: the lots of a purse whose last day has passed, taken off as an entry of its own."""

from __future__ import annotations

from datetime import date

from pos_loyalty.domain.ledger import Draw, Holding


def lapsed(holding: Holding, day: date) -> tuple[Draw, ...]:
    """What the purse's lots lose because their last day has passed by that day."""
    return tuple(Draw(lot.id, lot.remaining) for lot in holding.lots if lot.remaining > 0 and lot.is_over(day))
