"""The catalogue: every text that the screens ask for is there, and short forms stay short."""

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from screen_bench import SMALLEST

from hht.clock import ManualClock
from hht.texts import BOOKS, ENGLISH, PSEUDO, Catalogue, has_text, text, use
from screens.widgets.clock import Certainty, Countdown, Deadline
from screens.widgets.link import Link
from screens.widgets.status_line import Status, first_line
from screens.widgets.stepper import Progress, Stage, Stepper

ROOT = Path(__file__).parents[2]
TEXTS = ROOT / "assets" / "texts"
TRANSLATIONS = sorted({entry.name for entry in TEXTS.iterdir()} - {ENGLISH})


SECTION = re.compile(r'^(\w+) = texts_of\("(\w+)"\)', re.MULTILINE)
"""What a module calls the texts of one section."""


def entries(language: str) -> dict[str, object]:
    """Every `section.name` of a language with its text or plural forms."""
    found: dict[str, object] = {}
    for book in BOOKS:
        path = TEXTS / language / f"{book}.toml"
        for section, texts in tomllib.loads(path.read_text()).items() if path.is_file() else ():
            found |= {f"{section}.{name}": value for name, value in texts.items()}
    return found


def asked_for() -> Iterator[str]:
    """The keys that the code names, those put together while it runs left out."""
    for path in (*(ROOT / "screens").rglob("*.py"), *(ROOT / "hht").rglob("*.py")):
        if "hht.texts" not in (source := path.read_text()):
            continue
        calls = {"text": "", **{name: f"{each}." for name, each in SECTION.findall(source)}}
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in calls:
                before = calls[ast.unparse(node.func)]
                yield from (before + name for name in literals(node.args[0]))


def literals(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(key)):
            yield key
        case ast.IfExp():
            yield from literals(node.body)
            yield from literals(node.orelse)


def questions() -> set[str]:
    """The keys of the questions above a field to type in."""
    asked = re.compile(r'(?:Path|Typed)Screen\(text\("([a-z_.]+)"\)')
    return {
        key for path in (ROOT / "screens").rglob("*.py") for key in asked.findall(path.read_text())
    }


def values_in(entry: object) -> set[str]:
    """The {values} of a text, in whichever of its forms."""
    forms = entry.values() if isinstance(entry, dict) else [entry]
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(str(form)) if name}


def test_the_question_above_a_field_is_whole_on_the_smallest_screen() -> None:
    room = SMALLEST[0] - len("╭─  ─╮")
    assert len(asked := questions()) > 10
    assert not [key for key in asked if len(text(key)) > room]


def test_every_text_that_the_screens_ask_for_is_there() -> None:
    asked = set(asked_for())
    assert len(asked) > 100
    assert not [key for key in asked if not has_text(key)]


def test_the_book_of_a_visit_has_no_text_that_nothing_asks_for() -> None:
    book = tomllib.loads((TEXTS / ENGLISH / "visit.toml").read_text())
    code = "".join(path.read_text() for path in (ROOT / "hht").rglob("*.py"))
    named = {name for texts in book.values() for name in texts}
    assert not [name for name in named if not re.search(rf"[\"'](?:\w+\.)?{name}[\"']", code)]


@pytest.mark.parametrize(
    "language", sorted({each.name for each in (files("assets") / "texts").iterdir()} - {ENGLISH})
)
def test_a_translation_has_no_text_and_no_value_that_english_has_not(language: str) -> None:
    english, other = entries(ENGLISH), entries(language)
    assert not other.keys() - english.keys()
    assert not {key for key, entry in other.items() if values_in(entry) - values_in(english[key])}


def test_what_a_translation_leaves_out_is_english() -> None:
    assert Catalogue("cy", Catalogue(ENGLISH)).text("home.jobs", {}) == "Jobs"


@pytest.mark.parametrize(("count", "words"), [(1, "1 job"), (0, "0 jobs"), (2, "2 jobs")])
def test_a_count_chooses_the_plural_form(count: int, words: str) -> None:
    assert text("home.job_count", count=count) == words


@pytest.mark.parametrize(("count", "words"), [(1, "sent once"), (2, "sent twice"), (3, "3 times")])
def test_a_number_may_have_a_form_of_its_own(count: int, words: str) -> None:
    assert words in text("deliver.tries", count=count)


def test_a_missing_value_is_an_error_and_no_brace_on_the_screen() -> None:
    with pytest.raises(KeyError):
        text("home.dongle")


def test_the_pseudo_language_marks_every_letter_but_those_of_values() -> None:
    use(PSEUDO)
    try:
        marked = text("home.dongle", address="/dev/ttyUSB0")
        assert marked.endswith("~")
        assert "/dev/ttyUSB0" in marked
        assert not re.search("[a-z]", marked.replace("/dev/ttyUSB0", ""))
        assert len(text("status.training")) == len("TRAINING")
    finally:
        use(ENGLISH)


@pytest.mark.parametrize("language", [ENGLISH, *TRANSLATIONS, PSEUDO])
def test_status_line_and_stepper_fit_the_smallest_screen_in_every_language(language: str) -> None:
    use(language)
    try:
        clock = ManualClock()
        status = Status(
            "training",
            hub="00-DB-12-34-56-78-90-A3",
            connected=True,
            link=Link(-50, 200, clock, clock.elapsed()),
            window=Countdown(Deadline.after(clock, 47 * 60), Certainty.ABOUT),
            stay=Countdown(Deadline.after(clock, 17 * 3600), Certainty.KNOWN),
            to_return=9999,
        )
        assert "…90-A3" in first_line(status, SMALLEST[0]).plain
        assert "↑9999" in first_line(status, SMALLEST[0]).plain
        assert first_line(status, SMALLEST[0]).cell_length == SMALLEST[0]
        for stage in Stage:
            stepper = Stepper()
            stepper.set_reactive(Stepper.progress, Progress(stage, frozenset(Stage), 999, 1000))
            assert stepper.shortest().cell_length <= SMALLEST[0]
    finally:
        use(ENGLISH)


@pytest.mark.parametrize("language", [ENGLISH, *TRANSLATIONS])
def test_the_words_of_keys_are_short(language: str) -> None:
    keys = {key: str(value) for key, value in entries(language).items() if key.startswith("key.")}
    assert not {key: value for key, value in keys.items() if len(value) > 16}
