"""Who works here: names, roles, the hashes of their PINs, and how often a wrong one was typed in a row."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, insert, literal_column, select, update

from pos_loyalty.domain.operator import Operator, Role
from pos_loyalty.storage.facts import moment, read_moment
from pos_loyalty.storage.folding import fold
from pos_loyalty.storage.statements import Row, Transaction
from pos_loyalty.storage.tables import operators

_FIELDS = (
    operators.c.id,
    operators.c.name,
    operators.c.role,
    operators.c.active,
    operators.c.account_id,
    operators.c.failed,
    operators.c.locked_until,
)
_ALL = select(*_FIELDS).order_by(operators.c.folded)
_BY_NAME = select(*_FIELDS).where(operators.c.folded == bindparam("folded_"))
_PIN = select(operators.c.pin).where(operators.c.id == bindparam("id_"))
_COUNT = select(func.count()).select_from(operators)
_LOCK = select(operators.c.id).order_by(operators.c.id).with_for_update()
_ADD = insert(operators)
_ONE = update(operators).where(operators.c.id == bindparam("id_"))
_SET_PIN = _ONE.values(pin=bindparam("pin_"), failed=literal_column("0"), locked_until=literal_column("NULL"))
_CHANGE = _ONE.values(role=bindparam("role_"), active=bindparam("active_"), account_id=bindparam("account_"))
_COUNT_TRY = _ONE.values(failed=bindparam("failed_"), locked_until=bindparam("until_"))


class OperatorRows(Transaction):
    """The people at the tills."""

    __slots__ = ()

    def operators(self) -> tuple[Operator, ...]:
        """Everybody, by name; who left too."""
        return tuple(map(_operator, self.rows(_ALL)))

    def has_operators(self) -> bool:
        """Whether anybody was ever added."""
        row = self.row(_COUNT)
        return bool(row and row[0])

    def operator(self, name: str) -> Operator | None:
        """Who is called so, whatever the case, accents and spaces."""
        row = self.row(_BY_NAME, folded_=fold(name))
        return None if row is None else _operator(row)

    def operator_pin(self, operator_id: str) -> str:
        """The hash of their PIN. KeyError where there is no such operator."""
        row = self.row(_PIN, id_=operator_id)
        if row is None:
            raise KeyError(operator_id)
        return str(row[0])

    def lock_operators(self) -> None:
        """Keep every other till from changing who works here until the transaction ends."""
        self.rows(_LOCK)

    def add_operator(self, operator: Operator, pin: str, at: datetime) -> None:
        """Add somebody; `pin` is the hash of their PIN. FactRefused where the name is taken."""
        self.run(
            _ADD,
            id=operator.id,
            name=operator.name,
            folded=fold(operator.name),
            role=operator.role,
            pin=pin,
            active=int(operator.active),
            account_id=operator.account,
            failed=operator.failed,
            locked_until=None,
            created_at=moment(at),
        )

    def change_operator(self, operator_id: str, role: Role, active: bool, account: str | None) -> None:
        """Another role, whether they still work here, and the account of their own card."""
        self.run(_CHANGE, id_=operator_id, role_=role, active_=int(active), account_=account)

    def set_operator_pin(self, operator_id: str, pin: str) -> None:
        """Another PIN, by its hash; what was typed wrong before counts no longer."""
        self.run(_SET_PIN, id_=operator_id, pin_=pin)

    def count_tries(self, operator_id: str, failed: int, locked_until: datetime | None) -> None:
        """How many wrong PINs there were in a row, and until when none is taken."""
        until = None if locked_until is None else moment(locked_until)
        self.run(_COUNT_TRY, id_=operator_id, failed_=failed, until_=until)


def _operator(row: Row) -> Operator:
    id_, name, role, active, account, failed, until = row
    return Operator(id_, name, role, bool(active), account, failed, until and read_moment(until))
