"""How `hht inspect` shows messages to people: a tree, or a line each; colour on a terminal only."""

import sys

from rich.text import Text
from rich.tree import Tree

from hht.cli.inspect.inspection import Inspection
from hht.cli.tables import console
from hht.gbcs.explain.describe import Description, Field
from hht.gbcs.protection import Verdict

_STYLES = {
    Verdict.VALID: ("✓ valid", "green"),
    Verdict.INVALID: ("✗ INVALID", "bold red"),
    Verdict.ABSENT: ("none", "dim"),
    Verdict.UNCHECKED: ("? not checked, no key for it", "yellow"),
}


def show_whole(seen: Inspection) -> None:
    """Show one message in full."""
    description = seen.description
    if description is None:
        _show_error(seen)
        return
    tree = Tree(
        Text.assemble((f"{description.use_case} {description.title}", "bold"), f"  {seen.source}")
    )
    tree.add(Text(str(description.reading), "bold cyan"))
    tree.add(_verdicts(description))
    for field in description.fields:
        if field.children:
            _grow(tree, field)
    console().print(tree)


def show_line(seen: Inspection) -> None:
    """Show one of many messages in a line."""
    description = seen.description
    if description is None:
        _show_error(seen)
        return
    line = Text.assemble((f"{seen.source}: ", "dim"), (f"{description.use_case} ", "bold"))
    line.append(str(description.reading))
    line.append("  ").append_text(_verdicts(description))
    console().print(line)


def _grow(tree: Tree, field: Field) -> None:
    label = Text.assemble((field.name, "bold"), f"  {field.value}" if field.value else "")
    branch = tree.add(label)
    for child in field.children:
        _grow(branch, child)


def _verdicts(description: Description) -> Text:
    mac, signature = _STYLES[description.mac], _STYLES[description.signature]
    return Text.assemble("MAC ", mac, ", signature ", signature)


def _show_error(seen: Inspection) -> None:
    """Print the error with the source as its place, whatever the error itself names."""
    error = seen.error
    if error is None:
        return
    print(f"hht: {seen.source}: {error.what.rstrip('.')}. {error.remedy}".rstrip(), file=sys.stderr)
