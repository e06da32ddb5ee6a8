"""A manifest checked as a whole: every row with every fault it has, in the order of its columns.

The file is read twice and the repeated values are found by sorting, so that memory holds some
bytes a row and never the rows.
"""

import hashlib
import os
import re
import secrets
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from hht.duis.pack_files import LeadsOutside, PackRefused
from hht.entity_id import EntityId
from hht.facility.findings import Finding, shown
from hht.facility.manifest import Manifest, Row
from hht.facility.manifest_columns import COLUMNS, REQUIRED
from hht.facility.unit_commands import Unit, check_unit, commands_in
from hht.files import plain_octets, read_plain
from hht.gbcs.certificates import UNREADABLE, agrees_keys
from hht.mpxn import check_digits_fit, mpxn_kind
from hht.session.identity import IdentityUnusable, load_identity
from hht.zse import install_code as install_codes

_IDENTITIES = ("eui", "hht_eui", "chf", "gpf")
_CODES = ("install_code", "hht_install_code")
_EIGHT_BYTES = "Q"
_BLANK = (bytes(8), b"\xff" * 8)
"""Memory that was never written, and the ZigBee identifier of no node."""
_ABSOLUTE = re.compile(r"[A-Za-z]:|[/\\]")
"""How an absolute path begins: it leads elsewhere as soon as the manifest is moved."""
InOpenBatch = Callable[[EntityId], str | None]
"""The name of the open batch that has this unit already."""


def check_manifest(
    manifest: Manifest, in_open_batch: InOpenBatch = lambda eui: None
) -> Iterator[Finding]:
    """Check every row; nothing is kept, and no Install Code is in any finding."""
    checker = Checker(manifest, in_open_batch)
    for row in manifest.rows():
        yield from checker.check(row)


class _Values:
    """The values of a column, known by keyed hashes of 8 bytes."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)
        self._hashes = array(_EIGHT_BYTES)

    def add(self, value: bytes) -> None:
        self._hashes.append(self._hash(value))

    def settle(self) -> None:
        """Sort them: they are asked for from here on."""
        self._hashes = array(_EIGHT_BYTES, sorted(self._hashes))

    def count(self, value: bytes, most: int = 2) -> int:
        """Count how often the value is there, up to `most`."""
        wanted = self._hash(value)
        at = bisect_left(self._hashes, wanted)
        return sum(each == wanted for each in self._hashes[at : at + most])

    def _hash(self, value: bytes) -> int:
        digest = hashlib.blake2b(value, key=self._key, digest_size=8).digest()
        return int.from_bytes(digest, "big")


class Checker:
    """What is known of the whole manifest while its rows are checked one by one."""

    def __init__(self, manifest: Manifest, in_open_batch: InOpenBatch) -> None:
        self._folder = os.path.dirname(os.path.realpath(manifest.path))
        self._in_open_batch = in_open_batch
        self._units, self._identities = _Values(), _Values()
        self._codes, self._folders = _Values(), _Values()
        for row in manifest.rows():
            if not row.problem:
                self._note(row.cells)
        for values in (self._units, self._identities, self._codes, self._folders):
            values.settle()

    def check(self, row: Row) -> Iterator[Finding]:
        """Find every fault of one row, in the order of the columns."""
        eui = _entity(row.cells.get("eui", ""))
        name = str(eui) if eui else None
        if row.problem:
            yield Finding(row.number, name, "bad-row", row.problem)
            return
        for column in COLUMNS:
            if column in row.wrong:
                yield Finding(row.number, name, "bad-row", f"the value of {column} is no text")
                continue
            for code, what in self._column(column, row.cells):
                yield Finding(row.number, name, code, what)

    def _note(self, cells: Mapping[str, str]) -> None:
        eui, hht_eui = _entity(cells.get("eui", "")), _entity(cells.get("hht_eui", ""))
        if eui:
            self._units.add(eui)
        for each in {eui, hht_eui} - {None}:
            self._identities.add(bytes(each or b""))
        for column in _CODES:
            if code := _code(cells.get(column, "")):
                self._codes.add(code)
        if folder := cells.get("commands"):
            self._folders.add(os.fsencode(self._path(folder)))

    def _column(self, column: str, cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        text = cells.get(column, "")
        if not text:
            if column in REQUIRED:
                yield "bad-row", f"{column} is empty"
            elif column == "certificate":
                yield "no-certificate", "the row names no certificate"
            return
        if column in _IDENTITIES:
            yield from self._identity(column, text, cells)
        elif column in _CODES:
            yield from self._install_code(column, text)
        elif column == "commands":
            yield from self._commands(text, cells)
        elif column == "certificate":
            yield from self._certificate(text, cells)
        elif column == "hht_identity":
            yield from self._half_identity(text, cells)
        elif column == "mpxn" and not (mpxn_kind(text) and check_digits_fit(text)):
            yield "mpxn-check", "mpxn is no MPAN or MPRN whose check digit fits"

    def _identity(
        self, column: str, text: str, cells: Mapping[str, str]
    ) -> Iterator[tuple[str, str]]:
        entity = _entity(text)
        if entity is None:
            yield "bad-identity", f"{column} is no Entity Identifier"
            return
        if column in ("chf", "gpf"):
            yield from self._hub_clash(column, entity, cells)
        elif column == "eui":
            if self._units.count(entity) > 1:
                yield "duplicate-unit", f"{entity} has more than one row"
            elif self._identities.count(entity) > 1 and entity != _entity(cells.get("hht_eui", "")):
                yield "identity-clash", f"{entity} is another row's hht_eui"
            if batch := self._in_open_batch(entity):
                yield "in-open-batch", f"{entity} is in the open batch {batch}"
        elif column == "hht_eui":
            yield from self._hht_identity(entity, cells)

    def _hub_clash(
        self, column: str, entity: EntityId, cells: Mapping[str, str]
    ) -> Iterator[tuple[str, str]]:
        """Find a CHF or GPF that is a unit, an HHT half or the other part of the hub."""
        others = ("eui", "hht_eui") if column == "chf" else ("eui", "hht_eui", "chf")
        own = [other for other in others if entity == _entity(cells.get(other, ""))]
        for other in own:
            yield "identity-clash", f"{column} {entity} is the row's {other} too"
        if not own and self._identities.count(entity):
            yield "identity-clash", f"{column} {entity} is the eui or hht_eui of another row"

    def _hht_identity(
        self, entity: EntityId, cells: Mapping[str, str]
    ) -> Iterator[tuple[str, str]]:
        if entity == _entity(cells.get("eui", "")):
            yield "identity-clash", f"hht_eui {entity} is the unit's own eui"
        elif self._identities.count(entity) > 1:
            yield "identity-clash", f"hht_eui {entity} stands in another row too"

    def _install_code(self, column: str, text: str) -> Iterator[tuple[str, str]]:
        try:
            code = install_codes.parse(text).code
        except install_codes.InstallCodeError as error:
            yield "bad-install-code", f"{column}: {error.what}"
            return
        if self._codes.count(code) > 1:
            yield "install-code-reused", f"{column} stands in more than one place"

    def _commands(self, text: str, cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        path = self._path(text)
        missing = list(self._file("commands", text))
        yield from missing
        if self._folders.count(os.fsencode(path)) > 1:
            yield "shared-commands", f"another row has {shown(text)} too"
        if missing:
            return
        try:
            found = list(commands_in(Path(path)))
        except PackRefused as error:
            yield _pack_fault(text, error)
            return
        yield from (each for _, each in found if isinstance(each, tuple))
        eui = _entity(cells.get("eui", ""))
        if eui is not None:
            commands = [each for _, each in found if not isinstance(each, tuple)]
            yield from check_unit(self._unit(eui, cells), commands)

    def _unit(self, eui: EntityId, cells: Mapping[str, str]) -> Unit:
        certificate = self._path(cells["certificate"]) if cells.get("certificate") else None
        return Unit(
            eui,
            chf=_entity(cells.get("chf", "")),
            gpf=_entity(cells.get("gpf", "")),
            install_code=_code(cells.get("install_code", "")),
            certificate=_der(certificate) if certificate else None,
        )

    def _certificate(self, text: str, cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        missing = list(self._file("certificate", text))
        yield from missing
        if missing:
            return
        owner, eui = _certified(self._path(text)), _entity(cells.get("eui", ""))
        if owner is None:
            yield "wrong-certificate", f"{shown(text)} is no certificate of a Device"
        elif eui is not None and owner != eui:
            yield "wrong-certificate", f"{shown(text)} is the certificate of {owner}"
        elif not agrees_keys(_der(self._path(text)) or b""):
            yield "wrong-certificate", f"{shown(text)} is no Key Agreement certificate over P-256"

    def _half_identity(self, text: str, cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Check that the file is an identity, and that of the row's HHT half."""
        missing = list(self._file("hht_identity", text))
        yield from missing
        if missing:
            return
        try:
            owner = load_identity(Path(self._path(text))).entity_id
        except IdentityUnusable:
            yield "bad-identity", f"hht_identity: {shown(text)} is no identity of an HHT"
            return
        half = _entity(cells.get("hht_eui", ""))
        if half is not None and owner != half:
            yield "identity-clash", f"hht_identity: {shown(text)} is the identity of {owner}"

    def _file(self, column: str, text: str) -> Iterator[tuple[str, str]]:
        path = self._path(text)
        if not _is_inside(path, self._folder) or _ABSOLUTE.match(text):
            what = f"{column}: {shown(text)} is no path from the manifest's folder to a part of it"
            yield "outside-path", what
        elif not os.path.exists(path):
            yield "missing-file", f"{column}: {shown(text)} is not there"

    def _path(self, text: str) -> str:
        """Follow a path from the manifest's folder; a text, for a Path a row costs much more.

        What no file can be called (a zero byte, half a character) is a name that is not there.
        """
        name = text.encode(errors="replace").decode().replace("\0", "?").replace("\\", "/")
        return os.path.realpath(os.path.join(self._folder, name))


def _is_inside(path: str, folder: str) -> bool:
    return os.path.commonpath((path, folder)) == folder


def _pack_fault(text: str, error: PackRefused) -> tuple[str, str]:
    code = "outside-path" if isinstance(error, LeadsOutside) else "unreadable-command"
    return code, f"commands: {shown(text)}: {shown(error.what)}"


def _entity(text: str) -> EntityId | None:
    try:
        entity = EntityId.parse(text)
    except ValueError:
        return None
    return None if bytes(entity) in _BLANK else entity


def _code(text: str) -> bytes | None:
    try:
        return install_codes.parse(text).code
    except install_codes.InstallCodeError:
        return None


def _der(path: str) -> bytes | None:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        return x509.load_pem_x509_certificate(plain_octets(read_plain(path))).public_bytes(
            Encoding.DER
        )
    except (OSError, *UNREADABLE):
        return None


def _certified(path: str) -> EntityId | None:
    """Return the Device that a certificate names; None where it names none."""
    from hht.gbcs.certificates import device_of

    der = _der(path)
    return device_of(der) if der else None
