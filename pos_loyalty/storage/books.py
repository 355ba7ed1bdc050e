"""The books as one transaction sees them: all that is read from a store and written to it, by subject.

What stands here is only put together; each subject's rows, and how they become the domain's values, are in a file of their own.
"""

from __future__ import annotations

from pos_loyalty.storage.audit_rows import AuditRows
from pos_loyalty.storage.bill_rows import BillRows
from pos_loyalty.storage.card_order_rows import CardOrderRows
from pos_loyalty.storage.coupon_rows import CouponRows
from pos_loyalty.storage.draw_rows import DrawRows
from pos_loyalty.storage.goods_rows import GoodsRows
from pos_loyalty.storage.offer_rows import OfferRows
from pos_loyalty.storage.partner_rows import PartnerRows
from pos_loyalty.storage.programme_rows import ProgrammeRows
from pos_loyalty.storage.recognition_rows import RecognitionRows
from pos_loyalty.storage.search_rows import SearchRows
from pos_loyalty.storage.waiting_rows import WaitingRows


class Books(
    ProgrammeRows,
    BillRows,
    OfferRows,
    PartnerRows,
    CouponRows,
    WaitingRows,
    DrawRows,
    RecognitionRows,
    SearchRows,
    GoodsRows,
    AuditRows,
    CardOrderRows,
):
    """One transaction on a store, from `Store.read` or `Store.write`; it must not be kept past its end."""

    __slots__ = ()
