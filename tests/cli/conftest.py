"""The real program on a real SQLite store: run it with arguments and bytes, look at what it answers."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pos_loyalty.cli.main import main

PROGRAMME = """
[programme]
name = "Corner Shop Club"
currency = "EUR"
time_zone = "Europe/Warsaw"
maximum_discount = "50%"
cash_rounding = "0.05"

[[exclude]]
departments = ["tobacco", "deposits"]

[purse.cashback]
unit = "money"
hold = "14 days"
expires = "12 months"

[[tier]]
id = "basic"
name = "Basic"
spend = "0.00"
cashback = "5%"

[[tier]]
id = "vip"
name = "VIP"
spend = "10000.00"
discount = "10%"
cashback = "5%"
"""
ANA = "2900000000018"


@dataclass(frozen=True)
class Ran:
    """What one call came to."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON value."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Standard output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


class Program:
    """The program with an environment of its own; `store` is the store that it is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "store.db"
        self._monkeypatch = monkeypatch
        monkeypatch.setenv("XDG_DATA_HOME", str(folder / "data"))
        monkeypatch.setenv("POS_LOYALTY_STORE", str(self.store))
        monkeypatch.delenv("POS_LOYALTY_CONFIG", raising=False)

    def __call__(self, *argv: str, stdin: str | bytes = b"") -> Ran:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        out, err = io.BytesIO(), io.BytesIO()
        with self._monkeypatch.context() as patch:
            patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
            stdout = io.TextIOWrapper(out, encoding="utf-8", write_through=True)
            stderr = io.TextIOWrapper(err, encoding="utf-8", write_through=True)
            patch.setattr("sys.stdout", stdout)
            patch.setattr("sys.stderr", stderr)
            status = main(argv)
            stdout.flush()
        assert "Traceback" not in err.getvalue().decode()
        return Ran(status, out.getvalue().decode(), err.getvalue().decode())

    def sell(self, *orders: Any) -> list[Any]:
        """The answers to these sales, given as JSON values."""
        return self("sell", stdin="".join(f"{json.dumps(order)}\n" for order in orders)).lines

    def refund(self, *orders: Any) -> list[Any]:
        """The answers to these returns."""
        return self("refund", stdin="".join(f"{json.dumps(order)}\n" for order in orders)).lines


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Program:
    """The program without a store."""
    return Program(monkeypatch, tmp_path)


@pytest.fixture(scope="session")
def ready_store(tmp_path_factory: pytest.TempPathFactory, empty_store: bytes) -> bytes:
    """A store with a programme in force since 2026 and one named card, as bytes: made once a session."""
    with pytest.MonkeyPatch.context() as patch:
        program = Program(patch, tmp_path_factory.mktemp("ready"))
        program.store.write_bytes(empty_store)
        file = program.folder / "programme.toml"
        file.write_text(PROGRAMME, encoding="utf-8")
        assert program("programme", "activate", str(file), "--from", "2026-01-01").status == 0
        added = program("member", "add", "--name", "Ana Kovač", "--card", ANA, "--joined", "2026-01-02")
        assert added.status == 0, added.err
        return program.store.read_bytes()


@pytest.fixture
def shop(program: Program, ready_store: bytes) -> Program:
    """The program on a store with a programme in force since 2026, and one named card."""
    program.store.write_bytes(ready_store)
    return program


@pytest.fixture
def jacket() -> Callable[..., dict[str, Any]]:
    """A sale of the owner's example: a jacket of 5000.00, with a card."""

    def sale(**changes: Any) -> dict[str, Any]:
        order: dict[str, Any] = {
            "id": "0193f5c4-8a00-7000-8000-000000000001",
            "at": "2026-11-20T10:15:00+01:00",
            "card": ANA,
            "lines": [
                {
                    "sku": "JACKET",
                    "name": "Winter jacket",
                    "department": "clothes",
                    "unit_price": "5000.00",
                    "quantity": "1",
                    "unit": "pc",
                    "vat": "20%",
                }
            ],
            "coupons": [],
            "take": [],
            "spend": {"cashback": "0.00"},
            "tenders": [{"kind": "cash", "amount": "5000.00"}],
            "operator": "anna",
        }
        return {**order, **changes}

    return sale
