"""emupos, a simulator of receipt printers that is not ours, in a process of its own.

It needs Python 3.13, so it lives in an environment of its own: `python3.13 -m venv V && V/bin/pip install emupos`, and then the
variable EMUPOS=V/bin/emupos, or `emupos` on the path.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

PATIENCE = 20.0
LEFT_OUT = (" 1b 52 00", " 1c 2e")
"""ESC R 0 (no national letters) and FS . (no double-byte letters)."""
CONFIG = """schema: 1
api: {{host: 127.0.0.1, port: {api}}}
devices:
  - id: front
    type: printer
    profile: epson-tm-t20iii
    receipts_dir: ./receipts
    job_idle_timeout_ms: 300
    connections: [{{tcp: {{port: {port}}}}}]
"""


def program() -> str | None:
    """Where it is; None where it is not installed."""
    return shutil.which(os.environ.get("EMUPOS") or "emupos")


@dataclass
class Bench:
    """One printer with a drawer."""

    api: str
    target: str
    log: Path

    def complaints(self) -> list[str]:
        """Commands and code pages that it does not know, but for those that it leaves out of Epson's reference."""
        lines = [line for line in self.log.read_text().splitlines() if "unknown" in line or "unsupported" in line]
        return [line for line in lines if not line.rstrip().endswith(LEFT_OUT)]

    def ask(self, method: str, path: str) -> bytes:
        request = urllib.request.Request(f"{self.api}/{path}", method=method)  # noqa: S310 - http to this machine
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - as above
            body: bytes = answer.read()
        return body

    def told(self, path: str) -> Any:
        return json.loads(self.ask("GET", path))

    def fault(self, name: str, *, on: bool) -> None:
        """paper-out, paper-near-end, cover-open or offline."""
        self.ask("PUT" if on else "DELETE", f"devices/front/faults/{name}")

    @property
    def drawer_open(self) -> bool:
        return bool(self.told("devices/front")["state"]["drawer"] == "open")

    def close_drawer(self) -> None:
        self.ask("POST", "devices/front/drawer/close")

    def receipts(self) -> list[dict[str, Any]]:
        """What came out."""
        listed: list[dict[str, Any]] = self.told("devices/front/receipts")
        return sorted(listed, key=lambda one: one["completed_at"])

    def paper(self, receipt: str) -> Image.Image:
        return Image.open(BytesIO(self.ask("GET", f"devices/front/receipts/{receipt}/image")))

    def text(self, receipt: str) -> str:
        return self.ask("GET", f"devices/front/receipts/{receipt}/text").decode()

    @staticmethod
    def until(so: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not so():
            assert time.monotonic() < end, "it never became so"
            time.sleep(0.02)


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """Start it, and end it."""
    found = program()
    assert found is not None
    api, port = _free(), _free()
    (folder / "emupos.yaml").write_text(CONFIG.format(api=api, port=port))
    with (folder / "emupos.log").open("wb") as log:
        process = subprocess.Popen([found, "run"], cwd=folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            one = Bench(f"http://127.0.0.1:{api}/api/v1", f"tcp://127.0.0.1:{port}", folder / "emupos.log")
            one.until(lambda: _up(one, process))
            yield one
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _up(one: Bench, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, "emupos ended"
    try:
        one.ask("GET", "health")
    except (urllib.error.URLError, ConnectionError):
        return False
    return True
