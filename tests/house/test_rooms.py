"""The house rules that a machine can check: modules in a folder, import circles."""

import ast
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest
from sources import ROOT, tree_of

pytestmark = pytest.mark.xdist_group("house")  # one process parses the sources
MOST_MODULES = 15


def source_files() -> list[Path]:
    return [path for top in ("hht", "screens") for path in sorted((ROOT / top).rglob("*.py"))]


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def modules_by_folder() -> dict[str, int]:
    """How many modules each folder holds, __init__ and __main__ left out."""
    counted: dict[str, int] = defaultdict(int)
    for path in source_files():
        if path.stem not in ("__init__", "__main__"):
            counted[str(path.parent.relative_to(ROOT))] += 1
    return counted


def imports_of(path: Path, known: set[str]) -> set[str]:
    """The project's modules that this one names, at run time, lazily or for types alone."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in known else node.module)
    return found & known


def import_graph() -> dict[str, set[str]]:
    paths = {module_name(path): path for path in source_files()}
    return {name: imports_of(path, set(paths)) - {name} for name, path in paths.items()}


def circles(graph: dict[str, set[str]]) -> list[set[str]]:
    """Every set of two or more modules that reach each other (Tarjan)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[set[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in graph[name]:
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            circle = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(circle) > 1:
                found.append(set(circle))

    for name in graph:
        if name not in index:
            visit(name)
    return found


def table(rows: Iterable[tuple[str, int]]) -> str:
    return "\n".join(f"{count:4d}  {name}" for name, count in rows)


def test_no_folder_has_more_modules_than_fifteen() -> None:
    counted = modules_by_folder()
    print(table(sorted(counted.items())))
    assert not {name: count for name, count in counted.items() if count > MOST_MODULES}


def test_no_module_reaches_itself_by_its_imports() -> None:
    found = circles(import_graph())
    print([sorted(circle) for circle in found])
    assert not found
