"""Set up everything in .venv from a fresh clone, then run one job: `train` or `test`.

Needs Python 3.11 or newer with venv, and nothing else.
"""

import hashlib
import os
import re
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCKED = ROOT / "packaging" / "locked"
QUICK = ("-n", "4", "--dist", "loadgroup", "-m", "not whole_program")
"""Four processes for two cores, as half of them wait; `.ci/run` plays the whole programs, too."""
JOBS = {
    "train": ([str(PYTHON), "-m", "hht", "train"], "run.txt"),
    "test": ([str(PYTHON), "-m", "pytest", *QUICK], "dev.txt"),
}
PIP = [str(PYTHON), "-I", "-m", "pip", "--quiet", "--no-input", "--disable-pip-version-check"]
REDIRECTING = {
    *("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON", "PIP_CONSTRAINT"),
    *("PIP_REQUIREMENT", "PIP_EDITABLE", "PIP_DRY_RUN", "PIP_NO_DEPS", "PIP_REQUIRE_HASHES"),
    *("PIP_NO_BUILD_ISOLATION", "PIP_BUILD_CONSTRAINT", "PIP_IGNORE_INSTALLED", "PIP_QUIET"),
    *("PIP_VERBOSE", "PIP_ONLY_BINARY", "PIP_NO_BINARY", "PIP_REQUIRE_VIRTUALENV"),
}
"""What would send the packages elsewhere, or change the tested set; proxies and indexes stay."""

LOCK_SECONDS = 900  # a set-up on a slow line; after that the other one is taken for dead


class SetUpFailed(Exception):
    """What stopped the set-up, in one line."""


def main(arguments: list[str]) -> int:
    """Run the job named first with the other arguments; return its exit code."""
    if sys.version_info < (3, 11):
        return complain(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}")
    if not arguments or arguments[0] not in JOBS:
        return complain(f"say what to run: {' or '.join(JOBS)}")
    command, locked = JOBS[arguments[0]]
    try:
        with only_one():
            set_up(LOCKED / locked)
    except SetUpFailed as failed:
        return complain(f"the set-up failed: {failed}")
    except OSError as error:
        return complain(f"the set-up failed: {error.strerror}: {error.filename}")
    except UnicodeEncodeError:  # Python's venv writes the folder's name as UTF-8
        return complain("the set-up failed: this folder's name is no UTF-8 text; use another")
    except KeyboardInterrupt:
        complain("the set-up was stopped; run this again to go on")
        return 130
    environment = dict(os.environ)  # what is imported is compiled once, not again in each process
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return run([*command, *arguments[1:]], environment)


def run(command: list[str], environment: Mapping[str, str]) -> int:
    """Run the job in this folder and return its exit code; Ctrl-C is for the job, which gets it."""
    with subprocess.Popen(command, cwd=ROOT, env=environment) as job:
        while True:
            try:
                return job.wait()
            except KeyboardInterrupt:
                pass  # it ends in its own way, and keeps what it has


def set_up(locked: Path) -> None:
    """Make .venv with the project and its tested set of dependencies; do nothing when done."""
    stamp = VENV / f"hht-{locked.stem}.stamp"
    if stamp.exists() and stamp.read_text() == fingerprint(locked):
        return
    if not is_usable():
        print("Setting up .venv (once, a minute or two) ...", file=sys.stderr)
        make_venv()
    hashed = ("--require-hashes", "--requirement", str(locked))
    pip("install", "--no-user", "--no-compile", *hashed)  # imports compile what is used
    pip("install", "--no-user", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    stamp.write_text(fingerprint(locked))


def is_usable() -> bool:
    """Tell whether .venv was made here: a copied or moved one runs the old place's code."""
    origin = VENV / "hht-origin.stamp"
    return PYTHON.exists() and origin.exists() and origin.read_text() == str(ROOT)


def make_venv() -> None:
    """Make .venv anew with pip in it."""
    try:
        venv.create(VENV, with_pip=True, clear=True)
    except subprocess.CalledProcessError:
        raise SetUpFailed("this Python has no ensurepip; install python3-venv") from None
    except OSError as error:
        raise SetUpFailed(f"{error.strerror}: {error.filename or VENV}") from None
    (VENV / "hht-origin.stamp").write_text(str(ROOT))


def pip(*arguments: str) -> None:
    """Run .venv's pip; SetUpFailed with pip's own reason where it fails."""
    done = subprocess.run(
        [*PIP, *arguments],
        cwd=ROOT,
        env=clean_environment(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if done.returncode != 0:
        raise SetUpFailed(reason(done.stdout))


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Leave out the settings of pip that would install elsewhere or something else."""
    return {name: value for name, value in environment.items() if name not in REDIRECTING}


def reason(output: str) -> str:
    """Find pip's reason in what it printed: its last ERROR line, else its last line.

    Without a network pip's error says only that it has found no version: why is in a warning.
    """
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    said = (errors or lines or ["pip gave no reason"])[-1]
    if broken := re.findall(r"connection broken by '(.*)': /", output):
        said += f" (connection broken by {broken[-1]})"
    return f"{said}. Check the network and the disk, then run this again."


@contextmanager
def only_one() -> Iterator[None]:
    """Hold .venv.lock: a second start in this checkout waits until the first has set up."""
    with (ROOT / ".venv.lock").open("a+b") as file:
        deadline = time.monotonic() + LOCK_SECONDS
        while not try_lock(file.fileno()):
            if time.monotonic() > deadline:
                raise SetUpFailed("another set-up in this folder does not end; end it first")
            time.sleep(0.2)
        yield


def try_lock(descriptor: int) -> bool:
    """Lock the file if nobody has; the system lets go of it when this process ends."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def fingerprint(locked: Path) -> str:
    """Name the set of dependencies, the project's metadata and the interpreter by one hash."""
    meant = (ROOT / "pyproject.toml").read_bytes() + locked.read_bytes()
    return hashlib.sha256(meant + sys.version.encode() + str(ROOT).encode()).hexdigest()


def complain(line: str) -> int:
    """Print one line on stderr; return the exit code for wrong usage."""
    print(f"bootstrap: {line}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
