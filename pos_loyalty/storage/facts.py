"""Facts as text and back: moments, days, and whole bills as canonical JSON that reads back as exactly the same values.

Moments are UTC with milliseconds, cut and not rounded, so that a moment is never written as later than it was. A bill's JSON is
part of its entry's hash: a field that is added to a bill later must have a default, or old bills could not be read.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import msgspec

from pos_loyalty.domain.deed import Adjustment, ClubJoined, LateCard, Merge
from pos_loyalty.domain.message import Amount, Message, Rate, Value
from pos_loyalty.domain.sale import Refund, Sale


@lru_cache(maxsize=256)
def moment(at: datetime) -> str:
    """A moment as the store writes it: "2026-11-22T09:15:00.000Z". ValueError if it has no time zone."""
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone")
    at = at.astimezone(UTC)
    return f"{at.isoformat(timespec='milliseconds')[:23]}Z"


def read_moment(text: str) -> datetime:
    """The moment that was written so, in UTC."""
    return datetime.fromisoformat(text)


def day_or_none(text: str | None) -> date | None:
    """The day that was written as an ISO date, or None."""
    return None if text is None else date.fromisoformat(text)


def iso_or_none(day: date | None) -> str | None:
    """A day as an ISO date, or None."""
    return None if day is None else day.isoformat()


def _tagged(value: Value) -> list[Any]:
    match value:
        case str():
            return ["s", value]
        case int():
            return ["i", value]
        case date():
            return ["d", value.isoformat()]
        case Amount():
            return ["a", value.minor, value.unit]
        case Rate():
            return ["r", value.millionths]
        case Message():
            return ["m", _enc(value)]


def _untagged(tagged: list[Any]) -> Value:
    tag, value = tagged[0], tagged[1]
    match tag:
        case "s" | "i":
            return value  # type: ignore[no-any-return]
        case "d":
            return date.fromisoformat(value)
        case "a":
            return Amount(value, tagged[2])
        case "r":
            return Rate(value)
        case "m":
            return _message(value)
    raise ValueError(tag)


def _enc(value: Any) -> dict[str, Any]:
    if not isinstance(value, Message):
        raise TypeError(type(value))
    return {"t": value.template, "v": {name: _tagged(item) for name, item in value.values.items()}}


def _message(raw: dict[str, Any]) -> Message:
    return Message(raw["t"], **{name: _untagged(item) for name, item in raw["v"].items()})


def _dec(wanted: type, raw: Any) -> Any:
    if wanted is not Message:
        raise TypeError(wanted)
    return _message(raw)


_encoder = msgspec.json.Encoder(enc_hook=_enc)
_sales = msgspec.json.Decoder(Sale, dec_hook=_dec)
_refunds = msgspec.json.Decoder(Refund, dec_hook=_dec)
_joined = msgspec.json.Decoder(ClubJoined, dec_hook=_dec)
_late = msgspec.json.Decoder(LateCard, dec_hook=_dec)
_merges = msgspec.json.Decoder(Merge, dec_hook=_dec)
_adjustments = msgspec.json.Decoder(Adjustment, dec_hook=_dec)
UNREADABLE = (msgspec.MsgspecError, ValueError, KeyError, IndexError, TypeError)
"""What reading a bill raises whose text was changed from outside."""


def written(fact: Sale | Refund | ClubJoined | LateCard | Merge | Adjustment) -> str:
    """A bill or deed as JSON, its fields in the order in which the domain names them."""
    return _encoder.encode(fact).decode()


def read_sale(text: str) -> Sale:
    """The sale that was written so; one of UNREADABLE if it is none."""
    return _sales.decode(text)


def read_refund(text: str) -> Refund:
    """The refund that was written so; one of UNREADABLE if it is none."""
    return _refunds.decode(text)


def read_joined(text: str) -> ClubJoined:
    """The joining of a club that was written so; one of UNREADABLE if it is none."""
    return _joined.decode(text)


def read_late_card(text: str) -> LateCard:
    """The card added late that was written so; one of UNREADABLE if it is none."""
    return _late.decode(text)


def read_merge(text: str) -> Merge:
    """The joining of two records that was written so; one of UNREADABLE if it is none."""
    return _merges.decode(text)


def read_adjustment(text: str) -> Adjustment:
    """The adjustment that was written so; one of UNREADABLE if it is none."""
    return _adjustments.decode(text)


def canonical(values: list[Any]) -> bytes:
    """The one way to write plain values as bytes for a hash: JSON without spaces, in UTF-8."""
    return _encoder.encode(values)
