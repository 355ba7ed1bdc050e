"""Sales and refunds: the bill's facts as text, the columns to find it by, and what of its spend counts for a tier."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from sqlalchemy import bindparam, func, insert, literal_column, select, update

from pos_loyalty.domain.deed import Adjustment, ClubJoined, LateCard, Merge, with_late_card
from pos_loyalty.domain.ledger import Draw, Entry, Lot
from pos_loyalty.domain.sale import Refund, Sale
from pos_loyalty.storage.facts import (
    read_adjustment,
    read_joined,
    read_late_card,
    read_merge,
    read_refund,
    read_sale,
    written,
)
from pos_loyalty.storage.history_rows import HistoryRows
from pos_loyalty.storage.journal_rows import JournalRows
from pos_loyalty.storage.lot_rows import OWN_AND_JOINED
from pos_loyalty.storage.merge_rows import MergeRows
from pos_loyalty.storage.records import Recorded
from pos_loyalty.storage.statements import Compiled, Cursor, Statement
from pos_loyalty.storage.tables import deeds, entries, lots, reasons, refunds, sales, spends

_KIND = select(entries.c.kind).where(entries.c.id == bindparam("action"))
_SALE = select(sales.c.facts, sales.c.holder, sales.c.request)
_SALE_BY_ID = _SALE.where(sales.c.id == bindparam("id_"))
_SALE_BY_NUMBER = _SALE.where(sales.c.register == bindparam("register_"), sales.c.number == bindparam("number_"))
_REFUND = select(refunds.c.facts, sales.c.holder, refunds.c.request).join(sales, refunds.c.sale_id == sales.c.id)
_REFUND_BY_ID = _REFUND.where(refunds.c.id == bindparam("id_"))
_REFUND_BY_NUMBER = _REFUND.where(
    refunds.c.register == bindparam("register_"), refunds.c.number == bindparam("number_")
)
_REFUNDS_OF = (
    select(refunds.c.facts)
    .where(refunds.c.sale_id == bindparam("sale_"))
    .order_by(refunds.c.day, refunds.c.register, refunds.c.number)
)
_BILLS_ON = select(func.count()).where(
    sales.c.account_id.in_(OWN_AND_JOINED), sales.c.day == bindparam("day_"), sales.c.card == bindparam("card_")
)
_ADD_SALE = insert(sales)
_ADD_REFUND = insert(refunds)
_LOCK_SALE = select(sales.c.id).where(sales.c.id == bindparam("id_")).with_for_update()
_DEED = select(deeds.c.facts, deeds.c.request).where(deeds.c.id == bindparam("id_"))
_LATE_CARD = select(deeds.c.facts).where(deeds.c.sale_id == bindparam("sale_"))
_LATE_CARDS_ON = select(func.count()).where(
    entries.c.account_id.in_(OWN_AND_JOINED),
    entries.c.day == bindparam("day_"),
    entries.c.kind == literal_column("'late-card'"),
)
_ADD_DEED = insert(deeds)
_ADD_REASON = insert(reasons)
_REASON = select(reasons.c.text).where(reasons.c.entry_id == bindparam("entry"))
_CORRECTED_BY = (
    select(entries.c.id)
    .where(entries.c.account_id.in_(OWN_AND_JOINED), entries.c.corrects == bindparam("entry"))
    .order_by(entries.c.id)
)
_ADD_SPEND = insert(spends)
_EXCUSE = update(lots).where(lots.c.id == bindparam("lot")).values(expired=lots.c.expired - bindparam("amount_"))


class BillRows(JournalRows, HistoryRows, MergeRows):
    """What was sold and what came back."""

    __slots__ = ("_joined", "_returned", "_sold", "_spends")

    def __init__(self, cursor: Cursor, stream: Callable[[], Cursor], compiled: Callable[[Statement], Compiled]) -> None:
        super().__init__(cursor, stream, compiled)
        self._spends: dict[str, tuple[str, str, int]] = {}
        self._sold: dict[str, Sale] = {}
        self._returned: dict[str, tuple[Refund, Sale]] = {}
        self._joined: dict[str, ClubJoined] = {}

    def action(self, action_id: str) -> Recorded | None:
        """What is stored under an action's id; ask once the register is locked, so that the same id twice is once."""
        row = self.row(_KIND, action=action_id)
        if row is None:
            return None
        kind = row[0]
        if kind == "sale" and (found := self.row(_SALE_BY_ID, id_=action_id)):
            return Recorded(kind, found[2], sale=read_sale(found[0]), holder=found[1])
        if kind == "refund" and (found := self.row(_REFUND_BY_ID, id_=action_id)):
            return Recorded(kind, found[2], refund=read_refund(found[0]), holder=found[1])
        if kind == "club" and (found := self.row(_DEED, id_=action_id)):
            return Recorded(kind, found[1], joined=read_joined(found[0]))
        if kind == "late-card" and (found := self.row(_DEED, id_=action_id)):
            return Recorded(kind, found[1], late=read_late_card(found[0]))
        if kind == "merge" and (found := self.row(_DEED, id_=action_id)):
            return Recorded(kind, found[1], merge=read_merge(found[0]))
        if kind == "adjustment" and (found := self.row(_DEED, id_=action_id)):
            return Recorded(kind, found[1], adjustment=read_adjustment(found[0]))
        return Recorded(kind)

    def add_sale(self, sale: Sale, card: str | None, holder: str | None, request: str) -> None:
        """Add a sale's bill, before its entry is posted. `card` and `holder` are kept apart from its facts, to be erasable.

        `request` is the SHA-256 of what was asked for, by which the same action twice is known.
        """
        facts = written(sale)
        self._bills[sale.id] = (facts, request)
        self.run(
            _ADD_SALE,
            id=sale.id,
            register=sale.register,
            number=sale.number,
            day=sale.day.isoformat(),
            account_id=sale.account,
            card=card,
            holder=holder,
            revision=sale.revision,
            gross=sale.quote.gross,
            due=sale.quote.due,
            request=request,
            facts=facts,
        )
        self._sold[sale.id] = sale
        if sale.account is not None and sale.quote.qualifying:
            self._spends[sale.id] = (sale.account, sale.day.isoformat(), sale.quote.qualifying)

    def add_refund(self, refund: Refund, request: str) -> None:
        """Add a refund's bill, before its entry is posted, and excuse what the sale's lots had lost by expiring."""
        facts = written(refund)
        self._bills[refund.id] = (facts, request)
        self.run(
            _ADD_REFUND,
            id=refund.id,
            register=refund.register,
            number=refund.number,
            sale_id=refund.sale,
            day=refund.day.isoformat(),
            request=request,
            facts=facts,
        )
        self._excuse(refund.excused)
        found = self.row(_SALE_BY_ID, id_=refund.sale) if refund.account is not None else None
        if found is None or refund.account is None:
            return
        sale = self.corrected(read_sale(found[0]))
        self._returned[refund.id] = (refund, sale)
        earning = sum(line.earning for line in refund.lines)
        if earning:
            self._spends[refund.id] = (refund.account, sale.day.isoformat(), -earning)

    def add_joining(self, joined: ClubJoined, request: str) -> None:
        """Add what a joining of a club by hand says, before its entry is posted."""
        facts = written(joined)
        self._bills[joined.id] = (facts, request)
        self._joined[joined.id] = joined
        self.run(_ADD_DEED, id=joined.id, account_id=joined.account, sale_id=None, request=request, facts=facts)

    def add_late_card(self, late: LateCard, sale: Sale, request: str) -> None:
        """Add what a card that was added late to a sale earned, before its entry is posted."""
        facts = written(late)
        self._bills[late.id] = (facts, request)
        self._sold[late.id] = with_late_card(sale, late)
        if late.qualifying:
            self._spends[late.id] = (late.account, sale.day.isoformat(), late.qualifying)
        self.run(_ADD_DEED, id=late.id, account_id=late.account, sale_id=sale.id, request=request, facts=facts)

    def add_deed(self, deed: Merge | Adjustment, request: str) -> None:
        """Add what joined two records, or gave or took units by hand, before its entry is posted."""
        facts = written(deed)
        self._bills[deed.id] = (facts, request)
        self.run(_ADD_DEED, id=deed.id, account_id=deed.account, sale_id=None, request=request, facts=facts)
        if isinstance(deed, Adjustment):
            self._excuse(deed.excused)

    def add_reason(self, entry_id: str, text: str) -> None:
        """Say why an entry was made by hand, once it is posted."""
        self.run(_ADD_REASON, entry_id=entry_id, text=text)

    def reason(self, entry_id: str) -> str | None:
        """Why an entry was made by hand; None where nobody said so, or the words were erased."""
        row = self.row(_REASON, entry=entry_id)
        return None if row is None else str(row[0])

    def corrected_by(self, entry_id: str, account: str) -> str | None:
        """The entry that corrects another one of an account, also of one that became part of it; None where there is none."""
        row = self.row(_CORRECTED_BY, entry=entry_id, account=account)
        return None if row is None else str(row[0])

    def _excuse(self, draws: Iterable[Draw]) -> None:
        for draw in draws:
            self.run(_EXCUSE, lot=draw.lot, amount_=draw.amount)

    def late_card_of(self, sale_id: str) -> LateCard | None:
        """The card that was added late to a sale, if any was."""
        row = self.row(_LATE_CARD, sale_=sale_id)
        return None if row is None else read_late_card(row[0])

    def late_cards_on(self, account: str, day: date) -> int:
        """How often a holder's card was added late on a business day."""
        row = self.row(_LATE_CARDS_ON, account=account, day_=day.isoformat())
        return 0 if row is None else int(row[0])

    def corrected(self, sale: Sale) -> Sale:
        """A sale as a return finds it: with the card that was added late, and of those whose the accounts have become."""
        if sale.account is None:
            sale = with_late_card(sale, self.late_card_of(sale.id))
        return sale if sale.account is None else self.sale_now(sale)

    def post(self, register: str, entry: Entry, filled: Sequence[Lot] = ()) -> None:
        """Write an entry for good as the journal does, and then what follows from its bill for tiers, clubs and offers."""
        super().post(register, entry, filled)
        spend = self._spends.pop(entry.id, None)
        if spend is not None:
            account, day, amount = spend
            self.run(_ADD_SPEND, account_id=account, day=day, entry_id=entry.id, amount=amount)
        if (sale := self._sold.pop(entry.id, None)) is not None:
            self.remember(sale)
        if (returned := self._returned.pop(entry.id, None)) is not None:
            self.forget(*returned)
        if (joined := self._joined.pop(entry.id, None)) is not None:
            self.remember_joining(joined)

    def bills_on(self, account: str, card: str, day: date) -> int:
        """How many bills a card had on a business day."""
        row = self.row(_BILLS_ON, account=account, card_=card, day_=day.isoformat())
        return 0 if row is None else int(row[0])

    def lock_sale(self, sale_id: str) -> None:
        """Keep every other till from taking goods of this sale back until the transaction ends."""
        self.row(_LOCK_SALE, id_=sale_id)

    def sale(self, id_or_number: str) -> tuple[Sale, str | None] | None:
        """A sale by its id or receipt number, and the holder's name as its receipt had it (None where erased)."""
        found = self.row(_SALE_BY_ID, id_=id_or_number)
        if found is None and (number := _receipt(id_or_number)):
            found = self.row(_SALE_BY_NUMBER, register_=number[0], number_=number[1])
        return None if found is None else (read_sale(found[0]), found[1])

    def refund(self, id_or_number: str) -> tuple[Refund, str | None] | None:
        """A refund by its id or receipt number, and the holder's name on its sale's receipt."""
        found = self.row(_REFUND_BY_ID, id_=id_or_number)
        if found is None and (number := _receipt(id_or_number)):
            found = self.row(_REFUND_BY_NUMBER, register_=number[0], number_=number[1])
        return None if found is None else (read_refund(found[0]), found[1])

    def refunds_of(self, sale_id: str) -> tuple[Refund, ...]:
        """What has come back of a sale so far."""
        return tuple(read_refund(row[0]) for row in self.rows(_REFUNDS_OF, sale_=sale_id))


def _receipt(text: str) -> tuple[str, int] | None:
    """The register and number of a receipt number; None if it is none."""
    register, _, number = text.rpartition("-")
    if register and number.isascii() and number.isdecimal() and len(number) <= 9:
        return register, int(number)
    return None
