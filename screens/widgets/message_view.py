"""One GBCS message to read: plain words first, then verdicts, then its fields, then its bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from hht.spans import Kind, Line
from screens.widgets.hex_dump import hex_dump
from screens.widgets.verdict import verdict_text

if TYPE_CHECKING:
    from hht.gbcs.explain.describe import Description, Field

SECRET = "Not shown: they hold an Install Code, a key or a PIN."
PARTS = ("words", "fields", "bytes")
_MARKS = {
    Kind.ENTITY: "$primary",
    Kind.AMOUNT: "$accent",
    Kind.MONEY: "$accent",
    Kind.MOMENT: "$accent",
    Kind.RAW: "$text-muted",
}


class MessageView(VerticalScroll):
    """Scrolls as one page; `show_part` goes to one of its parts."""

    DEFAULT_CSS = """
    MessageView {
        height: 1fr; padding: 0 1;
    }
    MessageView #meaning, MessageView #raw {
        height: auto;
    }
    MessageView .heading {
        color: $primary; text-style: bold; margin-top: 1;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.raw = b""

    def compose(self) -> ComposeResult:
        """The parts, with a heading before each but the first."""
        with Vertical(id="meaning"):
            yield Static(id="words")
            yield Static("Field by field", classes="heading", id="fields-heading")
            yield Static(id="fields")
        with Vertical(id="raw"):
            yield Static("Bytes", classes="heading", id="bytes-heading")
            yield Static(id="kept-back")
            yield Static(id="bytes")

    def show_message(self, description: Description, raw: bytes) -> None:
        """Show what the message says; its bytes too, unless they would tell a secret."""
        self.raw = b"" if holds_secret(description.fields) else raw
        self._part("kept-back").update(SECRET if holds_secret(description.fields) else "")
        self._part("words").update(words_of(description))
        self._part("fields").update(Content("\n").join(tree_lines(description.fields)))
        self._show_bytes()
        self.scroll_home(animate=False)

    def show_undecoded(self, why: str, raw: bytes) -> None:
        """Show bytes that are no message, and why."""
        self.raw = raw
        self._part("kept-back").update("")
        self._part("words").update(Content.styled(f"✗ {why}", "bold $error"))
        self._part("fields").update("")
        self._show_bytes()

    def show_part(self, number: int) -> None:
        """Scroll to part 1, 2 or 3."""
        name = PARTS[number - 1]
        if name == "words":
            self.scroll_home(animate=False)
        else:
            heading = self.query_one(f"#{name}-heading")
            self.scroll_to_widget(heading, animate=False, top=True)

    def on_resize(self) -> None:
        """More width, more bytes to a line."""
        self._show_bytes()

    def _show_bytes(self) -> None:
        """Draw the bytes for the present width."""
        self._part("bytes").update(hex_dump(self.raw, self.size.width - 2))

    def _part(self, name: str) -> Static:
        """The widget of one part."""
        return self.query_one(f"#{name}", Static)


def words_of(description: Description) -> Content:
    """The message in plain words, its use case, and the two verdicts."""
    return Content("\n").join(
        (
            line_content(description.reading, "bold"),
            Content.styled(description.title, "$text-muted"),
            Content(""),
            verdict_text("MAC", description.mac),
            verdict_text("Signature", description.signature),
        )
    )


def line_content(line: Line, style: str = "") -> Content:
    """A line with its Devices, amounts and moments marked."""
    spans = ((span.text, f"{style} {_MARKS.get(span.kind, '')}".strip()) for span in line.spans)
    return Content.assemble(*spans)


def holds_secret(fields: Sequence[Field]) -> bool:
    """Whether one of the fields is hidden: an Install Code, a key or a PIN."""
    return any(each.value.has(Kind.HIDDEN) or holds_secret(each.children) for each in fields)


def words_and_fields(description: Description) -> Content:
    """The message's words with the tree of its fields below, in one piece."""
    return Content("\n").join([words_of(description), Content(""), *tree_lines(description.fields)])


def tree_lines(fields: Sequence[Field], indent: str = "") -> Iterator[Content]:
    """Each field on a line, its children under it with a guide."""
    for field in fields:
        last = field is fields[-1]
        guide = f"{indent}{'└' if last else '├'} "
        value = line_content(field.value)
        name = Content.assemble((guide, "$text-muted"), (field.name, "bold"))
        yield Content.assemble(name, "  ", value) if field.value else name
        yield from tree_lines(field.children, f"{indent}{'  ' if last else '│ '}")
