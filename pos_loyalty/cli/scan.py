"""`scan`: sends codes through the running demo's simulated scanner, from another terminal."""

from __future__ import annotations

from drivers.reasons import Reason
from drivers.scan_socket import ScanSocketError, send
from pos_loyalty.cli.arguments import DONE
from pos_loyalty.cli.call import Call
from pos_loyalty.domain.message import N_, Message, Refused

_SENTENCES = {
    "demo.no_scanner": N_("No demo is running: start one with `pos-loyalty demo` in another terminal."),
    "demo.refused": N_("The simulated scanner did not take {code}."),
    "demo.bad_code": N_("A code to scan has 1 to {limit} characters and no line break."),
    "demo.too_many": N_("At most {limit} codes are scanned in one go."),
}


def run(call: Call) -> int:
    """Scan the codes, one after the other."""
    try:
        send(call.settings.demo_socket, call.options.codes)
    except ScanSocketError as error:
        raise _refused(error.reason) from None
    return DONE


def _refused(reason: Reason) -> Refused:
    sentence = _SENTENCES.get(reason.code)
    return Refused("scan-refused", Message(sentence, **reason.values) if sentence else Message(reason.sentence))
