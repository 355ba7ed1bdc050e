"""`catalogue`: goods taken in from CSV, listed and found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pos_loyalty.cli.arguments import DONE, REFUSED
from pos_loyalty.cli.call import Call, programme_at, register_of
from pos_loyalty.cli.transfer import Bar, seekable
from pos_loyalty.domain.message import N_
from pos_loyalty.domain.money import plain, plain_rate
from pos_loyalty.storage.records import CatalogueItem
from pos_loyalty.till import goods
from pos_loyalty.till.register import Register

MOST_FOUND = 100
_PAGE = 1_000


def take_in(call: Call) -> int:
    """Take a CSV file in, all rows or none; or only say what would come of it."""
    options = call.options
    with register_of(call.settings) as register, seekable(options.file) as file:
        try:
            count, problems, encoding = goods.import_file(
                register, file, encoding=options.encoding, dry=options.dry_run, told=Bar(call).told
            )
        finally:
            call.out.end_progress()
    taken = 0 if problems or options.dry_run else count
    if call.options.json:
        listed = [{"row": one.row, "message": call.language.say(one.message)} for one in problems]
        call.out.json({"taken": taken, "problems": listed, "encoding": encoding})
    else:
        for one in problems:
            call.out.fault(f"{call.options.file}:{one.row}: {call.language.say(one.message)}")
        if problems:
            call.out.fault(call.language.text(N_("Nothing was taken in: mend these rows and try again.")))
        elif options.dry_run:
            call.say(
                N_("Every row is good, read as {encoding}: {count}. Nothing is stored."), encoding=encoding, count=count
            )
        else:
            call.out.line(call.language.plural("{n} item was taken in.", "{n} items were taken in.", count))
    return REFUSED if problems else DONE


def show(call: Call) -> int:
    """List the goods, or those that a text finds; finding none is an answer too."""
    with register_of(call.settings) as register:
        text = call.options.text
        items = _all(register) if text is None else iter(goods.find(register, text, MOST_FOUND))
        programme = programme_at(register)
        digits = programme.currency.digits if programme else 2
        found = _print_json(call, items, digits) if call.options.json else _print_lines(call, items, digits)
    if not found and not call.options.json:
        call.say(N_("No goods were found."))
    return DONE


def _all(register: Register) -> Iterator[CatalogueItem]:
    after = ""
    while page := goods.listed(register, after, _PAGE):
        yield from page
        after = page[-1].sku


def _print_json(call: Call, items: Iterable[CatalogueItem], digits: int) -> int:
    listed = [
        {
            "sku": item.sku,
            "barcode": item.barcode,
            "name": item.name,
            "department": item.department,
            "price": _price(item, digits),
            "vat": plain_rate(item.vat),
            "unit": item.unit,
            "reduced": item.reduced,
        }
        for item in items
    ]
    call.out.json(listed)
    return len(listed)


def _print_lines(call: Call, items: Iterable[CatalogueItem], digits: int) -> int:
    count = 0
    for item in items:
        price = _price(item, digits) or "-"
        call.out.line(f"{item.sku:<16} {price:>10} / {item.unit:<4} {item.barcode or '-':<14} {item.name}")
        count += 1
    return count


def _price(item: CatalogueItem, digits: int) -> str | None:
    """A price with the currency's decimals; one with more keeps them, since the till refuses it until it is mended."""
    if item.price is None:
        return None
    whole, rest = divmod(item.price, 10 ** (6 - digits))
    return plain(item.price, 6).rstrip("0") if rest else plain(whole, digits)
