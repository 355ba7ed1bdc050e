"""Promise: whatever a device has to tell a person is one sentence with a stable code word and its values.

The codes are for a program that translates: look up `Reason.code`, put `Reason.values` into its own sentence.
`SENTENCES` is the whole list, in English, each with what to do where there is something to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    # what a scanner sent and nobody can use
    "scan.too_long": "The scanner sent more than {limit} characters in one read; no till's code is so long.",
    "scan.too_short": "The scanner sent a read of fewer than {limit} characters; scan again.",
    "scan.cut_short": "The scan was cut off in the middle; scan again.",
    "scan.damaged": "The scan was damaged on its way; scan again, and look at the scanner's cable.",
    "scan.undecodable": "The scanner sent bytes that are no text; check its speed and its cable.",
    "scan.parity": "The scanner seems to send 7 bits with {parity} parity; choose the preset that fits it.",
    "scan.no_packets": "The scanner sends plain text and not SSI packets; choose the preset zebra, or set the "
    "scanner to send packets.",
    "scan.repeat": "The same code came again sooner than a hand can scan it twice; it was counted once.",
    # why there is no scanner or printer behind a port
    "port.missing": "{port} is not there; plug the device in.",
    "port.permission": "{port} may not be opened by this user; add it to the group dialout and log in again.",
    "port.busy": "{port} is used by another program; close that program.",
    "port.not_serial": "{port} is not a serial port; check its name in the settings.",
    "port.settings": "{port} refuses these settings; check the scanner's preset.",
    "port.refused": "{port} does not answer; switch the device on and check the network.",
    "port.bad_name": "{port} is not the name of a port; check it in the settings.",
    "port.no_hidapi": "{port} can be opened by its /dev/hidraw node, or once pos-loyalty[hid] is installed.",
    "port.unplugged": "{port} was unplugged or switched off; it is used again as soon as it is back.",
    "port.failed": "{port} does not work ({detail}).",
    # who may open a device, and what disturbs it
    "access.group": "{port} belongs to the group {group}, and {user} is not in it; "
    "run `sudo usermod -aG {group} {user}` and log in again.",
    "access.login": "{port} may be opened by the group {group}; log out and in again, so that it counts for you.",
    "hazard.modem_manager": "ModemManager talks to every new serial port first, and garbles the first scans; "
    "install the udev rule that keeps it off.",
    "hazard.brltty": "The program brltty takes this adapter's chip for a braille display; run `sudo apt remove brltty` "
    "if nobody needs it.",
    "hazard.no_hid": "A scanner here speaks HID and has no lasting name; install `pip install 'pos-loyalty[hid]'`, "
    "take the name that the udev rule gives it, or switch it to its serial (COM port) mode.",
    "hazard.no_fribidi": "Arabic is drawn in a simpler way on receipts; install libfribidi0 to have it shaped well.",
    # what a trial scan tells of a scanner
    "guess.silent": "Nothing came; look at the cable, and whether the scanner beeps. One that types needs no port.",
    "guess.ssi": "The scanner sends Zebra's SSI packets.",
    "guess.parity": "The scanner sends 7 bits with {parity} parity.",
    "guess.speed": "The bytes are no text; the scanner is set to another speed. Try 115200, or scan its code for 9600 8N1.",
    "guess.stx": "The code stands between STX and ETX, as for Olivetti hosts.",
    "guess.suffix": "The code ends with a suffix, as it should.",
    "guess.no_suffix": "The scanner sends no suffix; that works, and a CR at the end of codes makes it quicker and surer.",
    # customer displays
    "display.bad_preset": "There is no command set {preset}; choose one of {presets}.",
    "display.bad_codepage": "There is no code page {codepage}; choose one of {codepages}.",
    # printers
    "printer.off": "The printer {printer} does not answer; switch it on and check its cable.",
    "printer.cut_off": "The connection to the printer {printer} broke within a job; look at the paper.",
    "printer.offline": "The printer {printer} is offline; press its online or feed button.",
    "printer.paper_out": "The printer {printer} is out of paper; put in a new roll.",
    "printer.cover_open": "The cover of the printer {printer} is open; close it.",
    "printer.fault": "The printer {printer} reports a fault; look at its cutter, then switch it off and on.",
    "printer.timeout": "The printer {printer} takes no more data; look at its paper and its cover.",
    "printer.forbidden": "The printer {printer} may not be opened by this user; add it to the group "
    "lp or dialout and log in again.",
    "printer.busy": "The printer {printer} is used by another program; close that program.",
    "printer.failed": "The printer {printer} does not work ({detail}).",
    "printer.bad_target": "{printer} names no printer; write tcp://HOST:PORT, serial:PORT, usb:PATH, cups:QUEUE "
    "or file:PATH.",
    "printer.no_cups": "The program lp is not here for the printer {printer}; install CUPS (package cups-client).",
    "printer.no_queue": "CUPS does not take jobs for {printer} ({detail}); look at the queue's name with lpstat -p.",
    # the spool
    "spool.behind": "The job waits for the one before it, {ahead}.",
    "spool.full": "{limit} jobs wait already; see to the printer first.",
    "spool.cut_short": "The program ended while this job was being printed; look at the paper.",
    "spool.disk": "A job waits, for its queue cannot be written ({detail}); make room on the disk.",
    "spool.not_kept": "What waits at the printer is lost if the program ends: its queue cannot be written ({detail}); "
    "make room on the disk.",
    "spool.not_removed": "A job that is done stays in the printer's queue ({detail}); after the next start it is "
    "asked for once more.",
    "spool.unreadable": "{count} jobs in the printer's queue cannot be read; they were put aside in {folder}.",
    "spool.in_use": "Another till uses the printer's queue in {folder}; what waits here is lost if the program ends.",
    "spool.closed": "The printer is no longer served; the program ends.",
    "spool.too_big": "The job is bigger than {limit} bytes; this is no receipt.",
    # the demo's scanner
    "demo.no_scanner": "No simulated scanner listens at {path}; start the demo first.",
    "demo.already": "A simulated scanner listens at {path} already; close the other demo.",
    "demo.refused": "The simulated scanner did not take {code}.",
    "demo.bad_code": "A code to scan has 1 to {limit} characters and no line break.",
    "demo.too_many": "At most {limit} codes are scanned in one go.",
    "demo.bad_path": "{path} can be no socket: its name must be shorter than {limit} bytes.",
    "demo.not_a_socket": "{path} is there and is no socket; move it away.",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is as it is: a code from `SENTENCES` and the values that its sentence names."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The English sentence. KeyError for a code or value that `SENTENCES` does not know."""
        return SENTENCES[self.code].format_map(self.values)

    def __str__(self) -> str:
        return self.sentence


def because(code: str, /, **values: object) -> Reason:
    """Make a reason; each value is kept as the text that a person reads."""
    return Reason(code, {name: str(value) for name, value in values.items()})
