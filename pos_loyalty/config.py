"""The settings of one register: read once, from one TOML file and the environment, and handed down as frozen values.

The terminal shows its first frame with what stands here; what reads a file is loaded where a file is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pos_loyalty.domain.card import CardRanges
from pos_loyalty.domain.retention import Retention

if TYPE_CHECKING:
    from drivers.drawer import Drawer
    from drivers.presets import Preset
    from pos_loyalty.domain.programme.problems import Problem

CONFIG_VARIABLE = "POS_LOYALTY_CONFIG"
STORE_VARIABLE = "POS_LOYALTY_STORE"
APPLICATION = "pos-loyalty"


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """Whose receipts they are, as the shop writes it; `member` is its name among the partners that honour one another's purse."""

    name: str = ""
    address: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    member: str | None = None


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    """One scanner: its port (a path, "hwgrep://VID:PID", "socket://host:port", "rfc2217://host:port", "wedge"), and how it talks
    (None: as most do). `beep`: it sounds what became of each scan; `disable_when_closed`: it is off while nobody listens. For the
    wedge alone, `layout`: the keyboard layout that it types under, and `slow`: it leaves time between the keys.
    """

    port: str
    preset: Preset | None = None
    beep: bool = False
    disable_when_closed: bool = False
    layout: str | None = None
    slow: bool = False


@dataclass(frozen=True, slots=True)
class PrinterSettings:
    """The receipt printer: its target as `drivers.targets` reads it, the name of its profile, the picture over each receipt, and
    the drawer that hangs on it (None: as most are).
    """

    target: str
    profile: str = "default"
    logo: Path | None = None
    drawer: Drawer | None = None


@dataclass(frozen=True, slots=True)
class DisplaySettings:
    """The customer display: its port as `drivers.ports` finds it, its command set, the code page that it is set to, and its speed
    in bits a second (None: as such displays are shipped).
    """

    port: str
    preset: str = "epson"
    codepage: str = "cp437"
    baud: int | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """One register. `store` is a path or an address as `storage.engine` takes it; `operator` who sells where nobody is named;
    `lock_minutes` after how long untouched the till locks (0: never); `data` the user's data folder; `card_colours` what cards of a
    tier are printed in ("#204060" by the tier's id); `file` where this was read from, if anywhere. `shift_required` lets it sell
    only while a shift is open.
    """

    store: str
    data: Path
    register: str = "till-1"
    language: str = "en"
    operator: str = ""
    lock_minutes: int = 10
    shop: ShopSettings = ShopSettings()
    scanners: tuple[ScannerSettings, ...] = ()
    printer: PrinterSettings | None = None
    display: DisplaySettings | None = None
    cards: CardRanges = field(default_factory=CardRanges)
    card_colours: Mapping[str, str] = field(default_factory=dict)
    privacy: Retention = field(default_factory=Retention)
    file: Path | None = None
    shift_required: bool = False

    @property
    def demo_store(self) -> Path:
        """Where the demo keeps its shop unless it is told another place."""
        return self.data / "demo" / "demo.db"

    @property
    def demo_socket(self) -> Path:
        """Where the demo's simulated scanner listens for `pos-loyalty scan`."""
        return self.data / "demo" / "scan.socket"


class SettingsWrong(Exception):
    """The settings cannot be used; `problems` is all that is wrong with them, `file` where they stand."""

    def __init__(self, file: Path | None, problems: tuple[Problem, ...]) -> None:
        super().__init__(file, problems)
        self.file = file
        self.problems = problems


def data_folder() -> Path:
    """The folder of this user's own data."""
    from platformdirs import user_data_path  # noqa: PLC0415 - 20 ms that `--help` does not pay

    return user_data_path(APPLICATION, appauthor=False)


def load(
    environment: Mapping[str, str],
    *,
    config: str | None = None,
    store: str | None = None,
    scanner: str | None = None,
    printer: str | None = None,
) -> Settings:
    """The settings of this run: what the call names comes before the environment, that before the file. SettingsWrong otherwise."""
    named = config or environment.get(CONFIG_VARIABLE) or None
    file = Path(named) if named else None
    data = data_folder()
    plain = Settings(store=str(data / "shop.db"), data=data, file=file)
    read = plain
    if file is not None:
        from pos_loyalty.config_file import read_file  # noqa: PLC0415 - only who names a file waits for its reader

        read = read_file(file, plain)
    scanners = read.scanners
    if scanner is not None:
        known = next((one for one in scanners if one.port == scanner), None)
        scanners = (known or ScannerSettings(scanner),)
    paper = read.printer
    if printer is not None:
        from pos_loyalty.config_file import printer_target  # noqa: PLC0415 - as above

        target = printer_target(printer)
        paper = replace(paper, target=target) if paper else PrinterSettings(target)
    return replace(
        read,
        store=store or environment.get(STORE_VARIABLE) or read.store,
        scanners=scanners,
        printer=paper,
    )
