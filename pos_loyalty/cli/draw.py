"""`draw`: the tickets of a prize draw published, its prizes drawn, and a published text checked by whoever has it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pos_loyalty.cli.arguments import DONE, REFUSED
from pos_loyalty.cli.call import Call, CallWrong, register_of
from pos_loyalty.cli.json_lines import text_of
from pos_loyalty.domain.draw import Checked, Difference, Winner
from pos_loyalty.domain.draw import check as checked_again
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.till import draws

MAX_FILE = 100_000_000
"""Bytes of a published text: more than a list of the most tickets that there may be."""
MOST_SHOWN = 20
"""Lines that differ and are printed: after the first few a person knows."""


def run(call: Call) -> int:
    """Publish a draw's list, or draw its prizes, and print what is published of it."""
    options = call.options
    if options.seed is not None and options.seed_from is not None:
        raise CallWrong(Message(N_("--seed-from belongs to the list, which is published before the seed is known.")))
    if options.file is not None and Path(options.file).exists():
        raise CallWrong(Message(N_("There is already something at {file}: name another file."), file=options.file))
    done: Refused | None = None
    with register_of(call.settings) as register:
        frozen = draws.published(register, options.draw)
        if options.seed is not None:
            try:
                frozen = draws.run(register, options.draw, options.seed, call.who())
            except Refused as refused:
                if refused.code != "draw-done" or frozen is None:
                    raise
                done = refused
        elif frozen is None or options.seed_from is not None:
            frozen = draws.freeze(register, options.draw, call.who(), options.seed_from)
    text = draws.text_of(frozen)
    again = checked_again(text)
    if options.file is not None and done is None:
        with Path(options.file).open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    if options.json:
        call.out.json({**_facts(again), "text": text})
    elif options.file is None or done is not None:
        call.out.exact(text)
    else:
        _say(call, again)
    if done is not None:
        raise done
    return DONE


def check(call: Call) -> int:
    """Draw again from a published text; exit status 1 where a line differs, or where the store published another."""
    again = checked_again(text_of(call.options.file, MAX_FILE))
    stored, other = None, None
    try:
        with register_of(call.settings) as register:
            other = draws.against_store(register, again)
            stored = other is None
    except Refused as refused:
        if refused.code != "store-missing":
            raise
    whole = not again.differences and stored is not False
    if call.options.json:
        faults: list[dict[str, object]] = [
            {"line": one.line, "found": one.found, "wanted": one.wanted} for one in again.differences
        ]
        store = None if other is None else call.language.say(other)
        call.out.json({**_facts(again), "whole": whole, "differences": faults, "stored": stored, "store": store})
        return DONE if whole else REFUSED
    for line in _differences(call, again.differences):
        call.out.line(line)
    if other is not None:
        call.out.line(call.language.say(other))
    _say(call, again)
    if whole and stored:
        call.say(N_("The text is whole, and the one that this store published."))
    elif whole:
        call.say(N_("The text is whole: its lines follow from one another. There is no store here to compare it with."))
    else:
        call.say(N_("The text is not what it should be."))
    return DONE if whole else REFUSED


def _say(call: Call, again: Checked) -> None:
    tickets = again.tickets
    call.say(
        N_("{title} ({draw}): {count} tickets"), title=tickets.title, draw=tickets.draw, count=len(tickets.tickets)
    )
    call.say(N_("Digest of the list: {digest}"), digest=again.digest)
    if again.drawing is None:
        call.say(N_("It is not drawn yet. The seed will be: {seed}"), seed=tickets.seed_from)
        return
    call.say(N_("Seed: {seed}"), seed=again.drawing.seed)
    for winner in again.winners:
        call.out.line(_winner(call, winner))


def _winner(call: Call, winner: Winner) -> str:
    if winner.ticket is None:
        return call.language.text(N_("{place}. {prize}: nobody"), place=winner.place, prize=winner.prize)
    return call.language.text(
        N_("{place}. {prize}: ticket {ticket}, card {card}, receipt {receipt}"),
        place=winner.place,
        prize=winner.prize,
        ticket=str(winner.ticket.number),
        card=winner.ticket.card,
        receipt=winner.ticket.receipt,
    )


def _differences(call: Call, found: Sequence[Difference]) -> list[str]:
    lines = []
    for one in found[:MOST_SHOWN]:
        if one.wanted is None:
            template = N_('Line {line} should not be there: "{found}"')
        elif one.found is None:
            template = N_('Line {line} is missing: "{wanted}"')
        else:
            template = N_('Line {line} is "{found}", and should be "{wanted}".')
        lines.append(call.language.text(template, line=str(one.line), found=one.found or "", wanted=one.wanted or ""))
    if len(found) > MOST_SHOWN:
        lines.append(call.language.text(N_("And {count} lines more differ."), count=len(found) - MOST_SHOWN))
    return lines


def _facts(again: Checked) -> dict[str, object]:
    tickets, drawing = again.tickets, again.drawing
    return {
        "draw": tickets.draw,
        "title": tickets.title,
        "closes": tickets.closes.isoformat(),
        "frozen": tickets.frozen,
        "seed_from": tickets.seed_from,
        "prizes": tickets.prizes,
        "tickets": len(tickets.tickets),
        "digest": again.digest,
        "drawn": None if drawing is None else drawing.at,
        "seed": None if drawing is None else drawing.seed,
        "winners": [
            {
                "place": one.place,
                "prize": one.prize,
                "ticket": one.ticket and one.ticket.number,
                "holder": one.ticket and one.ticket.holder,
                "card": one.ticket and one.ticket.card,
                "receipt": one.ticket and one.ticket.receipt,
            }
            for one in again.winners
        ],
    }
