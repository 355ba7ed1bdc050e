"""`certificate`: what is left on a gift certificate, and what it paid."""

from __future__ import annotations

from pos_loyalty.cli.answers import Units, certificate_answer
from pos_loyalty.cli.arguments import DONE
from pos_loyalty.cli.call import Call, register_of
from pos_loyalty.domain.certificate import Status
from pos_loyalty.domain.ledger import EntryKind
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.language import Language
from pos_loyalty.storage.records import CertificateMove
from pos_loyalty.till import certificates
from pos_loyalty.till.certificates import CertificateView
from pos_loyalty.till.programmes import current

STATUS_NAMES: dict[Status, str] = {
    "valid": N_("valid"),
    "spent": N_("spent"),
    "expired": N_("expired"),
    "void": N_("void: it was returned"),
}


def show(call: Call) -> int:
    """Print what a certificate is."""
    with register_of(call.settings) as register:
        view = certificates.show(register, call.options.number, call.moment("at", register))
        programme = current(register).programme
    if call.options.json:
        call.out.json(certificate_answer(view, Units(programme.currency, {})))
    else:
        for line in certificate_lines(view, Language(call.settings.language, programme.currency)):
            call.out.line(line)
    return DONE


def certificate_lines(view: CertificateView, language: Language) -> list[str]:
    """A certificate for a person, line by line."""
    certificate = view.certificate
    lines = [
        language.text(
            N_("Certificate {certificate}: {status}"),
            certificate=certificate.number,
            status=Message(STATUS_NAMES[view.status]),
        ),
        language.text(
            N_("{left} of {amount} is left"),
            left=language.amount(view.left),
            amount=language.amount(certificate.amount),
        ),
    ]
    if certificate.expires is not None:
        lines.append(language.text(N_("can be paid with until {day}"), day=certificate.expires))
    return [*lines, *("  " + _moved(move, language) for move in view.moves)]


def _moved(move: CertificateMove, language: Language) -> str:
    return language.text(
        N_("{day}: {what}, {amount}"),
        day=move.day,
        what=Message(_WHAT[move.kind, move.amount > 0], receipt=move.receipt or ""),
        amount=language.signed(move.amount),
    )


_WHAT: dict[tuple[EntryKind, bool], str] = {
    ("sale", True): N_("sold on {receipt}"),
    ("sale", False): N_("paid on {receipt}"),
    ("refund", True): N_("given back by {receipt}"),
    ("refund", False): N_("returned by {receipt}"),
    ("expiry", False): N_("expired"),
}
"""What moved a certificate, by the kind of entry and whether there is more on it since."""
