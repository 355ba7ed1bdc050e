"""What can go wrong with a store, each in one sentence that says what, where and what to do.

Databases name their faults by numbers and texts of their own; here each becomes a `Refused` with a stable code. What a law of
the store refused is no matter for a person at a till but a fault of the program: `FactRefused`.
"""

from __future__ import annotations

from pos_loyalty.domain.message import N_, Message, Refused


class FactRefused(ValueError):
    """A law of the store said no, and nothing was stored: a fault of the program, never of a person.

    `word` is the law's stable word ("entry-unbalanced"), or the database's own text of the constraint.
    """

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


_SENTENCES = {
    "store-missing": N_("There is no store at {where}: make one with `pos-loyalty store create`."),
    "store-exists": N_("There is already something at {where}: choose another place, or open what is there."),
    "store-unknown": N_("{where} is not a store of this program: check the address."),
    "store-older": N_("The store at {where} was made by an older version: run `pos-loyalty store upgrade` once."),
    "store-newer": N_("The store at {where} was made by a newer version: install that version of this program here."),
    "store-damaged": N_(
        "The store at {where} is damaged: run `pos-loyalty store verify`, and restore the last backup if it finds faults."
    ),
    "store-busy": N_("The store at {where} is busy with another program's work: try again in a moment."),
    "store-full": N_("The disk that holds {where} is full: free some room and try again."),
    "store-readonly": N_("{where} cannot be written: check the rights to the file and to its folder."),
    "store-unreachable": N_("The store at {where} cannot be reached: check the disk or the network, then try again."),
    "store-open": N_(
        "Another program has the store at {where} open: close every terminal that uses it, then try again."
    ),
    "backup-server": N_(
        "The store at {where} is in PostgreSQL, whose own programs copy it: pg_dump for a backup, pg_restore to put it back."
    ),
    "backup-missing": N_("There is no file {where}: name the backup that is to be put in place."),
    "backup-exists": N_(
        "There is already something at {where}: name another file, or say --force to replace the one there."
    ),
    "backup-folder": N_("There is no folder {where}: is the disk for backups there?"),
    "backup-itself": N_("{where} is the store itself: name another file."),
    "backup-in-use": N_("A log lies beside {where}, so it is a store that is in use: name another file."),
    "backup-unreachable": N_("{where} cannot be written: check the disk or the network, then try again."),
    "store-url": N_("{where} names no store: give a path, sqlite:///PATH or postgresql://USER@HOST/NAME."),
    "store-driver": N_(
        "A store at {where} needs the PostgreSQL driver: install it with `pip install pos-loyalty[postgres]`."
    ),
}


def refused(code: str, where: str) -> Refused:
    """The refusal of that code for the store at `where`."""
    return Refused(code, Message(_SENTENCES[code], where=where))
