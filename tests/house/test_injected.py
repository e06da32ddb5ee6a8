"""Tests pass in another value where one is needed: none replaces a constant of the program."""

import ast
from collections.abc import Iterator

import pytest
from sources import trees

pytestmark = pytest.mark.xdist_group("house")  # one process parses the sources
OF_OTHER_MAKERS = {
    "radio/ezsp/test_bellows_contract.py": "bellows waits by constants that it takes no value for",
}


def replaced(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and name of each constant of something else that is set, in whichever way."""
    for node in ast.walk(tree):
        names: list[str] = []
        match node:
            case ast.Call(func=function, args=[first, *others]):
                if ast.unparse(function).endswith(("setattr", "patch", "patch.object")):
                    given = [first, *others[:1]]
                    texts = [each.value for each in given if isinstance(each, ast.Constant)]
                    names = [text.split(".")[-1] for text in texts if isinstance(text, str)]
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=owner), attr=name)]):
                names = [] if owner in ("self", "cls") else [name]
        line = getattr(node, "lineno", 0)
        yield from ((line, name) for name in names if name.isupper() and len(name) > 1)


def found() -> dict[str, list[tuple[int, str]]]:
    lines = {
        path.removeprefix("tests/"): list(replaced(tree)) for path, tree in trees("tests").items()
    }
    return {path: each for path, each in lines.items() if each}


def test_no_test_replaces_a_constant() -> None:
    uses = found()
    print(*uses.items(), sep="\n")
    assert uses.keys() == OF_OTHER_MAKERS.keys()


def test_the_check_sees_every_way_to_replace_one() -> None:
    for line in (
        "monkeypatch.setattr(visit, 'QUIET_SECONDS', 0.1)",
        "monkeypatch.setattr('hht.journeys.visit.QUIET_SECONDS', 0.1)",
        "setattr(visit, 'QUIET_SECONDS', 0.1)",
        "mock.patch('hht.journeys.visit.QUIET_SECONDS', 0.1)",
        "visit.QUIET_SECONDS = 0.1",
    ):
        assert list(replaced(ast.parse(line))), line
    for line in ("QUIET_SECONDS = 0.1", "self.QUIET = 1", "setattr(it, 'feed', f)"):
        assert not list(replaced(ast.parse(line))), line
