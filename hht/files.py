"""Files and folders: read, written so that only their owner may, and text in any encoding."""

import codecs
import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path

from hht.errors import HhtError, InputError

_WIDE = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""By byte order mark, the longer marks first: that of UTF-16-LE begins that of UTF-32-LE."""


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


MOST_READ = 256 << 20
"""Far above an export or an image with everything in it; a device such as /dev/zero has no end."""


_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
_ALREADY_OPEN = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")
"""What the shell opened for us, as in `hht inspect <(...)`; no other program can put it there."""


def open_plain(path: str | Path) -> BufferedReader:
    """Open a plain file to read.

    OSError where it is none: a pipe in its place would be waited for, a device has no end.
    """
    if str(path).startswith(_ALREADY_OPEN):
        return open(path, "rb")
    descriptor = os.open(path, os.O_RDONLY | _NO_WAIT)
    if stat.S_ISREG(mode := os.fstat(descriptor).st_mode):
        return open(descriptor, "rb")
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise OSError(errno.EINVAL, "It is no plain file", str(path))


def read_plain(path: str | Path) -> bytes:
    """Read a plain file; OSError where it is none, or out of all size."""
    with open_plain(path) as file:
        content = file.read(MOST_READ + 1)
    if len(content) > MOST_READ:
        raise OSError(errno.EFBIG, f"It is larger than {MOST_READ >> 20} MiB", str(path))
    return content


def read_input(path: Path) -> bytes:
    """Read a file that a person named; InputError where it can't be read or is out of all size."""
    try:
        return read_plain(path)
    except OSError as error:
        raise unfit(path, f"The file can't be read ({error.strerror})") from None


def unfit(path: Path, what: str) -> InputError:
    """Say what is wrong with a file that a person named."""
    return InputError(what, where=str(path), remedy="Check its name.")


_DATABASE_MARKS = b"SQLite format 3\0", b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83"
"""How SQLite's files begin: the database, and its WAL in either order of octets."""
_MOST_MARK = max(map(len, _DATABASE_MARKS))


def write_new(path: str | Path, content: bytes, *, synced: bool = True) -> None:
    """Write a file that is not there yet, mode 0600; FileExistsError where anything has its name.

    A link of that name is not followed. `synced` is as for `write_whole`.
    """
    binary = getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | binary, 0o600)
    try:
        _fill(descriptor, content)
        if synced:
            sync_file(path)
            sync_folder(Path(path).parent)
    except BaseException:
        os.unlink(path)
        raise


def write_whole(path: Path, content: bytes, *, synced: bool = True) -> None:
    """Put a file of mode 0600 in the place of the one of that name, whole or not at all.

    Where `synced` it outlives the loss of power once this returns; before that the old one or the
    new one does. Simulated Devices do without: a disk that is busy for a moment would be a Device
    that does not answer.
    """
    with replacing(path, synced=synced) as file:
        _fill(file, content)


_MARKED = 4 << 10
"""Octets at the beginning of a file in which its mark is looked for; a page begins with a style."""


def write_own(path: Path, content: bytes, *marks: bytes) -> None:
    """Write as `write_whole` does, in place of nothing or of an earlier output with a mark.

    InputError where another file has that name, and where it can't be written.
    """
    check_own(path, *marks)
    try:
        write_whole(path, content)
    except OSError as error:
        what = f"The file can't be written ({error.strerror})"
        raise InputError(what, where=str(path), remedy="Name another.") from None


def check_own(path: Path, *marks: bytes) -> None:
    """InputError where a file that is not empty has that name and none of the marks.

    One that can't be read has none. What is no plain file is left to the writing, which says so.
    """
    if path.is_symlink() or not path.is_file():  # a link is replaced, what it leads to stays
        return
    begins = b"?"
    with suppress(OSError), open_plain(path) as file:
        begins = file.read(_MARKED)
    if begins and not any(mark in begins for mark in marks):
        raise there_already(path, "Another file has this name")


def there_already(path: Path, what: str = "The file is there already") -> InputError:
    """Say that a file is kept that has the name of an output."""
    return InputError(what, where=str(path), remedy="Choose another name.")


def sync_file(path: str | Path) -> None:
    """Have what is in a file outlive the loss of power."""
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Have the names in a folder outlive the loss of power, where the system can be asked to."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def destroy(path: Path) -> None:
    """Overwrite, then remove: what is only removed can be read again."""
    overwrite(path, b"")
    path.unlink()


def overwrite(path: Path, content: bytes) -> None:
    """Write over the octets of a file, where they are; spaces fill what `content` is shorter."""
    with path.open("r+b") as file:
        file.write(content.ljust(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def replacing(path: Path, *, synced: bool = True) -> Iterator[int]:
    """Open a new file (descriptor, mode 0600) that gets the name when it is closed without error.

    It has a name of its own until then, so a link that somebody left is replaced, not followed.
    `synced` is as for `write_whole`.
    OSError with the path that was asked for where it can't be made, or is a device, a pipe or a
    database.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OSError(errno.EEXIST, "It is no plain file", str(path))
    if _is_database(path):
        raise OSError(errno.EEXIST, "It is a database", str(path))
    try:
        name = f".{path.name}."
        descriptor, part = tempfile.mkstemp(prefix=name, suffix=".part", dir=path.parent)
    except OSError as error:
        error.filename = str(path)  # the one that was asked for
        raise
    try:
        yield descriptor
        if synced:  # first what is in it: a name could else have nothing behind it
            sync_file(part)
        os.replace(part, path)
    except BaseException:
        os.unlink(part)
        raise
    if synced:
        sync_folder(path.parent)


def _is_database(path: Path) -> bool:
    """Return whether a database or its WAL has that name: what was captured may be nowhere else."""
    if path.is_symlink() or not path.is_file():
        return False
    with suppress(OSError), open_plain(path) as file:
        return file.read(_MOST_MARK).startswith(_DATABASE_MARKS)
    return False


def _fill(descriptor: int, content: bytes) -> None:
    """Write all and close."""
    try:
        left = memoryview(content)
        while left:  # a disk that is nearly full has room for a part, and says why not for the rest
            left = left[os.write(descriptor, left) :]
    finally:
        os.close(descriptor)


def decode_text(content: bytes) -> str:
    """Decode UTF-8, UTF-16 or UTF-32, with a byte order mark or without; lines end in `\\n`.

    UTF-16 without a mark is known by the zero octet beside its first sign, which UTF-8 text never
    has. UnicodeDecodeError (a ValueError) where the content is none of these.
    """
    return content.decode(encoding_of(content)).replace("\r\n", "\n").replace("\r", "\n")


def encoding_of(content: bytes) -> str:
    """Return the name of the encoding that the first octets show.

    That is utf-8-sig where they say nothing.
    """
    for mark, encoding in _WIDE.items():
        if content.startswith(mark):
            return encoding
    match [octet == 0 for octet in content[:2]]:
        case [False, True]:
            return "utf-16-le"
        case [True, False]:
            return "utf-16-be"
    return "utf-8-sig"


def ascii_text(content: bytes) -> str:
    """Decode whatever the content is so that the ASCII in it can be read; other signs may be wrong.

    For what has a meaning in ASCII alone, such as hexadecimal and base64. Text that is not Unicode
    has one octet for each sign; the zero octets of UTF-16 that was not recognised are left out.
    """
    try:
        text = decode_text(content)
    except UnicodeDecodeError:
        text = content.decode("latin-1").replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\0", "")


def is_utf8(content: bytes) -> bool:
    """Return whether the content can be decoded as UTF-8."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def plain_octets(content: bytes) -> bytes:
    """Return UTF-8 without a mark, for a reader of octets, as PEM readers are.

    Else unchanged.
    """
    try:
        return decode_text(content).encode()
    except UnicodeDecodeError:
        return content
