"""The stable words that a refused sale or return answers with: the one list, which `--help` shows and a test compares."""

from __future__ import annotations

_BOTH = {
    "request-invalid": "the line is not a JSON object of the keys that are known, or a value is of the wrong kind",
    "id-invalid": "the id is no UUID",
    "id-conflict": "the id was already used for something else",
    "line-invalid": "a line of the bill cannot be rung up, or cannot come back",
    "programme-missing": "no programme was ever activated",
    "programme-invalid": "the programme in force was activated by a newer release",
    "partner-unknown": "the register does not say for which of the programme's partners it sells",
    "store-busy": "the store is busy; try again",
    "store-full": "the disk of the store is full",
    "store-readonly": "the store cannot be written",
    "store-unreachable": "the disk or server of the store does not answer",
    "store-damaged": "the store is damaged",
    "fault": "a fault of this program; nothing was stored",
}

SELL_CODES: dict[str, str] = {
    "card-unknown": "no card of that number",
    "card-blocked": "the card is blocked",
    "card-replaced": "the card was replaced by another",
    "card-check-digit": "the card's check digit is wrong",
    "card-needed": "spending from a purse needs a card",
    "purse-unknown": "the programme has no such purse",
    "balance-too-low": "the purse does not hold so much",
    "limit-reached": "less, or more, than may be spent from the purse on this bill",
    "amount-invalid": "an amount cannot be read, or lies outside its limits",
    "tender-short": "what was given is not enough",
    "coupon-invalid": "coupons are not part of this release",
    "certificate-invalid": "gift certificates are not part of this release",
    "offer-invalid": "offers to take are not part of this release",
    **_BOTH,
}

REFUND_CODES: dict[str, str] = {
    "sale-unknown": "no sale of that id or receipt number",
    "partner-other": "another partner sold the goods",
    **_BOTH,
}

ELSEWHERE: dict[str, str] = {
    "bill-unknown": "no such bill waits",
    "card-invalid": "this cannot be a card's number",
    "card-taken": "the card has a holder already, or is in use",
    "card-state": "the card's state does not allow it",
    "member-invalid": "a field of the card holder is wrong",
    "member-unknown": "no such card holder",
    "day-invalid": "the day has not begun",
    "store-missing": "there is no store",
    "store-exists": "there is something already",
    "store-unknown": "this is no store",
    "store-older": "the store needs an upgrade",
    "store-newer": "the store is of a newer release",
    "store-url": "this names no store",
    "store-open": "another program has the store open",
    "store-ahead": "the store holds what the backup lacks",
    "store-unreadable": "what stands in the store's place cannot be read",
    "backup-server": "a store in PostgreSQL has programs of its own for that",
    "backup-missing": "there is no such backup",
    "backup-exists": "there is something already where the backup should be",
    "backup-folder": "there is no such folder",
    "backup-itself": "the backup's name is the store's own",
    "backup-in-use": "the backup's name is that of a store in use",
    "backup-unreachable": "the disk of the backup does not answer",
    "backup-faulty": "the backup's figures are not what its facts say",
    "store-driver": "the PostgreSQL driver is not installed",
    "scan-refused": "the demo's simulated scanner did not scan",
    "demo-runs": "a demo is running already",
}
"""What only other verbs are refused with."""
