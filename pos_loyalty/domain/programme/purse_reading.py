"""The purses of a programme file: what a holder can have, in money or in units of the shop's own."""

from __future__ import annotations

from dataclasses import replace

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.money import Currency
from pos_loyalty.domain.programme import fields, figures, times
from pos_loyalty.domain.programme.known import UNITS
from pos_loyalty.domain.programme.rules import CountsAs, Purse, PurseUnit, Spend
from pos_loyalty.domain.programme.section import Section

MAX_PURSES = 20
"""More than any programme that we know of, and few enough for one screen."""
COUNTS_AS: tuple[CountsAs, ...] = ("discount", "tender")


def purses(file: Section, currency: Currency | None) -> tuple[Purse, ...]:
    """The purses in file order, which is the order in which they are spent."""
    section = file.table("purse")
    if section is None:
        return ()
    return tuple(_purse(purse_id, purse, currency) for purse_id, purse in section.named_tables(MAX_PURSES))


def _purse(purse_id: str, section: Section, currency: Currency | None) -> Purse:
    section.only(("unit", "hold", "expires", "worth", "spend"))
    unit = section.need("unit", fields.one_of(UNITS))
    worth = section.get("worth", figures.worth, None)
    if "worth" in section.values and unit in {"money", "tickets"}:
        section.error(
            "worth",
            Message(N_("Only points and stamps have a worth: money is worth itself, and tickets are for a draw.")),
            Message(N_("Take worth out.")),
        )
    pays = unit == "money" or "worth" in section.values
    if unit is not None and "spend" in section.values and not pays:
        section.error(
            "spend",
            Message(N_("What is in this purse does not pay like money, so there is nothing to say about spending it.")),
            Message(N_('Write what a unit is worth, for instance worth = "0.01", or take spend out.')),
        )
    if unit is not None and pays and "expires" not in section.values:
        section.warn(
            "expires",
            Message(N_("What is in this purse never expires: a liability without end.")),
            Message(N_('Write for instance expires = "12 months", or expires = "never" if that is what you want.')),
        )
    plain = Purse(purse_id)
    return replace(
        plain,
        unit=unit or plain.unit,
        worth=worth,
        hold=section.get("hold", times.duration, plain.hold),
        expires=section.get("expires", times.lifetime, plain.expires),
        spend=_spend(section.table("spend"), unit, currency),
    )


def _spend(section: Section | None, unit: PurseUnit | None, currency: Currency | None) -> Spend:
    plain = Spend()
    if section is None:
        return plain
    section.only(("minimum", "up_to", "counts_as"))
    return Spend(
        minimum=section.get("minimum", figures.amount(currency) if unit == "money" else figures.count, plain.minimum)
        if unit is not None
        else plain.minimum,
        up_to=section.get("up_to", figures.rate, plain.up_to),
        counts_as=section.get("counts_as", fields.one_of(COUNTS_AS), plain.counts_as),
    )
