"""A line of plain words is data: each span is of a kind, and the plain text is their sum."""

from datetime import UTC, datetime

import pytest

from hht import spans
from hht.entity_id import EntityId
from hht.spans import EMPTY, Kind, Line, say, with_article

ESME = EntityId.parse("00-DB-12-34-56-78-90-A0")


def test_the_plain_line_is_the_text_of_its_spans() -> None:
    line = say("The {} reports: {}.", spans.entity(ESME), spans.amount("12.345 m3", 12345))
    assert str(line) == f"The {ESME} reports: 12.345 m3."
    assert [span.kind for span in line.spans] == [
        Kind.TEXT,
        Kind.ENTITY,
        Kind.TEXT,
        Kind.AMOUNT,
        Kind.TEXT,
    ]


def test_a_span_has_the_number_the_moment_or_the_device_that_it_shows() -> None:
    at = datetime(2015, 1, 1, tzinfo=UTC)
    assert spans.entity(ESME).entity == ESME
    assert spans.moment("2015-01-01", at).at == at
    assert spans.money("2.50 GBP", 250000).number == 250000
    assert spans.code("hardware fault", 1).number == 1


def test_a_line_begins_with_a_capital_and_so_does_the_name_that_takes_its_place() -> None:
    line = Line.of(spans.device(ESME, "ESME", known=True), " answered").capital()
    assert str(line) == f"The ESME {ESME} answered"
    assert line.spans[0].article == "The "


def test_lines_that_read_the_same_are_equal() -> None:
    assert Line.of(spans.entity(ESME), " answered") == Line.of(f"{ESME} answered")
    assert Line.of("one") != Line.of("two")


def test_a_template_has_a_place_for_each_part() -> None:
    with pytest.raises(ValueError, match="no place for each"):
        say("{} and {}", "one")


def test_a_count_is_of_one_or_many_or_none() -> None:
    words = [spans.count(number, "entry", "entries").text for number in (0, 1, 2)]
    assert words == ["no entries", "1 entry", "2 entries"]


def test_a_number_before_a_noun_has_the_noun_of_one_or_many() -> None:
    words = [spans.counted(number, "minute") for number in (0, 1, 1.0, 1.5, 1000)]
    assert words == ["0 minutes", "1 minute", "1 minute", "1.5 minutes", "1,000 minutes"]


def test_what_is_hidden_says_its_length_alone() -> None:
    span = spans.hidden(b"0123456789ABCDEF")
    assert (span.kind, span.text) == (Kind.HIDDEN, "16 bytes, hidden")
    assert Line.of(span).has(Kind.HIDDEN)
    assert not EMPTY.has(Kind.HIDDEN)


def test_spans_of_a_kind_can_be_left_out() -> None:
    assert str(spans.named_code(3, "general event log")) == "3, general event log"
    assert str(spans.named_code(3, "general event log").without(Kind.RAW)) == "general event log"


@pytest.mark.parametrize(
    "words",
    ["an ESME", "a GSME", "an HCALCS", "an IHD", "a CAD", "a CHF", "an HHT", "an Alert", "a meter"],
)
def test_an_article_goes_by_the_sound(words: str) -> None:
    assert with_article(words.partition(" ")[2]) == words
