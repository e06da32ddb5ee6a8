"""Builds a batch: the whole manifest is checked, then every unit's package is made and booked."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.facility.batches.book_keeping import (
    AddUnits,
    DiscardBatch,
    InOpenBatch,
    OpenBatch,
    SetBatchState,
)
from hht.facility.batches.loaded_before import LoadedBefore
from hht.facility.batches.records import BatchRow, BatchState
from hht.facility.batches.store import BatchStore, BooksAway
from hht.facility.building.packing import Packer, mode_of
from hht.facility.building.parallel import in_parallel
from hht.facility.findings import Finding
from hht.facility.manifest import Manifest, Row
from hht.facility.manifest_check import Checker
from hht.facility.package.keys import FacilityKey
from hht.files import open_plain

Progress = Callable[[str, int], None]
"""Is called with what is done ("checked", "built") and how many rows are."""


class ManifestRefused(HhtError):
    """A manifest with errors: nothing of it is taken."""

    code = "FAC-05"


@dataclass(frozen=True, slots=True)
class Built:
    """A batch that is ready, and how many of its units were new, and are held.

    `loaded_before` counts those that other batches loaded: a unit that carries a package refuses
    another.
    """

    batch: BatchRow
    units: int
    added: int
    held: int
    loaded_before: Mapping[str, int]


class Builder:
    """The building of batches with one facility's key into one set of books."""

    def __init__(
        self,
        books: BatchStore,
        facility: FacilityKey,
        *,
        workers: int | None = None,
        progress: Progress = lambda done, rows: None,
        found: Callable[[Finding], None] = lambda finding: None,
    ) -> None:
        self._books = books
        self._facility = facility
        self._workers = workers
        self._progress = progress
        self._found = found

    def build(
        self,
        manifest: Manifest,
        now: datetime,
        not_after: datetime | None = None,
        into: BatchRow | None = None,
    ) -> Built:
        """Check and build; ManifestRefused where a row has an error.

        Built again, the same manifest continues its open batch: what is missing is made, and what
        was made before comes out the same.
        """
        digest = into.manifest_sha256 if into else _digest(manifest.path)
        self._check(manifest, digest)
        row = into or self._open(manifest, digest, now)
        last = int(not_after.timestamp()) if not_after else 0
        facility, folder = self._facility, manifest.path.resolve().parent
        packer = Packer(folder, facility, row.id, row.opened, row.mode, last)
        with self._discarding(row):
            units, added, held = self._fill(row, packer, manifest)
        before = self._books.do(LoadedBefore(row.id))
        return Built(row, units, added, held, before)

    def _fill(self, row: BatchRow, packer: Packer, manifest: Manifest) -> tuple[int, int, int]:
        """Make and book every package: how many units there are, are new, are held."""
        units = added = held = 0
        for made in in_parallel(packer.pack, manifest.rows(), self._workers):
            units, held = units + len(made), held + sum(not unit.package for unit in made)
            added += self._books.do(AddUnits(row.id, made))
            self._progress("built", units)
        if row.state is BatchState.BUILDING:
            self._books.do(SetBatchState(row.id, BatchState.OPEN))
        return units, added, held

    @contextlib.contextmanager
    def _discarding(self, row: BatchRow) -> Iterator[None]:
        """Discard a batch that was never ready where a unit's package can't be made.

        What was only interrupted, also by books that are away, stays, to be continued.
        """
        try:
            yield
        except BooksAway:
            raise
        except HhtError as error:
            if row.state is BatchState.BUILDING:
                self._books.do(DiscardBatch(row.id, error.what))
            raise

    def _check(self, manifest: Manifest, digest: str) -> None:
        errors = rows = 0
        checker = Checker(manifest, lambda eui: None)
        for found in in_parallel(_Check(checker), manifest.rows(), self._workers):
            rows += len(found)
            for finding in self._with_books(found, digest):
                errors += finding.severity == "error"
                self._found(finding)
            self._progress("checked", rows)
        if errors:
            raise ManifestRefused(
                f"The manifest has {errors} error{'s' * (errors > 1)}; no batch was opened",
                where=str(manifest.path),
                remedy="Correct them all, then build again.",
            )

    def _with_books(self, rows: list[tuple[Row, list[Finding]]], digest: str) -> Iterator[Finding]:
        """Add to the findings of some rows what only the books know."""
        euis = {row.number: eui for row, _ in rows if (eui := _eui(row))}
        batches = self._books.do(InOpenBatch([str(each) for each in euis.values()], digest))
        for row, findings in rows:
            yield from findings
            name = str(euis.get(row.number, ""))
            if batch := batches.get(name):
                what = f"{name} is in the open batch {batch}"
                yield Finding(row.number, name, "in-open-batch", what)

    def _open(self, manifest: Manifest, digest: str, now: datetime) -> BatchRow:
        first = next(manifest.rows())
        mode = mode_of(manifest.path.resolve().parent, first)
        return self._books.do(
            OpenBatch(
                f"{now:%Y%m%d-%H%M}-{digest[:6]}",
                digest,
                manifest.path.name,
                self._facility.key_id.hex(),
                mode,
            )
        )


@dataclass(frozen=True)
class _Check:
    """The check of one row, in any process."""

    checker: Checker

    def __call__(self, row: Row) -> tuple[Row, list[Finding]]:
        return row, list(self.checker.check(row))


def _digest(path: Path) -> str:
    with open_plain(path) as file:
        return file_digest(file, "sha256").hexdigest()


def _eui(row: Row) -> EntityId | None:
    try:
        return EntityId.parse(row.cells.get("eui", ""))
    except ValueError:
        return None
