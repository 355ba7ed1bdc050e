"""The process that words answers while the next sale is closed."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from pos_loyalty.cli.output import Output
from pos_loyalty.cli.writer import writing

Program = Any
LINES = [
    {"id": "0193f5c4-8a00-7000-8000-000000000001", "card": "2900000000018", "lines": [{"name": "Tea", "unit_price": "3.50"}]},
    {"lines": []},
    {"id": "0193f5c4-8a00-7000-8000-000000000001", "card": "2900000000018", "lines": [{"name": "Tea", "unit_price": "3.50"}]},
    {"id": "0193f5c4-8a00-7000-8000-000000000003", "lines": [{"name": "Mug", "unit_price": "8.00", "quantity": "2"}]},
]  # fmt: skip
AT = {"at": "2026-11-22T10:15:00+01:00"}


@contextmanager
def seller(store: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The real program, which reads its lines one by one."""
    command = [sys.executable, "-m", "pos_loyalty", "sell", "--store", str(store)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        yield process


def pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """A stream of the process, which has all three."""
    assert stream is not None
    return stream


def test_both_ways_answer_alike(shop: Program) -> None:
    """The same lines are answered alike, worded where they are sold and beside it, refused and repeated ones in their turn."""
    before = shop.store.read_bytes()
    text = "".join(json.dumps({**AT, **line}) + "\n" for line in LINES)
    here = shop("sell", stdin=text)
    for leftover in shop.folder.glob("store.db*"):
        leftover.unlink()
    shop.store.write_bytes(before)
    with seller(shop.store) as process:
        out, err = process.communicate(text.encode())
    assert err == b""
    assert process.returncode == here.status == 1
    assert [json.loads(line) for line in out.splitlines()] == here.lines
    assert ["error" in line for line in here.lines] == [False, True, False, False]


def test_what_was_handed_over_is_written_though_the_seller_is_killed(shop: Program) -> None:
    """After kill -9 of the process that sells, the answers to what it had closed come whole, and the other process ends."""
    with seller(shop.store) as process:
        pipe(process.stdin).write(json.dumps(LINES[0]).encode() + b"\n")
        pipe(process.stdin).flush()
        first = json.loads(pipe(process.stdout).readline())
        process.send_signal(signal.SIGKILL)
        rest = pipe(process.stdout).read()
    assert first["receipt_number"] == "till-1-000001"
    assert rest == b""
    assert process.returncode == -signal.SIGKILL


def test_a_writer_that_is_killed_is_no_silence(shop: Program) -> None:
    """When the process that words answers is killed, the one that sells ends as when nobody reads: what it closed is stored."""
    with seller(shop.store) as process:
        for line in LINES[:1]:
            pipe(process.stdin).write(json.dumps(line).encode() + b"\n")
        pipe(process.stdin).flush()
        pipe(process.stdout).readline()
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
        os.kill(int(children[0]), signal.SIGKILL)
        pipe(process.stdin).write(json.dumps(LINES[3]).encode() + b"\n")
        pipe(process.stdin).close()
        assert process.wait(20) == 1
        process.stdin = None
        assert pipe(process.stderr).read().count(b"\n") == 1
    assert shop("store", "verify").status == 0


def test_a_fault_while_wording_is_told_and_stays_there(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A fault of the program in the writing process is shown by it and ends it; the process that sells learns that it is gone."""

    def broken(_: bytes) -> bytes:
        raise ZeroDivisionError("worded badly")

    with (tmp_path / "out").open("w", encoding="utf-8") as stream:
        out = Output(stream, io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
        with pytest.raises(OSError, match="Input/output error"), writing(out, lambda: broken) as writer:
            writer.word(b"{}")
    assert "worded badly" in capfd.readouterr().err


def test_memory_is_not_shared_with_another_process() -> None:
    """An output that is no file of the system's is written where the sale is closed."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    assert not Output(stream, stream).is_shared


def test_the_writer_words_in_order(tmp_path: Path) -> None:
    """Ready lines and those to be worded come out in the order in which they were handed over."""

    def shouted(facts: bytes) -> bytes:
        return facts.upper()

    with (tmp_path / "out").open("w", encoding="utf-8") as stream, writing(_output(stream), lambda: shouted) as writer:
        for number in range(500):
            (writer.word if number % 3 else writer.answer)(b"line %d" % number)
    lines = (tmp_path / "out").read_text(encoding="utf-8").splitlines()
    assert lines == [f"{'LINE' if number % 3 else 'line'} {number}" for number in range(500)]


def _output(stream: Any) -> Output:
    return Output(stream, stream)
