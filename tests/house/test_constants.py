"""Every timing and size that the program keeps by a name says why it has that value."""

import ast
from collections.abc import Iterator

import pytest
from sources import ROOT, trees

pytestmark = pytest.mark.xdist_group("house")  # one process parses the sources


def is_measure(value: ast.expr, lines: list[str]) -> bool:
    """Return whether it is a number in decimal: what is in hexadecimal is a code of a standard."""
    match value:
        case ast.Constant(value=int() | float()) if not isinstance(value.value, bool):
            written = lines[value.lineno - 1].encode()[value.col_offset :]
            return not written.lower().startswith(b"0x")
        case ast.BinOp(left=left, op=ast.Mult() | ast.Pow() | ast.Add() | ast.Sub(), right=right):
            return is_measure(left, lines) and is_measure(right, lines)
        case ast.UnaryOp(operand=operand):
            return is_measure(operand, lines)
        case ast.Call(func=function):
            return ast.unparse(function) == "timedelta"
        case ast.Tuple(elts=[_, *_] as members):
            return all(is_measure(member, lines) for member in members)
    return False


def is_explained(body: list[ast.stmt], at: int, lines: list[str]) -> bool:
    """Return whether a comment is beside, above or below; one above covers a block of constants."""
    node = body[at]
    below = body[at + 1] if at + 1 < len(body) else None
    if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
        return True
    if any("#" in line for line in lines[node.lineno - 1 : node.end_lineno]):
        return True
    while at and body[at - 1].end_lineno == body[at].lineno - 1:
        if not isinstance(body[at - 1], ast.Assign | ast.AnnAssign):
            break
        at -= 1
    return lines[body[at].lineno - 2].lstrip().startswith("#")


def unexplained(tree: ast.Module, lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield line and name of each constant in decimal, of a module or a class, without a reason."""
    for holder in ast.walk(tree):
        if not isinstance(holder, ast.Module | ast.ClassDef):
            continue
        enumeration = isinstance(holder, ast.ClassDef) and any(
            ast.unparse(base).endswith(("Enum", "Flag")) for base in holder.bases
        )
        for at, node in enumerate(holder.body):
            if enumeration or not isinstance(node, ast.Assign | ast.AnnAssign) or not node.value:
                continue
            name = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
            is_named = name.isupper() and is_measure(node.value, lines)
            if is_named and not is_explained(holder.body, at, lines):
                yield node.lineno, name


def test_every_timing_and_size_says_why() -> None:
    found = {
        path: names
        for path, tree in trees("hht", "screens").items()
        if (names := list(unexplained(tree, (ROOT / path).read_text("utf-8").splitlines())))
    }
    print(*found.items(), sep="\n")
    assert not found


def test_the_check_sees_a_constant_without_a_reason_and_every_place_for_one() -> None:
    def seen(source: str) -> list[tuple[int, str]]:
        return list(unexplained(ast.parse(source), source.splitlines()))

    for bare in ("A = 5", "A: Final = 2.5", "A = 4 * 1024", "A = timedelta(days=1)", "A = (1, 2)"):
        assert seen(f"\n{bare}\n"), bare
        assert seen(f"class C:\n    x = y\n    {bare}\n"), bare
        for good in (
            f"# Why.\n{bare}",
            f"{bare}  # why",
            f'{bare}\n"""Why."""',
            f"# Why.\nB = 1\n{bare}",
        ):
            assert not seen(f"\n{good}\n"), good
    for code in ("A = 0x8F3D", "A = b'1'", "a = 5", "class E(IntEnum):\n    A = 5"):
        assert not seen(f"\n{code}\n"), code
