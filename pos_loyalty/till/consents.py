"""What holders agree to: given and taken back by purpose, with the day and the very wording that was put to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pos_loyalty.domain.consent import PURPOSE_IDS, PURPOSES, Purpose, PurposeId, purpose_of
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.records import Consent
from pos_loyalty.till.audit import note
from pos_loyalty.till.register import Register


@dataclass(frozen=True, slots=True)
class Stand:
    """How a holder stands to one purpose: what they said last (None: never asked), and all that they said, the oldest first."""

    purpose: Purpose
    last: Consent | None
    history: tuple[Consent, ...] = ()

    @property
    def given(self) -> bool:
        """Whether they agree; who was never asked does not."""
        return self.last is not None and self.last.given


def purposes_named(names: Iterable[str]) -> tuple[PurposeId, ...]:
    """Purposes by their ids, each once. Refused with consent-unknown."""
    wanted = dict.fromkeys(names)
    for name in wanted:
        if name not in PURPOSE_IDS:
            raise Refused(
                "consent-unknown",
                Message(
                    N_("There is no purpose {purpose} to agree to; there are: {known}."),
                    purpose=name[:40],
                    known=", ".join(PURPOSE_IDS),
                ),
            )
    return tuple(purpose.id for purpose in PURPOSES if purpose.id in wanted)


def consents_of(register: Register, account: str) -> tuple[Stand, ...]:
    """How a holder stands to every purpose."""
    with register.store.read() as books:
        return _stands(books, account)


def give_consent(
    register: Register, account: str, purpose: PurposeId, wording: str, operator: str, allowed_by: str | None = None
) -> tuple[Stand, ...]:
    """Store that a holder agreed to `wording`, in their language. Where they agree already, nothing is added.

    Refused with member-unknown where nobody is registered: who agrees must be somebody.
    """
    return _say(register, account, purpose, wording, operator, allowed_by, given=True)


def take_back_consent(
    register: Register, account: str, purpose: PurposeId, wording: str, operator: str, allowed_by: str | None = None
) -> tuple[Stand, ...]:
    """Store that a holder agrees no longer; who does not agree anyway has nothing added."""
    return _say(register, account, purpose, wording, operator, allowed_by, given=False)


def add_consents(
    books: Books, register: Register, account: str, said: Iterable[tuple[PurposeId, str]], operator: str
) -> None:
    """Add what a new holder agreed to, as (purpose, wording), within the transaction that enrols them."""
    for purpose, wording in said:
        purpose_of(purpose)
        books.add_consent(Consent(register.new_id(), account, purpose, True, register.clock(), operator, wording))


def _say(
    register: Register,
    account: str,
    purpose: PurposeId,
    wording: str,
    operator: str,
    allowed_by: str | None,
    *,
    given: bool,
) -> tuple[Stand, ...]:
    with register.store.write() as books:
        books.lock(None, account)
        if books.member(account) is None:
            raise Refused(
                "member-unknown",
                Message(N_("Nobody is registered for this card: enrol them first, then ask what they agree to.")),
            )
        if books.has_consented(account, purpose) != given:
            books.add_consent(
                Consent(register.new_id(), account, purpose, given, register.clock(), operator, wording[:1000])
            )
            action = "consent-given" if given else "consent-taken-back"
            note(books, register, operator, action, account=account, subject=purpose, allowed_by=allowed_by)
        return _stands(books, account)


def _stands(books: Books, account: str) -> tuple[Stand, ...]:
    history = books.consent_history(account)
    found = []
    for purpose in PURPOSES:
        said = tuple(one for one in history if one.purpose == purpose.id)
        found.append(Stand(purpose, said[-1] if said else None, said))
    return tuple(found)
