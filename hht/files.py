"""Files and folders: those a person names, and those that only their owner may read."""

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
