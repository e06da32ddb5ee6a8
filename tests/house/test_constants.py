"""Every timing and size that the program keeps by a name says why it has that value."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def is_measure(value: ast.expr, source: str) -> bool:
    """Return whether it is a number in decimal: what is in hexadecimal is a code of a standard."""
    match value:
        case ast.Constant(value=int() | float()) if not isinstance(value.value, bool):
            return not (ast.get_source_segment(source, value) or "").lower().startswith("0x")
        case ast.BinOp(left=left, op=ast.Mult() | ast.Pow() | ast.Add() | ast.Sub(), right=right):
            return is_measure(left, source) and is_measure(right, source)
        case ast.UnaryOp(operand=operand):
            return is_measure(operand, source)
        case ast.Call(func=function):
            return ast.unparse(function) == "timedelta"
        case ast.Tuple(elts=[_, *_] as members):
            return all(is_measure(member, source) for member in members)
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


def unexplained(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and name of each constant in decimal, of a module or a class, without a reason."""
    tree, lines = ast.parse(source), source.splitlines()
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
            is_named = name.isupper() and is_measure(node.value, source)
            if is_named and not is_explained(holder.body, at, lines):
                yield node.lineno, name


def test_every_timing_and_size_says_why() -> None:
    found = {
        str(path.relative_to(ROOT)): lines
        for top in ("hht", "screens")
        for path in sorted((ROOT / top).rglob("*.py"))
        if (lines := list(unexplained(path.read_text())))
    }
    print(*found.items(), sep="\n")
    assert not found


def test_the_check_sees_a_constant_without_a_reason_and_every_place_for_one() -> None:
    for bare in ("A = 5", "A: Final = 2.5", "A = 4 * 1024", "A = timedelta(days=1)", "A = (1, 2)"):
        assert list(unexplained(f"\n{bare}\n")), bare
        assert list(unexplained(f"class C:\n    x = y\n    {bare}\n")), bare
        for good in (
            f"# Why.\n{bare}",
            f"{bare}  # why",
            f'{bare}\n"""Why."""',
            f"# Why.\nB = 1\n{bare}",
        ):
            assert not list(unexplained(f"\n{good}\n")), good
    for code in ("A = 0x8F3D", "A = b'1'", "a = 5", "class E(IntEnum):\n    A = 5"):
        assert not list(unexplained(f"\n{code}\n")), code
