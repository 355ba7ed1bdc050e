"""What partners owe one another for a purse that all of them honour.

A lot is issued by the shop whose sale filled it. Whenever its units serve another shop - spent there, or taken for what was owed
there - its issuer owes that shop their value; units that go back into it turn that round to the cent, and what expires unspent
stays with its issuer. The accounts are named in `bookkeeping`. A partners' purse is kept in money, so units are minor units.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest
from typing import TypeAlias

from pos_loyalty.domain.ledger import Posting
from pos_loyalty.domain.money import Minor

Issuers: TypeAlias = Mapping[str, str | None]
"""Who issued each lot that was there before an entry; None where nobody is named, as from before there were partners."""
Creditors: TypeAlias = Mapping[str, Mapping[str | None, Minor]]
"""What each holder owes to the purse, by the shop whose goods came back."""
Pair: TypeAlias = tuple[str, str]
"""An issuer and an acceptor."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What `debtor` owes `creditor` for a time: minor units that `creditor` accepted of its lots, less the other way round.

    `net` is never below zero; a pair that came out even is listed too.
    """

    debtor: str
    creditor: str
    owed: Minor
    owed_back: Minor

    @property
    def net(self) -> Minor:
        """What is to be paid."""
        return self.owed - self.owed_back


def lots_named(postings: Iterable[Posting], purse: str) -> tuple[str, ...]:
    """The lots of a purse that an entry moves, each once."""
    moved = (posting.lot for posting in postings if posting.account == f"purse:{purse}" and posting.lot is not None)
    return tuple(dict.fromkeys(moved))


def settling(postings: Iterable[Posting], purse: str) -> tuple[str, ...]:
    """The holders who make good with an entry some of what they owe to a purse."""
    made_good = (p.holder for p in postings if p.account == f"owed:{purse}" and p.amount < 0 and p.holder is not None)
    return tuple(dict.fromkeys(made_good))


def between_partners(
    postings: Sequence[Posting], purse: str, shop: str, issuers: Issuers, owed: Creditors
) -> tuple[Posting, ...]:
    """An entry of a sale (or of its return) at `shop`, with what it makes partners owe one another.

    `postings` are those of a shop of its own. A lot that `issuers` does not know is filled by this entry, so `shop` issued it.
    What made good a debt goes to the shops that `owed` names, in its order.
    """
    known, claims, written = dict(issuers), _Claims(), list[Posting]()
    left = {holder: dict(shops) for holder, shops in owed.items()}
    for posting, after in zip_longest(postings, postings[1:]):
        if posting.account == f"issued:{purse}":
            written.append(replace(posting, account=f"issued:{purse}:{shop}"))
        elif posting.account == f"owed:{purse}":
            if posting.amount > 0:
                written.append(replace(posting, account=f"owed:{purse}:{shop}"))
        elif posting.account != f"purse:{purse}" or posting.lot is None:
            written.append(posting)
        elif after is not None and _makes_good(posting, after, purse):
            for creditor, part in _creditors(left.get(posting.holder or "", {}), posting.amount):
                account = after.account if creditor is None else f"{after.account}:{creditor}"
                written += [replace(posting, amount=part), replace(after, account=account, amount=-part)]
                claims.add(known.get(posting.lot, shop), creditor, part)
        else:
            written.append(posting)
            claims.add(known.setdefault(posting.lot, shop), shop, posting.amount)
    unit = next((posting.unit for posting in postings if posting.account == f"purse:{purse}"), "")
    return (*written, *claims.postings(unit))


def claims_of(postings: Sequence[Posting], purse: str, shop: str, issuers: Issuers) -> dict[Pair, Minor]:
    """What the purse's postings of an entry as it was written make issuers owe acceptors: derived anew, to hold it against."""
    known, claims = dict(issuers), _Claims()
    for posting, after in zip_longest(postings, postings[1:]):
        if posting.account != f"purse:{purse}" or posting.lot is None:
            continue
        if after is not None and _makes_good(posting, after, purse):
            creditor = after.account.removeprefix(f"owed:{purse}").removeprefix(":") or None
            claims.add(known.get(posting.lot, shop), creditor, posting.amount)
        else:
            claims.add(known.setdefault(posting.lot, shop), shop, posting.amount)
    return {pair: amount for pair, amount in claims.sums.items() if amount}


def claims_made_good(postings: Sequence[Posting], issuers: Issuers) -> dict[Pair, Minor]:
    """What making good debts in an entry of no shop's makes issuers owe acceptors: a joining of records, units given by hand."""
    claims = _Claims()
    for posting, after in pairwise(postings):
        purse = posting.account.removeprefix("purse:")
        if posting.lot is not None and posting.account != purse and _makes_good(posting, after, purse):
            claims.add(
                issuers.get(posting.lot), after.account.removeprefix(f"owed:{purse}")[1:] or None, posting.amount
            )
    return {pair: amount for pair, amount in claims.sums.items() if amount}


def made_good_between(
    settled: Sequence[tuple[Posting, Posting]], issuers: Issuers, owed: Mapping[str, Mapping[str | None, Minor]]
) -> tuple[Posting, ...]:
    """What lots pay of debts outside any shop's bill, each to the partners whose goods came back, and what issuers then owe those.

    `settled` is each lot's part and what of the debt it makes good; `owed` is what is owed, by purse, and to whom in order.
    """
    claims, written = _Claims(), list[Posting]()
    left = {purse: dict(shops) for purse, shops in owed.items()}
    for taken, paid in settled:
        purse = taken.account.removeprefix("purse:")
        for creditor, part in _creditors(left.get(purse, {}), taken.amount):
            account = paid.account if creditor is None else f"{paid.account}:{creditor}"
            written += [replace(taken, amount=part), replace(paid, account=account, amount=-part)]
            claims.add(issuers.get(taken.lot or ""), creditor, part)
    unit = next((taken.unit for taken, _ in settled), "")
    return (*written, *claims.postings(unit))


def stated_claims(postings: Iterable[Posting]) -> dict[Pair, Minor]:
    """What an entry says that issuers owe acceptors."""
    claims: dict[Pair, Minor] = {}
    for posting in postings:
        if posting.account.startswith("issuer:"):
            pair = pair_of(posting.account)
            claims[pair] = claims.get(pair, 0) - posting.amount
    return claims


def pair_of(account: str) -> Pair:
    """The issuer and the acceptor that an account `issuer:<issuer>:<acceptor>` names."""
    _, issuer, acceptor = account.split(":")
    return issuer, acceptor


def breakage_by_issuer(postings: Sequence[Posting], issuers: Issuers) -> tuple[Posting, ...]:
    """An expiry with what each lot lost under the name of who had issued it."""
    written: list[Posting] = []
    for before, posting in zip((None, *postings), postings, strict=False):
        issuer = issuers.get(before.lot or "") if before is not None else None
        if issuer is not None and posting.account.startswith("breakage:"):
            posting = replace(posting, account=f"{posting.account}:{issuer}")  # noqa: PLW2901 - the same, better named
        written.append(posting)
    return tuple(written)


def netted(claims: Mapping[Pair, Minor]) -> tuple[Settlement, ...]:
    """Who owes whom: each pair of partners once, what goes one way less what goes the other, in the order of their names."""
    rows: list[Settlement] = []
    for one, other in sorted({tuple(sorted(pair)) for pair in claims}):
        there, back = claims.get((one, other), 0), claims.get((other, one), 0)
        rows.append(Settlement(one, other, there, back) if there >= back else Settlement(other, one, back, there))
    return tuple(rows)


def _makes_good(posting: Posting, after: Posting, purse: str) -> bool:
    """Whether the next posting says that this one set off a debt."""
    owes = after.account == f"owed:{purse}" or after.account.startswith(f"owed:{purse}:")
    return owes and posting.amount > 0 and after.amount == -posting.amount


def _creditors(owed: dict[str | None, Minor], amount: Minor) -> list[tuple[str | None, Minor]]:
    """To whom an amount goes, one creditor after another; it is taken off what is owed to them."""
    parts: list[tuple[str | None, Minor]] = []
    for shop, due in owed.items():
        part = min(due, amount)
        if part > 0:
            parts.append((shop, part))
            owed[shop] -= part
            amount -= part
    return [*parts, (None, amount)] if amount else parts


class _Claims:
    """What issuers owe acceptors while an entry is written."""

    def __init__(self) -> None:
        self.sums: dict[Pair, Minor] = {}

    def add(self, issuer: str | None, acceptor: str | None, amount: Minor) -> None:
        if issuer is not None and acceptor is not None and issuer != acceptor:
            self.sums[issuer, acceptor] = self.sums.get((issuer, acceptor), 0) + amount

    def postings(self, unit: str) -> list[Posting]:
        written: list[Posting] = []
        for (issuer, acceptor), amount in self.sums.items():
            if amount:
                written.append(Posting(f"issuer:{issuer}:{acceptor}", unit, -amount))
                written.append(Posting(f"acceptor:{acceptor}:{issuer}", unit, amount))
        return written
