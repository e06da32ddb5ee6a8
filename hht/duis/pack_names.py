"""The names of files in a pack: what each promises, and whether it leads outside."""

import unicodedata
from pathlib import PurePosixPath

JOB_FILE = "job.json"
JOB_FILES = (JOB_FILE, "job.toml")
_KINDS = (".json", ".toml", ".xml", ".hex", ".pem", ".eml")
_LEFT_BEHIND = (".ds_store", "thumbs.db", "desktop.ini")
_MAC = "__MACOSX"  # where macOS keeps its own notes in a ZIP


def inside(name: str) -> str:
    """Return a name with `/` between its parts: Windows writes `\\`, into ZIPs too."""
    return PurePosixPath(name.replace("\\", "/")).as_posix()


def is_job_file(name: str) -> bool:
    """Return whether the last part is job.json or job.toml in any letters."""
    return as_windows_has_it(PurePosixPath(name).name) in JOB_FILES


def is_json(name: str) -> bool:
    """Return whether the last part may be that of a JSON file, job.json.txt and `job` too."""
    plain = unicodedata.normalize("NFKC", PurePosixPath(name).name).casefold()
    return "json" in plain or (plain.partition(".")[0] == "job" and not plain.endswith(_KINDS))


def as_windows_has_it(name: str) -> str:
    """Return the name in small letters, without spaces and dots at the ends: Windows drops them."""
    parts = unicodedata.normalize("NFKC", name).casefold().split("/")
    return "/".join(part.rstrip(" .") for part in parts)


def is_wanted(name: str) -> bool:
    """Return whether a pack may need what is in it: a description, a Command or a certificate."""
    plain = PurePosixPath(name).name
    if is_left_behind(name):
        return is_json(name)  # a job description may not hide there
    return is_json(name) or (plain.lower().endswith(_KINDS) and not plain.startswith((".", "__")))


def is_left_behind(name: str) -> bool:
    """Return whether an operating system put it there: macOS's notes, folder views of Windows."""
    plain = PurePosixPath(name).name.casefold()
    return name.startswith(f"{_MAC}/") or plain.startswith("._") or plain in _LEFT_BEHIND


def leads_outside(name: str) -> bool:
    """Return whether it is a path up, from the root, or on a drive of Windows."""
    return ".." in PurePosixPath(name).parts or name.startswith("/") or name[1:2] == ":"
