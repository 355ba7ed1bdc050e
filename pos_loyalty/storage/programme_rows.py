"""Revisions of the programme, read and added, never changed."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select, text

from pos_loyalty.storage.facts import moment, read_moment
from pos_loyalty.storage.records import Revision
from pos_loyalty.storage.statements import Transaction
from pos_loyalty.storage.tables import revisions

_SCHEMA = text("SELECT version_num FROM alembic_version")
_ALL = select(
    revisions.c.number,
    revisions.c.active_from,
    revisions.c.activated_at,
    revisions.c.operator,
    revisions.c.digest,
    revisions.c.text,
).order_by(revisions.c.active_from, revisions.c.number)
_NEWEST = select(revisions.c.number).order_by(revisions.c.number.desc()).limit(1)
_ONE = _ALL.where(revisions.c.number == bindparam("number_"))
_ADD = insert(revisions)


class ProgrammeRows(Transaction):
    """The rules that were ever in force."""

    __slots__ = ()

    def schema_version(self) -> str | None:
        """The migration that the store is at; None if it says none."""
        row = self.row(_SCHEMA)
        return None if row is None else str(row[0])

    def revisions(self) -> tuple[Revision, ...]:
        """Every revision in the order in which they come into force."""
        return tuple(_revision(*row) for row in self.rows(_ALL))

    def revision(self, number: int) -> Revision | None:
        """The revision of that number."""
        row = self.row(_ONE, number_=number)
        return None if row is None else _revision(*row)

    def newest_revision(self) -> int:
        """The highest revision number, 0 where there is none: enough to know whether rules read before are still all."""
        row = self.row(_NEWEST)
        return 0 if row is None else int(row[0])

    def add_revision(self, revision: Revision) -> None:
        """Add a revision. FactRefused ("fact-is-final") if its number is taken."""
        self.run(
            _ADD,
            number=revision.number,
            active_from=moment(revision.active_from),
            activated_at=moment(revision.activated_at),
            operator=revision.operator,
            digest=revision.digest,
            text=revision.text,
        )


def _revision(number: int, active_from: str, activated_at: str, operator: str, digest: str, text_: str) -> Revision:
    return Revision(number, read_moment(active_from), read_moment(activated_at), operator, digest, text_)
