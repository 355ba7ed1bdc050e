"""The owner's questions, each a module of its own: read-only, answered as plain rows.

`named` gives the report of a name; what makes one up is in `frame`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pos_loyalty.reports.acting import ActList
    from pos_loyalty.reports.frame import Report

LISTS: tuple[str, ...] = ("birthdays", "absent", "near-tier", "expiring", "complaints", "winners")
"""Every list of holders to act on; each is a report too."""
NAMES: tuple[str, ...] = (
    "liability",
    "flow",
    "holders",
    "visits",
    "retention",
    "offers",
    "voices",
    "settlement",
    "watch",
    *LISTS,
)
"""Every report, as it is asked for; its module has the same name, with underscores."""
HEAVY: frozenset[str] = frozenset({"holders", "visits", "retention"})
"""Those that an analytics engine answers sooner, where a store is large: they look at every holder's bills of all time."""


def named(name: str) -> Report:
    """The report of that name; KeyError if there is none."""
    if name not in NAMES:
        raise KeyError(name)
    report: Report = import_module(f"{__name__}.{name.replace('-', '_')}").REPORT
    return report


def listed(name: str) -> ActList:
    """The list to act on of that name; KeyError if there is none."""
    if name not in LISTS:
        raise KeyError(name)
    found: ActList = import_module(f"{__name__}.{name.replace('-', '_')}").LIST
    return found
