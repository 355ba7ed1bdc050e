"""The line of every key, held against `tomllib` on documents written in every style that TOML has."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_loyalty.domain.programme.positions import MAX_DEPTH, Path, positions


def lines_of(text: str) -> dict[Path, int | None]:
    """The line of each path in the parsed text, leaves and all that holds them."""
    found = positions(text)
    return {path: found.line(path) for path in _paths(tomllib.loads(text))}


def _paths(value: object, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _paths(below, (*path, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _paths(below, (*path, index))


def test_headers_arrays_of_tables_and_keys_have_their_own_lines() -> None:
    """A table is where its header stands, the second of an array where its own does, a key where it is written."""
    text = """# a comment with [brackets]
[programme]
name = "x"

[[tier]]
id = "basic"
[[tier]]
id = "gold"
[tier.more]
note = 1
"""
    assert lines_of(text) == {
        ("programme",): 2,
        ("programme", "name"): 3,
        ("tier",): 5,
        ("tier", 0): 5,
        ("tier", 0, "id"): 6,
        ("tier", 1): 7,
        ("tier", 1, "id"): 8,
        ("tier", 1, "more"): 9,
        ("tier", 1, "more", "note"): 10,
    }


def test_values_over_several_lines_do_not_shift_what_follows() -> None:
    """Lists, long strings and what looks like TOML within them are counted and not read."""
    text = '''a = """
[b]
c = 1 \\""" still "" in ""it"""""
d = [ # ]
  "one", # "
  'two]',
  { e = """
""", f = 1 },
]
g = \'\'\'
x = "
\'\'\'\'\'
h = 1979-05-27 07:32:00 # a space within
'''
    assert lines_of(text) == {
        ("a",): 1,
        ("d",): 4,
        ("d", 0): 5,
        ("d", 1): 6,
        ("d", 2): 7,
        ("d", 2, "e"): 7,
        ("d", 2, "f"): 8,
        ("g",): 10,
        ("h",): 13,
    }


def test_a_header_after_its_subtable_has_its_own_line() -> None:
    """A table that its subtable named first is where its own header stands."""
    assert lines_of("[a.b]\n\n[a]\nx = 1\n")["a",] == 3


def test_windows_line_ends_are_one_line_each() -> None:
    """A file from Windows has the lines that its editor shows."""
    assert lines_of('a = 1\r\nb = """\r\n\r\n"""\r\nc = 2\r\n')["c",] == 5


def test_a_missing_key_is_where_its_table_is() -> None:
    """What is not there is looked for below its table's header; in the file as a whole it has no line."""
    found = positions("\n[a]\nb = 1\n")
    assert (found.line(("a", "z")), found.line(("z",))) == (2, None)


@pytest.mark.parametrize("text", ["a = " + "[" * 500, "a" + ".a" * 500 + " = 1", "[" + "a." * 500 + "a]"])
def test_nesting_without_end_is_stopped(text: str) -> None:
    """Depth is bounded before a recursive parser sees it, and the line is known."""
    assert positions("x = 1\n" + text).too_deep == 2
    assert positions("[" + ".".join("a" * MAX_DEPTH) + "]").too_deep is None


@given(st.text(alphabet=st.sampled_from("ab.=[]{}\"'#,\\\n\t 1"), max_size=60))
def test_any_text_has_positions(text: str) -> None:
    """The scanner ends on whatever it is given, and agrees with `tomllib` on each key of what is TOML."""
    found = positions(text)
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    count = text.count("\n") + 1
    for path in _paths(parsed):
        line = found.line(path)
        assert line is not None
        assert 1 <= line <= count


# A document is built with keys that are each used once, so that a line that holds the key is the right line.

TRAPS = ["", "x", "a = 1", "[t]", "[[t]]", "# no", '"', "'", '"""', "}", "],", "é\t", "a\nb = 2\n[c]\n"]


class _Writer:
    """Writes a random document in random styles."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.count = 0

    def pick(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def key(self) -> str:
        self.count += 1
        bare = f"k{self.count}-"
        return self.pick(bare, f'"{bare}"', f"'{bare}'", f'"{bare}.[x]"', f"'{bare} = \"'", f'"{bare}\\u00e9\\""')

    def dotted(self) -> str:
        dot = self.pick(".", " . ", ".\t")
        return dot.join(self.key() for _ in range(self.draw(st.integers(1, 3))))

    def scalar(self) -> str:
        trap = self.pick(*TRAPS)
        escaped = trap.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
        styles = [
            f'"{escaped}"'.replace("\n", "\\n"),
            f'"""{escaped}"""',
            "12",
            "true",
            "-1.5e3",
            "2026-01-01",
            "07:30:00",
        ]
        styles.append(f'"""\n{escaped}\\\n   ""{escaped}"""')
        if "'" not in trap:
            styles += [f"'''{trap}'''", f"'''\n{trap}''''"]
            if "\n" not in trap:
                styles.append(f"'{trap}'")
        return self.pick(*styles)

    def value(self, depth: int) -> str:
        style = self.pick("scalar", "scalar", "list", "table") if depth < 3 else "scalar"
        if style == "list":
            parts = [self.value(depth + 1) for _ in range(self.draw(st.integers(0, 3)))]
            comma = self.pick(",", ", ", ",\n", " # ] , }\n , \n\n")
            return f"[{self.pick('', ' ', chr(10))}{comma.join(parts)}{self.pick('', ' ', ' # [' + chr(10))}]"
        if style == "table":
            pairs = [f"{self.dotted()} = {self.value(depth + 1)}" for _ in range(self.draw(st.integers(0, 3)))]
            return "{" + self.pick("", " ") + self.pick(",", " , ").join(pairs) + self.pick("", " ") + "}"
        return self.scalar()

    def document(self) -> str:
        rows: list[str] = []
        arrays: list[str] = []
        for _ in range(self.draw(st.integers(1, 8))):
            style = self.pick("pair", "pair", "table", "array", "again", "below", "blank")
            if style == "pair":
                rows.append(
                    f"{self.pick('', '  ')}{self.dotted()}{self.pick('=', ' = ')}{self.value(0)}{self.pick('', ' # x = [')}"
                )
            elif style == "table":
                rows.append(f"[{self.pick('', ' ')}{self.dotted()} ]")
            elif style == "array":
                arrays.append(self.key())
                rows.append(f"[[{arrays[-1]}]]")
            elif style == "again" and arrays:
                rows.append(f"[[{self.pick(*arrays)}]] # again")
            elif style == "below" and arrays:
                rows.append(f"[{self.pick(*arrays)}.{self.key()}]")
            else:
                rows.append(self.pick("", "# [not.a.table]", "   "))
        return self.pick("\n", "\r\n").join(rows)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A valid TOML text in a mixture of all styles, each of its keys written once (arrays of tables aside)."""
    return _Writer(draw).document()


@given(documents())
def test_every_key_stands_on_its_line(text: str) -> None:
    """Each path of what `tomllib` reads has a line, and that line of the file holds the path's key."""
    lines = text.replace("\r\n", "\n").split("\n")
    for path, line in lines_of(text).items():
        assert line is not None
        if isinstance(path[-1], str):
            assert path[-1].split("-")[0] + "-" in lines[line - 1]
