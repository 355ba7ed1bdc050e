"""`shift`: the drawer's shift opened, read, moved and closed; what is printed is what the paper would say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pos_loyalty.cli.arguments import DONE
from pos_loyalty.cli.call import Call, CallWrong, register_of
from pos_loyalty.cli.paper import shop_of
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.money import MAX_MINOR, Currency, Minor, parse_decimal, plain, plain_rate
from pos_loyalty.domain.shift import ShiftReport
from pos_loyalty.language import Language
from pos_loyalty.receipt import as_text, shift_slip
from pos_loyalty.till import shifts
from pos_loyalty.till.programmes import InForce, current
from pos_loyalty.till.register import Register

COLUMNS = 42
"""Paper of 80 mm."""


def open_(call: Call) -> int:
    """Open the next shift."""
    with _at(call) as (register, rules):
        currency = rules.programme.currency
        opening = _amount(call.options.float, currency, "--float")
        shift = shifts.open_shift(register, opening, call.who())
    if call.options.json:
        call.out.json(
            {
                "number": shift.number,
                "register": shift.register,
                "opened_at": shift.opened_at.isoformat(),
                "opened_by": shift.opened_by,
                "float": plain(opening, currency.digits),
                "first_entry": shift.first_entry,
            }
        )
    else:
        call.say(
            N_("Shift {number} is open at {register}, with {amount} in the drawer."),
            number=shift.number,
            register=shift.register,
            amount=Language(call.settings.language, currency).amount(opening),
        )
    return DONE


def x(call: Call) -> int:
    """What the open shift has come to."""
    with _at(call) as (register, rules):
        report = shifts.x_report(register, call.who())
    _show(call, report, rules)
    return DONE


def close(call: Call) -> int:
    """Close the open shift."""
    with _at(call) as (register, rules):
        counted = _amount(call.options.counted, rules.programme.currency, "--counted")
        report = shifts.close_shift(register, counted, call.who())
    _show(call, report, rules)
    return DONE


def show(call: Call) -> int:
    """A closed shift's Z report again, marked as a copy."""
    with _at(call) as (register, rules):
        report = shifts.z_report(register, call.options.number)
    _show(call, report, rules, copy=True)
    return DONE


def pay_in(call: Call) -> int:
    """Cash put into the drawer beside the sales."""
    return _pay(call, 1)


def pay_out(call: Call) -> int:
    """Cash taken out of it."""
    return _pay(call, -1)


def _pay(call: Call, sign: int) -> int:
    with _at(call) as (register, rules):
        currency = rules.programme.currency
        amount = _amount(call.options.amount, currency, "AMOUNT")
        move = shifts.pay(register, sign * amount, call.options.reason, call.who())
        expected = shifts.x_report(register, call.who()).drawer.expected
    if call.options.json:
        call.out.json(
            {
                "id": move.id,
                "at": move.at.isoformat(),
                "operator": move.operator,
                "amount": plain(move.amount, currency.digits),
                "reason": move.reason,
                "expected": plain(expected, currency.digits),
            }
        )
    else:
        language = Language(call.settings.language, currency)
        call.say(
            N_("{amount}: {reason}. There should be {expected} in the drawer now."),
            amount=language.signed(move.amount),
            reason=move.reason,
            expected=language.amount(expected),
        )
    return DONE


@contextmanager
def _at(call: Call) -> Iterator[tuple[Register, InForce]]:
    with register_of(call.settings) as register:
        yield register, current(register)


def _amount(written: str, currency: Currency, option: str) -> Minor:
    try:
        amount = parse_decimal(written, currency.digits)
    except ValueError:
        amount = -1
    if not 0 <= amount <= MAX_MINOR:
        raise CallWrong(
            Message(
                N_("{option}: {text} is no amount; write it like {example}."),
                option=option,
                text=written[:40],
                example=plain(5 * 10**currency.digits, currency.digits),
            )
        )
    return amount


def _show(call: Call, report: ShiftReport, rules: InForce, *, copy: bool = False) -> None:
    if call.options.json:
        call.out.json(facts(report))
        return
    programme = rules.programme
    language = Language(call.settings.language, programme.currency, purses=rules.units)
    slip = shift_slip(report, shop_of(call.settings, programme), language, copy=copy, local=programme.local)
    call.out.text(as_text(slip, COLUMNS))


def facts(report: ShiftReport) -> dict[str, object]:
    """The report for programs: amounts as texts with the currency's decimals, moments as ISO 8601."""
    digits = Currency.of(report.currency).digits

    def money(minor: Minor | None) -> str | None:
        return None if minor is None else plain(minor, digits)

    def units(amount: int, unit: str) -> str:
        return plain(amount, digits) if unit == report.currency else str(amount)

    drawer, plainly = report.drawer, ("bills", "returns", "memberships", "late_cards", "first_entry", "last_entry")
    return {
        "kind": "z" if report.closed else "x",
        "register": report.register,
        "number": report.number,
        "currency": report.currency,
        "opened_at": report.opened_at.isoformat(),
        "opened_by": report.opened_by,
        "at": report.at.isoformat(),
        "operator": report.operator,
        **{name: getattr(report, name) for name in plainly},
        "head": report.head,
        "first_receipt": report.first_receipt,
        "last_receipt": report.last_receipt,
        **{
            name: money(getattr(report, name))
            for name in ("gross", "discounts", "spent", "due", "returned", "net", "rounding", "change")
        },
        "by_offer": {one.offer: money(one.amount) for one in report.by_offer},
        "vat": [{"rate": plain_rate(one.rate), "net": money(one.net), "vat": money(one.vat)} for one in report.vat],
        "tenders": {
            one.kind: {"taken": money(one.taken), "given_back": money(one.given_back)} for one in report.tenders
        },
        "purses": {
            one.purse: {
                name: units(getattr(one, name), one.unit)
                for name in ("earned", "redeemed", "expired", "restored", "taken_back", "by_hand")
            }
            for one in report.purses
        },
        "certificates": {
            "sold": report.certificates_sold,
            "sold_for": money(report.certificates_sold_for),
            "taken": report.certificates_taken,
            "taken_for": money(report.certificates_taken_for),
        },
        "drawer": {
            "float": money(drawer.opening_float),
            **{name: money(getattr(drawer, name)) for name in ("cash_in", "cash_out", "paid_in", "paid_out")},
            "opened": drawer.opened,
            **{name: money(getattr(drawer, name)) for name in ("expected", "counted", "variance")},
        },
    }
