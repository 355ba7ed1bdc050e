"""`draw`: an owner publishes a list and draws, and a customer checks the text with this program, Python or a shell."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ANA, BORIS = "2900000000018", "2900000000025"
ROOT = Path(__file__).parent.parent.parent
RULES = """
[programme]
name = "Corner Shop Club"
currency = "EUR"
time_zone = "Europe/Warsaw"

[purse.tickets]
unit = "tickets"

[[offer]]
id = "ticket"
title = "A ticket for every 50 euros"
give = { earn = { tickets = 1 }, every = "50.00" }

[[draw]]
id = "new-year"
title = "Новогодний розыгрыш"
purse = "tickets"
closes = 2025-12-31
prizes = ["Gift basket", "Mug", "Mug"]

[[draw]]
id = "far"
title = "Far away"
purse = "tickets"
closes = 2999-12-31
prizes = ["Mug"]
"""


@pytest.fixture
def fair(program: Any, empty_store: bytes) -> Any:
    """A shop whose draw is over, with three tickets of Ana's and two of Boris's."""
    program.store.write_bytes(empty_store)
    file = program.folder / "rules.toml"
    file.write_text(RULES, encoding="utf-8")
    assert program("programme", "activate", str(file), "--from", "2025-01-01").status == 0
    for name, card in (("Ana Kovač", ANA), ("Boris Petrov", BORIS)):
        assert program("member", "add", "--name", name, "--card", card, "--joined", "2025-01-02").status == 0
    for card, price in ((ANA, "100.00"), (BORIS, "100.00"), (ANA, "50.00")):
        line = {"name": "Coat", "unit_price": price}
        (sold,) = program.sell({"at": "2025-12-31T20:00:00", "card": card, "lines": [line]})
        assert "error" not in sold
    return program


def drawn(fair: Any) -> Path:
    """The file of the draw, once it was run."""
    assert fair("draw", "run", "new-year", "--seed-from", "Lotto of 5 January").status == 0
    file = fair.folder / "drawn.txt"
    assert fair("draw", "run", "new-year", "--seed", "3 14 15 92", "--file", str(file)).status == 0
    return Path(file)


def test_the_list_is_printed_to_the_byte_and_is_the_same_ever_after(fair: Any) -> None:
    """Published twice it is one text, whose SHA-256 is the digest that --json states; no name is in it."""
    listed = fair("draw", "run", "new-year", "--seed-from", "Lotto of 5 January")
    assert (listed.status, listed.err) == (0, "")
    assert fair("draw", "run", "new-year").out == listed.out
    facts = fair("draw", "run", "new-year", "--json").json
    assert facts["text"] == listed.out
    assert facts["digest"] == hashlib.sha256(listed.out.encode()).hexdigest()
    assert (facts["tickets"], facts["seed"], facts["winners"]) == (5, None, [])
    assert facts["seed_from"] == "Lotto of 5 January"
    assert "Ana" not in listed.out
    assert ANA not in listed.out


def test_drawing_prints_list_seed_and_winners(fair: Any) -> None:
    """The list stays as it was, to the byte; below it stand digest, seed and winners: two holders, so two prizes."""
    listed = fair("draw", "run", "new-year").out
    ran = fair("draw", "run", "new-year", "--seed", "3 14 15 92")
    assert ran.status == 0
    assert ran.out.startswith(listed + "Drawn\n")
    assert "\nseed: 3 14 15 92\n" in ran.out
    facts = fair("draw", "run", "new-year", "--json").json
    assert [winner["prize"] for winner in facts["winners"]] == ["Gift basket", "Mug", "Mug"]
    assert {winner["card"] for winner in facts["winners"]} == {"*********0018", "*********0025", None}
    for winner in facts["winners"][:2]:
        line = f"{winner['ticket']} {winner['holder']} {winner['card']} {winner['receipt']}"
        assert f"\n{line}\n" in listed
        assert f"winner {winner['place']}: {line}\n" in ran.out
    assert fair("store", "verify").status == 0


def test_a_draw_runs_once(fair: Any) -> None:
    """Again, with the same seed or another: exit status 1, one sentence, and what was drawn."""
    file = drawn(fair)
    for seed in ("3 14 15 92", "1"):
        again = fair("draw", "run", "new-year", "--seed", seed)
        assert (again.status, again.out) == (1, file.read_text(encoding="utf-8"))
        assert again.err.count("\n") == 1
    assert fair("draw", "run", "new-year", "--seed-from", "Lotto").status == 1
    assert fair("draw", "run", "new-year").out == file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("argv", "status"),
    [
        (["new-year", "--seed", "1"], 1),
        (["far"], 1),
        (["none"], 1),
        (["new-year", "--seed-from", " "], 1),
        (["new-year", "--seed", "1", "--seed-from", "Lotto"], 2),
        (["new-year", "--file", "rules.toml"], 2),
        ([], 2),
    ],
)
def test_what_cannot_be_run_is_one_sentence_and_changes_nothing(
    fair: Any, monkeypatch: pytest.MonkeyPatch, argv: list[str], status: int
) -> None:
    """A seed before the list, a draw that is open or unknown, a seed that is none, a file that is there."""
    monkeypatch.chdir(fair.folder)
    ran = fair("draw", "run", *argv)
    assert (ran.status, ran.out, ran.err.count("\n")) == (status, "", 1)
    assert fair("draw", "run", "new-year").status == 0


def test_a_customer_checks_a_text_without_a_store(fair: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no store the text is checked by itself; with the shop's it is also said to be the published one."""
    file = drawn(fair)
    with_store = fair("draw", "check", str(file), "--json")
    assert (with_store.status, with_store.json["whole"], with_store.json["stored"]) == (0, True, True)
    monkeypatch.setenv("POS_LOYALTY_STORE", str(fair.folder / "none.db"))
    alone = fair("draw", "check", str(file), "--json")
    assert (alone.status, alone.json["whole"], alone.json["stored"]) == (0, True, None)
    assert fair("draw", "check", str(file)).status == 0
    assert fair("draw", "check", "-", stdin=file.read_bytes()).status == 0
    assert not (fair.folder / "none.db").exists()


def test_every_change_of_a_drawn_text_is_found_by_itself(fair: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line in turn changed, dropped or doubled: exit status 1 every time, without a store."""
    file = drawn(fair)
    monkeypatch.setenv("POS_LOYALTY_STORE", str(fair.folder / "none.db"))
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    for n, line in enumerate(lines):
        if line.startswith(("at: ", "seed: ")):
            continue  # when it was drawn the store knows; another seed may give the same winners, and the right one is public
        changed = line[:-2] + ("x" if line[-2:-1] != "x" else "y") + "\n"
        for other in ([changed], [], [line, line]):
            forged = "".join([*lines[:n], *other, *lines[n + 1 :]])
            ran = fair("draw", "check", "-", stdin=forged)
            assert ran.status == 1, (n, line, other)
            assert ran.out or ran.err
    assert fair("draw", "check", "-", stdin="".join(lines)).status == 0


def test_the_place_of_a_difference_is_said(fair: Any) -> None:
    """The line's number, what stands there, and what should."""
    text = drawn(fair).read_text(encoding="utf-8")
    winner = next(line for line in text.splitlines() if line.startswith("winner 1: "))
    number = text.splitlines().index(winner) + 1
    ran = fair("draw", "check", "-", "--json", stdin=text.replace(winner, "winner 1: -"))
    assert ran.status == 1
    assert ran.json["differences"] == [{"line": number, "found": "winner 1: -", "wanted": winner}]
    said = fair("draw", "check", "-", stdin=text.replace(winner, "winner 1: -")).out
    assert f'Line {number} is "winner 1: -", and should be "{winner}".' in said


def test_a_text_that_is_not_the_stores_is_said(fair: Any) -> None:
    """A list of other tickets is whole by itself, and not the one that this store published."""
    listed = fair("draw", "run", "new-year").out
    forged = listed.replace("till-1-000002", "till-1-000004")
    ran = fair("draw", "check", "-", "--json", stdin=forged)
    assert (ran.status, ran.json["differences"], ran.json["stored"]) == (1, [], False)
    assert fair("draw", "check", "-", stdin=forged).status == 1
    assert fair("draw", "check", "-", stdin=listed).status == 0


@pytest.mark.parametrize("text", ["", "\n", "draw of prizes, format 1\n", "hello\nworld\n", "Tickets\n" * 50])
def test_what_is_no_draw_is_one_sentence(fair: Any, text: str) -> None:
    """Any other file: exit status 1 and the line at which it stopped being a draw."""
    ran = fair("draw", "check", "-", stdin=text)
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)


def test_a_winner_is_shown_on_the_card(fair: Any) -> None:
    """`card show` has the prize that waits, for people and as JSON."""
    drawn(fair)
    (won,) = fair("card", "show", ANA, "--json").json["prizes"]
    assert (won["draw"], won["title"]) == ("new-year", "Новогодний розыгрыш")
    assert f"{won['prize']} (ticket {won['ticket']})" in fair("card", "show", ANA).out


def documented(language: str) -> str:
    """The few lines of docs/draws.md that draw again in that language."""
    text = (ROOT / "docs" / "draws.md").read_text(encoding="utf-8")
    (found,) = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    return str(found)


def run_documented(fair: Any, *command: str) -> list[str]:
    """What the documented lines print for the draw's text."""
    done = subprocess.run(
        command, cwd=fair.folder, capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"}
    )
    return done.stdout.splitlines()


def test_the_documented_python_draws_the_same_winners(fair: Any) -> None:
    """The lines that docs/draws.md gives to customers print digest and winners as the published text has them."""
    text = drawn(fair).read_text(encoding="utf-8")
    (fair.folder / "draw.py").write_text(documented("python"), encoding="utf-8")
    found = run_documented(fair, sys.executable, "draw.py", "drawn.txt")
    assert found == [line for line in text.splitlines() if line.startswith(("digest: ", "winner "))]


@pytest.mark.skipif(
    not all(map(shutil.which, ("bash", "sha256sum", "sed"))),
    reason="needs bash, GNU coreutils and sed, which the lines are for",
)
def test_the_documented_shell_draws_the_same_winners(fair: Any) -> None:
    """The same with bash and sha256sum."""
    text = drawn(fair).read_text(encoding="utf-8")
    (fair.folder / "draw.sh").write_text(documented("bash"), encoding="utf-8")
    found = run_documented(fair, "bash", "draw.sh", "drawn.txt")
    assert found == [line for line in text.splitlines() if line.startswith(("digest: ", "winner "))]
