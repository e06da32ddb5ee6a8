"""Makes one unit's package from its row of the manifest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from hht.duis.local_command import LocalCommand
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.facility.batches.records import NewUnit
from hht.facility.manifest import Row
from hht.facility.package.content import FORMAT, UnitContent, unit_command
from hht.facility.package.keys import FacilityKey
from hht.facility.package.writer import write_package
from hht.facility.unit_commands import commands_in
from hht.files import plain_octets, read_plain
from hht.gbcs.device_commands import AddDevice, JoinDevice, device_command
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.use_cases import use_case
from hht.zse import install_code

NO_CERTIFICATE = "no-certificate"


@dataclass(frozen=True)
class Packer:
    """The maker of one batch's packages; `folder` is the manifest's."""

    folder: Path
    facility: FacilityKey
    batch: str
    issued: int
    mode: str
    not_after: int = 0

    def pack(self, row: Row) -> NewUnit:
        """Make the unit's package; a unit without a certificate is held."""
        cells = row.cells
        eui = str(EntityId.parse(cells["eui"]))
        if not cells.get("certificate"):
            return NewUnit(eui, reason=NO_CERTIFICATE)
        certificate, key = _certificate(self._path(cells["certificate"]))
        package = write_package(
            self._content(cells),
            key,
            self.facility,
            batch=self.batch,
            issued=self.issued,
            not_after=self.not_after,
        )
        return NewUnit(eui, sha256(package).hexdigest(), certificate, package)

    def _content(self, cells: Mapping[str, str]) -> UnitContent:
        gpf = cells.get("gpf", "")
        commands = _commands(self._path(cells["commands"]))
        self._check_mode(commands, cells["commands"])
        return UnitContent(
            format=FORMAT,
            unit=str(EntityId.parse(cells["eui"])),
            hht=str(EntityId.parse(cells["hht_eui"])),
            hht_install_code=install_code.parse(cells["hht_install_code"]).code.hex(),
            chf=str(EntityId.parse(cells["chf"])),
            gpf=str(EntityId.parse(gpf)) if gpf else "",
            mode=self.mode,
            commands=tuple(
                unit_command(command, use_case(command.message.message_code).title, after)
                for command, after in zip(commands, _waits(commands), strict=True)
            ),
            identity=self._identity(cells.get("hht_identity", "")),
        )

    def _check_mode(self, commands: Sequence[LocalCommand], where: str) -> None:
        """Keep training data out of a live batch, and live Commands out of a training one."""
        training = any(command.is_training for command in commands)
        if training is not (self.mode == "training"):
            raise HhtError(
                f"The unit's Local Commands {'have' if training else 'lack'} the training mark"
                f" in a {self.mode} batch",
                where=where,
                remedy="Build training units in a batch of their own.",
            )

    def _identity(self, name: str) -> dict[str, Any]:
        if not name:
            return {}
        path = self._path(name)
        try:
            identity: dict[str, Any] = msgspec.json.decode(read_plain(path), type=dict[str, Any])
        except (OSError, msgspec.MsgspecError):
            # The cause may quote a key: it goes no further.
            raise HhtError("The HHT half's identity can't be read", where=str(path)) from None
        return identity

    def _path(self, text: str) -> Path:
        return self.folder / text.replace("\\", "/")


def mode_of(folder: Path, row: Row) -> str:
    """Say what a batch is for, by its first unit: training where its Commands have the mark."""
    commands = _commands(folder / row.cells["commands"].replace("\\", "/"))
    return "training" if any(command.is_training for command in commands) else "live"


def _commands(path: Path) -> list[LocalCommand]:
    return [each for _, each in commands_in(path) if isinstance(each, LocalCommand)]


def _waits(commands: Sequence[LocalCommand]) -> list[tuple[int, ...]]:
    """Say for each Command which earlier ones must have succeeded.

    Joins wait for the CCS01; of the two sides of a Join the later one waits for the earlier.
    """
    said = [_said(command) for command in commands]
    added = [position for position, each in enumerate(said) if isinstance(each, AddDevice)]
    waits = []
    for position, each in enumerate(said):
        earlier = [other for other in added if other < position]
        if isinstance(each, JoinDevice):
            pair = (each.other, each.device)
            earlier += [
                other
                for other, before in enumerate(said[:position])
                if isinstance(before, JoinDevice) and (before.device, before.other) == pair
            ]
        waits.append(tuple(sorted(earlier)) if isinstance(each, JoinDevice) else ())
    return waits


def _said(command: LocalCommand) -> AddDevice | JoinDevice | None:
    try:
        said = device_command(command.message)
    except MalformedMessage:
        return None
    return said if isinstance(said, AddDevice | JoinDevice) else None


def _certificate(path: Path) -> tuple[bytes, Any]:
    """Read a P-256 certificate: DER and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    from hht.facility.wire.proofs import signing_key_of
    from hht.gbcs.certificates import UNREADABLE

    try:
        der = x509.load_pem_x509_certificate(plain_octets(read_plain(path))).public_bytes(
            Encoding.DER
        )
        key = signing_key_of(der)
    except (OSError, *UNREADABLE):
        key = None
    if key is None:
        raise HhtError(
            "The certificate is none for a P-256 key",
            where=str(path),
            remedy="Ask the maker for the unit's Key Agreement certificate.",
        )
    return der, key
