"""The tiers of a programme file, and what they must keep to one another: an ordered ladder that every card can start on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from pos_loyalty.domain.message import N_, Message, Rate
from pos_loyalty.domain.money import Millionths, Minor
from pos_loyalty.domain.programme import fields, figures, times
from pos_loyalty.domain.programme.known import Ids
from pos_loyalty.domain.programme.offers import Audience, EarnRate, Offer, PercentOff
from pos_loyalty.domain.programme.problems import shown
from pos_loyalty.domain.programme.rules import StepDown, Tier, Tiers
from pos_loyalty.domain.programme.section import Section, own_ids

CARD = "card"
"""The group of the tiers' own discounts."""
CASHBACK = "cashback"
"""The purse that a tier's cashback goes to."""


MAX_TIERS = 20
"""More than any programme that we know of."""
STEP_DOWN: tuple[StepDown, ...] = get_args(StepDown)


def ladder(file: Section, known: Ids, cap: Millionths | None) -> Tiers | None:
    """The tiers and how they are kept; None where there are none. `cap` is the maximum discount, None where it is left out."""
    settings = file.table("tiers") or file.empty("tiers")
    settings.only(("window", "kept_for", "step_down"))
    plain = Tiers(())
    read = Tiers(
        ladder=_steps(file.tables("tier", MAX_TIERS), known, cap),
        window=settings.get("window", times.window, plain.window),
        kept_for=settings.get("kept_for", times.duration, plain.kept_for),
        step_down=settings.get("step_down", fields.one_of(STEP_DOWN), plain.step_down),
    )
    if read.ladder:
        return read
    if "tiers" in file.values and "tier" not in file.values:
        file.warn(
            "tiers",
            Message(N_("[tiers] says how tiers are kept, and there are none.")),
            Message(N_("Write a [[tier]], or take [tiers] out.")),
        )
    return None


def tier_offers(tiers: Tiers | None) -> tuple[Offer, ...]:
    """What the tiers give, as offers: lowest first, each its discount and then its cashback."""
    read = []
    for tier in () if tiers is None else tiers.ladder:
        audience = Audience(tiers=frozenset({tier.id}))
        if tier.discount:
            off = PercentOff(tier.discount)
            read.append(Offer(f"tier:{tier.id}:discount", tier.name, off, audience, group=CARD, tier=tier.id))
        if tier.cashback:
            earn = EarnRate(CASHBACK, tier.cashback)
            read.append(Offer(f"tier:{tier.id}:cashback", tier.name, earn, audience, tier=tier.id))
    return tuple(read)


def _steps(sections: Sequence[Section], known: Ids, cap: Millionths | None) -> tuple[Tier, ...]:
    tiers: list[Tier] = []
    spends: list[Minor | None] = []
    ids = own_ids(sections)
    for number, section in enumerate(sections):
        section.only(("id", "name", "spend", "discount", "cashback", "named_only"))
        spend = section.need("spend", figures.amount(known.currency))
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
        if tier.cashback:
            _check_cashback(section, known)
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


def _check_cashback(section: Section, known: Ids) -> None:
    write = Message(N_('Write a table [purse.{purse}] with unit = "money".'), purse=CASHBACK)
    if CASHBACK not in known.purses:
        section.error(
            "cashback", Message(N_('Cashback goes to the purse "{purse}", and there is none.'), purse=CASHBACK), write
        )
    elif known.purses[CASHBACK] not in {"money", None}:
        section.error(
            "cashback",
            Message(N_('The purse "{purse}" does not hold {unit}.'), purse=CASHBACK, unit="money"),
            write,
        )
