"""The part of the programme language that this release does not know yet.

It is refused by name and never ignored: a shop that writes an offer must not learn from its customers that nothing came of it.
When a part of the language starts to work, its row goes from here.
"""

from __future__ import annotations

LATER = frozenset(
    {
        # Tables.
        "club",
        "draw",
        "gift_certificate",
        "guard",
        "offer",
        "partners",
        # Keys of tables; * is an id.
        "purse.*.worth",
        # Values of keys.
        "purse.*.unit = points",
        "purse.*.unit = stamps",
        "purse.*.unit = tickets",
    }
)


def later_keys(kind: str) -> tuple[str, ...]:
    """The keys of a kind of table ("" is the file) that come with a later release."""
    rows = (row.rpartition(".") for row in sorted(LATER) if "=" not in row)
    return tuple(key for table, _, key in rows if table == kind)
