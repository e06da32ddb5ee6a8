"""Files and folders: those a person names, and those that only their owner may read."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hht.errors import HhtError, InputError


def private_folder(folder: Path) -> Path:
    """Create the folder and its parents with mode 0700 unless it exists; return it."""
    if folder.is_dir():
        return folder
    private_folder(folder.parent)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise HhtError(
            f"The folder cannot be made ({error.strerror})",
            where=str(folder),
            remedy="Choose another with --data-dir, or check the permissions.",
        ) from None
    return folder


def read_input(path: Path) -> bytes:
    """Read a file that a person named; InputError where it can't be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"The file can't be read ({error.strerror})", where=str(path), remedy="Check its name."
        ) from None


def write_new(path: str | Path, content: bytes) -> None:
    """Write a file that is not there yet, mode 0600; FileExistsError where anything has its name.

    A link of that name is not followed.
    """
    binary = getattr(os, "O_BINARY", 0)
    _fill(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | binary, 0o600), content, path)


def write_whole(path: Path, content: bytes) -> None:
    """Put a file of mode 0600 in the place of the one of that name, whole or not at all."""
    with replacing(path) as file:
        _fill(file, content, path)


@contextmanager
def replacing(path: Path) -> Iterator[int]:
    """Open a new file (descriptor, mode 0600) that takes the name when it is closed without error.

    It has a name of its own until then, so a link that somebody left is replaced, not followed.
    """
    descriptor, part = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        yield descriptor
        os.replace(part, path)
    except BaseException:
        os.unlink(part)
        raise


def _fill(descriptor: int, content: bytes, path: str | Path) -> None:
    """Write all and close; a file that takes only a part is on a full disk."""
    try:
        if os.write(descriptor, content) != len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
    finally:
        os.close(descriptor)
