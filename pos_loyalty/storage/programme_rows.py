"""Revisions of the programme, read and added, never changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy import text as sql

from pos_loyalty.storage.facts import moment, read_moment
from pos_loyalty.storage.records import Revision
from pos_loyalty.storage.statements import Row, Transaction
from pos_loyalty.storage.tables import revisions

_SCHEMA = sql("SELECT version_num FROM alembic_version")
_HEAD = (
    revisions.c.number,
    revisions.c.active_from,
    revisions.c.activated_at,
    revisions.c.operator,
    revisions.c.digest,
)
_HEADS = select(*_HEAD).order_by(revisions.c.active_from, revisions.c.number)
_TEXT = select(revisions.c.text).where(revisions.c.number == bindparam("number_"))
_ONE = select(*_HEAD).where(revisions.c.number == bindparam("number_"))
_ADD = insert(revisions)

_MOST_READ = 1_000
_READ: dict[tuple[Any, ...], Revision] = {}


class ProgrammeRows(Transaction):
    """The rules that were ever in force."""

    __slots__ = ()

    def schema_version(self) -> str | None:
        """The migration that the store is at; None if it says none."""
        row = self.row(_SCHEMA)
        return None if row is None else str(row[0])

    def revisions(self) -> tuple[Revision, ...]:
        """Every revision in the order in which they come into force."""
        return tuple(map(self._revision, self.rows(_HEADS)))

    def revisions_anew(self) -> tuple[Revision, ...]:
        """Every revision as it is stored now, whatever this process has read before."""
        _READ.clear()
        return self.revisions()

    def revision(self, number: int) -> Revision | None:
        """The revision of that number."""
        row = self.row(_ONE, number_=number)
        return None if row is None else self._revision(row)

    def _revision(self, head: Row) -> Revision:
        """A revision by its head; its text is read once in a process, because what is final stays as it was read."""
        key = tuple(head)
        known = _READ.get(key)
        if known is None:
            number, active_from, activated_at, operator, digest = key
            row = self.row(_TEXT, number_=number)
            text_ = "" if row is None else str(row[0])
            known = Revision(number, read_moment(active_from), read_moment(activated_at), operator, digest, text_)
            if len(_READ) >= _MOST_READ:
                _READ.clear()
            _READ[key] = known
        return known

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
