"""The verbs and what they take, as `--help` shows them; each names the function that runs it, which is loaded when it is called.

Nothing but argparse is imported here: `pos-loyalty --help` answers at once.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from pos_loyalty.cli.codes import REFUND_CODES, SELL_CODES

if TYPE_CHECKING:
    Verbs = argparse._SubParsersAction["Parser"]

PROGRAM = "pos-loyalty"
ROLES = ("cashier", "manager", "owner")
"""As `domain.operator` has them, which is not loaded for `--help`; a test compares."""
DONE, REFUSED, WRONG = 0, 1, 2
"""Exit statuses: all was done; something asked for was refused; the call was wrong."""
TERMINAL = {"run": "pos_loyalty.cli.terminal:run", "json": False}
"""What is called where no verb is."""


class WrongCall(Exception):
    """The call itself cannot be understood; one sentence says why and what to do."""


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong with a call in one sentence."""

    def error(self, message: str) -> NoReturn:
        raise WrongCall(f"{message}; see `{self.prog} --help`".replace("\n", " "))


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version  # noqa: PLC0415 - only this call pays for it

        print(f"{PROGRAM} {version(PROGRAM)}")
        parser.exit(0)


def read_call(argv: Sequence[str]) -> argparse.Namespace:
    """What was called, with the options of every verb taken from before or after it. WrongCall where it cannot be understood."""
    common = _common()
    shared, rest = common.parse_known_args(list(argv))
    # The terminal, which is called without a verb, opens before the parsers of all the verbs would have been made.
    called = _parser(common).parse_args(rest) if rest else argparse.Namespace(**TERMINAL)
    for name, value in vars(shared).items():
        setattr(called, name, value)
    return called


def _common() -> Parser:
    common = Parser(prog=PROGRAM, add_help=False, allow_abbrev=False)
    options = common.add_argument_group("for every verb")
    options.add_argument(
        "--store", metavar="URL", help="the store: a path of an SQLite file, or an address (or POS_LOYALTY_STORE)"
    )
    options.add_argument("--config", metavar="FILE", help="the register's own settings (or POS_LOYALTY_CONFIG)")
    options.add_argument("--scanner", metavar="PORT", help="the scanner's port, for this run")
    options.add_argument("--printer", metavar="TARGET", help="the receipt printer, for this run")
    return common


def _parser(common: Parser) -> Parser:
    parser = Parser(
        prog=PROGRAM,
        description="The loyalty-card terminal of a shop's till. Without a verb it opens the terminal.",
        epilog="Exit status: 0 all was done, 1 something asked for was refused, 2 the call was wrong.",
        parents=[common],
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="say which release this is")
    parser.set_defaults(**TERMINAL)
    verbs = parser.add_subparsers(metavar="VERB", title="verbs", parser_class=Parser)
    _demo(verbs, common)
    _selling(verbs, common)
    _cards(verbs, common)
    _members(verbs, common)
    _certificates(verbs, common)
    _catalogue(verbs, common)
    _programmes(verbs, common)
    _reports(verbs, common)
    _clubs(verbs, common)
    _draws(verbs, common)
    _operators(verbs, common)
    _shifts(verbs, common)
    _export(verbs, common)
    _stores(verbs, common)
    _devices(verbs, common)
    return parser


def _verb(verbs: Verbs, name: str, run: str | None, help_: str, common: Parser, **more: Any) -> Parser:
    parser: Parser = verbs.add_parser(
        name,
        help=help_,
        description=help_[0].upper() + help_[1:] + ".",
        parents=[common],
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        **more,
    )
    if run is not None:
        parser.set_defaults(run=f"pos_loyalty.cli.{run}")
    return parser


def _group(verbs: Verbs, name: str, help_: str, common: Parser) -> Verbs:
    parser = _verb(verbs, name, None, help_, common)
    return parser.add_subparsers(metavar="ACTION", title="actions", required=True, parser_class=Parser)


def _json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="print facts as JSON")


def _operator(parser: Parser) -> None:
    parser.add_argument(
        "--operator", metavar="NAME", help="who does it (default: the register's operator, or whoever is logged in)"
    )


def _demo(verbs: Verbs, common: Parser) -> None:
    demo = _verb(verbs, "demo", "demo.verb:run", "make a demo shop and open the terminal on it", common)
    demo.add_argument("--cards", type=int, default=2_400, metavar="N", help="card holders (default: 2400)")
    demo.add_argument("--days", type=int, default=183, metavar="N", help="days of sales behind it (default: 183)")
    demo.add_argument(
        "--seed", type=int, default=1, metavar="N", help="the same number makes the same shop (default: 1)"
    )
    demo.add_argument("--no-terminal", action="store_true", help="only make it")
    demo.add_argument("--fresh", action="store_true", help="make it anew, with nothing of what was sold in it since")
    scan = _verb(verbs, "scan", "scan:run", "send codes through the running demo's simulated scanner", common)
    scan.add_argument("codes", nargs="+", metavar="CODE", help="the code of a card, of goods or of a receipt")


def _selling(verbs: Verbs, common: Parser) -> None:
    sell = _verb(
        verbs, "sell", "sell:run", "ring up sales given as JSON Lines", common, epilog=_listed("sale", SELL_CODES)
    )
    sell.add_argument("file", nargs="?", default="-", metavar="FILE", help="the sales (default: -, standard input)")
    sell.add_argument("--quote", action="store_true", help="price them and store nothing")
    sell.add_argument(
        "--history",
        action="store_true",
        help="take past sales in from CSV (docs/import.md): they count for tiers and figures and move no purse",
    )
    sell.add_argument("--dry-run", action="store_true", help="with --history: say every bad row and store nothing")
    sell.add_argument("--encoding", metavar="NAME", help="with --history: what the file is in (default: recognized)")
    refund = _verb(
        verbs, "refund", "refund:run", "take goods back, as JSON Lines", common, epilog=_listed("return", REFUND_CODES)
    )
    refund.add_argument("file", nargs="?", default="-", metavar="FILE", help="the returns (default: -, standard input)")
    refund.add_argument("--quote", action="store_true", help="reckon them and store nothing")


def _listed(what: str, codes: dict[str, str]) -> str:
    lines = [f"A {what} that is refused answers with one of these codes:"]
    return "\n".join([*lines, *(f"  {code:20} {meaning}" for code, meaning in codes.items())])


def _cards(verbs: Verbs, common: Parser) -> None:
    actions = _group(verbs, "card", "the life of a card", common)
    issue = _verb(actions, "issue", "card:issue", "make new cards, each with an account of its own", common)
    issue.add_argument("--number", metavar="N", help="the number on a card of your own (default: the next free one)")
    issue.add_argument("--count", type=int, default=1, metavar="N", help="how many (default: 1)")
    issue.add_argument("--range", metavar="PREFIX", help="of the range that begins so (default: the first one)")
    issue.add_argument("--bearer", action="store_true", help="cards for whoever shows them, without a name")
    _json(issue)
    show = _verb(actions, "show", "card:show", "what a card says of its holder", common)
    show.add_argument("number", metavar="NUMBER")
    show.add_argument("--at", metavar="TIME", help="at another time than now (ISO 8601)")
    _json(show)
    for name, help_ in (
        ("block", "block a card: it opens its account no longer"),
        ("unblock", "let a blocked card open its account again"),
        ("bring-back", "undo a replacement: the old card is the holder's again, the new one is the replaced one"),
    ):
        action = _verb(actions, name, f"card:{name.replace('-', '_')}", help_, common)
        action.add_argument("number", metavar="NUMBER")
        _operator(action)
        _json(action)
    replace = _verb(actions, "replace", "card:replace", "give a holder another card for a lost one", common)
    replace.add_argument("number", metavar="NUMBER", help="the card that is lost")
    replace.add_argument("new", nargs="?", metavar="NEW", help="the new card (default: the next free number)")
    _operator(replace)
    _json(replace)
    add = _verb(actions, "add", "card:add", "give an account one more card, as for the family", common)
    add.add_argument("number", metavar="NUMBER", help="a card that the account has")
    add.add_argument("new", nargs="?", metavar="NEW", help="the card to be added (default: the next free number)")
    _operator(add)
    _json(add)
    merge = _verb(
        actions, "merge", "records:merge", "join the records of two cards into one; both cards stay alive", common
    )
    merge.add_argument("number", metavar="KEEP", help="a card of the record that stays")
    merge.add_argument(
        "other", metavar="OTHER", help="a card of the record that becomes part of it; this is not undone"
    )
    _operator(merge)
    _json(merge)

    print_ = _verb(
        actions,
        "print",
        "card_print:run",
        "print cards: pictures, SVG and PDF to be printed, a list for who makes them, or receipt paper",
        common,
        epilog="One card is printed alone in the size of a bank card; several stand on sheets of A4, ten a sheet, with marks\n"
        "to cut them by. An order makes new cards for whoever shows them: their numbers go out once, and the\n"
        "same order again is the same cards.",
    )
    print_.add_argument(
        "file", nargs="?", metavar="FILE", help="cards by their numbers, one a line (-: standard input)"
    )
    print_.add_argument("--holder", metavar="CARD", help="this card")
    print_.add_argument("--from", dest="first", metavar="N", help="this card and those issued after it, in order")
    print_.add_argument("--order", metavar="NAME", help="new cards, remembered by this name")
    print_.add_argument(
        "--count", type=int, default=1, metavar="N", help="how many, with --from or --order (default: 1)"
    )
    print_.add_argument(
        "--range", metavar="PREFIX", help="new cards of the range that begins so (default: the first one)"
    )
    print_.add_argument("--blank", action="store_true", help="without the names and tiers of their holders")
    print_.add_argument("--tier", metavar="ID", help="in the design of this tier")
    print_.add_argument("--out", metavar="FILE", help="to a file that ends with .pdf, .png, .svg or .csv")
    print_.add_argument("--paper", action="store_true", help="on the receipt printer, a slip a card")
    print_.add_argument(
        "--dpi", type=int, choices=(203, 300), default=300, help="dots an inch of the printer (default: 300)"
    )
    _operator(print_)
    _json(print_)


def _members(verbs: Verbs, common: Parser) -> None:
    actions = _group(verbs, "member", "card holders", common)
    add = _verb(actions, "add", "member:add", "enrol a card holder", common)
    add.add_argument("--name", required=True)
    add.add_argument("--card", metavar="N", help="the card handed out: a new number, or one issued before")
    add.add_argument("--birthday", metavar="DATE", help="as 1990-12-31")
    add.add_argument("--phone", metavar="N")
    add.add_argument("--email", metavar="A")
    add.add_argument("--language", metavar="L", help="its two-letter code")
    add.add_argument("--referred-by", metavar="CARD", help="the card of who sent them")
    add.add_argument("--joined", metavar="DATE", help="as 2026-12-31 (default: today)")
    add.add_argument(
        "--consent",
        action="append",
        metavar="PURPOSE",
        help="what they agree to: mailing, profile (default: nothing; more than once)",
    )
    _json(add)
    change = _verb(actions, "change", "records:change", "change who a card holder is", common)
    change.add_argument("key", metavar="CARD", help="a card's number, or the account's id")
    for option, help_ in (
        ("name", None),
        ("birthday", "as 1990-12-31; an empty value takes it away, here and below"),
        ("phone", None),
        ("email", None),
        ("language", "its two-letter code"),
    ):
        change.add_argument(f"--{option}", help=help_)
    _operator(change)
    _json(change)
    adjust = _verb(actions, "adjust", "records:adjust", "give units to a purse by hand, or take them", common)
    adjust.add_argument("key", metavar="CARD", help="a card's number, or the account's id")
    adjust.add_argument("purse", metavar="PURSE", help="the purse's id in the programme")
    adjust.add_argument("amount", metavar="AMOUNT", help="how much is given; below zero it is taken")
    adjust.add_argument("--complaint", metavar="ID", help="the complaint that it makes good")
    undo = _verb(actions, "undo", "records:undo", "undo an adjustment by an entry that corrects it", common)
    undo.add_argument("entry", metavar="ENTRY", help="the id that adjusting answered with")
    for action in (adjust, undo):
        action.add_argument("--reason", required=True, metavar="TEXT", help="why, in a few words")
        _operator(action)
        _json(action)
    _member_import(actions, common)
    find = _verb(actions, "find", "member:find", "find card holders by name, phone or card", common)
    find.add_argument("text", metavar="TEXT", help="the beginning of a name, the end of a phone number, or a card")
    _json(find)
    show = _verb(actions, "show", "member:show", "who holds a card", common)
    show.add_argument("key", metavar="CARD", help="a card's number, or the account's id")
    show.add_argument("--at", metavar="TIME", help="at another time than now (ISO 8601)")
    _json(show)
    consent = _verb(actions, "consent", "privacy:consent", "what a holder agrees to", common)
    consent.add_argument("key", metavar="CARD", help="a card's number, or the account's id")
    consent.add_argument("--give", metavar="PURPOSE", help="they agree to it from now on: mailing or profile")
    consent.add_argument("--take-back", metavar="PURPOSE", help="they agree to it no longer")
    _json(consent)
    export = _verb(actions, "export", "privacy:export", "all that is held on a holder, as one JSON document", common)
    export.add_argument("key", metavar="CARD", help="a card's number, or the account's id")
    export.add_argument("--file", metavar="FILE", help="write it to a new file (default: standard output)")
    _json(export)
    erase = _verb(actions, "erase", "privacy:erase", "take a holder out of the books for good", common)
    erase.add_argument("key", metavar="CARD", help="a card's number, or the account's id")
    erase.add_argument("--yes", action="store_true", help="do it (without: only say what would go)")
    _json(erase)


def _member_import(actions: Verbs, common: Parser) -> None:
    take = _verb(
        actions,
        "import",
        "transfer:take_members_in",
        "take card holders in from a CSV file, with their cards and balances: all rows or none",
        common,
    )
    take.add_argument("file", metavar="FILE", help="the columns are described in docs/import.md (-: standard input)")
    take.add_argument(
        "--dry-run", action="store_true", help="say every bad row and what would be taken in; store nothing"
    )
    take.add_argument("--skip-bad", action="store_true", help="take the good rows in and put the bad ones into a file")
    take.add_argument("--bad-rows", metavar="FILE", help="the new file for bad rows (default: FILE.bad.csv)")
    take.add_argument("--encoding", metavar="NAME", help="what the file is in, such as cp1251 (default: recognized)")
    _json(take)


def _certificates(verbs: Verbs, common: Parser) -> None:
    actions = _group(verbs, "certificate", "gift certificates", common)
    show = _verb(actions, "show", "certificate:show", "what is left on a gift certificate, and what it paid", common)
    show.add_argument("number", metavar="NUMBER")
    show.add_argument("--at", metavar="TIME", help="at another time than now (ISO 8601)")
    _json(show)


def _catalogue(verbs: Verbs, common: Parser) -> None:
    actions = _group(verbs, "catalogue", "the goods", common)
    take = _verb(actions, "import", "catalogue:take_in", "take goods in from a CSV file, all rows or none", common)
    take.add_argument(
        "file",
        metavar="FILE",
        help="columns sku, barcode, name, department, price, vat, unit, reduced (-: standard input)",
    )
    take.add_argument("--dry-run", action="store_true", help="say every bad row and store nothing")
    take.add_argument("--encoding", metavar="NAME", help="what the file is in, such as cp1251 (default: recognized)")
    _json(take)
    show = _verb(actions, "show", "catalogue:show", "list goods, or find some", common)
    show.add_argument("text", nargs="?", metavar="TEXT", help="the beginning of a name, SKU or barcode (default: all)")
    _json(show)


def _programmes(verbs: Verbs, common: Parser) -> None:
    actions = _group(verbs, "programme", "the rules of the loyalty programme", common)
    check = _verb(actions, "check", "programme:check", "say everything that is wrong with a programme file", common)
    check.add_argument("file", metavar="FILE")
    _json(check)
    activate = _verb(actions, "activate", "programme:activate", "put a programme in force", common)
    activate.add_argument("file", metavar="FILE")
    activate.add_argument(
        "--from",
        dest="active_from",
        metavar="DATE",
        help="from the start of a business day on, or from a time (ISO 8601)",
    )
    _json(activate)
    show = _verb(actions, "show", "programme:show", "print the programme in force", common)
    show.add_argument("--at", metavar="TIME", help="at another time than now (ISO 8601)")
    _json(show)
    history = _verb(actions, "history", "programme:history", "list every revision", common)
    _json(history)
    backtest = _verb(
        actions, "backtest", "backtest:run", "try a draft on the shop's own past sales, and store nothing", common
    )
    backtest.add_argument("file", metavar="FILE", help="the draft")
    backtest.add_argument(
        "--from", dest="first", metavar="DATE", help="the draft is in force from this business day on (default: all)"
    )
    backtest.add_argument("--until", dest="last", metavar="DATE", help="the last business day (default: today)")
    backtest.add_argument("--csv", metavar="FILE", help="write the figures as CSV (-: standard output)")
    _json(backtest)


def _reports(verbs: Verbs, common: Parser) -> None:
    report = _verb(verbs, "report", "report:run", "answer one of the owner's questions", common)
    report.add_argument("name", nargs="?", metavar="NAME", help="which (default: list them)")
    report.add_argument("--from", dest="first", metavar="DATE", help="from this business day on (default: all)")
    report.add_argument("--until", dest="last", metavar="DATE", help="until this business day, included (default: all)")
    report.add_argument("--csv", metavar="FILE", help="write the rows as CSV (-: standard output)")
    report.add_argument("--png", metavar="FILE", help="draw it as a picture, a page of A4 a file (FILE, FILE-2, ...)")
    report.add_argument(
        "--engine",
        choices=("auto", "sqlite", "duckdb"),
        default="auto",
        help="what reckons: the store's own database, or the analytics engine on a copy (default: whichever is quicker)",
    )
    report.add_argument("--number", type=int, metavar="N", help="of a list: how many days, or how many of the nearest")
    _json(report)


def _clubs(verbs: Verbs, common: Parser) -> None:
    actions = _group(verbs, "club", "the clubs of holders", common)
    join = _verb(
        actions, "join", "club:join", "make a holder a member, where the programme joins a club by hand", common
    )
    join.add_argument("club", metavar="CLUB", help="the club's id in the programme")
    join.add_argument("card", metavar="CARD", help="the holder's card")
    join.add_argument("--until", metavar="DATE", help="the last day (default: as long as the programme says)")
    _json(join)


def _draws(verbs: Verbs, common: Parser) -> None:
    actions = _group(verbs, "draw", "prize draws", common)
    run = _verb(
        actions,
        "run",
        "draw:run",
        "publish the tickets of a draw; then, with a seed, draw its prizes",
        common,
        epilog="First without --seed, once the draw's last day is over: the list of tickets is fixed for good and printed;\n"
        "publish it, or its digest. Then with --seed, a public number that nobody could know by then: the winners\n"
        "follow from both, and anyone can draw again. Without --seed, what was published is printed again.",
    )
    run.add_argument("draw", metavar="ID", help="the draw's id in the programme")
    run.add_argument("--seed", metavar="TEXT", help="draw the prizes with this seed, once and for good")
    run.add_argument("--seed-from", metavar="TEXT", help="say in the list which public number the seed will be")
    run.add_argument("--file", metavar="FILE", help="write the text to a new file instead")
    _json(run)
    check = _verb(
        actions, "check", "draw:check", "draw again from a published text, and say every line that differs", common
    )
    check.add_argument("file", metavar="FILE", help="the published text (-: standard input)")
    _json(check)


def _operators(verbs: Verbs, common: Parser) -> None:
    actions = _group(verbs, "operator", "who works here", common)
    add = _verb(
        actions,
        "add",
        "operator:add",
        "add somebody; their PIN is asked for, and never part of the call",
        common,
    )
    add.add_argument("--name", required=True)
    add.add_argument("--role", required=True, choices=ROLES, help="the first operator is the owner")
    add.add_argument("--card", metavar="N", help="their own card")
    _pin_from(add)
    _json(add)
    change = _verb(
        actions, "change", "operator:change", "change a role, a PIN, their own card, or whether they work here", common
    )
    change.add_argument("name", metavar="NAME")
    change.add_argument("--role", choices=ROLES)
    change.add_argument("--active", choices=("yes", "no"), help="no: they cannot sign in any more")
    change.add_argument("--card", metavar="N", help="their own card (none: no card)")
    change.add_argument("--pin", action="store_true", help="ask for a new PIN, which also ends a lock after wrong ones")
    _pin_from(change)
    _json(change)
    listed = _verb(actions, "list", "operator:listed", "list everybody", common)
    _json(listed)


def _pin_from(parser: Parser) -> None:
    parser.add_argument("--pin-stdin", action="store_true", help="read the PIN from the first line of standard input")


def _shifts(verbs: Verbs, common: Parser) -> None:
    actions = _group(verbs, "shift", "the drawer's shift at this register", common)
    opened = _verb(actions, "open", "shift:open_", "open the next shift", common)
    opened.add_argument("--float", required=True, metavar="AMOUNT", help="the cash in the drawer")
    _json(opened)
    _json(_verb(actions, "x", "shift:x", "say what the open shift has come to (X report)", common))
    close = _verb(actions, "close", "shift:close", "close the open shift (Z report)", common)
    close.add_argument("--counted", required=True, metavar="AMOUNT", help="the cash that was counted in the drawer")
    _json(close)
    show = _verb(actions, "show", "shift:show", "print a closed shift's Z report again, marked as a copy", common)
    show.add_argument("number", type=int, metavar="NUMBER", help="the shift's number")
    _json(show)
    for name, help_ in (
        ("pay-in", "put cash into the drawer beside the sales"),
        ("pay-out", "take cash out of the drawer beside the sales"),
    ):
        pay = _verb(actions, name, f"shift:{name.replace('-', '_')}", help_, common)
        pay.add_argument("amount", metavar="AMOUNT")
        pay.add_argument("--reason", required=True, metavar="TEXT", help="what it is for")
        _json(pay)


def _export(verbs: Verbs, common: Parser) -> None:
    export = _verb(
        verbs,
        "export",
        "transfer:hand_out",
        "write everything in open formats: CSV by subject, and the programmes",
        common,
    )
    export.add_argument("target", metavar="FOLDER", help="a new folder, or a new file that ends in .zip")
    _json(export)


def _stores(verbs: Verbs, common: Parser) -> None:
    actions = _group(verbs, "store", "the store", common)
    for name, help_ in (
        ("create", "make an empty store"),
        ("upgrade", "bring a store of an older release up to date"),
        ("verify", "derive everything anew from the facts, and say what differs"),
    ):
        action = _verb(actions, name, f"store:{name}", help_, common)
        _json(action)
    close = _verb(
        actions,
        "close-day",
        "store:close_day",
        "post what has run out: lots and gift certificates past their last day",
        common,
    )
    close.add_argument("--day", metavar="DATE", help="what is over on this business day (default: today's)")
    _json(close)
    backup = _verb(actions, "backup", "store:backup", "copy the store to a file while selling goes on", common)
    backup.add_argument("file", metavar="FILE", help="the backup to make")
    backup.add_argument("--force", action="store_true", help="replace a file that is there")
    _json(backup)
    restore = _verb(actions, "restore", "store:restore", "put a backup in the store's place, if it verifies", common)
    restore.add_argument("file", metavar="FILE", help="the backup")
    restore.add_argument(
        "--force",
        action="store_true",
        help="even if the store holds what the backup lacks, or cannot be read; it is kept under another name",
    )
    _json(restore)


def _devices(verbs: Verbs, common: Parser) -> None:
    actions = _group(verbs, "devices", "scanners, printers, drawers and displays", common)
    show = _verb(
        actions, "list", "devices:list_", "what is plugged in, what it is, and what keeps it from working", common
    )
    show.add_argument("--rule", action="store_true", help="print the udev rule for these devices")
    _json(show)
    test = _verb(actions, "test", "devices:test", "try a device: scan something, print a page, open the drawer", common)
    test.add_argument("device", choices=("scanner", "printer", "drawer", "display"))
    test.add_argument("--port", metavar="PORT", help="its port, of a printer its target (default: the settings')")
    test.add_argument("--preset", metavar="NAME", help="how a scanner talks, or a display's command set")
    test.add_argument(
        "--seconds", type=int, default=30, metavar="N", help="how long a scan is waited for (default: 30)"
    )
    simulate = _verb(
        actions,
        "simulate",
        "simulate:run",
        "a scanner, a printer with a drawer and a display without any hardware",
        common,
        epilog="It prints the settings that name them, then takes commands on standard input; help lists them:\n"
        "scan CODE, paper in|low|out, cover open|close, printer offline|slow|unplug, scanner noise, show, quit.",
    )
    simulate.add_argument("--folder", metavar="DIR", help="where their ports are (default: in the data folder)")
    simulate.add_argument(
        "--tcp", type=int, metavar="PORT", help="where the printer listens (default: any that is free)"
    )
    simulate.add_argument(
        "--preset",
        default="epson",
        choices=("epson", "cd5220", "utc", "logic-controls", "adm", "dsp-800"),
        help="the display's command set (default: epson)",
    )
    simulate.add_argument(
        "--codepage",
        default="cp437",
        choices=("cp437", "cp850", "cp852", "cp858", "cp866", "cp1251", "ascii"),
        help="the display's code page (default: cp437)",
    )
