"""A library's private parts are touched in its adapter alone, and a contract test pins them."""

import ast
from collections.abc import Iterator

import pytest
from sources import ROOT, trees

pytestmark = pytest.mark.xdist_group("house")  # one process parses the sources
CONTRACTS = {
    "hht/radio/ezsp/bellows_adapter.py": "tests/radio/ezsp/test_bellows_contract.py",
    "hht/simulator/ncp/bellows_adapter.py": "tests/simulator/ncp/test_bellows_contract.py",
    "hht/outbox/gateway/signxml_adapter.py": "tests/outbox/gateway/test_signxml_contract.py",
}
"""Adapter -> the test that pins what it uses. bellows has one for each end of the line."""

REASONS = {
    "hht/simulator/pki/smki.py": "only cryptography's _ASN1Type writes a name's part as BIT STRING",
    "screens/ending/last_resort.py": "sys._current_frames is documented, for what has hung",
    "screens/ending/orderly.py": "Textual has no public way to end when its own loop has failed",
    "screens/ending/terminal.py": "Textual's driver has no public way to be without a terminal",
    "screens/help/palette.py": "Textual's command palette has no setting for how it gathers",
    "screens/once.py": "Textual paints a screen again for each change in the one that it hides",
    "screens/seat/app.py": "Textual has no public way to read what it painted",
    "screens/seat/driver.py": "Textual's driver has no setting for these modes of a terminal",
}
"""Other modules that reach into a library, and why they must."""

PUBLIC = {"_replace", "_asdict", "_fields", "_value2member_map_", "_exit"}
"""Names that Python means for everyone."""

TYPES_OF_LXML = {"_Element", "_ElementTree", "_ProcessingInstruction"}
"""Types that lxml's stubs have by no other name."""


def defined(tree: ast.Module) -> Iterator[str]:
    """Yield the names that a module defines or sets."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name) | ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


def used(tree: ast.Module) -> Iterator[str]:
    """Yield the names that a module reads from others, or imports."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name):
                yield name
            case ast.ImportFrom(names=names):
                yield from (alias.name for alias in names)


def foreign(modules: dict[str, ast.Module]) -> dict[str, set[str]]:
    """Find, for each module, the private names that no module of ours defines."""
    own = {name for tree in modules.values() for name in defined(tree)} | PUBLIC | TYPES_OF_LXML
    found = {path: set(used(tree)) - own for path, tree in modules.items()}
    private = {
        path: {name for name in names if name.startswith("_") and not name.startswith("__")}
        for path, names in found.items()
    }
    return {path: names for path, names in private.items() if names}


def test_only_adapters_reach_into_a_library() -> None:
    found = foreign(trees("hht", "screens"))
    print(*found.items(), sep="\n")
    assert not found.keys() - CONTRACTS.keys() - REASONS.keys()
    assert not REASONS.keys() - found.keys(), "a reason without a use"


def test_every_adapter_has_its_contract_and_its_library_an_upper_bound() -> None:
    for adapter, contract in CONTRACTS.items():
        assert (ROOT / adapter).is_file()
        assert (ROOT / contract).is_file()
    pinned = (ROOT / "pyproject.toml").read_text()
    assert '"bellows~=' in pinned
    assert '"signxml~=' in pinned
    assert '"textual~=' in pinned, "six modules of REASONS have parts of it"


def test_the_check_sees_an_attribute_and_an_import_and_knows_our_own() -> None:
    ours = ast.parse("self._ours = 1")
    modules = {"a": ast.parse("x._theirs\nfrom lib import _part"), "b": ours}
    assert foreign(modules) == {"a": {"_theirs", "_part"}}
    assert not foreign({"a": ast.parse("x._ours"), "b": ours})
