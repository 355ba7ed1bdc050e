"""Zebra's packets: each whole one counts once, is answered, and is found again after noise."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.codes import LONGEST_CODE, Noise, Scan
from drivers.ssi import CONTINUED, IDLE_GAP, LONGEST_PACKET, RESEND_WINDOW, RETRANSMITTED, SsiReader
from drivers.ssi_packets import ACK, DECODE, DECODER, NAK, SCAN_ENABLE, SEGMENT, check_bytes, packet

CARD = "2012345678903"
EAN13, CODE128, QR = 0x0B, 0x03, 0x1C
SENT = bytes.fromhex("12f300000b32303132333435363738393033fc4e")
ACKED = bytes.fromhex("04d00400ff28")
ASKED_AGAIN = bytes.fromhex("05d1040001ff25")


def decode(text: str, kind: int = EAN13, status: int = 0) -> bytes:
    """A decode as the scanner sends it."""
    return packet(DECODE, bytes((kind,)) + text.encode(), source=DECODER, status=status)


def segments(text: str, kind: int = QR) -> list[bytes]:
    """A long decode in numbered segments: all but the last are full."""
    head = bytes((DECODE, 0, 0, 0, 0, kind, 0)) + len(text).to_bytes(2, "big")
    whole, made = head + text.encode(), []
    for number, at in enumerate(range(0, len(whole), 250)):
        body = bytes((4 + 1 + len(whole[at : at + 250]), SEGMENT, 0, DECODER, number)) + whole[at : at + 250]
        made.append(body + check_bytes(body))
    return made


def told(events: list[Scan | Noise]) -> list[str]:
    """Codes of scans, reasons of noise."""
    return [event.code if isinstance(event, Scan) else event.reason.code for event in events]


def test_packets_are_the_ones_of_the_guide() -> None:
    """Our packets are byte for byte those that were computed by the guide's rule."""
    assert packet(ACK) == ACKED
    assert packet(NAK, b"\x01") == ASKED_AGAIN
    assert packet(SCAN_ENABLE, status=8) == bytes.fromhex("04e90408ff07")
    assert decode(CARD) == SENT
    with pytest.raises(ValueError, match="251"):
        packet(DECODE, bytes(252))


def test_a_decode_is_a_scan_and_is_acknowledged_once() -> None:
    """The scan comes with the last byte of the packet, its type as AIM identifier; one ACK, and nothing is held."""
    reader = SsiReader()
    assert reader.feed(SENT[:-1], 1.0) == []
    assert reader.reply() == b""
    assert reader.feed(SENT[-1:], 1.0) == [Scan(CARD, "]E0", SENT)]
    assert (reader.reply(), reader.reply(), reader.deadline()) == (ACKED, b"", None)


@pytest.mark.parametrize(
    ("kind", "data", "code", "symbology", "addon"),
    [
        (0x0B, "4006381333931\r\n", "4006381333931", "]E0", None),
        (0x08, "012345678905", "0012345678905", "]E0", None),
        (0x09, "01234565", "0012345000065", "]E0", None),
        (0x09, "01234566", "01234566", "]E0", None),
        (0x0A, "96385074", "96385074", "]E4", None),
        (0x4B, "400638133393112", "4006381333931", "]E0", "12"),
        (0x8B, "400638133393112345", "4006381333931", "]E0", "12345"),
        (0x48, "01234567890512", "0012345678905", "]E0", "12"),
        (0x03, "L05724", "L05724", "]C0", None),
        (0x0F, "0104006381333931\x1d10A", "0104006381333931\x1d10A", "]C1", None),
        (0x1C, "купон-10", "купон-10", "]Q1", None),
        (0x0B, "]E04006381333931", "4006381333931", "]E0", None),
        (0x7F, "strange", "strange", None, None),
    ],
)
def test_types_become_symbologies(kind: int, data: str, code: str, symbology: str | None, addon: str | None) -> None:
    """Code types and add-ons of the guide's table; a type that is not in it still is a scan."""
    sent = decode(data, kind)
    assert SsiReader().feed(sent, 1.0) == [Scan(code, symbology, sent, addon)]


def test_a_retransmission_is_one_scan_and_is_acknowledged_again() -> None:
    """Its acknowledgement was lost: two seconds later it comes with the bit set, is acknowledged and not counted."""
    reader = SsiReader()
    assert told(reader.feed(decode(CARD), 1.0)) == [CARD]
    reader.reply()
    assert told(reader.feed(decode(CARD, status=RETRANSMITTED), 3.0)) == ["scan.repeat"]
    assert reader.reply() == ACKED


def test_a_second_scan_has_no_bit_and_counts() -> None:
    """The same good once more, two seconds later, without the bit is a second one."""
    reader = SsiReader()
    assert told(reader.feed(decode(CARD), 1.0) + reader.feed(decode(CARD), 3.0)) == [CARD, CARD]


def test_what_was_damaged_counts_when_it_is_sent_again() -> None:
    """A second like good whose packet was damaged comes with the bit set, and is no repeat of the first."""
    reader = SsiReader()
    reader.feed(decode(CARD), 1.0)
    damaged = bytearray(decode(CARD))
    damaged[9] ^= 4
    events = reader.feed(bytes(damaged), 3.0) + reader.tick(3.0 + IDLE_GAP)
    assert told(events) == ["scan.cut_short"]
    assert reader.reply() == ASKED_AGAIN
    assert told(reader.feed(decode(CARD, status=RETRANSMITTED), 3.5)) == [CARD]


def test_a_damaged_second_try_changes_nothing() -> None:
    """The acknowledgement was lost and the second try was damaged: the third is still the same scan."""
    reader = SsiReader()
    reader.feed(decode(CARD), 1.0)
    damaged = bytearray(decode(CARD, status=RETRANSMITTED))
    damaged[9] ^= 4
    events = reader.feed(bytes(damaged), 3.0) + reader.tick(3.0 + IDLE_GAP)
    assert told(events) == ["scan.cut_short"]
    assert told(reader.feed(decode(CARD, status=RETRANSMITTED), 3.5)) == ["scan.repeat"]


def test_the_bit_means_nothing_after_the_last_try() -> None:
    """Longer than a scanner tries, a packet with the bit is of a scan whose first try was lost altogether."""
    reader = SsiReader()
    reader.feed(decode(CARD), 1.0)
    assert told(reader.feed(decode(CARD, status=RETRANSMITTED), 2.0 + RESEND_WINDOW)) == [CARD]


def test_another_decode_with_the_bit_counts() -> None:
    """A packet that was never read whole before is a scan, though it is a second try."""
    reader = SsiReader()
    reader.feed(decode(CARD), 1.0)
    assert told(reader.feed(decode("96385074", 0x0A, RETRANSMITTED), 2.0)) == ["96385074"]


@pytest.mark.parametrize(
    "noise",
    [
        b"\xff",
        b"\x12",
        b"\x00\x00",
        b"\x12\xf3",
        b"\xff\xf3\x00",
        b"\xff\xf3\x00\x00",
        SENT[:7],
        SENT[:-1],
        b"\x05\xd1\x00",
    ],
)
def test_noise_before_a_packet_does_not_swallow_it(noise: bytes) -> None:
    """A length that came by noise never ends; after the silence the packet behind it is found, byte by byte or at once."""
    for step in (1, 100):
        reader = SsiReader()
        sent, now, events = noise + SENT, 1.0, []
        for at in range(0, len(sent), step):
            now += 0.001
            events += reader.feed(sent[at : at + step], now)
        while (deadline := reader.deadline()) is not None:
            events += reader.tick(deadline)
        assert [event.code for event in events if isinstance(event, Scan)] == [CARD]


def test_one_byte_lost_asks_again_and_the_next_is_whole() -> None:
    """Whichever byte is missing: no scan, one NAK after the silence, and the packet that is sent again counts once."""
    for at in range(len(SENT)):
        reader = SsiReader()
        events = reader.feed(SENT[:at] + SENT[at + 1 :], 1.0)
        assert told(events) in ([], ["scan.cut_short"])
        events += reader.tick(1.0 + IDLE_GAP)
        assert told(events) == ["scan.cut_short"]
        assert reader.reply() == ASKED_AGAIN
        assert told(reader.feed(decode(CARD, status=RETRANSMITTED), 1.5)) == [CARD]


def test_segments_make_one_scan() -> None:
    """A QR code of 256 letters comes in two segments, each acknowledged; one of 500 in three, and is too long for a till."""
    text = "Z" * LONGEST_CODE
    reader = SsiReader()
    first, last = segments(text)
    assert reader.feed(first, 1.0) == []
    assert reader.reply() == ACKED
    [scan] = reader.feed(last, 1.2)
    assert isinstance(scan, Scan)
    assert (scan.code, scan.symbology) == (text, "]Q1")
    assert len(segments("Z" * 500)) == 3
    events = [event for one in segments("Z" * 500) for event in reader.feed(one, 2.0)]
    assert told(events) == ["scan.too_long"]


def test_a_segment_twice_is_once_and_a_missing_one_breaks_it() -> None:
    """An acknowledgement that was lost makes a segment come twice; one that never comes makes noise of them all."""
    text = "Q" * 200 + "R" * 56
    first, last = segments(text)
    reader = SsiReader()
    events = [event for one in (first, first, last, last) for event in reader.feed(one, 1.0)]
    assert told(events) == [text]
    one, _, three = segments("Z" * 500)
    events = [event for sent in (one, three) for event in reader.feed(sent, 2.0)]
    assert told(events) == ["scan.cut_short"]
    assert told(reader.feed(SENT, 3.0)) == [CARD]


def test_a_long_code_that_was_never_ended_lends_nothing_to_the_next() -> None:
    """The first half of one QR code and the whole of another, or only its second half much later: never the two together."""
    first, _ = segments("A" * 256)
    other = segments("B" * 256)
    reader = SsiReader()
    events = [event for one in (first, *other) for event in reader.feed(one, 1.0)]
    assert told(events) == ["scan.cut_short", "B" * 256]
    reader = SsiReader()
    events = reader.feed(first, 1.0) + reader.feed(other[1], 2.0 + RESEND_WINDOW)
    assert told(events) == ["scan.cut_short"]


def test_a_decode_in_continued_packets_is_one_scan() -> None:
    """0xF3 with the *continued* bit is joined with the next, which has none; a part twice is once."""
    reader = SsiReader()
    first, last = decode("A" * 240, QR, CONTINUED), decode("B" * 10, QR)
    again = decode("A" * 240, QR, CONTINUED | RETRANSMITTED)
    events = reader.feed(first, 1.0) + reader.feed(again, 3.0) + reader.feed(last, 3.1)
    assert told(events) == ["A" * 240 + "B" * 10]


def test_a_part_without_its_end_never_meets_the_next_scan() -> None:
    """The end of a long decode never came: the next scan stands alone, whatever its type."""
    for kind in (QR, EAN13):
        reader = SsiReader()
        reader.feed(decode("A" * 240, QR, CONTINUED), 1.0)
        assert told(reader.feed(decode(CARD, kind), 4.0)) == ["scan.cut_short", CARD]


def test_other_packets_are_answered_and_are_no_scans() -> None:
    """Events and parameters are acknowledged, the scanner's own ACK and replies are not, and none is a scan."""
    for opcode, wanted in ((0xF6, ACKED), (0xC6, ACKED), (ACK, b""), (NAK, b""), (0xA4, b"")):
        reader = SsiReader()
        assert reader.feed(packet(opcode, b"\x01", source=DECODER), 1.0) == []
        assert reader.reply() == wanted


def test_text_without_packets_says_which_preset_fits() -> None:
    """A scanner that sends plain text is told from a damaged packet."""
    reader = SsiReader()
    events = reader.feed(b"4006381333931\r\n", 1.0) + reader.tick(2.0)
    assert told(events) == ["scan.no_packets"]


def test_an_unplug_forgets_everything() -> None:
    """Half a packet, half a long decode and an answer that was not given yet are gone; the next packet is whole."""
    for half in (SENT[:9], segments("Z" * 256)[0], decode("A", QR, CONTINUED)):
        reader = SsiReader()
        reader.feed(half, 1.0)
        assert told(reader.drop()) == ["scan.cut_short"]
        assert (reader.reply(), reader.deadline()) == (b"", None)
        assert told(reader.feed(SENT, 1.1)) == [CARD]


def any_packet() -> st.SearchStrategy[bytes]:
    """Packets as a scanner sends them, and some with a byte changed or lost."""
    text = st.text("0123456789LZ", min_size=1, max_size=30)
    whole = st.builds(decode, text, st.sampled_from([EAN13, CODE128, QR, 0x4B]), st.integers(0, 3))
    parts = st.text("Z", min_size=251, max_size=300).flatmap(lambda long: st.sampled_from(segments(long)))
    lost = st.builds(lambda sent, at: sent[: at % len(sent)] + sent[at % len(sent) + 1 :], whole, st.integers(0, 99))
    return whole | parts | lost | st.binary(max_size=12)


@given(st.lists(any_packet(), max_size=5), st.lists(st.integers(0, 2000), max_size=12))
def test_any_cutting_of_the_bytes_gives_the_same_events(sent: list[bytes], cuts: list[int]) -> None:
    """Where the reads of the port fall does not matter: same scans, same noise, same order, same last answer."""
    data = b"".join(sent)
    whole, cut = SsiReader(), SsiReader()
    expected = whole.feed(data, 1.0) + whole.tick(2.0)
    edges = sorted({0, len(data), *(at for at in cuts if at <= len(data))})
    events = [event for a, b in pairwise(edges) for event in cut.feed(data[a:b], 1.0)]
    assert events + cut.tick(2.0) == expected
    assert cut.reply() == whole.reply()


@given(st.lists(st.tuples(any_packet() | st.binary(max_size=300), st.floats(0, 3)), max_size=12))
def test_whatever_comes_nothing_raises_or_stalls(pieces: list[tuple[bytes, float]]) -> None:
    """No error at any time; after a silence nothing is held; a whole packet after it always counts or repeats."""
    reader, now, events = SsiReader(), 0.0, []
    for piece, pause in pieces:
        now += pause
        events += reader.feed(piece, now)
    while (deadline := reader.deadline()) is not None:
        events += reader.tick(deadline)
        now = max(now, deadline)
    for event in events:
        assert len(event.raw) <= 2 * LONGEST_PACKET
        assert not isinstance(event, Noise) or event.reason.sentence
    assert told(reader.feed(decode("7612345678900"), now + 2.0))[-1] == "7612345678900"
