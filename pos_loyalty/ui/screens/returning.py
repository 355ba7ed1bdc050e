"""Taking goods back: which lines and how many, and what the holder gets and gives back, before it is confirmed."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Input

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import MILLION, Millionths
from pos_loyalty.domain.programme.rules import WhenSpent
from pos_loyalty.language import Unreadable, parse_quantity
from pos_loyalty.till.receipts import Issued
from pos_loyalty.till.returns import ClosedRefund, RefundOrder, Returnable, preview, refund
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings
from pos_loyalty.ui.refunding import outcome_rows
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.widgets.amount import Amount
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.places import Across, Down
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.widgets.table import Column, Table

WAYS: tuple[WhenSpent | None, ...] = (None, "owe", "withhold", "forgive")
WORDS: dict[WhenSpent, str] = {
    "owe": N_("what was earned and is spent: the holder owes it"),
    "withhold": N_("what was earned and is spent: kept from the money"),
    "forgive": N_("what was earned and is spent: forgiven"),
}


NOTHING_CHOSEN = Message(N_("Nothing was chosen that comes back: type how many, or press F4 for all."))


class ReturnScreen(Listing[Issued]):
    """Answers with the return's receipt once it is stored."""

    NAME = N_("Return")
    KEYS = (
        HELP,
        Command("f4", "all", N_("All / none"), N_("All that is left comes back, or nothing.")),
        Command("f5", "when_spent", N_("If spent"), N_("What happens to what was earned and is spent already.")),
        Command("f6", "gifts", N_("Gifts"), N_("A gift that is asked back comes back, or is kept and paid for.")),
        Command("f8", "show_all", N_("All of it"), N_("All that the return comes to, on a page of its own.")),
        Command("plus", "", N_("More"), N_("One more of the chosen line comes back.")),
        Command("minus", "", N_("Less"), N_("One less of the chosen line comes back.")),
        Command("f12", "confirm", N_("Take back"), N_("Take the goods back, as it is shown.")),
        BACK,
    )
    NOTES = ((N_("2 Enter"), N_("Two of the chosen line come back; 0 is none.")),)
    BINDINGS = bindings(*KEYS, *MOVES)

    def __init__(self, found: Returnable) -> None:
        super().__init__()
        self._found = found
        self._back: list[Millionths] = [0] * len(found.left)
        self._way: WhenSpent | None = None
        self._kept: frozenset[str] = frozenset()
        self._action = ""
        self._allowed_by: str | None = None
        self._preview: ClosedRefund | None = None

    def body(self) -> ComposeResult:
        """The lines at the left, the outcome at the right."""
        text = self.text
        with Across(id="returning"):
            yield Table(
                (
                    Column(text("Goods"), grows=True),
                    Column(text("Paid"), end=True),
                    Column(text("Left"), end=True),
                    Column(text("Now"), end=True),
                )
            )
            with Down(id="outcome"):
                yield Rows(id="outcome-label")
                yield Amount(id="outcome-amount")
                yield Rows(id="outcome-words", more=text("… F8 shows all"))
        yield Entry(text("How many of the chosen line come back, then Enter"), id="entry", hot="+-", limit=24)

    def begin(self) -> None:
        """Ready to choose; where one line is all there is, it is chosen already."""
        sale = self._found.sale
        self._action = self.desk.register.new_id()
        at = self.language.moment(self.desk.local(sale.at))
        name = f" · {self._found.holder}" if self._found.holder else ""
        title = self.text("Return of {number}, {at}", number=sale.receipt_number, at=at) + name
        self.query_one("#title", Rows).show([Row(f" {title}", style="strong")])
        self.query_one(Entry).focus()
        if len(self._found.left) == 1:
            self._back[0] = self._found.left[0]
        self._renew()
        if not any(self._found.left):
            self.refuse(Message(N_("All of this bill has already come back.")))

    # ---- choosing -----------------------------------------------------------------------------------

    def _order(self) -> RefundOrder:
        lines = tuple((number, quantity) for number, quantity in enumerate(self._back, 1) if quantity)
        return RefundOrder(
            self._found.sale.id,
            id=self._action,
            lines=lines,
            when_spent=self._way,
            operator=self.desk.operator,
            gifts_kept=tuple(sorted(self._kept)),
            allowed_by=self._allowed_by,
        )

    def _renew(self) -> bool:
        """Reckon what these quantities come to, and show it. A gift that is kept stays so, asked back or not."""
        self._preview = None
        if any(self._back):
            try:
                self._preview = preview(self.desk.register, self._order())
            except Refused as refused:
                self.refuse(refused.message)
                self._draw()
                return False
        self._draw()
        return True

    def _draw(self) -> None:
        language, money = self.language, self.desk.money
        rows = []
        for line, left, back in zip(self._found.sale.quote.lines, self._found.left, self._back, strict=True):
            unit = "" if line.item.unit == "pc" else f" {line.item.unit}"
            mark = f"↩ {language.quantity(back)}{unit}" if back else "–"
            rows.append((line.item.name, money(line.paid), language.quantity(left) + unit, mark))
        self.table.show(rows, styles=["strong" if back else "" for back in self._back])
        shown = self._preview.refund if self._preview else None
        money_back = sum(tender.amount for tender in shown.money_back) if shown else 0
        label = self.text("Give back, {currency}", currency=self._found.sale.currency)
        self.query_one("#outcome-label", Rows).show([Row(label, style="strong")])
        self.query_one("#outcome-amount", Amount).show(money(money_back))
        words = self.query_one("#outcome-words", Rows)
        words.show([*self._words(), *self._hints()])
        if words.overflows:  # the keys stand at the bottom too: what it comes to goes before what they are for
            words.show(self._words())

    def _words(self) -> list[Row]:
        """What it comes to, and in which way where one was chosen."""
        if self._preview is None:
            return [Row(self.text("Choose what comes back."), style="dim")]
        rows = list(outcome_rows(self.desk, self._preview.refund, self._found.sale))
        if self._way is not None:
            rows.append(Row("F5 " + self._way_words(), style="dim", lines=3))
        return rows

    def _hints(self) -> list[Row]:
        """How it could be otherwise."""
        rows: list[Row] = []
        if self._preview is not None and self._way is None:
            rows.append(Row("F5 " + self._way_words(), style="dim", lines=3))
        if self._gifts():
            rows.append(Row("F6 " + self.text("a gift that does not come back is paid for"), style="dim", lines=2))
        return rows

    def _way_words(self) -> str:
        if self._way is None:
            return self.text("what was earned and is spent: as the programme says")
        return self.text(WORDS[self._way])

    def _gifts(self) -> dict[str, str]:
        """The gifts that are asked back now, by offer."""
        asked = (
            {one.offer for one in self._preview.refund.asked_back if one.gift is not None} if self._preview else set()
        )
        return {gift.offer: gift.name for gift in self._found.sale.quote.gifts if gift.offer in asked}

    def _set(self, quantity: Millionths) -> None:
        index = self.table.cursor
        left = self._found.left[index]
        if not 0 <= quantity <= left:
            self.refuse(
                Message(
                    N_("{left} is left to come back of this line, not {asked}."),
                    left=self.language.quantity(left),
                    asked=self.language.quantity(quantity),
                )
            )
            return
        before = self._back[index]
        self._back[index] = quantity
        if not self._renew():
            self._back[index] = before

    def on_entry_hot(self, event: Entry.Hot) -> None:
        """One more or one less."""
        event.stop()
        if not self._back:
            return
        index = self.table.cursor
        step = min(MILLION, self._found.left[index])
        if event.key == "plus":
            self._set(min(self._back[index] + step, self._found.left[index]))
        elif event.key == "minus":
            self._set(max(self._back[index] - step, 0))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """A quantity was typed."""
        event.stop()
        typed = self.query_one(Entry).take()
        if not typed:
            self.tell(N_("Type how many come back, or press + and -; F12 takes them back."))
            return
        try:
            self._set(parse_quantity(typed))
        except Unreadable as unreadable:
            self.refuse(unreadable.message)

    def action_all(self) -> None:
        """All or nothing."""
        self._back = [0] * len(self._back) if list(self._back) == list(self._found.left) else list(self._found.left)
        self._renew()

    def action_when_spent(self) -> None:
        """Another way with what was spent; it is said too, since the return may come to the same."""
        if not any(self._back):
            self.refuse(NOTHING_CHOSEN)
            return
        self._way = WAYS[(WAYS.index(self._way) + 1) % len(WAYS)]
        if self._renew():
            self.say("told", self._way_words())

    def action_gifts(self) -> None:
        """One gift comes back or is kept; of several it is asked which."""
        gifts = self._gifts()
        if not gifts:
            self.refuse(Message(N_("No gift is asked back for what comes back now.")))
        elif len(gifts) == 1:
            self._keep(self._kept ^ set(gifts))
        else:
            from pos_loyalty.ui.screens.gifts import GiftsDialog  # noqa: PLC0415 - opened seldom

            self.app.push_screen(GiftsDialog(gifts, self._kept & set(gifts)), self._keep)

    def _keep(self, kept: frozenset[str] | None) -> None:
        if kept is not None:
            self._kept = kept
            self._renew()

    def action_show_all(self) -> None:
        """All of it on a page; it can be confirmed there."""
        from pos_loyalty.ui.screens.outcome import OutcomeScreen  # noqa: PLC0415 - opened seldom

        def answered(confirmed: bool | None) -> None:
            if confirmed:
                self._confirm()

        if self._preview is None:
            self.refuse(NOTHING_CHOSEN)
            return
        money_back = sum(tender.amount for tender in self._preview.refund.money_back)
        label = self.text("Give back, {currency}", currency=self._found.sale.currency)
        total = Row(label, self.desk.money(money_back), style="strong")
        rows = outcome_rows(self.desk, self._preview.refund, self._found.sale)
        self.app.push_screen(
            OutcomeScreen([total, *rows, Row(), Row(self._way_words(), style="dim", lines=3)]), answered
        )

    # ---- confirming ---------------------------------------------------------------------------------

    def action_confirm(self) -> None:
        """Store the return; where it comes to more than is seen, all of it is shown before."""
        if not any(self._back):
            self.refuse(NOTHING_CHOSEN)
        elif self._preview is not None and self.query_one("#outcome-words", Rows).overflows:
            self.action_show_all()
        else:
            self._confirm()

    def _confirm(self) -> None:
        """Store it, once: its id makes a second time the same return."""
        order = self._order()
        self.till.store(lambda: refund(self.desk.register, order), self._stored, self._refused)

    def _stored(self, closed: ClosedRefund) -> None:
        self.dismiss(Issued(closed.sale, closed.refund, closed.holder))

    def _refused(self, refused: Refused) -> None:
        if refused.code == "right-missing" and self._allowed_by is None:
            self.refuse(refused.message)
            self.till.permitted("adjust", self._forgive)
            return
        self._action = self.desk.register.new_id() if refused.code == "id-conflict" else self._action
        self.refuse(refused.message)

    def _forgive(self, allowed_by: str | None) -> None:
        """Somebody who may lets it be forgiven."""
        self._allowed_by = allowed_by
        if allowed_by is not None:
            self._confirm()
