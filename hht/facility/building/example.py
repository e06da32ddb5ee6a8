"""Makes a facility to practise with: manifest, certificates, Local Commands and simulated units.

The Local Commands are composed by the training head-end for one hub and its ESME, so they are
sound in every byte; certificates and codes are random and marked as training.
"""

import base64
import csv
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from hht.duis.request_id import RequestId
from hht.entity_id import EntityId
from hht.errors import InputError
from hht.facility.building.parallel import in_parallel
from hht.facility.manifest_columns import OPTIONAL, REQUIRED
from hht.facility.unit.faults import FAULTS, FOREIGN, spoil
from hht.facility.unit.memory import UnitMemory, unit_file
from hht.files import private_folder
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.keystore import PemFolder
from hht.simulator.head_end.compose import compose_request
from hht.simulator.head_end.compose.inventory import Inventory
from hht.simulator.head_end.compose.service_request import ServiceRequest
from hht.simulator.head_end.job import local_command_response
from hht.simulator.head_end.job_phrases import JOIN_SECONDS
from hht.simulator.pki.remote_parties import PARTIES
from hht.simulator.pki.smki import TrainingPki
from hht.zse.install_code import InstallCode

CHF, GPF, ESME = (EntityId.parse(f"00-DB-00-00-00-00-F0-0{n}") for n in (1, 2, 3))
MANIFEST = "manifest.csv"
UNITS, KEYS, COMMANDS = "units", "keys", "commands"
_COLUMNS = (*REQUIRED, *OPTIONAL)
_SUPPLIER = PARTIES[Role.SUPPLIER]
_CODE_BYTES = 16  # the longest Install Code of ZigBee, without its CRC
_FIRST_OF_MAKER = bytes.fromhex("00DB0000")
_HHT_HALF = 0x80000000
"""Is added to a unit's number for the identity of its HHT half."""


@dataclass(frozen=True)
class Example:
    """An example in its folder; `facilities` are the public points that the units know."""

    folder: Path
    facilities: Sequence[bytes]
    now: datetime
    with_faults: bool = False

    def write(
        self,
        units: int,
        workers: int | None = None,
        progress: Callable[[int], None] = lambda done: None,
    ) -> Path:
        """Write so many units and return the manifest; InputError where the folder is not empty."""
        if self.folder.exists() and any(self.folder.iterdir()):
            raise InputError(
                "The folder is not empty", where=str(self.folder), remedy="Name a new one."
            )
        for name in (UNITS, KEYS, COMMANDS):
            private_folder(self.folder / name)
        self._certify_site()
        _ = self._pki, self._keys  # before the workers begin, so that they share them
        manifest, done = self.folder / MANIFEST, 0
        with manifest.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, _COLUMNS, restval="")
            writer.writeheader()
            for rows in in_parallel(self._unit, range(1, units + 1), workers):
                writer.writerows(row for row in rows if row)
                done += len(rows)
                progress(done)
        return manifest

    def _certify_site(self) -> None:
        pki = TrainingPki.load_or_create(self.folder / KEYS)
        for device, label in ((CHF, "CHF"), (GPF, "GPF"), (ESME, "ESME")):
            pki.certify_device(device, label)

    def _unit(self, number: int) -> dict[str, str]:
        """Write one unit; an empty row for one that is in no manifest."""
        eui, hht = _identity(number), _identity(number + _HHT_HALF)
        code, hht_code = (InstallCode(secrets.token_bytes(_CODE_BYTES)) for _ in range(2))
        self._pki.certify_device(eui, f"PPMID {number}")
        folder = f"{COMMANDS}/{eui.hex()}"
        self._write_commands(self.folder / folder, eui, code.code, number)
        memory = self._memory(eui)
        fault = self._fault(number)
        if fault:
            spoil(memory, fault)
        memory.save(unit_file(self.folder / UNITS, eui))
        if fault == FOREIGN:
            return {}
        return {
            "eui": str(eui),
            "install_code": code.with_crc.hex().upper(),
            "hht_eui": str(hht),
            "hht_install_code": hht_code.with_crc.hex().upper(),
            "chf": str(CHF),
            "gpf": str(GPF),
            "commands": folder,
            "certificate": f"{KEYS}/{eui.hex()}-ka.pem",
            "serial": f"T{number:08d}",
        }

    def _fault(self, number: int) -> str:
        """Give every second unit a fault, one after another: the sound ones show that all go on."""
        if not self.with_faults or number % 2:
            return ""
        names = list(FAULTS)
        return names[(number // 2 - 1) % len(names)]

    def _memory(self, eui: EntityId) -> UnitMemory:
        keys = self._keys
        agreement, signing = keys.private_key(eui, "ka"), keys.private_key(eui, "ds")
        certificate = (self.folder / KEYS / f"{eui.hex()}-ds.pem").read_text()
        assert agreement is not None
        assert signing is not None
        return UnitMemory(
            eui=str(eui),
            agreement_key=agreement.private_numbers().private_value.to_bytes(32, "big"),
            signing_key=signing.private_numbers().private_value.to_bytes(32, "big"),
            signing_certificate=_der(certificate),
            facilities=list(self.facilities),
        )

    def _write_commands(self, folder: Path, eui: EntityId, code: bytes, number: int) -> None:
        folder.mkdir()
        types = {CHF: DeviceType.CHF, ESME: DeviceType.ESME, eui: DeviceType.PPMID}
        inventory = Inventory(types=types)
        first = int(self.now.timestamp() * 1000) + number * 10
        for position, (target, variant, name, body) in enumerate(_requests(eui, code)):
            request_id = RequestId(_SUPPLIER, target, first + position)
            request = ServiceRequest.build(request_id, variant, name, body)
            raw = compose_request(request, self._keys, inventory, self.now)
            reference = ".".join(variant.split(".")[:2])
            xml = local_command_response(request_id, reference, variant, raw, self.now)
            (folder / f"{position + 1}.xml").write_bytes(xml)

    @cached_property
    def _pki(self) -> TrainingPki:
        return TrainingPki(self.folder / KEYS)

    @cached_property
    def _keys(self) -> PemFolder:
        keys = PemFolder(self.folder / KEYS)
        _ = keys.access_control_broker  # is looked up among all files: now, while they are few
        return keys


def _requests(eui: EntityId, code: bytes) -> list[tuple[EntityId, str, str, dict[str, str]]]:
    """Return what lets a unit in: its CCS01, and both sides of its Join with the ESME."""
    add = {
        "DeviceID": str(eui),
        "RequestType": "Add",
        "AddDeviceToCHFWhitelist/JoinTimePeriod": str(JOIN_SECONDS),
        "AddDeviceToCHFWhitelist/InstallCode": code.hex().upper(),
    }
    return [
        (CHF, "8.11", "UpdateHANDeviceLog", add),
        (ESME, "8.7.1", "JoinServiceCritical", {"OtherDeviceID": str(eui)}),
        (eui, "8.7.2", "JoinServiceNonCritical", {"OtherDeviceID": str(ESME)}),
    ]


def _identity(number: int) -> EntityId:
    return EntityId(_FIRST_OF_MAKER + number.to_bytes(4, "big"))


def _der(pem: str) -> bytes:
    return base64.b64decode("".join(pem.strip().splitlines()[1:-1]))
