"""A unit that lets itself in, as part of an exercise: its package, its memory and its process."""

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from hht.files import private_folder

if TYPE_CHECKING:
    from hht.duis.job_pack import JobPack, PackCommand
    from hht.entity_id import EntityId
    from hht.facility.package.content import UnitCommand, UnitContent
    from hht.facility.unit.display import Display
    from hht.facility.unit.memory import UnitMemory
    from hht.simulator.site.record import Site, SiteDevice

BATCH = "exercise"
_STOP_SECONDS = 5.0  # it writes nothing at its end; one that needs longer has hung


class ExerciseUnit:
    """The unit of a run: its folder, and its process while that runs.

    `pack` is the run's job; `data_dir` has the hub profiles of one's own.
    """

    def __init__(self, data_dir: Path, site: "Site", pack: "JobPack", device: "SiteDevice") -> None:
        self._data_dir = data_dir
        self._site = site
        self._pack = pack
        self.device = device
        self.folder = site.unit_dir
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> Path:
        """Where the unit's USB port is."""
        from hht.facility.unit.port import PORT

        return self.folder / PORT

    @property
    def display(self) -> "Display | None":
        """What the unit shows now."""
        from hht.facility.unit.display import read_display

        return read_display(self.folder)

    @property
    def has_ended(self) -> bool:
        """Whether the process that was started here has ended; a served hub's is elsewhere."""
        return self._process is not None and self._process.poll() is not None

    def prepare(self) -> None:
        """Give the unit its memory and its package, as a facility does; once a run."""
        from hht.facility.unit.memory import unit_file

        private_folder(self.folder)
        path = unit_file(self.folder, self.device.entity_id)
        if not path.exists():
            self._memory().save(path)

    def start(self, **environment: str) -> None:
        """Switch the unit on; it goes on where it was."""
        from hht.simulator.site.record import UNIT_DISPLAY

        self.prepare()
        self.stop()
        (self.folder / UNIT_DISPLAY).unlink(
            missing_ok=True
        )  # what it showed before it was switched off
        with (self.folder / "unit.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "hht.facility.unit.process", self._settings()],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env=os.environ | environment,
            )

    def wait(self, seconds: float) -> int | None:
        """Wait until the process has ended: its exit code; None where it has not by then."""
        assert self._process is not None
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def stop(self) -> None:
        """Take its supply away."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
        self._process = None

    def _settings(self) -> str:
        from hht.facility.unit.process import UnitSettings
        from hht.hub_profile import OWN_FOLDER
        from hht.simulator.process import UNIT_LINES

        site = self._site
        settings = UnitSettings(
            folder=str(self.folder),
            lines=str(site.run_dir / UNIT_LINES),
            profile=site.spec.profile,
            started=site.started.isoformat(),
            speed=site.speed,
            profiles=str(self._data_dir / OWN_FOLDER),
        )
        return msgspec.json.encode(settings).decode()

    def _memory(self) -> "UnitMemory":
        from hht.facility.package.keys import FacilityKey, point_of
        from hht.facility.package.writer import write_package
        from hht.facility.unit.memory import UnitMemory
        from hht.simulator.site.preparation import identity_row

        site, eui = self._site, self.device.entity_id
        facility = FacilityKey.generate()
        agreement, signing = (site.keys.private_key(eui, use) for use in ("ka", "ds"))
        assert agreement is not None
        assert signing is not None
        package = write_package(
            self._content(),
            agreement.public_key(),
            facility,
            batch=BATCH,
            issued=int(site.started.timestamp() * 1000),
        )
        return UnitMemory(
            eui=str(eui),
            agreement_key=agreement.private_numbers().private_value.to_bytes(32, "big"),
            signing_key=signing.private_numbers().private_value.to_bytes(32, "big"),
            signing_certificate=_der(site, eui),
            facilities=[point_of(facility.public)],
            active=package,
            zigbee=identity_row(site, eui, self.device.install_code),
        )

    def _content(self) -> "UnitContent":
        from hht.facility.package.content import FORMAT, UnitContent
        from hht.simulator.site.preparation import identity_row

        site, hht = self._site, self.device.spec.as_hht
        assert hht is not None
        code = self.device.hht_install_code
        return UnitContent(
            format=FORMAT,
            unit=str(self.device.entity_id),
            hht=str(hht),
            hht_install_code=code.hex(),
            chf=str(site.spec.hub.chf),
            gpf=str(site.spec.hub.gpf),
            commands=tuple(self.commands()),
            identity=identity_row(site, hht, code),
        )

    @cached_property
    def messages(self) -> frozenset[bytes]:
        """The bytes of the Local Commands that the unit delivers."""
        return frozenset(each.gbcs for each in self.commands())

    def commands(self) -> "Iterator[UnitCommand]":
        """Yield the job's Local Commands that are about this unit, each after the one before."""
        from hht.facility.package.content import unit_command

        own = [each for each in self._pack.commands if self.is_own(each)]
        for position, each in enumerate(own):
            after = (position - 1,) if position else ()
            yield unit_command(each.local_command, each.title, after)

    def is_own(self, command: "PackCommand") -> bool:
        """Return whether the unit delivers this Command: its CCS01, and both sides of its Joins."""
        from hht.gbcs.device_commands import AddDevice, JoinDevice, device_command

        read, own = device_command(command.local_command.message), self.device.entity_id
        if isinstance(read, AddDevice):
            return read.device == own
        return isinstance(read, JoinDevice) and own in (read.device, read.other)


def unit_of(data_dir: Path, site: "Site", pack: "JobPack") -> ExerciseUnit | None:
    """Make the unit of a run; None where its premises have none."""
    units = [each for each in site.devices if each.spec.as_hht]
    return ExerciseUnit(data_dir, site, pack, units[0]) if units else None


def _der(site: "Site", eui: "EntityId") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    certificate = site.keys.certificate(eui, "ds")
    return certificate.public_bytes(Encoding.DER) if certificate else b""
