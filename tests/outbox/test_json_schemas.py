"""The JSON Schemas beside the documentation agree with what the program reads and writes."""

import copy
import json
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, hear, open_store, pack

from hht.duis.job_pack import read_job_pack
from hht.duis.status_update import VARIANTS, Faults, check_status_update, fields_of
from hht.errors import HhtError
from hht.outbox.export import export_outbox
from hht.outbox.json_schemas import json_schemas
from hht.outbox.receipts import write_receipts
from hht.outbox.simulated.xml import acknowledgement

DOCS = Path(__file__).parents[2] / "docs"
NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
EUI = "00-DB-12-34-56-78-90-A2"
GOOD = {
    "entity": EUI,
    "time": "2026-11-26T09:30:00Z",
    "boolean": True,
    "mpxn": "2000000000015",
    "text": "x",
}
WRONG: list[object] = [None, 7, "", [], {}, "neither this nor that", True]

Fields = dict[str, Any]


def validator(name: str) -> Any:
    return Draft202012Validator(json_schemas()[name])


@pytest.mark.parametrize("name", json_schemas())
def test_the_schema_in_the_documentation_is_the_one_of_the_code(name: str) -> None:
    file = DOCS / "schemas" / f"{name}.schema.json"
    assert json.loads(file.read_text("utf-8")) == json_schemas()[name], (
        "run packaging/json_schemas.py"
    )
    Draft202012Validator.check_schema(json_schemas()[name])


def update(variant: str) -> Fields:
    fields = {
        field.name: field.choices[0] if field.choices else GOOD[field.kind]
        for field in fields_of(variant)[1]
    }
    return {"ServiceReferenceVariant": variant, "BusinessOriginatorID": EUI} | fields


def is_taken(given: Fields) -> bool:
    try:
        check_status_update(given, NOW)
    except Faults:
        return False
    return True


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_status_update_is_valid_where_the_program_takes_it_and_nowhere_else(variant: str) -> None:
    schema = validator("status-update")
    whole = update(variant)
    assert is_taken(whole)
    assert schema.is_valid(whole)
    assert not schema.is_valid(whole | {"Colour": "green"})
    for name in whole:
        without = {other: value for other, value in whole.items() if other != name}
        assert schema.is_valid(without) == is_taken(without), f"without {name}"
        for value in WRONG:
            wrong = whole | {name: value}
            assert schema.is_valid(wrong) == is_taken(wrong), f"{name}: {value!r}"


def example() -> Fields:
    """The example of docs/job-pack.md, with an Install Code and no Local Commands."""
    text = (DOCS / "job-pack.md").read_text("utf-8")
    found = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert found
    job = tomllib.loads(found[1].replace('"..."', '""'))
    moment = job["not_after"].isoformat()
    return job | {"not_after": moment, "commands": [], "coverage": "", "keys": ""}


def values(job: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The place of every single value below."""
    inner = (
        job.items() if isinstance(job, dict) else enumerate(job) if isinstance(job, list) else ()
    )
    if path and not isinstance(job, dict | list):
        yield path
    for name, value in inner:
        yield from values(value, (*path, name))


def changed(job: Fields, path: tuple[str | int, ...], value: object) -> Fields:
    twin: Any = copy.deepcopy(job)
    place = twin
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return twin


def is_read(job: Fields, folder: Path) -> bool:
    (folder / "job.json").write_text(json.dumps(job))
    try:
        return not [note for note in read_job_pack(folder).notes if "unknown" in note]
    except HhtError:
        return False


def test_a_job_pack_of_another_kind_is_refused_by_reader_and_schema_alike(tmp_path: Path) -> None:
    schema, job = validator("job-pack"), example()
    assert is_read(job, tmp_path)
    assert schema.is_valid(job)
    assert not is_read(job | {"colour": "green"}, tmp_path)
    assert not schema.is_valid(job | {"colour": "green"})
    others: tuple[object, ...] = (7.5, [], {})
    for path in values(job):
        for value in others:
            wrong = changed(job, path, value)
            assert schema.is_valid(wrong) == is_read(wrong, tmp_path), f"{path}: {value!r}"


def test_the_manifest_of_an_export_is_valid(tmp_path: Path) -> None:
    with open_store(tmp_path / "data") as store:
        job = store.jobs.add(pack(CCS01_COMMAND))
        hear(store, CCS01_RESPONSE, job.id)
        export_outbox(store, tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    validator("manifest").validate(manifest)
    for name in manifest:
        without = {other: value for other, value in manifest.items() if other != name}
        assert not validator("manifest").is_valid(without)


def test_the_manifest_of_an_export_is_valid_where_nothing_was_changed_yet(tmp_path: Path) -> None:
    with open_store(tmp_path / "data") as store:
        export_outbox(store, tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    assert manifest["audit"] == {"entries": 0, "head": ""}
    validator("manifest").validate(manifest)


def test_the_receipts_of_an_office_are_valid(tmp_path: Path) -> None:
    with open_store(tmp_path / "data") as store:
        job = store.jobs.add(pack(CCS01_COMMAND))
        hear(store, CCS01_RESPONSE, job.id)
        row = store.returns.all()[0]
        answer = acknowledgement(row.request_id, "I99", NOW, training=True)
        store.outbox.record_receipt(row.id, "I99", answer, at=NOW)
        assert write_receipts(store, tmp_path / "receipts.json") == 1
    receipts = json.loads((tmp_path / "receipts.json").read_bytes())
    validator("receipts").validate(receipts)
    for name in receipts:
        without = {other: value for other, value in receipts.items() if other != name}
        assert not validator("receipts").is_valid(without)
