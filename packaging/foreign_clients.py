"""Install the clients of other makes that talk to the virtual NCP in tests/foreign.

`python packaging/foreign_clients.py [FOLDER]` puts pinned versions from npm and PyPI into FOLDER,
.foreign in the project where none is given, and prints which of them it could; the exit code is 0
all the same, for without them those tests are skipped. Run again, it does what is missing alone.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".foreign"
HERDSMAN = "11.1.1"
NPM = {
    "name": "foreign-clients",
    "private": True,
    "dependencies": {"zigbee-herdsman": HERDSMAN},
    # herdsman asks for 0.3.2, which not every mirror has; its ember adapter uses none of it.
    "overrides": {"zigbee-on-host": "0.3.0"},
}
PYPI = {  # a venv for each: the newer bellows has no scan any more
    "pypi": (
        "bellows==1.2.1",
        "universal-silabs-flasher==1.2.0",
        "zigpy==2.4.0",
        "zigpy-cli==2.0.0",
    ),
    "bellows-0.42": ("bellows==0.42.6", "zigpy==0.75.0"),
}
STAMP = "installed"


def main(arguments: list[str]) -> int:
    """Install what can be; one line for each registry on stdout."""
    if len(arguments) > 1 or any(each.startswith("-") for each in arguments):
        print(__doc__)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    folder = Path(arguments[0]) if arguments else FOLDER
    print("foreign clients, npm:", install_once(folder / "npm", NPM, install_npm))
    for name, packages in PYPI.items():
        install = partial(install_pypi, packages)
        print(f"foreign clients, {name}:", install_once(folder / name, packages, install))
    return 0


def install_once(folder: Path, meant: object, install: Callable[[Path], str]) -> str:
    """Install unless it is there in these versions; say how it went."""
    stamp = folder / STAMP
    wanted = hashlib.sha256(json.dumps(meant).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return "there already"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    problem = install(folder)
    if problem:
        shutil.rmtree(folder, ignore_errors=True)
        return f"not installed ({problem})"
    stamp.write_text(wanted)
    return "installed"


def install_npm(folder: Path) -> str:
    """Install zigbee-herdsman; what went wrong, "" when nothing did."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return "node and npm are not here"
    (folder / "package.json").write_text(json.dumps(NPM))
    return failure([npm, "install", "--no-audit", "--no-fund", "--loglevel=error"], folder)


def install_pypi(packages: Sequence[str], folder: Path) -> str:
    """Install packages into a venv of their own; what went wrong, "" when nothing did."""
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")
    pip = [str(scripts / "python"), "-m", "pip", "install", "--quiet"]
    return failure([*pip, "--disable-pip-version-check", *packages], folder)


def failure(command: list[str], folder: Path) -> str:
    """Run a command; its last word when it failed."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    lines = (done.stderr or done.stdout).strip().splitlines()
    return "" if done.returncode == 0 else (lines[-1] if lines else f"exit {done.returncode}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
