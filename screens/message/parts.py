"""The parts of one GBCS message: plain words, its fields as a tree, its bytes, its checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from hht.spans import Kind, Line
from hht.texts import text

if TYPE_CHECKING:
    from hht.gbcs.explain.describe import Description, Field

# By the values of hht.gbcs.protection's Verdict. Only VALID has the good sign and colour:
# UNCHECKED says nothing about the message.
LOOKS = {
    "valid": ("✓", "$success"),
    "invalid": ("✗", "$error"),
    "unchecked": ("?", "$warning"),
    "absent": ("–", "$text-muted"),
}
_MARKS = {
    Kind.ENTITY: "$primary",
    Kind.AMOUNT: "$accent",
    Kind.MONEY: "$accent",
    Kind.MOMENT: "$accent",
    Kind.RAW: "$text-muted",
}
OFFSET = 5  # cells of a line's offset
BYTE = 3  # cells of a byte and the space behind it


def words_of(description: Description) -> Content:
    """Return the message in plain words, its use case, and both checks in a word."""
    checks = [_short_verdict("mac", description.mac), _short_verdict("ds", description.signature)]
    return Content("\n").join(
        (
            line_content(description.reading, "bold"),
            Content(""),
            Content.styled(description.title, "$text-muted"),
            Content("   ").join(checks),
        )
    )


def checks_of(description: Description) -> Content:
    """Return what was checked, with what came of it in a sentence."""
    return Content("\n").join(
        line
        for of, verdict in (("mac", description.mac), ("ds", description.signature))
        for line in (
            verdict_text(of, verdict),
            Content.styled(text(f"message.{verdict}_means"), "$text-muted"),
            Content(""),
        )
    )


def verdict_text(of: str, verdict: str) -> Content:
    """Write one verdict in words: `? Signature: not checked`."""
    sign, style = LOOKS[verdict]
    words = f"{sign} {text(f'message.{of}')}: {text(f'message.{verdict}')}"
    return Content.styled(words, f"bold {style}")


def _short_verdict(of: str, verdict: str) -> Content:
    sign, style = LOOKS[verdict]
    return Content.styled(f"{sign} {text(f'message.{of}')} {text(f'message.{verdict}')}", style)


def line_content(line: Line, style: str = "") -> Content:
    """Return a line with its Devices, amounts and moments marked."""
    spans = ((span.text, f"{style} {_MARKS.get(span.kind, '')}".strip()) for span in line.spans)
    return Content.assemble(*spans)


def holds_secret(fields: Sequence[Field]) -> bool:
    """Return whether one of the fields is hidden: an Install Code, a key or a PIN."""
    return any(each.value.has(Kind.HIDDEN) or holds_secret(each.children) for each in fields)


def words_and_fields(description: Description) -> Content:
    """Return the message's words with the tree of its fields below, in one piece."""
    return Content("\n").join([words_of(description), Content(""), *tree_lines(description.fields)])


def tree_lines(fields: Sequence[Field], indent: str = "") -> Iterator[Content]:
    """Write each field on a line, its children under it with a guide."""
    for field in fields:
        last = field is fields[-1]
        guide = f"{indent}{'└' if last else '├'} "
        value = line_content(field.value)
        name = Content.assemble((guide, "$text-muted"), (field.name, "bold"))
        yield Content.assemble(name, "  ", value) if field.value else name
        yield from tree_lines(field.children, f"{indent}{'  ' if last else '│ '}")


def hex_dump(raw: bytes, width: int) -> Content:
    """Write offsets and bytes in hexadecimal, eight or sixteen to a line, as `width` allows."""
    each = 16 if width >= OFFSET + 16 * BYTE - 1 else 8
    return Content("\n").join(
        Content.assemble((f"{start:04x} ", "$text-muted"), raw[start : start + each].hex(" "))
        for start in range(0, len(raw), each)
    )
