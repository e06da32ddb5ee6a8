"""Import all that the installed hht imports, also inside functions; exit 1 where one fails.

Run with the package's own Python and -I: what was left out of the package is missing here.
"""

import ast
import importlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

EXTRAS = ("psycopg", "textual_serve", "msvcrt")
"""What the package does not bring: the extras, and what only Windows has."""


def main() -> int:
    """Print each import that fails and how many there were; return the exit code."""
    wanted = sorted(set(named_by("hht")) | set(named_by("screens")))
    failed = [f"{name}: {why}" for name in wanted if (why := complaint(name))]
    print(*failed, f"{len(wanted)} imports, {len(failed)} of them failed", sep="\n")
    return 1 if failed else 0


def named_by(package: str) -> Iterator[str]:
    """Yield the modules that the package's sources name in their imports."""
    folder = Path(importlib.import_module(package).__file__ or "").parent
    for source in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield from (f"{node.module}:{alias.name}" for alias in node.names)


def complaint(name: str) -> str:
    """Import `module` or `module:name`; return why it fails, or nothing."""
    module, _, member = name.partition(":")
    if module.split(".")[0] in EXTRAS:
        return ""
    try:
        found = importlib.import_module(module)
        if member and not hasattr(found, member):
            importlib.import_module(f"{module}.{member}")
    except ImportError as error:
        return str(error)
    return ""


if __name__ == "__main__":
    sys.exit(main())
