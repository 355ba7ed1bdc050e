"""`card`: cards handed out and shown, and their life: blocked, unblocked, replaced, brought back, and one more for the family."""

from __future__ import annotations

from collections.abc import Callable

from pos_loyalty.cli.answers import Units, card_answer
from pos_loyalty.cli.arguments import DONE
from pos_loyalty.cli.call import Call, register_of
from pos_loyalty.domain.ledger import Lot
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.language import Language
from pos_loyalty.storage.records import Card
from pos_loyalty.till import card_life, cards
from pos_loyalty.till.cards import CardView
from pos_loyalty.till.programmes import current
from pos_loyalty.till.register import Register


def issue(call: Call) -> int:
    """Make cards and print their numbers."""
    options = call.options
    kind = "bearer" if options.bearer else "named"
    with register_of(call.settings) as register:
        range_ = cards.range_of(register, options.range)
        numbers = cards.issue(register, options.number, options.count, "bearer" if options.bearer else "named", range_)
    if options.json:
        call.out.json([{"number": number, "kind": kind} for number in numbers])
    else:
        for number in numbers:
            call.out.line(number)
    return DONE


def show(call: Call) -> int:
    """Print what a card says of its holder."""
    with register_of(call.settings) as register:
        at = call.moment("at", register)
        print_card(call, register, cards.show(register, call.options.number, at))
    return DONE


def block(call: Call) -> int:
    """Block a card."""
    return _changed(call, card_life.block)


def unblock(call: Call) -> int:
    """Let a blocked card open its account again."""
    return _changed(call, card_life.unblock)


def bring_back(call: Call) -> int:
    """Undo the replacement of a card."""
    return _changed(call, card_life.bring_back)


def replace(call: Call) -> int:
    """Give a holder another card."""
    old, operator = call.options.number, call.operator()
    with register_of(call.settings) as register:
        card = card_life.replace(register, old, operator, new_number=call.options.new)
        if call.options.json:
            print_card(call, register, cards.show(register, card.number))
        else:
            call.say(N_("Card {old} is replaced by {new}; what it opened stays."), old=old, new=card.number)
    return DONE


def add(call: Call) -> int:
    """Give an account one more card."""
    operator = call.operator()
    with register_of(call.settings) as register:
        account = cards.show(register, call.options.number).account
        card = card_life.add_card(register, account, operator, number=call.options.new)
        if call.options.json:
            print_card(call, register, cards.show(register, card.number))
        else:
            call.say(N_("Card {new} opens the same account as {old}."), new=card.number, old=call.options.number)
    return DONE


def _changed(call: Call, change: Callable[[Register, str, str], Card]) -> int:
    operator = call.operator()
    with register_of(call.settings) as register:
        card = change(register, call.options.number, operator)
        if call.options.json:
            print_card(call, register, cards.show(register, card.number))
        else:
            status = Message(cards.STATUS_NAMES[card.status])
            call.say(N_("Card {card} is {status} now."), card=card.number, status=status)
    return DONE


def print_card(call: Call, register: Register, view: CardView) -> None:
    """A card's facts, as JSON or for a person."""
    rules = current(register)
    currency = rules.programme.currency
    if call.options.json:
        call.out.json(card_answer(view, Units(currency, rules.units)))
        return
    for line in card_lines(view, Language(call.settings.language, currency, purses=rules.units)):
        call.out.line(line)


def card_lines(view: CardView, language: Language) -> list[str]:
    """A card for a person, line by line."""
    named = view.kind == "named"
    lines = [
        language.text(
            N_("Card {card}: {status}, {kind}"),
            card=view.number,
            status=Message(cards.STATUS_NAMES[view.status]),
            kind=Message(N_("named") if named else N_("bearer")),
        )
    ]
    if view.member is not None:
        lines.append(language.text(N_("Holder: {name}"), name=view.member.name))
    if view.tier is not None:
        lines.append(language.text(N_("Tier: {tier}, since {day}"), tier=view.tier.name, day=view.tier.since))
        if view.tier.kept_until is not None:
            lines.append("  " + language.text(N_("kept until {day}"), day=view.tier.kept_until))
        if view.tier.next is not None:
            missing = language.amount(view.tier.next.missing)
            next_tier = view.tier.next.tier.name
            lines.append("  " + language.text(N_("{missing} more to {tier}"), missing=missing, tier=next_tier))
    for purse, held in view.purses.items():
        lines.append(
            language.text(
                N_("{purse}: {available} to spend, {pending} pending, {owed} owed"),
                purse=purse,
                available=language.units(held.balance.available, purse),
                pending=language.units(held.balance.pending, purse),
                owed=language.units(held.balance.owed, purse),
            )
        )
        lines += ["  " + _lot(lot, language) for lot in held.lots]
    for won in view.prizes:
        lines.append(
            language.text(
                N_("Won in {draw}: {prize} (ticket {ticket})"), draw=won.title, prize=won.prize, ticket=str(won.ticket)
            )
        )
    if view.last_visit is not None:
        lines.append(language.text(N_("Visits: {count}, the last on {day}"), count=view.visits, day=view.last_visit))
    return lines


def _lot(lot: Lot, language: Language) -> str:
    amount = language.units(lot.remaining, lot.purse)
    if lot.expires is None:
        return language.text(N_("{amount} from {first} on"), amount=amount, first=lot.available)
    return language.text(N_("{amount} from {first} until {last}"), amount=amount, first=lot.available, last=lot.expires)
