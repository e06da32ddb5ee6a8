"""Read and run the `console` blocks of a Markdown page, as a reader would type them.

A block begins with ```console; what may follow it on that line:
exit=N        the code the last command ends with, where it is not 0
checkout      the commands are run in the checkout, not in the reader's folder
background    the command goes on running until the page's end; its first lines are waited for
screen=WORDS  the command is a program on a terminal of 80x24: WORDS appear on it, then it is ended
Lines that begin with `$ ` are commands; the others have to be in what these print, in that order.
`...` stands for anything in a line.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from held_port import HeldPort

BLOCK = re.compile(r"^```console *([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^(?:\t| {4})[\t ]*(?:\$ )?(?:\.venv/bin/)?hht\b", re.MULTILINE)
PORT = re.compile(r"--(?:peer-)?port (\d{2,})")
OTHER_SHELL = re.compile(r"^(?:```(?:sh|bash|shell)\b|[\t ]+```console|~~~|```\n\$ )", re.MULTILINE)
CHECKOUT = Path(__file__).parents[2]
PATIENCE_SECONDS = 120  # for one block on a busy machine; each ends in a few seconds


@dataclass(frozen=True)
class Block:
    """One block of commands, with the line of the page it begins in."""

    line: int
    commands: str
    expected: tuple[str, ...]
    exit_code: int = 0
    background: bool = False
    in_checkout: bool = False
    screen: str = ""


def read_blocks(text: str) -> list[Block]:
    """Read every console block of a page."""
    return [_read(match, text) for match in BLOCK.finditer(text)]


def _read(match: re.Match[str], text: str) -> Block:
    options, body = match[1], match[2]
    code = re.search(r"exit=(\d+)", options)
    screen = re.search(r"screen=(.+)", options)
    commands = re.findall(r"^\$ ((?:.*\\\n)*.*)", body, re.MULTILINE)
    continued = {line for command in commands for line in command.splitlines()[1:]}
    expected = [
        line
        for line in body.splitlines()
        if line.strip() and not line.startswith("$ ") and line not in continued
    ]
    return Block(
        text[: match.start()].count("\n") + 1,
        "\n".join(commands),
        tuple(expected),
        int(code[1]) if code else 0,
        "background" in options.split(),
        "checkout" in options.split(),
        screen[1].strip() if screen else "",
    )


def with_held_ports(page: str, held: ExitStack) -> str:
    """Replace each port that a page serves on by one that nobody else is given meanwhile."""
    for port in set(PORT.findall(page)):
        own = HeldPort()
        held.callback(own.let_go)
        page = re.sub(rf"\b{port}\b", str(own.number), page)
    return page


def complaint(page: str) -> str:
    """Say what keeps a page's commands from being run, or nothing."""
    if INDENTED.search(page):
        return "an indented line with a command of hht: put it into a console block"
    if OTHER_SHELL.search(page):
        return "a shell block that is not run: call it console, at the line's start"
    blocks = read_blocks(page)
    if not all(block.commands for block in blocks):
        return "a console block without a command"
    return "" if blocks else "no console block"


class Reader:
    """Somebody who types a page's commands, in one folder with a home of its own."""

    def __init__(self, folder: Path, home: Path, path: str) -> None:
        self.folder = folder
        self.environment = {
            **{"HOME": str(home), "PATH": path, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"},
            **{"COLUMNS": "100", "PYTHONDONTWRITEBYTECODE": "1"},
        }
        self.running: list[subprocess.Popen[str]] = []

    def do(self, block: Block) -> str:
        """Run a block; return what was wrong, or nothing."""
        if block.screen:
            return self._see(block)
        return self._wait_for(block) if block.background else self._run(block)

    def leave(self) -> None:
        """End what still runs in the background."""
        for process in self.running:
            os.killpg(process.pid, signal.SIGTERM)
            process.communicate(timeout=PATIENCE_SECONDS)

    def _run(self, block: Block) -> str:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block.commands],
            cwd=CHECKOUT if block.in_checkout else self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
        printed = done.stdout + done.stderr
        if done.returncode != block.exit_code:
            return f"exit {done.returncode} instead of {block.exit_code}: {printed[-600:]}"
        return first_missing(block.expected, printed)

    def _wait_for(self, block: Block) -> str:
        process = subprocess.Popen(
            ["bash", "-c", block.commands],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.running.append(process)
        assert process.stdout
        printed = "".join(process.stdout.readline() for _ in block.expected)
        return first_missing(block.expected, printed)

    def _see(self, block: Block) -> str:
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.folder)
            os.execvpe("bash", ["bash", "-c", block.commands], self.environment)
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        try:
            painted = _painted(terminal, block.screen.encode())
        finally:
            os.kill(child, signal.SIGTERM)
            os.close(terminal)
            os.waitpid(child, 0)
        return "" if painted else f"{block.screen!r} did not appear on the screen"


def _painted(terminal: int, words: bytes) -> bool:
    seen, end = b"", time.monotonic() + PATIENCE_SECONDS
    while words not in seen and time.monotonic() < end:
        if select.select([terminal], [], [], 1.0)[0]:
            try:
                seen += os.read(terminal, 65536)
            except OSError:
                break
    return words in seen


def first_missing(expected: tuple[str, ...], printed: str) -> str:
    """Find the first expected line that was not printed after the ones before it."""
    lines, position = printed.splitlines(), 0
    for line in expected:
        pattern = re.compile(re.escape(line.strip()).replace(r"\.\.\.", ".*"))
        found = next(
            (n for n in range(position, len(lines)) if pattern.fullmatch(lines[n].strip())), None
        )
        if found is None:
            return f"not printed: {line!r}; printed was: {printed[-1500:]}"
        position = found + 1
    return ""
