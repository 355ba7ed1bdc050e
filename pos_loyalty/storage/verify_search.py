"""What holders and goods are found by, against the names that it was made of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import select

from pos_loyalty.storage.books import Books
from pos_loyalty.storage.findings import Findings, paired
from pos_loyalty.storage.folding import fold
from pos_loyalty.storage.search_words import words_of
from pos_loyalty.storage.tables import catalogue, member_words, members

_MEMBERS = select(members.c.account_id, members.c.name, members.c.folded, members.c.phone, members.c.email).order_by(
    members.c.account_id
)
_WORDS = select(member_words.c.account_id, member_words.c.word).order_by(member_words.c.account_id, member_words.c.word)
_GOODS = select(catalogue.c.sku, catalogue.c.name, catalogue.c.folded).order_by(catalogue.c.sku)


def check_search(books: Books, findings: Findings) -> None:
    """Every holder is found by the words and pairs of their name, phone and e-mail, and nothing else; goods by their names."""
    for member, words in paired(books.pages(_MEMBERS), _by_account(books.pages(_WORDS))):
        if member is None:
            continue  # a word of nobody: its foreign key is checked with the file
        findings.count("search")
        account, name, folded, phone, email = member
        findings.differs(f"account {account}", "folded", folded, fold(name))
        found = "|".join(words[1] if words else ())
        findings.differs(f"account {account}", "words", found, "|".join(words_of(name, phone, email)))
    for sku, name, folded in books.pages(_GOODS):
        findings.count("search")
        findings.differs(f"SKU {sku}", "folded", folded, fold(name))


def _by_account(rows: Iterator[Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for account, words in groupby(rows, key=itemgetter(0)):
        yield account, tuple(word for _, word in words)
