"""The translators' files say what the code says, and the till reads what the translators wrote."""

from __future__ import annotations

import gettext
import shutil
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from pos_loyalty.language import LANGUAGES, Language, Wording, catalogues
from pos_loyalty.language.wording import placeholders, plural_fits


def sentences(catalog: Iterable[Message]) -> dict[object, object]:
    """What a catalogue says, by its English; of a plural all forms."""
    return {key(message): message.string for message in catalog if message.id}


def key(message: Message) -> object:
    return tuple(message.id) if isinstance(message.id, list | tuple) else message.id


def ids(messages: Iterable[Message]) -> set[object]:
    return set(sentences(messages))


def test_the_template_holds_every_sentence_of_the_code() -> None:
    """Else: python -m pos_loyalty.language.catalogues extract, then update and compile."""
    with catalogues.TEMPLATE.open("rb") as file:
        written = read_po(file)
    assert ids(written) == ids(catalogues.template())


@pytest.mark.parametrize("code", catalogues.TRANSLATED)
def test_every_language_has_the_sentences_of_the_template(code: str) -> None:
    """Else: python -m pos_loyalty.language.catalogues update, then compile."""
    with catalogues.TEMPLATE.open("rb") as file:
        written = read_po(file)
    assert ids(catalogues.read(code)) == ids(written)


@pytest.mark.parametrize("code", catalogues.TRANSLATED)
def test_the_till_reads_what_the_translators_wrote(code: str) -> None:
    """The .mo is the compiled .po; else: python -m pos_loyalty.language.catalogues compile."""
    with catalogues.po_path(code).with_suffix(".mo").open("rb") as file:
        shipped = sentences(read_mo(file))
    compiled = sentences(read_mo(BytesIO(catalogues.compiled(code))))
    assert shipped == compiled


@pytest.mark.parametrize("code", catalogues.TRANSLATED)
def test_every_translation_has_the_placeholders_of_its_english(code: str) -> None:
    """A translation without them would be passed over for the English."""
    wrong = [message.id for message in catalogues.read(code) if message.id and not _fits(message)]
    assert wrong == []


def _fits(message: Message) -> bool:
    if isinstance(message.id, tuple):
        return all(plural_fits(form, message.id[1]) for form in message.string if form)
    return not message.string or placeholders(str(message.string)) == placeholders(message.id)


def test_a_plural_without_a_translation_is_said_in_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Babel compiles its empty forms; the till would print an empty line."""
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    catalog = Catalog(locale="ru")
    catalog.add(("{n} line", "{n} lines"), ("", "", ""))
    catalog.add("Change", "Сдача")
    catalogues.po_path("ru").parent.mkdir(parents=True)
    with catalogues.po_path("ru").open("wb") as file:
        write_po(file, catalog)
    assert list(sentences(read_mo(BytesIO(catalogues.compiled("ru"))))) == ["Change"]
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    language = Language("ru", wording=Wording(gettext.GNUTranslations(compiled)))
    assert language.plural("{n} line", "{n} lines", 5) == "5 lines"


def test_every_english_template_can_be_filled() -> None:
    """Balanced braces, and only names between them: values have no positions."""
    for message in catalogues.template():
        for text in message.id if isinstance(message.id, tuple) else (message.id,):
            names = placeholders(text)
            assert names is not None, text
            assert all(name.isidentifier() for name in names), text


def test_every_language_but_english_has_a_catalogue() -> None:
    """English is what the templates are written in."""
    assert {"en", *catalogues.TRANSLATED} == set(LANGUAGES)
    assert all(catalogues.po_path(code).is_file() for code in catalogues.TRANSLATED)


def test_the_shipped_catalogue_is_the_one_that_is_read() -> None:
    """A sentence of the receipt, out of the .mo in the package."""
    assert Language("ru").text("Change") == "Сдача"
    assert Language("en").text("Change") == "Change"


def test_a_wrong_call_says_what_can_be_done(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 2, and the three words."""
    assert catalogues.main(["translate"]) == 2
    assert "extract, update, compile" in capsys.readouterr().err


def test_bringing_the_files_up_to_date_keeps_every_translation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Extract, update and compile over what is there change nothing; a language that has no file yet gets an empty one."""
    before = {code: sentences(catalogues.read(code)) for code in catalogues.TRANSLATED}
    locale = tmp_path / "locale"
    shutil.copytree(catalogues.LOCALE, locale)
    monkeypatch.setattr(catalogues, "LOCALE", locale)
    monkeypatch.setattr(catalogues, "TEMPLATE", locale / "pos_loyalty.pot")
    shutil.rmtree(locale / "pl")
    assert [catalogues.main([action]) for action in ("extract", "update", "compile")] == [0, 0, 0]
    after = {code: sentences(catalogues.read(code)) for code in catalogues.TRANSLATED}
    assert not any("".join(said) for said in after.pop("pl").values())
    before.pop("pl")
    for code, now in after.items():
        assert now == {id_: before[code].get(id_, said) for id_, said in now.items()}
    assert "ru/LC_MESSAGES/pos_loyalty.mo: " in capsys.readouterr().out
