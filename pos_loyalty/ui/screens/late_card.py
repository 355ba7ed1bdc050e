"""A forgotten card, scanned while a closed bill is looked at: it is asked whether it is of that bill or of the next one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from textual.app import ComposeResult

from pos_loyalty.domain.deed import LateCard
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.receipt import late_card_slip
from pos_loyalty.till.cards import CardView
from pos_loyalty.till.late_card import LateOrder, add_card
from pos_loyalty.till.receipts import Issued
from pos_loyalty.till.scanning import CardScanned, recognise
from pos_loyalty.till.showing import opened
from pos_loyalty.ui.commands import Command, bindings
from pos_loyalty.ui.desk import Desk
from pos_loyalty.ui.messages import PrinterState, Scanned
from pos_loyalty.ui.permission import let_guard_pass
from pos_loyalty.ui.screens.base import Dialog, TillScreen
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.wording import worded


class LateCardDialog(Dialog[bool]):
    """Answers True where the card is of the closed bill, False where it is of the next one, None to leave it."""

    NAME = N_("A forgotten card?")
    KEYS = (
        Command(
            "enter", "add", N_("This receipt's"), N_("Add it to the closed bill: its holder earns on what was paid.")
        ),
        Command("f12", "next", N_("Next bill's"), N_("Put it on the next bill.")),
        Command("escape", "back", N_("Back"), N_("Go back; nothing is changed.")),
    )
    BINDINGS = bindings(*KEYS)

    def __init__(self, issued: Issued, view: CardView) -> None:
        super().__init__()
        self._issued = issued
        self._view = view

    def body(self) -> ComposeResult:
        """The holder, and the bill."""
        yield Rows(id="question")

    def begin(self) -> None:
        """Ask."""
        sale, text = self._issued.sale, self.text
        name = self._view.member.name if self._view.member else text("Bearer card, no name yet")
        at = self.language.moment(self.desk.local(sale.at))
        self.query_one("#question", Rows).show(
            [
                Row(name, style="strong", lines=2),
                Row(f"{sale.receipt_number} · {at}", self.desk.money(sale.quote.due)),
                Row(text("Enter adds the card to this receipt; F12 puts it on the next bill."), lines=2),
            ]
        )

    def action_add(self) -> None:
        """Of this bill."""
        self.dismiss(True)

    def action_next(self) -> None:
        """Of the next one."""
        self.dismiss(False)


def takes_none(desk: Desk, issued: Issued) -> Message | None:
    """Why no card can be added to this bill, as far as its receipt tells; None where the till is to be asked."""
    if not desk.programme.guard.late_card:
        return Message(N_("The programme lets no card be added to a closed bill."))
    if issued.refund is not None:
        return Message(N_("This is the receipt of a return: open the one of its bill."))
    if issued.sale.account is not None:
        return Message(N_("Receipt {number} has a card on it already."), number=issued.number)
    return None


def take_late_card(screen: TillScreen[None], issued: Issued, code: str) -> bool:
    """Ask about a card that was scanned while this receipt is looked at. False where it is none, or can be of no closed bill."""
    desk = screen.desk
    if takes_none(desk, issued) is not None:
        return False
    try:
        found = recognise(desk.register, code)
        if not isinstance(found, CardScanned):
            return False
        view = opened(desk.register, found.number)
    except Refused as refused:
        screen.refuse(refused.message)
        return True

    def answered(answer: bool | None) -> None:
        if answer:
            order = LateOrder(issued.sale.id, found.number, desk.operator, desk.register.new_id())
            _add(screen, order, issued, view.member.name if view.member else None)
        elif answer is False:
            screen.dismiss(None)
            screen.till.post_message(Scanned(code))

    screen.app.push_screen(LateCardDialog(issued, view), answered)
    return True


def _add(screen: TillScreen[None], order: LateOrder, issued: Issued, holder: str | None) -> None:
    """Add it, once; where its card has had its bills of the day, a manager is asked first."""

    def refused(why: Refused) -> None:
        if why.code != "guard" or order.allowed_by is not None:
            screen.refuse(why.message)
            return

        def allowed(name: str) -> None:
            _add(screen, replace(order, allowed_by=name), issued, holder)

        let_guard_pass(screen, why.message, allowed)

    added = partial(_added, screen, issued, holder)
    screen.till.store(lambda: add_card(screen.desk.register, order), added, refused)


def _added(screen: TillScreen[None], issued: Issued, holder: str | None, late: LateCard) -> None:
    """Say what its holder earned by it, and give them a slip that says so too."""
    desk, language = screen.desk, screen.language
    printer = screen.till.devices.printer
    if printer is not None:
        slip = late_card_slip(late, issued.sale, holder, desk.shop, language, local=desk.local)
        title = screen.text("{number}, card added", number=issued.number)
        screen.till.note_job(PrinterState(late.id, "waiting", title=title))
        printer.put(late.id, slip, open_drawer=False, title=title)
    purses: dict[str, int] = {}
    for earned in late.earned:
        purses[earned.purse] = purses.get(earned.purse, 0) + earned.amount
    said = [screen.text("Card {card} is added to {number}.", card=late.card, number=issued.number)]
    said += [
        screen.text("{purse}: {amount}.", purse=desk.purse(purse), amount=worded(desk, amount, purse, signed=True))
        for purse, amount in purses.items()
    ]
    screen.say("done", " ".join(said))
