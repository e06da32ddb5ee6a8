"""Keeps what is shown of a message within a line, whatever a Device sends: cut, or split below."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from hht.gbcs.explain.field import Field
from hht.gbcs.explain.texts import escaped, is_printed
from hht.spans import Kind, Line, Span

LONGEST = 158
"""Characters of a line: what a terminal of two times 79 columns shows without a break."""

CUT = " …"
"""At the end of a line that is cut."""

_LONGEST_WORD = 20
"""Characters; within what is longer, such as a hash, a line may be cut."""

_WHOLE_MINUTE = re.compile(r"(\d\d:\d\d):00 UTC")
_HUNDREDTHS = re.compile(r"(\d\d:\d\d:\d\d)\.\d\d UTC")
_SECONDS = re.compile(r"\b(\d\d:\d\d):\d\d(?= UTC)")
_SHARE = re.compile(r"\b(\d+ of \d+) parts\b")
_OF_NO_DATE = re.compile(r"^impossible date (\d{4}-\d\d-\d\d)\b.*")
_OF_NO_TIME = re.compile(r"(?<=\d) impossible time .*")
_NO_FORM = re.compile(r"^(no date and time|a time of another form): .*")
_OF_NO_ZONE = re.compile(r"(?<=\d) [\d:.]+ \(deviation -?\d+ min\).*")
_ZONE_AND_DOUBT = re.compile(r" UTC(?: \(clock in doubt\))?$")
_NO_MOMENT = re.compile(
    r"impossible (?:date|time)\b|\(impossible\)|\(wrong (?:time|zone)\)|\(deviation -?\d"
    r"|is impossible|no date and time|a time of another form|^out of range: .* s from 2000$"
)
_CONTROLLER = re.compile(r"\bauxiliary (?=controllers?\b)")
_EVERY = re.compile(r"\b(?:every|daylight saving (?:begins|ends)|last day)\b|\*\*")
_RECURRING = "a recurring date"
_IN_DOUBT = " (clock in doubt)"
_DOUBTS_IN_SHORT = {", clock ": ", ", "daylight saving time": "DST"}
"""For a line that is short of room, of doubts about the clock that gave a moment."""

_DANGLING = re.compile(r"[ ,;:(]*(?:\b(?:and|at|from|of|to))?[ ,;:(]*$")
"""What leads on to something that was cut off."""

_WHOLE = (Kind.ENTITY, Kind.MOMENT, Kind.HIDDEN, Kind.AMOUNT, Kind.MONEY)
"""What says something else when it is cut."""


def bounded(line: Line, room: int = LONGEST) -> Line:
    """Return the line in printable signs, shortened to the room: its moments first, then its
    end."""
    if line.size <= room and is_printed(str(line)):
        return line
    shown = Line(tuple(span._replace(text=escaped(span.text)) for span in line.spans))
    shorter = with_short_moments(shown, room)
    if shorter.size > room:
        shorter = _shortened(shorter, room, _LAST_WAYS)
    if shorter.size > room:
        shorter = _shortened(_with_zone_once(shorter), room, _SHORTEST)
    return cut(shorter if shorter.size <= room else _without_parts(shorter), room)


def with_short_moments(line: Line, room: int) -> Line:
    """Return the line, where it is too long without seconds that are 0, with doubts in short, and
    to the second."""
    return _shortened(line, room, (_to_the_minute, _with_short_doubts, _without_hundredths))


def _shortened(line: Line, room: int, ways: Iterable[Callable[[Span], Span]]) -> Line:
    """Return the line with each span shortened in one way after the other, until it fits."""
    for shorten in ways:
        if line.size <= room:
            break
        line = Line(tuple(map(shorten, line.spans)))
    return line


def cut(line: Line, room: int) -> Line:
    """Return the beginning of the line, up to a word's end where there is one near."""
    if line.size <= room:
        return line
    left = max(room - len(CUT), 0)
    spans: list[Span] = []
    for span in line.spans:
        spans.append(_beginning(span, left))
        if len(span.text) > left:
            break
        left -= len(span.text)
    while spans and not (text := _DANGLING.sub("", spans[-1].text)):
        spans.pop()
    return Line.of(*spans[:-1], spans[-1]._replace(text=text), CUT) if spans else Line.of(CUT)


def _beginning(span: Span, size: int) -> Span:
    if len(span.text) <= size:
        return span
    if span.kind in _WHOLE:
        first = span.text.partition(" (")[0]
        doubt = None if span.kind is Kind.MOMENT else span.number  # which is cut off
        return span._replace(text=first if len(first) <= size else "", number=doubt)
    return span._replace(text=_head(span.text, size))


def bounded_fields(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return the tree with no value longer than a line: the rest of a long one is in lines below
    it."""
    return tuple(map(_bounded_field, fields))


def _bounded_field(field: Field) -> Field:
    children = bounded_fields(field.children) if field.children else ()
    value, text = field.value, str(field.value)
    if len(text) > LONGEST or not is_printed(text):
        printable = Line(tuple(span._replace(text=escaped(span.text)) for span in value.spans))
        value, rest = _split(printable)
        children = (*rest, *children)
    return (
        field
        if value is field.value and children == field.children
        else replace(field, value=value, children=children)
    )


def _split(value: Line) -> tuple[Line, tuple[Field, ...]]:
    if value.size <= LONGEST:
        return value, ()
    text, size = str(value), LONGEST - len(CUT)
    pieces = []
    while text:
        head = _head(text, size)
        pieces.append(head)
        text = text[len(head) :]
    rest = (Field("continued", Line.of(piece.strip() or piece), minor=True) for piece in pieces[1:])
    return Line.of(pieces[0].rstrip(), CUT), tuple(rest)


def _head(text: str, size: int) -> str:
    short = text[:size]
    if len(text) <= size:
        return short
    head = short.rpartition(" ")[0]
    return f"{head} " if head and len(short) - len(head) < _LONGEST_WORD else short


def _to_the_minute(span: Span) -> Span:
    return span._replace(text=_WHOLE_MINUTE.sub(r"\1 UTC", span.text))


def _without_hundredths(span: Span) -> Span:
    return span._replace(text=_HUNDREDTHS.sub(r"\1 UTC", span.text))


def _with_short_doubts(span: Span) -> Span:
    if span.kind is not Kind.MOMENT or span.number is None:
        return span
    return span._replace(text=doubts_in_short(span.text))


def _with_any_doubt(span: Span) -> Span:
    """Return a moment of a clock in doubt with no more said than that; the tree says why."""
    if span.kind is not Kind.MOMENT or span.number is None or "clock" not in span.text:
        return span
    return span._replace(text=f"{span.text.rpartition(' (')[0]}{_IN_DOUBT}")


def _without_clock_of_none(span: Span) -> Span:
    """Return the date of what is no moment, with what is wrong with it in short."""
    if span.kind is not Kind.MOMENT or span.at:
        return span
    text = _NO_FORM.sub(r"\1", span.text)
    text = _OF_NO_ZONE.sub(" (wrong zone)", _OF_NO_TIME.sub(" (wrong time)", text))
    return span._replace(text=_OF_NO_DATE.sub(r"\1 (impossible)", text))


def no_moment_in_short(line: Line) -> Line:
    """Return the line with what is no moment by its date alone and what is wrong with it."""
    return Line(tuple(map(_without_clock_of_none, line.spans)))


def has_no_moment(line: Line) -> bool:
    """Return whether the line has what should be a moment, and is none."""
    texts = (span.text for span in line.spans if span.kind is not Kind.QUOTE and not span.at)
    return any(map(_NO_MOMENT.search, texts))


def _with_short_shares(span: Span) -> Span:
    return span._replace(text=_SHARE.sub(r"\1", span.text))


def _with_short_names(span: Span) -> Span:
    return span if span.kind in _WHOLE else span._replace(text=_CONTROLLER.sub("", span.text))


def _with_short_recurrence(span: Span) -> Span:
    """Return a date that is left open, such as `every Monday of March`, by what it is alone."""
    is_open = span.kind is Kind.MOMENT and _EVERY.search(span.text)
    return span._replace(text=_RECURRING) if is_open else span


def _with_zone_once(line: Line) -> Line:
    """Return a line of several moments with these to the minute, and with their zone and any doubt
    behind the last of them alone."""
    *others, last = [n for n, span in enumerate(line.spans) if span.kind is Kind.MOMENT] or [0]
    if not others:
        return line
    spans = list(line.spans)
    for n in (*others, last):
        spans[n] = spans[n]._replace(text=_SECONDS.sub(r"\1", spans[n].text))
    in_doubt = any(_IN_DOUBT in spans[n].text for n in others)
    for n in others:
        spans[n] = spans[n]._replace(text=_ZONE_AND_DOUBT.sub("", spans[n].text))
    if in_doubt and _IN_DOUBT not in spans[last].text:
        spans[last] = spans[last]._replace(text=f"{spans[last].text}{_IN_DOUBT}")
    return Line(tuple(spans))


def _without_parts(line: Line) -> Line:
    """Return a line of several moments without what each is for, such as ` (3 of 6)`."""
    spans: list[Span] = []
    is_part = False
    for span in line.spans:
        is_part = is_part or bool(spans and spans[-1].kind is Kind.MOMENT and span.text == " (")
        if not is_part:
            spans.append(span)
        is_part = is_part and span.text != ")"
    return Line(tuple(spans))


def _in_doubt_in_short(span: Span) -> Span:
    return span._replace(text=span.text.replace(_IN_DOUBT, " (in doubt)"))


_LAST_WAYS = (_with_any_doubt, _without_clock_of_none, _with_short_shares, _with_short_names)
"""To shorten a line that would lose its end otherwise, such as its last moment."""

_SHORTEST = (_with_short_recurrence, _in_doubt_in_short)
"""The same, where that is not enough."""


def doubts_in_short(text: str) -> str:
    """Return what is said of a clock in fewer signs."""
    for words, short in _DOUBTS_IN_SHORT.items():
        text = text.replace(words, short)
    return text
