"""`member consent`, `member export`, `member erase`: what a holder agrees to, all that is held on them, and taking them out."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from pos_loyalty.cli.answers import Units
from pos_loyalty.cli.arguments import DONE
from pos_loyalty.cli.call import Call, CallWrong, register_of
from pos_loyalty.domain.consent import purpose_of
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.language import Language
from pos_loyalty.till import consents, erasing, held
from pos_loyalty.till.erasing import account_of
from pos_loyalty.till.programmes import current


def consent(call: Call) -> int:
    """Say what a holder agrees to; with --give or --take-back, store a change first."""
    options = call.options
    if options.give and options.take_back:
        raise CallWrong(Message(N_("Give a consent or take it back: one of both at a time.")))
    with register_of(call.settings) as register:
        with register.store.read() as books:
            account = account_of(books, options.key)
        for purpose in consents.purposes_named([options.give] if options.give else []):
            wording = call.language.text(purpose_of(purpose).wording)
            consents.give_consent(register, account, purpose, wording, call.who())
        for purpose in consents.purposes_named([options.take_back] if options.take_back else []):
            wording = call.language.text(purpose_of(purpose).wording)
            consents.take_back_consent(register, account, purpose, wording, call.who())
        stands = consents.consents_of(register, account)
    if options.json:
        call.out.json(
            {
                "account": account,
                "consents": [
                    {
                        "purpose": stand.purpose.id,
                        "given": stand.given,
                        "at": stand.last.at.isoformat() if stand.last else None,
                        "wording": stand.last.wording if stand.last else None,
                    }
                    for stand in stands
                ],
            }
        )
        return DONE
    for stand in stands:
        title = call.language.text(stand.purpose.title)
        if stand.last is None:
            call.say(N_("{purpose}: never asked"), purpose=title)
        elif stand.given:
            call.say(N_("{purpose}: given on {day}"), purpose=title, day=stand.last.at.astimezone().date())
        else:
            call.say(N_("{purpose}: taken back on {day}"), purpose=title, day=stand.last.at.astimezone().date())
    return DONE


def export(call: Call) -> int:
    """Write all that is held on a holder as one JSON document: to a new file that only its owner may read, or as the answer."""
    options = call.options
    with register_of(call.settings) as register:
        if options.file is None:
            held.export_held(register, options.key, call.who(), call.out.exact)
            return DONE
        file = Path(options.file)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
                count = held.export_held(register, options.key, call.who(), out.write)
        except BaseException:
            with contextlib.suppress(OSError):
                file.unlink()
            raise
    call.say(N_("All that is held, {count} rows, is written to {file}."), count=count, file=options.file)
    return DONE


def erase(call: Call) -> int:
    """Erase a holder for good; without --yes only say what would go and what would stay."""
    options = call.options
    with register_of(call.settings) as register:
        rules = current(register)
        yes = bool(options.yes)
        done = erasing.erase(register, options.key, call.who()) if yes else erasing.foresee(register, options.key)
    currency = rules.programme.currency
    if options.json:
        units = Units(currency, rules.units)
        call.out.json(
            {
                "account": done.account,
                "erased": yes,
                "cards": list(done.cards),
                "written_off": {purse: units.of(purse, amount) for purse, amount in done.written_off.items()},
                "notes": done.notes,
                "complaints": done.complaints,
                "feedback": done.feedback,
                "prizes": done.prizes,
                "sales": done.sales,
            }
        )
        return DONE
    language = Language(call.settings.language, currency, purses=rules.units)
    for message in done.told(rules.units, erased=yes):
        call.out.line(language.say(message))
    if not yes:
        call.say(N_("Nothing is done yet: with --yes the holder is erased, and nothing brings them back."))
    return DONE
