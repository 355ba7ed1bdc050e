"""Bytes become scans: the same ones however the bytes are cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.codes import LONGEST_CODE, Noise, Scan
from drivers.framing import ACK, IDLE_GAP, LONGEST_FRAME, NAK, Framer, Framing, parity_seen
from drivers.presets import PRESETS

EAN = "4006381333931"


def scans(framer: Framer, *pieces: bytes, step: float = 0.001) -> list[str]:
    """The codes of these pieces, `step` seconds apart, and of the silence after them."""
    events = []
    now = 0.0
    for piece in pieces:
        now += step
        events += framer.feed(piece, now)
    events += framer.tick(now + IDLE_GAP)
    return [event.code for event in events if isinstance(event, Scan)]


def reasons(framer: Framer, *pieces: bytes) -> list[str]:
    """The same for what was not a scan."""
    events = [event for piece in pieces for event in framer.feed(piece, 1.0)] + framer.tick(9.0)
    return [event.reason.code for event in events if isinstance(event, Noise)]


@pytest.mark.parametrize(
    "raw",
    [
        b"4006381333931\r",
        b"4006381333931\n",
        b"4006381333931\r\n",
        b"4006381333931\t",
        b"\x024006381333931\x03",
        b"\x024006381333931\r\x03",
        b"\x00\x004006381333931\x00\r",
        b"\r\n4006381333931\r\n",
        b" 4006381333931 \r",
        b"4006381333931",
    ],
)
def test_every_ending_seen_in_the_field_is_one_scan(raw: bytes) -> None:
    """CR, LF, CRLF, TAB, STX/ETX, CR ETX, NULs around it, and no suffix at all give the same one code."""
    assert scans(Framer(), raw) == [EAN]


def test_a_scan_is_not_held_back_once_its_suffix_came() -> None:
    """With a suffix the scan comes with its last byte; nothing waits for a silence."""
    framer = Framer()
    [event] = framer.feed(b"4006381333931\r", 1.0)
    assert event == Scan(EAN, None, EAN.encode())
    assert framer.deadline() is None


def test_without_a_suffix_the_silence_ends_the_read_at_the_deadline() -> None:
    """A factory-set Zebra sends no suffix: the read is out at the deadline and not before."""
    framer = Framer()
    assert framer.feed(b"40063", 1.0) == []
    assert framer.feed(b"81333931", 1.05) == []
    deadline = framer.deadline()
    assert deadline == pytest.approx(1.05 + IDLE_GAP)
    assert framer.tick(deadline - 0.01) == []
    assert framer.tick(deadline) == [Scan(EAN, None, EAN.encode())]


def test_a_silence_before_new_bytes_ends_the_old_ones_without_a_tick() -> None:
    """Two reads without suffix stay two, even where nobody ticked in between."""
    framer = Framer()
    assert framer.feed(b"4006381333931", 1.0) == []
    assert [event.raw for event in framer.feed(b"96385074", 2.0)] == [EAN.encode()]


def test_two_reads_in_one_piece_are_two() -> None:
    """Bytes of two scans that the kernel handed over together are two scans in order."""
    assert scans(Framer(), b"4006381333931\r\n96385074\r\n") == [EAN, "96385074"]


def test_a_scanner_that_always_ends_its_reads_is_cut_short_by_silence() -> None:
    """Under the Nixdorf preset half a read and a silence is noise, not half a code."""
    assert reasons(Framer(PRESETS["nixdorf"].framing), b"A40063813") == ["scan.cut_short"]


def test_stx_begins_anew() -> None:
    """What stood before an STX was cut off; the read after it is whole."""
    framer = Framer(PRESETS["olivetti"].framing)
    events = framer.feed(b"\x02A40063\x02A4006381333931\x03", 1.0)
    assert [type(event) for event in events] == [Noise, Scan]
    assert events[1] == Scan(EAN, "]E0", b"A4006381333931")


def test_an_unplug_drops_half_a_frame() -> None:
    """What was held at an unplug is noise and never meets what comes after."""
    framer = Framer()
    framer.feed(b"40063", 1.0)
    [event] = framer.drop()
    assert isinstance(event, Noise)
    assert framer.feed(b"96385074\r", 1.01) == [Scan("96385074", None, b"96385074")]


def test_too_long_is_one_noise_and_the_next_read_is_whole() -> None:
    """A megabyte without an end is one piece of noise of bounded size, and the line recovers at its end."""
    framer = Framer()
    events = [event for _ in range(256) for event in framer.feed(b"7" * 4096, 1.0)]
    events += framer.feed(b"\r96385074\r", 1.0)
    assert isinstance(events[0], Noise)
    assert events[0].reason.code == "scan.too_long"
    assert len(events[0].raw) == LONGEST_FRAME
    assert events[1:] == [Scan("96385074", None, b"96385074")]


def test_too_short_and_undecodable_say_so() -> None:
    """One byte alone, bytes that are no text, and a control character inside are noise with a reason."""
    assert reasons(Framer(), b"7\r") == ["scan.too_short"]
    assert reasons(Framer(), b"\xff\xfe\xc0\xc1\r") == ["scan.undecodable"]
    assert reasons(Framer(), b"12\x1b34\r") == ["scan.undecodable"]


@pytest.mark.parametrize(("parity", "want"), [("even", 0), ("odd", 1)])
def test_a_parity_mismatch_is_diagnosed(parity: str, want: int) -> None:
    """7 bits with parity read as 8 bits without is named, so that the right preset is chosen."""
    raw = bytes(byte | 0x80 if byte.bit_count() % 2 != want else byte for byte in b"2012345678903\r")
    framer = Framer()
    [event] = [*framer.feed(raw, 1.0), *framer.tick(2.0)]
    assert isinstance(event, Noise)
    assert event.reason.code == "scan.parity"
    assert event.reason.values == {"parity": parity}
    assert parity_seen(b"2012345678903") is None


def test_utf8_text_is_a_code() -> None:
    """A QR code with Cyrillic text is read as text, not as a broken line."""
    assert scans(Framer(), "купон-10".encode() + b"\r") == ["купон-10"]


def test_code_letters_become_the_symbology() -> None:
    """Letters of Nixdorf and Olivetti hosts are taken off and named as AIM identifiers; a 12-digit UPC-A gets
    its 0."""
    nixdorf = PRESETS["nixdorf"].framing
    assert Framer(nixdorf).feed(b"A4006381333931\r", 0) == [Scan(EAN, "]E0", b"A4006381333931")]
    assert Framer(nixdorf).feed(b"A012345678905\r", 0) == [Scan("0012345678905", "]E0", b"A012345678905")]
    assert Framer(nixdorf).feed(b"KCARD-7\r", 0) == [Scan("CARD-7", "]C0", b"KCARD-7")]
    assert Framer(nixdorf).feed(b"ABC\r", 0) == [Scan("ABC", None, b"ABC")]
    olivetti = PRESETS["olivetti"].framing
    assert Framer(olivetti).feed(b"\x02K06CARD-7\x03", 0) == [Scan("CARD-7", "]C0", b"K06CARD-7")]
    assert Framer(olivetti).feed(b"\x02K07CARD-7\x03", 0) == [Scan("K07CARD-7", None, b"K07CARD-7")]


def test_a_scanner_that_waits_is_asked_again_for_what_was_damaged() -> None:
    """An EAN with a digit missing, doubled or changed gets NAK; what comes the same three times was sent so, and counts."""
    for frame in (b"A400638133393", b"A40063813339311", b"A4006381333932", b"K07L05724", b"06L05724", b"A"):
        olivetti = PRESETS["olivetti"].reader()
        [event] = olivetti.feed(b"\x02" + frame + b"\x03", 1.0)
        assert isinstance(event, Noise)
        assert event.reason.code == "scan.damaged"
        assert olivetti.reply() == NAK
        assert [type(one) for one in olivetti.feed(b"\x02A4006381333931\x03", 1.5)] == [Scan]
        assert (olivetti.reply(), olivetti.reply()) == (ACK, b"")
    for at in (3.0, 3.1):
        olivetti.feed(b"\x02ANNA\x03", at)
        assert olivetti.reply() == NAK
    assert olivetti.feed(b"\x02ANNA\x03", 3.2) == [Scan("ANNA", None, b"ANNA")]
    assert olivetti.reply() == ACK


def test_a_named_prefix_is_taken_off_where_it_stands() -> None:
    """A scanner set to put `S:` first works, and a read without it too."""
    settings = Framing(prefix=b"S:")
    assert scans(Framer(settings), b"S:96385074\r", b"4006381333931\r") == ["96385074", EAN]


def test_a_repeat_is_noise_and_a_second_good_is_a_scan() -> None:
    """The same code 100 ms later is one scan, 500 ms later two."""
    framer = Framer()
    assert len(framer.feed(b"96385074\r", 1.0)) == 1
    [repeat] = framer.feed(b"96385074\r", 1.1)
    assert isinstance(repeat, Noise)
    assert repeat.reason.code == "scan.repeat"
    assert isinstance(framer.feed(b"96385074\r", 1.6)[0], Scan)


def test_settings_that_never_end_a_frame_are_refused() -> None:
    """No terminator and no silence would hold every scan for ever."""
    with pytest.raises(ValueError, match="end somewhere"):
        Framing(terminators=b"", idle_ends=False)
    with pytest.raises(ValueError, match="positive"):
        Framing(idle_gap=0)


@st.composite
def a_stream(draw: st.DrawFn) -> tuple[bytes, list[int]]:
    """Reads with any mix of endings and noise, and where to cut them."""
    body = st.text("0123456789AZ-]EC\x1d\x00\x02Ж", max_size=20).map(str.encode)
    end = st.sampled_from([b"\r", b"\n", b"\r\n", b"\t", b"\x03", b"\r\x03"])
    data = b"".join(draw(st.lists(st.builds(bytes.__add__, body | st.binary(max_size=8), end), max_size=6)))
    return data, sorted(draw(st.lists(st.integers(0, len(data)), max_size=12)))


@given(a_stream(), st.sampled_from(sorted(PRESETS)))
def test_any_cutting_of_the_bytes_gives_the_same_events(stream: tuple[bytes, list[int]], name: str) -> None:
    """Where the reads of the port fall does not matter: same scans, same noise, same order."""
    data, cuts = stream
    whole = Framer(PRESETS[name].framing)
    expected = whole.feed(data, 1.0) + whole.tick(2.0)
    cut = Framer(PRESETS[name].framing)
    edges = [0, *cuts, len(data)]
    pieces = [data[a:b] for a, b in pairwise(edges)]
    events = [event for piece in pieces for event in cut.feed(piece, 1.0)]
    assert events + cut.tick(2.0) == expected


@given(
    st.lists(st.tuples(st.binary(max_size=600), st.floats(0, 0.3)), max_size=20),
    st.sampled_from(sorted(PRESETS)),
)
def test_random_bytes_never_raise_and_stay_within_the_limits(pieces: list[tuple[bytes, float]], name: str) -> None:
    """Whatever comes, at whatever times: no error, no code above its limit, every reason has its sentence."""
    framer = Framer(PRESETS[name].framing)
    now = 0.0
    events = []
    for piece, pause in pieces:
        now += pause
        events += framer.feed(piece, now)
    for event in events + framer.drop():
        assert len(event.raw) <= LONGEST_FRAME
        if isinstance(event, Scan):
            assert 2 <= len(event.code) <= LONGEST_CODE
        else:
            assert event.reason.sentence
