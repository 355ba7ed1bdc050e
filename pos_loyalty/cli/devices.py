"""`devices list` and `devices test`: what is plugged in, what it is and what keeps it from working; and each device tried."""

from __future__ import annotations

from typing import Any

from pos_loyalty.cli.arguments import DONE, REFUSED
from pos_loyalty.cli.call import Call, CallWrong
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.terminal.workbench import Bench
from pos_loyalty.ui.workbench import WHAT, DeviceSeen, Inspection, Role

WEDGE = "wedge"
USED_AS: dict[Role, str] = {
    "scanner": N_("The settings use it as a scanner."),
    "printer": N_("The settings use it as the printer."),
    "display": N_("The settings use it as the customer display."),
}


def list_(call: Call) -> int:
    """Print what is plugged in."""
    bench = Bench(call.settings)
    seen = bench.look()
    if call.options.rule:
        call.out.text(seen.rule)
    elif call.options.json:
        call.out.json(_facts(call, seen))
    else:
        _tell(call, seen)
    return DONE


def _tell(call: Call, seen: Inspection) -> None:
    say = call.language.say
    if not seen.devices:
        call.say(
            N_("Nothing is plugged in that a till could use. A scanner that types like a keyboard needs no setting.")
        )
    for device in seen.devices:
        name = device.name or device.node
        call.out.line(f"{name} ({device.usb})" if device.usb else name)
        call.out.line("  " + call.language.text(WHAT[device.what]))
        call.out.line("  " + call.language.text(N_("port: {port}"), port=device.port))
        if device.preset:
            call.out.line("  " + call.language.text(N_("preset: {preset}"), preset=device.preset))
        for role in device.used:
            call.out.line("  ● " + call.language.text(USED_AS[role]))
        if device.trouble is not None:
            call.out.line("  ✖ " + say(device.trouble))
    for message in seen.missing:
        call.out.line("✖ " + say(message))
    for message in seen.hazards:
        call.out.line("! " + say(message))
    file = call.settings.file
    if file is None:
        call.say(N_("No settings file is named: the keyboard is all that the till uses."))
    else:
        call.say(N_("Settings: {file}"), file=str(file))


def _facts(call: Call, seen: Inspection) -> dict[str, Any]:
    say = call.language.say
    return {
        "devices": [_device(call, device) for device in seen.devices],
        "missing": [say(message) for message in seen.missing],
        "hazards": [say(message) for message in seen.hazards],
        "settings": str(call.settings.file) if call.settings.file else None,
    }


def _device(call: Call, device: DeviceSeen) -> dict[str, Any]:
    return {
        "what": device.what,
        "name": device.name,
        "usb": device.usb or None,
        "port": device.port,
        "node": device.node,
        "preset": device.preset or None,
        "used": list(device.used),
        "trouble": call.language.say(device.trouble) if device.trouble else None,
    }


def test(call: Call) -> int:
    """Try one device."""
    bench = Bench(call.settings)
    match call.options.device:
        case "scanner":
            return _test_scanner(call, bench)
        case "printer":
            message = bench.try_printer(_target(call))
        case "drawer":
            message = bench.try_drawer(_target(call))
        case _:
            display = call.settings.display
            port = call.options.port or (display.port if display else None)
            message = bench.try_display(_needed(port, "[display]"), call.options.preset or "")
    call.out.line(call.language.say(message))
    return DONE


def _test_scanner(call: Call, bench: Bench) -> int:
    named = next((one.port for one in call.settings.scanners), None)
    port = _needed(call.options.port or named, "[[scanner]]")
    if port == WEDGE:
        raise CallWrong(
            Message(N_("A scanner that types shows what it reads wherever one types: scan into any text field."))
        )
    call.say(N_("Scan something within {seconds} seconds …"), seconds=call.options.seconds)
    call.out.flush()
    trial = bench.try_scanner(port, call.options.preset or "", call.options.seconds)
    if trial.raw:
        call.say(N_("bytes: {bytes}"), bytes=trial.bytes_shown)
    if trial.code is not None:
        call.say(N_("code: {code}"), code=trial.code)
    if trial.symbology is not None:
        call.say(N_("kind of barcode: {symbology}"), symbology=trial.symbology)
    call.out.line(call.language.say(trial.why))
    if trial.preset is not None:
        call.say(N_("preset that fits: {preset}"), preset=trial.preset)
    return DONE if trial.code is not None else REFUSED


def _target(call: Call) -> str:
    """The printer: named by the call, or in the settings; a bare device node is taken as one."""
    named: str | None = call.options.port
    if named is not None and named.startswith("/dev/"):
        named = f"usb:{named}" if "/usb/lp" in named else f"serial:{named}"
    printer = call.settings.printer
    return _needed(named or (printer.target if printer else None), "[printer]")


def _needed(port: str | None, table: str) -> str:
    if port is None:
        raise CallWrong(
            Message(
                N_(
                    "Which one? Name it with --port, or in the settings under {table}; `devices list` shows what there is."
                ),
                table=table,
            )
        )
    return port
