"""The HHT's own credentials: its CBKE identity and its Install Code, from hht-identity.json."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.files import decode_text, read_plain
from hht.zse import install_code
from hht.zse.cbke.ecqv import SUITES
from hht.zse.cbke.exchange import CbkeIdentity


class IdentityUnusable(HhtError):
    """The HHT's identity file is missing, or is not one."""

    code = "HHT-05"


@dataclass(frozen=True, slots=True)
class HhtIdentity:
    """The HHT's credentials; `install_code` is without its CRC."""

    cbke: CbkeIdentity
    install_code: bytes = field(repr=False)

    @property
    def entity_id(self) -> EntityId:
        """Return the HHT's Entity Identifier, which is its dongle's EUI-64."""
        return self.cbke.entity_id


def load_identity(path: Path) -> HhtIdentity:
    """Read the file (hex fields entity_id, certificate, private_key, ca_public_key,
    install_code, and suite); IdentityUnusable without any of what it holds."""
    try:
        content = read_plain(path)
    except FileNotFoundError:
        raise _unusable(str(path), "is not there") from None
    except OSError as error:
        raise _unusable(str(path), f"cannot be read: {error.strerror}") from None
    return parse_identity(content, str(path))


def parse_identity(content: bytes, where: str) -> HhtIdentity:
    """Read the same fields from wherever they are kept; IdentityUnusable unless whole."""
    try:
        return _identity(json.loads(decode_text(content)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, HhtError):
        # The cause may quote a key or the Install Code: it goes no further.
        raise _unusable(where, "is not whole") from None


def _identity(fields: Mapping[str, str | int]) -> HhtIdentity:
    suite = int(fields["suite"])
    if suite not in SUITES:
        raise ValueError("no such suite")
    cbke = CbkeIdentity(
        EntityId.parse(str(fields["entity_id"])),
        _hex(fields, "certificate"),
        _hex(fields, "private_key"),
        _hex(fields, "ca_public_key"),
        suite,
    )
    return HhtIdentity(cbke, install_code.parse(_hex(fields, "install_code")).code)


def _hex(fields: Mapping[str, str | int], name: str) -> bytes:
    return bytes.fromhex(str(fields[name]))


def _unusable(where: str, what: str) -> IdentityUnusable:
    return IdentityUnusable(
        f"The HHT's identity file {what}",
        where=where,
        remedy="Import the issuer's files: M, Identity… in the app, or 'hht identity import'.",
    )
