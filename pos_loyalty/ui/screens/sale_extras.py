"""What is on a bill besides goods and a card: coupons, rewards, gift certificates that pay or are sold, memberships, and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from pos_loyalty.domain.card import masked
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import MILLION, Minor
from pos_loyalty.domain.programme.rules import Club, GiftCertificates
from pos_loyalty.ui.counter import Counter
from pos_loyalty.ui.screens.base import TillScreen

if TYPE_CHECKING:
    from pos_loyalty.till.certificates import CertificateView


class SaleExtras(TillScreen[None]):
    """The sale's part for all that is no goods; the screen itself draws and scans."""

    counter: Counter
    multiply: int | None

    @property
    def today(self) -> date:
        """The business day."""
        return self.desk.programme.business_day(self.desk.register.clock())

    def draw(self) -> None:
        """Show the counter as it is."""
        raise AssertionError("drawn by the sale screen")

    def attempt(self, change: Callable[[], Message | None], said: str = "") -> bool:
        """Do something that may be refused."""
        raise AssertionError("done by the sale screen")

    # ---- coupons, rewards and why --------------------------------------------------------------------

    def put_coupon(self, number: str) -> None:
        """A coupon on the bill. Scanned once more it stays: a scanner may read twice, and F10 takes it off."""
        if number in self.counter.bill.coupons:
            self.tell(N_("The coupon {number} is on the bill already; F10 takes it off."), number=number)
            return
        if self.attempt(lambda: self.counter.put_coupon(number)):
            counts, said = self.counter.of_coupon(number)
            self.say("done" if counts else "warning", said)

    def action_rewards(self) -> None:
        """What the holder can take on this bill, and the coupons that they have."""
        from pos_loyalty.ui.screens.rewards import RewardsScreen  # noqa: PLC0415 - opened seldom

        counter = self.counter
        if counter.bill.card is None:
            self.refuse(Message(N_("Rewards and coupons are a card holder's: scan the card first.")))
        elif counter.quote is None:
            self.refuse(Message(N_("Rewards are taken with something bought: scan goods first.")))
        elif self.attempt(counter.renew):
            self.app.push_screen(RewardsScreen(counter), lambda _: self.draw())

    def action_why(self) -> None:
        """Why the bill comes to what it does."""
        from pos_loyalty.ui.screens.why import WhyScreen  # noqa: PLC0415 - opened seldom

        if self.counter.quote is None:
            self.refuse(Message(N_("There is nothing to explain yet: scan goods first.")))
        else:
            self.app.push_screen(WhyScreen(self.counter.quote))

    # ---- gift certificates and memberships -------------------------------------------------------------

    def put_certificate(self, number: str) -> None:
        """A gift certificate: with goods on the bill it is to pay, as much as it can; without, what is left on it is shown."""
        try:
            if not self.counter.bill.lines:
                self.say_certificate(self.counter.look_at_certificate(number))
                return
            tender = self.counter.give_certificate(number)
        except Refused as refused:
            self.refuse(refused.message)
            return
        self.draw()
        left = self.desk.money(self.counter.counted().left)
        self.done(
            N_("The certificate pays {amount}: {left} is left to pay."),
            amount=self.desk.money(tender.amount),
            left=left,
        )

    def sell_membership(self, club: Club) -> None:
        """A membership for its fee; until when it lasts is said, prolonged or new."""
        self.multiply = None  # one holder is a member once
        if not self.attempt(lambda: self.counter.sell_membership(club)) or (self.bar and self.bar.kind == "warning"):
            return
        quote = self.counter.quote
        sold = next((one for one in quote.memberships if one.club == club.id), None) if quote else None
        said = [self.text("Membership: {club}", club=club.title)]
        if sold is not None and sold.until is not None:
            said.append(self.text("until {day}", day=sold.until))
        self.say("done", ", ".join(said))

    def sell_certificate(self, terms: GiftCertificates) -> None:
        """Ask for the amount; `3*` typed before sells three of it."""
        from pos_loyalty.ui.screens.certificate import AmountDialog, AmountsDialog  # noqa: PLC0415 - opened seldom

        count = max((self.multiply or MILLION) // MILLION, 1)
        self.multiply = None

        def answered(amount: Minor | None) -> None:
            if amount is not None:
                self.attempt(lambda: self.counter.sell_certificates(amount, count))

        self.app.push_screen(AmountsDialog(terms.amounts) if terms.amounts else AmountDialog(), answered)

    def say_certificate(self, view: CertificateView) -> None:
        """What is left on a gift certificate, until when, or why nothing is."""
        one, text = view.certificate, self.text
        number = masked(one.number)
        match view.status:
            case "valid" | "spent":
                said = text(
                    "{left} of {amount} is left on certificate {number}",
                    left=self.desk.money(view.left),
                    amount=self.desk.money(one.amount),
                    number=number,
                )
                last = text("until {day}", day=one.expires) if one.expires else text("for ever")
                self.say("told", f"{said}, {last}.")
            case "expired":
                self.say(
                    "warning",
                    text("The last day of certificate {number} was {day}.", number=number, day=one.expires or view.day),
                )
            case "void":
                self.say("warning", text("Certificate {number} is void: it was returned.", number=number))

    def action_office(self) -> None:
        """The owner's side."""
        from pos_loyalty.ui.screens.office import OfficeScreen  # noqa: PLC0415 - seldom needed at a sale

        self.app.push_screen(OfficeScreen())

    def action_shift(self) -> None:
        """The drawer's shift."""
        from pos_loyalty.ui.screens.shift import ShiftScreen  # noqa: PLC0415 - twice a day

        def permitted(_: str | None) -> None:
            self.app.push_screen(ShiftScreen())

        self.till.permitted("shift", permitted)

    def say_shift(self) -> None:
        """Say at once that a shift is wanted, where the first bill would be refused for want of one."""
        if not self.desk.register.needs_shift:
            return
        from pos_loyalty.till.shifts import drawer_now  # noqa: PLC0415 - most registers need none

        try:
            if drawer_now(self.desk.register).shift is None:
                self.say("warning", Message(N_("No shift is open: Ctrl+S opens one, then sell.")))
        except Refused as refused:
            self.refuse(refused.message)

    # ---- the drawer and the printer ------------------------------------------------------------------

    def action_drawer(self) -> None:
        """Open the drawer without a sale: by right, and noted first."""
        from pos_loyalty.till.shifts import drawer_opened  # noqa: PLC0415 - seldom needed at a sale

        desk, printer = self.desk, self.till.devices.printer
        if printer is None:
            self.refuse(Message(N_("The drawer hangs on the printer, and none is set up: use the drawer's key.")))
            return

        def permitted(allowed_by: str | None) -> None:
            def noted(_: None) -> None:
                self.done(N_("The drawer is opened; it is noted."))
                printer.open_drawer()

            self.till.store(lambda: drawer_opened(desk.register, desk.operator, allowed_by=allowed_by), noted)

        self.till.permitted("drawer", permitted)

    def action_print_queue(self) -> None:
        """What waits at the printer."""
        from pos_loyalty.ui.screens.print_queue import PrintQueueScreen  # noqa: PLC0415 - opened seldom

        self.app.push_screen(PrintQueueScreen())
