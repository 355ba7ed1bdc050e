"""Lists to act on: whose birthday it is, who stays away, who is close to a tier, what runs out, which answers and prizes wait.

A page is read in a thread and no more of a list is held; printed it is for the staff, exported it holds only who agreed to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from textual.app import ComposeResult
from textual.message import Message as Event

from pos_loyalty.domain.card import masked
from pos_loyalty.domain.member import short_name
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.reports import LISTS, listed
from pos_loyalty.reports.acting import ActList, Ask, Found, Key
from pos_loyalty.reports.rules import Rules, rules_on
from pos_loyalty.storage.records import Person
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings, silent
from pos_loyalty.ui.screens.holder import HolderScreen
from pos_loyalty.ui.screens.list_files import DaysDialog, FileDialog, export_list, print_list
from pos_loyalty.ui.screens.list_rows import facts_of
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.widgets.table import Column, Table

SIZE = 100
"""Rows of a page: some screens full, read within some hundredths of a second."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page that was asked for: of which list and how, behind which row, and whether to begin at its end."""

    one: ActList
    ask: Ask
    key: Key
    at_end: bool = False


class Read(Event):
    """A page was read, or refused."""

    def __init__(
        self, wanted: Wanted, rows: list[tuple[Person, Found]], rules: Rules | None, refused: Refused | None
    ) -> None:
        super().__init__()
        self.wanted = wanted
        self.rows = rows
        self.rules = rules
        self.refused = refused


class ListsScreen(Listing[None]):
    """Answers nothing."""

    NAME = N_("Lists to act on")
    KEYS = (
        HELP,
        Command(
            "right", "next", N_("Next list"), N_("The next list; the left arrow goes back, and so does its number.")
        ),
        Command("f5", "number", N_("Days"), N_("Another number of days, or of holders who are nearest.")),
        Command("f8", "print", N_("Print"), N_("Print this page of the list on the receipt printer, for the staff.")),
        Command(
            "f9",
            "export",
            N_("Export"),
            N_("Write a CSV file for a mailing program: only who agreed to be written to."),
        ),
        Command("enter", "open", N_("Holder"), N_("Open the page of the chosen holder.")),
        BACK,
    )
    BINDINGS = bindings(
        *KEYS,
        *MOVES,
        silent("left", "turn(-1)"),
        *(silent(str(n), f"choose({n - 1})") for n in range(1, len(LISTS) + 1)),
    )

    def __init__(self) -> None:
        super().__init__()
        self._chosen = 0
        self._numbers: dict[str, int] = {}
        self._before: list[Key] = []
        self._wanted: Wanted | None = None
        self._rows: list[tuple[Person, Found]] = []
        self._rules: Rules | None = None
        self.reading = False

    def body(self) -> ComposeResult:
        """Which list it is, and its rows."""
        yield Rows(id="holds")
        yield Table((Column(self.text("Holder"), grows=True),))

    def begin(self) -> None:
        """The first list."""
        self.action_choose(0)

    # ---- reading ------------------------------------------------------------------------------------

    def action_next(self) -> None:
        """The next list."""
        self.action_turn(1)

    def action_turn(self, by: int) -> None:
        """Another list."""
        self.action_choose((self._chosen + by) % len(LISTS))

    def action_choose(self, index: int) -> None:
        """A list by its place."""
        self._chosen = index
        self._first_page()

    def _first_page(self) -> None:
        one = listed(LISTS[self._chosen])
        desk = self.desk
        today = desk.programme.business_day(desk.register.clock())
        self._before = []
        self._want(Wanted(one, one.ask(today, self._numbers.get(one.name)), ()))

    def _want(self, wanted: Wanted) -> None:
        """Read a page in a thread; one that is being read is no longer wanted."""
        self._wanted, self.reading = wanted, True
        self.tell(N_("Reading…"))
        self.app.run_worker(partial(self._read, wanted), thread=True, exit_on_error=False, group="lists")

    def _read(self, wanted: Wanted) -> None:
        try:
            with self.desk.register.store.read() as books:
                rules = rules_on(books, wanted.ask.today)
                page = wanted.one.page(books, wanted.ask, wanted.key, SIZE)
                rows = [(books.person(found.account), found) for found in page]
        except Refused as refused:
            self.post_message(Read(wanted, [], None, refused))
            return
        self.post_message(Read(wanted, rows, rules, None))

    def on_read(self, event: Read) -> None:
        """Show a page, where it is still the one that is wanted."""
        event.stop()
        if event.wanted is not self._wanted:
            return
        self.reading = False
        self.hush()
        if event.refused is not None or event.rules is None:
            if event.refused is not None:
                self.refuse(event.refused.message)
            return
        self._rows, self._rules = event.rows, event.rules
        self._show(event.wanted)

    def _show(self, wanted: Wanted) -> None:
        one, text = wanted.one, self.text
        grown = next((column.name for column in one.columns if column.name in ("words", "prize")), "")
        columns = [Column(text("Holder"), grows=not grown)]
        for column in one.columns:
            columns.append(Column(text(column.title), column.kind in ("count", "money"), column.name == grown))
        columns.append(Column(text("Mail")))
        self.table.head(columns)
        self.table.say_if_empty(text("Nobody is on this list."))
        self.table.show(
            [self._row(one, *row, short=bool(grown)) for row in self._rows], len(self._rows) if wanted.at_end else 0
        )
        place = text("{number} of {count}", number=self._chosen + 1, count=len(LISTS))
        rows = [Row(f"{text(one.title)}: {text(one.about)}", place, style="strong")]
        rows.append(Row(self._asked(wanted), self._pages(), style="dim"))
        self.query_one("#holds", Rows).show(rows)

    def _asked(self, wanted: Wanted) -> str:
        """What the list was asked for."""
        one, ask, day = wanted.one, wanted.ask, self.language.day
        if one.nearest:
            return self.language.plural("the nearest one", "the nearest {n}", ask.nearest)
        if one.span == "ahead":
            return self.text("{first} to {last}", first=ask.period.first, last=ask.period.last)
        if one.span == "behind":
            return self.text("last seen on {day} or before", day=day(ask.period.last))
        return self.text("as of {day}", day=day(ask.today))

    def _pages(self) -> str:
        if not self._before and len(self._rows) < SIZE:
            return self.language.plural("{n} row", "{n} rows", len(self._rows))
        return self.text("page {number}", number=len(self._before) + 1)

    def _row(self, one: ActList, person: Person, found: Found, *, short: bool) -> tuple[str, ...]:
        name = self.who(person)
        facts = facts_of(one, found, self._rules, self.language)
        return (short_name(name) if short else name, *(value for _, value in facts), "✓" if person.may_write else "–")

    def who(self, person: Person) -> str:
        """A holder by name, or by what is left of them."""
        if person.name:
            return person.name
        return self.text("Card {card}", card=masked(person.card)) if person.card else person.account

    # ---- moving -------------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        """Another line; past the end of a page comes the next one."""
        self._past_end(by) or super().action_move(by)

    def action_page(self, by: int) -> None:
        """A screen on; past the end of a page comes the next one."""
        self._past_end(by) or super().action_page(by)

    def _past_end(self, by: int) -> bool:
        """Whether another page was asked for."""
        wanted, at = self._wanted, self.table.cursor
        if wanted is None or self.reading:
            return False
        if by > 0 and at == len(self._rows) - 1 and len(self._rows) == SIZE:
            self._before.append(wanted.key)
            self._want(Wanted(wanted.one, wanted.ask, self._rows[-1][1].key))
            return True
        if by < 0 and at == 0 and self._before:
            self._want(Wanted(wanted.one, wanted.ask, self._before.pop(), at_end=True))
            return True
        return False

    # ---- acting -------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """The page of the chosen holder."""
        if not self._rows:
            return
        card = self._rows[self.table.cursor][0].card
        if card is None:
            self.refuse(Message(N_("This holder has no card to be opened by.")))
            return
        self.app.push_screen(HolderScreen(card))

    def action_number(self) -> None:
        """Another number of days or holders."""
        one = listed(LISTS[self._chosen])
        if not one.number:
            self.refuse(Message(N_("This list is always whole: there are no days to choose.")))
            return

        def answered(number: int | None) -> None:
            if number is not None:
                self._numbers[one.name] = number
                self._first_page()

        self.app.push_screen(DaysDialog(one, self._numbers.get(one.name, one.number)), answered)

    def action_print(self) -> None:
        """Print what is shown, for the staff."""
        wanted, rules = self._wanted, self._rules
        if wanted is None or rules is None or not self._rows:
            self.refuse(Message(N_("There is nobody on this list to print.")))
            return
        print_list(self, wanted.one, [(self.who(person), person, found) for person, found in self._rows], rules, SIZE)

    def action_export(self) -> None:
        """Write the whole list for a mailing program."""
        wanted = self._wanted
        if wanted is None:
            return

        def answered(file: str | None) -> None:
            if file:
                export_list(self, wanted.one, wanted.ask, file)

        self.app.push_screen(FileDialog(f"~/{wanted.one.name}-{wanted.ask.today.isoformat()}.csv"), answered)
