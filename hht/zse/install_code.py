"""Install Codes: the secret on a Device's label from which its first link key is made."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from hht.errors import HhtError
from hht.zse import aes_mmo

CODE_LENGTHS = (6, 8, 12, 16)
"""Bytes, without the CRC (ZigBee Smart Energy, section 5.4.8.1.1)."""
_CRC = 2  # octets of a CRC-16
_POLYNOMIAL = 0x8408  # CRC-16/X-25, reflected


class InstallCodeError(HhtError):
    """An Install Code that cannot be right; its line never holds the code."""

    code = "HHT-06"


@dataclass(frozen=True)
class InstallCode:
    """An Install Code of 6, 8, 12 or 16 bytes, without its check bytes.

    `with_crc` appends CRC-16/X-25, low byte first; `link_key` is AES-MMO over that
    (ZigBee Smart Energy, section 5.4.8.1.1).
    """

    code: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.code) not in CODE_LENGTHS:
            raise InstallCodeError(
                f"an Install Code has 6, 8, 12 or 16 bytes, this has {len(self.code)}",
                remedy="Check the label.",
            )

    @property
    def with_crc(self) -> bytes:
        return self.code + crc(self.code)

    @cached_property
    def link_key(self) -> bytes:
        return aes_mmo.digest(self.with_crc)


def parse(source: str | bytes, *, with_crc: bool | None = None) -> InstallCode:
    """Read an Install Code as bytes or as hex with any of space, dash, colon between.

    `with_crc` says whether the check bytes are there; None infers it from the length (8 bytes
    are a 6-byte code with its check bytes when those fit). InstallCodeError when the length
    is none of a code's or the check bytes do not fit.
    """
    raw = source if isinstance(source, bytes) else _from_text(source)
    if with_crc is None:
        with_crc = len(raw) not in CODE_LENGTHS or (len(raw) == 8 and _crc_fits(raw))
    if not with_crc:
        return InstallCode(raw)
    code = InstallCode(raw[:-_CRC])
    if not _crc_fits(raw):
        raise InstallCodeError(
            "the Install Code's check bytes do not fit", remedy="Scan or type the label again."
        )
    return code


def crc(code: bytes) -> bytes:
    """Compute CRC-16/X-25 of the code, low byte first."""
    value = 0xFFFF
    for byte in code:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (_POLYNOMIAL if value & 1 else 0)
    return (value ^ 0xFFFF).to_bytes(2, "little")


def _crc_fits(raw: bytes) -> bool:
    return crc(raw[:-_CRC]) == raw[-_CRC:]


def _from_text(text: str) -> bytes:
    digits = re.sub(r"[-:\s]", "", text)
    if len(digits) % 2 or not re.fullmatch("[0-9A-Fa-f]*", digits):
        raise InstallCodeError(
            "an Install Code is written in pairs of hex digits", remedy="Check the label."
        )
    return bytes.fromhex(digits)
