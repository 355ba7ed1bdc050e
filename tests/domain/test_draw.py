"""A prize draw is what its published rule says, nobody is favoured, and no line of what was published can change unseen."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_loyalty.domain import draw as drawing
from pos_loyalty.domain.draw import (
    Drawing,
    Ticket,
    TicketList,
    check,
    digest_of,
    drawn_text,
    holder_name,
    list_text,
    read_list,
    seed_fault,
    winners_of,
)
from pos_loyalty.domain.message import Refused

AT = "2027-01-05T09:00:00.000Z"


def made(*holders: str, prizes: tuple[str, ...] = ("Gift basket", "Mug", "Mug")) -> TicketList:
    """A list with a ticket for each of these holders, in this order."""
    tickets = tuple(
        Ticket(n, holder_name("new-year", holder), "*********0018", f"till-1-{n:06d}")
        for n, holder in enumerate(holders, 1)
    )
    return TicketList("new-year", "New Year draw", date(2026, 12, 31), "2027-01-01T09:00:00.000Z", prizes, tickets)


def drawn(tickets: TicketList, seed: str) -> str:
    """The whole text once it was drawn."""
    text = list_text(tickets)
    digest = digest_of(text)
    winners = winners_of(tickets.draw, digest, seed, tickets.prizes, tickets.tickets)
    return drawn_text(text, digest, Drawing(AT, seed), winners)


def by_the_words(seed: str, draw: str, digest: str, prizes: int, tickets: list[tuple[int, str]]) -> list[int]:
    """The winning numbers, written anew from the words of the published rule; -1 for a prize that nobody wins."""
    won, gone = [], set[str]()
    for prize in range(1, prizes + 1):
        left = [(number, holder) for number, holder in tickets if holder not in gone]
        if not left:
            won.append(-1)
            continue
        multiple = 4_503_599_627_370_496
        while multiple % len(left):
            multiple -= 1
        attempt = 1
        while True:
            hashed = hashlib.sha256(":".join([seed, draw, digest, str(prize), str(attempt)]).encode("utf-8")).digest()
            h = int.from_bytes(hashed[:7], "big") >> 4
            if h < multiple:
                break
            attempt += 1
        number, holder = left[h % len(left)]
        gone.add(holder)
        won.append(number)
    return won


def numbers(tickets: TicketList, seed: str) -> list[int]:
    """The winning numbers as the domain draws them."""
    digest = digest_of(list_text(tickets))
    winners = winners_of(tickets.draw, digest, seed, tickets.prizes, tickets.tickets)
    return [winner.ticket.number if winner.ticket else -1 for winner in winners]


@given(
    holders=st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=40),
    prizes=st.integers(1, 10),
    seed=st.text(min_size=1, max_size=20).filter(lambda text: seed_fault(text) is None),
)
def test_the_winners_are_those_of_the_rule_written_anew(holders: list[str], prizes: int, seed: str) -> None:
    """Whatever the tickets and the seed: an implementation made from the rule's words alone agrees."""
    tickets = made(*holders, prizes=("Mug",) * prizes)
    plain = [(ticket.number, ticket.holder) for ticket in tickets.tickets]
    digest = hashlib.sha256(list_text(tickets).encode()).hexdigest()
    assert numbers(tickets, seed) == by_the_words(seed, "new-year", digest, prizes, plain)


def test_a_draw_worked_out_with_sha256sum() -> None:
    """Three tickets of three holders and a digest of 64 zeros: `printf '%s' "7:d:000…0:1:1" | sha256sum` begins with bb6b82f265f04,
    which is 0 modulo 3: ticket 1. For prize 2 it is 5dfdf9770b0db, 1 modulo 2: of tickets 2 and 3 the latter.
    """
    tickets = made("a", "b", "c").tickets
    won = winners_of("d", "0" * 64, "7", ("x", "y", "z", "w"), tickets)
    assert [winner.ticket and winner.ticket.number for winner in won] == [1, 3, 2, None]


def test_what_would_favour_some_is_tried_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """With hashes below 16 and nine tickets, those from 9 on are past the last full multiple: the next try decides."""
    monkeypatch.setattr(drawing, "DIGITS", 1)
    monkeypatch.setattr(drawing, "_ROOM", 16)
    tickets = made(*"abcdefghi").tickets
    tried = 0
    for seed in map(str, range(300)):
        hashes = [hashlib.sha256(f"{seed}:d:x:1:{n}".encode()).hexdigest()[0] for n in range(1, 100)]
        first = next(n for n, digit in enumerate(hashes) if int(digit, 16) < 9)
        tried += first > 0
        (won,) = winners_of("d", "x", seed, ("Mug",), tickets)
        assert won.ticket == tickets[int(hashes[first], 16)]
    assert tried > 50


def test_every_ticket_wins_sometimes_and_none_far_more_often() -> None:
    """Seven tickets over 7,000 seeds: each wins about a thousand times (six deviations of chance is 176)."""
    tickets = made(*"abcdefg", prizes=("Mug",))
    won = Counter(numbers(tickets, str(seed))[0] for seed in range(7_000))
    assert set(won) == set(range(1, 8))
    assert all(824 < count < 1_176 for count in won.values())


def test_more_tickets_win_more_and_a_holder_wins_once() -> None:
    """Who holds six of eight wins the first prize three times in four, and never both."""
    tickets = made(*"aaaaaabc", prizes=("Gift basket", "Mug"))
    first = 0
    for seed in range(2_000):
        one, two = numbers(tickets, str(seed))
        first += one <= 6
        assert not (one <= 6 and two <= 6)
    assert 1_380 < first < 1_620


def test_with_fewer_holders_than_prizes_the_last_have_no_winner() -> None:
    """Two holders, three prizes."""
    assert numbers(made("a", "a", "b"), "7")[2] == -1
    assert drawn(made("a", "a", "b"), "7").endswith("\nwinner 3: -\n")


def test_any_change_of_the_list_is_another_digest() -> None:
    """A ticket more, less, moved or of another; another prize, title, day or announcement: no two digests are alike."""
    plain = made("a", "b", "c")
    one, two, three = plain.tickets
    lists = [
        plain,
        replace(plain, tickets=(one, two)),
        replace(plain, tickets=(two, one, three)),
        replace(plain, tickets=(one, replace(two, holder=one.holder), three)),
        replace(plain, tickets=(one, replace(two, receipt="till-1-000009"), three)),
        replace(plain, tickets=(one, replace(two, card="*********0025"), three)),
        replace(plain, prizes=("Mug", "Gift basket", "Mug")),
        replace(plain, title="Draw"),
        replace(plain, draw="other"),
        replace(plain, closes=date(2027, 1, 1)),
        replace(plain, frozen=AT),
        replace(plain, seed_from="Lotto"),
    ]
    assert len({digest_of(list_text(tickets)) for tickets in lists}) == len(lists)


def test_the_digest_is_of_the_text_as_it_is_published() -> None:
    """SHA-256 of the text's bytes: what `sha256sum` says of the file."""
    text = list_text(made("a"))
    assert digest_of(text) == hashlib.sha256(text.encode()).hexdigest()
    assert text.endswith("till-1-000001\n")


def test_a_holder_has_another_name_in_every_draw() -> None:
    """Nobody can follow a holder from one list to the next."""
    assert holder_name("new-year", "a") != holder_name("easter", "a")
    assert holder_name("new-year", "a") != holder_name("new-year", "b")


@given(
    holders=st.lists(st.sampled_from("abc"), min_size=1, max_size=12),
    title=st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20),
    receipt=st.sampled_from(("-", "till-1-000042", "the till by the door-000042")),
)
def test_what_was_published_is_read_back(holders: list[str], title: str, receipt: str) -> None:
    """A list and a drawn text are read as the same values, with no difference; receipts of a register with a long name too."""
    tickets = made(*holders, prizes=("prize 1: a prize", title))
    tickets = replace(
        tickets, title=title, tickets=(replace(tickets.tickets[0], receipt=receipt), *tickets.tickets[1:])
    )
    assert read_list(list_text(tickets)) == tickets
    listed, whole = check(list_text(tickets)), check(drawn(tickets, "7"))
    assert (listed.tickets, listed.drawing, listed.differences) == (tickets, None, ())
    assert (whole.tickets, whole.drawing, whole.differences) == (tickets, Drawing(AT, "7"), ())
    assert whole.digest == listed.digest == digest_of(list_text(tickets))


def test_a_changed_line_of_a_drawn_text_is_named() -> None:
    """Every line in turn: either the text cannot be read, or differences are named. What the text cannot know is when it was drawn,
    and a seed that gives the same winners: those are compared with what is public.
    """
    text = drawn(made("a", "b", "b", "c"), "7")
    lines = text.split("\n")
    for n, line in enumerate(lines[:-1]):
        if line.startswith(("at: ", "seed: ")):
            continue
        forged = "\n".join([*lines[:n], line[:-1] + ("0" if line[-1:] != "0" else "1"), *lines[n + 1 :]])
        try:
            found: Any = check(forged).differences
        except Refused as refused:
            found = refused.message.values["line"]
        assert found, line


def test_another_seed_does_not_go_with_the_winners() -> None:
    """Among a thousand holders the three winners of one seed are not those of another."""
    text = drawn(made(*map(str, range(1_000))), "7")
    lines = {one.found for one in check(text.replace("\nseed: 7\n", "\nseed: 8\n")).differences}
    assert lines == {line for line in text.split("\n") if line.startswith("winner ")}


def test_a_wrong_line_is_said_with_what_it_should_be() -> None:
    """The place, what stands there, and what follows from the rest; also of lines too many and too few."""
    text = drawn(made("a", "b"), "7")
    count = text.count("\n")
    (wrong,) = check(text.replace("winner 3: -", "winner 3: x")).differences
    assert (wrong.line, wrong.found, wrong.wanted) == (count, "winner 3: x", "winner 3: -")
    extra = check(text + "and a car\n").differences
    assert [(one.line, one.found, one.wanted) for one in extra] == [
        (count + 1, "and a car", ""),
        (count + 2, "", None),
    ]
    short = check(text.replace("winner 3: -\n", "")).differences
    assert [(one.line, one.found, one.wanted) for one in short] == [(count, "", "winner 3: -"), (count + 1, None, "")]


def test_line_ends_of_another_system_are_a_change() -> None:
    """The digest is of bytes: a text that a mail program gave other line ends is not the one that was published."""
    with pytest.raises(Refused) as refused:
        check(list_text(made("a")).replace("\n", "\r\n"))
    assert refused.value.code == "draw-file-invalid"


@pytest.mark.parametrize("seed", ["", " ", " 7", "7 ", "7\n8", "7\t8", "\x00", "7" * 201, "\ud800"])
def test_what_is_no_seed_says_so(seed: str) -> None:
    """One line of up to 200 characters that can be seen, so that everybody hashes the same bytes."""
    assert seed_fault(seed) is not None
    assert seed_fault("4 8 15 16 23 42") is None
