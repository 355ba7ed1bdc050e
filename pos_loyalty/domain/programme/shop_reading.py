"""What a programme file says of the shop beside its offers: goods only paid for, returns, clubs, certificates, draws, partners."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.money import Currency
from pos_loyalty.domain.programme import fields, figures, times
from pos_loyalty.domain.programme.known import Ids
from pos_loyalty.domain.programme.rules import (
    Club,
    Draw,
    Exclude,
    GiftCertificates,
    Guard,
    OwnCard,
    Partners,
    Returns,
    WhenSpent,
)
from pos_loyalty.domain.programme.section import Section, own_ids

MAX_EXCLUDES = 1_000
MAX_CLUBS = 100
MAX_DRAWS = 100
"""More of each than any programme that we know of, and few enough to price a bill in no time."""

WHEN_SPENT: tuple[WhenSpent, ...] = get_args(WhenSpent)
OWN_CARD: tuple[OwnCard, ...] = get_args(OwnCard)
JOIN = ("spend", "fee", "by_hand")


def excludes(file: Section) -> tuple[Exclude, ...]:
    """The goods that are only paid for."""
    read = []
    for section in file.tables("exclude", MAX_EXCLUDES):
        section.only(("departments", "skus", "reduced"))
        if not section.values:
            file.found.error(
                section.path,
                section.name,
                Message(N_("This names no goods, so it would leave out all of them.")),
                Message(N_("Name departments, skus or reduced below it.")),
            )
        read.append(
            Exclude(section.texts("departments"), section.texts("skus"), section.get("reduced", fields.flag, None))
        )
    return tuple(read)


def returns(file: Section) -> Returns:
    """How a return is settled."""
    plain = Returns()
    section = file.table("returns") or file.empty("returns")
    section.only(("when_spent", "restored_for"))
    return Returns(
        when_spent=section.get("when_spent", fields.one_of(WHEN_SPENT), plain.when_spent),
        restored_for=section.get("restored_for", times.duration, plain.restored_for),
    )


def clubs(file: Section, currency: Currency | None) -> tuple[Club, ...]:
    """The clubs, in file order."""
    sections = file.tables("club", MAX_CLUBS)
    read = []
    for own, section in zip(own_ids(sections), sections, strict=True):
        section.only(("id", "title", "join", "lasts"))
        title = section.need("title", fields.name) or ""
        join = _join(section)
        within = None if join is None else join.get("within", times.some_time, None)
        money = figures.above_zero(figures.amount(currency))
        read.append(
            Club(
                own,
                title,
                spend=None if join is None else join.get("spend", money, None),
                within=within,
                fee=None if join is None else join.get("fee", money, None),
                lasts=section.get("lasts", times.some_time, None),
            )
        )
    return tuple(read)


def _join(section: Section) -> Section | None:
    """The one way in which a club is joined."""
    ways = Message(
        N_("Write one of: {spend}, {fee}, {by_hand}."),
        spend='join = { spend = "300.00", within = "3 months" }',
        fee='join = { fee = "20.00" }',
        by_hand="join = { by_hand = true }",
    )
    if "join" not in section.values:
        section.error("join", Message(N_("How this club is joined is missing.")), ways)
    join = section.table("join")
    if join is None:
        return None
    join.only((*JOIN, "within"))
    named = [key for key in JOIN if key in join.values]
    if len(named) != 1:
        section.error("join", Message(N_("A club is joined in one way.")), ways)
    if "within" in join.values and "spend" not in join.values:
        join.error("within", Message(N_('"{key}" goes with "{other}" alone.'), key="within", other="spend"), ways)
    join.get("by_hand", fields.meant, False)
    return join


def certificates(file: Section, currency: Currency | None) -> GiftCertificates | None:
    """Which gift certificates are sold; None where none are."""
    section = file.table("gift_certificate")
    if section is None:
        return None
    section.only(("expires", "amounts"))
    if "expires" not in section.values:
        section.warn(
            "expires",
            Message(N_("Gift certificates never expire: a liability without end.")),
            Message(N_('Write for instance expires = "24 months", or expires = "never" if that is what you want.')),
        )
    amounts = section.listed("amounts", figures.above_zero(figures.amount(currency)))
    _once(section, "amounts", amounts)
    return GiftCertificates(section.get("expires", times.until_gone, None), amounts)


def draws(file: Section, known: Ids) -> tuple[Draw, ...]:
    """The prize draws, in file order."""
    sections = file.tables("draw", MAX_DRAWS)
    read = []
    for own, section in zip(own_ids(sections), sections, strict=True):
        section.only(("id", "title", "purse", "closes", "prizes"))
        title = section.need("title", fields.name) or ""
        purse = section.need("purse", known.purse_of("tickets")) or ""
        closes = section.need("closes", times.day)
        if "prizes" not in section.values:
            section.error(
                "prizes",
                Message(N_("{key} is missing."), key="prizes"),
                Message(N_('Write what can be won, one prize after another: prizes = ["Gift basket", "Mug", "Mug"].')),
            )
        prizes = section.listed("prizes", fields.name)
        if closes is not None:
            read.append(Draw(own, title, purse, closes, prizes))
    return tuple(read)


def guard(file: Section) -> Guard:
    """What is watched at the till."""
    plain = Guard()
    section = file.table("guard") or file.empty("guard")
    section.only(("bills_per_card_per_day", "own_card", "late_card"))
    return Guard(
        section.get("bills_per_card_per_day", figures.count, plain.bills_per_card_per_day),
        section.get("own_card", fields.one_of(OWN_CARD), plain.own_card),
        section.get("late_card", times.seconds, plain.late_card),
    )


def partners(file: Section, known: Ids) -> Partners | None:
    """The shops that honour one another's purse; None for a shop of its own."""
    section = file.table("partners")
    if section is None:
        return None
    section.only(("purse", "members"))
    purse = section.need("purse", known.purse_of("money"))
    if "members" not in section.values:
        section.error("members", Message(N_("{key} is missing."), key="members"), _NAME_THEM)
    members = section.listed("members", fields.identifier)
    _once(section, "members", [member.lower() for member in members])
    if len(members) == 1 and section.values["members"] == [members[0]]:
        section.error("members", Message(N_("One shop has no partners.")), _NAME_THEM)
    return Partners(purse or "", members)


_NAME_THEM = Message(N_('Name every shop, your own included: members = ["corner-shop", "health-food"].'))


def _once(section: Section, key: str, values: Sequence[object]) -> None:
    for index, value in enumerate(values):
        if value in values[:index]:
            section.found.error(
                (*section.path, key, index),
                section.field(key),
                Message(N_("Number {number} in the list stands in it already."), number=index + 1),
                Message(N_("Keep one of the two.")),
            )
            return
