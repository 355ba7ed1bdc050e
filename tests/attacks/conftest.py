"""A forgetful disk, and a store with a history to attack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from disks import Disk, forgetful_disk, why_not
from scenes import STORE, make_base


@pytest.fixture(scope="session")
def disk() -> Iterator[Disk]:
    """The forgetful file system, mounted; the tests that need it are skipped, with the reason, where it can't be."""
    reason = why_not()
    if reason is not None:
        pytest.skip(reason)
    with forgetful_disk() as mounted:
        yield mounted


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a history, in one file, to be copied and never opened."""
    path = tmp_path_factory.mktemp("base") / STORE
    make_base(path)
    assert [place.name for place in path.parent.iterdir()] == [STORE]
    return path
