"""The house keeps its own laws: walls between rooms, strict types, one style, and everything that the wheel must carry."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("pos_loyalty", "drivers", "migrations")
FORBIDDEN_NAMES = {"services", "managers", "utils", "helpers", "common"}


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)


def test_imports_go_one_way() -> None:
    """Every wall between the rooms stands: the import contracts in pyproject.toml hold."""
    from importlinter.cli import lint_imports

    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_types_are_strict() -> None:
    """mypy in strict mode finds nothing in the three packages."""
    result = _run("mypy")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("command", [("ruff", "check", "."), ("ruff", "format", "--check", ".")])
def test_style_is_one(command: tuple[str, ...]) -> None:
    """ruff finds nothing to mend and nothing to reformat, in the tests too."""
    result = _run(*command)
    assert result.returncode == 0, result.stdout + result.stderr


def test_no_room_is_called_by_nothing() -> None:
    """No file or folder has a name that could hold anything."""
    names = {path.stem for room in ROOMS for path in (ROOT / room).rglob("*")}
    assert not names & FORBIDDEN_NAMES


def test_every_package_says_what_it_is_for() -> None:
    """Every module begins with a docstring that states the promise that it owns."""
    silent = []
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            if text.strip() and not text.lstrip().startswith(('"""', 'r"""')):
                silent.append(str(path.relative_to(ROOT)))
    assert not silent


def test_two_sqlite_builds_never_meet_in_one_process() -> None:
    """No other build of SQLite is imported: two in one process drop each other's file locks and corrupt a live store. The one
    exception is inside a function of `storage.analytics`, which runs in the process of a report alone.
    """
    others = ("apsw", "pysqlite3", "duckdb", "adbc_driver_sqlite")
    met = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        for name in others
        if re.search(rf"\b(import|from) {name}\b", line)
    ]
    # Once for mypy alone, once inside the function.
    assert [one.split("  #")[0] for one in met] == ["pos_loyalty/storage/analytics.py: import duckdb"] * 2


def test_a_process_that_sells_never_loads_the_analytics_engine() -> None:
    """All rooms together, with the reports and what starts them apart, leave the engine where it is."""
    code = (
        "import sys, pos_loyalty.ui.app, pos_loyalty.till.checkout, pos_loyalty.reports.apart, pos_loyalty.cli.report\n"
        "from pos_loyalty.storage.analytics import installed\n"
        "installed()\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ('duckdb', '_duckdb', 'apsw')))"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_wheel_carries_all_that_it_needs(tmp_path: Path) -> None:
    """The built wheel holds every module, migration, font, style and translation that stands in the tree."""
    import zipfile

    result = _run("pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet", "--wheel-dir", str(tmp_path), ".")
    assert result.returncode == 0, result.stderr
    (wheel,) = tmp_path.glob("*.whl")
    carried = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted <= carried, sorted(wanted - carried)
