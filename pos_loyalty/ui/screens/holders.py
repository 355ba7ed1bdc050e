"""All card holders: searched while one types, filtered, and read a screen at a time to either side.

Only the lines that are seen are held. A page that an index answers is there with the key; where a filter matches few, the look goes
on in a thread, shows what it finds, says how far it has come, and ends with the next key that asks for something else.
"""

from __future__ import annotations

from time import monotonic
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message as Event
from textual.widgets import Input

from pos_loyalty.domain.card import masked
from pos_loyalty.domain.message import N_, Refused
from pos_loyalty.storage.search_rows import Place
from pos_loyalty.till.holder_list import NO_FILTERS, Filters, Line, Look, how_many
from pos_loyalty.till.scanning import CardScanned, recognise
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings
from pos_loyalty.ui.screens.filters import FiltersDialog, filter_words
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.widgets.table import Column, Table

SAID_EVERY = 0.1
"""Seconds between two words of a long look on how far it has come."""


class Found(Event):
    """What a look has found so far; `of` is how many holders there are in all, None while nobody has counted."""

    def __init__(self, look: Look, lines: tuple[Line, ...], of: int | None) -> None:
        super().__init__()
        self.look, self.lines, self.looked, self.done, self.of = look, lines, look.looked, look.done, of


class HoldersScreen(Listing[None]):
    """Opens holders' pages; answers nothing."""

    NAME = N_("Card holders")
    KEYS = (
        HELP,
        Command("enter", "", N_("Open"), N_("Open the chosen holder's page.")),
        Command("f3", "filter", N_("Filters"), N_("Show only some: by tier, club, stage, visits, purse or birthday.")),
        Command("f4", "everybody", N_("No filters"), N_("Take the filters away.")),
        Command("home,end", "", N_("First, last"), N_("Go to the first or the last of the list."), shown=False),
        Command("pageup,pagedown", "", N_("Page"), N_("Go a page up or down.")),
        BACK,
    )
    NOTES = ((N_("a card scanned"), N_("Its holder's page, whoever is listed.")),)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(*KEYS, *MOVES),
        # Above the line of input, in which they would move its cursor.
        Binding("home", "first", show=False, priority=True),
        Binding("end", "last", show=False, priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._filters = NO_FILTERS
        self._listed: list[Line] = []
        self._before: list[Line] = []
        self._look: Look | None = None
        self._cursor = 0
        self._page = 0

    def body(self) -> ComposeResult:
        """A line to type in, what is shown, and the list."""
        text, desk = self.text, self.desk
        purses = desk.programme.purses
        self._purse = next((p.id for p in purses if desk.is_money(p.id)), purses[0].id if purses else "")
        yield Entry(text("Name, end of the phone, card number or e-mail"), id="entry")
        yield Rows(id="shown")
        yield Table(self._columns())

    def _columns(self) -> tuple[Column, ...]:
        text = self.text
        columns = [Column(text("Name"), grows=True), Column(text("Phone")), Column(text("Card"))]
        if self.desk.programme.tiers is not None:
            columns.append(Column(text("Tier")))
        columns.append(Column(text("Last visit"), end=True))
        if self._purse:
            columns.append(Column(self.desk.purse(self._purse), end=True))
        return tuple(columns)

    def begin(self) -> None:
        """Everybody, by name."""
        self.query_one(Entry).focus()

    def on_resize(self, event: events.Resize) -> None:
        """The first page once there is room for it, and the list anew when there is another room."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        if self.is_mounted and self.table.page != self._page:
            self._page = self.table.page
            self.action_first()

    # ---- looking ------------------------------------------------------------------------------------

    def _ask(self, place: Place | None, most: int, *, backwards: bool = False, cursor: int = 0) -> None:
        """Look for lines past a place. What an index answers is shown at once; a longer look goes on in a thread."""
        words = self.query_one(Entry).value
        look = Look(self.desk.register, words, self._filters, place, most, self._purse, backwards)
        self._look, self._cursor = look, cursor
        self._before = list(self._listed) if place is not None else []
        try:
            look.step()
        except Refused as refused:
            self.refuse(refused.message)
            return
        self._take(Found(look, tuple(look.lines), None))
        if not look.done:
            self.run_worker(lambda: self._go_on(look), thread=True, exit_on_error=False, group="looking")

    def _go_on(self, look: Look) -> None:
        """In a thread: look on until there are enough, there is no more, or something else is asked."""
        try:
            of = how_many(self.desk.register)
            said = 0.0
            while not look.done and self._look is look and self.is_running:
                look.step()
                if look.done or monotonic() - said > SAID_EVERY:
                    said = monotonic()
                    self.post_message(Found(look, tuple(look.lines), of))
        except Refused as refused:
            self.app.call_from_thread(self.refuse, refused.message)

    def on_found(self, event: Found) -> None:
        """Show what a look in a thread has found so far."""
        event.stop()
        self._take(event)

    def _take(self, found: Found) -> None:
        look, page = found.look, max(self._page, 1)
        if look is not self._look:
            return  # something else was asked meanwhile
        if look.backwards:
            self._listed = [*found.lines, *self._before][:page]
        else:
            self._listed = [*self._before, *found.lines][-page:]
        self._show(found)

    def _show(self, found: Found) -> None:
        self.table.say_if_empty(
            self.text("Nobody is so: try fewer letters, the phone number, or other filters.") if found.done else ""
        )
        cursor = self._cursor if self._cursor >= 0 else len(self._listed) - 1
        self.table.show([self._row(line) for line in self._listed], cursor)
        self._say_what(found)

    def _say_what(self, found: Found) -> None:
        """What is shown, in words, and how far a long look has come."""
        words = filter_words(self.desk, self._filters) or self.text("All with a name, in the order of names")
        state = ""
        if not found.done:
            looked = self.language.number(found.looked)
            if found.of is None:
                state = self.text("looking…")
            else:
                state = self.text("looking… {n} of {all}", n=looked, all=self.language.number(found.of))
        self.query_one("#shown", Rows).show([Row(f" {words}", f"{state} ", style="dim")])

    def _row(self, line: Line) -> tuple[str, ...]:
        text, desk = self.text, self.desk
        # Enough to ask the customer for the rest; a screen is read by others too.
        phone = masked(line.phone)[-6:] if line.phone else ""
        card = masked(line.card)[-6:] if line.card else text("none")
        if line.status == "blocked":
            card = f"{card} ✖"
        cells = [line.name or text("Bearer card, no name yet"), phone, card]
        tiers = desk.programme.tiers
        if tiers is not None:
            cells.append(next((tier.name for tier in tiers.ladder if tier.id == line.tier), ""))
        cells.append(self.language.day(line.last_visit) if line.last_visit else text("never"))
        if self._purse:
            cells.append(self.language.units(line.held, self._purse))
        return tuple(cells)

    # ---- keys ---------------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look again with each letter."""
        event.stop()
        if self._page:
            self.action_first()

    def action_first(self) -> None:
        """The first page."""
        self._ask(None, max(self._page, 1))

    def action_last(self) -> None:
        """The last page."""
        self._ask(None, max(self._page, 1), backwards=True, cursor=-1)

    def action_move(self, by: int) -> None:
        """Choose another line; past the edge of the page the list moves on by one."""
        wanted = self.table.cursor + by
        if 0 <= wanted < len(self._listed):
            self._cursor = wanted
            self.table.choose(wanted)
        elif self._listed:
            self._ask(self._listed[-1 if by > 0 else 0].place, 1, backwards=by < 0, cursor=-1 if by > 0 else 0)

    def action_page(self, by: int) -> None:
        """A page on; at the end the last line is chosen."""
        if not self._listed:
            return
        cursor = self.table.cursor
        edge = self._listed[-1 if by > 0 else 0].place
        self._ask(edge, max(self._page, 1), backwards=by < 0, cursor=cursor)
        if self._look is not None and self._look.done and not self._look.lines:
            self._cursor = len(self._listed) - 1 if by > 0 else 0
            self.table.choose(self._cursor)

    def action_filter(self) -> None:
        """Choose filters."""

        def chosen(filters: Filters | None) -> None:
            if filters is not None:
                self._use(filters)

        self.app.push_screen(FiltersDialog(self._filters), chosen)

    def action_everybody(self) -> None:
        """No filters."""
        self._use(NO_FILTERS)

    def _use(self, filters: Filters) -> None:
        self._filters = filters
        if filters.purse is not None and filters.purse != self._purse:
            self._purse = filters.purse
            self.table.entitle(self._columns())
        self.action_first()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open the chosen holder."""
        event.stop()
        self.action_take()

    def action_take(self) -> None:
        """Open the chosen holder's page."""
        if not self._listed:
            return
        from pos_loyalty.ui.screens.holder import HolderScreen  # noqa: PLC0415 - not before it is asked for

        line = self._listed[self.table.cursor]
        self.app.push_screen(HolderScreen(account=line.account, from_list=True), lambda _: self._again())

    def take_scan(self, code: str) -> None:
        """A card opens its holder's page; anything else counts at the bill."""
        try:
            found = recognise(self.desk.register, code)
        except Refused as refused:
            self.refuse(refused.message)
            return
        if isinstance(found, CardScanned):
            from pos_loyalty.ui.screens.holder import HolderScreen  # noqa: PLC0415 - not before it is asked for

            self.app.push_screen(HolderScreen(code, from_list=True), lambda _: self._again())
        else:
            self.dismiss(None)
            self.pass_on(code)

    def action_back(self) -> None:
        """Back; a look that still goes on ends."""
        self._look = None
        self.dismiss(None)

    def _again(self) -> None:
        """The page may have changed what is listed: the same lines anew, the same one chosen."""
        if not self._listed:
            self.action_first()
            return
        cursor, first = self.table.cursor, self._listed[0].place
        self._listed = []
        self._ask(Place(first.range, first.key, ""), max(self._page, 1), cursor=cursor)
