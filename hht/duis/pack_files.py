"""The files of a job pack, taken from a folder or a ZIP without trusting it."""

import os
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn

from hht.duis.job.description import describes_job, description_in
from hht.duis.pack_names import (
    JOB_FILE,
    as_windows_has_it,
    inside,
    is_job_file,
    is_json,
    is_left_behind,
    is_wanted,
    leads_outside,
)
from hht.errors import InputError
from hht.files import open_plain

LARGEST_FILE = 4 * 1024 * 1024  # bytes: some hundred times a large Service Request
_MEBIBYTE = 1024 * 1024  # bytes
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_APPLE_DOUBLE = b"\x00\x05\x16\x07"  # what such a note begins with (RFC 1740, appendix A)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read before a pack is refused: files, and bytes of one and of all."""

    files: int
    file_bytes: int
    total_bytes: int


# A Local Command has at most some 1,200 bytes, and a job some hundred of them.
PACK_LIMITS = Limits(2000, LARGEST_FILE, 64 * _MEBIBYTE)
# An outbox of 100,000 items: 1 KB for each and 0.4 KB in the manifest.
EXPORT_LIMITS = Limits(200_000, 128 * _MEBIBYTE, 512 * _MEBIBYTE)


class PackRefused(InputError):
    """A job pack that cannot be read, or must not be."""

    code = "DUIS-02"


class MarkedForTraining(PackRefused):
    """A pack with Local Commands of training data, for data of another mode."""

    code = "DUIS-03"


class LeadsOutside(PackRefused):
    """A pack that names, or links to, a file outside itself."""


class DoubledName(PackRefused):
    """A pack that holds one name twice."""


def read_pack_files(
    path: Path, limits: Limits = PACK_LIMITS, passed_over: list[str] | None = None
) -> dict[str, bytes]:
    """Return every JSON, TOML, XML, HEX, PEM and mail file of a folder or ZIP.

    Each is under its name inside, with `/` between the parts.

    A pack with everything in one folder, or in folders of one folder, is read as if the innermost
    of those were the pack. What describes a job is read whatever its name. PackRefused for names
    that lead outside, links that do, a name twice, encrypted members, and more than the limits
    allow; in a ZIP two names are one where Windows would take them for one. The names of other
    files are put into `passed_over`, those aside that operating systems leave.
    """
    pack = _Pack(path, limits, [] if passed_over is None else passed_over)
    _from_folder(pack) if path.is_dir() else _from_zip(pack)
    files = pack.files
    while files and _has_one_top(files):
        files = {name.partition("/")[2]: content for name, content in files.items()}
    return files


def job_file_of(files: dict[str, bytes], where: str) -> str | None:
    """Return the name of the one job.json, at the top whatever its letters; None in loose files.

    PackRefused where a job is described elsewhere, or under another name.
    """
    found = [name for name in files if is_job_file(name)]
    if len(found) == 1 and "/" not in found[0]:
        return found[0]
    doubtful = found or [
        name for name, content in files.items() if is_json(name) or describes_job(content)
    ]
    if not doubtful:
        return None
    raise PackRefused(
        f"The pack has {', '.join(map(repr, doubtful[:3]))[:120]} where it should have {JOB_FILE}",
        where=where,
        remedy=f"A pack has one {JOB_FILE}, beside its commands; "
        "loose Local Commands have no JSON file.",
    )


def read_bounded(path: Path, limit: int = LARGEST_FILE) -> bytes:
    """Return one file's bytes; PackRefused when it is not there, not readable or larger than the
    limit."""
    try:
        with open_plain(path) as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise unreadable(error, path) from None
    return _bounded(content, str(path), limit)


def files_below(folder: Path, on_refusal: Callable[[OSError], None]) -> list[Path]:
    """Return every file of a folder and its folders, sorted; `on_refusal` hears of a closed folder.

    Pipes and devices are left out, for they would be waited on; a link to nothing is not.
    """
    walk = os.walk(folder, onerror=on_refusal)
    paths = sorted(Path(top, name) for top, _, names in walk for name in names)
    return [path for path in paths if path.is_file() or not path.exists()]


def unreadable(error: OSError, path: Path) -> PackRefused:
    """Return the refusal of a file or folder that the system does not let us read."""
    return PackRefused(
        f"This cannot be read ({error.strerror})",
        where=str(path),
        remedy="Check the name and the permissions.",
    )


class _Pack:
    """The files read so far, and how many bytes they have."""

    def __init__(self, path: Path, limits: Limits, passed_over: list[str]) -> None:
        self.path = path
        self.limits = limits
        self.passed_over = passed_over
        self.files: dict[str, bytes] = {}
        self._bytes = 0
        self._plain_names: set[str] = set()

    def pass_over(self, name: str, file: IO[bytes]) -> None:
        """Note the name of a file that is not to be read, unless it describes a job."""
        if content := description_in(file, self.limits.file_bytes):
            self.add(name, content)
        elif not is_left_behind(name):
            self.passed_over.append(name)

    def add(self, name: str, content: bytes) -> None:
        if is_left_behind(name) and content.startswith(_APPLE_DOUBLE):
            return
        plain = name if self.path.is_dir() else as_windows_has_it(name)
        if plain in self._plain_names:
            raise DoubledName(
                f"The pack holds the name {name[:80]!r} twice",
                where=str(self.path),
                remedy="Ask for the pack again: nobody can say which of the two is meant.",
            )
        self._plain_names.add(plain)
        self.files[name] = content
        self._bytes += len(content)
        if len(self.files) > self.limits.files or self._bytes > self.limits.total_bytes:
            size = f"{self.limits.files:,} files or {self.limits.total_bytes // _MEBIBYTE} MiB"
            raise PackRefused(
                f"The pack holds more than {size}",
                where=str(self.path),
                remedy="Ask for it in smaller packs.",
            )


def _from_folder(pack: _Pack) -> None:
    root = pack.path.resolve()
    for path in files_below(pack.path, _refuse_folder):
        name = inside(path.relative_to(pack.path).as_posix())
        if is_wanted(name):
            if not path.resolve().is_relative_to(root):
                _refuse_name(name, pack.path)
            pack.add(name, read_bounded(path, pack.limits.file_bytes))
            continue
        try:
            with open_plain(path) as file:
                pack.pass_over(name, file)
        except OSError:  # not needed: a link to nothing, or a closed file
            pack.passed_over.append(name)


def _from_zip(pack: _Pack) -> None:
    try:
        with open_plain(pack.path) as file, zipfile.ZipFile(file) as archive:
            if min((each.header_offset for each in archive.infolist()), default=0):
                raise zipfile.BadZipFile("another ZIP or other data lies in front of it")
            for info in archive.infolist():
                name = inside(info.filename)
                if leads_outside(name):
                    _refuse_name(info.filename, pack.path)
                if _is_folder(info):
                    continue
                if is_wanted(name):
                    pack.add(name, _member(archive, info, pack))
                elif _is_readable(info):
                    with archive.open(info) as member:
                        pack.pass_over(name, member)
                else:
                    pack.passed_over.append(name)
    except OSError as error:
        raise unreadable(error, pack.path) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        raise PackRefused(
            f"The ZIP is cut short or damaged ({error})",
            where=str(pack.path),
            remedy="Get the file again from the sender.",
        ) from None


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, pack: _Pack) -> bytes:
    """Inflate one member, never past the limit whatever its header announces."""
    where, limit = f"{pack.path}: {info.filename}", pack.limits.file_bytes
    if not _is_readable(info):
        raise PackRefused(
            "The ZIP is encrypted or packed in an unusual way",
            where=where,
            remedy="Ask for a plain ZIP.",
        )
    with archive.open(info) as member:
        return _bounded(member.read(limit + 1), where, limit)


def _is_readable(info: zipfile.ZipInfo) -> bool:
    return not info.flag_bits & 1 and info.compress_type in _COMPRESSIONS


def _bounded(content: bytes, where: str, limit: int) -> bytes:
    if len(content) > limit:
        raise PackRefused(
            f"The file is larger than {limit // _MEBIBYTE} MiB",
            where=where,
            remedy="No Local Command is that long; check what was sent.",
        )
    return content


def _refuse_folder(error: OSError) -> NoReturn:
    raise unreadable(error, Path(error.filename)) from None


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.filename.endswith(("/", "\\")) and info.file_size == 0


def _has_one_top(files: dict[str, bytes]) -> bool:
    """Return whether everything is in one folder."""
    return all("/" in name for name in files) and len({_top(name) for name in files}) == 1


def _top(name: str) -> str:
    return name.partition("/")[0]


def _refuse_name(name: str, pack: Path) -> NoReturn:
    raise LeadsOutside(
        f"The pack names a file outside itself: {name[:80]!r}",
        where=str(pack),
        remedy="Do not use this pack; tell whoever sent it.",
    )
