"""Everything that is held on one holder, as one JSON document that is written piece by piece: nothing of it need fit into memory.

It is what a holder may ask for (GDPR, articles 15 and 20): rows as the store has them, with each bill's facts as the JSON that they
are. Of others it holds only what operators did; who a friend is stays the friend's.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from pos_loyalty.storage.facts import moment
from pos_loyalty.storage.held_rows import SECTIONS
from pos_loyalty.till.audit import note
from pos_loyalty.till.erasing import account_of
from pos_loyalty.till.operators import permit
from pos_loyalty.till.register import Register

FORMAT = "pos-loyalty holder 1"
"""What the document says it is; the number goes up when a reader of old ones could misread it."""
_JSON = frozenset({"facts", "detail"})
"""Columns that are JSON themselves."""


def export_held(
    register: Register, key: str, operator: str, write: Callable[[str], object], allowed_by: str | None = None
) -> int:
    """Write all that is held on the holder of a card or account; how many rows. That it was done is noted.

    An object: `format`, `made_at`, `account`, and by part of `SECTIONS` a list of rows of each account that is theirs. Refused with
    member-unknown before anything is written.
    """
    with register.store.read() as books:
        accounts = books.joined_accounts(account_of(books, key))
    with register.store.write() as books:
        permit(books, "lists", operator, allowed_by)
        note(books, register, operator, "member-export", account=accounts[0], allowed_by=allowed_by)
    count = 0
    with register.store.read() as books:
        head = {"format": FORMAT, "made_at": moment(register.clock()), "account": accounts[0]}
        write(json.dumps(head, ensure_ascii=False)[:-1])
        for section in SECTIONS:
            write(f',\n"{section}": [')
            between = "\n"
            for account in accounts:
                for row in books.held_of(section, account):
                    write(between + json.dumps(_readable(row), ensure_ascii=False))
                    between = ",\n"
                    count += 1
            write("]")
        write("}\n")
    return count


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    """A row with what is JSON in it as JSON, where it can be read."""
    found = {}
    for name, value in row.items():
        if name in _JSON and isinstance(value, str):
            try:
                found[name] = json.loads(value)
            except ValueError:  # changed from outside: it is shown as it is
                found[name] = value
        else:
            found[name] = value
    return found
