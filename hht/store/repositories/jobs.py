"""Jobs: each pack imported once, with its Devices, certificates and Local Commands."""

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hht.duis.job.brief import JobBrief
from hht.duis.job.device import JobDevice
from hht.duis.job.head import PackVisit
from hht.entity_id import EntityId
from hht.store.core import Repository, StoreCore, Transaction, row_of
from hht.store.errors import ForOtherData, StoreDamaged, StoreError
from hht.store.repositories.commands import CommandRepository
from hht.store.rows import JobRow
from hht.store.secrets.fields import JOB_DETAILS, JOB_REFERENCE
from hht.store.sqlite.timestamps import from_text, to_text

if TYPE_CHECKING:
    from hht.duis.job_pack import JobPack


class JobRepository(Repository):
    """The jobs of one database."""

    def __init__(self, core: StoreCore, commands: CommandRepository) -> None:
        super().__init__(core)
        self._commands = commands

    def add(self, pack: "JobPack") -> JobRow:
        """Keep a job pack; the same pack again gives the job that is there, with its states.

        StoreError when the pack is for another mode than this database, PackRefused when what it
        holds has the training mark.
        """
        mode = self._core.mode
        if pack.mode not in (None, mode.value):
            raise ForOtherData(
                f"The job pack is for {pack.mode} and this is {mode}",
                where=pack.reference,
                remedy=f"Open it in {pack.mode} mode.",
            )
        pack.check_mode(mode.value, pack.reference)
        content = _content(pack)
        with self._core.transaction() as change:
            row = change.execute("SELECT id FROM jobs WHERE content = ?", (content,)).fetchone()
            job_id = int(row[0]) if row else self._insert(change, pack, content)
        return self.get(job_id)

    def find(self, pack: "JobPack") -> JobRow | None:
        """Return the job that was made of this pack; None where it is not kept here."""
        rows = self._core.rows("SELECT id FROM jobs WHERE content = ?", (_content(pack),))
        return self.get(int(rows[0]["id"])) if rows else None

    def amend(
        self,
        job_id: int,
        *,
        hub_chf: EntityId | None = None,
        hub_gpf: EntityId | None = None,
        device: JobDevice | None = None,
        left_out: Iterable[tuple[str, str, str]] = (),
    ) -> JobRow:
        """Add to a job what was scanned on site; what it knows already is not changed.

        A Device that it knows without an Install Code gets the one that is scanned later.

        `left_out` are Devices that get no firmware image (JobBrief): with what is known of them.
        """
        place, details = self._details_of(job_id)
        for name, entity in (("hub_chf", hub_chf), ("hub_gpf", hub_gpf)):
            details[name] = details[name] or (str(entity) if entity else None)
        if device is not None:
            details["devices"] = _with_device(details["devices"], device)
        brief = details.get("brief") or JobBrief().to_json()
        kept = [*map(tuple, brief.get("left_out", ())), *left_out]
        details["brief"] = brief | {"left_out": list(dict.fromkeys(kept))}
        return self._keep_details(job_id, place, details, "job amended")

    def set_profile(self, job_id: int, profile: str) -> JobRow:
        """Have a job done with another hub profile, by its name or the path of its file."""
        place, details = self._details_of(job_id)
        details["profile"] = profile
        return self._keep_details(job_id, place, details, "job has another profile")

    def _details_of(self, job_id: int) -> tuple[str, dict[str, Any]]:
        """Return what is known of a job beside its Commands, and the place that it is sealed
        for."""
        self.get(job_id)  # refuses a number that no job has
        row = self._core.rows("SELECT content, details FROM jobs WHERE id = ?", (job_id,))[0]
        place = JOB_DETAILS.place(row["content"].hex())
        return place, json.loads(self._core.unseal(place, row["details"]))

    def _keep_details(self, job_id: int, place: str, details: dict[str, Any], note: str) -> JobRow:
        with self._core.transaction() as change:
            sealed = self._core.seal(place, json.dumps(details).encode())
            change.execute("UPDATE jobs SET details = ? WHERE id = ?", (sealed, job_id))
            change.note(note, f"job {job_id}")
        return self.get(job_id)

    def numbers(self) -> tuple[int, ...]:
        """Return the number of every job, newest first; of one that is damaged, too."""
        return tuple(row["id"] for row in self._core.rows("SELECT id FROM jobs ORDER BY id DESC"))

    def all(self) -> tuple[JobRow, ...]:
        """Return every job whose record is whole, newest first: a damaged one hides no other."""
        found = []
        for row in self._core.rows("SELECT * FROM jobs ORDER BY id DESC"):
            with suppress(StoreDamaged):
                found.append(self._job_row(row))
        return tuple(found)

    @property
    def are_there(self) -> bool:
        """Whether there is any job."""
        return bool(self._core.value("SELECT EXISTS(SELECT 1 FROM jobs)"))

    def get(self, job_id: int) -> JobRow:
        """Return one job; StoreError when there is none of that number."""
        rows = self._core.rows("SELECT * FROM jobs WHERE id = ?", (job_id,))
        if not rows:
            raise StoreError(
                f"There is no job {job_id}",
                where=str(self._core.database.path),
                remedy="'hht jobs list' shows those there are.",
            )
        return self._job_row(rows[0])

    def certificates(self, job_id: int) -> dict[str, bytes]:
        """Return the PEM files that came with the job, by name."""
        rows = self._core.rows("SELECT * FROM certificates WHERE job_id = ?", (job_id,))
        return {row["name"]: row["pem"] for row in rows}

    def _insert(self, change: Transaction, pack: "JobPack", content: bytes) -> int:
        details = self._core.seal(JOB_DETAILS.place(content.hex()), _details(pack))
        reference = self._core.seal(JOB_REFERENCE.place(content.hex()), pack.reference.encode())
        cursor = change.execute(
            "INSERT INTO jobs (reference, content, details, imported_at) VALUES (?, ?, ?, ?)",
            (reference, content, details, to_text(self._core.clock.now())),
        )
        job_id = int(cursor.lastrowid or 0)
        self._commands.add_all(change, job_id, pack.commands)
        self._core.database.tables.table("certificates").insert_all(
            {"job_id": job_id, "name": name, "pem": pem} for name, pem in pack.certificates
        )
        change.note("job imported", f"job {job_id}, content {content.hex()}")
        return job_id

    @row_of("job")
    def _job_row(self, row: dict[str, Any]) -> JobRow:
        place = JOB_DETAILS.place(row["content"].hex())
        details = json.loads(self._core.unseal(place, row["details"]))
        return JobRow(
            id=row["id"],
            reference=self._core.unseal_text(
                JOB_REFERENCE.place(row["content"].hex()), row["reference"]
            ),
            title=details["title"],
            premises=details["premises"],
            hub_gpf=_entity_id(details["hub_gpf"]),
            hub_chf=_entity_id(details["hub_chf"]),
            profile=details["profile"],
            devices=tuple(map(_device, details["devices"])),
            imported_at=from_text(row["imported_at"]),
            visit=_visit(details.get("visit")),
            brief=JobBrief.from_json(details["brief"]) if "brief" in details else JobBrief(),
        )


def _content(pack: "JobPack") -> bytes:
    """Return what makes a pack the same pack: its reference, its RequestIDs and its Commands'
    bytes."""
    digest = hashlib.sha256(json.dumps([pack.mode, pack.reference]).encode())
    for command in pack.commands:
        local = command.local_command
        digest.update(f"{local.request_id}\0{len(local.raw)}\0".encode() + local.raw)
    return digest.digest()


def _details(pack: "JobPack") -> bytes:
    return json.dumps(
        {
            "title": pack.title,
            "premises": pack.premises,
            "hub_gpf": str(pack.hub_gpf) if pack.hub_gpf else None,
            "hub_chf": str(pack.hub_chf) if pack.hub_chf else None,
            "profile": pack.profile,
            "devices": [_device_details(item) for item in pack.devices],
            "visit": _visit_details(pack.visit),
            "brief": pack.brief.to_json(),
        }
    ).encode()


def _device_details(device: JobDevice) -> list[str | bool | None]:
    code = device.install_code.hex() if device.install_code is not None else None
    named = [device.type, str(device.entity_id), device.label]
    return [*named, code, device.band, device.joined]


def _with_device(devices: list[list[Any]], device: JobDevice) -> list[list[Any]]:
    known = next((each for each in devices if each[1] == str(device.entity_id)), None)
    if known is None:
        return [*devices, _device_details(device)]
    kept = _device(known)
    filled = replace(kept, install_code=kept.install_code or device.install_code)
    return [_device_details(filled) if each is known else each for each in devices]


def _device(details: list[Any]) -> JobDevice:
    """Read a Device; one that was kept before packs said more has three fields."""
    kind, entity, label, *more = details
    code, band, joined = more or (None, "", False)
    given = bytes.fromhex(code) if code is not None else None
    return JobDevice(kind, EntityId.parse(entity), label, given, band, joined)


def _visit_details(visit: PackVisit | None) -> dict[str, Any] | None:
    if visit is None:
        return None
    originator = str(visit.originator) if visit.originator else None
    return {"answers": dict(visit.answers), "originator": originator}


def _visit(details: dict[str, Any] | None) -> PackVisit | None:
    if details is None:
        return None
    return PackVisit(details["answers"], _entity_id(details["originator"]))


def _entity_id(text: str | None) -> EntityId | None:
    return EntityId.parse(text) if text else None
