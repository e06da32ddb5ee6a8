"""Make a virtual environment small and the same in every build: no traces, hashed .pyc files."""

import compileall
import csv
import shutil
import sys
from pathlib import Path
from py_compile import PycInvalidationMode

SCRIPTS_KEPT = {"hht", "python", "python3"}
NOT_NEEDED = (
    *("*/tests", "*/test", "*/testing/tests"),
    *("segno/cli.py", "textual/demo", "textual/__main__.py"),  # programs of libraries
    *("lxml/html", "lxml/isoschematron", "lxml/objectify.*", "lxml/sax.*"),  # etree alone is used
    *("lxml/includes", "**/*.pyx", "**/*.px[di]", "**/*.h", "**/*.c"),  # what compilers read
)
"""What no import of hht or of a library reaches; `check` imports all that either may reach."""


def tidy(environment: Path) -> None:
    """Delete what no run of hht reads, then compile what is left."""
    for script in (environment / "bin").iterdir():
        if script.name not in SCRIPTS_KEPT:
            script.unlink()
    packages = next((environment / "lib").glob("python3.*/site-packages"))
    for pattern in NOT_NEEDED:
        for path in list(packages.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    shutil.rmtree(environment / "share" / "man")  # of programs left out
    (environment / ".gitignore").unlink(missing_ok=True)  # venv writes one from Python 3.13 on
    for trace in packages.glob("*.dist-info/direct_url.json"):
        trace.unlink()
    forget_command(environment / "pyvenv.cfg")
    for record in packages.glob("*.dist-info/RECORD"):
        keep_what_is_there(record, packages)
    compile_all(packages)


def forget_command(settings: Path) -> None:
    """Leave out the line of pyvenv.cfg that says how the environment was made."""
    lines = settings.read_text().splitlines(keepends=True)
    settings.write_text("".join(line for line in lines if not line.startswith("command")))


def keep_what_is_there(record: Path, packages: Path) -> None:
    """Let a RECORD name only files that are there."""
    rows = list(csv.reader(record.read_text().splitlines()))
    kept = [row for row in rows if row and (packages / row[0]).exists()]
    with record.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(kept)


def compile_all(packages: Path) -> None:
    """Compile by hash, never checked: file times differ between builds, the sources never change.

    The paths in tracebacks are those of the installed package.
    """
    installed = Path("/opt/hht") / packages.relative_to(packages.parents[2])
    compileall.compile_dir(
        packages,
        quiet=2,
        stripdir=packages,
        prependdir=installed,
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )


if __name__ == "__main__":
    tidy(Path(sys.argv[1]))
