"""The catalogue at the till: finding goods, and taking them in from a CSV file, all rows or none."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from pos_loyalty.domain.basket import HIDDEN, MAX_TEXT, LineItem
from pos_loyalty.domain.card import look_of
from pos_loyalty.domain.check_digits import ean_is_valid
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import MAX_MINOR, MILLION, Currency, parse_decimal, parse_rate
from pos_loyalty.domain.programme.problems import shown
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.records import CatalogueItem
from pos_loyalty.till.register import Register
from pos_loyalty.till.transfer.encodings import UTF8
from pos_loyalty.till.transfer.tables import BadRow as Bad
from pos_loyalty.till.transfer.tables import Row, looked_at

COLUMNS = ("sku", "barcode", "name", "department", "price", "vat", "unit", "reduced")
MAX_ROWS = 1_000_000
OFTEN = 1_000
"""Rows between two words about how far it is."""
_YES = frozenset({"1", "true", "yes", "y"})
_NO = frozenset({"", "0", "false", "no", "n"})


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row (by the line on which it begins, the first being 1) that cannot be taken in, and why."""

    row: int
    message: Message


def goods_line(item: CatalogueItem, currency: Currency, number: int) -> LineItem:
    """One piece of goods from the catalogue as a line item.

    Refused with line-invalid where it has no price, or one with more decimals than the programme's currency.
    """
    if item.price is None:
        raise Refused(
            "line-invalid",
            Message(
                N_("Line {number}: {name} has no price in the catalogue: type one."), number=number, name=item.name
            ),
        )
    minor, rest = divmod(item.price * 10**currency.digits, MILLION)
    if rest:
        raise Refused(
            "line-invalid",
            Message(
                N_("Line {number}: the price of {name} has more decimals than {currency} has: mend the catalogue."),
                number=number,
                name=item.name,
                currency=currency.code,
            ),
        )
    return LineItem(
        name=item.name,
        unit_price=minor,
        sku=item.sku,
        department=item.department,
        unit=item.unit,
        vat=item.vat,
        reduced=item.reduced,
    )


def import_csv(register: Register, text: str) -> tuple[int, tuple[BadRow, ...]]:
    """As `import_file`, of a text."""
    return import_file(register, _bytes_of(text), encoding=UTF8)[:2]


def import_file(
    register: Register,
    file: BinaryIO,
    *,
    encoding: str | None = None,
    dry: bool = False,
    told: Callable[[str, int, int], object] = lambda *_: None,
) -> tuple[int, tuple[BadRow, ...], str]:
    """Take a CSV file into the catalogue: how many goods, every row that is wrong, and the file's encoding. With one wrong row, or
    `dry`, nothing is stored.

    Columns by name, in any order: sku or barcode, name, and if wanted department, price (a decimal with a point or a comma, VAT
    included), vat ("20%"), unit ("pc"), reduced (yes or no). Goods that are there already are replaced, by SKU.

    Refused with encoding-unclear or encoding-unknown.
    """
    items, problems, encoding = _read(file, encoding, told)
    if problems:
        return len(items), problems, encoding
    if dry:
        with register.store.read() as books:
            return len(items), _taken_barcodes(books, items), encoding
    with register.store.write() as books:
        problems = (*_codes_of_cards(books, register, items), *_taken_barcodes(books, items))
        if not problems:
            books.put_items([item for _, item in items])
    return len(items), problems, encoding


def _bytes_of(text: str) -> BinaryIO:
    return io.BytesIO(text.encode("utf-8", "surrogatepass"))


def _codes_of_cards(books: Books, register: Register, items: list[tuple[int, CatalogueItem]]) -> tuple[BadRow, ...]:
    """Rows whose codes a scan would take for a card: a card comes first, and the goods could never be rung up."""
    problems = []
    for row, item in items:
        for code in dict.fromkeys(code for code in (item.barcode, item.sku) if code):
            if look_of(code, register.cards) != "other" or books.card(code) is not None:
                problems.append(
                    BadRow(
                        row,
                        Message(
                            N_(
                                "the code {code} is one of the shop's cards: give the goods or the cards other numbers."
                            ),
                            code=shown(code),
                        ),
                    )
                )
    return tuple(problems)


def _taken_barcodes(books: Books, items: list[tuple[int, CatalogueItem]]) -> tuple[BadRow, ...]:
    """Rows whose barcode other goods of the catalogue have, which the file does not replace."""
    replaced = {item.sku for _, item in items}
    problems = []
    for row, item in items:
        there = books.item(item.barcode) if item.barcode else None
        if there is not None and there.sku not in replaced:
            problems.append(
                BadRow(row, Message(N_("the barcode {code} is that of {sku}."), code=item.barcode or "", sku=there.sku))
            )
    return tuple(problems)


def read_csv(text: str) -> tuple[list[tuple[int, CatalogueItem]], tuple[BadRow, ...]]:
    """The goods of a CSV text with the lines that they stand in, and every row that is wrong."""
    return _read(_bytes_of(text), UTF8)[:2]


def _read(
    file: BinaryIO, encoding: str | None, told: Callable[[str, int, int], object] = lambda *_: None
) -> tuple[list[tuple[int, CatalogueItem]], tuple[BadRow, ...], str]:
    try:
        table = looked_at(file, COLUMNS, encoding)
    except Refused as refused:
        if refused.code != "table-invalid":
            raise
        return [], (BadRow(1, refused.message),), encoding or UTF8
    problem = _head_problem(table.columns)
    if problem is not None:
        return [], (BadRow(1, problem),), table.encoding
    items: list[tuple[int, CatalogueItem]] = []
    problems: list[BadRow] = []
    seen: dict[str, int] = {}
    for count, row in enumerate(table.rows(), 1):
        if count > MAX_ROWS:
            problems.append(BadRow(row.line, Message(N_("the file has more than {limit} rows."), limit=MAX_ROWS)))
            break
        found = row.message if isinstance(row, Bad) else _item(row.cells)
        if isinstance(found, Message):
            problems.append(BadRow(row.line, found))
            continue
        for key in {found.sku, found.barcode} - {None}:
            if key in seen:
                message = Message(N_("{code} stands in row {row} already."), code=shown(str(key)), row=seen[str(key)])
                problems.append(BadRow(row.line, message))
            seen.setdefault(str(key), row.line)
        items.append((row.line, found))
        if isinstance(row, Row) and count % OFTEN == 0:
            told("checking", row.end, table.size)
    return items, tuple(problems), table.encoding


def _head_problem(head: Sequence[str]) -> Message | None:
    unknown = [column for column in head if column not in COLUMNS]
    if unknown:
        return Message(
            N_("the column {column} is not known; these are: {columns}."),
            column=shown(unknown[0]),
            columns=", ".join(COLUMNS),
        )
    if "name" not in head or not {"sku", "barcode"} & set(head):
        return Message(N_("the columns name, and sku or barcode, are needed."))
    return None


def _item(row: Mapping[str, str]) -> CatalogueItem | Message:
    barcode = "".join(map(_digit, row.get("barcode", ""))) or None
    sku = row.get("sku") or barcode or ""
    name = row.get("name", "")
    if not sku:
        return Message(N_("it has neither a SKU nor a barcode."))
    if not name:
        return Message(N_("it has no name."))
    problem = _text_problem(row.values()) or _barcode_problem(barcode or "")
    if problem is not None:
        return problem
    price: int | None = None
    if row.get("price"):
        try:
            price = parse_decimal(row["price"].replace(",", ".", 1), 3) * 1_000
        except ValueError:
            return Message(N_("the price {price} is not a plain decimal such as 12.50."), price=shown(row["price"]))
        if abs(price) > MAX_MINOR * 10_000:
            return Message(N_("the price {price} is more than a line can hold."), price=shown(row["price"]))
    vat = 0
    if row.get("vat"):
        try:
            vat = parse_rate(row["vat"] if row["vat"].endswith("%") else row["vat"] + "%")
        except ValueError:
            return Message(N_("the VAT {vat} is not a percentage such as 20%."), vat=shown(row["vat"]))
        if not 0 <= vat <= MILLION:
            return Message(N_("the VAT must be from 0% to 100%."))
    reduced = row.get("reduced", "").lower()
    if reduced not in _YES | _NO:
        return Message(N_("{text} in the column reduced is neither yes nor no."), text=shown(reduced))
    return CatalogueItem(
        sku=sku,
        name=name,
        department=row.get("department", ""),
        price=price,
        vat=vat,
        unit=row.get("unit") or "pc",
        reduced=reduced in _YES,
        barcode=barcode,
    )


def _text_problem(texts: Iterable[str]) -> Message | None:
    for text in texts:
        if len(text) > MAX_TEXT:
            return Message(N_("a text is longer than {limit} characters."), limit=MAX_TEXT)
        if HIDDEN.search(text):
            return Message(N_("a text holds a character that nobody can see: take it out."))
    return None


def _digit(character: str) -> str:
    """A digit of any script as scanners send it; every other character as it is."""
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def _barcode_problem(barcode: str) -> Message | None:
    if len(barcode) > 48:
        return Message(N_("the barcode is longer than {limit} characters."), limit=48)
    if barcode.isdecimal() and len(barcode) in {8, 13} and not ean_is_valid(barcode):
        return Message(N_("the barcode {code} has a wrong check digit."), code=barcode)
    return None


def find(register: Register, text: str, limit: int = 20) -> tuple[CatalogueItem, ...]:
    """Goods whose name, SKU or barcode begins with the text (any word of the name, in any script)."""
    with register.store.read() as books:
        return books.find_items(text, limit)


def listed(register: Register, after: str = "", limit: int = 500) -> tuple[CatalogueItem, ...]:
    """A page of the catalogue in the order of SKUs, after a SKU."""
    with register.store.read() as books:
        return books.items(after, limit)
