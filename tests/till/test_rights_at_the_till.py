"""What takes a right is refused to who has it not, and done where somebody who has it allowed it; the audit list names both."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from shops import ANA, BORIS, Shop

from pos_loyalty.domain.message import Refused
from pos_loyalty.till import card_life, operators
from pos_loyalty.till.adjusting import adjust
from pos_loyalty.till.cards import show
from pos_loyalty.till.erasing import erase
from pos_loyalty.till.held import export_held
from pos_loyalty.till.holders import Change, Enrolment, edit, enrol
from pos_loyalty.till.joining import merge
from pos_loyalty.till.mailing import export
from pos_loyalty.till.register import Register
from pos_loyalty.till.shifts import drawer_opened, open_shift, pay

Act = Callable[[Register, str, str, "str | None"], object]


def _account(register: Register, card: str) -> str:
    return show(register, card).account


ACTS: dict[str, tuple[Act, str]] = {
    "block": (lambda r, _, who, by: card_life.block(r, ANA, who, allowed_by=by), "card-block"),
    "replace": (lambda r, _, who, by: card_life.replace(r, ANA, who, allowed_by=by), "card-replace"),
    "family card": (lambda r, a, who, by: card_life.add_card(r, a, who, allowed_by=by), "card-add"),
    "edit": (lambda r, a, who, by: edit(r, a, Change(language="bg"), who, allowed_by=by), "member-change"),
    "merge": (lambda r, a, who, by: merge(r, a, _account(r, BORIS), who, allowed_by=by), "merge"),
    "adjust": (lambda r, a, who, by: adjust(r, a, "cashback", 500, "sorry", who, allowed_by=by), "adjust"),
    "erase": (lambda r, _, who, by: erase(r, ANA, who, by), "erase"),
    "held": (lambda r, _, who, by: export_held(r, ANA, who, lambda _: None, by), "member-export"),
    "mailing": (lambda r, _, who, by: export(r, "absent", (), (), Path(r.shop_name), who, by), "list-export"),
    "pay in": (lambda r, _, who, by: pay(r, 500, "coins", who, allowed_by=by), "pay-in"),
    "drawer": (lambda r, _, who, by: drawer_opened(r, who, allowed_by=by), "drawer-open"),
}


@pytest.mark.parametrize("name", ACTS)
def test_a_cashier_needs_somebody_who_may(shop: Shop, tmp_path: Path, name: str) -> None:
    """Refused to the cashier alone and with another cashier's word; with the owner's it is done, and both are named."""
    register = shop.register
    for card, holder in ((ANA, "Ana Kovač"), (BORIS, "Boris Petrov")):
        enrol(register, Enrolment(holder, card))
    for person, role, pin in (("Olga", "owner", "830517"), ("Anna", "cashier", "3906"), ("Zoe", "cashier", "7281")):
        operators.add(register, person, role, pin, "Olga", by_right=False)  # type: ignore[arg-type]
    open_shift(register, 10_000, "Olga")
    register = Register(
        register.name,
        register.store,
        register.clock,
        register.new_id,
        register.cards,
        shop_name=str(tmp_path / "list.csv"),
    )
    act, action = ACTS[name]
    account = _account(register, ANA)
    for by in (None, "Zoe", "nobody"):
        with pytest.raises(Refused) as refused:
            act(register, account, "Anna", by)
        assert refused.value.code == "right-missing"
        assert not (tmp_path / "list.csv").exists()
    noted = f"SELECT operator || ' ' || allowed_by FROM audit WHERE action = '{action}'"  # noqa: S608 - words of this test
    assert shop.store_values(noted) == []
    act(register, account, "Anna", "Olga")
    assert shop.store_values(noted) == ["Anna Olga"]
