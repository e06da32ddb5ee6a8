"""Find the parts of an identity in a folder, each file by what it holds and not by its name."""

from collections.abc import Callable, Mapping
from pathlib import Path

from hht.errors import InputError
from hht.files import read_plain, unfit
from hht.journeys.identity.parts import PartFiles, octets
from hht.zse import install_code
from hht.zse.cbke.ecqv import SUITE_2

LARGEST = 1024
"""Bytes of a file that is looked into: a certificate in hexadecimal has a fifth of that."""


def find_parts(folder: Path) -> PartFiles:
    """Return the four files; InputError where a part is missing or two files could be it.

    Of suite 2 alone: GBCS has no other for an HHT.
    """
    held = _small_files(folder)

    def only(what: str, fits: Callable[[bytes], bool]) -> Path:
        return _only(held, folder, what, fits)

    return PartFiles(
        only("certificate", _has(SUITE_2.certificate_length)),
        only("private key or the issuer's share of it", _has(SUITE_2.private_length)),
        only("issuer's public key", _has(SUITE_2.curve.point_length)),
        only("Install Code", _is_code),
    )


def has_parts(folder: Path) -> bool:
    """Return whether the folder has each part once."""
    try:
        find_parts(folder)
    except InputError:
        return False
    return True


def _small_files(folder: Path) -> Mapping[Path, bytes]:
    try:
        files = [path for path in sorted(folder.iterdir()) if path.is_file()]
        return {path: octets(read_plain(path)) for path in files if path.stat().st_size <= LARGEST}
    except OSError as error:
        raise unfit(folder, f"The folder can't be read ({error.strerror})") from None


def _only(
    held: Mapping[Path, bytes], folder: Path, what: str, fits: Callable[[bytes], bool]
) -> Path:
    found = [path for path, content in held.items() if fits(content)]
    if len(found) == 1:
        return found[0]
    names = " and ".join(path.name for path in found[:2])
    raise InputError(
        f"{names} could each be the {what}" if found else f"No file here holds the {what}",
        where=str(folder),
        remedy="Put the four files that the issuer gave into a folder of their own.",
    )


def _has(length: int) -> Callable[[bytes], bool]:
    return lambda content: len(content) == length


def _is_code(content: bytes) -> bool:
    try:
        install_code.parse(content)
    except install_code.InstallCodeError:
        return False
    return True
