"""The tiers of a programme file, and what they must keep to one another: an ordered ladder that every card can start on."""

from __future__ import annotations

from collections.abc import Sequence

from pos_loyalty.domain.message import N_, Message, Rate
from pos_loyalty.domain.money import Currency, Millionths, Minor
from pos_loyalty.domain.programme import figures, fields
from pos_loyalty.domain.programme.problems import shown
from pos_loyalty.domain.programme.rules import Tier
from pos_loyalty.domain.programme.section import Section, own_ids

CASHBACK = "cashback"
"""The purse that a tier's cashback goes to."""


def ladder(
    file: Section, sections: Sequence[Section], currency: Currency | None, cap: Millionths | None
) -> tuple[Tier, ...]:
    """The tiers in file order; `cap` is the programme's maximum discount, None where it has none."""
    tiers: list[Tier] = []
    spends: list[Minor | None] = []
    ids = own_ids(sections)
    for number, section in enumerate(sections):
        section.only(("id", "name", "spend", "discount", "cashback", "named_only"))
        spend = section.need("spend", figures.amount(currency))
        tier = Tier(
            id=ids[number],
            name=section.need("name", fields.name) or "",
            spend=spend or 0,
            discount=section.get("discount", figures.rate, 0),
            cashback=section.get("cashback", figures.rate, 0),
            named_only=section.get("named_only", fields.flag, False),
        )
        if number == 0:
            _check_first(tier, section)
        else:
            _check_order(spend, section, spends[-1], sections[number - 1])
            _check_worth(tier, section, tiers[-1])
        if tier.cashback and not _has_cashback_purse(file):
            section.error(
                "cashback",
                Message(N_('Cashback goes to the purse "{purse}", and there is none.'), purse=CASHBACK),
                Message(N_('Write a table [purse.{purse}] with unit = "money".'), purse=CASHBACK),
            )
        if cap is not None and tier.discount > cap:
            section.warn(
                "discount",
                Message(
                    N_("{discount} is more than maximum_discount, so holders get {cap} at most."),
                    discount=Rate(tier.discount),
                    cap=Rate(cap),
                ),
            )
        tiers.append(tier)
        spends.append(spend)
    return tuple(tiers)


def _check_first(tier: Tier, section: Section) -> None:
    if tier.spend:
        section.error(
            "spend",
            Message(N_("Every card starts at the first tier, so its spend has to be zero.")),
            Message(N_("Write zero here, or put a tier with a spend of zero before it.")),
        )
    if tier.named_only:
        section.error(
            "named_only",
            Message(N_("Every card starts at the first tier, so it cannot be for named cards only.")),
            Message(N_("Take named_only out here, or put a tier that is open to all before it.")),
        )


def _check_order(spend: Minor | None, section: Section, before: Minor | None, below: Section) -> None:
    if spend is not None and before is not None and spend <= before:
        section.error(
            "spend",
            Message(
                N_('"{spend}" is not more than "{before}", the spend of the tier before it.'),
                spend=shown(str(section.values["spend"])),
                before=shown(str(below.values["spend"])),
            ),
            Message(N_("Put the tiers in order, the lowest spend first.")),
        )


def _check_worth(tier: Tier, section: Section, below: Tier) -> None:
    for key, rate, rate_below in (
        ("discount", tier.discount, below.discount),
        ("cashback", tier.cashback, below.cashback),
    ):
        if rate < rate_below:
            section.warn(
                key,
                Message(
                    N_("{rate} is less than the {below} of the tier below it: a holder who climbs gets less."),
                    rate=Rate(rate),
                    below=Rate(rate_below),
                ),
            )


def _has_cashback_purse(file: Section) -> bool:
    # A purse that is there and wrong has its own error; that it is missing would be a second one for the same slip.
    purses = file.values.get("purse")
    return isinstance(purses, dict) and CASHBACK in purses
