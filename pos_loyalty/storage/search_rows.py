"""Finding card holders by what a cashier hears, and reading them page by page, to either side, however many there are.

Every read begins at a place of an index and looks at so many candidates and no more, so none takes longer in a store of millions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)

from pos_loyalty.domain.card import CardStatus
from pos_loyalty.storage.folding import fold, past
from pos_loyalty.storage.holder_rows import HolderRows
from pos_loyalty.storage.records import Card, FoundMember
from pos_loyalty.storage.search_words import Range, ranges_of, words_of
from pos_loyalty.storage.spelling import settled
from pos_loyalty.storage.statements import Value
from pos_loyalty.storage.tables import accounts, balances, cards, member_words, members, sales

_HOW_MANY = select(func.count()).select_from(members)
_HELD = select(balances.c.held).where(
    balances.c.account_id == bindparam("account"), balances.c.purse == bindparam("purse_")
)
# Read from the index alone.
_DAYS = select(sales.c.day).distinct().where(sales.c.account_id == bindparam("account")).order_by(sales.c.day)
_SHOWN = (
    select(cards.c.number, cards.c.status)
    .where(cards.c.account_id == bindparam("account"))
    .order_by(
        case((cards.c.status == literal_column("'active'"), literal_column("0")), else_=literal_column("1")),
        cards.c.issued_at.desc(),
        cards.c.number.desc(),
    )
    .limit(literal_column("1"))
)
_SENT_A_BUYER: Select[Any] = (
    select(literal_column("1"))
    .select_from(members.join(accounts, accounts.c.id == members.c.account_id))
    .where(members.c.referred_by == bindparam("account"), accounts.c.visits > literal_column("0"))
    .limit(literal_column("1"))
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins or ends: in which range, at which key of whose account."""

    range: int
    key: str
    account: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A holder at a place of an index, as filters look at them; dates are as the store writes them. Bearers have no name."""

    key: str
    account: str
    name: str | None
    phone: str | None
    email: str | None
    birthday: str | None
    joined: str
    tier: str | None
    tier_since: str | None
    tier_kept_until: str | None
    last_visit: str | None
    visits: int


_SIFTED: dict[str, ColumnElement[bool]] = {
    "month": func.substr(members.c.birthday, literal_column("6"), literal_column("2")) == bindparam("month"),
    "gone": accounts.c.last_visit <= bindparam("gone"),
    "seen": accounts.c.last_visit >= bindparam("seen"),
    "visits": accounts.c.visits >= bindparam("visits"),
    "never": accounts.c.visits <= bindparam("never"),
    # Who has no tier stored, or one that may have ended, is looked at more closely.
    "tier": or_(
        accounts.c.tier == bindparam("tier"),
        accounts.c.tier.is_(literal_column("NULL")),
        accounts.c.tier_kept_until < bindparam("today"),
    ),
    "least": exists().where(
        balances.c.account_id == accounts.c.id,
        balances.c.purse == bindparam("purse"),
        balances.c.held >= bindparam("least"),
    ),
}
"""What of the filters the database sees by itself, by the name of its value."""


def _keys(of: str) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """The index of a range: its key, and whose it is."""
    if of == "cards":
        return cards.c.number, cards.c.account_id
    return (
        (member_words.c.word, member_words.c.account_id) if of == "words" else (members.c.folded, members.c.account_id)
    )


@cache
def _page_ends(of: str, *, backwards: bool) -> Select[Any]:
    """The place so many keys past another: read from the index alone."""
    key, account = _keys(of)
    place, known = tuple_(key, account), tuple_(bindparam("key_"), bindparam("account_"))
    return (
        select(key, account)
        .where(place < known if backwards else place > known)
        .where(key >= bindparam("edge") if backwards else key < bindparam("edge"))
        .order_by(*((key.desc(), account.desc()) if backwards else (key, account)))
        .limit(literal_column("1"))
        .offset(bindparam("most"))
    )


@cache
def _candidates(
    of: str, words: int = 0, sifted: frozenset[str] | None = None, *, backwards: bool, filtered: bool
) -> Select[Any]:
    """So many holders past a place of an index, in its order or against it, who have so many more words; or (`sifted`) those of the
    next so many whom these sieves let through.
    """
    key, account = _keys(of)
    place, known = tuple_(key, account), tuple_(bindparam("key_"), bindparam("account_"))
    keys = (
        select(key.label("key"), account.label("account"))
        .where(place < known if backwards else place > known)
        .where(key >= bindparam("edge") if backwards else key < bindparam("edge"))
        .limit(bindparam("most"))
    )
    if filtered and sifted is None:
        keys = keys.where(key.like(bindparam("pattern")))
    if sifted is None:
        keys = keys.where(*_further_words(account, words))
    # The keys are read first, by themselves: no plan may begin with all accounts of a tier.
    page = keys.order_by(*((key.desc(), account.desc()) if backwards else (key, account))).subquery()
    statement = select(
        page.c.key,
        page.c.account,
        members.c.name,
        members.c.phone,
        members.c.email,
        members.c.birthday,
        accounts.c.joined,
        accounts.c.tier,
        accounts.c.tier_since,
        accounts.c.tier_kept_until,
        accounts.c.last_visit,
        accounts.c.visits,
    ).select_from(
        page.outerjoin(members, members.c.account_id == page.c.account).join(accounts, accounts.c.id == page.c.account)
    )
    if sifted is not None:
        statement = statement.where(*(_SIFTED[name] for name in sorted(sifted)), *_further_words(page.c.account, words))
        if filtered:
            statement = statement.where(page.c.key.like(bindparam("pattern")))
    order = (page.c.key.desc(), page.c.account.desc()) if backwards else (page.c.key, page.c.account)
    return statement.order_by(*order)


def _further_words(account: ColumnElement[Any], words: int) -> list[ColumnElement[bool]]:
    """That a holder has so many words more, whatever stands before them."""
    found: list[ColumnElement[bool]] = []
    for n in range(words):
        other = member_words.alias()
        found.append(
            exists().where(
                other.c.account_id == account,
                other.c.word >= bindparam(f"word{n}"),
                other.c.word < bindparam(f"past{n}"),
            )
        )
    return found


class SearchRows(HolderRows):
    """The quick search of the till, and the list of all holders."""

    __slots__ = ()

    def candidates(self, range_: Range, place: Place | None, most: int, *, backwards: bool = False) -> list[Candidate]:
        """The next holders of a range past a place (None: from its beginning, or its end), as many as are asked for.

        Backwards they come the last first.
        """
        key = range_.end if backwards else range_.first
        values = {"key_": key, "account_": ""} if place is None else {"key_": place.key, "account_": place.account}
        statement = _candidates(range_.of, len(range_.words), backwards=backwards, filtered=range_.pattern != "%")
        edge = range_.first if backwards else range_.end
        rows = self.rows(statement, **values, **_words(range_), edge=edge, most=most, pattern=range_.pattern)
        return [Candidate(*row) for row in rows]

    def sifted(
        self, range_: Range, place: Place, sieves: Mapping[str, Value], most: int, *, backwards: bool = False
    ) -> tuple[list[Candidate], Place | None]:
        """Those of the next so many holders of a range whom the database's own sieves let through, and where these so many end;
        None where the range ends with them.
        """
        edge = range_.first if backwards else range_.end
        at: dict[str, Value] = {"key_": place.key, "account_": place.account, "edge": edge, "most": most}
        ends = self.row(_page_ends(range_.of, backwards=backwards), **at)
        names = frozenset(sieves) - {"purse", "today"}
        like = range_.pattern != "%"
        statement = _candidates(range_.of, len(range_.words), names, backwards=backwards, filtered=like)
        at["most"] = most + 1
        rows = self.rows(statement, **at, **sieves, **_words(range_), pattern=range_.pattern)
        return [Candidate(*row) for row in rows], None if ends is None else Place(place.range, ends[0], ends[1])

    def how_many_members(self) -> int:
        """How many holders have a name; in a store of a million it takes some fifty milliseconds."""
        row = self.row(_HOW_MANY)
        return 0 if row is None else int(row[0])

    def held(self, account: str, purse: str) -> int:
        """What a purse holds by its stored copy: also what is still to come."""
        row = self.row(_HELD, account=account, purse_=purse)
        return 0 if row is None else int(row[0])

    def days_with_a_sale(self, account: str) -> list[str]:
        """The business days on which an account bought with its card, the first first."""
        return [str(row[0]) for row in self.rows(_DAYS, account=account)]

    def sent_a_buyer(self, account: str) -> bool:
        """Whether somebody whom this holder sent has bought."""
        return self.row(_SENT_A_BUYER, account=account) is not None

    def shown_card(self, account: str) -> Card | None:
        """The newest active card of an account, or else its newest one."""
        mine = self.cards_of(account)
        return next((card for card in reversed(mine) if card.status == "active"), mine[-1] if mine else None)

    def shown_number(self, account: str) -> tuple[str, CardStatus] | None:
        """The number and state of that card, as lists show it."""
        row = self.row(_SHOWN, account=account)
        return None if row is None else (row[0], row[1])

    def find_members(self, text: str, limit: int = 20) -> tuple[FoundMember, ...]:
        """Holders by words of a name (each may be cut short), a phone's end, the beginning of a card's number or an e-mail."""
        found: dict[str, FoundMember] = {}
        for candidate, card in self._matches(text, limit):
            if candidate.account not in found:
                shown = (card.number, card.status) if card else self.shown_number(candidate.account)
                found[candidate.account] = FoundMember(
                    candidate.account,
                    candidate.name,
                    candidate.phone,
                    None if shown is None else shown[0],
                    None if shown is None else shown[1],
                )
            if len(found) == limit:
                break
        return tuple(found.values())

    def _matches(self, text: str, limit: int) -> Iterator[tuple[Candidate, Card | None]]:
        for range_ in ranges_of(text):
            place: Place | None = None
            # Who has two words that begin so is met twice: so it is read on.
            while page := self.candidates(range_, place, limit):
                for candidate in page:
                    yield candidate, self.card(candidate.key) if range_.of == "cards" else None
                if len(page) < limit:
                    break
                place = Place(0, page[-1].key, page[-1].account)


def _words(range_: Range) -> dict[str, Value]:
    """The further words of a range, as its statement takes them."""
    values: dict[str, Value] = {f"word{n}": word for n, word in enumerate(range_.words)}
    return values | {f"past{n}": past(word) for n, word in enumerate(range_.words)}


def _has_words(candidate: Candidate, words: tuple[str, ...]) -> bool:
    """Whether a name has, for each of these, a word that begins so."""
    if not words:
        return True
    of_name = [settled(word) for word in fold(candidate.name or "").split()]
    return all(any(word.startswith(wanted) for word in of_name) for wanted in words)


def met_first(candidate: Candidate, at: int, ranges: tuple[Range, ...], numbers: tuple[str, ...]) -> bool:
    """Whether a holder is met for the first time at this place of these ranges: each is listed once, whichever way one reads.

    `numbers` are those of their cards.
    """
    words = words_of(candidate.name, candidate.phone, candidate.email) if candidate.name is not None else ()
    for n, range_ in enumerate(ranges[: at + 1]):
        if not _has_words(candidate, range_.words):
            continue
        for key in numbers if range_.of == "cards" else words:
            if range_.first <= key < range_.end and _is_like(key, range_.pattern):
                return n == at and key == candidate.key
    return True


def _is_like(key: str, pattern: str) -> bool:
    """What LIKE says of patterns that end in "%" and hold no other."""
    wanted = pattern[:-1]
    return len(key) >= len(wanted) and all(w in ("_", k) for w, k in zip(wanted, key, strict=False))
