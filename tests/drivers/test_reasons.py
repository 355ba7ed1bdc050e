"""Every reason that a driver can give has its sentence."""

import re
from pathlib import Path

import drivers
from drivers.reasons import SENTENCES, because


def test_every_code_used_is_in_the_list_and_every_code_in_the_list_is_used() -> None:
    """A translator has the whole list, and nothing in it is dead."""
    folder = Path(drivers.__file__).parent
    source = "".join(path.read_text() for path in folder.glob("*.py") if path.name != "reasons.py")
    used = set(re.findall(r'"((?:scan|port|access|hazard|display|guess|printer|spool|demo)\.[a-z_]+)"', source))
    assert used == set(SENTENCES)


def test_each_sentence_is_one_sentence() -> None:
    """It begins with a capital letter or a name and ends with a full stop."""
    for text in SENTENCES.values():
        assert text.endswith(".")
        assert text[0].isupper() or text[0] == "{"
        assert "\n" not in text


def test_a_reason_reads_as_its_sentence() -> None:
    """Code, values and sentence belong together."""
    reason = because("port.missing", port="/dev/ttyACM0")
    assert str(reason) == "/dev/ttyACM0 is not there; plug the device in."
    assert reason == because("port.missing", port="/dev/ttyACM0")
