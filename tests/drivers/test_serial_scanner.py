"""A scanner on a real pseudo-terminal: opened, split, unplugged, plugged in again, stopped."""

import os
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import UnsupportedOperation
from pathlib import Path

import pytest
import serial
from serial.rfc2217 import PortManager

from drivers.codes import Noise, Scan
from drivers.framing import ACK, NAK, Framing
from drivers.ports import KEEPALIVE, find, open_port
from drivers.presets import PRESETS, Line, Preset
from drivers.serial_scanner import Lost, Opened, ScannerEvent, SerialScanner, Waiting
from drivers.simulator import SimulatedScanner
from drivers.ssi_packets import packet

PATIENCE = 10.0  # seconds that a test waits for an event; only a failing test waits that long
EAN = "4006381333931"


class Reading:
    """A scanner being read in a thread, and what it says."""

    def __init__(self, scanner: SerialScanner) -> None:
        self.scanner = scanner
        self.events: queue.Queue[ScannerEvent] = queue.Queue()
        self.stop = threading.Event()
        self.thread = threading.Thread(target=scanner.run, args=(self.events.put, self.stop))

    def next(self) -> ScannerEvent:
        """The next event; queue.Empty if none comes."""
        return self.events.get(timeout=PATIENCE)

    def until(self, kind: type[ScannerEvent]) -> ScannerEvent:
        """The next event of this kind; others are passed over."""
        while not isinstance(event := self.next(), kind):
            pass
        return event


@contextmanager
def reading(port: str, preset: Preset = PRESETS["generic"]) -> Iterator[Reading]:
    """Read this port until the block ends."""
    read = Reading(SerialScanner(port, preset, first_retry=0.01, last_retry=0.05))
    read.thread.start()
    try:
        yield read
    finally:
        read.scanner.close()
        read.thread.join(PATIENCE)
        assert not read.thread.is_alive()


@pytest.fixture
def device() -> Iterator[SimulatedScanner]:
    """A simulated scanner."""
    with SimulatedScanner() as simulated:
        yield simulated


def test_a_scan_comes_through_a_real_port(device: SimulatedScanner) -> None:
    """Opened is said first, then each scan in order."""
    with reading(device.port) as read:
        assert read.next() == Opened(device.port)
        assert device.scan(EAN)
        assert read.next() == Scan(EAN, None, EAN.encode())
        assert device.scan("96385074", suffix=b"\r\n")
        assert read.next() == Scan("96385074", None, b"96385074")


def test_split_and_merged_writes_give_the_same_scans(device: SimulatedScanner) -> None:
    """A frame in pieces is one scan, two frames in one piece are two."""
    preset = Preset("patient", framing=Framing(idle_gap=5.0))
    with reading(device.port, preset) as read:
        read.until(Opened)
        for piece in (b"4006", b"381333931", b"\r", b"96385074\r12345670\r"):
            device.send(piece)
            time.sleep(0.01)
        assert [event.code for event in (read.next(), read.next(), read.next()) if isinstance(event, Scan)] == [
            EAN,
            "96385074",
            "12345670",
        ]


def test_without_a_suffix_the_silence_ends_the_read(device: SimulatedScanner) -> None:
    """The thread wakes at the framer's deadline by itself."""
    with reading(device.port) as read:
        read.until(Opened)
        device.scan(EAN, suffix=b"")
        assert read.next() == Scan(EAN, None, EAN.encode())


def test_an_unplug_drops_half_a_frame_and_a_replug_goes_on(device: SimulatedScanner) -> None:
    """Noise, Lost, Waiting; then under the same name Opened, and the first scan is whole."""
    preset = Preset("patient", framing=Framing(idle_gap=5.0))
    with reading(device.port, preset) as read:
        read.until(Opened)
        device.send(b"40063")
        time.sleep(0.1)  # let it be read; what the kernel still holds is lost with the port
        device.unplug()
        events = [read.next(), read.next(), read.next()]
        assert [type(event) for event in events] == [Noise, Lost, Waiting]
        assert isinstance(events[0], Noise)
        assert events[0].raw == b"40063"
        assert isinstance(events[2], Waiting)
        assert events[2].reason.code == "port.missing"
        assert "plug" in events[2].reason.sentence
        device.replug()
        assert read.next() == Opened(device.port)
        device.scan("96385074")
        assert read.next() == Scan("96385074", None, b"96385074")


def test_a_second_program_is_told_that_the_port_is_busy(device: SimulatedScanner) -> None:
    """Two readers would steal each other's bytes: the second one waits until the first has closed."""
    with reading(device.port) as first:
        first.until(Opened)
        with reading(device.port) as second:
            waiting = second.next()
            assert isinstance(waiting, Waiting)
            assert waiting.reason.code == "port.busy"
            first.scanner.close()
            assert second.next() == Opened(device.port)


@pytest.mark.parametrize(
    ("port", "code"),
    [
        ("/dev/no-such-scanner", "port.missing"),
        ("usb-No_Such_Scanner-if00", "port.missing"),
        ("hwgrep://FFFF:FFFF", "port.missing"),
        ("/dev/null", "port.not_serial"),
        ("/", "port.not_serial"),
        ("socket://127.0.0.1:1", "port.refused"),
        ("socket://nowhere", "port.bad_name"),
        ("nonsense://x", "port.bad_name"),
    ],
)
def test_why_a_port_does_not_open(port: str, code: str) -> None:
    """Each way of failing has its reason, told once however often it is tried."""
    with reading(port) as read:
        waiting = read.next()
        assert isinstance(waiting, Waiting)
        assert waiting.reason.code == code
        assert port in waiting.reason.sentence
        time.sleep(0.15)
        assert read.events.empty()


def test_permission_names_the_group(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a person needs to do about errno 13 is in the sentence."""

    def refuse(name: str, line: Line) -> None:
        raise PermissionError(13, "Permission denied", name)

    monkeypatch.setattr("drivers.serial_scanner.open_port", refuse)
    with reading("/dev/ttyACM0") as read:
        waiting = read.next()
        assert isinstance(waiting, Waiting)
        assert waiting.reason.code == "port.permission"
        assert "dialout" in waiting.reason.sentence


def test_a_second_open_with_parity_waits_instead_of_dying(device: SimulatedScanner) -> None:
    """Linux answers EINVAL as termios.error, which is no OSError: it is a reason to wait, too."""
    line = Line(parity="E", bits=7)
    open_port(device.port, line).close()
    with reading(device.port, Preset("even", line)) as read:
        first = read.next()
        assert isinstance(first, Opened | Waiting)
        if isinstance(first, Waiting):
            assert first.reason.code == "port.settings"


def test_ack_and_nak_for_a_host_that_must_answer(device: SimulatedScanner) -> None:
    """Under such a preset a whole read is acknowledged and one cut short asked for again."""
    framing = Framing(prefix=b"\x02", terminators=b"\x03", idle_ends=False)
    with reading(device.port, Preset("answering", framing=framing, acknowledge=True)) as read:
        read.until(Opened)
        device.send(b"\x024006381333931\x03")
        read.until(Scan)
        assert wait_for(device.answers) == ACK
        device.send(b"\x02400638")
        read.until(Noise)
        assert wait_for(device.answers) == NAK


def wait_for(answers: Callable[[], bytes]) -> bytes:
    """What was answered, as soon as anything was."""
    until = time.monotonic() + PATIENCE
    while not (answer := answers()) and time.monotonic() < until:
        time.sleep(0.005)
    return answer


class Unanswerable:
    """A port that gives one read and then takes nothing: `refusal` is what its write raises."""

    def __init__(self, refusal: Exception) -> None:
        self._left = [b"\x024006381333931\x03", b"\x0296385074\x03"]
        self._refusal = refusal

    def fileno(self) -> int:
        raise UnsupportedOperation

    def read(self, size: int, /) -> bytes:
        return self._left.pop(0) if self._left else b""

    def write(self, data: bytes, /) -> int:
        raise self._refusal

    def close(self) -> None:
        self._left.clear()


@pytest.mark.parametrize(
    ("refusal", "then"),
    [(OSError(5, "Input/output error"), Lost), (serial.SerialTimeoutException("Write timeout"), Scan)],
)
def test_a_scan_counts_though_its_answer_cannot_be_sent(
    refusal: Exception, then: type[ScannerEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came whole counts, even if the port goes while it is acknowledged; one that only takes nothing is read on."""
    monkeypatch.setattr("drivers.serial_scanner.open_port", lambda name, line: Unanswerable(refusal))
    framing = Framing(prefix=b"\x02", terminators=b"\x03", idle_ends=False)
    with reading("anything", Preset("answering", framing=framing, acknowledge=True)) as read:
        read.until(Opened)
        assert read.next() == Scan(EAN, None, EAN.encode())
        assert isinstance(read.next(), then)


def test_packets_are_acknowledged_through_a_real_port(device: SimulatedScanner) -> None:
    """SSI on a pseudo-terminal: a damaged packet is asked for again, a whole one acknowledged, and a retransmission not counted."""
    sent = packet(0xF3, b"\x0b4006381333931", source=0)
    again = packet(0xF3, b"\x0b4006381333931", source=0, status=1)
    with reading(device.port, PRESETS["ssi"]) as read:
        read.until(Opened)
        device.send(sent[:9] + sent[10:])
        read.until(Noise)
        assert wait_for(device.answers) == packet(0xD1, b"\x01")
        device.send(again)
        scan = read.until(Scan)
        assert isinstance(scan, Scan)
        assert (scan.code, scan.symbology) == (EAN, "]E0")
        assert wait_for(device.answers) == packet(0xD0)
        device.send(again)
        noise = read.until(Noise)
        assert isinstance(noise, Noise)
        assert noise.reason.code == "scan.repeat"
        assert wait_for(device.answers) == packet(0xD0)


def test_commands_reach_an_open_scanner_and_are_not_kept_for_a_closed_one(device: SimulatedScanner) -> None:
    """Sent from another thread they arrive at once and in order; what was sent while it was unplugged is lost."""
    commands = PRESETS["datalogic"].commands
    with reading(device.port) as read:
        read.until(Opened)
        read.scanner.send(commands.good)
        assert wait_for(device.answers) == commands.good
        device.unplug()
        read.until(Lost)
        read.scanner.send(commands.bad)
        device.replug()
        read.until(Opened)
        read.scanner.send(commands.good)
        assert wait_for(device.answers) == commands.good


def test_a_scanner_is_switched_on_when_opened_and_off_at_the_end(device: SimulatedScanner) -> None:
    """While nobody listens it reads nothing, where its make can be told so."""
    preset = PRESETS["datalogic"]
    scanner = SerialScanner(device.port, Preset("switched", commands=preset.commands), switch=True)
    events: queue.Queue[ScannerEvent] = queue.Queue()
    thread = threading.Thread(target=scanner.run, args=(events.put,))
    thread.start()
    assert wait_for(device.answers) == b"E"
    scanner.close()
    assert wait_for(device.answers) == b"D"
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_a_scanner_behind_a_network_converter() -> None:
    """socket://host:port gives scans, says Lost when the other end goes, and opens again."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)
        port = f"socket://127.0.0.1:{server.getsockname()[1]}"
        with reading(port) as read:
            converter, _ = server.accept()
            with converter:
                converter.sendall(b"4006381333931\r")
                assert read.next() == Opened(port)
                assert read.next() == Scan(EAN, None, EAN.encode())
            assert isinstance(read.next(), Lost)
            converter, _ = server.accept()
            with converter:
                assert read.next() == Opened(port)


def test_a_converter_without_power_is_noticed_within_half_a_minute() -> None:
    """The connection asks by itself whether the other end is there; the system's own answer would take two hours."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = open_port(f"socket://127.0.0.1:{server.getsockname()[1]}", Line())
        with socket.socket(fileno=os.dup(port.fileno())) as same:
            asked = [same.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) for name in KEEPALIVE]
        port.close()
    assert asked == [10, 5, 3]


@contextmanager
def converter(port: int) -> Iterator[serial.SerialBase]:
    """A network converter that speaks RFC 2217 (telnet with port settings), as pyserial's own example server does; gives its wire.

    The wire is pyserial's loop: a pseudo-terminal has no modem lines, which a client asks for.
    """
    wire = serial.serial_for_url("loop://", timeout=0)
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", port)) as server:
        server.settimeout(PATIENCE)

        def serve() -> None:
            client, _ = server.accept()
            client.settimeout(0.005)
            manager = PortManager(wire, Connection(client))
            with client:
                while not ended.is_set():
                    with suppress(TimeoutError):
                        if not (data := client.recv(1024)):
                            return
                        wire.write(b"".join(manager.filter(data)))
                    if data := wire.read(1024):
                        client.sendall(b"".join(manager.escape(data)))

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield wire
        finally:
            ended.set()
            thread.join(PATIENCE)
            wire.close()
            assert not thread.is_alive()


class Connection:
    """A socket as pyserial's `PortManager` wants it."""

    def __init__(self, client: socket.socket) -> None:
        self.write = client.sendall


@pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning")  # pyserial 3.5's own
def test_a_scanner_behind_a_converter_with_port_settings() -> None:
    """rfc2217://host:port gives scans; when the converter goes, Lost and a reason; when it is back, scans again."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = free.getsockname()[1]
    port = f"rfc2217://127.0.0.1:{number}"
    with reading(port) as read:
        waiting = read.until(Waiting)
        assert isinstance(waiting, Waiting)
        assert waiting.reason.code == "port.refused"
        for code in (EAN, "96385074"):
            with converter(number) as wire:
                read.until(Opened)
                wire.write(code.encode() + b"\r")
                assert read.until(Scan) == Scan(code, None, code.encode())
            read.until(Lost)


def test_a_port_without_a_file_number_is_read_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """loop:// cannot be waited on; it is read in short steps instead."""
    opened = open_port("loop://", Line())
    monkeypatch.setattr("drivers.serial_scanner.open_port", lambda name, line: opened)
    with reading("loop://") as read:
        read.until(Opened)
        opened.write(b"4006381333931\r")
        assert read.next() == Scan(EAN, None, EAN.encode())


def test_close_ends_a_quiet_reader_at_once_and_stop_soon(device: SimulatedScanner) -> None:
    """`close` wakes the thread; a stop that somebody else sets is noticed within the check."""
    with reading(device.port) as read:
        read.until(Opened)
        read.scanner.close()
        read.thread.join(PATIENCE)
        assert not read.thread.is_alive()
    with reading(device.port) as read:
        read.until(Opened)
        read.stop.set()
        read.thread.join(PATIENCE)
        assert not read.thread.is_alive()


def test_close_before_run_and_twice_is_no_error(device: SimulatedScanner) -> None:
    """A till that ends while it starts up leaves no thread behind."""
    scanner = SerialScanner(device.port)
    scanner.close()
    scanner.close()
    scanner.run(lambda event: None)


def test_a_bare_name_is_found_in_the_folders_of_stable_names(tmp_path: Path) -> None:
    """A by-id name needs no path; a path, a URL and an unknown name stay as they are."""
    by_id = tmp_path / "by-id"
    by_id.mkdir()
    (by_id / "usb-Zebra_S12-if00").touch()
    folders = (by_id, tmp_path)
    assert find("usb-Zebra_S12-if00", folders) == str(by_id / "usb-Zebra_S12-if00")
    assert find("usb-Other-if00", folders) == str(by_id / "usb-Other-if00")
    for name in ("/dev/ttyACM0", "socket://a:1", "COM3"):
        assert find(name, folders) == name


def test_the_preset_sets_the_line(device: SimulatedScanner) -> None:
    """The speed of the preset is the port's."""
    import termios

    port = open_port(device.port, PRESETS["honeywell"].line)
    try:
        assert termios.tcgetattr(port.fileno())[5] == termios.B115200
    finally:
        port.close()
