"""What works in a programme and is probably not what its owner means: offers that can never apply, ids that nobody uses.

Looked for in a programme that has no error, so that nothing here is said about a slip that is noted already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pos_loyalty.domain.message import N_, Message, Rate
from pos_loyalty.domain.money import MILLION
from pos_loyalty.domain.programme.never import filled, never
from pos_loyalty.domain.programme.offers import EarnUnits, Offer, PercentOff, SetOff
from pos_loyalty.domain.programme.problems import suggestion
from pos_loyalty.domain.programme.rivals import adding_up, losers
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.programme.section import Section


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of a programme stand in its file, by id."""

    file: Section
    purses: Mapping[str, Section]
    tiers: Mapping[str, Section]
    clubs: Mapping[str, Section]
    offers: Mapping[str, Section]

    def warn(self, offer: Offer, key: str, message: Message, mend: Message) -> None:
        """Note what is doubtful about an offer: at a key of its own, or at the tier's key that it stands for."""
        if offer.tier is None:
            self.offers[offer.id].warn(key, message, mend)
        else:
            self.tiers[offer.tier].warn("discount" if isinstance(offer.give, PercentOff) else "cashback", message, mend)


def note_doubts(programme: Programme, file: Section) -> None:
    """Note all that is doubtful about a programme that was read from this file without an error."""
    places = Places(file, *(_by_id(file, key) for key in ("purse", "tier", "club", "offer")))
    dead = never(programme)
    for offer in programme.offers:
        if offer.id in dead:
            doubt = dead[offer.id]
            places.warn(offer, doubt.key, doubt.message, doubt.mend)
        elif offer.tier is None:
            _idle_words(offer, programme, places)
    _unused(programme, places)
    _groups(programme, places)
    for loser, winner in losers(programme, dead):
        places.warn(
            loser,
            "group",
            Message(
                N_(
                    '"{winner}" is in the group "{group}" too and gives no less wherever this could be given: it never is.'
                ),
                winner=winner.id,
                group=loser.group or "",
            ),
            Message(N_("Let it give more, or put it into another group.")),
        )
    together = adding_up(programme, dead)
    if together is not None:
        meeting, off = together
        file.below("programme").warn(
            "maximum_discount",
            Message(
                N_("These can meet on a line and would take {off} off it, of which {cap} is given: {offers}."),
                off=Rate(off),
                cap=Rate(programme.maximum_discount),
                offers=", ".join(offer.id for offer in meeting),
            ),
            Message(N_("Put offers that shall not meet into one group, or leave it at the maximum.")),
        )


def _by_id(file: Section, key: str) -> dict[str, Section]:
    values = file.values.get(key, [])
    if isinstance(values, dict):
        table = file.below(key)
        return {own: table.below(own) for own in values}
    return {str(section.values["id"]): section for section in file.tables(key, MILLION)}


def _idle_words(offer: Offer, programme: Programme, places: Places) -> None:
    """Words of an offer that say nothing."""
    give = offer.give
    steps = isinstance(give, SetOff) or offer.costs or (isinstance(give, EarnUnits) and give.every is not None)
    if offer.limit.a_bill is not None and not steps:
        places.warn(
            offer,
            "limit",
            Message(N_("This is given once a bill anyway, so a_bill restricts nothing.")),
            Message(N_("Take a_bill out.")),
        )
    if offer.audience.everyone and (offer.costs or offer.kind in {"earning", "multiplier"}):
        places.warn(
            offer,
            "for",
            Message(N_("A bill without a card has no purse, so everyone changes nothing here.")),
            Message(N_("Take everyone out.")),
        )
    cap = programme.maximum_discount
    most = 0
    if isinstance(give, PercentOff):
        most = give.rate
    elif isinstance(give, SetOff):
        most = give.free * MILLION // give.of
    if most > cap and not offer.costs:
        places.warn(
            offer,
            "give",
            Message(
                N_("{discount} is more than maximum_discount, so holders get {cap} at most."),
                discount=Rate(most),
                cap=Rate(cap),
            ),
            Message(N_("Write no more than the maximum, or raise it.")),
        )


def _unused(programme: Programme, places: Places) -> None:
    used = {purse for offer in programme.offers for purse in offer.costs}
    fills = filled(programme.offers)
    shared = {programme.partners.purse} if programme.partners else set()
    drawn = {draw.purse for draw in programme.draws}
    for purse in programme.purses:
        section = places.purses[purse.id]
        if not purse.pays and purse.id not in used | drawn:
            section.warn(
                "unit",
                Message(N_("Nobody can use what is in this purse.")),
                Message(N_("Write a [[draw]] for its tickets, or take the purse out."))
                if purse.unit == "tickets"
                else Message(N_("Write an [[offer]] that costs some of it, or say what it is worth.")),
            )
        if purse.id not in fills | used | shared:
            section.warn(
                "unit",
                Message(N_("Nothing in this file fills this purse.")),
                Message(N_("Write an [[offer]] that earns into it, or take the purse out.")),
            )
    named = {club for offer in programme.offers for club in offer.audience.clubs}
    for club in programme.clubs:
        if club.id not in named:
            places.clubs[club.id].warn(
                "id",
                Message(N_("No offer is for this club, so to be in it gives nothing.")),
                Message(N_('Write for = {{ clubs = ["{club}"] }} into an offer, or take the club out.'), club=club.id),
            )


def _groups(programme: Programme, places: Places) -> None:
    members: dict[str, list[Offer]] = {}
    for offer in programme.offers:
        if offer.group is not None:
            members.setdefault(offer.group, []).append(offer)
    for group, offers in members.items():
        if len(offers) == 1 and offers[0].tier is None:
            others = [other for other in members if other != group]
            places.warn(
                offers[0],
                "group",
                Message(
                    N_('No other offer is in the group "{group}", so there is no best of it to take.'), group=group
                ),
                suggestion(group, others) if others else Message(N_("Take group out.")),
            )
