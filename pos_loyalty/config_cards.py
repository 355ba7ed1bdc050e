"""Reading the numbers of cards, and the colours that they are printed in, from a register's settings."""

from __future__ import annotations

import re

from pos_loyalty.domain import certificate, coupons
from pos_loyalty.domain.card import FEWEST_DIGITS, LONGEST, CardRange, CardRanges, Check
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.programme import fields
from pos_loyalty.domain.programme.problems import Wrong, needed, shown
from pos_loyalty.domain.programme.section import Section

MAX_RANGES = 16
"""Ranges of card numbers: a shop has one or two."""
_COUPON = f"C{'0' * (coupons.DIGITS + 1)}"
"""The shape of a coupon's number."""
_EAN_PREFIX = re.compile(r"(?:04|2[0-9])[0-9]{0,5}", re.ASCII)
_CODE128_PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,7}", re.ASCII)
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}", re.ASCII)
_WEIGHED = re.compile(r"[0-9]{1,7}", re.ASCII)
_CHECKS: tuple[Check, ...] = ("damm", "luhn")


def read_ranges(cards: Section, scales: Section) -> CardRanges:
    """The ranges of card numbers; none may meet another, the barcodes of weighed goods, certificates or coupons."""
    cards.only(("ean13_prefix", "code128_prefix", "range", "colours"))
    scales.only(("prefixes",))
    weighed = scales.listed("prefixes", _weighed_prefix)
    ean13, code128 = CardRanges().ranges
    tables = cards.tables("range", MAX_RANGES)
    if tables:
        ranges = [(table, "prefix", one) for table in tables if (one := _range(table)) is not None]
        for key in ("ean13_prefix", "code128_prefix"):
            if key in cards.values:
                cards.error(
                    key,
                    Message(N_("This is short for a range, and the ranges are listed below.")),
                    Message(N_("Write it as one of them, or take it out.")),
                )
    else:
        ranges = [
            (cards, "ean13_prefix", CardRange(cards.get("ean13_prefix", _ean_prefix, ean13.prefix))),
            (
                cards,
                "code128_prefix",
                CardRange(cards.get("code128_prefix", _code128_prefix, code128.prefix), code128.check),
            ),
        ]
    for index, (table, key, one) in enumerate(ranges):
        other = next((other for _, _, other in ranges[:index] if other.meets(one)), None)
        if other is not None:
            table.error(key, Message(N_("A card number could be of the range {prefix} too."), prefix=other.prefix))
        for goods in weighed:
            if one.check == "ean" and (one.prefix.startswith(goods) or goods.startswith(one.prefix)):
                table.error(
                    key,
                    Message(N_("Barcodes of weighed goods begin with {goods}: cards may not."), goods=goods),
                    Message(N_("Take another of 04 and 20 to 29.")),
                )
        if one.holds(certificate.nth_number(0)) or one.holds(_COUPON):
            table.error(key, Message(N_("The shop's certificates or coupons have such numbers: take another letter.")))
    return CardRanges(tuple(one for _, _, one in ranges)) if ranges else CardRanges()


def _range(table: Section) -> CardRange | None:
    table.only(("prefix", "check", "digits"))
    written = table.get("prefix", fields.text, "")
    is_ean = written[:1].isdecimal()
    prefix = table.need("prefix", _ean_prefix if is_ean else _code128_prefix)
    if prefix is None:
        return None
    if not is_ean:
        check = table.get("check", fields.one_of(_CHECKS), _CHECKS[0])
        digits = table.get("digits", _digits, None)
        if digits is not None and len(prefix) + digits + 1 > LONGEST:
            table.error("digits", Message(N_("A card number has {limit} characters at most."), limit=LONGEST))
        return CardRange(prefix, check, digits)
    for key in ("check", "digits"):
        if key in table.values:
            table.error(
                key,
                Message(N_("An EAN-13 has thirteen digits and a check digit of its own.")),
                Message(N_("Take it out, or begin the prefix with a letter for Code 128.")),
            )
    return CardRange(prefix)


def _digits(value: object) -> int:
    most = LONGEST - 2
    if isinstance(value, bool) or not isinstance(value, int) or not FEWEST_DIGITS <= value <= most:
        raise needed(
            Message(
                N_("a whole number from {first} to {last} without quotation marks"), first=FEWEST_DIGITS, last=most
            ),
            value,
        )
    return value


def read_colours(cards: Section) -> dict[str, str]:
    """Colours of printed cards by the ids of tiers; whether the programme has such a tier is not known here."""
    table = cards.table("colours")
    if table is None:
        return {}
    return {key: colour for key in table.values if (colour := table.get(key, _colour, None)) is not None}


def _ean_prefix(value: object) -> str:
    written = fields.text(value)
    if not _EAN_PREFIX.fullmatch(written):
        raise Wrong(
            Message(N_('"{word}" cannot be the beginning of EAN-13 card numbers.'), word=shown(written)),
            Message(N_("Write two to seven digits that begin with 04 or 20 to 29: these are kept free for shops.")),
        )
    return written


def _weighed_prefix(value: object) -> str:
    written = fields.text(value)
    if not _WEIGHED.fullmatch(written):
        raise Wrong(
            Message(N_('"{word}" cannot be the beginning of the barcodes of weighed goods.'), word=shown(written)),
            Message(N_('Write one to seven digits, like "22".')),
        )
    return written


def _colour(value: object) -> str:
    written = fields.text(value)
    if not _COLOUR.fullmatch(written):
        raise Wrong(
            Message(N_('"{word}" is no colour.'), word=shown(written)),
            Message(N_('Write its red, green and blue, like "#204060".')),
        )
    return written.lower()


def _code128_prefix(value: object) -> str:
    written = fields.text(value)
    if not _CODE128_PREFIX.fullmatch(written):
        raise Wrong(
            Message(N_('"{word}" cannot be the beginning of Code 128 card numbers.'), word=shown(written)),
            Message(N_("Write a capital letter, and after it up to seven capital letters and digits.")),
        )
    return written
