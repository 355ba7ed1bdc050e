"""Whether the store still has its laws: the tables as they were made, and every trigger that keeps facts final."""

from __future__ import annotations

from sqlalchemy import text as sql

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.findings import Findings
from pos_loyalty.storage.schema import pristine
from pos_loyalty.storage.tables import FACTS

_SQLITE = sql("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
_POSTGRESQL = sql(
    "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND c.relnamespace = current_schema()::regnamespace"
)


def check_sqlite_laws(books: Books, findings: Findings) -> None:
    """Every table, index and trigger is, to the letter, what the migrations make today."""
    wanted = pristine()
    found = {(kind, name): made for kind, name, made in books.pages(_SQLITE)}
    for (kind, name), made in wanted.items():
        findings.count("laws")
        if (kind, name) not in found:
            findings.fault(f"{kind} {name}", Message(N_("It is missing from the store.")))
        elif found[kind, name] != made:
            findings.fault(f"{kind} {name}", Message(N_("It is not what this program makes.")))
    for kind, name in found.keys() - wanted.keys():
        if kind == "trigger":
            findings.fault(f"{kind} {name}", Message(N_("This program makes no such thing.")))


def check_postgresql_laws(books: Books, findings: Findings) -> None:
    """Every trigger is there and switched on."""
    found = {row[0] for row in books.pages(_POSTGRESQL)}
    for name in (*(f"{table}_{law}" for table in FACTS for law in ("final", "kept", "lawful")), "sales_erasable"):
        findings.count("laws")
        if name not in found:
            findings.fault(f"trigger {name}", Message(N_("It is missing from the store.")))
