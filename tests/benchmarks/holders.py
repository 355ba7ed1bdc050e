"""The search, the list and the page of card holders in a store of a million: times of each key, page and filter.

    .venv/bin/python tests/benchmarks/holders.py --holders 1000000 --keep holders.db

Names are 40 % Latin, 40 % Cyrillic and 20 % Arabic; first and last names fall off as names of people do. Times are the
processor's, of this thread alone: all that is read is in memory, and a shared machine's clock says what its neighbours do.
"beside" is what plain sqlite3 takes to read as many rows by their keys: ratios hold on any machine.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

from stores import NOW, fill, register_of

from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.folding import fold
from pos_loyalty.storage.search_words import words_of
from pos_loyalty.till.holder_list import NO_FILTERS, Filters, Look

_STEMS = (
    "An Iv Mar Jan Pet Nik Jel Łuk Jos Mül Aleks Stef Kat Le Am Em Haš Zor Bra Vuk",
    "Ив Мар Георг Ел Дим Ан Фёд Ник Йоан Пёт Алекс Ольг Серг Юл Щер Ир Бор Вас Хрис Тод",
    "مح أحم فاط عل عم خد إبر آم يوس مري حس زي نو رش سل كر طا جم فه هن",
)
_ENDS = (
    "a o ja ko ka ek ić ana ena ina olo uš iza eta ovac vat ski nik man ović".split(),  # noqa: SIM905
    "а о я ко ка ин ан ена ина оло уш иза ета ов ова ев ева ски ник чук".split(),  # noqa: SIM905
    "ا ي ة ان ين ون اد ار اس ال ام ات اح يد ير يم ود ور وس ول".split(),  # noqa: SIM905
)
FIRST = tuple([stem + end for end in ends for stem in stems.split()] for stems, ends in zip(_STEMS, _ENDS, strict=True))
LAST = tuple(
    [stem + middle + end for end in ends for stem in stems.split() for middle in ends[:12]]
    for stems, ends in zip(_STEMS, _ENDS, strict=True)
)
KEYS = 400
"""Searches of each kind, each typed letter by letter."""


def people(count: int, seed: int = 7) -> Iterator[tuple[str, str, str | None]]:
    """Names, phones and e-mails: the commonest of 400 first and 4,800 last names are of some 6 and 2 in a hundred."""
    draw = random.Random(seed)
    shares = [list(accumulate((n + 1) ** -0.7 for n in range(len(names)))) for names in (FIRST[0], LAST[0])]
    for n in range(count):
        script = draw.choices((0, 1, 2), (4, 4, 2))[0]
        (first,) = draw.choices(FIRST[script], cum_weights=shares[0])
        (last,) = draw.choices(LAST[script], cum_weights=shares[1])
        middle = f" {draw.choices(FIRST[script], cum_weights=shares[0])[0]}" if draw.random() < 0.15 else ""
        yield f"{first}{middle} {last}", f"+359{draw.randrange(10**9):09d}", f"u{n:07d}@example.com" if n % 5 else None


def fill_holders(path: str, count: int) -> None:
    """A store of so many holders with all that the list shows and filters by."""
    fill(path, count)
    draw = random.Random(11)
    today = NOW.date()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA synchronous = OFF")
        ids = [row[0] for row in db.execute("SELECT id FROM accounts ORDER BY id")]
        words: list[tuple[str, str]] = []
        rows = []
        moves = []
        for account, (name, phone, email) in zip(ids, people(count), strict=True):
            born = date(1940, 1, 1) + timedelta(days=draw.randrange(25_000))
            rows.append((account, name, fold(name), phone, email, born.isoformat(), "2026-01-01T10:00:00.000Z"))
            words += [(word, account) for word in words_of(name, phone, email)]
            visits = min(int(draw.paretovariate(0.5)) - 1, 200)
            last = (today - timedelta(days=draw.randrange(700))).isoformat() if visits else None
            tier = ("basic", "gold", "vip")[(visits > 20) + (visits > 100)] if visits else None
            moves.append((visits, last, tier, tier and "2026-01-05", tier and "2030-01-05", account))
        db.executemany(
            "INSERT INTO members (account_id, name, folded, phone, email, birthday, registered_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        words.sort()
        db.executemany("INSERT INTO member_words VALUES (?, ?)", words)
        db.executemany(
            "UPDATE accounts SET visits = ?, last_visit = ?, tier = ?, tier_since = ?, tier_kept_until = ? WHERE id = ?",
            moves,
        )
        db.executemany(
            "INSERT INTO balances VALUES (?, 'cashback', ?, 0)",
            ((account, draw.randrange(5_000) if draw.random() < 0.999 else 100_000) for account in ids),
        )
        db.commit()
    print(f"{count} holders, {len(words) / count:.1f} words each, {Path(path).stat().st_size / 1e6:.0f} MB")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--holders", type=int, default=1_000_000)
    arguments.add_argument("--keep", default=None, help="a store made before, or where to keep it")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or str(Path(folder) / "holders.db")
        if not Path(path).exists():
            fill_holders(path, options.holders)
        report(path)


def report(path: str) -> None:
    store = open_store(path)
    register = register_of(store)
    typed = searches(path)
    for what, texts in typed.items():
        times = []
        with store.read() as books:
            for text in texts:
                began = time.thread_time()
                books.find_members(text, 20)
                times.append(time.thread_time() - began)
        say(f"search, {what}", times)
    say("beside: 20 rows by key", beside(path))
    first = Look(register, "", NO_FILTERS, None, 18, "cashback")
    say("list, first page", timed(lambda: Look(register, "", NO_FILTERS, None, 18, "cashback").step(), 200))
    say("list, last page", timed(lambda: Look(register, "", NO_FILTERS, None, 18, "cashback", True).step(), 200))
    first.step()
    times = []
    place = first.lines[-1].place
    for _ in range(500):
        began = time.thread_time()
        look = Look(register, "", NO_FILTERS, place, 18, "cashback")
        look.step()
        times.append(time.thread_time() - began)
        place = look.lines[-1].place
    say("list, 500 pages on", times)
    for name, filters in FILTERS.items():
        look = Look(register, "", filters, None, 18, "cashback")
        began = time.thread_time()
        look.step()
        once = time.thread_time() - began
        while not look.done:
            look.step()
        print(
            f"filter {name:32} first step {once * 1e3:7.1f} ms; {len(look.lines)} lines after {look.looked} holders,"
            f" {time.thread_time() - began:.2f} s"
        )
    store.close()


FILTERS = {
    "tier gold": Filters(tier="gold"),
    "away for 180 days": Filters(away_for=180),
    "seen within 7 days": Filters(seen_within=7),
    "birthday in May": Filters(birth_month=5),
    "stage client": Filters(stage="client"),
    "stage prospect": Filters(stage="prospect"),
    "cashback at least 1,000.00": Filters(purse="cashback", at_least=100_000),
    "nobody (balance past all)": Filters(purse="cashback", at_least=200_000),
    "vip, May, away, 1,000.00": Filters(tier="vip", birth_month=5, away_for=180, purse="cashback", at_least=100_000),
}


def searches(path: str) -> dict[str, list[str]]:
    """What is typed, letter by letter: words of names of people in the store and of nobody, two words, phones, e-mails, cards."""
    draw = random.Random(3)
    with closing(sqlite3.connect(path)) as db:
        (count,) = db.execute("SELECT count(*) FROM members").fetchone()
        cards = [row[0] for row in db.execute("SELECT number FROM cards LIMIT 1000")]
    known = [one for n, one in enumerate(people(count)) if n % (count // KEYS) == 1]
    found: dict[str, list[str]] = {
        "a name, each letter": [],
        "two short words": [],
        "two broad words, each letter": [],
        "words of two people": [],
        "phone": [],
        "e-mail": [],
        "card": [],
    }
    for name, phone, email in known:
        words = name.split()
        found["a name, each letter"] += [name[: n + 1] for n in range(len(name))]
        found["two short words"] += [f"{a[:2]} {b[:2]}" for a, b in ((words[0], words[-1]), (words[-1], words[0]))]
        found["two short words"].append(f"{words[0]} {words[-1][:1]}")
        found["phone"] += [phone[-n:] for n in range(4, 10)]
        if email:
            found["e-mail"] += [email[: n + 1] for n in range(len(email))]
    commonest = [name for names in FIRST for name in names[:8]]
    for one in commonest:
        for other in (*commonest[:6], *(name for names in LAST for name in names[:4])):
            found["two broad words, each letter"] += [f"{one} {other[: n + 1]}" for n in range(len(other))]
    for _ in range(KEYS):
        (one, *_), (other, *_) = draw.choice(known), draw.choice(known)
        found["words of two people"] += [f"{one.split()[0]} {other.split()[-1][:n]}" for n in (1, 2, 3, 9)]
    found["card"] = [number[: n + 1] for number in cards[::20] for n in range(len(number))]
    return found


def beside(path: str) -> list[float]:
    """Plain sqlite3 reading twenty holders by their keys."""
    with closing(sqlite3.connect(path)) as db:
        ids = [row[0] for row in db.execute("SELECT account_id FROM members ORDER BY folded LIMIT 4000")]

        def read() -> None:
            for account in draw.sample(ids, 20):
                db.execute("SELECT * FROM members WHERE account_id = ?", (account,)).fetchone()

        draw = random.Random(5)
        return timed(read, 300)


def timed(action: Callable[[], object], times: int) -> list[float]:
    found = []
    for _ in range(times):
        began = time.thread_time()
        action()
        found.append(time.thread_time() - began)
    return found


def say(what: str, times: list[float]) -> None:
    times = sorted(times)
    p99 = times[min(int(len(times) * 0.99), len(times) - 1)]
    print(
        f"{what:32} {len(times):6} times: median {statistics.median(times) * 1e3:6.3f} ms, p99 {p99 * 1e3:6.3f} ms,"
        f" worst {times[-1] * 1e3:7.3f} ms"
    )


if __name__ == "__main__":
    main()
