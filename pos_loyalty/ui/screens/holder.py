"""The page of one card holder: all that is known of them, every entry with its bill, and what is done for them."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.sale import Quote
from pos_loyalty.storage.entry_rows import EntryLine
from pos_loyalty.till.holder_page import HolderPage, bill_of, entries_of, page
from pos_loyalty.till.receipts import issued
from pos_loyalty.till.scanning import CardScanned, recognise
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings, silent
from pos_loyalty.ui.holder_rows import (
    card_cells,
    entry_cells,
    purse_rows,
    said_rows,
    waiting_rows,
    who_rows,
    word_rows,
)
from pos_loyalty.ui.panel import reason_rows
from pos_loyalty.ui.screens.holder_acts import HolderActs
from pos_loyalty.ui.widgets.rows import Page, Row, Rows
from pos_loyalty.ui.widgets.table import Column, Table

SECTIONS = (N_("Overview"), N_("Cards"), N_("Entries"), N_("Consent and feedback"))
OVERVIEW, CARDS, ENTRIES, SAID = range(len(SECTIONS))
OFF = Command("slash", "off", N_("Card off"), N_("Take this card off the bill."))


class HolderScreen(HolderActs):
    """Answers "off" where the card is to be taken off the bill. Opened by a card's number or by an account."""

    NAME = N_("Card holder")
    KEYS = (
        HELP,
        Command("1", "section(0)", N_("Overview"), N_("Who they are, tier, purses, coupons, note, favourites.")),
        Command("2", "section(1)", N_("Cards"), N_("All their cards.")),
        Command(
            "3", "section(2)", N_("Entries"), N_("Every bill and entry, the newest first; Enter opens its receipt.")
        ),
        Command("4", "section(3)", N_("Said"), N_("What they agreed to, complained of, and thought of their visits.")),
        Command("f3", "note", N_("Note"), N_("Write down what whoever serves them next should know.")),
        Command("f4", "complain", N_("Complaint"), N_("Take a complaint down.")),
        Command("f5", "settle", N_("Settle"), N_("Close a complaint, saying how it was settled.")),
        Command("f6", "hand_out", N_("Prize"), N_("Hand out a prize that they have won.")),
        Command("f7", "change", N_("Alter"), N_("Change who they are, or register a bearer card to a person.")),
        Command("f8", "card", N_("Card"), N_("Block, unblock or replace the chosen card, or hand out one more.")),
        Command("f9", "adjust", N_("Adjust"), N_("Put something into a purse, or take it out, with a reason.")),
        Command("f10", "join", N_("Join"), N_("Make another record of theirs part of this one.")),
        Command("f11", "consent", N_("Consent"), N_("What they agree to, and taking it back.")),
        Command("f12", "compensate", N_("Compensate"), N_("Make a complaint good from a purse: a manager's right.")),
        Command("delete", "undo", N_("Undo"), N_("In the entries: take a chosen adjustment back."), shown=False),
        Command("ctrl+e", "erase", N_("Erase"), N_("Take this holder out of the books for good."), shown=False),
        Command("up,down,pageup,pagedown", "", N_("Scroll"), N_("Read on, or choose a line."), shown=False),
        BACK,
    )
    BINDINGS = bindings(
        *KEYS,
        OFF,
        silent("up", "scroll(-1)"),
        silent("down", "scroll(1)"),
        silent("pageup", "scroll(-10)"),
        silent("pagedown", "scroll(10)"),
        silent("f2", "back"),
        silent("enter", "take"),
        silent("left", "beside(-1)"),
        silent("right", "beside(1)"),
    )

    def __init__(
        self,
        number: str | None = None,
        quote: Quote | None = None,
        *,
        account: str | None = None,
        from_list: bool = False,
    ) -> None:
        super().__init__()
        self._number = number
        self._account = account
        self._quote = quote
        self._from_list = from_list
        self._section = OVERVIEW
        self._entries: tuple[EntryLine, ...] = ()
        self._pages: list[EntryLine | None] = [None]

    def commands(self) -> tuple[Command, ...]:
        """A card is taken off the bill only where it is on one."""
        return self.KEYS if self._from_list else (*self.KEYS[:-1], OFF, BACK)

    def body(self) -> ComposeResult:
        """The sections; one of them is seen."""
        text = self.text
        yield Rows(id="tabs")
        yield Page(id="page")
        yield Table(
            (
                Column(text("Card"), grows=True),
                Column(text("State")),
                Column(text("Kind")),
                Column(text("Since"), end=True),
                Column(text("Replaced by")),
            ),
            id="cards",
            empty=text("No card yet: F8 hands one out."),
        )
        yield Table(
            (
                Column(text("Day"), end=True),
                Column(text("What")),
                Column(text("Receipt or reason"), grows=True),
                Column(text("Changed"), end=True),
            ),
            id="entries",
            empty=text("Nothing has happened yet."),
        )

    def begin(self) -> None:
        """Ask the till what there is to say now."""
        try:
            found = page(self.desk.register, number=self._number, account=self._account)
        except Refused as refused:
            self.refuse(refused.message)
            return
        self._page = found
        self._show()

    def _show(self) -> None:
        found = self._page
        if found is None:
            return
        mark = [
            f"▸{n} {self.text(name)}" if n - 1 == self._section else f" {n} {self.text(name)}"
            for n, name in enumerate(SECTIONS, 1)
        ]
        self.query_one("#tabs", Rows).show([Row("  ".join(mark), style="strong")])
        for id, section in (("#cards", CARDS), ("#entries", ENTRIES)):
            self.query_one(id, Table).display = self._section == section
        scrolled = self.query_one("#page", Page)
        scrolled.display = self._section in (OVERVIEW, SAID)
        match self._section:
            case 0:
                scrolled.show(self._overview(found))
            case 1:
                self.query_one("#cards", Table).show(card_cells(self.desk, found))
            case 2:
                self.call_after_refresh(self._read_entries)
            case _:
                scrolled.show(said_rows(self.desk, found))

    def _overview(self, found: HolderPage) -> Iterator[Row]:
        desk, view = self.desk, found.view
        yield from who_rows(desk, view)
        yield from waiting_rows(desk, view)
        yield from word_rows(desk, view)
        yield from purse_rows(desk, view)
        if self._quote is not None:
            yield Row()
            yield Row(self.text("Offers on this bill"), style="strong")
            yield from reason_rows(desk, self._quote)

    # ---- the journal --------------------------------------------------------------------------------

    def _read_entries(self, cursor: int = 0) -> None:
        """One page of the journal: that which begins past the last of `_pages`."""
        if self._page is None or self._section != ENTRIES:
            return
        table = self.query_one("#entries", Table)
        try:
            found = entries_of(self.desk.register, self._page.view.account, self._pages[-1], table.page)
        except Refused as refused:
            self.refuse(refused.message)
            return
        if not found and len(self._pages) > 1:
            self._pages.pop()
            return
        self._entries = found
        table.show([entry_cells(self.desk, entry) for entry in found], cursor if cursor >= 0 else len(found) - 1)

    def _turn(self, by: int, cursor: int) -> None:
        """The next page of entries, or the one before."""
        if by > 0 and len(self._entries) == self.query_one("#entries", Table).page:
            self._pages.append(self._entries[-1])
            self._read_entries(cursor)
        elif by < 0 and len(self._pages) > 1:
            self._pages.pop()
            self._read_entries(cursor)
        else:
            self.query_one("#entries", Table).move(by * len(self._entries))

    def chosen_entry(self) -> EntryLine | None:
        """The entry that is chosen, while the entries are seen."""
        if self._section != ENTRIES or not self._entries:
            return None
        return self._entries[self.query_one("#entries", Table).cursor]

    def chosen_card(self) -> str | None:
        """The card that is chosen, or else the one that the page was opened by."""
        found = self._page
        if found is None or not found.cards:
            return None
        if self._section == CARDS:
            return found.cards[self.query_one("#cards", Table).cursor].number
        return found.view.number

    # ---- keys ---------------------------------------------------------------------------------------

    def action_section(self, section: int) -> None:
        """Show another section."""
        self._section, self._pages = section, [None]
        self._show()

    def action_beside(self, by: int) -> None:
        """The section beside this one."""
        self.action_section((self._section + by) % len(SECTIONS))

    def action_scroll(self, by: int) -> None:
        """Read on, or choose a line."""
        if self._section == CARDS:
            self.query_one("#cards", Table).move(by)
        elif self._section != ENTRIES:
            self.query_one("#page", Page).scroll_relative(y=by, animate=False)
        elif abs(by) > 1:
            self._turn(1 if by > 0 else -1, 0)
        else:
            table = self.query_one("#entries", Table)
            if 0 <= table.cursor + by < len(self._entries):
                table.move(by)
            else:
                self._turn(by, 0 if by > 0 else -1)

    def action_take(self) -> None:
        """The receipt of the chosen entry; elsewhere Enter goes back."""
        if self._section != ENTRIES:
            self.action_back()
            return
        entry = self.chosen_entry()
        if entry is None:
            return
        number = bill_of(entry)
        if number is None:
            self.refuse(Message(N_("This entry belongs to no bill.")))
            return
        from pos_loyalty.ui.screens.receipt import ReceiptScreen  # noqa: PLC0415 - it draws paper: not before it is asked for

        try:
            self.app.push_screen(ReceiptScreen(issued(self.desk.register, number), fresh=False))
        except Refused as refused:
            self.refuse(refused.message)

    def action_off(self) -> None:
        """Take it off the bill."""
        if not self._from_list:
            self.dismiss("off")

    def take_scan(self, code: str) -> None:
        """From the list another card shows its own holder; at the bill it counts there."""
        if not self._from_list:
            super().take_scan(code)
            return
        try:
            found = recognise(self.desk.register, code)
        except Refused as refused:
            self.refuse(refused.message)
            return
        if not isinstance(found, CardScanned):
            super().take_scan(code)
            return
        self._number, self._account, self._section = code, None, OVERVIEW
        self.begin()
