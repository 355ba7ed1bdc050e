"""The books as one transaction sees them: all that is read from a store and written to it, by subject.

What stands here is only put together; each subject's rows, and how they become the domain's values, are in a file of their own.
"""

from __future__ import annotations

from pos_loyalty.storage.audit_rows import AuditRows
from pos_loyalty.storage.bill_rows import BillRows
from pos_loyalty.storage.card_order_rows import CardOrderRows
from pos_loyalty.storage.consent_rows import ConsentRows
from pos_loyalty.storage.coupon_rows import CouponRows
from pos_loyalty.storage.draw_rows import DrawRows
from pos_loyalty.storage.entry_rows import EntryRows
from pos_loyalty.storage.erasing_rows import ErasingRows
from pos_loyalty.storage.export_rows import ExportRows
from pos_loyalty.storage.feedback_rows import FeedbackRows
from pos_loyalty.storage.goods_rows import GoodsRows
from pos_loyalty.storage.held_rows import HeldRows
from pos_loyalty.storage.list_rows import ListRows
from pos_loyalty.storage.offer_rows import OfferRows
from pos_loyalty.storage.operator_rows import OperatorRows
from pos_loyalty.storage.partner_rows import PartnerRows
from pos_loyalty.storage.programme_rows import ProgrammeRows
from pos_loyalty.storage.recognition_rows import RecognitionRows
from pos_loyalty.storage.search_rows import SearchRows
from pos_loyalty.storage.shift_rows import ShiftRows
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
    EntryRows,
    GoodsRows,
    AuditRows,
    OperatorRows,
    ShiftRows,
    FeedbackRows,
    ConsentRows,
    ErasingRows,
    HeldRows,
    ListRows,
    CardOrderRows,
    ExportRows,
):
    """One transaction on a store, from `Store.read` or `Store.write`; it must not be kept past its end."""

    __slots__ = ()
