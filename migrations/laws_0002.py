"""The triggers of revision 0002: a deed is as final as the entry that it is of, and is written before it."""

from collections.abc import Iterator

_TOO_LATE = "EXISTS (SELECT 1 FROM entries WHERE id = NEW.id)"


def _sqlite() -> Iterator[str]:
    for event in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER deeds_final_{event.lower()} BEFORE {event} ON deeds"
            " BEGIN SELECT RAISE(ABORT, 'fact-is-final'); END"
        )
    yield (
        "CREATE TRIGGER deeds_lawful BEFORE INSERT ON deeds"
        f" BEGIN SELECT CASE WHEN {_TOO_LATE} THEN RAISE(ABORT, 'deed-too-late') END; END"
    )


def _postgresql() -> Iterator[str]:
    yield ("CREATE TRIGGER deeds_final BEFORE DELETE OR UPDATE ON deeds FOR EACH ROW EXECUTE FUNCTION fact_is_final()")
    yield ("CREATE TRIGGER deeds_kept BEFORE TRUNCATE ON deeds FOR EACH STATEMENT EXECUTE FUNCTION fact_is_final()")
    yield (
        "CREATE FUNCTION deeds_lawful() RETURNS trigger LANGUAGE plpgsql AS $law$ BEGIN"
        f" IF {_TOO_LATE} THEN RAISE EXCEPTION 'deed-too-late' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        " RETURN NEW; END $law$"
    )
    yield "CREATE TRIGGER deeds_lawful BEFORE INSERT ON deeds FOR EACH ROW EXECUTE FUNCTION deeds_lawful()"


SQLITE = tuple(_sqlite())
POSTGRESQL = tuple(_postgresql())
