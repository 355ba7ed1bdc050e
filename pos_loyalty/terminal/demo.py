"""What a demo scans, and where it prints: handed to the terminal, which makes a scanner and a printer of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Demo:
    """What a demo scans: `next_card` and `next_product` give a code each time. `socket` is where `pos-loyalty scan` is heard,
    `paper` the file that receipts are added to, as text.
    """

    next_card: Callable[[], str]
    next_product: Callable[[], str]
    socket: Path | None = None
    paper: Path | None = None
