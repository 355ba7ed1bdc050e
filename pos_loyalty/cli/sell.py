"""`sell`: rings up sales given as JSON Lines; with --quote prices them and stores nothing."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

from msgspec.json import decode, encode

from pos_loyalty.cli.answers import Facts, sale_answer
from pos_loyalty.cli.batch import seldom_collected
from pos_loyalty.cli.call import Call, CallWrong, register_of
from pos_loyalty.cli.json_lines import Object, answer_lines
from pos_loyalty.cli.orders import sale_order
from pos_loyalty.cli.paper import shop_of
from pos_loyalty.cli.rules import Rules
from pos_loyalty.cli.writer import Worded, Writer, writing
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.sale import Sale
from pos_loyalty.receipt import as_text, sale_receipt
from pos_loyalty.storage.facts import read_sale, written
from pos_loyalty.till.checkout import price, sell
from pos_loyalty.till.register import Register


def run(call: Call) -> int:
    """Answer every line; the exit status says whether any was refused."""
    file = call.options.file
    options = call.options
    if (options.dry_run or options.encoding) and not options.history:
        raise CallWrong(
            Message(N_("--dry-run and --encoding go with --history; --quote prices sales and stores nothing."))
        )
    if options.history and options.quote:
        raise CallWrong(Message(N_("Past sales are not quoted: --dry-run says what would come of them.")))
    if options.history:
        from pos_loyalty.cli.transfer import take_past_sales_in  # noqa: PLC0415 - seldom, and `sell` starts without it

        return take_past_sales_in(call)
    if call.options.quote or not call.out.is_shared:
        with register_of(call.settings) as register:
            here = _Here(call, register, Rules(register))
            return answer_lines(call, file, here.quoted if call.options.quote else here.sold)
    with writing(call.out, lambda: _words(call)) as writer, register_of(call.settings) as register:
        beside = _Beside(call, register, Rules(register), writer)
        return answer_lines(call, file, beside.sold, lambda said: writer.answer(encode(said)))


def _words(call: Call) -> Worded:
    """What the writing process does: it has a store of its own to look revisions up in."""
    stack = ExitStack()
    stack.enter_context(seldom_collected())
    here: _Here | None = None

    def word(handed: bytes) -> bytes:
        nonlocal here
        if here is None:
            register = stack.enter_context(register_of(call.settings))
            here = _Here(call, register, Rules(register))
        holder, _, facts = handed.partition(b"\n")
        return encode(here.answer(read_sale(facts.decode()), decode(holder)))

    return word


@dataclass(frozen=True, slots=True)
class _Beside:
    """The lines of one run, worded by the `writer`."""

    call: Call
    register: Register
    rules: Rules
    writer: Writer

    def sold(self, found: Object) -> None:
        """Close a sale, and once it is durable have its answer written."""
        closed = sell(
            self.register, sale_order(found, self.rules.digits, self.call.settings.operator, self.rules.local)
        )
        self.writer.word(encode(closed.holder) + b"\n" + written(closed.sale).encode())


@dataclass(frozen=True, slots=True)
class _Here:
    """The lines of one run, worded where they are sold."""

    call: Call
    register: Register
    rules: Rules

    def sold(self, found: Object) -> Facts:
        """The answer to a sale that is closed and durable."""
        closed = sell(
            self.register, sale_order(found, self.rules.digits, self.call.settings.operator, self.rules.local)
        )
        return self.answer(closed.sale, closed.holder)

    def answer(self, sale: Sale, holder: str | None) -> Facts:
        """The answer to a closed sale, with its receipt."""
        programme = self.rules.revision(sale.revision)
        language = self.rules.language(self.call.settings.language)
        receipt = sale_receipt(
            sale, holder, shop_of(self.call.settings, programme), language, copy=False, local=programme.local
        )
        return sale_answer(sale, holder, self.rules.units(), language, as_text(receipt))

    def quoted(self, found: Object) -> Facts:
        """What a sale would answer; nothing of it is stored."""
        order = sale_order(found, self.rules.digits, self.call.settings.operator, self.rules.local)
        priced = price(self.register, order)
        self.rules.revision(priced.sale.revision)
        language = self.rules.language(self.call.settings.language)
        return sale_answer(priced.sale, priced.holder, self.rules.units(), language, None)
