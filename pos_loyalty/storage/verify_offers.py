"""The counters of the offers: what each bill counted against what its facts say, and the totals against all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import and_, func, literal_column, select

from pos_loyalty.domain.deed import LateCard
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.programme.reading import read
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.sale import Refund, Sale
from pos_loyalty.domain.usage import Use, given_back, uses_of
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import UNREADABLE, read_late_card, read_sale
from pos_loyalty.storage.findings import Findings, paired
from pos_loyalty.storage.tables import deeds, offer_totals, offer_uses, refunds, sales
from pos_loyalty.storage.verify_merges import whose_now

_USE = (
    offer_uses.c.entry_id,
    offer_uses.c.offer,
    offer_uses.c.account_id,
    offer_uses.c.day,
    offer_uses.c.uses,
    offer_uses.c.given,
    offer_uses.c.held_out,
)
_OF_SALES = (
    select(*_USE).join(sales, sales.c.id == offer_uses.c.entry_id).order_by(offer_uses.c.entry_id, offer_uses.c.offer)
)
_OF_REFUNDS = (
    select(*_USE)
    .join(refunds, refunds.c.id == offer_uses.c.entry_id)
    .order_by(offer_uses.c.entry_id, offer_uses.c.offer)
)
_OF_DEEDS = (
    select(*_USE).join(deeds, deeds.c.id == offer_uses.c.entry_id).order_by(offer_uses.c.entry_id, offer_uses.c.offer)
)
_STRAYS = (
    select(offer_uses.c.entry_id, offer_uses.c.offer)
    .select_from(
        offer_uses.outerjoin(sales, sales.c.id == offer_uses.c.entry_id)
        .outerjoin(refunds, refunds.c.id == offer_uses.c.entry_id)
        .outerjoin(deeds, deeds.c.id == offer_uses.c.entry_id)
    )
    .where(
        and_(
            sales.c.id.is_(literal_column("NULL")),
            refunds.c.id.is_(literal_column("NULL")),
            deeds.c.sale_id.is_(literal_column("NULL")),
        )
    )
)
_TOTALS = select(offer_totals.c.offer, offer_totals.c.uses, offer_totals.c.given).order_by(offer_totals.c.offer)
_SUMS = (
    select(offer_uses.c.offer, func.sum(offer_uses.c.uses), func.sum(offer_uses.c.given))
    .where(offer_uses.c.offer.in_(select(offer_totals.c.offer)))
    .group_by(offer_uses.c.offer)
    .order_by(offer_uses.c.offer)
)


class StoredUses:
    """What is stored of the bills' uses, bill by bill in the order of their ids, held against what each bill says."""

    def __init__(self, books: Books, rows: Iterator[tuple[Any, ...]]) -> None:
        self._rows = rows
        self._next = next(rows, None)
        self._programme = _programmes(books).get
        self._now = whose_now(books)

    @classmethod
    def of_sales(cls, books: Books) -> StoredUses:
        """Those of the sales."""
        return cls(books, iter(books.pages(_OF_SALES)))

    @classmethod
    def of_refunds(cls, books: Books) -> StoredUses:
        """Those of the refunds."""
        return cls(books, iter(books.pages(_OF_REFUNDS)))

    @classmethod
    def of_late_cards(cls, books: Books) -> StoredUses:
        """Those of the cards that were added late."""
        return cls(books, iter(books.pages(_OF_DEEDS)))

    def check_sale(self, findings: Findings, place: str, sale: Sale) -> None:
        """A sale counts once for each offer that it used."""
        programme = self._programme(sale.revision)
        said = uses_of(sale.quote, programme) if programme is not None else ()
        self._check(findings, place, sale.id, sale, said)

    def check_late_card(self, findings: Findings, place: str, late: LateCard, sale: Sale) -> None:
        """A card that was added late counts once for each offer that it earned by."""
        programme = self._programme(sale.revision)
        said = uses_of(late.earnings(sale), programme) if programme is not None else ()
        self._check(findings, place, late.id, sale, said, late)

    def check_refund(
        self, findings: Findings, place: str, refund: Refund, facts: tuple[str, str | None], revision: int
    ) -> None:
        """A return gives back what its sale had counted, for the offers that it names; `facts` are those of the sale, and of the
        card that was added to it late.
        """
        if not refund.unused:
            self._check(findings, place, refund.id, None, ())
            return
        programme = self._programme(revision)
        try:
            sale = read_sale(facts[0])
            late = None if facts[1] is None else read_late_card(facts[1])
        except UNREADABLE:
            return  # the look at the sales says so
        said = given_back(sale.quote, programme, refund.unused) if programme is not None else ()
        if late is not None and programme is not None:
            said = (*said, *given_back(late.earnings(sale), programme, refund.unused))
        self._check(findings, place, refund.id, sale, said, late)

    def _check(
        self,
        findings: Findings,
        place: str,
        entry_id: str,
        sale: Sale | None,
        said: Iterable[Use],
        late: LateCard | None = None,
    ) -> None:
        stored = [
            f"{offer} {account or '-'} {day} {uses} {given} {held_out}"
            for _, offer, account, day, uses, given, held_out in self._of(entry_id)
        ]
        lately = set() if late is None else {*late.used, *late.held_out}
        derived = [
            f"{use.offer} {self._whose(sale, late if use.offer in lately else None)} {sale.day}"
            f" {use.uses} {use.given} {use.held_out}"
            for use in sorted(said, key=lambda use: use.offer)
            if sale is not None
        ]
        findings.count("offers", len(derived))
        findings.differs(place, "offer_uses", ", ".join(stored), ", ".join(derived))

    def _whose(self, sale: Sale, late: LateCard | None) -> str:
        """The account that a use counts for now: the holder's of the bill, or of the card that was added to it late."""
        return self._now(sale.account if late is None else late.account) or "-"

    def _of(self, entry_id: str) -> Iterator[tuple[Any, ...]]:
        """The rows of that bill; those of bills before it that cannot be read are passed by."""
        while self._next is not None and self._next[0] <= entry_id:
            if self._next[0] == entry_id:
                yield self._next
            self._next = next(self._rows, None)


def check_totals(books: Books, findings: Findings) -> None:
    """What all holders had of an offer that they share, from every bill; and uses that come from no bill."""
    for stored, derived in paired(books.pages(_TOTALS), books.pages(_SUMS)):
        if stored is None:
            continue
        offer, uses, given = stored
        _, used, gave = derived or (offer, 0, 0)
        findings.differs(f"offer {offer}", "uses", uses, int(used))
        findings.differs(f"offer {offer}", "given", given, int(gave))
    for entry_id, offer in books.pages(_STRAYS):
        findings.fault(
            f"offer {offer}", Message(N_("It was used by a bill that is not there: {entry}."), entry=entry_id)
        )


def _programmes(books: Books) -> dict[int, Programme]:
    found = ((revision.number, read(revision.text).programme) for revision in books.revisions())
    return {number: programme for number, programme in found if programme is not None}
