"""How the program is called: help at once, exit statuses, one sentence for every fault, and never a traceback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pos_loyalty.cli.codes import ELSEWHERE, REFUND_CODES, SELL_CODES

Program = Any
PACKAGE = Path(__file__).parents[2] / "pos_loyalty"
GOOD = '{"lines": [{"name": "Bread", "unit_price": "1.50"}]}\n'


def _real(folder: Path, *argv: str, **more: Any) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "XDG_DATA_HOME": str(folder / "data"),
        "POS_LOYALTY_STORE": str(folder / "store.db"),
    }
    environment.pop("POS_LOYALTY_CONFIG", None)
    return subprocess.run([sys.executable, "-m", "pos_loyalty", *argv], env=environment, check=False, text=True, **more)


def test_help_lists_every_verb(program: Program) -> None:
    """Every verb is in the help, and has its own."""
    ran = program("--help")
    assert ran.status == 0
    verbs = ("demo", "scan", "sell", "refund", "card", "member", "certificate", "catalogue", "programme", "store")
    verbs += ("club", "draw", "shift", "operator", "report", "devices", "export")
    for verb in verbs:
        assert re.search(rf"^    {verb}\b", ran.out, re.MULTILINE)
        assert program(verb, "--help").status == 0


@pytest.mark.parametrize(
    "argv",
    [
        ["sel"],
        ["card"],
        ["card", "shwo", "1"],
        ["card", "show"],
        ["sell", "--qoute"],
        ["sell", "a", "b"],
        ["card", "issue", "--count", "many"],
        ["--store"],
        ["demo", "--cards", "0", "--no-terminal"],
        ["demo", "--store", "postgresql://x/y", "--no-terminal"],
        ["sell", "no-such-file.jsonl"],
        ["sell", "."],
        ["sell", "a\x00b"],
        ["programme", "check", "no-such-file.toml"],
        ["catalogue", "import", "."],
        ["--config", "no-such-file.toml", "sell"],
        ["--printer", "epson", "sell"],
        ["card", "show", "2900000000018", "--at", "noon"],
        [],
        ["demo"],
    ],
)
def test_a_wrong_call_is_one_sentence(shop: Program, argv: list[str]) -> None:
    """What cannot be understood or opened ends with exit status 2 and one sentence on standard error."""
    ran = shop(*argv)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1), ran.err
    assert ran.err.startswith("pos-loyalty: ")


def test_a_wrong_settings_file_says_everything(program: Program) -> None:
    """Each wrong key of the settings is a sentence with its file and line."""
    file = program.folder / "till.toml"
    file.write_text('[register]\nname = "Till 1"\nlanguage = "fr"\n', encoding="utf-8")
    ran = program("sell", "--config", str(file))
    assert ran.status == 2
    assert [line.split(": ")[1] for line in ran.err.splitlines()] == [f"{file}:2", f"{file}:3"]


def test_options_stand_before_or_after_the_verb(shop: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """--store names the store wherever it stands, and comes before POS_LOYALTY_STORE."""
    monkeypatch.setenv("POS_LOYALTY_STORE", str(shop.folder / "other.db"))
    for argv in (
        ("--store", str(shop.store), "card", "show", "2900000000018"),
        ("card", "show", "2900000000018", "--store", f"sqlite:///{shop.store}"),
    ):
        assert shop(*argv).status == 0
    assert shop("card", "show", "2900000000018").status == 1


@pytest.mark.parametrize("store", ["", "postgresql://", "mysql://x/y", ":memory:", "/dev/null/x", "."])
def test_what_names_no_store_is_one_sentence(program: Program, store: str) -> None:
    """A store that cannot be named so, or is something else, is refused in a sentence."""
    ran = program("sell", "--store", store)
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)


def test_help_lists_every_code_that_is_raised(program: Program) -> None:
    """Each code in the code base stands in the one table, each in the table is raised somewhere, and --help shows them."""
    raised: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        if path.name == "codes.py":
            continue
        text = path.read_text(encoding="utf-8")
        raised |= set(re.findall(r'(?<![A-Za-z])[rR]efused\(\s*"([a-z]+(?:-[a-z-]+)?)"', text))
        raised |= set(re.findall(r'"((?:store|backup|request|coupon|offer|certificate)-[a-z]+)"', text))
        raised |= set(re.findall(r'_error\(asked, "([a-z]+)"', text))
    known = SELL_CODES | REFUND_CODES | ELSEWHERE
    assert raised - set(known) == set()
    assert set(known) - raised == set()
    for verb, codes in (("sell", SELL_CODES), ("refund", REFUND_CODES)):
        listed = re.findall(r"^  ([a-z-]+)  +\S", program(verb, "--help").out, re.MULTILINE)
        assert [code for code in listed if code in known] == list(codes)


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    """`pos-loyalty --help` comes without the database, the screen, pictures and locales: it answers at once."""
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, pos_loyalty.cli.main; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    ).stdout.split()
    assert not {"sqlalchemy", "textual", "babel", "msgspec", "platformdirs", "PIL"} & set(loaded)


def test_a_reader_that_leaves_is_no_fault(shop: Program) -> None:
    """When nobody reads the answers any more, the program ends without a word of complaint."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pos_loyalty", "sell", "--store", str(shop.store)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdin.write(GOOD)
    process.stdin.flush()
    assert process.stdout.readline().startswith("{")
    process.stdout.close()
    process.stdin.write(GOOD * 20)
    process.stdin.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(20) == 1


def test_answers_that_cannot_be_written_are_one_sentence(shop: Program) -> None:
    """Standard output on a full disk ends with exit status 1 and a sentence; what was sold stays sold."""
    with open("/dev/full", "w", encoding="utf-8") as full:
        ran = _real(shop.folder, "sell", input=GOOD * 3, stdout=full, stderr=subprocess.PIPE)
    assert (ran.returncode, ran.stderr.count("\n")) == (1, 1)
    assert "written" in ran.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="closes streams as a POSIX shell does")
def test_closed_streams_are_no_fault(shop: Program) -> None:
    """With standard output closed the sale is made and nobody is told; with standard input closed there is nothing to read."""
    command = f"{sys.executable} -m pos_loyalty sell --store {shop.store}"
    ran = subprocess.run(["sh", "-c", f"{command} >&-"], input=GOOD, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    ran = subprocess.run(["sh", "-c", f"{command} <&-"], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)


def test_breaking_off_is_one_sentence(shop: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C ends with a sentence and exit status 1."""

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pos_loyalty.cli.sell.sell", interrupted)
    ran = shop("sell", stdin=GOOD)
    assert (ran.status, ran.err.count("\n")) == (1, 1)


def test_each_answer_comes_before_the_next_line_is_asked_for(shop: Program) -> None:
    """An answer is with its reader as soon as its sale is durable: the next line may wait for it."""
    with subprocess.Popen(
        [sys.executable, "-m", "pos_loyalty", "sell", "--store", str(shop.store)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(1, 4):
            process.stdin.write(GOOD)
            process.stdin.flush()
            assert f"till-1-00000{number}" in process.stdout.readline()


def test_a_fault_of_the_program_is_one_sentence(shop: Program) -> None:
    """What no release should do is said with its place, not shown as a traceback; a variable shows all of it."""
    script = "import sys; from pos_loyalty.cli import main, output; output.Output.flush = lambda self: 1 / 0; sys.exit(main.main())"
    for trace, lines in (("", 1), ("1", 5)):
        ran = subprocess.run(
            [sys.executable, "-c", script, "programme", "history", "--store", str(shop.store)],
            env={**os.environ, "POS_LOYALTY_TRACE": trace},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 1
        assert (ran.stderr.count("\n") == 1) is (lines == 1)
        assert "ZeroDivisionError" in ran.stderr


def test_the_version_is_said(program: Program) -> None:
    """--version names the program and its release."""
    assert re.fullmatch(r"pos-loyalty \d+\.\d+\.\d+\n", program("--version").out)


def test_the_program_speaks_the_register_s_language(shop: Program) -> None:
    """Sentences of refusals are in the language of the register."""
    file = shop.folder / "till.toml"
    file.write_text('[register]\nlanguage = "pl"\n', encoding="utf-8")
    english, polish = (
        shop("card", "show", "2900000000995"),
        shop("card", "show", "2900000000995", "--config", str(file)),
    )
    assert english.status == polish.status == 1
    assert english.err
    assert polish.err
