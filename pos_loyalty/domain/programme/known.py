"""What the rest of a programme file can name: the ids that stand in it, taken before anything is read.

An id whose own table is wrong is still known, so that one slip is one problem and not one for each use of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import get_args

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.money import Currency
from pos_loyalty.domain.programme import fields, figures
from pos_loyalty.domain.programme.problems import Wrong
from pos_loyalty.domain.programme.rules import PurseUnit
from pos_loyalty.domain.programme.section import Section

UNITS: tuple[PurseUnit, ...] = get_args(PurseUnit)


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of a file: purses with their units (None: not a known one), tiers, clubs, offers and whether they need a coupon."""

    currency: Currency | None
    purses: Mapping[str, PurseUnit | None]
    tiers: frozenset[str]
    clubs: frozenset[str]
    offers: Mapping[str, bool]

    def purse(self, value: object) -> str:
        """Reads the id of a purse."""
        return fields.among(self.purses, Message(N_("Write a table [purse.ID] for it.")))(value)

    def purse_of(self, unit: PurseUnit) -> Callable[[object], str]:
        """Reads the id of a purse that holds this unit."""

        def read(value: object) -> str:
            purse = self.purse(value)
            if self.purses[purse] not in {unit, None}:
                raise Wrong(
                    Message(N_('The purse "{purse}" does not hold {unit}.'), purse=purse, unit=unit),
                    Message(N_('Name a purse with unit = "{unit}".'), unit=unit),
                )
            return purse

        return read

    def tier(self, value: object) -> str:
        """Reads the id of a tier."""
        return fields.among(self.tiers, Message(N_("Write a [[tier]] with that id.")))(value)

    def club(self, value: object) -> str:
        """Reads the id of a club."""
        return fields.among(self.clubs, Message(N_("Write a [[club]] with that id.")))(value)

    def coupon(self, value: object) -> str:
        """Reads the id of an offer that a coupon is for."""
        offer = fields.among(self.offers, Message(N_("Write an [[offer]] with that id.")))(value)
        if not self.offers[offer]:
            raise Wrong(
                Message(N_('The offer "{offer}" asks for no coupon, so one for it would do nothing.'), offer=offer),
                Message(N_("Write needs = {{ coupon = true }} into that offer.")),
            )
        return offer

    def units(self, section: Section, key: str) -> dict[str, int]:
        """So much of each purse in the table of a key: amounts for purses of money, whole numbers for the rest."""
        table = section.part(key)
        read: dict[str, int] = {}
        for purse in self.purses_in(table):
            match self.purses[purse] if table else None:
                case None:
                    continue  # its own problem is noted where the purse stands
                case "money":
                    how = figures.above_zero(figures.amount(self.currency))
                case _:
                    how = figures.count
            if table is not None:
                read[purse] = table.get(purse, how, 0)
        return read

    def purses_in(self, table: Section | None) -> list[str]:
        """The keys of a table that are purses; the others are noted."""
        known: list[str] = []
        for key in table.values if table is not None else ():
            if table is None or table.found.full:
                break
            try:
                known.append(self.purse(key))
            except Wrong as wrong:
                table.error(key, wrong.message, wrong.mend)
        return known


def ids_of(file: Section, currency: Currency | None) -> Ids:
    """The ids that stand in a file."""
    purses = file.values.get("purse")
    return Ids(
        currency,
        {
            purse: next((unit for unit in UNITS if isinstance(table, dict) and table.get("unit") == unit), None)
            for purse, table in (purses.items() if isinstance(purses, dict) else ())
        },
        frozenset(_ids(file, "tier")),
        frozenset(_ids(file, "club")),
        {own: _needs_coupon(table) for own, table in _ids(file, "offer").items()},
    )


def _ids(file: Section, key: str) -> dict[str, Mapping[str, object]]:
    listed = file.values.get(key)
    found: dict[str, Mapping[str, object]] = {}
    for table in listed if isinstance(listed, list) else ():
        own = table.get("id") if isinstance(table, dict) else None
        if isinstance(own, str):
            found[own] = table
    return found


def _needs_coupon(table: Mapping[str, object]) -> bool:
    needs = table.get("needs")
    return isinstance(needs, dict) and "coupon" in needs and needs["coupon"] is not False
