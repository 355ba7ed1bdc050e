"""`card merge`, `member change`, `member adjust` and `member undo`: what is put right on a holder's record."""

from __future__ import annotations

from typing import Any

from pos_loyalty.cli.answers import Units
from pos_loyalty.cli.arguments import DONE
from pos_loyalty.cli.call import Call, register_of
from pos_loyalty.cli.json_fields import amount_of
from pos_loyalty.cli.member import member_answer, member_lines
from pos_loyalty.cli.rules import Rules
from pos_loyalty.domain.deed import Adjustment
from pos_loyalty.domain.message import N_
from pos_loyalty.language import Language
from pos_loyalty.till import adjusting, cards, holders, joining
from pos_loyalty.till.holders import KEEP, Change
from pos_loyalty.till.programmes import current
from pos_loyalty.till.register import Register


def merge(call: Call) -> int:
    """Join the records of two cards into one."""
    options, operator = call.options, call.operator()
    with register_of(call.settings) as register:
        keep, other = (cards.show(register, number).account for number in (options.number, options.other))
        done = joining.merge(register, keep, other, operator)
    if options.json:
        call.out.json({"id": done.id, "account": done.account, "joined": done.other})
    else:
        call.say(N_("Card {other} opens the same record as {card} now."), other=options.other, card=options.number)
    return DONE


def change(call: Call) -> int:
    """Change who a holder is."""
    options, operator = call.options, call.operator()
    wanted = Change(
        name=KEEP if options.name is None else options.name,
        phone=_or_keep(options.phone),
        email=_or_keep(options.email),
        birthday=None if options.birthday == "" else (call.day("birthday") or KEEP),
        language=_or_keep(options.language),
    )
    with register_of(call.settings) as register:
        holder = holders.edit(register, account_of(register, options.key), wanted, operator)
    if options.json:
        call.out.json(member_answer(holder))
    else:
        for line in member_lines(holder, call.language):
            call.out.line(line)
    return DONE


def adjust(call: Call) -> int:
    """Give units to a purse by hand, or take them."""
    options, operator = call.options, call.operator()
    with register_of(call.settings) as register:
        amount = amount_of("amount", options.amount, Rules(register).digits(options.purse))
        account = account_of(register, options.key)
        done = adjusting.adjust(
            register, account, options.purse, amount, options.reason, operator, complaint=options.complaint
        )
        _adjusted(call, register, done)
    return DONE


def undo(call: Call) -> int:
    """Undo an adjustment."""
    operator = call.operator()
    with register_of(call.settings) as register:
        done = adjusting.undo(register, call.options.entry, call.options.reason, operator)
        _adjusted(call, register, done)
    return DONE


def account_of(register: Register, key: str) -> str:
    """The account of a card's number, or else the account of that id."""
    with register.store.read() as books:
        card = books.card(key)
        return card.account if card is not None else books.whose(key)


def _adjusted(call: Call, register: Register, done: Adjustment) -> None:
    rules = current(register)
    if call.options.json:
        call.out.json(adjustment_answer(done, Units(rules.programme.currency, rules.units)))
        return
    language = Language(call.settings.language, rules.programme.currency, purses=rules.units)
    amount = language.units(abs(done.amount), done.purse)
    template = (
        N_("{amount} given to {purse}; entry {id}.")
        if done.amount > 0
        else N_("{amount} taken from {purse}; entry {id}.")
    )
    call.say(template, amount=amount, purse=done.purse, id=done.id)
    if done.owed:
        call.say(N_("{amount} of it was spent, and is owed now."), amount=language.units(done.owed, done.purse))


def adjustment_answer(done: Adjustment, units: Units) -> dict[str, Any]:
    """An adjustment's facts."""
    return {
        "id": done.id,
        "account": done.account,
        "purse": done.purse,
        "amount": units.of(done.purse, done.amount),
        "available": done.available.isoformat() if done.available else None,
        "expires": done.expires.isoformat() if done.expires else None,
        "settled": units.of(done.purse, done.settled),
        "owed": units.of(done.purse, done.owed),
        "undoes": done.undoes,
    }


def _or_keep(written: str | None) -> Any:
    """What an option says of a field: left out is as it was, empty takes it away."""
    return KEEP if written is None else written or None
