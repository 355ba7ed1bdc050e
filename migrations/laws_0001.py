"""The triggers of revision 0001: what no program, ours or another's, may do to a store.

Facts are final; an entry seals its postings, lots and bill, which are written before it; it balances in each unit, follows
the last of its register without a gap, and names that one's hash. Each law speaks one stable word, the same on both databases.
"""

from collections.abc import Iterator

# What is written once. Each insert below also refuses to stand in for a row that is there, as SQLite's INSERT OR REPLACE would.
FINAL = ("revisions", "entries", "postings", "lots", "sales", "refunds")

# The columns that a final row may yet change: a lot's copies of its postings, and who a holder was, which erasing blanks.
_LOT_FACTS = (
    "id",
    "account_id",
    "purse",
    "entry_id",
    "sale",
    "offer",
    "parent",
    "amount",
    "filled_at",
    "available",
    "expires",
)
_SALE_FACTS = ("id", "register", "number", "day", "account_id", "revision", "gross", "due", "request", "facts")
_CHANGES = {"lots": _LOT_FACTS, "sales": _SALE_FACTS}

# On each table, what makes an insert wrong, and the word for it. NEW is the row; both databases read these alike.
_INSERTS: dict[str, tuple[tuple[str, str], ...]] = {
    "revisions": (("fact-is-final", "EXISTS (SELECT 1 FROM revisions WHERE number = NEW.number)"),),
    "postings": (("posting-too-late", "EXISTS (SELECT 1 FROM entries WHERE id = NEW.entry_id)"),),
    "lots": (
        ("lot-too-late", "EXISTS (SELECT 1 FROM entries WHERE id = NEW.entry_id)"),
        ("fact-is-final", "EXISTS (SELECT 1 FROM lots WHERE id = NEW.id)"),
    ),
    "sales": (
        ("sale-too-late", "EXISTS (SELECT 1 FROM entries WHERE id = NEW.id)"),
        (
            "receipt-number-taken",
            "EXISTS (SELECT 1 FROM sales WHERE register = NEW.register AND number = NEW.number)",
        ),
    ),
    "refunds": (
        ("refund-too-late", "EXISTS (SELECT 1 FROM entries WHERE id = NEW.id)"),
        (
            "receipt-number-taken",
            "EXISTS (SELECT 1 FROM refunds WHERE register = NEW.register AND number = NEW.number)",
        ),
    ),
    "entries": (
        ("fact-is-final", "EXISTS (SELECT 1 FROM entries WHERE id = NEW.id)"),
        (
            "entry-unbalanced",
            "EXISTS (SELECT 1 FROM postings WHERE entry_id = NEW.id GROUP BY unit HAVING sum(amount) <> 0)",
        ),
        (
            "entry-out-of-order",
            "NEW.seq <> coalesce((SELECT max(seq) FROM entries WHERE register = NEW.register), 0) + 1",
        ),
        (
            "chain-broken",
            "NEW.previous <> coalesce((SELECT hash FROM entries WHERE register = NEW.register AND seq = NEW.seq - 1),"
            " '0000000000000000000000000000000000000000000000000000000000000000')",
        ),
    ),
}
# Who a holder was may be blanked, and nothing else put in its place.
_ERASURE = (
    "(NEW.card IS NOT NULL AND (OLD.card IS NULL OR NEW.card <> OLD.card))"
    " OR (NEW.holder IS NOT NULL AND (OLD.holder IS NULL OR NEW.holder <> OLD.holder))"
)


def _sqlite() -> Iterator[str]:
    for table in FINAL:
        columns = f" OF {', '.join(_CHANGES[table])}" if table in _CHANGES else ""
        for event in (f"UPDATE{columns}", "DELETE"):
            name = f"{table}_final_{event.split()[0].lower()}"
            yield (f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, 'fact-is-final'); END")
    for table, laws in _INSERTS.items():
        cases = " ".join(f"WHEN {wrong} THEN RAISE(ABORT, '{word}')" for word, wrong in laws)
        yield f"CREATE TRIGGER {table}_lawful BEFORE INSERT ON {table} BEGIN SELECT CASE {cases} END; END"
    yield (
        f"CREATE TRIGGER sales_erasable BEFORE UPDATE OF card, holder ON sales WHEN {_ERASURE}"
        " BEGIN SELECT RAISE(ABORT, 'fact-is-final'); END"
    )


def _raise(word: str) -> str:
    return f"RAISE EXCEPTION '{word}' USING ERRCODE = 'integrity_constraint_violation';"


def _function(name: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $law$ BEGIN {body} END $law$"


def _postgresql() -> Iterator[str]:
    yield _function("fact_is_final", _raise("fact-is-final"))
    for table in FINAL:
        columns = f" OF {', '.join(_CHANGES[table])}" if table in _CHANGES else ""
        yield (
            f"CREATE TRIGGER {table}_final BEFORE DELETE OR UPDATE{columns} ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION fact_is_final()"
        )
        yield (
            f"CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION fact_is_final()"
        )
    for table, laws in _INSERTS.items():
        checks = " ".join(f"IF {wrong} THEN {_raise(word)} END IF;" for word, wrong in laws)
        yield _function(f"{table}_lawful", f"{checks} RETURN NEW;")
        yield (f"CREATE TRIGGER {table}_lawful BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_lawful()")
    yield (
        f"CREATE TRIGGER sales_erasable BEFORE UPDATE OF card, holder ON sales FOR EACH ROW WHEN ({_ERASURE})"
        " EXECUTE FUNCTION fact_is_final()"
    )


SQLITE = tuple(_sqlite())
POSTGRESQL = tuple(_postgresql())
