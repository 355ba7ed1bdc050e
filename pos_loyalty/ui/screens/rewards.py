"""What the holder can take on this bill for what is in their purses, and the coupons that they can show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from textual.app import ComposeResult

from pos_loyalty.domain.coupons import Coupon
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.programme.offers import Offer
from pos_loyalty.till.checkout import Priced
from pos_loyalty.ui.commands import HELP, Command, bindings, silent
from pos_loyalty.ui.counter import Counter
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.widgets.table import Column, Table
from pos_loyalty.ui.wording import worded


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the list: a reward (`offer`) or a coupon (its `number`); how often it can be taken as well, and was taken."""

    offer: str
    number: str | None
    title: str
    costs: str
    times: int
    taken: int
    by_itself: bool
    reason: Message | None


class RewardsScreen(Listing[None]):
    """Works on the open bill; answers nothing."""

    NAME = N_("Rewards and coupons")
    KEYS = (
        HELP,
        Command(
            "enter", "take", N_("Take"), N_("Take the chosen reward once more, or show the chosen coupon; + does too.")
        ),
        Command("delete", "give_back", N_("Take off"), N_("Take it once less, or take the coupon off; - does too.")),
        Command("escape", "back", N_("Bill"), N_("Back to the bill, with what was taken.")),
    )
    BINDINGS = bindings(*KEYS, *MOVES, silent("plus", "take"), silent("minus", "give_back"), silent("f10", "back"))

    def __init__(self, counter: Counter) -> None:
        super().__init__()
        self.counter = counter
        self._choices: list[Choice] = []

    def body(self) -> ComposeResult:
        """The list, why the chosen one can or cannot be taken, and what the purses still hold."""
        text = self.text
        yield Table(
            (
                Column(text("Reward"), grows=True),
                Column(text("Costs"), end=True),
                Column(text("Can take"), end=True),
                Column(text("Taken"), end=True),
            ),
            empty=text("The programme has no rewards, and the holder has no coupons."),
        )
        yield Rows(id="reason")
        yield Rows(id="holds")

    def begin(self) -> None:
        """List them."""
        self.draw()

    def has_open_bill(self) -> bool:
        """The bill is not closed yet."""
        return True

    def draw(self) -> None:
        """Show where things stand."""
        self._choices = list(self._listed())
        rows, number = [], self.language.number
        for one in self._choices:
            can = number(one.times) if one.times else ("–" if one.taken else "○")
            taken = f"✓ {number(one.taken)}" if one.taken else "–"
            rows.append((one.title, one.costs, can, taken))
        styles = ["strong" if one.taken else ("" if one.times else "dim") for one in self._choices]
        self.table.show(rows, styles=styles)
        self.query_one("#holds", Rows).show(self._holds())
        self._explain()

    def _holds(self) -> list[Row]:
        """What is left in each purse that a reward costs something from."""
        priced = self.counter.priced
        if priced is None or priced.account is None:
            return []
        purses = dict.fromkeys(purse for offer in priced.programme.offers for purse in offer.costs)
        rows = []
        for purse in purses:
            spent = sum(one.amount for one in priced.sale.quote.spent if one.purse == purse)
            left = priced.account.holding(purse).available(priced.sale.day) - spent
            to_spend = self.text("{purse}: to spend", purse=self.desk.purse(purse))
            rows.append(Row(to_spend, worded(self.desk, left, purse)))
        return rows

    # ---- what there is ------------------------------------------------------------------------------

    def _listed(self) -> Iterator[Choice]:
        priced = self.counter.priced
        if priced is None:
            return
        reasons = {why.offer: why.reason for why in priced.sale.quote.why}
        for offer in priced.programme.offers:
            if offer.costs and offer.id not in priced.sale.quote.held_out:
                yield self._reward(offer, priced, reasons)
        titles = {offer.id: offer.title for offer in priced.programme.offers}
        view, shown = self.counter.view, self.counter.bill.coupons
        for coupon in view.coupons if view is not None else ():
            yield self._coupon(coupon, titles, reasons, shown=coupon.number in shown)

    def _reward(self, offer: Offer, priced: Priced, reasons: Mapping[str, Message]) -> Choice:
        can = next((one.times for one in priced.offered if one.offer == offer.id), 0)
        paid = [one for one in priced.sale.quote.spent if one.offer == offer.id]
        taken = paid[0].amount // offer.costs[paid[0].purse] if paid else 0
        costs = " + ".join(worded(self.desk, n, purse) for purse, n in offer.costs.items())
        return Choice(offer.id, None, offer.title, costs, can, taken, offer.automatic, reasons.get(offer.id))

    def _coupon(
        self, coupon: Coupon, titles: Mapping[str, str], reasons: Mapping[str, Message], *, shown: bool
    ) -> Choice:
        until = self.text("until {day}", day=coupon.valid) if coupon.valid else self.text("coupon")
        title, reason = titles.get(coupon.coupon, coupon.coupon), reasons.get(coupon.coupon)
        return Choice(coupon.coupon, coupon.number, title, until, int(not shown), int(shown), False, reason)

    @property
    def chosen(self) -> Choice | None:
        """The line that the keys act on."""
        return self._choices[self.table.cursor] if self._choices else None

    def _explain(self) -> None:
        one, text = self.chosen, self.text
        if one is None:
            self.query_one("#reason", Rows).show([])
            return
        said: list[Row] = []
        if one.taken and one.by_itself:
            said.append(Row("✓ " + text("It is taken by itself, as often as it can be."), style="good", lines=2))
        elif one.taken:
            said.append(Row("✓ " + text("It is on the bill; Del takes it off again."), style="good", lines=2))
        if one.number is not None:
            said.append(Row(text("coupon {number}", number=one.number)))
        if one.number is not None and one.taken and one.reason is not None:
            said.append(Row(self.language.say(one.reason), lines=2))
        elif one.times:
            said.append(Row(text("Enter takes it."), style="strong"))
        elif not one.taken and one.reason is not None:
            said.append(Row("○ " + self.language.say(one.reason), lines=3))
        self.query_one("#reason", Rows).show(said)

    # ---- the keys -----------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        """Choose another line, and say how it stands with it."""
        super().action_move(by)
        self._explain()

    def action_page(self, by: int) -> None:
        """Choose a line a page away."""
        super().action_page(by)
        self._explain()

    def action_take(self) -> None:
        """Take it once more; the bill says why where it cannot be."""
        one = self.chosen
        if one is None:
            return
        if one.number is None and one.by_itself:
            self.tell(N_("It is taken by itself, as often as it can be."))
        elif one.number is None:
            self._attempt(lambda: self.counter.take_reward(one.offer), self.text("Taken: {title}", title=one.title))
        elif one.taken:
            self.tell(N_("The coupon {number} is on the bill already."), number=one.number)
        else:
            self._show_coupon(one.number)

    def action_give_back(self) -> None:
        """Take it once less."""
        one = self.chosen
        if one is None:
            return
        said = self.text("Taken off: {title}", title=one.title)
        if one.number is not None and one.taken:
            number = one.number
            self._attempt(lambda: self.counter.take_coupon_off(number), said)
        elif one.number is None and one.taken and not one.by_itself:
            self._attempt(lambda: self.counter.give_reward_back(one.offer), said)
        elif one.taken:
            self.refuse(Message(N_("It is taken by itself: the programme says so.")))
        else:
            self.refuse(Message(N_("It was not taken.")))

    def _show_coupon(self, number: str) -> None:
        if self._attempt(lambda: self.counter.put_coupon(number), ""):
            counts, said = self.counter.of_coupon(number)
            self.say("done" if counts else "warning", said)

    def _attempt(self, change: Callable[[], Message | None], said: str) -> bool:
        try:
            given_up = change()
        except Refused as refused:
            self.refuse(refused.message)
            return False
        self.draw()
        if given_up is not None:
            self.say("warning", given_up)
        elif said:
            self.say("done", said)
        return True
