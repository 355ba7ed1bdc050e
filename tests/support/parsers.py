"""All that reads what comes from outside, each as a function from an input to a word that says what became of it.

Each checks what must hold whatever the input is. A number that is taken for a card of ours is checked by other means than the
program's: GS1's rule written out, and the table of Damm's dissertation (2004).
"""

from __future__ import annotations

import io
import re
import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

from scenes import FIRST_SALE, NOW, register_on
from shops import ANA, BORIS, PROGRAMME

from drivers.codes import LONGEST_CODE, Scan
from drivers.framing import LONGEST_FRAME, Framer
from drivers.presets import PRESETS
from drivers.ssi_packets import DECODE, DECODER, SEGMENT, check_bytes, packet
from drivers.wedge import Ignored, Scanned, Typed, Wedge
from pos_loyalty.cli.json_lines import MAX_LINE, lines_of, parsed
from pos_loyalty.cli.orders import refund_order, sale_order
from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.card import CardRange, fault_of, look_of, masked
from pos_loyalty.domain.member import Account
from pos_loyalty.domain.message import Message, Refused
from pos_loyalty.domain.money import MAX_MINOR, MILLION
from pos_loyalty.domain.pricing import quote
from pos_loyalty.domain.programme.reading import read
from pos_loyalty.domain.tier import Standing
from pos_loyalty.language import Language
from pos_loyalty.storage.engine import Store
from pos_loyalty.till import scanning
from pos_loyalty.till.checkout import digest_of, price
from pos_loyalty.till.goods import read_csv
from pos_loyalty.till.register import Register
from pos_loyalty.till.returns import preview

Target: TypeAlias = Callable[[str], str]

CARDS = CardRange("29", "L")
ENGLISH = Language()
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_PRESETS = tuple(PRESETS.values())
_LETTER_L = {ord(typed): "L" for typed in "ЛДВ/"}
"""The key of L under the layouts that put it elsewhere: Bulgarian phonetic, Russian, Bulgarian standard, Arabic."""
_GAPS = (0.0, 0.001, 0.004, 0.015, 0.03, 0.05, 0.2)


def is_card(code: str) -> bool:
    """Whether a code is a card of ours, reckoned without the program."""
    if re.fullmatch("29[0-9]{11}", code):
        return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(code)) % 10 == 0
    if re.fullmatch("L[0-9]{5,31}", code):
        interim = "0"
        for digit in code[1:]:
            interim = _DAMM[int(interim)][int(digit)]
        return interim == "0"
    return False


def latin(text: str) -> str:
    """Digits of any script as 0-9."""
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)


def said(message: Message) -> None:
    """A sentence can be said, on one line, with nothing in it that a terminal would act on."""
    sentence = ENGLISH.say(message)
    assert sentence
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", sentence), sentence


# ---- drivers ----


def framed(text: str) -> str:
    """A serial line's bytes, in pieces, under one of the makes' framings: scans are whole frames of one burst, cards are cards."""
    raw = text.encode("latin-1")
    dice = zlib.crc32(raw)
    settings = _PRESETS[dice % len(_PRESETS)].framing
    framer = Framer(settings)
    now, at, events, bursts = 0.0, 0, [], [b""]
    while at < len(raw):
        size = 1 + (dice >> 3) % 17
        dice = dice * 1103515245 + 12345 & 0xFFFFFFFF
        gap = _GAPS[(dice >> 8) % len(_GAPS)]
        now += gap
        if gap >= settings.idle_gap:
            bursts.append(b"")
        piece = raw[at : at + size]
        bursts[-1] += piece.replace(b"\0", b"")
        events += framer.feed(piece, now)
        at += size
    events += framer.tick(now + settings.idle_gap) if dice & 64 else framer.drop()
    assert framer.deadline() is None
    assert all(len(event.raw) <= LONGEST_FRAME for event in events)
    found = "noise" if events else "nothing"
    for event in events:
        if not isinstance(event, Scan):
            continue
        checked_scan(event)
        assert any(event.raw in burst for burst in bursts), "a scan out of two halves"
        found = "card" if found == "card" or look_of(event.code, CARDS) == "card" else "scan"
    return found


def packeted(text: str) -> str:
    """A line with SSI packets, or the reports of a HID device, in pieces and with pauses: cards are cards, and it ends idle."""
    raw = text.encode("latin-1")
    dice = zlib.crc32(raw)
    reader = PRESETS[("ssi", "ssi", "hid-pos", "simple-com")[dice % 4 if len(raw) % 64 else 2 + dice % 2]].reader()
    now, at, events = 0.0, 0, []
    while at < len(raw):
        size = 64 if len(raw) % 64 == 0 else 1 + (dice >> 3) % 90
        dice = dice * 1103515245 + 12345 & 0xFFFFFFFF
        now += _GAPS[(dice >> 8) % len(_GAPS)]
        events += reader.feed(raw[at : at + size], now)
        assert len(reader.reply()) < 16
        at += size
    events += reader.tick(now + 1.0) if dice & 64 else reader.drop()
    assert reader.deadline() is None
    found = "noise" if events else "nothing"
    for event in events:
        if isinstance(event, Scan):
            checked_scan(event)
            found = "card" if found == "card" or look_of(event.code, CARDS) == "card" else "scan"
    return found


def checked_scan(scan: Scan) -> None:
    """A scan is within its limits, and one that is taken for a card of ours is one, and is what was sent."""
    assert 2 <= len(scan.code) <= LONGEST_CODE
    assert scan.code.replace("\x1d", "").isprintable()
    look = look_of(scan.code, CARDS)
    assert (look == "card") is is_card(scan.code)
    if look == "card":
        assert scan.code in latin(scan.raw.decode("utf-8", "replace")).translate(_LETTER_L)


_KEYS = {
    "\r": ("enter", "\r"),
    "\n": ("ctrl+j", "\n"),
    "\t": ("tab", "\t"),
    "\x02": ("ctrl+b", "\x02"),
    "\x03": ("ctrl+c", "\x03"),
    "\x1d": ("ctrl+right_square_bracket", "\x1d"),
    "\x1b": ("escape", None),
    "\x7f": ("backspace", None),
    "\x00": ("f5", None),
}


def keyed(text: str) -> str:
    """Keys of a keyboard at a scanner's pace with pauses: a person's come out once and in order, the rest is one scan or none."""
    dice = zlib.crc32(text.encode("utf-8", "surrogatepass"))
    wedge: Wedge[int] = Wedge()
    now, out = 10.0, []
    for number, character in enumerate(text):
        name, typed = _KEYS.get(character, (character, character))
        if number % 5 == 0:
            dice = dice * 1103515245 + 12345 & 0xFFFFFFFF
        now += 0.002 if dice & 0x300 else _GAPS[(dice >> 12) % len(_GAPS)]
        out += wedge.key(number, name, typed, now)
    out += wedge.tick(now + 1)
    assert wedge.deadline() is None
    replayed: list[int] = []
    found = "typed" if text else "nothing"
    for outcome in out:
        match outcome:
            case Typed(keys):
                replayed += keys
            case Scanned(scan):
                checked_scan(scan)
                found = "card" if found == "card" or look_of(scan.code, CARDS) == "card" else "scan"
            case Ignored(noise):
                assert len(noise.raw.decode("utf-8", "replace")) <= LONGEST_CODE + 3
    assert all(one < other for one, other in pairwise(replayed)), "a key twice, or out of its order"
    if found == "typed" and not any(isinstance(outcome, Ignored) for outcome in out):
        swallowed = set(range(len(text))) - set(replayed)
        assert not {text[key] for key in swallowed} - set("\r\n\t\x03"), "a person's key was lost"
    return found


# ---- files and lines ----


def programme_file(text: str) -> str:
    """A programme file: a programme that can price a bill, or problems with the lines that they stand in."""
    reading = read(text)
    lines = text.count("\n") + 2
    for problem in reading.problems:
        said(problem.message)
        if problem.mend is not None:
            said(problem.mend)
        assert problem.line is None or 1 <= problem.line <= lines
    programme = reading.programme
    if programme is None:
        assert any(problem.severity == "error" for problem in reading.problems)
        return "refused"
    assert all(problem.severity == "warning" for problem in reading.problems)
    assert programme.business_day(NOW) <= date(2026, 3, 2)
    standing = Standing(programme.tiers.ladder[-1].id, date(2026, 1, 1), None) if programme.tiers else None
    for account in (None, Account("a", ANA, "named", standing)):
        bill = quote((LineItem("Coat", 10_000, vat=200_000), LineItem("Tea", 333)), programme, NOW.date(), account)
        assert 0 <= bill.due <= bill.gross == 10_333
        assert sum(line.paid for line in bill.lines) == bill.due
    return "programme"


def csv_file(text: str) -> str:
    """A catalogue: goods within their limits with true barcodes, or the rows that are wrong."""
    items, problems = read_csv(text)
    rows = text.count("\n") + text.count("\r") + 2
    for problem in problems:
        said(problem.message)
        assert 1 <= problem.row <= rows
    for _, item in items:
        assert item.sku
        assert item.name
        for value in (item.sku, item.name, item.department, item.unit, item.barcode or ""):
            assert len(value) <= 200
            assert not re.search(r"[\x00-\x1f\x7f-\x9f]", value), "what a terminal or a printer would act on"
        assert item.price is None or abs(item.price) <= MAX_MINOR * 10_000
        assert 0 <= item.vat <= MILLION
        if item.barcode is not None and item.barcode.isdecimal():
            assert item.barcode.isascii(), "no scanner ever sends it so"
            if len(item.barcode) == 13:
                weighed = sum(int(one) * (3 if place % 2 else 1) for place, one in enumerate(item.barcode))
                assert weighed % 10 == 0
    if problems:
        return "some refused" if items else "refused"
    return "goods" if items else "empty"


@dataclass(frozen=True)
class Shop:
    """A register on a real store, and what is known there, for the parsers that ask it."""

    register: Register
    keys: frozenset[str]
    """Barcodes and SKUs."""
    receipts: frozenset[str]

    @classmethod
    def on(cls, store: Store) -> Shop:
        """The shop of `scenes.make_base`."""
        goods = {f"SKU-{n}" for n in range(1, 41)} | {f"{n:06d}" for n in range(1, 41)}
        with store.read() as books:
            receipts = {f"till-1-{n:06d}" for n in range(1, 100) if books.sale(f"till-1-{n:06d}") is not None}
        return cls(register_on(store), frozenset(goods), frozenset(receipts))

    def scanned(self, text: str) -> str:
        """A scanned code: what it is taken for is what it is, and a card of ours is never taken for anything else."""
        found = scanning.recognise(self.register, text)
        match found:
            case scanning.CardScanned(number, known):
                assert number == text
                assert number in (ANA, BORIS) if known else is_card(number)
                return "card"
            case scanning.CertificateScanned(number):
                assert number == text.strip().upper()
                assert len(number) == 15
                return "certificate"
            case scanning.ReceiptScanned(number):
                assert number == text
                assert number in self.receipts
                return "receipt"
            case scanning.GoodsScanned(item):
                assert {text, "0" + text, text[1:]} & self.keys
                assert item.sku in self.keys
                return "goods"
            case scanning.NotRecognised(code, message):
                said(message)
                assert code == text
        assert not is_card(text)
        assert text not in self.keys | self.receipts
        return "unknown"

    def line(self, text: str) -> str:
        """A JSON line of `sell` and of `refund`: an order that the till prices or refuses with a sentence, or a refusal."""
        raw = text.encode("latin-1")
        became = "refused"
        for line in lines_of(io.BytesIO(raw)):
            assert line is not None
            assert len(line) <= MAX_LINE
            try:
                found = parsed(line)
            except Refused as refused:
                said(refused.message)
                if refused.code != "request-invalid":
                    raise AssertionError(refused.code) from refused
                continue
            became = "object" if became == "refused" else became
            try:
                order = sale_order(found, lambda _: 2, "", _local)
                digest_of(order)
                priced = price(self.register, order)
                assert sum(part.paid for part in priced.sale.quote.lines) == priced.sale.quote.due
                became = "priced"
            except Refused as refused:
                said(refused.message)
            try:
                returned = preview(self.register, refund_order(found, "", _local)).refund
                assert all(part.quantity > 0 for part in returned.lines)
                became = "returned"
            except Refused as refused:
                said(refused.message)
        return became


def _local(moment: datetime) -> datetime:
    return moment.replace(tzinfo=NOW.tzinfo)


def card_number(text: str) -> str:
    """A typed card number: what it looks like, whether it can be one at all, and how it is shown."""
    look = look_of(text, CARDS)
    assert (look == "card") is is_card(text)
    shown = masked(text)
    assert len(shown) == len(text)
    assert not set(shown[:-4]) - {"*"}
    fault = fault_of(text)
    assert look != "card" or fault is None, "a card of ours that none can be"
    if fault is None:
        assert re.fullmatch(r"[0-9A-Z][0-9A-Z-]{2,30}[0-9A-Z]", text)
    return look if fault is None else f"{look}, {fault}"


# ---- what is right ----

_EXAMPLE = (Path(__file__).parents[2] / "docs" / "programme-example.toml").read_text(encoding="utf-8")
CODES = [
    ANA,
    BORIS,
    "2900000000032",
    "L123454",
    "L0000011",
    "L98765432103",
    "4006381333931",
    "036000291452",
    "96385074",
    "SKU-7",
    "000012",
    "till-1-000003",
    "till-1-000010",
    "https://example.org/01/04006381333931?x=1",
]
_SALE = (
    '{"id": "0193f5c4-8a00-7000-8000-000000000001", "at": "2026-02-20T10:15:00+01:00", "card": "2900000000018", "lines": '
    '[{"sku": "JACKET", "name": "Winter jacket", "department": "clothes", "unit_price": "5000.00", "quantity": "1.5", "unit": '
    '"pc", "vat": "20%", "reduced": false, "by_hand": "10%"}, {"sku": "SKU-7", "quantity": 2}], "coupons": [], "take": [], '
    '"spend": {"cashback": "max"}, "tenders": [{"kind": "cash", "amount": "9000.00"}, {"kind": "card", "amount": "1.00"}], '
    '"operator": "anna"}'
)
JSON = [
    _SALE,
    '{"lines": [{"name": "Čaj", "unit_price": "3.20"}]}\n',
    '{"lines": [{"sku": "SKU-7"}], "spend": {"cashback": "0.50"}, "card": "2900000000018"}',
    '{"lines": [{"name": "A", "unit_price": "-1.00", "by_hand": "0.10"}, {"name": "B", "unit_price": "99.99", "vat": "7.5%"}]}',
    f'{{"sale": "{FIRST_SALE}", "lines": [{{"line": 1, "quantity": "1"}}], "when_spent": "owe", "gifts_kept": []}}',
    '{"sale": "till-1-000001", "at": "2026-02-21 09:00"}',
]
JSON = [line.encode().decode("latin-1") for line in JSON]
CSV = [
    "sku,barcode,name,department,price,vat,unit,reduced\nJ,4006381333931,Jacket,clothes,50.00,20%,pc,no\nT,,Tea,food,3.2,7.5,kg,yes\n",
    'name;barcode;price\r\n"Tea, green; ""fine""";96385074;1.250\r\n\r\nČaj;;\r\n',
    "\ufeffSKU\tName\tVAT\nA\tКафе\t9%\nB\tشاي\t\n",
]
PROGRAMMES = [
    PROGRAMME,
    '[programme]\nname = "A"\ncurrency = "JPY"\ntime_zone = "UTC"\nday_starts = "04:00"\nmaximum_discount = "50%"\n',
    '[programme]\nname = "B"\ncurrency = "EUR"\ntime_zone = "UTC"\n[purse.cashback]\nunit = "money"\nexpires = "end of next year"\n'
    'hold = "2 weeks"\n[[tier]]\nid = "a"\nname = "A"\nspend = "0"\ncashback = "7.5%"\n[[exclude]]\nskus = ["X"]\nreduced = true\n',
    _EXAMPLE[:1_500],
]


def framings() -> list[str]:
    """Reads as scanners send them: with suffixes, identifiers, letters of their makers, lengths, parity, or glued together."""
    reads = [code.encode() for code in CODES]
    out = [read + end for read in reads for end in (b"\r", b"\r\n", b"\t", b"\x03", b"")]
    out += [b"\x02" + read + b"\x03" for read in reads]
    out += [
        b"]E0" + reads[0] + b"\r",
        b"]C1" + reads[3] + b"\x1d10AB\r",
        b"]E3400638133393112\r",
        b"A" + reads[0] + b"\r",
    ]
    out += [b"\x02K%02d%s\x03" % (len(read), read) for read in reads]
    out += [bytes(byte | (byte.bit_count() % 2) << 7 for byte in read + b"\r") for read in reads]
    out += [
        reads[0][:6],
        reads[0][6:] + b"\r",
        reads[0] + reads[1] + b"\r",
        "٢٩٠٠٠٠٠٠٠٠٠١٨\r".encode(),
        "ъС0Д123454\r".encode(),
    ]
    return [one.decode("latin-1") for one in out]


def packets() -> list[str]:
    """Reads in SSI packets (whole, again, continued, in segments, answered) and as reports of HID devices."""
    reads = [code.encode() for code in CODES]
    out = [packet(DECODE, bytes((kind,)) + read, source=DECODER) for read in reads for kind in (0x03, 0x0B, 0x1C, 0x4B)]
    out += [out[0] + packet(DECODE, b"\x03" + reads[0], source=DECODER, status=1)]
    out += [packet(DECODE, b"\x1c" + b"Q" * 200, source=DECODER, status=2) + packet(DECODE, b"\x1cQ", source=DECODER)]
    for number, part in enumerate((bytes((DECODE, 0, 0, 0, 0, 0x1C, 0, 1, 0)) + b"7" * 241, b"8" * 15)):
        body = bytes((5 + len(part), SEGMENT, 0, DECODER, number)) + part
        out[-1 if number else 0] += body + check_bytes(body)
    out += [packet(0xF6, b"\x01", source=DECODER), b"\xff\xf3\x00\x00" + out[1]]
    out += [bytes((2, len(read))) + b"]C0" + read.ljust(56, b"\0") + b"\0\0\0" for read in reads if len(read) <= 56]
    out += [bytes((len(read) + 1,)) + (read + b"\r").ljust(63, b"\0") for read in reads if len(read) < 63]
    return [one.decode("latin-1") for one in out]


def typings() -> list[str]:
    """Codes and words as a keyboard sends them."""
    out = [code + end for code in CODES for end in ("\r", "\t", "\n", "")]
    return [
        *out,
        "ana\r",
        "12\r",
        "\x02" + ANA + "\x03",
        "ъС0Д123454\r",
        "777777777\r",
        "٢٩٠٠٠٠٠٠٠٠٠١٨\r",
        ANA + "\r" + BORIS + "\r",
    ]
