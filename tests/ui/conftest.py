"""A terminal of 80 x 24 on a fresh SQLite store with a programme, goods and holders."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from shops import Clock
from tills import Till, open_desk, running


@pytest.fixture(scope="session")
def shop_file(tmp_path_factory: pytest.TempPathFactory, empty_store: bytes) -> bytes:
    """A store with the programme, the goods and the holders of these tests, as bytes: made once a session."""
    path = tmp_path_factory.mktemp("shop") / "shop.db"
    path.write_bytes(empty_store)
    open_desk(str(path), Clock()).register.store.close()
    return path.read_bytes()


@pytest.fixture
def shop_url(tmp_path: Path, shop_file: bytes) -> str:
    """The path of a fresh copy of that store."""
    path = tmp_path / "shop.db"
    path.write_bytes(shop_file)
    return str(path)


@pytest.fixture
async def till(shop_url: str) -> AsyncIterator[Till]:
    """The terminal, ready to sell; nothing but the keyboard is plugged in."""
    async with running(shop_url) as running_till:
        yield running_till
