"""What partners owe one another: entries worked out by hand, and the laws that hold for any."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pos_loyalty.domain.ledger import Posting
from pos_loyalty.domain.partners import (
    Settlement,
    between_partners,
    breakage_by_issuer,
    claims_of,
    lots_named,
    netted,
    settling,
    stated_claims,
)

SHOPS = ("bakery", "club", "corner")


def purse(amount: int, lot: str, holder: str = "ana") -> Posting:
    return Posting("purse:cashback", "EUR", amount, holder, lot)


def owed(amount: int, holder: str = "ana") -> Posting:
    return Posting("owed:cashback", "EUR", amount, holder)


def said(postings: tuple[Posting, ...]) -> list[tuple[str, int]]:
    return [(posting.account, posting.amount) for posting in postings]


def test_spending_names_issuer_and_acceptor() -> None:
    """Of two lots spent at the corner shop one is its own: only for the other does anybody owe it anything."""
    entry = (
        Posting("tender:cash", "EUR", 900),
        Posting("sales", "EUR", -1_000),
        purse(60, "own"),
        purse(40, "theirs"),
    )
    written = between_partners(entry, "cashback", "corner", {"own": "corner", "theirs": "club"}, {})
    assert said(written) == [
        ("tender:cash", 900),
        ("sales", -1_000),
        ("purse:cashback", 60),
        ("purse:cashback", 40),
        ("issuer:club:corner", -40),
        ("acceptor:corner:club", 40),
    ]
    assert lots_named(entry, "cashback") == ("own", "theirs")


def test_earning_is_issued_in_the_shops_name() -> None:
    """A lot that this entry fills is the shop's own, and nobody owes anything for it; what it cost stands under its name."""
    entry = (purse(-50, "new"), Posting("issued:cashback", "EUR", 50, "ana"))
    assert said(between_partners(entry, "cashback", "corner", {}, {})) == [
        ("purse:cashback", -50),
        ("issued:cashback:corner", 50),
    ]


def test_units_given_back_turn_a_claim_round() -> None:
    """A return credits the lot that was drawn on, and the issuer owes so much less."""
    written = between_partners((purse(-15, "theirs"),), "cashback", "corner", {"theirs": "club"}, {})
    assert said(written)[1:] == [("issuer:club:corner", 15), ("acceptor:corner:club", -15)]


def test_a_lot_of_nobodys_makes_no_claim() -> None:
    """Lots from before there were partners are spent like any, and nobody owes for them; other purses are left as they are."""
    entry = (
        purse(10, "old"),
        Posting("purse:points", "points", 5, "ana", "p"),
        Posting("issued:points", "points", -5, "ana"),
    )
    assert between_partners(entry, "cashback", "corner", {"old": None}, {}) == entry


def test_a_debt_is_owed_to_whom_the_goods_came_back() -> None:
    """The account of a new debt names the shop; what makes good debts goes to the shops that they are owed to, in their order."""
    assert said(between_partners((owed(30),), "cashback", "corner", {}, {})) == [("owed:cashback:corner", 30)]
    entry = (
        purse(-100, "new"),
        Posting("issued:cashback", "EUR", 100, "ana"),
        purse(70, "new"),
        owed(-70),
    )
    debts = {"ana": {None: 10, "club": 25, "corner": 35}}
    assert said(between_partners(entry, "cashback", "corner", {}, debts)) == [
        ("purse:cashback", -100),
        ("issued:cashback:corner", 100),
        ("purse:cashback", 10),
        ("owed:cashback", -10),
        ("purse:cashback", 25),
        ("owed:cashback:club", -25),
        ("purse:cashback", 35),
        ("owed:cashback:corner", -35),
        ("issuer:corner:club", -25),
        ("acceptor:club:corner", 25),
    ]
    assert settling(entry, "cashback") == ("ana",)


def test_breakage_is_its_issuers() -> None:
    """What a lot lost by expiring stands under the name of who had issued it; that of nobody's under no name."""
    entry = (
        purse(7, "theirs"),
        Posting("breakage:cashback", "EUR", -7, "ana"),
        purse(3, "old"),
        Posting("breakage:cashback", "EUR", -3, "ana"),
    )
    assert said(breakage_by_issuer(entry, {"theirs": "club", "old": None})) == [
        ("purse:cashback", 7),
        ("breakage:cashback:club", -7),
        ("purse:cashback", 3),
        ("breakage:cashback", -3),
    ]


def test_netting_takes_each_pair_once() -> None:
    """Who owes more is the debtor; a pair that came out even is listed; nothing is netted over a third."""
    claims = {("club", "corner"): 40, ("corner", "club"): 100, ("bakery", "club"): 5, ("corner", "bakery"): 0}
    assert netted(claims) == (
        Settlement("bakery", "club", 5, 0),
        Settlement("bakery", "corner", 0, 0),
        Settlement("corner", "club", 100, 40),
    )
    assert [row.net for row in netted(claims)] == [5, 0, 60]


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("draw"), st.integers(0, 5), st.integers(-500, 500).filter(bool)),
        st.tuples(st.just("earn"), st.integers(6, 9), st.integers(1, 500)),
        st.tuples(st.just("make good"), st.integers(0, 5), st.integers(1, 500)),
        st.tuples(st.just("owe"), st.just(0), st.integers(1, 500)),
    ),
    max_size=12,
)
DEBTS = st.dictionaries(st.sampled_from((None, *SHOPS)), st.integers(1, 400))
ISSUERS = st.fixed_dictionaries({f"lot-{n}": st.sampled_from((None, *SHOPS)) for n in range(6)})


@given(MOVES, ISSUERS, DEBTS, st.sampled_from(SHOPS))
def test_nothing_but_claims_is_added(
    moves: list[tuple[str, int, int]],
    issuers: dict[str, str | None],
    debts: dict[str | None, int],
    shop: str,
) -> None:
    """For any entry: what is added adds up to nothing, purse by purse nothing else moves, debts stay what they were in sum, and
    what is written down is what the written postings make of it when it is derived anew.
    """
    entry: list[Posting] = []
    for kind, lot, amount in moves:
        match kind:
            case "draw":
                entry.append(purse(amount, f"lot-{lot}"))
            case "earn":
                entry += [purse(-amount, f"lot-{lot}"), Posting("issued:cashback", "EUR", amount, "ana")]
            case "make good":
                entry += [purse(amount, f"lot-{lot}"), owed(-amount)]
            case "owe":
                entry.append(owed(amount))
    written = between_partners(entry, "cashback", shop, issuers, {"ana": debts})

    def total(postings: list[Posting], begins: str) -> int:
        return sum(posting.amount for posting in postings if posting.account.startswith(begins))

    after = list(written)
    assert total(after, "") == total(entry, "")
    for begins in ("purse:", "issued:", "owed:"):
        assert total(after, begins) == total(entry, begins)
    for lot in issuers:
        assert sum(p.amount for p in after if p.lot == lot) == sum(p.amount for p in entry if p.lot == lot)
    assert total(after, "issuer:") == -total(after, "acceptor:")
    assert stated_claims(written) == claims_of(written, "cashback", shop, issuers)
