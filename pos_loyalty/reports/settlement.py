"""Who owes whom among partners: what was accepted of each other's lots in a period, each way and netted.

It is the sum of the postings of `issuer:<issuer>:<acceptor>` over the entries of those business days, nothing else.
"""

from __future__ import annotations

from pos_loyalty.domain.message import N_
from pos_loyalty.domain.partners import netted
from pos_loyalty.reports.frame import Cell, Column, Period, Report
from pos_loyalty.storage.books import Books


def _rows(books: Books, period: Period) -> list[tuple[Cell, ...]]:
    found = netted(books.claims(period.first, period.last))
    return [(row.debtor, row.creditor, row.owed, row.owed_back, row.net) for row in found]


REPORT = Report(
    name="settlement",
    title=N_("Who owes whom among partners"),
    columns=(
        Column("debtor", N_("Owes"), N_("the partner that pays")),
        Column("creditor", N_("Is owed"), N_("the partner that is paid")),
        Column(
            "owed",
            N_("For its lots"),
            N_("what the creditor accepted of lots that the debtor had issued, less what came back"),
            "money",
        ),
        Column(
            "owed_back",
            N_("Owed back"),
            N_("what the debtor accepted of lots that the creditor had issued, less what came back"),
            "money",
        ),
        Column("net", N_("To pay"), N_("the first less the second"), "money"),
    ),
    rows=_rows,
)
