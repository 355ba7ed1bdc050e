"""Who works here: they sign in by a PIN, have the rights of their role, and may be allowed more once by somebody who has it.

Where nobody was ever added nobody has to sign in and everything is allowed. From the first operator on, who is an owner, there is
always an active owner. A name that is no operator's is not restricted: it comes from the command line, which is the owner's own.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.operator import Operator, Right, Role, checked_pin, digits_typed, locked_for
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.folding import fold
from pos_loyalty.till.audit import note
from pos_loyalty.till.pins import hashed, is_old, is_pin, nobodys
from pos_loyalty.till.register import Register

MAX_NAME = 100
RIGHT_NAMES: dict[Right, str] = {
    "discount": N_("a discount by hand"),
    "guard": N_("what the programme lets nobody do alone"),
    "refund-without-receipt": N_("taking goods back without a receipt"),
    "drawer": N_("opening the drawer, putting cash in or taking it out"),
    "shift": N_("the shift's reports"),
    "card": N_("blocking, replacing and joining cards"),
    "holder": N_("changing who a card holder is"),
    "adjust": N_("changing a purse by hand, and forgiving what is owed"),
    "lists": N_("lists of card holders"),
    "reports": N_("the figures"),
    "audit": N_("the list of what was done"),
    "erase": N_("erasing a card holder"),
    "programme": N_("changing the programme"),
    "operators": N_("changing who works here"),
    "transfer": N_("import and export of everything"),
}
"""What each right is for, as it is asked about."""
ROLE_NAMES: dict[Role, str] = {"cashier": N_("cashier"), "manager": N_("manager"), "owner": N_("owner")}
WRONG = Message(N_("The name or the PIN is wrong: try again."))


@dataclass(frozen=True, slots=True)
class Change:
    """What changes about an operator; None stays as it is. `card` is the number of their own card, "" none."""

    role: Role | None = None
    pin: str | None = None
    active: bool | None = None
    card: str | None = None


# ---- rights -----------------------------------------------------------------------------------------


def permit(books: Books, right: Right, operator: str, allowed_by: str | None) -> None:
    """Refuse (right-missing) what an operator who is known here has no right to, unless somebody who has it allowed it."""
    known = books.operator(operator) if fold(operator) else None
    if known is None or known.may(right):
        return
    by = books.operator(allowed_by) if allowed_by else None
    if by is None or not by.may(right):
        raise Refused(
            "right-missing",
            Message(
                N_("{operator} may not do this ({right}): ask somebody who may."),
                operator=known.name,
                right=Message(RIGHT_NAMES[right]),
            ),
        )


def may(register: Register, right: Right, operator: str) -> bool:
    """Whether whoever sells may do something without asking."""
    with register.store.read() as books:
        known = books.operator(operator) if fold(operator) else None
        return known.may(right) if known is not None else not books.has_operators()


def those_with(register: Register, right: Right | None = None) -> tuple[Operator, ...]:
    """The active operators by name; with a right those who have it."""
    with register.store.read() as books:
        return tuple(one for one in books.operators() if one.active and (right is None or one.may(right)))


def needs_no_pin(register: Register, operator: str) -> bool:
    """Whether a register may begin with this operator from its settings: while nobody is known, and a cashier, who has no right
    that is worth a PIN, at any time.
    """
    if not operator:
        return False
    with register.store.read() as books:
        known = books.operator(operator)
        return not books.has_operators() if known is None else known.active and known.role == "cashier"


# ---- signing in ---------------------------------------------------------------------------------------


def sign_in(register: Register, name: str, pin: str) -> Operator:
    """Who takes the till. Refused with pin-wrong, whichever of both is wrong, or pin-locked after too many wrong ones."""
    operator = _recognised(register, name, pin, None)
    with register.store.write() as books:
        note(books, register, operator.name, "sign-in")
    return operator


def allow(register: Register, name: str, pin: str, right: Right, operator: str) -> Operator:
    """Somebody with a right lets an operator do one thing. Refused as `sign_in`, and with right-missing where they have it not.

    What is done with it says who allowed it; that a PIN was given for it is noted here.
    """
    by = _recognised(register, name, pin, right)
    if not by.may(right):
        raise Refused(
            "right-missing",
            Message(
                N_("{operator} may not allow this ({right}): ask somebody who may."),
                operator=by.name,
                right=Message(RIGHT_NAMES[right]),
            ),
        )
    with register.store.write() as books:
        note(books, register, operator, "allow", allowed_by=by.name, right=right)
    return by


def lock(register: Register, operator: str, *, idle: bool = False) -> None:
    """Note that a till was locked: by whoever left it, or because nobody touched it."""
    with register.store.write() as books:
        note(books, register, operator, "lock", why="idle" if idle else "key")


def _recognised(register: Register, name: str, pin: str, right: Right | None) -> Operator:
    """Whose name and PIN these are. The try is counted, durably, before the PIN is looked at: tries at the same time at several
    tills count one by one, and pulling the plug gives none back.
    """
    now = register.clock()
    with register.store.write() as books:
        books.lock_operators()
        found = books.operator(name) if fold(name) else None
        known = found if found is not None and found.active else None
        until = known.shut_out_until(now) if known is not None else None
        kept = nobodys() if known is None else books.operator_pin(known.id)
        if known is not None and until is None:
            failed = known.failed + 1
            pause = locked_for(failed)
            books.count_tries(known.id, failed, now + pause if pause else None)
    right_one = is_pin(kept, digits_typed(pin) or "-")
    if until is not None:
        raise _locked(until, now)
    if known is None or not right_one:
        with register.store.write() as books:
            # A name that is not known may be a PIN in the wrong line: it is not noted.
            done = {"right": right} if right else {}
            note(books, register, known.name if known else "", "sign-in-failed", **done)
        if known is not None and pause is not None:
            raise _locked(now + pause, now)
        raise Refused("pin-wrong", WRONG)
    with register.store.write() as books:
        books.count_tries(known.id, 0, None)
        if is_old(kept):
            books.set_operator_pin(known.id, hashed(digits_typed(pin) or ""))
    return replace(known, failed=0, locked_until=None)


def _locked(until: datetime, now: datetime) -> Refused:
    minutes = max(-(-int((until - now).total_seconds()) // 60), 1)
    return Refused(
        "pin-locked",
        Message(
            N_("Too many wrong PINs: none is taken for {minutes} min. An owner can set a new one."), minutes=minutes
        ),
    )


# ---- who works here -------------------------------------------------------------------------------------


def listed(register: Register) -> tuple[Operator, ...]:
    """Everybody, by name; who left too."""
    with register.store.read() as books:
        return books.operators()


def add(
    register: Register,
    name: str,
    role: Role,
    pin: str,
    operator: str,
    *,
    card: str | None = None,
    allowed_by: str | None = None,
    first: bool = False,
    by_right: bool = True,
) -> Operator:
    """Add somebody. The first one is the owner; `first` adds nobody where there is somebody already. Without `by_right` whoever
    calls may do so: the command line is the owner's own.

    Refused with operator-invalid, operator-taken, operators-exist, owner-needed, pin-invalid, pin-weak, card-unknown or
    right-missing.
    """
    name = _tidied(name)
    kept = hashed(checked_pin(pin))
    with register.store.write() as books:
        books.lock_operators()
        if first and books.has_operators():
            raise Refused("operators-exist", Message(N_("There is an owner already: sign in, or ask them to add you.")))
        if by_right and not first:
            permit(books, "operators", operator, allowed_by)
        if role != "owner" and not books.has_operators():
            raise Refused("owner-needed", Message(N_("The first operator is the owner: give them that role.")))
        if books.operator(name) is not None:
            raise Refused("operator-taken", Message(N_("There is an operator called {name} already."), name=name))
        account = _account_of(books, card) if card else None
        made = Operator(register.new_id(), name, role, account=account)
        books.add_operator(made, kept, register.clock())
        note(books, register, operator or name, "operator-add", subject=name[:80], allowed_by=allowed_by, role=role)
    return made


def change(
    register: Register,
    name: str,
    wish: Change,
    operator: str,
    *,
    allowed_by: str | None = None,
    by_right: bool = True,
) -> Operator:
    """Change somebody's role, PIN, own card, or whether they still work here; `by_right` as in `add`.

    Refused with operator-unknown, owner-needed (the last active owner stays one), pin-invalid, pin-weak, card-unknown or
    right-missing.
    """
    kept = hashed(checked_pin(wish.pin)) if wish.pin is not None else None
    with register.store.write() as books:
        books.lock_operators()
        if by_right:
            permit(books, "operators", operator, allowed_by)
        before = books.operator(name) if fold(name) else None
        if before is None:
            raise Refused("operator-unknown", Message(N_("There is no operator called {name}."), name=name[:MAX_NAME]))
        account = before.account
        if wish.card is not None:
            account = _account_of(books, wish.card) if wish.card else None
        after = replace(
            before,
            role=wish.role or before.role,
            active=before.active if wish.active is None else wish.active,
            account=account,
        )
        if _is_owner(before) and not _is_owner(after) and sum(map(_is_owner, books.operators())) == 1:
            raise Refused(
                "owner-needed",
                Message(N_("{name} is the last owner: make somebody else an owner first."), name=before.name),
            )
        if after != before:
            books.change_operator(before.id, after.role, after.active, after.account)
        done = _said(before, after)
        if kept is not None:
            books.set_operator_pin(before.id, kept)
            done["pin"] = "new"
            after = replace(after, failed=0, locked_until=None)
        if done:
            note(books, register, operator, "operator-change", subject=before.name[:80], allowed_by=allowed_by, **done)
    return after


def _said(before: Operator, after: Operator) -> dict[str, str]:
    """What of an operator is another than before, for the audit list."""
    done: dict[str, str] = {}
    if after.role != before.role:
        done["role"] = after.role
    if after.active != before.active:
        done["active"] = "yes" if after.active else "no"
    if after.account != before.account:
        done["card"] = "connected" if after.account else "none"
    return done


def _is_owner(operator: Operator) -> bool:
    return operator.active and operator.role == "owner"


def _account_of(books: Books, number: str) -> str:
    card = books.card(number.strip())
    if card is None:
        raise Refused("card-unknown", Message(N_("There is no card {number} here."), number=number.strip()[:40]))
    return card.account


def _tidied(name: str) -> str:
    """A name on one line. Refused with operator-invalid where it is empty, too long, or holds what cannot be shown."""
    tidy = " ".join(name.split())
    if not fold(tidy) or fold(tidy).replace(" ", "").isdecimal():
        raise Refused("operator-invalid", Message(N_("An operator's name has letters in it: type the name.")))
    if len(tidy) > MAX_NAME:
        raise Refused("operator-invalid", Message(N_("The name is longer than {limit} characters."), limit=MAX_NAME))
    if any(unicodedata.category(ch) in {"Cc", "Cs", "Co"} for ch in tidy):
        raise Refused("operator-invalid", Message(N_("There is a character in the name that cannot be shown.")))
    return tidy
