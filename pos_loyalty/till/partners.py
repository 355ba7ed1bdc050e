"""Partners at the till: for which shop a register sells, and what each entry makes partners owe one another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from pos_loyalty.domain.bookkeeping import made_good
from pos_loyalty.domain.joining import Debts
from pos_loyalty.domain.ledger import Draw, Lot, Posting
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.partners import (
    between_partners,
    breakage_by_issuer,
    lots_named,
    made_good_between,
    settling,
)
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.sale import Sale, Spent
from pos_loyalty.storage.books import Books
from pos_loyalty.till.register import Register


def member_of(register: Register, programme: Programme) -> str | None:
    """The partner that a register sells for: the one that its settings name, or whose id is the shop's own name written as an id.
    None where the programme has no partners, or nobody is named: what it earns then is nobody's, and sales go on.

    Refused with partner-unknown where the settings name one that the programme does not list.
    """
    if programme.partners is None:
        return None
    members = programme.partners.members
    if register.shop is None:
        own = "-".join(re.findall(r"[a-z0-9]+", register.shop_name.lower()))
        return next((member for member in members if member.lower() == own), None)
    if register.shop not in members:
        raise Refused(
            "partner-unknown",
            Message(
                N_("The programme has no partner {member}: set `member` under [shop] to one of {members}."),
                member=register.shop,
                members=", ".join(members),
            ),
        )
    return register.shop


def check_spending(books: Books, programme: Programme, shop: str | None, spent: Iterable[Spent]) -> None:
    """Refused with partner-unknown where a register of nobody would take what a partner issued: nobody could claim it."""
    if shop is not None or programme.partners is None:
        return
    purse = programme.partners.purse
    issuers = books.issuers(draw.lot for one in spent if one.purse == purse for draw in one.draws)
    if any(issuers.values()):
        raise Refused(
            "partner-unknown",
            Message(
                N_(
                    "This register does not say for which partner it sells, so the purse {purse} cannot be spent here:"
                    " set `member` under [shop] to one of {members}."
                ),
                purse=purse,
                members=", ".join(programme.partners.members),
            ),
        )


def check_seller(register: Register, programme: Programme, sale: Sale) -> None:
    """Refused with partner-other where a partner sold the goods and another one, or nobody, is to take them back: the VAT and the
    money of a sale are the seller's own. `programme` is the one in force.
    """
    shop = member_of(register, programme)
    if programme.partners is not None and sale.shop is not None and shop != sale.shop:
        raise Refused(
            "partner-other",
            Message(
                N_("{receipt} was sold by {member}: its goods come back there."),
                receipt=sale.receipt_number,
                member=sale.shop,
            ),
        )


def with_partners(
    books: Books, programme: Programme, shop: str | None, postings: Sequence[Posting], filled: Iterable[Lot] = ()
) -> Sequence[Posting]:
    """An entry's postings with what they make partners owe one another; as they are where no partner sold.

    `programme` is the sale's own revision, `filled` the lots that the entry fills.
    """
    if shop is None or programme.partners is None:
        return postings
    purse = programme.partners.purse
    parents = {lot.id: lot.parent for lot in filled if lot.parent is not None}
    stored = books.issuers([*lots_named(postings, purse), *parents.values()])
    issuers = stored | {lot: stored.get(parent) for lot, parent in parents.items()}
    owed = {holder: books.owed_to(holder, purse) for holder in settling(postings, purse)}
    return between_partners(postings, purse, shop, issuers, owed)


def making_good(
    books: Books,
    units: Mapping[str, str],
    holder: str,
    settled: Sequence[tuple[str, Draw]],
    filled: Iterable[Lot] = (),
    moved: Mapping[str, Debts] | None = None,
) -> tuple[Posting, ...]:
    """What lots pay of a holder's debts in an entry of no shop's, and what that makes partners owe one another.

    `filled` are the lots that the entry fills; `moved` are debts by purse that the same entry makes the holder's.
    """
    if not settled:
        return ()
    own = {lot.id: lot.parent or "" for lot in filled}
    lots = [own.get(draw.lot, draw.lot) for _, draw in settled]
    stored = books.issuers(lot for lot in lots if lot)
    issuers = {draw.lot: stored.get(lot) for (_, draw), lot in zip(settled, lots, strict=True)}
    owed: dict[str, dict[str | None, Minor]] = {}
    for purse in dict.fromkeys(purse for purse, _ in settled):
        sums = owed[purse] = dict(books.owed_to(holder, purse))
        for shop, amount in (moved or {}).get(purse, {}).items():
            sums[shop] = sums.get(shop, 0) + amount
    return made_good_between(made_good(units, holder, settled), issuers, owed)


def with_issuers(books: Books, postings: Sequence[Posting]) -> Sequence[Posting]:
    """An expiry's postings with each loss under the name of the partner who had issued the lot."""
    lots = dict.fromkeys(posting.lot for posting in postings if posting.lot is not None)
    return breakage_by_issuer(postings, books.issuers(lots))
