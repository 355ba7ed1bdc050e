"""`card print`: cards as pictures, SVG, PDF or a list for who makes them, and on receipt paper."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from pos_loyalty.cli.arguments import DONE
from pos_loyalty.cli.call import Call, CallWrong, register_of
from pos_loyalty.cli.json_lines import text_of
from pos_loyalty.domain.card import grouped, symbol_of
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.receipt.card_face import PrintedCard, face, sheets
from pos_loyalty.receipt.rows import Shop
from pos_loyalty.till import cards
from pos_loyalty.till.card_prints import issued_from, order_cards, printed_cards
from pos_loyalty.till.register import Register

MAX_FILE = 8 * 1024 * 1024
"""Bytes of a list of numbers: some two hundred thousand of the longest."""
MOST_DRAWN = 2_000
"""Cards on sheets at once: two hundred sheets. More go to who makes them, as a list."""
_COLUMNS = ("number", "symbology", "barcode", "digits", "programme", "tier", "holder")
_SUFFIXES = (".pdf", ".png", ".svg", ".csv")


def run(call: Call) -> int:
    """Print the cards that the call names."""
    options = call.options
    _check_call(call)
    with register_of(call.settings) as register:
        numbers, new = _numbers(call, register)
        found = printed_cards(
            register, numbers, blank=options.blank, tier=options.tier, colours=call.settings.card_colours
        )
        files = [] if options.paper else _files(found, Path(options.out), options.dpi, register)
    if options.paper:
        _on_paper(call, found)
    else:
        for path, data in files:
            path.write_bytes(data)
    if options.json:
        order = {} if options.order is None else {"order": options.order, "new": new}
        call.out.json({"cards": numbers, "files": [str(path) for path, _ in files], **order})
        return DONE
    if options.order is not None and not new:
        call.say(N_("The order {order} was made before: these are its cards again."), order=options.order)
    if options.paper:
        call.out.line(call.language.plural("{n} card was printed.", "{n} cards were printed.", len(found)))
    for path, _ in files:
        call.say(N_("{file} is written."), file=str(path))
    return DONE


def _check_call(call: Call) -> None:
    """CallWrong where the call names no cards, or too many kinds of them, or nothing to print them on."""
    options = call.options
    named = [one for one in (options.file, options.holder, options.first, options.order) if one is not None]
    if len(named) != 1:
        raise CallWrong(Message(N_("Name the cards in one way: FILE, --holder CARD, --from N, or --order NAME.")))
    if (options.out is None) is not options.paper:
        raise CallWrong(Message(N_("Say where to: --out FILE, or --paper for the receipt printer.")))
    if options.out is not None and Path(options.out).suffix.lower() not in _SUFFIXES:
        raise CallWrong(Message(N_("{file} must end with .pdf, .png, .svg or .csv."), file=options.out))
    if options.paper and call.settings.printer is None:
        raise CallWrong(Message(N_("No printer is set up: name one in the settings, or with --printer.")))
    if options.range is not None and options.order is None:
        raise CallWrong(Message(N_("--range is for new cards: name an --order.")))
    _check_count(call, options.count)


def _numbers(call: Call, register: Register) -> tuple[tuple[str, ...], bool]:
    """The cards that the call names, and whether they are new. What would be refused of new ones is, before they are."""
    options = call.options
    if options.order is not None:
        range_ = None if options.range is None else cards.range_of(register, options.range)
        printed_cards(register, (), tier=options.tier)
        if not options.paper:
            specimen = PrintedCard((range_ or register.cards.first).number(0), "")
            _files([specimen], Path(options.out), options.dpi, register)
        order, new = order_cards(register, options.order, options.count, call.operator(), range_=range_)
        return order.numbers, new
    if options.first is not None:
        return issued_from(register, options.first, options.count), False
    if options.holder is not None:
        return (options.holder,), False
    numbers = tuple(line.strip() for line in text_of(options.file, MAX_FILE).splitlines() if line.strip())
    if not numbers:
        raise CallWrong(Message(N_("{file} names no card: write a number a line."), file=options.file))
    _check_count(call, len(numbers))
    return numbers, False


def _check_count(call: Call, count: int) -> None:
    drawn = call.options.paper or Path(call.options.out).suffix.lower() != ".csv"
    if drawn and count > MOST_DRAWN:
        raise CallWrong(
            Message(
                N_("{limit} cards are the most that are printed at once: name fewer, or take .csv for who makes them."),
                limit=MOST_DRAWN,
            )
        )


def _files(found: Sequence[PrintedCard], out: Path, dpi: int, register: Register) -> list[tuple[Path, bytes]]:
    """The files and what is in them. One card is a card alone, several are sheets, of which only PDF has many in a file."""
    suffix = out.suffix.lower()
    if suffix == ".csv":
        return [(out, _csv(found))]
    from pos_loyalty.receipt.card_files import as_pdf, as_png, as_svg  # noqa: PLC0415 - a list needs no drawing

    try:
        pages = [face(found[0], dpi)] if len(found) == 1 else list(sheets(found, dpi))
    except ValueError as error:
        raise Refused(
            "card-too-long",
            Message(
                N_("Card {card} has too many characters for a barcode on a card at {dpi} dots an inch."),
                card=str(error),
                dpi=dpi,
            ),
        ) from None
    if suffix == ".pdf":
        return [(out, as_pdf(pages, register.clock()))]
    names = [out] if len(pages) == 1 else [out.with_stem(f"{out.stem}-{n}") for n in range(1, len(pages) + 1)]
    return [
        (name, as_png(page) if suffix == ".png" else as_svg(page).encode())
        for name, page in zip(names, pages, strict=True)
    ]


def _csv(found: Sequence[PrintedCard]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for card in found:
        symbol, digits = symbol_of(card.number), grouped(card.number)
        writer.writerow((card.number, symbol, card.number, digits, card.programme, card.tier or "", card.holder or ""))
    return text.getvalue().encode()


def _on_paper(call: Call, found: Sequence[PrintedCard]) -> None:
    """Each card on a slip of its own. Refused with printer where one was not printed; those before it were."""
    from drivers.printer import open_printer  # noqa: PLC0415 - few calls print
    from drivers.printer_errors import PrinterError  # noqa: PLC0415
    from pos_loyalty.receipt import PROFILES, as_escpos, card_slip  # noqa: PLC0415
    from pos_loyalty.terminal.reasons import message_of  # noqa: PLC0415

    paper, shop = call.settings.printer, call.settings.shop
    if paper is None:
        return
    printer = open_printer(paper.target)
    for count, card in enumerate(found):
        slip = card_slip(card, Shop(shop.name or card.programme, shop.address, shop.footer), call.language)
        try:
            printer.send(as_escpos(slip, PROFILES[paper.profile]))
        except PrinterError as error:
            raise Refused(
                "printer",
                Message(
                    N_("{printed} of {count} cards were printed. {why}"),
                    printed=count,
                    count=len(found),
                    why=message_of(error.reason),
                ),
            ) from None
