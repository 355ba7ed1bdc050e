"""Finding card holders by what a cashier hears: the beginning of any word of a name, the end of a phone, a card's number."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from sqlalchemy import Select, bindparam, func, literal_column, select

from pos_loyalty.storage.folding import MAX_WORD, digits_of, fold, past
from pos_loyalty.storage.holder_rows import HolderRows
from pos_loyalty.storage.records import Card, FoundMember
from pos_loyalty.storage.tables import cards, member_words, members

LEAST_DIGITS = 4
"""Fewer last digits of a phone, or first characters of a card's number, say too little."""
MOST_WORDS = 5
"""Words of a search that are looked at: no name has more that tell holders apart."""

_CARDS_FROM = (
    select(cards.c.number)
    .where(cards.c.number >= bindparam("first"), cards.c.number < bindparam("end"))
    .order_by(cards.c.number)
    .limit(bindparam("count_"))
)
# The rarest word of a search leads it; past so many it does not matter which.
_HOW_MANY = select(func.count()).select_from(
    select(member_words.c.account_id)
    .where(member_words.c.word >= bindparam("first"), member_words.c.word < bindparam("end"))
    .limit(literal_column("1000"))
    .subquery()
)


@cache
def _with_words(others: int) -> Select[tuple[str]]:
    """The accounts with a word that begins so, and with so many others that begin in their ways, in the index's order."""
    statement = (
        select(member_words.c.account_id)
        .where(member_words.c.word >= bindparam("first"), member_words.c.word < bindparam("end"))
        .order_by(member_words.c.word, member_words.c.account_id)
        .limit(bindparam("count_"))
    )
    if others:
        statement = statement.join(members, members.c.account_id == member_words.c.account_id)
    for n in range(others):
        statement = statement.where((literal_column("' '") + members.c.folded).like(bindparam(f"other{n}")))
    return statement


class SearchRows(HolderRows):
    """The quick search of the till."""

    __slots__ = ()

    def find_members(self, text: str, limit: int = 20) -> tuple[FoundMember, ...]:
        """Holders by words of a name (each may be cut short), a phone's last digits, or a card's number or its beginning."""
        found: dict[str, FoundMember] = {}
        for account, card in self._matches(text.strip(), limit):
            if account not in found:
                found[account] = self._found(account, card)
            if len(found) == limit:
                break
        return tuple(found.values())

    def _matches(self, text: str, limit: int) -> Iterator[tuple[str, Card | None]]:
        words = [word[:MAX_WORD] for word in fold(text).split()[:MOST_WORDS]]
        if not words:
            return
        number = text.upper()
        if card := self.card(number):
            yield card.account, card
        digits = digits_of(text)
        if len(digits) >= LEAST_DIGITS and not any(c.isalpha() for c in text):
            tail = f"#{digits[::-1]}"[:MAX_WORD]
            for (account,) in self.rows(_with_words(0), first=tail, end=past(tail), count_=limit):
                yield account, None
        if len(number) >= LEAST_DIGITS:
            for (found,) in self.rows(_CARDS_FROM, first=number, end=past(number), count_=limit):
                if card := self.card(found):
                    yield card.account, card
        if len(words) > 1:
            words.sort(key=self._holders_with)
        first, *others = words
        # One holder may have two words that begin so: twice the rows are always enough for pairs of them.
        values: dict[str, str | int] = {"first": first, "end": past(first), "count_": 2 * limit}
        values |= {f"other{n}": f"% {word}%" for n, word in enumerate(others)}
        for (account,) in self.rows(_with_words(len(others)), **values):
            yield account, None

    def _holders_with(self, word: str) -> int:
        """How many holders have a word that begins so, counted no further than it matters."""
        row = self.row(_HOW_MANY, first=word, end=past(word))
        return 0 if row is None else int(row[0])

    def _found(self, account: str, card: Card | None) -> FoundMember:
        member = self.member(account)
        if card is None:
            mine = self.cards_of(account)
            card = next((c for c in reversed(mine) if c.status == "active"), mine[-1] if mine else None)
        return FoundMember(
            account,
            None if member is None else member.name,
            None if member is None else member.phone,
            None if card is None else card.number,
            None if card is None else card.status,
        )
