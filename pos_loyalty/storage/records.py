"""What the books hand out that is no value of the domain's rules: cards, revisions, goods, and results of a search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from pos_loyalty.domain.card import CardKind, CardStatus
from pos_loyalty.domain.deed import Adjustment, ClubJoined, LateCard, Merge
from pos_loyalty.domain.ledger import EntryKind
from pos_loyalty.domain.money import Millionths, Minor
from pos_loyalty.domain.sale import Refund, Sale

Dialect: TypeAlias = Literal["sqlite", "postgresql"]


@dataclass(frozen=True, slots=True)
class Revision:
    """A programme as it was activated: its text, the text's SHA-256, and from which moment on it is in force."""

    number: int
    active_from: datetime
    activated_at: datetime
    operator: str
    digest: str
    text: str

    def __hash__(self) -> int:
        """Its number: what is known of all revisions of a store is looked up by them, once a sale."""
        return self.number


@dataclass(frozen=True, slots=True)
class Card:
    """A key to an account. `replaced_by` is the number of the card that took its place."""

    number: str
    account: str
    kind: CardKind
    status: CardStatus
    issued_at: datetime
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class FoundMember:
    """A holder that a search met, and the newest card of theirs; a bearer card has neither name nor phone."""

    account: str
    name: str | None
    phone: str | None
    card: str | None
    status: CardStatus | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """An action that is already stored: what it was, the digest of its request, and what it answered."""

    kind: EntryKind
    request: str | None = None
    sale: Sale | None = None
    refund: Refund | None = None
    holder: str | None = None
    joined: ClubJoined | None = None
    late: LateCard | None = None
    merge: Merge | None = None
    adjustment: Adjustment | None = None


@dataclass(frozen=True, slots=True)
class CertificateMove:
    """What one entry changed on a gift certificate, in minor units: below zero where it paid, was returned or ran out. `receipt` is
    the number of the bill, if one caused it.
    """

    kind: EntryKind
    day: date
    receipt: str | None
    amount: Minor


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """Goods that the shop sells. `price` holds VAT, in millionths of the currency's main unit, so that a catalogue needs no
    programme (None: asked at the till); `vat` is a rate in millionths.
    """

    sku: str
    name: str
    department: str = ""
    price: Millionths | None = None
    vat: Millionths = 0
    unit: str = "pc"
    reduced: bool = False
    barcode: str | None = None


@dataclass(frozen=True, slots=True)
class SuspendedBill:
    """A bill put aside: `bill` is the till's own text of it."""

    id: str
    register: str
    at: datetime
    operator: str
    label: str
    bill: str


@dataclass(frozen=True, slots=True)
class FrozenDraw:
    """A prize draw whose list was published: `text` is what the digest covers, `entry` what used the tickets up; then its seed."""

    draw: str
    entry: str
    title: str
    digest: str
    text: str
    seed: str | None = None
    drawn_at: datetime | None = None
    drawn_by: str | None = None


@dataclass(frozen=True, slots=True)
class Prize:
    """What an account won: `place` counts the prizes of the draw from 1, `ticket` is the one that won; when it was handed out."""

    draw: str
    title: str
    place: int
    prize: str
    ticket: int
    account: str
    handed_at: datetime | None = None
    handed_by: str | None = None


@dataclass(frozen=True, slots=True)
class HeldTickets:
    """The tickets of one lot that take part in a draw: what it holds, and what it lost by expiring only after the draw had closed.
    `receipt` is the register and number of the sale that earned them.
    """

    lot: str
    account: str
    held: int
    lapsed: int
    receipt: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class Note:
    """What the shop wants to remember of a holder, by whom and since when."""

    text: str
    at: datetime
    operator: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a holder complained of, what they wish, and until which day an answer was promised; then when, by whom and how it was
    closed.
    """

    id: str
    account: str
    opened_at: datetime
    opened_by: str
    text: str
    wish: str | None = None
    promised: date | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    solution: str | None = None
