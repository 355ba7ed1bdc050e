"""`refund`: takes goods back, as JSON Lines; with --quote reckons what would come back and stores nothing."""

from __future__ import annotations

from dataclasses import dataclass

from pos_loyalty.cli.answers import Facts, refund_answer
from pos_loyalty.cli.call import Call, register_of
from pos_loyalty.cli.json_lines import Object, answer_lines
from pos_loyalty.cli.orders import refund_order
from pos_loyalty.cli.paper import shop_of
from pos_loyalty.cli.rules import Rules
from pos_loyalty.receipt import as_text, refund_receipt
from pos_loyalty.till.register import Register
from pos_loyalty.till.returns import preview, refund


def run(call: Call) -> int:
    """Answer every line; the exit status says whether any was refused."""
    with register_of(call.settings) as register:
        taking = _Taking(call, register, Rules(register))
        return answer_lines(call, call.options.file, taking.reckoned if call.options.quote else taking.taken)


@dataclass(frozen=True, slots=True)
class _Taking:
    call: Call
    register: Register
    rules: Rules

    def taken(self, found: Object) -> Facts:
        """The answer to a return that is closed and durable."""
        closed = refund(self.register, refund_order(found, self.call.settings.operator, self.rules.local))
        programme = self.rules.revision(closed.refund.revision)
        language = self.rules.language(self.call.settings.language)
        receipt = refund_receipt(
            closed.refund,
            closed.sale,
            closed.holder,
            shop_of(self.call.settings, programme),
            language,
            copy=False,
            local=programme.local,
        )
        return refund_answer(closed.refund, self.rules.units(), as_text(receipt))

    def reckoned(self, found: Object) -> Facts:
        """What a return would answer; nothing of it is stored."""
        would = preview(self.register, refund_order(found, self.call.settings.operator, self.rules.local)).refund
        self.rules.revision(would.revision)
        return refund_answer(would, self.rules.units(), None)
