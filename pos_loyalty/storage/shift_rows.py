"""The drawer's shifts and what was put into it or taken out beside the sales; at most one shift a register is open."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, insert, literal_column, select, update

from pos_loyalty.domain.shift import NO_HEAD, DrawerMove, Shift, ShiftReport
from pos_loyalty.storage.facts import moment, read_moment, read_shift_report, written
from pos_loyalty.storage.statements import Row, Transaction
from pos_loyalty.storage.tables import drawer_moves, registers, shifts

_SHIFT = select(
    shifts.c.id,
    shifts.c.register,
    shifts.c.number,
    shifts.c.opened_at,
    shifts.c.opened_by,
    shifts.c.opening_float,
    shifts.c.first_entry,
    shifts.c.closed_at,
    shifts.c.closed_by,
    shifts.c.last_entry,
    shifts.c.head,
    shifts.c.expected,
    shifts.c.counted,
    shifts.c.report,
)
_OPEN = _SHIFT.where(shifts.c.register == bindparam("register_"), shifts.c.closed_at.is_(literal_column("NULL")))
_IS_OPEN = select(shifts.c.id).where(
    shifts.c.register == bindparam("register_"), shifts.c.closed_at.is_(literal_column("NULL"))
)
_NUMBERED = _SHIFT.where(shifts.c.register == bindparam("register_"), shifts.c.number == bindparam("number_"))
_LAST_NUMBER = select(func.max(shifts.c.number)).where(shifts.c.register == bindparam("register_"))
_CLOSED = (
    _SHIFT.where(
        shifts.c.register == bindparam("register_"),
        shifts.c.number < bindparam("before"),
        shifts.c.closed_at.is_not(literal_column("NULL")),
    )
    .order_by(shifts.c.number.desc())
    .limit(bindparam("most"))
)
_ADD = insert(shifts)
_CLOSE = (
    update(shifts)
    .where(shifts.c.id == bindparam("id_"), shifts.c.closed_at.is_(literal_column("NULL")))
    .values(
        closed_at=bindparam("at"),
        closed_by=bindparam("by"),
        last_entry=bindparam("last"),
        head=bindparam("head_"),
        expected=bindparam("expected_"),
        counted=bindparam("counted_"),
        report=bindparam("report_"),
    )
)
_ADD_MOVE = insert(drawer_moves)
_MOVE = select(
    drawer_moves.c.id,
    drawer_moves.c.at,
    drawer_moves.c.operator,
    drawer_moves.c.amount,
    drawer_moves.c.reason,
    drawer_moves.c.allowed_by,
)
_MOVES = _MOVE.where(drawer_moves.c.shift_id == bindparam("shift")).order_by(drawer_moves.c.at, drawer_moves.c.id)
_ONE_MOVE = _MOVE.where(drawer_moves.c.id == bindparam("id_"))
_HEAD = select(registers.c.last_entry, registers.c.head).where(registers.c.name == bindparam("register_"))

MOST = 1_000_000_000
"""A number that no shift has."""


class ShiftRows(Transaction):
    """Shifts and the drawer's moves."""

    __slots__ = ()

    def journal_head(self, register: str) -> tuple[int, str]:
        """The number of the last entry of a register's journal, and its hash; lock the register first where that must stay so."""
        row = self.row(_HEAD, register_=register)
        return (0, NO_HEAD) if row is None else (row[0], row[1])

    def open_shift(self, register: str) -> Shift | None:
        """The shift that is open at a register."""
        row = self.row(_OPEN, register_=register)
        return None if row is None else _shift(row)

    def has_open_shift(self, register: str) -> bool:
        """Whether a shift is open at a register."""
        return self.row(_IS_OPEN, register_=register) is not None

    def shift(self, register: str, number: int) -> Shift | None:
        """A shift by its number."""
        row = self.row(_NUMBERED, register_=register, number_=number)
        return None if row is None else _shift(row)

    def closed_shifts(self, register: str, before: int = MOST, most: int = 20) -> tuple[Shift, ...]:
        """So many closed shifts of a register with a number below that one, the newest first."""
        return tuple(map(_shift, self.rows(_CLOSED, register_=register, before=before, most=most)))

    def last_shift(self, register: str) -> int:
        """The number of the last shift of a register; 0 where it had none."""
        row = self.row(_LAST_NUMBER, register_=register)
        return 0 if row is None or row[0] is None else int(row[0])

    def add_shift(self, shift: Shift) -> None:
        """Add an open shift. The store refuses a second one."""
        self.run(
            _ADD,
            id=shift.id,
            register=shift.register,
            number=shift.number,
            opened_at=moment(shift.opened_at),
            opened_by=shift.opened_by,
            opening_float=shift.opening_float,
            first_entry=shift.first_entry,
            closed_at=None,
            closed_by=None,
            last_entry=None,
            head=None,
            expected=None,
            counted=None,
            report=None,
        )

    def close_shift(self, shift: str, at: datetime, report: ShiftReport) -> None:
        """Store the Z report of a shift, and that it is closed."""
        self.run(
            _CLOSE,
            id_=shift,
            at=moment(at),
            by=report.operator,
            last=report.last_entry,
            head_=report.head,
            expected_=report.drawer.expected,
            counted_=report.drawer.counted,
            report_=written(report),
        )

    def add_move(self, shift: str, move: DrawerMove) -> None:
        """Add a move of the drawer."""
        self.run(
            _ADD_MOVE,
            id=move.id,
            shift_id=shift,
            at=moment(move.at),
            operator=move.operator,
            allowed_by=move.allowed_by,
            amount=move.amount,
            reason=move.reason,
        )

    def moves(self, shift: str) -> tuple[DrawerMove, ...]:
        """The moves of a shift, the oldest first."""
        return tuple(map(_move, self.rows(_MOVES, shift=shift)))

    def drawer_move(self, move_id: str) -> DrawerMove | None:
        """A move by its id."""
        row = self.row(_ONE_MOVE, id_=move_id)
        return None if row is None else _move(row)


def _move(row: Row) -> DrawerMove:
    id_, at, operator, amount, reason, allowed_by = row
    return DrawerMove(id_, read_moment(at), operator, int(amount), reason, allowed_by)


def _shift(row: Row) -> Shift:
    id_, register, number, opened_at, opened_by, opening_float, first = row[:7]
    closed_at, closed_by, last, head, expected, counted, report = row[7:]
    return Shift(
        id=id_,
        register=register,
        number=number,
        opened_at=read_moment(opened_at),
        opened_by=opened_by,
        opening_float=int(opening_float),
        first_entry=first,
        closed_at=closed_at and read_moment(closed_at),
        closed_by=closed_by,
        last_entry=last,
        head=head,
        expected=expected,
        counted=counted,
        report=None if report is None else read_shift_report(report),
    )
