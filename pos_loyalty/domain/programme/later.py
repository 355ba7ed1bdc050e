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
