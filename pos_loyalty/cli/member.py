"""`member`: card holders enrolled, found and shown."""

from __future__ import annotations

from typing import Any

from pos_loyalty.cli.answers import Units, card_answer
from pos_loyalty.cli.arguments import DONE
from pos_loyalty.cli.call import Call, register_of
from pos_loyalty.cli.card import card_lines
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.language import Language
from pos_loyalty.till import holders
from pos_loyalty.till.cards import STATUS_NAMES
from pos_loyalty.till.holders import Enrolment, Holder
from pos_loyalty.till.programmes import current

MOST_FOUND = 100
"""Card holders listed at once: whoever searches for one among more types another letter."""


def add(call: Call) -> int:
    """Enrol a card holder."""
    options = call.options
    wish = Enrolment(
        name=options.name,
        card=options.card,
        phone=options.phone,
        email=options.email,
        birthday=call.day("birthday"),
        language=options.language,
        referred_by=options.referred_by,
        joined=call.day("joined"),
    )
    with register_of(call.settings) as register:
        holder = holders.enrol(register, wish)
    if options.json:
        call.out.json(member_answer(holder))
    else:
        for line in member_lines(holder, call.language):
            call.out.line(line)
    return DONE


def find(call: Call) -> int:
    """Find card holders; finding none is an answer too."""
    with register_of(call.settings) as register:
        found = holders.find(register, call.options.text, MOST_FOUND)
    if call.options.json:
        call.out.json(
            [
                {"account": one.account, "name": one.name, "phone": one.phone, "card": one.card, "status": one.status}
                for one in found
            ]
        )
    elif not found:
        call.say(N_("No card holder was found."))
    for one in () if call.options.json else found:
        status = call.language.text(STATUS_NAMES[one.status]) if one.status else ""
        call.out.line("  ".join(part for part in (one.card or "-", one.name or "-", one.phone, status) if part))
    return DONE


def show(call: Call) -> int:
    """Print who holds a card, and what the card says."""
    with register_of(call.settings) as register:
        holder, view = holders.show(register, call.options.key, call.moment("at", register))
        if view is None:
            if call.options.json:
                call.out.json({**member_answer(holder), "card": None})
            else:
                for line in member_lines(holder, call.language):
                    call.out.line(line)
            return DONE
        rules = current(register)
    currency = rules.programme.currency
    if call.options.json:
        call.out.json({**member_answer(holder), "card": card_answer(view, Units(currency, rules.units))})
        return DONE
    language = Language(call.settings.language, currency, purses=rules.units)
    for line in [*member_lines(holder, language), *card_lines(view, language)]:
        call.out.line(line)
    return DONE


def member_answer(holder: Holder) -> dict[str, Any]:
    """A member's facts."""
    member = holder.member
    return {
        "account": member.account,
        "name": member.name,
        "cards": [{"number": card.number, "kind": card.kind, "status": card.status} for card in holder.cards],
        "phone": member.phone,
        "email": member.email,
        "birthday": member.birthday.isoformat() if member.birthday else None,
        "language": member.language,
        "referred_by": member.referred_by,
        "joined": member.joined.isoformat() if member.joined else None,
    }


def member_lines(holder: Holder, language: Language) -> list[str]:
    """A member for a person, line by line."""
    member = holder.member
    lines = [language.text(N_("Holder: {name}"), name=member.name)]
    facts = (
        (N_("Phone: {value}"), member.phone),
        (N_("E-mail: {value}"), member.email),
        (N_("Birthday: {value}"), member.birthday),
        (N_("Language: {value}"), member.language),
        (N_("Joined: {value}"), member.joined),
        (N_("Account: {value}"), member.account),
    )
    lines += [language.text(template, value=value) for template, value in facts if value is not None]
    lines += [
        language.text(N_("Card {card}: {status}"), card=card.number, status=Message(STATUS_NAMES[card.status]))
        for card in holder.cards
    ]
    return lines
