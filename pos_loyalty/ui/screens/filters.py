"""Which card holders are listed: each filter on a line, changed with the arrow keys or by typing a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from textual import events
from textual.app import ComposeResult

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.stage import STAGES, Stage
from pos_loyalty.language import Unreadable, parse_amount
from pos_loyalty.till.holder_list import NO_FILTERS, Filters
from pos_loyalty.ui.commands import Command, bindings, silent
from pos_loyalty.ui.desk import Desk
from pos_loyalty.ui.screens.base import Dialog
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.widgets.table import Column, Table
from pos_loyalty.ui.wording import worded

MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
STAGE_NAMES: dict[Stage, str] = {
    "prospect": N_("prospects"),
    "visitor": N_("visitors"),
    "buyer": N_("buyers"),
    "client": N_("clients"),
    "supporter": N_("supporters"),
}
STAGE_MEANINGS: dict[Stage, str] = {
    "prospect": N_("Prospects have a card and never bought."),
    "visitor": N_("Visitors bought on one day."),
    "buyer": N_("Buyers bought on two days or more, and are no clients."),
    "client": N_("Clients bought on three days or more, and are away no longer than twice their usual gap."),
    "supporter": N_("Supporters bought, and sent somebody who bought. (The report also counts the best fifth.)"),
}
MOST_DIGITS = 12

_CHOICES = ("tier", "club", "stage", "birth_month", "purse")
_NUMBERS = ("away_for", "seen_within", "at_least")
FIELDS = ("tier", "club", "stage", "away_for", "seen_within", "purse", "at_least", "birth_month")


def filter_words(desk: Desk, filters: Filters) -> str:
    """Filters as one line of words; nothing where there are none."""
    text, plural, said = desk.language.text, desk.language.plural, []
    if filters.tier is not None:
        said.append(text("tier {tier}", tier=tier_name(desk, filters.tier)))
    if filters.club is not None:
        said.append(desk.club(filters.club))
    if filters.stage is not None:
        said.append(text(STAGE_NAMES[filters.stage]))
    if filters.away_for is not None:
        said.append(plural("not seen for a day", "not seen for {n} days", filters.away_for))
    if filters.seen_within is not None:
        said.append(plural("seen today", "seen in the last {n} days", filters.seen_within))
    if filters.purse is not None and filters.at_least is not None:
        least = worded(desk, filters.at_least, filters.purse)
        said.append(text("{purse} at least {amount}", purse=desk.purse(filters.purse), amount=least))
    if filters.birth_month is not None:
        said.append(text("birthday in {month}", month=text(MONTHS[filters.birth_month - 1])))
    return " · ".join(said)


def tier_name(desk: Desk, tier_id: str) -> str:
    """A tier by its name; its id where the programme has it no more."""
    tiers = desk.programme.tiers
    return next((tier.name for tier in tiers.ladder if tier.id == tier_id), tier_id) if tiers else tier_id


class FiltersDialog(Dialog[Filters], Listing[Filters]):
    """Answers with the filters that were chosen."""

    NAME = N_("Filters")
    KEYS = (
        Command("enter", "take", N_("Show"), N_("Show the holders who are so.")),
        Command("left,right", "", N_("Alter"), N_("Choose another value.")),
        Command("0…9", "", N_("Number"), N_("Type a number of days, or an amount.")),
        Command("delete", "clear", N_("Any"), N_("Take this filter away.")),
        Command("f4", "clear_all", N_("None"), N_("Take all filters away.")),
        Command("escape", "back", N_("Back"), N_("Go back; nothing is changed.")),
    )
    BINDINGS = bindings(*KEYS, *MOVES, silent("left", "change(-1)"), silent("right", "change(1)"))

    def __init__(self, filters: Filters) -> None:
        super().__init__()
        self._filters = filters
        self._typed: dict[str, str] = {}

    def body(self) -> ComposeResult:
        """One line a filter."""
        yield Table((Column(self.text("Only who")), Column(self.text("is"), grows=True)), id="filters")

    def begin(self) -> None:
        """The filters as they are."""
        filters = self._filters
        for name in _NUMBERS:
            value = getattr(filters, name)
            if value is not None:
                digits = self.language.decimals(filters.purse) if name == "at_least" and filters.purse else 0
                whole, part = divmod(value, 10**digits)
                self._typed[name] = f"{whole}.{part:0{digits}d}" if digits else str(whole)
        if filters.purse is None and self._purses():
            self._filters = replace(filters, purse=self._purses()[0])
        self._draw(0)

    def _purses(self) -> tuple[str, ...]:
        return tuple(purse.id for purse in self.desk.programme.purses)

    def _draw(self, cursor: int) -> None:
        text = self.text
        labels = {
            "tier": text("has the tier"),
            "club": text("is in the club"),
            "stage": text("has come as far as"),
            "away_for": text("was not seen for (days)"),
            "seen_within": text("was seen within (days)"),
            "purse": text("has in the purse"),
            "at_least": text("at least so much"),
            "birth_month": text("has a birthday in"),
        }
        self.table.show([(labels[name], self._value(name)) for name in FIELDS], cursor)
        stage = self._filters.stage
        if FIELDS[cursor] == "stage" and stage is not None:
            self.tell(STAGE_MEANINGS[stage])

    def _value(self, name: str) -> str:
        if name in _NUMBERS:
            return self._typed.get(name, "") or "—"
        value = getattr(self._filters, name)
        if value is None:
            return self.text("any")
        match name:
            case "tier":
                return tier_name(self.desk, value)
            case "club":
                return self.desk.club(value)
            case "stage":
                return self.text(STAGE_NAMES[cast(Stage, value)])
            case "purse":
                return self.desk.purse(value)
            case _:
                return self.text(MONTHS[value - 1])

    def _values(self, name: str) -> tuple[object, ...]:
        programme = self.desk.programme
        match name:
            case "tier":
                return (None, *(tier.id for tier in programme.tiers.ladder)) if programme.tiers else (None,)
            case "club":
                return (None, *(club.id for club in programme.clubs))
            case "stage":
                return (None, *STAGES)
            case "purse":
                return self._purses() or (None,)
            case _:
                return (None, *range(1, 13))

    # ---- keys ---------------------------------------------------------------------------------------

    @property
    def _field(self) -> str:
        return FIELDS[self.table.cursor]

    def action_move(self, by: int) -> None:
        """Another filter."""
        self._draw(max(0, min(self.table.cursor + by, len(FIELDS) - 1)))

    def action_change(self, by: int) -> None:
        """The next value, or the one before."""
        name = self._field
        if name in _CHOICES:
            values = self._values(name)
            at = values.index(getattr(self._filters, name)) if getattr(self._filters, name) in values else 0
            self._set(name, values[(at + by) % len(values)])

    def _set(self, name: str, value: object) -> None:
        change: Callable[..., Filters] = replace
        self._filters = change(self._filters, **{name: value})
        self._draw(self.table.cursor)

    def action_clear(self) -> None:
        """This filter not at all."""
        self._typed.pop(self._field, None)
        if self._field in _CHOICES and self._field != "purse":
            self._set(self._field, None)
        self._draw(self.table.cursor)

    def action_clear_all(self) -> None:
        """No filter at all."""
        self._typed.clear()
        self._filters = replace(NO_FILTERS, purse=self._filters.purse)
        self._draw(self.table.cursor)

    def on_key(self, event: events.Key) -> None:
        """A number is typed into its line."""
        name, typed = self._field, event.character
        if name not in _NUMBERS:
            return
        before = self._typed.get(name, "")
        if event.key == "backspace":
            self._typed[name] = before[:-1]
        elif typed is not None and (typed.isdecimal() or typed in ".,\u066b") and len(before) < MOST_DIGITS:
            self._typed[name] = before + typed
        else:
            return
        event.stop()
        self._draw(self.table.cursor)

    def action_take(self) -> None:
        """These."""
        read: dict[str, int | None] = {}
        for name in _NUMBERS:
            typed = self._typed.get(name, "")
            digits = self.language.decimals(self._filters.purse) if name == "at_least" and self._filters.purse else 0
            try:
                read[name] = parse_amount(typed, digits) if typed else None
            except Unreadable as unreadable:
                self.table.choose(FIELDS.index(name))
                self.refuse(unreadable.message)
                return
        away, within = read["away_for"], read["seen_within"] or None
        if away is not None and within is not None and away >= within:
            self.refuse(Message(N_("Nobody was seen in these days and not seen in them: take one of the two away.")))
            return
        filters = replace(self._filters, away_for=away, seen_within=within, at_least=read["at_least"])
        self.dismiss(replace(filters, purse=None) if filters.at_least is None else filters)
