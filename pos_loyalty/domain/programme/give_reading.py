"""What an offer of a programme file gives: exactly one thing, with what may stand beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.programme import fields, figures, times
from pos_loyalty.domain.programme.known import Ids
from pos_loyalty.domain.programme.offers import (
    AmountOff,
    CouponGiven,
    EarnRate,
    EarnUnits,
    Gift,
    Give,
    Multiply,
    PercentOff,
    SetOff,
)
from pos_loyalty.domain.programme.section import Section

WAYS: Mapping[str, tuple[str, ...]] = {
    # What is given, and what may stand beside it.
    "discount": ("items",),
    "price": ("of",),
    "free": ("of",),
    "gift": (),
    "coupon": ("valid",),
    "earn": ("every", "referrer"),
    "multiply": (),
}
BESIDE = ("items", "of", "valid", "every", "referrer")


def give(offer: Section, known: Ids) -> tuple[Give | None, dict[str, int]]:
    """What an offer gives the holder, and what it gives who sent them; None where it gives to the latter alone, or is wrong."""
    ways = Message(N_("Write one of: {words}."), words=", ".join(WAYS))
    if "give" not in offer.values:
        offer.error("give", Message(N_("What this offer gives is missing.")), ways)
        return None, {}
    section = offer.table("give")
    if section is None:
        return None, {}
    section.only((*WAYS, *BESIDE))
    named = [way for way in WAYS if way in section.values]
    if not named and "referrer" not in section.values:
        offer.error("give", Message(N_("This gives nothing.")), ways)
        return None, {}
    for other in named[1:]:
        section.error(
            other,
            Message(N_('"{key}" and "{other}" cannot be given together.'), key=named[0], other=other),
            Message(N_("Write an offer of its own for each.")),
        )
    if len(named) <= 1:
        _check_beside(section, named[0] if named else None)
    given = _READ[named[0]](section, known) if named else None
    return given, known.units(section, "referrer")


def _check_beside(section: Section, way: str | None) -> None:
    allowed = ("referrer",) if way is None else WAYS[way]
    for key in BESIDE:
        if key in section.values and key not in allowed:
            goes = ", ".join(one for one in WAYS if key in WAYS[one])
            section.error(
                key,
                Message(N_('"{key}" goes with "{other}" alone.'), key=key, other=goes),
                Message(N_("Take it out, or write what it belongs to.")),
            )


def _discount(section: Section, known: Ids) -> Give | None:
    read = section.get("discount", figures.off(known.currency), None)
    items = section.get("items", figures.count, None)
    if read is None:
        return None
    rate, amount = read
    if rate:
        return PercentOff(rate, items)
    if "items" in section.values:
        section.error(
            "items",
            Message(N_("An amount comes off all of the offer's goods, not off some of them.")),
            Message(N_("Take items out, or write a percentage.")),
        )
    return AmountOff(amount)


def _price(section: Section, known: Ids) -> Give | None:
    price = section.get("price", figures.above_zero(figures.amount(known.currency)), None)
    of = section.get("of", figures.count, 1)
    return None if price is None else SetOff(of, price=price)


def _free(section: Section, known: Ids) -> Give | None:
    free = section.get("free", figures.count, None)
    of = section.need("of", figures.count)
    if free is None or of is None:
        return None
    if free >= of:
        section.error(
            "free",
            Message(N_("{free} free of {of} leaves nothing to pay for."), free=free, of=of),
            Message(N_("Write how many of a set are free, and with of how many there are in it: free = 1, of = 3.")),
        )
    return SetOff(of, free=free)


def _gift(section: Section, known: Ids) -> Give | None:
    sku = section.get("gift", fields.label, None)
    return None if sku is None else Gift(sku)


def _coupon(section: Section, known: Ids) -> Give | None:
    offer = section.get("coupon", known.coupon, None)
    valid = section.get("valid", times.duration, None)
    return None if offer is None else CouponGiven(offer, valid)


def _earn(section: Section, known: Ids) -> Give | None:
    every = section.get("every", figures.every(known.currency), None)
    earn = section.values["earn"]
    rated = [key for key, value in earn.items() if _is_rate(value)] if isinstance(earn, dict) else []
    if not rated or not isinstance(earn, dict):
        units = known.units(section, "earn")
        return EarnUnits(units, every) if units else None
    table = section.table("earn")
    purse = rated[0]
    if table is None or purse not in known.purses_in(table):
        return None
    if len(earn) > 1:
        table.error(
            purse,
            Message(N_("A percentage is earned into one purse.")),
            Message(N_("Write an offer of its own for each.")),
        )
    if "every" in section.values:
        section.error(
            "every",
            Message(N_("A percentage is of all that is paid, without steps.")),
            Message(N_("Take every out, or write an amount for each step.")),
        )
    if known.purses[purse] not in {"money", None}:
        table.error(
            purse,
            Message(
                N_("A percentage of what is paid is money, and this purse holds {unit}."),
                unit=known.purses[purse] or "",
            ),
            Message(N_('Write a whole number, and with every for how much paid: every = "1.00".')),
        )
    return EarnRate(purse, table.get(purse, figures.part, 0))


def _is_rate(value: object) -> bool:
    return isinstance(value, str) and "%" in value


def _multiply(section: Section, known: Ids) -> Give | None:
    table = section.part("multiply")
    if table is None:
        return None
    return Multiply({purse: table.get(purse, figures.factor, 0) for purse in known.purses_in(table)})


_READ: Mapping[str, Callable[[Section, Ids], Give | None]] = {
    "discount": _discount,
    "price": _price,
    "free": _free,
    "gift": _gift,
    "coupon": _coupon,
    "earn": _earn,
    "multiply": _multiply,
}
