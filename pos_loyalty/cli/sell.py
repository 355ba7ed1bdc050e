"""`sell`: rings up sales given as JSON Lines; with --quote prices them and stores nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pos_loyalty.cli.answers import Facts, sale_answer
from pos_loyalty.cli.call import Call, register_of
from pos_loyalty.cli.json_lines import Object, answer_lines
from pos_loyalty.cli.orders import sale_order
from pos_loyalty.cli.paper import shop_of
from pos_loyalty.cli.rules import Rules
from pos_loyalty.receipt import as_text, sale_receipt
from pos_loyalty.till.checkout import Closed, price, selling
from pos_loyalty.till.register import Register


def run(call: Call) -> int:
    """Answer every line; the exit status says whether any was refused."""
    with register_of(call.settings) as register, ThreadPoolExecutor(max_workers=1) as writer:
        lines = _Lines(call, register, Rules(register), writer)
        return answer_lines(call, call.options.file, lines.quoted if call.options.quote else lines.sold)


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of one run; the `writer` writes an answer while the disk makes its sale durable."""

    call: Call
    register: Register
    rules: Rules
    writer: ThreadPoolExecutor

    def sold(self, found: Object) -> Facts:
        """The answer to a sale that is closed and durable."""
        order = sale_order(found, self.rules.digits, self.call.settings.operator, self.rules.local)
        with selling(self.register, order) as closed:
            answer = self.writer.submit(self._answer, closed)
        return answer.result()

    def _answer(self, closed: Closed) -> Facts:
        sale = closed.sale
        programme = self.rules.revision(sale.revision)
        language = self.rules.language(self.call.settings.language)
        receipt = sale_receipt(
            sale, closed.holder, shop_of(self.call.settings, programme), language, copy=False, local=programme.local
        )
        return sale_answer(sale, closed.holder, self.rules.units(), language, as_text(receipt))

    def quoted(self, found: Object) -> Facts:
        """What a sale would answer; nothing of it is stored."""
        order = sale_order(found, self.rules.digits, self.call.settings.operator, self.rules.local)
        priced = price(self.register, order)
        self.rules.revision(priced.sale.revision)
        language = self.rules.language(self.call.settings.language)
        return sale_answer(priced.sale, priced.holder, self.rules.units(), language, None)
