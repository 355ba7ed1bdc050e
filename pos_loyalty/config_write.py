"""Writing a choice of device into a settings file: comments and everything else in it stay, and at no time is the file half there.

What is written is read back first as a register would read it; the file as it was is kept beside it as a backup.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Literal

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from pos_loyalty.config import Settings, SettingsWrong
from pos_loyalty.config_file import read_file
from pos_loyalty.domain.message import N_, Message, Refused

BACKUP = ".bak"
HEAD = "# The settings of this register: docs/settings.md says what can stand here.\n\n"


def write_choice(
    file: Path, role: Literal["scanner", "printer", "display"], port: str, preset: str, plain: Settings
) -> None:
    """Write a device's port (a printer's target) and preset ("" leaves it out) into the file, which is made where it is not there.

    Refused with settings-unwritable where it cannot be read, understood or written; the file is then as it was.
    """
    try:
        before = file.read_text(encoding="utf-8-sig") if file.exists() else ""
        after = changed(before or HEAD, role, port, preset)
        _replace(file, before, after, plain)
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise _refused(file, str(error)) from None
    except SettingsWrong:
        raise Refused(
            "settings-unwritable",
            Message(
                N_("{file} has other faults; start the till once to see them, mend them, and choose again."),
                file=file.name,
            ),
        ) from None
    except OSError as error:
        raise _refused(file, error.strerror or str(error)) from None


def changed(text: str, role: Literal["scanner", "printer", "display"], port: str, preset: str) -> str:
    """A settings text with this choice in it. TOMLKitError where it is no TOML."""
    document = tomlkit.parse(text)
    if role == "scanner":
        _change_scanner(document, port, preset)
        return tomlkit.dumps(document)
    table = document.get(role)
    if not isinstance(table, Table):
        table = tomlkit.table()
        document[role] = table
    table["target" if role == "printer" else "port"] = port
    if preset:
        table["profile" if role == "printer" else "preset"] = preset
    return tomlkit.dumps(document)


def _change_scanner(document: tomlkit.TOMLDocument, port: str, preset: str) -> None:
    """The scanner on this port, or one more."""
    scanners = document.get("scanner")
    if not isinstance(scanners, AoT):
        scanners = tomlkit.aot()
        document["scanner"] = scanners
    table = next((one for one in scanners if one.get("port") == port), None)
    if table is None:
        table = tomlkit.table()
        table["port"] = port
        if preset:
            table["preset"] = preset
        scanners.append(table)
    elif preset:
        table["preset"] = preset


def _replace(file: Path, before: str, after: str, plain: Settings) -> None:
    """Put the new text in the file's place at once, durably; SettingsWrong where a register could not read it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    mode = file.stat().st_mode & 0o777 if file.exists() else 0o600
    if before:
        _write(file.with_name(file.name + BACKUP), before, mode)
    number, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    os.close(number)
    new = Path(name)
    try:
        _write(new, after, mode)
        read_file(new, plain)
        os.replace(new, file.resolve())
    finally:
        new.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write(file: Path, text: str, mode: int) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    file.chmod(mode)


def _refused(file: Path, detail: str) -> Refused:
    return Refused(
        "settings-unwritable",
        Message(N_("{file} cannot be changed ({detail}); nothing is written."), file=file.name, detail=detail[:200]),
    )
