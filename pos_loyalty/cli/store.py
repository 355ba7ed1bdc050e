"""`store`: made, brought up to date, and verified."""

from __future__ import annotations

from pos_loyalty.cli.arguments import DONE
from pos_loyalty.cli.call import Call
from pos_loyalty.domain.message import N_


def create(call: Call) -> int:
    """Make an empty store."""
    from pos_loyalty.storage.schema import create_store  # noqa: PLC0415 - Alembic is only for making and upgrading

    create_store(call.settings.store)
    if call.options.json:
        call.out.json({"store": shown_store(call.settings.store)})
    else:
        call.say(
            N_("The store at {where} is made; put a programme in force with `pos-loyalty programme activate FILE`."),
            where=shown_store(call.settings.store),
        )
    return DONE


def upgrade(call: Call) -> int:
    """Bring a store of an older release up to date."""
    from pos_loyalty.storage.schema import upgrade_store  # noqa: PLC0415

    before, after = upgrade_store(call.settings.store)
    if call.options.json:
        call.out.json({"store": shown_store(call.settings.store), "from": before, "to": after})
    elif before == after:
        call.say(N_("The store is up to date ({version})."), version=after)
    else:
        call.say(N_("The store was brought from {before} to {after}."), before=before, after=after)
    return DONE


def shown_store(url: str) -> str:
    """A store's address as a person may read it: no password."""
    from pos_loyalty.storage.engine import database_at  # noqa: PLC0415

    return database_at(url).where
