"""Tests use what modules offer: the private parts of another module are theirs alone."""

import ast
from collections.abc import Iterator
from functools import cache

import pytest
from sources import trees

pytestmark = pytest.mark.xdist_group("house")  # one process parses the sources
OF_OTHER_MAKERS = {
    "gbcs/test_certificates.py": "only cryptography's _ASN1Type writes a name's part as BIT STRING",
    "outbox/gateway/test_signxml_contract.py": "pins the private part of signxml that we need",
    "radio/ezsp/test_bellows_contract.py": "pins the private parts of bellows that we depend on",
    "simulator/ncp/test_bellows_contract.py": "pins the private parts of bellows that we need",
    "support/painted.py": "Textual has no public way to read what it painted",
}
"""The only files that reach into a library, and why they must."""

PUBLIC = {"_replace", "_asdict", "_fields", "_exit", "_Element", "_ElementTree"}
"""Names that their makers mean for everyone: of named tuples, of os, of lxml's types."""


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in PUBLIC


def own_names(tree: ast.Module) -> set[str]:
    """The private names that this file itself defines: to them it may reach."""
    named = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    own = {node.name for node in ast.walk(tree) if isinstance(node, named)}
    stored = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return own | {node.attr for node in stored if ast.unparse(node.value) in ("self", "cls")}


def uses_of_privates(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Lines where another module's private name is read, set, imported or replaced by its name."""
    own = own_names(tree)
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) not in ("self", "cls"):
            names = [node.attr]
        elif isinstance(node, ast.ImportFrom):
            names = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("setattr"):
            texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
            names = [text.split(".")[-1] for text in texts if isinstance(text, str)]
        yield from (
            (getattr(node, "lineno", 0), name)
            for name in names
            if is_private(name) and name not in own
        )


@cache
def found() -> dict[str, list[tuple[int, str]]]:
    uses = {path: sorted(uses_of_privates(tree)) for path, tree in trees("tests").items()}
    return {path.removeprefix("tests/"): lines for path, lines in uses.items() if lines}


def test_no_test_reaches_into_the_private_parts_of_another_module() -> None:
    uses = found()
    ours = {path: lines for path, lines in uses.items() if path not in OF_OTHER_MAKERS}
    print(f"{sum(map(len, ours.values()))} uses of privates across modules")
    print(*ours.items(), sep="\n")
    assert not ours


def test_every_exception_is_needed() -> None:
    assert OF_OTHER_MAKERS.keys() <= found().keys()


def test_the_check_sees_every_way_to_reach_in() -> None:
    for line in (
        "visit._tunnel",
        "from hht.store import _secret",
        "from textual._context import stack",
        "monkeypatch.setattr(vault, '_unwrap', fail)",
        "monkeypatch.setattr('hht.store.vault._unwrap', fail)",
    ):
        assert list(uses_of_privates(ast.parse(line))), line
    for line in ("self._mine", "row._replace(a=1)", "def _f(): pass\nx._f()"):
        assert not list(uses_of_privates(ast.parse(line))), line
