"""Another terminal makes the demo scan, and is told whether it did."""

import socket
import stat
from pathlib import Path

import pytest

from drivers.codes import LONGEST_CODE
from drivers.scan_socket import (
    MOST_CODES,
    BadPath,
    NoScannerListening,
    ScannerAlreadyListening,
    ScanRefused,
    send,
    serve,
)


def test_codes_arrive_in_order_before_send_returns(tmp_path: Path) -> None:
    """`send` comes back once each code was taken, and more requests can follow."""
    codes: list[str] = []
    with serve(tmp_path / "s", codes.append):
        send(tmp_path / "s", ["4006381333931", "купон-10"])
        send(tmp_path / "s", ["96385074"])
        send(tmp_path / "s", [])
    assert codes == ["4006381333931", "купон-10", "96385074"]


def test_the_socket_is_its_owners_alone_and_goes_with_the_server(tmp_path: Path) -> None:
    """Mode 0600 while it stands, and no file afterwards; closing twice is once."""
    server = serve(tmp_path / "s", lambda code: True)
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o600
    server.close()
    server.close()
    assert not (tmp_path / "s").exists()


def test_without_a_demo_the_sender_is_told(tmp_path: Path) -> None:
    """No file, and a file that a killed demo left, both say that nobody listens."""
    with pytest.raises(NoScannerListening, match="start the demo") as caught:
        send(tmp_path / "s", ["96385074"])
    assert caught.value.reason.code == "demo.no_scanner"
    stale(tmp_path / "s")
    with pytest.raises(NoScannerListening):
        send(tmp_path / "s", ["96385074"])


def stale(path: Path) -> None:
    """Leave a socket file as a killed process does."""
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(path))


def test_a_stale_file_is_replaced_and_a_live_one_is_not(tmp_path: Path) -> None:
    """A demo starts after a crash; a second demo beside the first does not steal its socket."""
    stale(tmp_path / "s")
    codes: list[str] = []
    with serve(tmp_path / "s", codes.append):
        with pytest.raises(ScannerAlreadyListening):
            serve(tmp_path / "s", codes.append)
        send(tmp_path / "s", ["96385074"])
    assert codes == ["96385074"]


def test_a_path_that_can_be_no_socket_is_refused(tmp_path: Path) -> None:
    """Too long a name, or a file that is something else, is said before anything is touched."""
    with pytest.raises(BadPath, match="shorter"):
        serve(tmp_path / ("x" * 120), lambda code: True)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(BadPath, match="no socket"):
        serve(tmp_path / "file", lambda code: True)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_code_that_is_refused_or_is_none_is_named(tmp_path: Path) -> None:
    """The scanner's False, a line break, an empty or overlong code, and too many are errors of their own."""
    with serve(tmp_path / "s", lambda code: code != "bad-code"):
        with pytest.raises(ScanRefused, match="bad-code"):
            send(tmp_path / "s", ["good-code", "bad-code"])
        for code in ("", "a\nb", "7" * (LONGEST_CODE + 1), "\ud800"):
            with pytest.raises(ScanRefused) as caught:
                send(tmp_path / "s", [code])
            assert caught.value.reason.code == "demo.bad_code"
        with pytest.raises(ScanRefused, match="At most"):
            send(tmp_path / "s", ["1234"] * (MOST_CODES + 1))


def test_a_rude_client_does_not_end_the_server(tmp_path: Path) -> None:
    """Bytes that are no text, and a client that goes without its answer, are survived."""
    codes: list[str] = []
    with serve(tmp_path / "s", codes.append):
        with socket.socket(socket.AF_UNIX) as rude:
            rude.connect(str(tmp_path / "s"))
            rude.sendall(b"\xff\xfe\n" * 100)
        send(tmp_path / "s", ["96385074"])
    assert codes[-1] == "96385074"
