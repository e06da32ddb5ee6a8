"""The sources of the program and of its tests, each parsed once for all checks of the house."""

import ast
import gc
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def trees(*tops: str) -> dict[str, ast.Module]:
    """Parse every module below these folders of the checkout; by its path from there, sorted.

    The collector looks again and again through so many nodes: four times what parsing costs.
    """
    paths = [path for top in tops for path in sorted((ROOT / top).rglob("*.py"))]
    gc.disable()
    try:
        return {path.relative_to(ROOT).as_posix(): tree_of(path) for path in paths}
    finally:
        gc.freeze()
        gc.enable()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))
