"""Jobs and their Local Commands: imported once, and never sent again once answered."""

import hashlib
import json
from typing import TYPE_CHECKING, Any

from hht.entity_id import EntityId
from hht.gbcs.correlation import key_of_command
from hht.store.errors import StoreError
from hht.store.repositories.base import StorePart
from hht.store.rows import CommandRow, CommandState, JobDevice, JobRow
from hht.store.secrets.fields import COMMAND_RAW, JOB_DETAILS
from hht.store.sqlite.timestamps import from_text, now, to_text
from hht.store.states import check_transition

if TYPE_CHECKING:
    import sqlite3

    from hht.duis.job_pack import JobPack, PackCommand


class JobTable(StorePart):
    """The jobs of one database."""

    def add_job(self, pack: "JobPack") -> JobRow:
        """Keep a job pack; the same pack again gives the job that is there, with its states.

        StoreError when the pack is for another mode than this database.
        """
        if pack.mode not in (None, self.mode.value):
            raise StoreError(
                f"The job pack is for {pack.mode} and this is {self.mode}",
                where=pack.reference,
                remedy=f"Open it in {pack.mode} mode.",
            )
        content = _content(pack)
        with self.database.transaction() as connection:
            found = connection.execute("SELECT id FROM jobs WHERE content = ?", (content,))
            row = found.fetchone()
            job_id = int(row[0]) if row else self._insert(connection, pack, content)
        return self.job(job_id)

    def jobs(self) -> tuple[JobRow, ...]:
        """Every job, newest first."""
        rows = self.database.rows("SELECT * FROM jobs ORDER BY id DESC")
        return tuple(self._job_row(row) for row in rows)

    def job(self, job_id: int) -> JobRow:
        """One job; StoreError when there is none of that number."""
        rows = self.database.rows("SELECT * FROM jobs WHERE id = ?", (job_id,))
        if not rows:
            raise StoreError(
                f"There is no job {job_id}",
                where=str(self.database.path),
                remedy="'hht jobs list' shows those there are.",
            )
        return self._job_row(rows[0])

    def commands(self, job_id: int) -> tuple[CommandRow, ...]:
        """The job's Local Commands in their order."""
        rows = self.database.rows(
            "SELECT * FROM commands WHERE job_id = ? ORDER BY position", (job_id,)
        )
        return tuple(self._command_row(row) for row in rows)

    def command_states(self, job_id: int) -> tuple[CommandState, ...]:
        """Where the job's Local Commands stand, in their order, without reading their bytes."""
        rows = self.database.rows(
            "SELECT state FROM commands WHERE job_id = ? ORDER BY position", (job_id,)
        )
        return tuple(CommandState(row["state"]) for row in rows)

    def command(self, command_id: int) -> CommandRow:
        """One Local Command; StoreError when there is none of that number."""
        rows = self.database.rows("SELECT * FROM commands WHERE id = ?", (command_id,))
        if not rows:
            raise StoreError(f"There is no Local Command {command_id}")
        return self._command_row(rows[0])

    def certificates(self, job_id: int) -> dict[str, bytes]:
        """The PEM files that came with the job, by name."""
        rows = self.database.rows("SELECT * FROM certificates WHERE job_id = ?", (job_id,))
        return {row["name"]: row["pem"] for row in rows}

    def set_command_state(self, command_id: int, state: CommandState, reason: str = "") -> None:
        """Move a Local Command on; StateRefused when the table in hht.store.states says no.

        To `sending` also needs room on the disk for what may come back: StoreFull without it.
        """
        if state is CommandState.SENDING:
            self.space.check_delivery()
        with self.database.transaction() as connection:
            row = connection.execute(
                "SELECT state, title FROM commands WHERE id = ?", (command_id,)
            ).fetchone()
            if row is None:
                raise StoreError(f"There is no Local Command {command_id}")
            check_transition(CommandState(row[0]), state, row[1])
            connection.execute(
                "UPDATE commands SET state = ?, reason = ?, tries = tries + ? WHERE id = ?",
                (state, reason, int(state is CommandState.SENDING), command_id),
            )
            self.note(connection, f"command {state}", f"command {command_id}")

    def _insert(self, connection: "sqlite3.Connection", pack: "JobPack", content: bytes) -> int:
        details = self.fields.seal(JOB_DETAILS.place(content.hex()), _details(pack))
        cursor = connection.execute(
            "INSERT INTO jobs (reference, content, details, imported_at) VALUES (?, ?, ?, ?)",
            (pack.reference, content, details, to_text(now())),
        )
        job_id = int(cursor.lastrowid or 0)
        tables = self.database.tables
        tables.table("commands").insert_all(
            self._command_fields(job_id, position, command)
            for position, command in enumerate(pack.commands)
        )
        tables.table("certificates").insert_all(
            {"job_id": job_id, "name": name, "pem": pem} for name, pem in pack.certificates
        )
        self.note(connection, "job imported", f"job {job_id}, content {content.hex()}")
        return job_id

    def _command_fields(self, job_id: int, position: int, command: "PackCommand") -> dict[str, Any]:
        local = command.local_command
        key = key_of_command(local.message)
        return {
            "job_id": job_id,
            "position": position,
            "title": command.title,
            "request_id": str(local.request_id),
            "service_reference": local.service_reference,
            "service_reference_variant": local.service_reference_variant,
            "device": bytes(key.device),
            "party": bytes(key.party),
            "counter": key.counter.to_bytes(8, "big"),
            "message_code": key.message_code,
            "raw": self.fields.seal(COMMAND_RAW.place(f"{job_id}.{position}"), local.raw),
            "after": json.dumps(command.after),
        }

    def _job_row(self, row: dict[str, Any]) -> JobRow:
        place = JOB_DETAILS.place(row["content"].hex())
        details = json.loads(self.fields.open(place, row["details"]))
        return JobRow(
            id=row["id"],
            reference=row["reference"],
            title=details["title"],
            premises=details["premises"],
            hub_gpf=_entity_id(details["hub_gpf"]),
            hub_chf=_entity_id(details["hub_chf"]),
            profile=details["profile"],
            devices=tuple(
                JobDevice(kind, EntityId.parse(text), label)
                for kind, text, label in details["devices"]
            ),
            imported_at=from_text(row["imported_at"]),
        )

    def _command_row(self, row: dict[str, Any]) -> CommandRow:
        place = COMMAND_RAW.place(f"{row['job_id']}.{row['position']}")
        return CommandRow(
            id=row["id"],
            job_id=row["job_id"],
            position=row["position"],
            title=row["title"],
            request_id=row["request_id"],
            service_reference=row["service_reference"],
            service_reference_variant=row["service_reference_variant"],
            device=EntityId(row["device"]),
            message_code=row["message_code"],
            raw=self.fields.open(place, row["raw"]),
            state=CommandState(row["state"]),
            after=tuple(json.loads(row["after"])),
            tries=row["tries"],
            reason=row["reason"],
        )


def _content(pack: "JobPack") -> bytes:
    """What makes a pack the same pack: its reference, its RequestIDs and its Commands' bytes."""
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
            "devices": [(item.type, str(item.entity_id), item.label) for item in pack.devices],
        }
    ).encode()


def _entity_id(text: str | None) -> EntityId | None:
    return EntityId.parse(text) if text else None
