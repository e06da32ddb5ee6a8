"""Every name of the program is used in the program: nothing is there for tests alone."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from sources import ROOT, tree_of, trees

pytestmark = pytest.mark.xdist_group("house")  # one process parses the sources
UNUSED: dict[str, tuple[set[str], str]] = {
    "hht/clock/manual.py": ({"advance", "reboot"}, "tests move the clocks that it is passed"),
    "hht/clock/scaled.py": ({"advance"}, "tests move the clocks that the program is passed"),
    "hht/simulator/ncp/ash.py": ({"reset_received", "error_received"}, "bellows calls them"),
}
"""Names that nothing in the program uses, and why they are there."""

LOOKED_UP = re.compile(
    r"_?(on|action|watch)_\w+|__\w+__|[A-Z_]*BREAKPOINTS|TITLE|BINDINGS"
    r"|render|discover|startup|check_action|get_default_screen|_fatal_error|_run_input_thread"
    r"|formatException|handleError|_?enter_failed_state"
)
"""Names that Python, Textual, logging and bellows look up by themselves."""

REGISTERS = re.compile(r"\.(command|callback)\(")
"""Decorators that put a function among the commands."""


def used(tree: ast.Module) -> Iterator[str]:
    """Yield every name that is read, and every word of a short text that could be one."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name, ctx=ast.Load()):
                yield name
            case ast.Constant(value=str() as text) if len(text) < 120:
                yield from re.findall(r"\w+", text)


def registers(decorator: ast.expr) -> bool:
    return bool(REGISTERS.search(ast.unparse(decorator)))


def defined(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and name of every function, and of what a module holds."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                if not any(map(registers, node.decorator_list)):
                    yield node.lineno, node.name
    for node in tree.body:
        match node:
            case ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                yield node.lineno, name
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield node.lineno, name


def unused() -> Iterator[str]:
    program = trees("hht", "screens")
    names = Counter(name for tree in (program | trees("packaging")).values() for name in used(tree))
    for place, tree in program.items():
        for line, name in defined(tree):
            is_known = LOOKED_UP.fullmatch(name) or name in UNUSED.get(place, [()])[0]
            if not names[name] and not is_known:
                yield f"{place}:{line} {name}"


def test_nothing_is_there_for_tests_alone() -> None:
    found = list(unused())
    print(*found, sep="\n")
    assert not found


def test_every_exception_is_still_there() -> None:
    for place, (names, _) in UNUSED.items():
        assert names <= {name for _, name in defined(tree_of(ROOT / place))}


def test_the_check_sees_functions_classes_and_constants() -> None:
    tree = ast.parse("A = 1\nclass B:\n    def c(self): ...\ndef d(): ...\n")
    assert {name for _, name in defined(tree)} == {"A", "B", "c", "d"}
    assert set(used(ast.parse("A + b.c('d')"))) == {"A", "b", "c", "d"}
