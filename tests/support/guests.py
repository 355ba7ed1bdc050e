"""A holder of whom a till has much to say: a prize, coupons, a club, favourites, a note, a complaint, and away for a month."""

from __future__ import annotations

from datetime import UTC, date, datetime

from shops import ANA, PROGRAMME, Clock
from tills import open_desk

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.clubs import JoinOrder, join
from pos_loyalty.till.draws import freeze, run
from pos_loyalty.till.goods import import_csv
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.recognition import take_complaint, write_note
from pos_loyalty.till.showing import opened

FIRST = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
BACK = datetime(2026, 2, 4, 10, 0, tzinfo=UTC)
OFFERS = """
[purse.points]
unit = "points"

[purse.coffee]
unit = "stamps"

[purse.luck]
unit = "tickets"

[[club]]
id = "friends"
title = "Friends of the shop"
join = { by_hand = true }
lasts = "12 months"

[[offer]]
id = "points"
title = "A point a euro"
give = { earn = { points = 1 }, every = "1.00" }

[[offer]]
id = "mug"
title = "a mug"
costs = { points = 200 }
give = { gift = "MUG" }

[[offer]]
id = "tote"
title = "a tote bag"
needs = { spend = "60.00" }
give = { gift = "TOTE" }

[[offer]]
id = "three-for-two"
title = "three for two"
on = { skus = ["TEA"] }
give = { free = 1, of = 3 }

[[offer]]
id = "next-visit"
title = "A coupon for the next visit"
needs = { spend = "40.00" }
give = { coupon = "ten-off", valid = "30 days" }

[[offer]]
id = "ten-off"
title = "Your 10 % coupon"
needs = { coupon = true }
give = { discount = "10%" }

[[offer]]
id = "ticket"
title = "a ticket for every 50"
give = { earn = { luck = 1 }, every = "50.00" }

[[offer]]
id = "gold-only"
title = "Gold morning"
for = { tiers = ["gold"] }
needs = { spend = "10.00" }
give = { discount = "1.00" }

[[offer]]
id = "measured"
title = "a thing that is measured"
needs = { spend = "5.00" }
give = { discount = "1.00" }
control_group = "100%"

[[draw]]
id = "winter"
title = "Winter draw"
purse = "luck"
closes = 2026-01-31
prizes = ["Gift basket"]

"""
RULES = PROGRAMME.replace('discount = "5%"\n', "").replace("[returns]", OFFERS + "[returns]")
MORE_GOODS = """sku,barcode,name,department,price,vat,unit
TOTE,,Tote bag,gifts,9.00,20%,pc
MUG,,Mug,gifts,12.00,20%,pc
"""


def make_guest(store_url: str) -> Clock:
    """Ana bought tea for 60.00 twice, a month ago; the clock stands at her coming back."""
    clock = Clock(FIRST)
    desk = open_desk(store_url, clock)
    register = desk.register
    activate(register, RULES, None, "owner")
    import_csv(register, MORE_GOODS)
    for _ in range(2):
        tea = LineItem("Green tea 20 bags", 6000, sku="TEA", department="food", vat=200_000)
        sell(register, Bill(register.new_id(), (tea,), ANA).order("anna"))
    join(register, JoinOrder("friends", ANA, operator="owner"))
    clock.now = BACK
    freeze(register, "winter", "owner")
    run(register, "winter", "a seed of the day", "owner")
    account = opened(register, ANA).account
    write_note(register, account, "takes her tea without sugar", "boris")
    take_complaint(register, account, "The mug leaks", "boris", "another mug", date(2026, 2, 12))
    register.store.close()
    return clock
