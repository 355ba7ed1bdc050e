"""A report becomes a file whole or not at all, never in another's place unasked, and every hindrance is one sentence."""

from __future__ import annotations

import errno
import os
from datetime import date
from pathlib import Path

import pytest

from pos_loyalty.domain.message import Refused
from pos_loyalty.reports import named
from pos_loyalty.reports.frame import Period
from pos_loyalty.reports.saving import pages_at, save, suggested


def test_a_file_is_written_with_ordinary_rights(tmp_path: Path) -> None:
    """The bytes are there, readable as other files of the user are, and nothing else lies beside them."""
    file = tmp_path / "a.csv"
    save([(file, b"1,2\n")])
    other = tmp_path / "other"
    other.write_bytes(b"")
    assert file.read_bytes() == b"1,2\n"
    assert file.stat().st_mode == other.stat().st_mode
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "other"]


def test_what_is_there_is_not_replaced_unasked(tmp_path: Path) -> None:
    """Refused, and the old file is untouched, also when only the second page has one; asked for, it is replaced."""
    first, second = pages_at(tmp_path / "a.png", 2)
    second.write_bytes(b"old")
    with pytest.raises(Refused) as refused:
        save([(first, b"new"), (second, b"new")])
    assert refused.value.code == "file-exists"
    assert not first.exists()
    assert second.read_bytes() == b"old"
    save([(first, b"new"), (second, b"new")], over=True)
    assert second.read_bytes() == b"new"


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    """There is no folder: one sentence with both names."""
    with pytest.raises(Refused) as refused:
        save([(tmp_path / "no" / "a.csv", b"")])
    assert refused.value.code == "folder-missing"
    assert refused.value.message.values["folder"] == str(tmp_path / "no")


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "disk-full"), (errno.EROFS, "folder-read-only")])
def test_a_full_disk_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    """The disk says no when all is to be written down: refused, the old file whole, and no half one beside it."""
    file = tmp_path / "a.csv"
    file.write_bytes(b"old")

    def fail(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(Refused) as refused:
        save([(file, b"new")], over=True)
    assert refused.value.code == code
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_disk_without_links_takes_files_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A memory stick that knows no links: written all the same, and still never over what is there."""

    def fail(self: Path, target: Path) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(Path, "hardlink_to", fail)
    file = tmp_path / "a.csv"
    save([(file, b"new")])
    assert file.read_bytes() == b"new"
    with pytest.raises(Refused):
        save([(file, b"newer")])


def test_the_suggested_name_says_what_it_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Report and period, in the folder of documents where the user has one."""
    monkeypatch.setenv("HOME", str(tmp_path))
    period = Period(date(2026, 1, 1), date(2026, 1, 31))
    assert suggested(named("flow"), period, "csv") == tmp_path / "flow-2026-01-01-2026-01-31.csv"
    (tmp_path / "Documents").mkdir()
    assert suggested(named("flow"), period, "png").parent == tmp_path / "Documents"
