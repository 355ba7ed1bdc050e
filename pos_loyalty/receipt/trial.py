"""A trial page for a receipt printer: its letters page by page, a ruler, a line that is a picture, a barcode, and the cut."""

from __future__ import annotations

from pos_loyalty.receipt.escpos import as_escpos
from pos_loyalty.receipt.profiles import Profile
from pos_loyalty.receipt.rows import Barcode, Gap, Receipt, Rule, Text

_SAMPLES = {
    "cp437": "Éñç£ ½",
    "cp850": "ÀÕãø§",
    "cp858": "ÀÕãø €",
    "cp852": "ĄąČčĐđŁłŠšŽž",
    "cp866": "ЖжЯяЁё№",
    "cp1251": "ЖжЯяЉљ«»",
    "cp1252": "ÀÕãø€œ",
}
"""Letters that tell a page from the others: a printer that lacks a page prints other signs without a word."""
CODE = "POS-LOYALTY-2026"


def trial_job(profile: Profile, title: str) -> bytes:
    """The bytes of a trial page under a title."""
    letters = b"\x1b@" + (b"\x1c." if profile.kanji else b"") + b"\x1bR\x00"
    for page, codec in profile.pages:
        label = f"{page:3} {codec:7} ".encode("ascii")
        letters += b"\x1bt" + bytes([page]) + label + _SAMPLES[codec].encode(codec) + b"\n"
    return letters + as_escpos(trial_page(profile, title), profile)


def trial_page(profile: Profile, title: str) -> Receipt:
    """What is laid out as receipts are. The ruler fills exactly one line where the profile's width is right."""
    columns = profile.columns
    tens = "".join(f"{column:>10}" for column in range(10, columns + 1, 10))
    return Receipt(
        (
            Gap(),
            Text(title, align="center", emphasis=True),
            Text(profile.name, f"{columns} / {profile.dots}"),
            Text(tens),
            Text(("1234567890" * columns)[:columns]),
            Rule(),
            Text("Large", "12.50", large=True),
            Text("العربية ٠١٢٣", "12.50"),
            Text("Ѝ ѝ ₽ Čč Ćć", "12.50"),
            Rule(),
            Barcode(CODE),
            Gap(),
        )
    )
