"""Everything that is wrong with a programme file is said at once, by line and field, in a sentence; and nothing is ignored."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from programme_checks import BASIC, EARNS, GOLD, HEAD, PURSE, only, places, said
from steps import steps

from pos_loyalty.domain.programme.ladder import MAX_TIERS
from pos_loyalty.domain.programme.problems import MAX_PROBLEMS
from pos_loyalty.domain.programme.purse_reading import MAX_PURSES
from pos_loyalty.domain.programme.reading import MAX_CHARACTERS, read


@pytest.mark.parametrize(
    ("rows", "field", "sentence"),
    [
        ('name = ""', "programme.name", "The name is empty."),
        ("name = 5", "programme.name", "Found: the bare number 5."),
        ('name = "' + "x" * 81 + '"', "programme.name", "The name has 81 characters, more than the 80 that fit."),
        ('name = "a\\u202eb"', "programme.name", "Character 2 is one that nobody can see (U+202E)."),
        ('name = "a\\nb"', "programme.name", "Character 2 is one that nobody can see (U+000A)."),
        ('currency = "EURO"', "programme.currency", '"EURO" is not a currency.'),
        ('currency = "XXX"', "programme.currency", '"XXX" is not a currency.'),
        ('time_zone = "Europe/Sofa"', "programme.time_zone", '"Europe/Sofa" is not a time zone.'),
        ('time_zone = "../Europe/Sofia"', "programme.time_zone", '"../Europe/Sofia" is not a time zone.'),
        ('time_zone = "Europe"', "programme.time_zone", '"Europe" is not a time zone.'),
        ('time_zone = ""', "programme.time_zone", '"" is not a time zone.'),
        ('time_zone = "localtime"', "programme.time_zone", '"localtime" is not a time zone.'),
        ('day_starts = "24:00"', "programme.day_starts", '"24:00" is not a time of day.'),
        ("day_starts = 04:00:00", "programme.day_starts", "Found: a date or a time without quotation marks."),
        ('maximum_discount = "101%"', "programme.maximum_discount", '"101%" is not between 0% and 100%.'),
        ('maximum_discount = "-1%"', "programme.maximum_discount", '"-1%" is not between 0% and 100%.'),
        ('maximum_discount = "50"', "programme.maximum_discount", '"50" is not a percentage.'),
        ('maximum_discount = "0.00001%"', "programme.maximum_discount", '"0.00001%" is not a percentage.'),
        ("maximum_discount = 0.5", "programme.maximum_discount", "Found: the bare number 0.5."),
        ('cash_rounding = "0.00"', "programme.cash_rounding", "This has to be above zero."),
        ('cash_rounding = "-0.01"', "programme.cash_rounding", "An amount cannot be below zero here."),
        ('cash_rounding = "0.001"', "programme.cash_rounding", '"0.001" has more decimals than EUR has (2).'),
        ('cash_rounding = "0.010"', "programme.cash_rounding", '"0.010" has more decimals than EUR has (2).'),
        ('cash_rounding = "0,01"', "programme.cash_rounding", '"0,01" is not an amount.'),
        ('cash_rounding = "1 000"', "programme.cash_rounding", '"1 000" is not an amount.'),
        ('cash_rounding = "١"', "programme.cash_rounding", '"١" is not an amount.'),
        ('cash_rounding = "9999999999999.00"', "programme.cash_rounding", "is more than any shop takes."),
        ("cash_rounding = [1]", "programme.cash_rounding", "Found: a list."),
        ("cash_rounding = true", "programme.cash_rounding", "Found: true (without quotation marks)."),
        ("cash_rounding = 0x" + "f" * 9000, "programme.cash_rounding", "Found: the bare number 0xfff"),
        ('curency = "EUR"', "programme.curency", '"curency" is not known here.'),
    ],
)
def test_what_cannot_stand_in_programme(rows: str, field: str, sentence: str) -> None:
    """Each slip in [programme] is one error at its line, that says what is wrong there."""
    key = rows.partition(" ")[0]
    kept = [row for row in HEAD.splitlines() if not row.startswith(key + " ")]
    problem = only("\n".join([*kept, rows]))
    assert (problem.line, problem.field) == (len(kept) + 1, field)
    assert sentence in said(problem.message)


@pytest.mark.parametrize(
    ("rows", "line", "field", "sentence"),
    [
        ("[purse.p]\nexpires = 'never'", 5, "purse.p.unit", "unit is missing."),
        ("[purse.p]\nunit = 'coins'\nexpires = 'never'", 6, "purse.p.unit", '"coins" is not known here.'),
        (PURSE + "hold = '2 weeks'", 8, "purse.cashback.hold", '"2 weeks" is not a length of time.'),
        (PURSE + "hold = '-1 days'", 8, "purse.cashback.hold", '"-1 days" is not a length of time.'),
        (PURSE + "hold = 'never'", 8, "purse.cashback.hold", '"never" is not a length of time.'),
        (PURSE + "hold = 14", 8, "purse.cashback.hold", "Found: the bare number 14."),
        (PURSE + "hold = '101 years'", 8, "purse.cashback.hold", '"101 years" is longer than a hundred years.'),
        (PURSE + "hold = '36526 days'", 8, "purse.cashback.hold", '"36526 days" is longer than a hundred years.'),
        ("[purse.p]\nunit = 'money'\nexpires = 'soon'", 7, "purse.p.expires", '"soon" is not a length of time.'),
        (PURSE + "spend = '1.00'", 8, "purse.cashback.spend", "Needed here: a table."),
        (PURSE + "spend = { minimum = '1.000' }", 8, "purse.cashback.spend.minimum", "has more decimals"),
        (PURSE + "spend = { up_to = '150%' }", 8, "purse.cashback.spend.up_to", "is not between 0% and 100%."),
        (PURSE + "spend = { counts_as = 'cash' }", 8, "purse.cashback.spend.counts_as", "is not known here."),
        (PURSE + "spend = { most = '1.00' }", 8, "purse.cashback.spend.most", '"most" is not known here.'),
        (PURSE + "[purse.Cashback]\nunit = 'money'\nexpires = 'never'", 8, "purse.Cashback", "capital letters"),
        ("[purse.'a b']\nunit = 'money'\nexpires = 'never'", 5, "purse.a b", '"a b" cannot be an id.'),
        ("[[purse]]\nunit = 'money'", 5, "purse", "does not have the right number of brackets."),
        ("[purse]\nunit = 'money'", 6, "purse.unit", "Needed here: a table."),
        ("[tier]\nid = 'basic'", 5, "tier", "does not have the right number of brackets."),
        ("[[tiers]]\nwindow = 'lifetime'\n" + BASIC, 5, "tiers", "does not have the right number of brackets."),
        ("tier = [1]", 5, "programme.tier", '"tier" is not known here.'),
        ("[tiers]\nwindow = '0 days'\n" + BASIC, 6, "tiers.window", "In a window of no time"),
        ("[tiers]\nwindow = 'year'\n" + BASIC, 6, "tiers.window", '"year" is not a length of time.'),
        ("[tiers]\nkept_for = 'lifetime'\n" + BASIC, 6, "tiers.kept_for", '"lifetime" is not a length of time.'),
        ("[tiers]\nstep_down = 'fit'\n" + BASIC, 6, "tiers.step_down", '"fit" is not known here.'),
        ("[tiers]\nstep_down = 1\n" + BASIC, 6, "tiers.step_down", "Found: the bare number 1."),
        (BASIC.replace('"0.00"', '"1.00"'), 8, "tier.basic.spend", "its spend has to be zero."),
        (BASIC + "named_only = true", 9, "tier.basic.named_only", "it cannot be for named cards only."),
        (BASIC + "named_only = 'yes'", 9, "tier.basic.named_only", 'Found: the text "yes".'),
        (BASIC + GOLD.replace("500.00", "0.00"), 12, "tier.gold.spend", '"0.00" is not more than "0.00"'),
        (BASIC + GOLD.replace("gold", "Basic"), 10, "tier[2].id", "already taken on line 6."),
        (BASIC + GOLD.replace("gold", "vip!"), 10, "tier[2].id", '"vip!" cannot be an id.'),
        (BASIC + GOLD.replace('name = "Gold"\n', ""), 9, "tier.gold.name", "name is missing."),
        (BASIC + GOLD.replace('id = "gold"\n', ""), 9, "tier[2].id", "id is missing."),
        (BASIC + 'cashback = "1%"', 9, "tier.basic.cashback", "there is none."),
        (BASIC + 'rate = "1%"', 9, "tier.basic.rate", '"rate" is not known here.'),
        ("[[exclude]]", 5, "exclude[1]", "it would leave out all of them."),
        ("[[exclude]]\ndepartments = []", 6, "exclude[1].departments", "The list is empty"),
        ("[[exclude]]\ndepartments = 'x'", 6, "exclude[1].departments", 'Found: the text "x".'),
        ("[[exclude]]\nskus = [\n'A',\n''\n]", 8, "exclude[1].skus", "The text is empty."),
        ("[[exclude]]\nskus = [\n1]", 7, "exclude[1].skus", "Found: the bare number 1."),
        ("[[exclude]]\nskus = ['" + "x" * 201 + "']", 6, "exclude[1].skus", "The text has 201 characters"),
        ("[[exclude]]\nreduced = 'yes'", 6, "exclude[1].reduced", 'Found: the text "yes".'),
        ("[exclude]\nreduced = true", 5, "exclude", "does not have the right number of brackets."),
        ("[returns]\nwhen_spent = 'keep'", 6, "returns.when_spent", '"keep" is not known here.'),
        ("[returns]\nrestored_for = 30", 6, "returns.restored_for", "Found: the bare number 30."),
        ("[return]\n", 5, "return", '"return" is not known here.'),
    ],
)
def test_what_cannot_stand_in_the_rest(rows: str, line: int, field: str, sentence: str) -> None:
    """Each slip below [programme] is one error at its line, that says what is wrong there."""
    problem = only(HEAD + rows)
    assert (problem.line, problem.field) == (line, field)
    assert sentence in said(problem.message)


@pytest.mark.parametrize(
    ("rows", "mend"),
    [
        ("curency = 1", 'Did you mean "currency"?'),
        ("zzz = 1", "What can stand here: name, currency, time_zone, day_starts, maximum_discount, cash_rounding."),
        ("[[tiers_]]", 'Did you mean "tiers"?'),
        ("[[Offers]]", 'Did you mean "offer"?'),
        ("[returns]\nwhen_spent = 'Owes'", 'Did you mean "owe"?'),
        ("[returns]\nwhen_spent = 'x'", "What can stand here: owe, withhold, forgive."),
        (PURSE + "[purse.p]\nexpires='never'\nunit = 'mony'", 'Did you mean "money"?'),
        ("[tier]", "Write [[tier]]."),
        ("[[returns]]", "Write [returns]."),
    ],
)
def test_a_slip_gets_a_suggestion(rows: str, mend: str) -> None:
    """What is not known may have meant something that is; where nothing is near, all that can stand there is listed."""
    assert said(only(HEAD + rows).mend) == mend


@pytest.mark.parametrize(
    ("written", "meant"),
    [("europe/sofia", "Europe/Sofia"), ("Sofia", "Europe/Sofia"), ("Europe/New York", "America/New_York")],
)
def test_a_city_is_enough_to_suggest_a_time_zone(written: str, meant: str) -> None:
    """Whoever writes the city, or small letters, is told the zone's name."""
    problem = only(HEAD.replace("Europe/Sofia", written))
    assert said(problem.mend) == f'Did you mean "{meant}"?'


def test_a_currency_in_small_letters_is_suggested_in_capitals() -> None:
    """A known code in the wrong case is one key away."""
    assert said(only(HEAD.replace("EUR", "eur")).mend) == 'Did you mean "EUR"?'


def test_a_wrong_currency_does_not_make_every_amount_wrong() -> None:
    """Only the cause is named: amounts of a currency that is not known may have any decimals."""
    assert only(HEAD.replace("EUR", "EU") + 'cash_rounding = "0.005"').field == "programme.currency"


@pytest.mark.parametrize("text", ["", "# nothing but a remark\n", BASIC])
def test_a_file_without_its_first_table_is_told_so(text: str) -> None:
    """The first table is asked for as a whole, not key by key."""
    problem = only(text)
    assert (problem.line, problem.field) == (None, "programme")
    assert said(problem.message) == "The table [programme] is missing."


def test_missing_keys_are_errors_at_their_table() -> None:
    """What a programme cannot do without is asked for where it belongs."""
    assert places(read("\n[programme]\n")) == [
        (2, "programme.name"),
        (2, "programme.currency"),
        (2, "programme.time_zone"),
    ]


# What works and is probably not meant.


@pytest.mark.parametrize(
    ("rows", "line", "field", "sentence"),
    [
        (EARNS + "[purse.p]\nunit = 'money'", 9, "purse.p.expires", "never expires: a liability without end."),
        (
            BASIC + 'discount = "5%"\n' + GOLD + 'discount = "4%"',
            14,
            "tier.gold.discount",
            "4% is less than the 5% of the tier below it",
        ),
        (BASIC + 'discount = "5%"\n' + GOLD, 10, "tier.gold.discount", "0% is less than the 5%"),
        (
            PURSE + BASIC + 'cashback = "5%"\n' + GOLD + 'cashback = "1%"',
            17,
            "tier.gold.cashback",
            "1% is less than the 5% of the tier below it",
        ),
        (
            'maximum_discount = "10%"\n' + BASIC + 'discount = "20%"',
            10,
            "tier.basic.discount",
            "20% is more than maximum_discount, so holders get 10% at most.",
        ),
        ("[tiers]\nwindow = 'lifetime'", 5, "tiers", "and there are none."),
    ],
)
def test_what_is_doubtful_is_a_warning(rows: str, line: int, field: str, sentence: str) -> None:
    """A warning leaves the programme usable, and says what would happen."""
    problem = only(HEAD + rows, "warning")
    assert (problem.line, problem.field) == (line, field)
    assert sentence in said(problem.message)


def test_a_purse_that_says_never_is_meant_that_way() -> None:
    """An owner who wrote that a purse never expires is not asked again."""
    assert read(HEAD + EARNS + "[purse.p]\nunit = 'money'\nexpires = 'never'\n").problems == ()


# Files that are not TOML, and files that are too much.


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("a = ", 1, "at column 5 (Invalid value)"),
        (HEAD + "day_starts = 4h\n", 5, "(Expected newline or end of document after a statement)"),
        (HEAD + "day_starts\n", 5, "(Expected '=' after a key in a key/value pair)"),
        (HEAD + 'name = "Again"\n', 5, "(Cannot overwrite a value)"),
        (HEAD + "[programme]\n", 5, "(Cannot declare ('programme',) twice)"),
        (HEAD + 'day_starts = "04:00\n', 5, "(Illegal character '\\n')"),
        (HEAD + "x = [\n1,\n", 5, "What begins here is not closed before the file ends (Invalid value)."),
        (HEAD + 'x = """\n[tiers]\nwindow = "lifetime"\n', 5, "What begins here is not closed"),
        (HEAD + "x = " + "9" * 5_000, 5, "A number here has too many digits."),
        (HEAD + "x = " + "[" * 5_000, 5, "Keys and lists are nested deeper than 20 levels here."),
        (HEAD + "x" + ".x" * 100_000 + " = 1", 5, "Keys and lists are nested deeper than 20 levels here."),
        (HEAD + "x = { a = 1 \n", 5, "(Unclosed inline table)"),
        ("\x1b[31m", 1, "(Invalid statement)"),
        ("# " + "x" * MAX_CHARACTERS, None, "more than the 1000000 that a programme can have."),
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem(text: str, line: int | None, sentence: str) -> None:
    """Where a file stops making sense is said in one sentence, with its line."""
    problem = only(text)
    assert (problem.line, problem.field) == (line, "")
    assert sentence in said(problem.message)
    said(problem.mend)


def test_too_many_of_anything_is_an_error() -> None:
    """A ladder and a set of purses are bounded."""
    tiers = "".join(
        f'[[tier]]\nid = "t{number}"\nname = "T"\nspend = "{number}.00"\n' for number in range(MAX_TIERS + 1)
    )
    assert only(HEAD + tiers).field == f"tier.t{MAX_TIERS}"
    purses = "".join(f'[purse.p{number}]\nunit = "money"\nexpires = "never"\n' for number in range(MAX_PURSES + 2))
    assert only(HEAD + purses).field == f"purse.p{MAX_PURSES}"


def test_fifty_errors_are_fifty_problems_in_order() -> None:
    """One run reports every error, each at its own line, whatever stands between them."""
    rows = [HEAD]
    for number in range(10):
        rows.append(f'# remark\n\n[purse.p{number}]\nunit = "money"\nhold = "soon"\nexpires = """\nx"""\n')
        rows.append(f'[[offer]]\nid = "o{number}"\ntitle = "O"\ngive = {{ gift = "MUG" }}\n')
        rows.append('note = [\n"[x]", # ]\n]\n[[exclude]]\nskus = [\n"A",\n"",\n7]\n')
    text = "".join(rows)
    wanted = []
    for line, row in enumerate(text.splitlines(), 1):
        if row.startswith(('hold = "soon"', "expires", "note", '"",', "7]")):
            wanted.append(line)
    reading = read(text)
    assert len(wanted) == 50
    assert [problem.line for problem in reading.problems] == wanted


def test_a_thousand_problems_are_enough() -> None:
    """A file full of errors lists the first thousand and says that there are more."""
    reading = read(HEAD + "[[offer]]\nnote = 1\n" * 5_000 + "".join(f"[x{number}]\n" for number in range(50_000)))
    assert len(reading.problems) == MAX_PROBLEMS + 1
    assert said(reading.problems[0].message) == "There are more than 1000 problems; the rest is not listed."
    some, twice = (steps(lambda n=n: read(HEAD + "[[offer]]\n" * n)) for n in (1_500, 3_000))  # type: ignore[misc]
    assert some < twice < 3 * some  # no problem looks at all the others


def test_what_a_file_holds_is_shown_short_and_harmless() -> None:
    """A message quotes no more than a few characters of a file, and none that a terminal would act on."""
    problem = only(HEAD + '"\\u001b[2J' + "x" * 100_000 + '" = 1')
    assert len(said(problem.message)) < 100
    assert (said(problem.message) + problem.field).isprintable()


EXAMPLE = (Path(__file__).parents[2] / "docs" / "programme-example.toml").read_text(encoding="utf-8")
WORDS = [row for row in EXAMPLE.splitlines() if row and not row.startswith("#")]


rows = st.lists(
    st.sampled_from(
        [
            *(HEAD + PURSE + BASIC + GOLD + EARNS).splitlines(),
            *WORDS,
            *(
                f"[{table}]"
                for table in ("tiers", "returns", "exclude", "purse", "tier", "programme", "purse.x", "guard")
            ),
            *(f"[[{table}]]" for table in ("tiers", "exclude", "purse", "offer", "programme", "purse.cashback")),
            *(
                f"{key} = {value}"
                for key in (
                    *("name", "currency", "time_zone", "spend", "unit", "skus", "expires", "id", "tier", "purse"),
                    *("for", "on", "when", "needs", "costs", "give", "limit", "group", "automatic", "join", "closes"),
                    *(
                        "offer",
                        "club",
                        "draw",
                        "give.earn",
                        "give.multiply",
                        "for.bought",
                        "prizes",
                        "members",
                        "worth",
                    ),
                )
                for value in ("1", '"x"', "[]", "{}", "[{}]", "[[1]]", "true", "1979-05-27", "nan", '"5%"', "[1, {}]")
            ),
        ]
    ),
    max_size=12,
).map("\n".join)


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """The example programme with rows taken out, doubled or put elsewhere."""
    kept = list(WORDS)
    for _ in range(draw(st.integers(1, 6))):
        row = kept.pop(draw(st.integers(0, len(kept) - 1)))
        for _ in range(draw(st.integers(0, 2))):
            kept.insert(draw(st.integers(0, len(kept))), row)
    return "\n".join(kept)


@given(st.one_of(mangled(), st.text(max_size=200), st.text(string.printable, max_size=200), rows))
@example("[programme]\nname = '\ud800'")
def test_no_text_is_a_surprise(text: str) -> None:
    """Whatever a file holds, the answer is a programme or its problems in order of line, each in a whole sentence."""
    reading = read(text)
    lines = [problem.line or 0 for problem in reading.problems]
    assert lines == sorted(lines)
    assert all(0 <= line <= text.count("\n") + 1 for line in lines)
    assert (reading.programme is None) == any(problem.severity == "error" for problem in reading.problems)
    for problem in reading.problems:
        assert said(problem.message)[-1] in ".?"
        said(problem.mend)
