"""The translators' files, kept in step with the code: `python -m pos_loyalty.language.catalogues extract|update|compile`.

`extract` collects every sentence of the code into pos_loyalty.pot, `update` brings each language's .po to it (what is gone is
dropped, what is new is empty, nothing is guessed), `compile` makes the .mo that the till reads. Run from a checkout.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from drivers.reasons import SENTENCES
from pos_loyalty.language.symbols import LANGUAGES

PACKAGE = Path(__file__).resolve().parent.parent
LOCALE = PACKAGE / "locale"
DOMAIN = "pos_loyalty"
TEMPLATE = LOCALE / f"{DOMAIN}.pot"
TRANSLATED = tuple(code for code in LANGUAGES if code != "en")
KEYWORDS = {"N_": None, "text": None, "plural": (1, 2)}
"""What a sentence is wrapped in: N_("..."), language.text("..."), language.plural("...", "...", n)."""

# So that a catalogue changes only where a sentence does.
_MADE = datetime(2026, 1, 1, tzinfo=UTC)


def main(arguments: list[str]) -> int:
    """Do one of the three; 0 when done, 2 for a wrong call."""
    actions = {"extract": extract, "update": update, "compile": compile_all}
    if len(arguments) != 1 or arguments[0] not in actions:
        sys.stderr.write(f"Say what to do: {', '.join(actions)}.\n")
        return 2
    for path, count in actions[arguments[0]]():
        sys.stdout.write(f"{path.relative_to(LOCALE)}: {count}\n")
    return 0


def extract() -> Iterator[tuple[Path, int]]:
    """Write the template."""
    catalog = template()
    TEMPLATE.parent.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(_as_po(catalog))
    yield TEMPLATE, len(catalog)


def update() -> Iterator[tuple[Path, int]]:
    """Bring every language to the written template; the number is of the sentences that still lack a translation."""
    with TEMPLATE.open("rb") as file:
        wanted = read_po(file)
    for code in TRANSLATED:
        path = po_path(code)
        catalog = read(code) if path.is_file() else Catalog(locale=code)
        catalog.update(wanted, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        _set_head(catalog)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_as_po(catalog))
        yield path, len([message for message in catalog if message.id and not _is_translated(message)])


def compile_all() -> Iterator[tuple[Path, int]]:
    """Write every language's .mo; the number is of its sentences."""
    for code in TRANSLATED:
        path = po_path(code).with_suffix(".mo")
        path.write_bytes(compiled(code))
        yield path, len([message for message in read(code) if message.id and _is_translated(message)])


def template() -> Catalog:
    """Every sentence of the code, those of the drivers too, which know nothing of translation."""
    catalog = Catalog(domain=DOMAIN, project="pos-loyalty", charset="utf-8")
    _set_head(catalog)
    for file, _, message, comments, context in extract_from_dir(
        PACKAGE, [("**.py", "python")], keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    ):
        place = f"{PACKAGE.name}/{Path(file).as_posix()}"
        catalog.add(message, None, [(place, 0)], auto_comments=comments, context=context)
    for sentence in SENTENCES.values():
        catalog.add(sentence, None, [("drivers/reasons.py", 0)])
    return catalog


def read(code: str) -> Catalog:
    """A language's .po as it stands."""
    with po_path(code).open("rb") as file:
        return read_po(file, locale=code, domain=DOMAIN)


def compiled(code: str) -> bytes:
    """What the .mo of a language holds: its .po without what is not translated."""
    catalog = read(code)
    # Babel would write the empty forms of a plural that has no translation, and the till would say nothing.
    for message in list(catalog):
        if message.id and not _is_translated(message):
            catalog.delete(message.id)
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def po_path(code: str) -> Path:
    """Where the translation into a language is kept."""
    return LOCALE / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def _set_head(catalog: Catalog) -> None:
    catalog.fuzzy = False
    catalog.header_comment = "# The sentences of pos-loyalty."
    catalog.project, catalog.version = "pos-loyalty", ""
    catalog.creation_date = catalog.revision_date = _MADE
    catalog.last_translator = catalog.language_team = catalog.msgid_bugs_address = ""


def _as_po(catalog: Catalog) -> bytes:
    out = BytesIO()
    # Line numbers would change with every edit of the code; the file is enough to find a sentence.
    write_po(out, catalog, width=110, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return out.getvalue()


def _is_translated(message: Message) -> bool:
    string = message.string
    return bool(string) if isinstance(string, str) or not string else all(string)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
