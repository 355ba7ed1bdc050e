"""The cards of the demo shop that are worth showing: one for each thing that can stand on the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pos_loyalty.cli.demo.people import DEVOTED, Person
from pos_loyalty.domain.message import N_
from pos_loyalty.domain.programme.rules import Tiers
from pos_loyalty.till import cards
from pos_loyalty.till.cards import CardView
from pos_loyalty.till.programmes import current
from pos_loyalty.till.register import Register

MUG = 250
"""Points that a mug costs in the demo's programme."""
LOOKED_AT = 300
"""Holders among whom the stars are sought, besides the devoted ones."""

TITLES = {
    "vip": N_("the highest tier"),
    "gold": N_("the tier below"),
    "almost": N_("nearly a tier higher"),
    "cashback": N_("cashback to spend"),
    "birthday": N_("birthday today"),
    "prize": N_("won a prize"),
    "complaint": N_("an open complaint"),
    "coupon": N_("a coupon to use"),
    "points": N_("points for a mug"),
    "arabic": N_("an Arabic name"),
    "bearer": N_("whoever shows it"),
    "blocked": N_("blocked"),
    "replaced": N_("replaced by another"),
    "wrong": N_("a wrong check digit"),
    "unknown": N_("not handed out yet"),
}


@dataclass(frozen=True, slots=True)
class Star:
    """A card worth scanning: which of `TITLES` it is for, and whose it is, if anybody's."""

    kind: str
    number: str
    holder: str | None = None


def stars(register: Register, people: Sequence[Person]) -> list[Star]:
    """One card for each title; in a small shop some titles have none."""
    range_ = register.cards.first
    tiers = current(register).programme.tiers
    looked = sorted({*range(0, len(people), DEVOTED), *range(min(LOOKED_AT, len(people)))})
    views = {number: cards.show(register, range_.number(number + 1)) for number in looked}
    found: list[Star] = []
    taken: set[str] = set()

    def take(kind: str, wanted: Callable[[CardView], bool], key: Callable[[CardView], int] = lambda view: 0) -> None:
        fitting = [view for view in views.values() if view.number not in taken and wanted(view)]
        if fitting:
            best = min(fitting, key=key)
            taken.add(best.number)
            found.append(Star(kind, best.number, best.member.name if best.member else None))

    def active(view: CardView) -> bool:
        return view.status == "active" and view.visits > 0

    birthday = views.get(DEVOTED)
    take("birthday", lambda view: birthday is not None and view.number == birthday.number)
    if tiers is not None:
        take(
            "vip", lambda view: active(view) and _step(view, tiers) == len(tiers.ladder) - 1, lambda view: -view.visits
        )
        take("gold", lambda view: active(view) and _step(view, tiers) == 1, lambda view: -view.visits)
    take("almost", lambda view: active(view) and _missing(view) > 0, _missing)
    take("cashback", lambda view: active(view) and _to_spend(view) > 0, lambda view: -_to_spend(view))
    take("complaint", lambda view: active(view) and bool(view.known.complaints))
    take("prize", lambda view: active(view) and bool(view.prizes), lambda view: -view.visits)
    take("coupon", lambda view: active(view) and bool(view.coupons), lambda view: -len(view.coupons))
    take("points", lambda view: active(view) and _points(view) >= MUG, lambda view: -_points(view))
    arabic = {range_.number(n + 1) for n in views if people[n].language == "ar" and people[n].name}
    take("arabic", lambda view: active(view) and view.number in arabic, lambda view: -view.visits)
    take("bearer", lambda view: view.kind == "bearer" and view.status == "active", lambda view: -view.visits)
    take("blocked", lambda view: view.status == "blocked")
    take("replaced", lambda view: view.status == "replaced")
    first = range_.number(1)
    found.append(Star("wrong", first[:-1] + str((int(first[-1]) + 1) % 10)))
    found.append(Star("unknown", range_.number(range_.room - 1)))
    return found


def _step(view: CardView, tiers: Tiers) -> int:
    return (tiers.index(view.tier.id) or 0) if view.tier else 0


def _missing(view: CardView) -> int:
    return view.tier.next.missing if view.tier and view.tier.next else 0


def _to_spend(view: CardView) -> int:
    return sum(purse.balance.available for purse in view.purses.values())


def _points(view: CardView) -> int:
    return view.purses["points"].balance.available if "points" in view.purses else 0
