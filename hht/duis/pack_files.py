"""The files of a job pack, taken from a folder or a ZIP without trusting it."""

import os
import unicodedata
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
JOB_FILE = "job.json"
_KINDS = (".json", ".xml", ".hex", ".pem")
_MAC = "__MACOSX"  # where macOS keeps its own notes in a ZIP


class PackRefused(InputError):
    """A job pack that cannot be read, or must not be."""

    code = "DUIS-02"


def read_pack_files(path: Path) -> dict[str, bytes]:
    """Every JSON, XML, HEX and PEM file of a folder or ZIP by its name inside, see `inside`.

    A pack with everything in one folder, or in folders of one folder, is read as if the innermost
    of those were the pack. PackRefused for names that lead outside, links that do, a name twice,
    encrypted members, and more than 2,000 files, 4 MiB a file or 64 MiB in all.
    """
    files = _from_folder(path) if path.is_dir() else _from_zip(path)
    while files and _has_one_top(files):
        files = {name.partition("/")[2]: content for name, content in files.items()}
    return files


def inside(name: str) -> str:
    """A name inside a pack with `/` between its parts: Windows writes `\\`, into ZIPs too."""
    return PurePosixPath(name.replace("\\", "/")).as_posix()


def is_job_file(name: str) -> bool:
    """Whether the last part is job.json in whatever letters; Windows drops spaces and dots."""
    plain = unicodedata.normalize("NFKC", PurePosixPath(name).name).casefold()
    return plain.rstrip(" .") == JOB_FILE


def is_json(name: str) -> bool:
    """Whether the last part may be that of a JSON file, job.json.txt and `job` too."""
    plain = unicodedata.normalize("NFKC", PurePosixPath(name).name).casefold()
    return "json" in plain or (plain.partition(".")[0] == "job" and not plain.endswith(_KINDS))


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
        name = inside(path.relative_to(folder).as_posix())
        if not _is_wanted(name):
            continue
        if not path.resolve().is_relative_to(root):
            _refuse_name(name, folder)
        _add(files, name, read_bounded(path), folder)
    return files


def _from_zip(path: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                name = inside(info.filename)
                if _leads_outside(name):
                    _refuse_name(info.filename, path)
                if not _is_folder(info) and _is_wanted(name):
                    _add(files, name, _member(archive, info, path), path)
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
    if name in files:
        raise PackRefused(
            f"The pack holds the name {name[:80]!r} twice",
            where=str(pack),
            remedy="Ask for the pack again: nobody can say which of the two is meant.",
        )
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
    if name.startswith(f"{_MAC}/") or plain.startswith("._"):
        return False
    return is_json(name) or (plain.lower().endswith(_KINDS) and not plain.startswith((".", "__")))


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.filename.endswith(("/", "\\")) and info.file_size == 0


def _has_one_top(files: dict[str, bytes]) -> bool:
    """Whether everything lies in one folder."""
    return all("/" in name for name in files) and len({_top(name) for name in files}) == 1


def _top(name: str) -> str:
    return name.partition("/")[0]


def _leads_outside(name: str) -> bool:
    return ".." in PurePosixPath(name).parts or name.startswith("/") or name[1:2] == ":"


def _refuse_name(name: str, pack: Path) -> NoReturn:
    raise PackRefused(
        f"The pack names a file outside itself: {name[:80]!r}",
        where=str(pack),
        remedy="Do not use this pack; tell whoever sent it.",
    )
