"""The triggers of revision 0003: what was done and what was agreed to is added to, never changed or taken away."""

from collections.abc import Iterator

_KEPT = ("audit", "erasures", "card_orders")
_CONSENTED = "id, purpose, given, at, operator, wording"
"""Consents are final too, but go with the holder who is erased, and follow one whose records are joined."""


def _sqlite() -> Iterator[str]:
    for table in _KEPT:
        for event in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_final_{event.lower()} BEFORE {event} ON {table}"
                " BEGIN SELECT RAISE(ABORT, 'fact-is-final'); END"
            )
    yield f"CREATE TRIGGER consents_final BEFORE UPDATE OF {_CONSENTED} ON consents BEGIN SELECT RAISE(ABORT, 'fact-is-final'); END"


def _postgresql() -> Iterator[str]:
    for table in _KEPT:
        yield (
            f"CREATE TRIGGER {table}_final BEFORE DELETE OR UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION fact_is_final()"
        )
        yield (
            f"CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION fact_is_final()"
        )
    yield f"CREATE TRIGGER consents_final BEFORE UPDATE OF {_CONSENTED} ON consents FOR EACH ROW EXECUTE FUNCTION fact_is_final()"


SQLITE = tuple(_sqlite())
POSTGRESQL = tuple(_postgresql())
