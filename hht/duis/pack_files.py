"""The files of a job pack, taken from a folder or a ZIP without trusting it."""

import os
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import NoReturn

from hht.errors import InputError

MOST_FILES = 2000
LARGEST_FILE = 4 * 1024 * 1024
LARGEST_PACK = 64 * 1024 * 1024
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_KINDS = (".json", ".xml", ".hex", ".pem")


class PackRefused(InputError):
    """A job pack that cannot be read, or must not be."""

    code = "DUIS-02"


def read_pack_files(path: Path) -> dict[str, bytes]:
    """Every JSON, XML, HEX and PEM file of a folder or ZIP by its name inside, `/` between parts.

    A ZIP with everything in one folder is read as if that folder were the pack. PackRefused for
    names that lead outside, links that do, encrypted members, and more than 2,000 files, 4 MiB a
    file or 64 MiB in all.
    """
    files = _from_folder(path) if path.is_dir() else _from_zip(path)
    tops = {name.partition("/")[0] for name in files if "/" in name}
    if len(tops) == 1 and all("/" in name for name in files):
        return {name.partition("/")[2]: content for name, content in files.items()}
    return files


def read_bounded(path: Path) -> bytes:
    """One file's bytes; PackRefused when it is not there, not readable or over 4 MiB."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise unreadable(error, path) from None
    return _bounded(content, str(path))


def files_below(folder: Path, on_refusal: Callable[[OSError], None]) -> list[Path]:
    """Every file of a folder and its folders, sorted; `on_refusal` hears of a closed folder.

    Pipes and devices are left out, for they would be waited on; a link to nothing is not.
    """
    walk = os.walk(folder, onerror=on_refusal)
    paths = sorted(Path(top, name) for top, _, names in walk for name in names)
    return [path for path in paths if path.is_file() or not path.exists()]


def unreadable(error: OSError, path: Path) -> PackRefused:
    """The refusal of a file or folder that the system does not let us read."""
    return PackRefused(
        f"This cannot be read ({error.strerror})",
        where=str(path),
        remedy="Check the name and the permissions.",
    )


def _from_folder(folder: Path) -> dict[str, bytes]:
    root = folder.resolve()
    files: dict[str, bytes] = {}
    for path in files_below(folder, _refuse_folder):
        if not _is_wanted(path.name):
            continue
        if not path.resolve().is_relative_to(root):
            _refuse_name(path.relative_to(folder).as_posix(), folder)
        _add(files, path.relative_to(folder).as_posix(), read_bounded(path), folder)
    return files


def _from_zip(path: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if _leads_outside(info.filename):
                    _refuse_name(info.filename, path)
                if not info.is_dir() and _is_wanted(info.filename):
                    _add(files, info.filename, _member(archive, info, path), path)
    except OSError as error:
        raise unreadable(error, path) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
        raise PackRefused(
            f"The ZIP is cut short or damaged ({error})",
            where=str(path),
            remedy="Get the file again from the sender.",
        ) from None
    return files


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> bytes:
    """Inflate one member, never past the limit whatever its header announces."""
    where = f"{path}: {info.filename}"
    if info.flag_bits & 1 or info.compress_type not in _COMPRESSIONS:
        raise PackRefused(
            "The ZIP is encrypted or packed in an unusual way",
            where=where,
            remedy="Ask for a plain ZIP.",
        )
    with archive.open(info) as member:
        return _bounded(member.read(LARGEST_FILE + 1), where)


def _add(files: dict[str, bytes], name: str, content: bytes, pack: Path) -> None:
    files[name] = content
    if len(files) > MOST_FILES or sum(map(len, files.values())) > LARGEST_PACK:
        raise PackRefused(
            f"The pack holds more than {MOST_FILES:,} files or {LARGEST_PACK >> 20} MiB",
            where=str(pack),
            remedy="Ask for it in smaller packs.",
        )


def _bounded(content: bytes, where: str) -> bytes:
    if len(content) > LARGEST_FILE:
        raise PackRefused(
            f"The file is larger than {LARGEST_FILE >> 20} MiB",
            where=where,
            remedy="No Local Command is that long; check what was sent.",
        )
    return content


def _refuse_folder(error: OSError) -> NoReturn:
    raise unreadable(error, Path(error.filename)) from None


def _is_wanted(name: str) -> bool:
    plain = PurePosixPath(name).name
    return plain.lower().endswith(_KINDS) and not plain.startswith((".", "__"))


def _leads_outside(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return ".." in parts or name.startswith(("/", "\\")) or name[1:2] == ":"


def _refuse_name(name: str, pack: Path) -> NoReturn:
    raise PackRefused(
        f"The pack names a file outside itself: {name[:80]!r}",
        where=str(pack),
        remedy="Do not use this pack; tell whoever sent it.",
    )
