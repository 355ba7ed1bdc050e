"""What a return comes to, in words: the money and how it is given, and what moves in the holder's purses."""

from __future__ import annotations

from collections.abc import Iterator

from pos_loyalty.domain.message import N_
from pos_loyalty.domain.sale import Refund, TenderKind
from pos_loyalty.ui.desk import Desk
from pos_loyalty.ui.widgets.rows import Row

BY: dict[TenderKind, str] = {
    "cash": N_("in cash"),
    "card": N_("to the bank card"),
    "other": N_("in another way"),
    "certificate": N_("as a gift certificate"),
}


def outcome_rows(desk: Desk, back: Refund) -> Iterator[Row]:
    """The rows beside the sum that is given back."""
    text, money = desk.language.text, desk.money
    units, signed = desk.language.units, desk.language.signed_units
    for tender in back.money_back:
        yield Row(text(BY[tender.kind]), money(tender.amount))
    if back.withheld:
        yield Row("! " + text("kept from the money"), money(back.withheld), style="warn")
    for share in back.restored:
        yield Row(text("{purse}: given back", purse=desk.purse(share.purse)), signed(share.amount, share.purse))
    for share in back.taken_back:
        yield Row(text("{purse}: taken back", purse=desk.purse(share.purse)), signed(-share.amount, share.purse))
    for owed in back.owed:
        yield Row(
            "! " + text("{purse}: owed now", purse=desk.purse(owed.purse)), units(owed.amount, owed.purse), style="warn"
        )
    for forgiven in back.forgiven:
        yield Row(text("{purse}: forgiven", purse=desk.purse(forgiven.purse)), units(forgiven.amount, forgiven.purse))
    if back.tier_after is not None:
        yield Row(text("Tier after it"), back.tier_after.name)
    for balance in back.balances:
        yield Row(text("{purse}: to spend", purse=desk.purse(balance.purse)), units(balance.available, balance.purse))
