"""`operator`: who works here, added and changed from the machine itself; a PIN is never part of a call, and never shown.

Whoever can run this has the store's file in their hands, so no right is asked for: this is also how an owner who forgot the PIN
gets a new one.
"""

from __future__ import annotations

import sys
from typing import Any

from pos_loyalty.cli.arguments import DONE
from pos_loyalty.cli.call import Call, CallWrong, register_of
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.operator import Operator, checked_pin, digits_typed
from pos_loyalty.till import operators
from pos_loyalty.till.operators import ROLE_NAMES, Change


def add(call: Call) -> int:
    """Add somebody."""
    options = call.options
    with register_of(call.settings) as register:
        pin = _pin(call)
        made = operators.add(register, options.name, options.role, pin, call.who(), card=options.card, by_right=False)
    if call.options.json:
        call.out.json(_answer(made))
    else:
        call.say(
            N_("{name} is a {role} here now, and signs in with the PIN."),
            name=made.name,
            role=Message(ROLE_NAMES[made.role]),
        )
    return DONE


def change(call: Call) -> int:
    """Change somebody."""
    options = call.options
    if not (options.role or options.active or options.card or options.pin or options.pin_stdin):
        raise CallWrong(Message(N_("Say what changes: --role, --active, --card or --pin.")))
    with register_of(call.settings) as register:
        wish = Change(
            role=options.role,
            pin=_pin(call) if options.pin or options.pin_stdin else None,
            active=None if options.active is None else options.active == "yes",
            card="" if options.card == "none" else options.card,
        )
        changed = operators.change(register, options.name, wish, call.who(), by_right=False)
    if options.json:
        call.out.json(_answer(changed))
    else:
        call.out.line(_line(call, changed))
    return DONE


def listed(call: Call) -> int:
    """List everybody."""
    with register_of(call.settings) as register:
        found = operators.listed(register)
    if call.options.json:
        call.out.json([_answer(one) for one in found])
        return DONE
    if not found:
        call.say(N_("Nobody has a PIN here yet: the first start of the terminal makes the owner's, or `operator add`."))
    for one in found:
        call.out.line(_line(call, one))
    return DONE


def _pin(call: Call) -> str:
    """The PIN from the first line of standard input, or asked for twice without showing it."""
    if call.options.pin_stdin:
        return sys.stdin.readline()
    if sys.stdin is None or not sys.stdin.isatty():
        raise CallWrong(Message(N_("A PIN is typed at a keyboard; through a pipe it takes --pin-stdin.")))
    from getpass import getpass  # noqa: PLC0415 - only a person is asked

    first = checked_pin(getpass(call.language.text(N_("PIN: "))))
    if digits_typed(getpass(call.language.text(N_("PIN again: ")))) != first:
        raise CallWrong(Message(N_("The two PINs differ: nothing was changed.")))
    return first


def _answer(operator: Operator) -> dict[str, Any]:
    return {
        "name": operator.name,
        "role": operator.role,
        "active": operator.active,
        "account": operator.account,
        "locked_until": operator.locked_until.isoformat() if operator.locked_until else None,
    }


def _line(call: Call, operator: Operator) -> str:
    words = [call.language.text(ROLE_NAMES[operator.role])]
    if not operator.active:
        words.append(call.language.text(N_("works here no longer")))
    if operator.account:
        words.append(call.language.text(N_("own card connected")))
    return f"{operator.name}: {', '.join(words)}"
