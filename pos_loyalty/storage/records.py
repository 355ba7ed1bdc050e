"""What the books hand out that is no value of the domain's rules: cards, revisions, goods, and results of a search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from pos_loyalty.domain.card import CardKind, CardStatus
from pos_loyalty.domain.ledger import EntryKind
from pos_loyalty.domain.money import Millionths
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
