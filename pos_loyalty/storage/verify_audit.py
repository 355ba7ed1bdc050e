"""What was done stands in the audit list as it was written: each row goes with its digest, and its detail can be read."""

from __future__ import annotations

import json

from sqlalchemy import select

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.storage.audit_rows import AUDITED, audit_digest
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import read_moment
from pos_loyalty.storage.findings import Findings
from pos_loyalty.storage.tables import audit

_ROWS = select(*(audit.c[name] for name in AUDITED), audit.c.digest).order_by(audit.c.id)


def check_audit(books: Books, findings: Findings) -> None:
    """Each row is as it was written."""
    for *row, digest in books.pages(_ROWS):
        findings.count("audit")
        place = f"audit {row[0]}"
        if audit_digest(row) != digest:
            findings.fault(place, Message(N_("It was changed: it does not go with its digest.")))
            continue
        try:
            read_moment(row[1])
            json.loads(row[-1] or "{}")
        except ValueError:
            findings.fault(place, Message(N_("What it says cannot be read.")))
