"""Set up everything in .venv from a fresh clone, then run one job: `train` or `test`.

Needs Python 3.11 or newer with venv, and nothing else.
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
JOBS = {
    "train": ([str(BIN / "hht"), "train"], "."),
    "test": ([str(BIN / "python"), "-m", "pytest", "-n", "2"], ".[dev]"),
}


def main(arguments: list[str]) -> int:
    """Run the job named first; hand it the other arguments; return its exit code."""
    if sys.version_info < (3, 11):
        return complain(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}")
    if not arguments or arguments[0] not in JOBS:
        return complain(f"say what to run: {' or '.join(JOBS)}")
    command, requirement = JOBS[arguments[0]]
    if not install(requirement):
        return complain("the set-up failed (see above); check the network, then run this again")
    return subprocess.call([*command, *arguments[1:]], cwd=ROOT)


def install(requirement: str) -> bool:
    """Make .venv and install the project with its tested set of dependencies; quick when done."""
    stamp = VENV / f"hht-{'dev' if 'dev' in requirement else 'run'}.stamp"
    if stamp.exists() and stamp.read_text() == fingerprint():
        return True
    if not (BIN / "pip").exists() and not (BIN / "pip.exe").exists():
        print("Setting up .venv (once, a minute or two) ...", file=sys.stderr)
        venv.create(VENV, with_pip=True)
    pip = [str(BIN / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    environment = os.environ | {"PIP_CONSTRAINT": str(ROOT / "constraints.txt")}
    done = subprocess.call([*pip, "--editable", requirement], cwd=ROOT, env=environment) == 0
    if done:
        stamp.write_text(fingerprint())
    return done


def fingerprint() -> str:
    """Say which set of dependencies is meant, so that a changed set is installed again."""
    meant = (ROOT / "pyproject.toml").read_bytes() + (ROOT / "constraints.txt").read_bytes()
    return hashlib.sha256(meant).hexdigest()


def complain(line: str) -> int:
    """Say one line on stderr; return the exit code for wrong usage."""
    print(f"bootstrap: {line}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
