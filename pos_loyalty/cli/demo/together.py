"""Many actions in one transaction, for making a shop up: nothing of it is anybody's money until all of it is there.

A till never does this: there every action is durable on its own. Here a fault throws all that was not committed away.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pos_loyalty.storage.books import Books
from pos_loyalty.storage.engine import Store


class Together(Store):
    """A store whose reads and writes all happen in the one transaction that it was made in."""

    def __init__(self, books: Books) -> None:
        self._books = books

    @contextmanager
    def read(self) -> Iterator[Books]:
        """The books of the one transaction."""
        yield self._books

    @contextmanager
    def write(self) -> Iterator[Books]:
        """The books of the one transaction; what is written is committed with all the rest."""
        yield self._books


@contextmanager
def together(store: Store) -> Iterator[Together]:
    """Actions that become durable all at once when the block ends, and not at all if anything is raised."""
    with store.write() as books:
        yield Together(books)
