"""The `[display]` table of a settings file: the customer display's port, its command set and its code page."""

from __future__ import annotations

from drivers.display_commands import DISPLAYS
from drivers.display_letters import CODEPAGES
from drivers.presets import BAUDS
from pos_loyalty.config import DisplaySettings
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.programme import fields
from pos_loyalty.domain.programme.problems import Wrong, needed, shown, suggestion
from pos_loyalty.domain.programme.section import Section


def read_display(table: Section | None) -> DisplaySettings | None:
    """The display that the table names; None where there is none, or where it is wrong."""
    if table is None:
        return None
    table.only(("port", "preset", "codepage", "baud"))
    port = table.need("port", _filled)
    plain = DisplaySettings("")
    preset = table.get("preset", _preset, plain.preset)
    codepage = table.get("codepage", fields.one_of(CODEPAGES), plain.codepage)
    baud = table.get("baud", _baud, None)
    return None if port is None else DisplaySettings(port, preset, codepage, baud)


def _filled(value: object) -> str:
    written = fields.text(value)
    if not written.strip() or "\x00" in written:
        raise Wrong(Message(N_("The text is empty.")))
    return written


def _preset(value: object) -> str:
    written = fields.text(value)
    if written not in DISPLAYS:
        raise Wrong(
            Message(N_('There is no command set "{word}" for displays.'), word=shown(written)),
            suggestion(written, list(DISPLAYS)),
        )
    return written


def _baud(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise needed(Message(N_("a whole number without quotation marks")), value)
    if value not in BAUDS:
        raise Wrong(
            Message(N_("{word} is not a speed of serial lines."), word=str(value)[:20]),
            Message(N_("What can stand here: {words}."), words=", ".join(map(str, BAUDS))),
        )
    return value
