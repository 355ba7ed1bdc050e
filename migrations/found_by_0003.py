"""What holders of a store before 0003 are found by besides their words and phones: every two words of a name, and the e-mail.

As the store writes them since (storage.search_words); written out here, since a migration must stay what it was.
"""

from __future__ import annotations

from itertools import combinations, zip_longest

import sqlalchemy as sa

_BATCH = 10_000
_MOST = 64
_HALF = 31
_SHAPES = dict(zip("abcehkmoptxyi", "авсенкмортхуі", strict=True))
_AS_CYRILLIC = str.maketrans("abcehkmoptxyi", "авсенкмортхуі")
_AS_LATIN = str.maketrans("авсенкмортхуі", "abcehkmoptxyi")
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")
_CYRILLIC = frozenset("абвгдежзийклмнопрстуфхцчшщъьюяыэіїєґўјљњћђџѓќѕ")


def add_words(bind: sa.Connection) -> None:
    """Add them, ten thousand holders at a time."""
    members = sa.table("members", *map(sa.column, ("account_id", "folded", "email")))
    words = sa.table("member_words", sa.column("word"), sa.column("account_id"))
    after = ""
    while True:
        page = bind.execute(
            sa.select(members.c.account_id, members.c.folded, members.c.email)
            .where(members.c.account_id > after)
            .order_by(members.c.account_id)
            .limit(_BATCH)
        ).all()
        if not page:
            return
        gone: list[dict[str, str]] = []
        more: list[dict[str, str]] = []
        for account, folded, email in page:
            before = {word[:_MOST] for word in folded.split()}
            after_ = _words(folded, email)
            gone += [{"w": word, "a": account} for word in sorted(before - after_)]
            more += [{"word": word, "account_id": account} for word in sorted(after_ - before)]
        if gone:
            bind.execute(
                sa.delete(words).where(words.c.word == sa.bindparam("w"), words.c.account_id == sa.bindparam("a")), gone
            )
        if more:
            bind.execute(sa.insert(words), more)
        after = page[-1].account_id


def _words(folded: str, email: str | None) -> set[str]:
    of_name = [_settled(word)[:_MOST] for word in folded.split()]
    found = {*of_name, *(_paired(one, other) for one, other in combinations(of_name[:6], 2))}
    return found | {f"@{email.strip().casefold()}"[:_MOST]} if email else found


def _paired(one: str, other: str) -> str:
    letters = zip_longest(one[:_HALF], other[:_HALF], fillvalue=" ")
    return "&" + "".join([a + b for a, b in letters]).rstrip(" ")


def _settled(word: str) -> str:
    letters = {letter for letter in word if letter.isalpha()}
    if letters & _LATIN and letters & _CYRILLIC:
        if letters <= _SHAPES.keys() | _CYRILLIC:
            return word.translate(_AS_CYRILLIC)
        if letters <= _LATIN | set(_SHAPES.values()):
            return word.translate(_AS_LATIN)
    return word
