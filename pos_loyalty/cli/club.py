"""`club`: holders made members by hand."""

from __future__ import annotations

from pos_loyalty.cli.arguments import DONE
from pos_loyalty.cli.call import Call, register_of
from pos_loyalty.domain.message import N_
from pos_loyalty.till.clubs import JoinOrder
from pos_loyalty.till.clubs import join as join_club


def join(call: Call) -> int:
    """Make a holder a member of a club."""
    options = call.options
    order = JoinOrder(options.club, options.card, call.day("until"), call.settings.operator)
    with register_of(call.settings) as register:
        joined = join_club(register, order)
    if options.json:
        call.out.json(
            {
                "club": joined.club,
                "card": joined.card,
                "since": joined.since.isoformat(),
                "until": joined.until.isoformat() if joined.until else None,
            }
        )
    elif joined.until is None:
        call.say(N_("{card} is in {club} for good."), card=joined.card, club=joined.title)
    else:
        call.say(N_("{card} is in {club} until {day}."), card=joined.card, club=joined.title, day=joined.until)
    return DONE
